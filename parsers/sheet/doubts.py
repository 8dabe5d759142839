"""Sentences about what is odd in a whole table."""

from collections.abc import Sequence

from oms_core.values.finding import Finding, Severity

MAX_ROWS_SHOWN = 50
"""Rows that one sentence names."""


def progress() -> Finding:
    """Say that a table also tells what became of the order."""
    message = "The table also says what was shipped, confirmed or invoiced: maybe it reports on an old order."
    return Finding("table.progress", Severity.REVIEW, "lines", message)


def formula_text(name: str, rows: Sequence[int]) -> str:
    """Say in which rows a formula was saved without its value."""
    shown = ", ".join(map(str, rows[:MAX_ROWS_SHOWN]))
    return (
        f"The sheet holds a formula without its value for the {name.replace('_', ' ')} in these rows: {shown}."
        " Open it in the spreadsheet program, save it and read it again, or type the values in."
    )
