"""Put the pieces of one delivery together: a mail's text, its attachments, what is embedded in them.

Pure: `oms_flow.read` and `ordermill extract` read the nodes, this decides which drafts they amount to.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from typing import TypeVar

from oms_core.ports import Reading
from oms_core.values import (
    ORDER_KINDS,
    DocumentKind,
    DraftDocument,
    DraftLine,
    DraftParty,
    Finding,
    PathSource,
    Severity,
    TextSource,
    Value,
)

_T = TypeVar("_T")

NodePath = tuple[int, ...]
"""Where a node stands: the index of the child at each level, () for the root."""

EMBEDDED = "embedded"
BODY = "body"

NO_FORMAT_CODES = frozenset({"unknown_format", "empty"})
"""Failures that say nothing but that a file is in no format of ours."""

TRIMMINGS = (".vcf", ".ics", ".p7s", ".asc", ".sig", ".css")
"""Endings of files in no format of ours that never hold an order: cards, calendar entries, signatures."""

PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".heic", ".svg")
"""Endings of logos and photographs: beside an order they are trimmings, alone they may be the photograph of one."""

AUTOMATIC = "mail.automatic"
"""The finding on mail that went to many or was sent by a machine: its pictures are no orders."""

MOST_TELLING_FIRST = (
    ("edifact", "x12", "ubl", "cii", "cxml", "idoc", "opentrans", "json"),
    ("xlsx", "csv"),
    ("pdf",),
    ("scan",),
)
"""Of one order in two formats the one made for machines is taken; the formats of one row are as good as each other."""

TELLING_NUMBER = 4
"""Characters from which a number in a file's name is no accident."""


class Outcome(StrEnum):
    """What became of one node, for the conservation of documents."""

    READ = "read"
    FILED = "filed"
    UNREADABLE = "unreadable"
    MERGED = "merged"


class CompositionKind(StrEnum):
    """What the whole delivery amounts to."""

    ORDERS = "orders"
    FILED = "filed"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class ReadFailure:
    """The facts of an `UnreadableDocument`: a stable code, a sentence, the place."""

    code: str
    message: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class ReadNode:
    """One document that was read, or failed to be, with the documents found inside it in their order."""

    reading: Reading | None
    error: ReadFailure | None
    filename: str
    role: str = "attachment"
    children: tuple["ReadNode", ...] = ()


@dataclass(frozen=True, slots=True)
class PlacedDraft:
    """A draft and the node it was taken from."""

    path: NodePath
    draft: DraftDocument


@dataclass(frozen=True, slots=True)
class NodeOutcome:
    """What became of the node at `path`."""

    path: NodePath
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Composition:
    """What one delivery amounts to; `drafts` stand in the order of the file, `outcomes` holds every node once."""

    kind: CompositionKind
    drafts: tuple[PlacedDraft, ...] = ()
    findings: tuple[Finding, ...] = ()
    outcomes: tuple[NodeOutcome, ...] = ()
    error: ReadFailure | None = None
    """Why a person must read it, where nothing could be read or a part that may matter could not."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A draft on its way up: `slot` is the child of the present node that it came through, -1 for the node itself."""

    path: NodePath
    draft: DraftDocument
    slot: int = -1
    role: str = BODY
    filename: str = ""


@dataclass(slots=True)
class _Told:
    """Findings gathered on the way up."""

    findings: list[Finding] = field(default_factory=list)


def compose(root: ReadNode) -> Composition:
    """Say which drafts a delivery holds, what was noticed, and what became of each of its documents.

    An order in an attachment wins over a mail text without lines; one order given twice is one draft, with what the
    lesser text adds filled in; a change or cancellation said in the text applies to the order attached to it.
    """
    told = _Told()
    pieces = _pieces(root, (), told)
    every = tuple(nodes(root))
    drafts = tuple(PlacedDraft(piece.path, piece.draft) for piece in pieces)
    failure = next((node.error for _, node in every if _matters(node, is_root=node is root)), None)
    if not drafts:
        failure = failure or _serious(every) or _photograph(every)
    orders = any(placed.draft.kind in ORDER_KINDS for placed in drafts)
    kind = CompositionKind.ORDERS if orders else CompositionKind.UNREADABLE if failure else CompositionKind.FILED
    findings = (*_reading_findings(every), *_failure_findings(every), *told.findings)
    outcomes = tuple(NodeOutcome(path, _outcome(path, node, drafts, kind)) for path, node in every)
    return Composition(kind, drafts, findings, outcomes, failure)


def nodes(node: ReadNode, path: NodePath = ()) -> Iterator[tuple[NodePath, ReadNode]]:
    """Yield a node and all inside it with their places, each before what is inside it."""
    yield path, node
    for index, child in enumerate(node.children):
        yield from nodes(child, (*path, index))


def _matters(node: ReadNode, *, is_root: bool) -> bool:
    """Whether a failed node may hide an order: every one but trimmings and pictures in no format of ours."""
    if node.error is None or is_root:
        return node.error is not None
    return node.error.code not in NO_FORMAT_CODES or not node.filename.lower().endswith(TRIMMINGS + PICTURES)


def _photograph(every: tuple[tuple[NodePath, ReadNode], ...]) -> ReadFailure | None:
    """Return the failure of a picture that may be the order, in a delivery that gave nothing else."""
    readings = (node.reading for _, node in every if node.reading)
    if any(finding.code == AUTOMATIC for reading in readings for finding in reading.findings):
        return None
    return next((node.error for _, node in every if node.error and node.filename.lower().endswith(PICTURES)), None)


def _serious(every: tuple[tuple[NodePath, ReadNode], ...]) -> ReadFailure | None:
    """Return what a parser asks a person to look at; a delivery that gave no draft is then not filed away unseen."""
    asking = (finding for finding in _reading_findings(every) if finding.severity is not Severity.NOTE)
    return next((ReadFailure(finding.code, finding.message, finding.place) for finding in asking), None)


def _reading_findings(every: tuple[tuple[NodePath, ReadNode], ...]) -> Iterator[Finding]:
    for path, node in every:
        for finding in node.reading.findings if node.reading else ():
            yield replace(finding, place=_within(node.filename, finding.place)) if path else finding


def _failure_findings(every: tuple[tuple[NodePath, ReadNode], ...]) -> Iterator[Finding]:
    """Tell of each part that could not be read; the root's failure is the composition's own error."""
    for path, node in every:
        if path and node.error:
            severity = Severity.REVIEW if _matters(node, is_root=False) else Severity.NOTE
            place = _within(node.filename, node.error.place)
            yield Finding(f"part.{node.error.code}", severity, place, f"{node.filename}: {node.error.message}")


def _within(filename: str, place: str) -> str:
    return f"{filename}: {place}" if place else filename


def _outcome(path: NodePath, node: ReadNode, drafts: tuple[PlacedDraft, ...], kind: CompositionKind) -> Outcome:
    if node.error or (not path and kind is CompositionKind.UNREADABLE):
        return Outcome.UNREADABLE
    if any(placed.draft.kind in ORDER_KINDS and placed.path[: len(path)] == path for placed in drafts):
        return Outcome.READ
    had_order = node.reading is not None and any(draft.kind in ORDER_KINDS for draft in node.reading.drafts)
    return Outcome.MERGED if had_order else Outcome.FILED


def _pieces(node: ReadNode, path: NodePath, told: _Told) -> list[_Piece]:
    """Return the drafts of a node and all below it, put together, in the order of the file."""
    own = [_Piece(path, draft, -1, BODY, node.filename) for draft in (node.reading.drafts if node.reading else ())]
    below = [
        replace(piece, slot=index, role=child.role, filename=child.filename)
        for index, child in enumerate(node.children)
        for piece in _pieces(child, (*path, index), told)
    ]
    kept: list[_Piece] = []
    for piece in sorted((*own, *below), key=_precedence):
        _place(piece, kept, told)
    return sorted(kept, key=lambda piece: piece.path)


def _precedence(piece: _Piece) -> tuple[bool, bool, int]:
    """Attachments before texts, what is embedded before what it is embedded in, machines' formats before people's."""
    rank = next((i for i, row in enumerate(MOST_TELLING_FIRST) if piece.draft.format in row), len(MOST_TELLING_FIRST))
    return piece.role == BODY, piece.role != EMBEDDED, rank


def _place(piece: _Piece, kept: list[_Piece], told: _Told) -> None:
    """Put a draft beside those kept, or into the one that gives the same order, or away where an attachment wins."""
    others = [other for other in kept if other.slot != piece.slot and other.draft.kind in ORDER_KINDS]
    if piece.draft.kind not in ORDER_KINDS:
        kept.append(piece)
        return
    twin = next((other for other in others if _same_order(other, piece)), None) or _only_enclosed(piece, others)
    if twin:
        kept[kept.index(twin)] = replace(twin, draft=_joined(twin, piece))
        return
    quote = _accepted_quote(piece, kept)
    if quote:
        kept[kept.index(quote)] = replace(quote, draft=_order_from_quote(quote.draft, piece))
    elif _gives_way(piece, others):
        told.findings += _other_number(piece, others)
    else:
        kept.append(piece)


def _same_order(major: _Piece, minor: _Piece) -> bool:
    """Whether two drafts of different documents give one order."""
    a, b = major.draft, minor.draft
    if minor.role != BODY:
        return a.kind == b.kind and _number(a) == _number(b) != "" and _lines_agree(a, b)
    if a.kind != b.kind and a.kind is not DocumentKind.ORDER:
        return False
    if _number(a) and _number(b):
        return _number(a) == _number(b)
    return major.role == EMBEDDED or _named_after(major, b) or (bool(b.lines) and _lines_agree(a, b))


def _named_after(piece: _Piece, letter: DraftDocument) -> bool:
    """Whether a file is named after the order that the letter speaks of: `Order 4711.pdf`."""
    wanted = _number(letter)
    return len(wanted) >= TELLING_NUMBER and wanted in "".join(piece.filename.split()).casefold()


def _only_enclosed(piece: _Piece, others: list[_Piece]) -> _Piece | None:
    """Return the one order enclosed with a letter without lines, unless both have numbers, which then differ."""
    if piece.role != BODY or piece.draft.lines or len(others) != 1:
        return None
    only = others[0]
    known = only.draft.kind is DocumentKind.ORDER or only.draft.kind == piece.draft.kind
    return only if known and not (_number(only.draft) and _number(piece.draft)) else None


def _gives_way(piece: _Piece, others: list[_Piece]) -> bool:
    """Whether a text without lines is only the covering letter of the orders attached."""
    return piece.role == BODY and piece.draft.kind is DocumentKind.ORDER and not piece.draft.lines and bool(others)


def _other_number(piece: _Piece, others: list[_Piece]) -> list[Finding]:
    """Tell that a covering letter names an order that is not attached."""
    if not _number(piece.draft) or not all(_number(other.draft) for other in others):
        return []
    attached = ", ".join(_printed(other.draft) for other in others)
    message = (
        f"The text of the mail names order {_printed(piece.draft)}, but what is attached is {attached}. "
        "Check that nothing is missing."
    )
    return [Finding("compose.other_number", Severity.REVIEW, piece.filename, message)]


def _accepted_quote(piece: _Piece, kept: list[_Piece]) -> _Piece | None:
    """Return the one attached quote that a text without lines says yes to."""
    if piece.role != BODY or piece.draft.kind is not DocumentKind.ORDER or piece.draft.lines:
        return None
    quotes = [other for other in kept if other.slot != piece.slot and other.draft.kind is DocumentKind.QUOTE]
    attached_orders = any(other.draft.kind in ORDER_KINDS for other in kept)
    return quotes[0] if len(quotes) == 1 and not attached_orders else None


def _order_from_quote(quote: DraftDocument, piece: _Piece) -> DraftDocument:
    """Make the order that a 'go ahead' on a quote means: the quote's lines and prices, the letter's number."""
    letter = piece.draft
    message = "The mail says yes to the quote attached; lines and prices are the quote's. Check that it still holds."
    bare = replace(quote, number=None, date=None, requested_date=None, refers_to=quote.number)
    order = replace(_filled(bare, piece), kind=DocumentKind.ORDER, confidence=min(quote.confidence, letter.confidence))
    return replace(order, findings=(*order.findings, Finding("compose.from_quote", Severity.REVIEW, "", message)))


def _joined(major: _Piece, minor: _Piece) -> DraftDocument:
    """Return one draft of an order given twice; the kind that the covering text says holds."""
    draft = _filled(major.draft, minor)
    if minor.draft.kind is DocumentKind.ORDER_CANCELLATION and not minor.draft.lines:
        draft = replace(draft, lines=())
    elif minor.draft.lines and not _lines_agree(major.draft, minor.draft):
        draft = replace(draft, findings=(*draft.findings, _disagree(major, minor)))
    return replace(draft, kind=minor.draft.kind) if minor.role == BODY else draft


def _disagree(major: _Piece, minor: _Piece) -> Finding:
    message = (
        f"{minor.filename} and {major.filename} both give order {_printed(major.draft)} but not the same lines "
        f"({len(minor.draft.lines)} and {len(major.draft.lines)}); those of {major.filename} were taken. Compare them."
    )
    return Finding("compose.lines_differ", Severity.REVIEW, "lines", message)


def _filled(base: DraftDocument, minor: _Piece) -> DraftDocument:
    """Fill what a draft does not state with what the lesser text states."""
    other, moved = minor.draft, partial(_moved_party, filename=minor.filename)
    return replace(
        base,
        number=base.number or _moved(other.number, minor.filename),
        refers_to=base.refers_to or _moved(other.refers_to, minor.filename),
        date=base.date or _moved(other.date, minor.filename),
        requested_date=base.requested_date or _moved(other.requested_date, minor.filename),
        currency=base.currency or _moved(other.currency, minor.filename),
        notes=base.notes or _moved(other.notes, minor.filename),
        buyer=base.buyer if base.buyer.stated else moved(other.buyer),
        supplier=base.supplier if base.supplier.stated else moved(other.supplier),
        ship_to=base.ship_to if base.ship_to.stated else moved(other.ship_to),
        lines=base.lines or other.lines,
    )


def _moved(value: Value[_T] | None, filename: str) -> Value[_T] | None:
    """Keep a value's evidence when it moves to a draft of another document, where its offsets mean nothing."""
    if value is None or not isinstance(value.source, TextSource):
        return value
    place = f"{filename}, characters {value.source.start} to {value.source.end}"
    return replace(value, source=PathSource(place, value.source.text))


def _moved_party(party: DraftParty, filename: str) -> DraftParty:
    return DraftParty(
        name=_moved(party.name, filename),
        id=_moved(party.id, filename),
        address=_moved(party.address, filename),
        email=_moved(party.email, filename),
    )


def _lines_agree(a: DraftDocument, b: DraftDocument) -> bool:
    """Whether two drafts order the same quantities line by line; one that gives no lines contradicts nothing."""
    if not a.lines or not b.lines:
        return True
    return [_asked(line) for line in a.lines] == [_asked(line) for line in b.lines]


def _asked(line: DraftLine) -> object:
    return line.quantity.value if line.quantity else None


def _number(draft: DraftDocument) -> str:
    return "".join(draft.number.value.split()).casefold() if draft.number else ""


def _printed(draft: DraftDocument) -> str:
    return draft.number.value if draft.number else "without a number"
