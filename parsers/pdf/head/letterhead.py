"""Blocks without a label: the letterhead, the small return line above an address, the addressee, the footer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from oms_core.values.draft import DraftParty
from parsers.pdf.head import lines as pdf_head_lines
from parsers.pdf.head.blocks import Columns
from parsers.pdf.head.marks import Mark
from parsers.pdf.head.shapes import is_company, is_place, reaches, squash
from parsers.pdf.head.values import dates_in
from parsers.pdf.layout import Cell, Row
from parsers.words import labels

MAX_BLOCKS = 60
"""Blocks looked at on a page."""

_LONG_LINE, _LONGEST_LINE, _LEAST_LETTERS, _LEAST_SENTENCE = 9, 21, 3, 4
"""Words of a line that is no name unless it has an address, words of one that never is; its letters; a sentence's."""

_TOPMOST, _TOPMOST_TO, _UPPER, _UPPER_TO = 0.9, 110.0, 0.5, 200.0
"""What it is worth to stand at the top of the page, and how many points down it reaches."""

_TOP = 330.0
_FOOT = 640.0
_STRONG = 2.4
_LEAST = 1.3
_LONGEST_RETURN = 140
_LEAST_TOP = 120.0
_TWICE = 1.5
"""What it is worth that the name of a block stands in another one too."""

_FOOTER, _FOOTER_TOP = 0.5, 720.0
"""What it is worth to stand with an address at the foot of the page, from how many points down."""

_FIRST, _NOTHING = 0.6, 1.0
"""What it is worth to stand above all others that weigh something: who writes is named first."""

_WINDOW = 2.5
"""What it costs to stand where the addressee of a letter stands."""

_WINDOW_HIGH = 45.0
_WINDOW_ASIDE = 30.0
"""So far below the sender's line, and so far aside of it, in points, the address window begins (DIN 5008)."""

_LEAST_SAME = 6
"""Letters of a name that another one must begin or end with to be the same."""

_MAIL_HOST = re.compile(r"(?:@|www\.|https?://(?:www\.)?)([\w\-]{3,})\.[\w.\-]+", re.IGNORECASE)
_FREE = frozenset(
    {"gmail", "hotmail", "outlook", "yahoo", "gmx", "web", "aol", "icloud", "mail", "live", "info", "example"}
)
_BANKED = re.compile(r"\b(?:IBAN|BIC|SWIFT)\b")
_BANK = re.compile(r"^[^\u00b7|]*(?:bank|banque|banco|banca|pankki|kasse)", re.IGNORECASE)
_SEPARATED = re.compile(r"[|\u00b7\u2022\u2219]|\s[-\u2013\u2014*]\s")
_CODED = re.compile(r"(?=(?:\D*\d){3})[A-Z]{1,5}[-/][\dA-Z/.\-]+")
"""A number of a document: 'INV-2213', 'HBP/7719'."""

_NUMBERED = re.compile(r"[^\W\d_][^:]{0,28}:\s*[\dxX*./\-]*\d")
"""Some words and their number: 'DEPT : 410220', 'Card #: XXXX3173'."""

_LEAST_STRIP = 3


@dataclass(frozen=True, slots=True)
class Unlabelled:
    """A block that no label names: its lines, how much speaks for a company's letterhead, and whom it is told to be.

    `addressed` says that the page shows it to be whom the letter goes to: it stands in the window under the small
    sender's line, or opens as an address does ('Firma', 'Spett.le').
    """

    lines: tuple[Cell, ...]
    weight: float
    top: float
    row: int
    addressed: bool = False

    @property
    def strong(self) -> bool:
        """Whether it is surely a company's own block."""
        return self.weight >= _STRONG

    @property
    def sure(self) -> float:
        """How likely its name is right."""
        return min(0.85, 0.4 + 0.12 * self.weight)

    @property
    def told(self) -> bool:
        """Whether something tells that it writes: a number of its own, a way to reach it, the small sender's line.

        A name with an address alone may as well be whom the letter goes to.
        """
        kinds = {piece.kind for line in self.lines for piece in pdf_head_lines.pieces(line)}
        return bool(kinds & {"contact", "id"}) or _is_return_line(self.lines[0])

    @property
    def party(self) -> DraftParty:
        """What it says of its company."""
        return pdf_head_lines.party(self.lines, self.sure)

    @property
    def name(self) -> str:
        """The name of its company, squashed; empty without one."""
        name = pdf_head_lines.party(self.lines).name
        return squash(name.value) if name is not None else ""


class Letterheads:
    """The blocks of the first page that nothing else has taken."""

    def __init__(
        self, columns: Columns, above: Sequence[Row], busy: Sequence[Cell], own_places: Sequence[str] = ()
    ) -> None:
        """`own_places` are the squashed names of places that are likely the writer's own."""
        self._columns = columns
        self._own_places = own_places
        self._busy = {word for cell in busy for word in cell.words}
        self._hosts = _hosts(columns.rows)
        heights = sorted(word.height for row in columns.rows for cell in row.cells for word in cell.words)
        self._usual = heights[len(heights) // 2] if heights else 10.0
        last = above[-1].bottom if above else _TOP
        self._blocks = self._compared(self._found(max(last, _LEAST_TOP)))

    def writer(self) -> Unlabelled | None:
        """Return the block of who writes: a company with address, numbers and ways to reach it, high on the page."""
        best = max(self._blocks, key=lambda one: one.weight, default=None)
        return best if best is not None and best.weight >= _LEAST else None

    def repeated(self, writer: Unlabelled) -> tuple[Unlabelled, ...]:
        """Return the other blocks of the writer's: return line, footer, the name set large at the top."""
        return tuple(one for one in self._blocks if one is not writer and _same(one.name, writer.name))

    def addressee(self, writer: Unlabelled) -> Unlabelled | None:
        """Return the other block with an address in the upper part of the page, first of all one told to be it."""
        found = [
            one
            for one in self._blocks
            if one is not writer
            and one.top < _TOP
            and (len(one.lines) > 1 or one.addressed)
            and (one.addressed or _addressed(one.lines))
            and not _names(one.lines, writer.name)
        ]
        return max(found, key=lambda one: (one.addressed, one.weight), default=None)

    def _compared(self, blocks: Sequence[Unlabelled]) -> list[Unlabelled]:
        """Weigh the blocks against each other: a name said twice is the writer's, a block in the window is not."""
        return [self._against(one, blocks) for one in blocks]

    def _against(self, one: Unlabelled, blocks: Sequence[Unlabelled]) -> Unlabelled:
        others = [other for other in blocks if other is not one]
        twice = any(_same(one.name, name) for name in (*self._own_places, *(other.name for other in others)))
        window = any(_is_return_line(other.lines[0]) and _below_closely(one, other) for other in others)
        addressed = window or _opens_address(one.lines[0])
        first = one.weight > _NOTHING and all(one.top <= other.top for other in others if other.weight > _NOTHING)
        weight = one.weight + _TWICE * twice - _WINDOW * addressed + _FIRST * first
        return replace(one, weight=weight, addressed=addressed)

    def _found(self, last: float) -> list[Unlabelled]:
        blocks: list[Unlabelled] = []
        for index, row in enumerate(self._columns.rows):
            if row.page != self._columns.rows[0].page or len(blocks) >= MAX_BLOCKS:
                break
            if min(last, _TOP) < row.top < _FOOT:
                continue
            for place, cell in enumerate(row.cells):
                block = self._block(index, place, cell)
                if block is not None:
                    blocks.append(block)
        return blocks

    def _block(self, index: int, place: int, cell: Cell) -> Unlabelled | None:
        if self._is_busy(cell) or not self._may_open(index, place, cell):
            return None
        lines = [cell]
        following = self._strip(index, cell)
        if not following and not _is_return_line(cell):
            following = self._columns.down(index, cell, None, (cell,))[1:]
        for below in following:
            if self._is_busy(below) or _is_return_line(below) or _is_numbered_title(below):
                break
            lines.append(below)
        party = pdf_head_lines.party(lines)
        if party.name is None:
            return None
        self._busy |= {word for line in lines for word in line.words}
        return Unlabelled(tuple(lines), self._weight(lines, party.name.value), cell.top, index)

    def _strip(self, index: int, name: Cell) -> tuple[Cell, ...]:
        """Return the cells of the line below a name where they are its address set in one strip."""
        rows = self._columns.rows
        below = rows[index + 1] if index + 1 < len(rows) else None
        if below is None or below.page != name.page or len(below.cells) < _LEAST_STRIP:
            return ()
        height = name.words[0].height
        close = below.top - name.bottom < height and abs(below.cells[0].x0 - name.x0) < height
        headed = any(
            mark.means("header") or mark.means("party")
            for place in range(len(below.cells))
            if (mark := self._columns.mark_of(index + 1, place)) is not None
        )
        placed = any(is_place(cell.text) for cell in below.cells)
        return below.cells if close and placed and not headed else ()

    def _is_busy(self, cell: Cell) -> bool:
        return any(word in self._busy for word in cell.words)

    def _may_open(self, index: int, place: int, cell: Cell) -> bool:
        """Say whether a cell may be the first line of a letterhead: words, no label, no title, no sentence."""
        mark = self._columns.mark_of(index, place)
        if mark is not None and (mark.colon or mark.rest is None or _is_valued(mark)):
            return False
        if not _may_name(cell.text) or self._columns.is_value(index, place):
            return False
        cells = self._columns.rows[index].cells
        wide = labels.words_of(" ".join(near.text for near in cells[place : place + 2]))
        return labels.at("title", wide) is None

    def _weight(self, lines: Sequence[Cell], name: str) -> float:
        text = " \n ".join(line.text for line in lines)
        first = lines[0]
        weight = 1.3 * is_company(name) + 1.0 * any(is_place(line.text) for line in lines[0:])
        kinds = {piece.kind for line in lines for piece in pdf_head_lines.pieces(line)}
        weight += 1.0 * ("contact" in kinds or bool(_MAIL_HOST.search(text))) + 1.4 * ("id" in kinds)
        weight += min(max(first.words[0].height / max(self._usual, 1.0) - 1.0, 0.0), 1.2)
        weight += _TOPMOST if first.top < _TOPMOST_TO else _UPPER if first.top < _UPPER_TO else 0.0
        returned = len(lines) == 1 and _is_return_line(first)
        squashed = "".join(labels.words_of(name))
        known = any(host in squashed or squashed[:6] in host for host in self._hosts if squashed)
        sentence = len(labels.words_of(first.text)) > _LONG_LINE and not returned
        return weight + 1.6 * returned + 1.2 * known - 1.5 * sentence + _footing(first, lines)


def _may_name(text: str) -> bool:
    """Say whether a line can begin with a company's name: some letters, no sentence, date, bank or amount."""
    words = labels.words_of(text)
    if not words or len(words) > _LONGEST_LINE or (len(words) > _LONG_LINE and not is_place(text)):
        return False
    if sum(char.isalpha() for char in text) < _LEAST_LETTERS or text.rstrip().endswith((":", "?", "!")):
        return False
    if _CODED.fullmatch(text.strip()) or _NUMBERED.fullmatch(text.strip()):
        return False
    if _is_sentence(text) or _is_greeting(text) or _is_bank(text) or dates_in(text) or reaches(text):
        return False
    return not text[:1].isdigit() or is_company(text)


def _footing(first: Cell, lines: Sequence[Cell]) -> float:
    """Say what it is worth to stand at the foot: a company's address there is the writer's, other words are none."""
    if first.top <= _FOOT:
        return 0.0
    return _FOOTER if any(is_place(line.text) for line in lines) and first.top > _FOOTER_TOP else -0.4


def _same(one: str, two: str) -> bool:
    """Say whether two squashed names are of one company: equal, or one with its legal form, the other without."""
    short, long = sorted((one, two), key=len)
    return len(short) >= _LEAST_SAME and (long.startswith(short) or long.endswith(short))


def _below_closely(one: Unlabelled, line: Unlabelled) -> bool:
    """Say whether a block begins right below the sender's small line."""
    first = line.lines[0]
    return 0 < one.top - first.top < _WINDOW_HIGH and abs(one.lines[0].x0 - first.x0) < _WINDOW_ASIDE


def _opens_address(first: Cell) -> bool:
    """Say whether a line begins as whom a letter goes to is addressed: 'Firma', 'Messrs.', 'Spett.le'."""
    words = labels.words_of(first.text)
    label = labels.at("prefix", words)
    party = labels.at("party", words)
    told = party is not None and party.nuance == "to" and party.end == len(words)
    return told or (label is not None and (label.end == len(words) or label.end > 1))


def _is_numbered_title(cell: Cell) -> bool:
    """Say whether a line is the document's title with its number: 'Bestellung 26-0088'."""
    words = labels.words_of(cell.text)
    label = labels.at("title", words)
    rest = "".join(words[label.end :]) if label is not None else ""
    return label is not None and (not rest or any(char.isdigit() for char in rest)) and not is_company(cell.text)


def _is_greeting(text: str) -> bool:
    """Say whether a line greets or ends a letter: 'Sehr geehrte Damen und Herren,'."""
    words = labels.words_of(text)
    return any((found := labels.at("mail", words)) and found.field == field for field in ("greeting", "closing"))


def _is_bank(text: str) -> bool:
    """Say whether a line begins with a bank and its account: 'Nordbank AB, BIC/SWIFT: …'."""
    found = _BANKED.search(text)
    return found is not None and _BANK.search(text[: found.start()]) is not None


def _is_sentence(text: str) -> bool:
    """Say whether a text ends as a sentence does and is written in small letters: a slogan, not a name."""
    words = [word for word in text.split() if word[:1].isalpha()]
    small = sum(word[:1].islower() for word in words)
    ends = text.rstrip().endswith((".", "!", "?")) and len(words) >= _LEAST_SENTENCE
    long = len(words) > _LEAST_SENTENCE + 2 and not is_company(text) and not is_place(text)
    return ends and (small * 2 > len(words) or long)


def _is_valued(mark: Mark) -> bool:
    """Say whether a label carries a number or a date in its own cell."""
    header = mark.means("header") or mark.means("bare")
    return header is not None and any(char.isdigit() for char in mark.rest_text)


def _is_return_line(cell: Cell) -> bool:
    """Say whether a line is the small sender above an address window: 'Name - street - town' or with dots or bars."""
    text = cell.text
    if not is_place(text) or len(text) > _LONGEST_RETURN:
        return False
    name = _SEPARATED.split(text)[0]
    if any(char.isdigit() for char in name) and not is_company(name):
        return False
    return len(_SEPARATED.findall(text)) > 1 or (text.count(",") > 1 and is_company(text.partition(",")[0]))


def _hosts(rows: Sequence[Row]) -> frozenset[str]:
    """Return the names in mail and web addresses of the document, squashed; free mail providers are left out."""
    found = {
        "".join(labels.words_of(host.replace("-", " ")))
        for row in rows
        for cell in row.cells
        for host in _MAIL_HOST.findall(cell.text)
    }
    return frozenset(host for host in found if len(host) > _LEAST_LETTERS and host not in _FREE)


def _addressed(lines: Sequence[Cell]) -> bool:
    return any(is_place(line.text) for line in lines[1:]) or is_company(lines[0].text)


def _names(lines: Sequence[Cell], name: str) -> bool:
    own = "".join(labels.words_of(name))
    return bool(own) and own in "".join(word for line in lines for word in labels.words_of(line.text))
