"""HTML mail as text: blocks become lines, rows of data tables become tab-separated lines, quotes get `> `."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_HTML_CHARACTERS = 4_000_000
"""Longer HTML is cut before it is parsed."""

MAX_NESTING = 200
"""Elements nested deeper than this are left out (libxml2 itself stops at 256)."""

MAX_SPAN = 50
"""The most columns that one cell is taken to span."""

_LEFT_OUT = frozenset({"script", "style", "head", "title", "meta", "link", "noscript", "template", "svg", "object"})
_BLOCKS = frozenset(
    {"p", "div", "tr", "table", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "blockquote", "pre"}
    | {"section", "article", "header", "footer", "address", "dl", "dt", "dd", "center", "form", "fieldset"}
    | {"tbody", "thead", "tfoot"}
)
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "blockquote", "hr"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD])
_LONG_CELL = 300


def text_of(markup: str) -> str:
    """Return what a reader sees of an HTML mail, as lines of text."""
    root = _parse(markup)
    if root is None:
        return ""
    writer = _Writer()
    writer.walk(root, 0)
    return writer.text()


def has_data_table(markup: str) -> bool:
    """Say whether there is a table of at least two rows and two columns that holds data, not layout."""
    root = _parse(markup)
    return root is not None and any(_is_data(table) for table in root.iter("table"))


def _parse(markup: str) -> "HtmlElement | None":
    from lxml import etree, html

    cut = re.sub(r"^\s*<\?xml[^>]*\?>", "", markup[:MAX_HTML_CHARACTERS]).replace("\0", "")
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        return html.document_fromstring(cut, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def _rows(table: "HtmlElement") -> "list[list[HtmlElement]]":
    found = [row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table]
    return [[cell for cell in row if cell.tag in {"td", "th"}] for row in found]


def _is_data(table: "HtmlElement") -> bool:
    """Tell a table of data from one that only places things on the page."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    rows = [[cell for cell in row if _cell_text(cell)] for row in _rows(table)]
    wide = [row for row in rows if len(row) > 1]
    longest = max((len(_cell_text(cell)) for row in wide for cell in row), default=0)
    stacked = any(len(list(cell.iter("br", "p", "div", "li"))) > 3 for row in wide for cell in row)  # noqa: PLR2004
    return len(wide) > 1 and longest <= _LONG_CELL and not stacked


def _cell_text(cell: "HtmlElement") -> str:
    pieces: list[str] = []
    for element in cell.iter():
        if _left_out(element):
            continue
        if element.tag in _BLOCKS or element.tag == "br":
            pieces.append(" ")
        pieces.append(element.text or "")
        if element is not cell:
            pieces.append(_after(element))
    return _SPACES.sub(" ", "".join(pieces).translate(_INVISIBLE).replace("\xa0", " ")).strip()


def _after(element: "HtmlElement") -> str:
    return (" " if element.tag in _BLOCKS else "") + (element.tail or "")


def _left_out(element: "HtmlElement") -> bool:
    return (
        not isinstance(element.tag, str)
        or element.tag in _LEFT_OUT
        or _HIDDEN.search(element.get("style") or "") is not None
        or element.get("hidden") is not None
    )


def _span(cell: "HtmlElement") -> int:
    value = (cell.get("colspan") or "1").strip()
    return min(int(value), MAX_SPAN) if value.isascii() and value.isdigit() else 1


def _is_quote(element: "HtmlElement") -> bool:
    marks = f"{element.get('class') or ''} {element.get('type') or ''}".lower().split()
    return element.tag == "blockquote" and bool({"cite", "gmail_quote", "yahoo_quoted"} & set(marks))


def _table_lines(table: "HtmlElement") -> Iterator[str]:
    """Yield the rows of a data table; cells that span columns or rows leave the places they cover empty."""
    held: dict[int, int] = {}
    for row in _rows(table):
        cells: list[str] = []
        for cell in row:
            while held.get(len(cells), 0) > 0:
                held[len(cells)] -= 1
                cells.append("")
            down = (cell.get("rowspan") or "1").strip()
            if down.isascii() and down.isdigit() and 1 < int(down) <= MAX_SPAN:
                held[len(cells)] = int(down) - 1
            span = _span(cell)
            right = span > 1 and (cell.get("align") or "").lower() == "right"
            text = _cell_text(cell)
            cells += [""] * (span - 1) + [text] if right else [text] + [""] * (span - 1)
        yield "\t".join(cells).rstrip("\t ")


class _Writer:
    """Collects lines while walking the tree."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._quotes = 0

    def text(self) -> str:
        """Return the text, at most one empty line between two lines."""
        self._break()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip("\n") + "\n"

    def walk(self, element: "HtmlElement", depth: int) -> None:
        """Write an element and what is in it."""
        if depth > MAX_NESTING or _left_out(element):
            return
        tag = str(element.tag)
        if tag in _BLOCKS:
            self._break(gap=tag in _PARAGRAPHS)
        quote = _is_quote(element)
        self._quotes += quote
        if tag == "table" and _is_data(element):
            for line in _table_lines(element):
                self._put_line(line)
        else:
            self._inside(element, tag, depth)
        self._quotes -= quote
        if tag in _BLOCKS:
            self._break(gap=tag in _PARAGRAPHS)

    def _inside(self, element: "HtmlElement", tag: str, depth: int) -> None:
        if tag == "br":
            self._break()
        elif tag == "li":
            self._line.append("- ")
        elif tag == "hr":
            self._put_line("________________________________")
        self._write(element.text, keep=tag == "pre")
        for child in element:
            self.walk(child, depth + 1)
            self._write(child.tail, keep=tag == "pre")
        if tag in {"td", "th"}:
            self._break()

    def _write(self, text: str | None, *, keep: bool) -> None:
        if not text:
            return
        clean = text.translate(_INVISIBLE).replace("\xa0", " ")
        if not keep:
            self._line.append(_SPACES.sub(" ", clean))
            return
        first, *rest = clean.replace("\r", "").split("\n")
        self._line.append(first)
        for line in rest:
            self._break()
            self._line.append(line)

    def _put_line(self, line: str) -> None:
        self._lines.append("> " * self._quotes + line)

    def _break(self, *, gap: bool = False) -> None:
        line = re.sub(r" {2,}", " ", "".join(self._line)).strip()
        self._line = []
        if line:
            self._put_line(line)
        if gap and self._lines and self._lines[-1].strip("> "):
            self._put_line("")
