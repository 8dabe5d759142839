"""The figures of an evaluation as lines of text: in words for a terminal, and name by name for `make accuracy`."""

from collections.abc import Iterator

from oms_app.evaluation.sameness import Json
from oms_app.evaluation.wording import field_word, percent, seconds
from oms_core.values.counting import counted

_VERDICTS = ("right", "wrong", "missing", "made_up")
FIELD_HEADS = ("field", "precision", "recall", "right", "wrong", "missing", "made up")
"""What stands over the columns of `field_rows`."""


def field_rows(result: Json) -> Iterator[tuple[str, ...]]:
    """Yield a row for each field for people: its name, precision, recall and counts."""
    for name, field in result["fields"].items():
        counts = (f"{field[verdict]:,}" for verdict in _VERDICTS)
        yield field_word(name), percent(field["precision"]), percent(field["recall"]), *counts


def figure_rows(result: Json) -> Iterator[tuple[str, str]]:
    """Yield the figures of the whole for people, each with its name; what there was nothing of is left out."""
    documents, perfect = result["documents"], result["documents_perfect"]
    yield "Documents all right", f"{perfect:,} of {documents:,}{_share(perfect, documents)}"
    yield "Lines", f"F1 {percent(result['line_f1'])} ({_both(result, 'line')})"
    yield "Header values", f"F1 {percent(result['header_f1'])}"
    yield "Single values", _both(result, "field")
    yield from _confidence_rows(result)
    if result["unreadable"]:
        yield "Damaged files", f"{result['unreadable_reported']:,} of {result['unreadable']:,} reported as such"
    if result["not_orders"]:
        yield "Files without an order", f"{result['not_orders']:,}, {result['false_orders']:,} made into an order"
    if result["extra_documents"]:
        yield (
            "Made up",
            counted(result["extra_documents"], "document that is not there", "documents that are not there"),
        )
    if result["unanswered_files"]:
        yield "Not read", counted(result["unanswered_files"], "file")
    yield "Time to read", seconds(result["seconds"])


def _confidence_rows(result: Json) -> Iterator[tuple[str, str]]:
    for bar, found in result["touchless_at"].items():
        taken, wrong = found["touchless"], found["wrong"]
        yield f"Confidence {bar} and above", f"{counted(taken, 'document')}, {wrong:,} of them wrong"
    first = result["touchless_before_first_error"]
    yield "By falling confidence", f"{counted(first, 'document')} before the first that is wrong"
    known, unknown = result["values_with_confidence"], result["values_without_confidence"]
    error, skill = result["calibration_error"], result["brier_skill"]
    told = [f"{counted(known, 'value')} with one", f"{unknown:,} without"]
    told += [] if error is None else [f"calibration error {error:.3f}"]
    told += [] if skill is None else [f"Brier skill {skill:.3f}"]
    yield "Confidence of values", ", ".join(told)


def _both(result: Json, what: str) -> str:
    return f"precision {percent(result[f'{what}_precision'])}, recall {percent(result[f'{what}_recall'])}"


def _share(part: int, whole: int) -> str:
    return f" ({percent(part / whole)})" if whole else ""


def field_lines(result: Json) -> Iterator[str]:
    """Yield a line for each field for `make accuracy`: precision, recall and counts."""
    for name, field in result["fields"].items():
        counts = "  ".join(f"{verdict.replace('_', ' ')} {field[verdict]:4}" for verdict in _VERDICTS)
        yield f"{name:16} precision {field['precision']:.3f}  recall {field['recall']:.3f}  {counts}"


def figure_lines(result: Json) -> Iterator[str]:
    """Yield a line for each figure of the whole for `make accuracy`, under the names that its JSON has."""
    for name, value in result.items():
        if name != "fields":
            yield f"{name:32} {value}"
