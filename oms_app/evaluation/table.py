"""The figures as lines of plain text, the same for `ordermill evaluate` and `make accuracy`."""

from collections.abc import Iterator

from oms_app.evaluation.sameness import Json

_VERDICTS = ("right", "wrong", "missing", "made_up")


def field_lines(result: Json) -> Iterator[str]:
    """Yield a line for each field: precision, recall and counts."""
    for name, field in result["fields"].items():
        counts = "  ".join(f"{verdict.replace('_', ' ')} {field[verdict]:4}" for verdict in _VERDICTS)
        yield f"{name:16} precision {field['precision']:.3f}  recall {field['recall']:.3f}  {counts}"


def figure_lines(result: Json) -> Iterator[str]:
    """Yield a line for each figure of the whole."""
    for name, value in result.items():
        if name != "fields":
            yield f"{name:32} {value}"
