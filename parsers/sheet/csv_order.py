"""Tables in text form to orders: character set, delimiter or fixed width, and header row are found by themselves."""

import csv
import io
from collections import Counter
from collections.abc import Iterator

from oms_core.errors import UnreadableDocument
from oms_core.values.document import Blob, Claim, Head, Hints, Strength
from oms_core.values.draft import DraftDocument
from oms_core.values.finding import Finding, Severity
from oms_core.values.layout import Layout
from parsers.sheet.columns import field_of
from parsers.sheet.fixed import fixed_rows
from parsers.sheet.grid import Grid, Row
from parsers.sheet.table import read_tables
from parsers.sheet.text import decode_text

FORMAT = "csv"
DELIMITERS = ";,\t|"
MAX_COLUMNS = 1_000
"""A row with more columns is no table row."""
MAX_CELL_CHARS = 100_000

_SAMPLE_ROWS = 60
_SAMPLE_CHARS = 64 * 1024
_LEAST_EVEN = 0.5
_TYPES = frozenset({"text/csv", "text/tab-separated-values", "application/csv", "text/comma-separated-values"})
_OTHERS = (
    b"ISA",
    b"UNA",
    b"UNB",
    b"UNH",
    b"<",
    b"%PDF",
    b"PK\x03\x04",
    b"{",
    b"\xd0\xcf\x11\xe0",
    b"From ",
    b"Received:",
)
_MOST_OF_LINE = 10_000
_PAGES = {
    "cp1252": "Windows-1252 (western Europe)",
    "cp1250": "Windows-1250 (central Europe)",
    "cp1254": "Windows-1254 (Turkish)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "cp1253": "Windows-1253 (Greek)",
}


class CsvParser:
    """Reads CSV, also with semicolons, tabs or bars, and fixed width, from any spreadsheet program or system."""

    name = FORMAT

    def identify(self, head: Head) -> Claim | None:
        """Claim by name or type; without either, a text whose rows divide evenly is possible."""
        if head.data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_OTHERS) or not _is_text(head.data):
            return None
        media = (head.media_type or "").partition(";")[0].strip().lower()
        if head.filename.lower().endswith((".csv", ".tsv")) or media in _TYPES:
            return Claim(FORMAT, Strength.POSSIBLE, 0.9)
        text, _ = decode_text(head.data)
        delimiter, evenness = find_delimiter(text)
        # Commas stand in every sentence; only a file that says it is CSV is read by them.
        if (evenness < _LEAST_EVEN or delimiter == ",") and not fixed_rows(text):
            return None
        return Claim(FORMAT, Strength.POSSIBLE, 0.45)

    def read(self, blob: Blob, hints: Hints) -> Iterator[DraftDocument | Finding | Layout]:
        """Read the orders of one file. Raises `UnreadableDocument` for what is no table or passes a limit."""
        with blob.open() as handle:
            data = handle.read(hints.limits.bytes + 1)
        if len(data) > hints.limits.bytes:
            raise UnreadableDocument(
                "too_large", f"The file is larger than {hints.limits.bytes:,} bytes; it was not read."
            )
        text, page = decode_text(data)
        if page is not None:
            yield Finding(
                "csv.charset",
                Severity.NOTE,
                "",
                f"The file is not in UTF-8; it was read as {_PAGES.get(page, page)}. Check names with accents.",
            )
        yield from read_tables([Grid(_rows(text, hints.limits.rows))], hints, FORMAT)


def find_delimiter(text: str) -> tuple[str, float]:
    """Return the delimiter that shows most known headers, then most even rows, and how even they are (0 to 1)."""
    sample = text[:_SAMPLE_CHARS]
    ranked = [(*_rank(sample, delimiter), delimiter) for delimiter in DELIMITERS]
    _, evenness, _, delimiter = max(ranked, key=lambda row: row[:3])
    return delimiter, evenness


def _rank(sample: str, delimiter: str) -> tuple[int, float, int]:
    """Judge one delimiter: known headers in the best row, share of rows with the usual width, that width."""
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            if any(cell.strip() for cell in row):
                rows.append(row)
            if len(rows) == _SAMPLE_ROWS:
                break
    except csv.Error:
        return 0, 0.0, 0
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 0, 0.0, 0
    width, count = widths.most_common(1)[0]
    known = max(sum(field_of(cell) is not None for cell in row) for row in rows if len(row) > 1)
    return known, count / len(rows), width


def _rows(text: str, limit: int) -> tuple[Row, ...]:
    """Cut a text into rows: by the delimiter that its first line `sep=;` or its cells show, else in fixed width."""
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == len("sep=;"):
        return tuple(_delimited(rest, first.strip()[-1], limit, skipped=1))
    delimiter, evenness = find_delimiter(text)
    fixed = fixed_rows(text[: limit * _MOST_OF_LINE]) if evenness < _LEAST_EVEN or delimiter == "," else ()
    if fixed and len(fixed) <= limit and not _heads(text, delimiter):
        return fixed
    return tuple(_delimited(text, delimiter, limit, skipped=0))


def _heads(text: str, delimiter: str) -> bool:
    """Whether any line, cut by the delimiter, is a header of an order table."""
    lines = text[:_SAMPLE_CHARS].splitlines()
    return any(sum(field_of(cell) is not None for cell in line.split(delimiter)) > 1 for line in lines)


def _delimited(text: str, delimiter: str, limit: int, skipped: int) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for number, cells in enumerate(reader, start=1 + skipped):
            if number > limit:
                raise UnreadableDocument(
                    "too_large", f"The file has more than {limit:,} rows; it was not read.", f"row {number}"
                )
            if len(cells) > MAX_COLUMNS or any(len(cell) > MAX_CELL_CHARS for cell in cells):
                raise _no_table(number, "has more columns or a longer cell than a table has")
            if any(cell.strip() for cell in cells) and not _is_comment(cells):
                yield Row(number, tuple(cells))
    except csv.Error as error:
        raise _no_table(reader.line_num, f"cannot be cut into cells ({error})") from None


def _is_comment(cells: list[str]) -> bool:
    """Whether a row is a comment of the system that wrote the file: a mark and a text in its one filled cell."""
    return cells[0].startswith(("# ", "//", "--- ")) and not any(cell.strip() for cell in cells[1:])


def _no_table(number: int, what: str) -> UnreadableDocument:
    return UnreadableDocument(
        "broken_table", f"Row {number} of the file {what}. Save it again as CSV from the spreadsheet.", f"row {number}"
    )


def _is_text(data: bytes) -> bool:
    """Whether the bytes are text: no zero bytes, unless they are UTF-16."""
    return (
        b"\x00" not in data or data.startswith((b"\xff\xfe", b"\xfe\xff")) or data[:400].count(0) * 3 > len(data[:400])
    )


__all__ = ["DELIMITERS", "FORMAT", "MAX_CELL_CHARS", "MAX_COLUMNS", "CsvParser", "find_delimiter"]
