"""Text PDFs: words with boxes, label words in eight languages, a table of lines; every value shows where it stands.

The steps are modules of their own: `pdf_words` (words), `pdf_layout` (lines, cells), `pdf_goods` (lines and totals),
`pdf_pairs` (labels and values), `pdf_parties`, `pdf_kind`.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from oms_core.errors import UnreadableDocument
from oms_core.values.document import Blob, BytesBlob, Claim, Head, Hints, Part, Strength
from oms_core.values.draft import DocumentKind, DraftDocument, DraftParty
from oms_core.values.finding import Finding, Severity
from oms_core.values.source import Value
from parsers import dates, labels, pdf_goods, pdf_kind, pdf_layout, pdf_lines, pdf_pairs, pdf_parties
from parsers.pdf_goods import Goods
from parsers.pdf_layout import Cell, Row
from parsers.pdf_pairs import Pair
from parsers.pdf_words import Word, read_pdf

_CURRENCIES = {"€": "EUR", "£": "GBP", "₹": "INR", "$": "USD", "zł": "PLN"}
_ISO = re.compile(
    r"(?<![\w\-])[\d.,']*(EUR|USD|GBP|CHF|PLN|SEK|NOK|DKK|CZK|HUF|RON|CAD|AUD|NZD|JPY|CNY|INR|PKR|AED|SAR|TRY|BRL|MXN|ZAR"
    r"|SGD|HKD|KWD|PEN|COP)[\d.,']*(?![\w\-]|/\d)"
)
"""A currency code is a word of its own or stands right at an amount; in `PEN-07MM` it is part of a code."""

_SLASHED = re.compile(r"(?<![\d/.\-])\d{1,2}[./\-]\d{1,2}[./\-](?:\d{4}|\d{2})(?![\d/.\-])")
_US_PLACE = re.compile(r"\b[A-Z]{2}[ ,]+\d{5}(?:-\d{4})?\b|\bUSA\b|United States")
_TYPES = {".xml": "application/xml", ".pdf": "application/pdf", ".csv": "text/csv", ".txt": "text/plain"}
_SELLER_WRITES = frozenset(
    {DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE, DocumentKind.QUOTE, DocumentKind.ORDER_RESPONSE}
    | {DocumentKind.DESPATCH_ADVICE}
)
_BUYER_WRITES = frozenset(
    {DocumentKind.ORDER, DocumentKind.ORDER_CHANGE, DocumentKind.ORDER_CANCELLATION, DocumentKind.QUOTE_REQUEST}
)
_TITLE_ROWS = 60
_MARK = re.compile(
    r"^[\s.:#]*(?:(?:no|nr|n|number|n[o°º]|num|nummer|numéro|número|numero|numer|id|ref)\b[.:#\s]*|#\s*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PdfTextParser:
    """Reads PDFs that carry text."""

    name: str = "pdf_text"

    def identify(self, head: Head) -> Claim | None:
        """Claim what begins as a PDF does (ISO 32000-1, 7.5.2; junk before the mark is met in the wild)."""
        return Claim("pdf", Strength.CERTAIN, 1.0) if b"%PDF-" in head.data[:1024] else None

    def read(self, blob: Blob, hints: Hints) -> Iterator[DraftDocument | Finding | Part]:
        """Yield embedded files as Parts, then the document that the pages show.

        Raises UnreadableDocument: `encrypted_pdf`, `damaged_pdf`, `too_many_pages`, `too_large`, `scan`.
        """
        data = _bytes(blob, hints)
        pdf = read_pdf(data, hints.limits)
        for name, content in pdf.embedded:
            extension = name[name.rfind(".") :].lower() if "." in name else ""
            yield Part(BytesBlob(content), _base_name(name), _TYPES.get(extension), "embedded")
        rows = [row for page in pdf.pages for row in pdf_layout.rows_of(page)]
        draft = _read_rows(rows, data, hints)
        if draft is None:
            yield Finding(
                "pdf.no_order",
                Severity.REVIEW,
                "page 1",
                "No table of lines and no title of an order was found in this PDF. Key it in by hand, or file it.",
            )
        else:
            yield draft


def _bytes(blob: Blob, hints: Hints) -> bytes:
    if blob.size > hints.limits.bytes:
        raise UnreadableDocument(
            "too_large", f"This PDF has {blob.size} bytes, more than the {hints.limits.bytes} allowed.", "document"
        )
    with blob.open() as handle:
        return handle.read()


def _base_name(name: str) -> str:
    return re.split(r"[\\/]", name)[-1].strip() or "embedded"


def _read_rows(rows: Sequence[Row], data: bytes, hints: Hints) -> DraftDocument | None:
    title = pdf_kind.title(rows)
    order = _day_first(rows)
    goods = pdf_goods.read_goods(rows, data, order)
    pairs = list(pdf_pairs.pairs(goods.outside))
    order_label = any(pair.field == "number" and pair.weight > 0.7 for pair in pairs)  # noqa: PLR2004
    if title is None and not goods.found and not order_label:
        return None
    kind = title.kind if title else DocumentKind.ORDER
    buyer, supplier, ship_to = _parties(goods.outside, kind, hints, goods.above)
    number = _number(rows, pairs, kind)
    draft = DraftDocument(
        kind=kind,
        format="pdf",
        number=number,
        date=_date(pairs, "document_date", order) if kind not in _BUYER_WRITES else None,
        requested_date=_date(pairs, "requested_date", order) if kind in _BUYER_WRITES else None,
        currency=_currency(rows, pairs, goods.named),
        buyer=buyer,
        supplier=supplier,
        ship_to=ship_to,
        totals=goods.totals,
        lines=() if kind is DocumentKind.ORDER_CANCELLATION else goods.lines[: hints.limits.lines],
        findings=goods.findings,
    )
    draft = replace(draft, date=draft.date or _date(pairs, "date", order) or _titled_date(title, order))
    return replace(draft, confidence=_confidence(draft, goods, title))


def _day_first(rows: Sequence[Row]) -> bool:
    """Say whether this document writes the day first: its dates tell, else addresses of the United States do not."""
    texts = [found for row in rows for cell in row.cells for found in _SLASHED.findall(cell.text)]
    told = dates.day_first(texts)
    if told is not None:
        return told
    return not any(_US_PLACE.search(cell.text) for row in rows for cell in row.cells)


def _number(rows: Sequence[Row], pairs: Sequence[Pair], kind: DocumentKind) -> Value[str] | None:
    """Return the document's own number: by its kind's labels, on orders by the best label for one."""
    if kind in _SELLER_WRITES or kind is DocumentKind.QUOTE_REQUEST:
        own = _own_number(rows, kind)
        if own is not None:
            return own
        if kind is DocumentKind.INVOICE or kind is DocumentKind.CREDIT_NOTE:
            return None
    found = [pair for pair in pairs if pair.field == "number"]
    best = max(found, key=lambda pair: pair.weight, default=None)
    if best is not None and best.weight > 0.7:  # noqa: PLR2004
        return Value(best.value, best.source, min(best.weight, 0.95))
    own = _own_number(rows, kind)
    return own or (Value(best.value, best.source, best.weight) if best else None)


def _own_number(rows: Sequence[Row], kind: DocumentKind) -> Value[str] | None:
    """Return what follows the document's own word: 'Invoice No. 4711', 'Angebot 2026-18', or 'No. 12' below it."""
    for index, row in enumerate(rows[:_TITLE_ROWS]):
        for place, cell in enumerate(row.cells):
            tokens = labels.tokens(cell.text)
            label = labels.at("title", [token.word for token in tokens])
            if label is None or label.field != kind.value:
                continue
            rest = cell.text[tokens[label.end - 1].end :]
            value = pdf_pairs.number_in(_MARK.sub("", rest)) if rest.strip(" :") else None
            if value is not None:
                return Value(value, cell.source, 0.85)
            for near in (*row.cells[place + 1 : place + 2], *_under(rows, index, cell)):
                marked = _MARK.match(near.text)
                value = pdf_pairs.number_in(_MARK.sub("", near.text)) if marked and marked.end() else None
                if value is not None:
                    return Value(value, near.source, 0.8)
    return None


def _under(rows: Sequence[Row], index: int, cell: Cell) -> list[Cell]:
    """Return the cells in the few lines below one, in its place."""
    return [
        near
        for row in rows[index + 1 : index + 5]
        if row.page == cell.page
        for near in row.cells
        if pdf_layout.overlap(near, cell) > 0
    ]


def _date(pairs: Sequence[Pair], field: str, order: bool | None) -> Value[dt.date] | None:
    found = [pair for pair in pairs if pair.field == field]
    for pair in sorted(found, key=lambda pair: -pair.weight):
        day = dates.parse_date(pair.value, order)
        if day is not None:
            return Value(day, pair.source, min(pair.weight, 0.93))
    return None


def _titled_date(title: pdf_kind.Title | None, order: bool) -> Value[dt.date] | None:
    """Return the date that stands in the title itself ('Ordine n. 33 del 17/11/2026')."""
    if title is None or title.cell is None:
        return None
    found = pdf_pairs.date_in(title.cell.text)
    day = dates.parse_date(found, order) if found else None
    return Value(day, title.cell.source, 0.8) if day else None


def _currency(rows: Sequence[Row], pairs: Sequence[Pair], named: frozenset[Word]) -> Value[str] | None:
    """Return the currency of a label, else the code printed most, else the symbol; goods are not looked at."""
    labelled = next((pair for pair in pairs if pair.field == "currency"), None)
    if labelled:
        return Value(labelled.value, labelled.source, 0.95)
    codes = [
        (found.group(1), word)
        for row in rows
        for cell in row.cells
        for word in cell.words
        if (found := _ISO.search(word.text)) and word not in named
    ]
    if codes:
        most = max({code for code, _ in codes}, key=lambda code: sum(code == other for other, _ in codes))
        return Value(most, next(word for code, word in codes if code == most).source, 0.9)
    for symbol, code in _CURRENCIES.items():
        for row in rows:
            for cell in row.cells:
                for word in cell.words:
                    if symbol in word.text:
                        return Value(code, word.source, 0.75 if symbol == "$" else 0.9)
    return None


def _parties(
    rows: Sequence[Row], kind: DocumentKind, hints: Hints, above: Sequence[Row]
) -> tuple[DraftParty, DraftParty, DraftParty]:
    """Return buyer, supplier and ship-to: labelled blocks, our own names, and the letterhead for who writes."""
    roles: dict[str, DraftParty] = {}
    taken: list[Cell] = []
    for block in pdf_parties.blocks(rows):
        party = pdf_parties.party(block.lines)
        taken += block.lines
        if party.stated and (block.role not in roles or (roles[block.role].name is None and party.name)):
            roles[block.role] = party
    writer = "supplier" if kind in _SELLER_WRITES else "buyer"
    if writer not in roles or roles[writer].name is None:
        head = pdf_parties.letterhead(above, taken)
        if head.name is not None:
            known = roles.get(writer, DraftParty())
            roles[writer] = replace(head, id=known.id or head.id or pdf_parties.lone_identifier(rows, taken))
    for role in ("buyer", "ship_to"):
        party = roles.get(role, DraftParty())
        if role == "buyer" and _is_ours(party, hints) and "supplier" in roles and kind not in _SELLER_WRITES:
            roles["buyer"], roles["supplier"] = roles["supplier"], party
    return roles.get("buyer", DraftParty()), roles.get("supplier", DraftParty()), roles.get("ship_to", DraftParty())


def _is_ours(party: DraftParty, hints: Hints) -> bool:
    """Say whether a party is ourselves by one of our names."""
    if party.name is None:
        return False
    name = " ".join(labels.words_of(party.name.value))
    return any(ours and " ".join(labels.words_of(ours)) in name for ours in hints.our_names)


def _confidence(draft: DraftDocument, goods: Goods, title: pdf_kind.Title | None) -> float:
    """Say how likely the whole document is right: closed arithmetic and a total that agrees count most."""
    if not draft.lines:
        return 0.15
    stated, closed = pdf_lines.closing(draft.lines)
    share = closed / stated if stated else 0.6
    total = goods.sum
    agrees = total is not None and any(
        value is not None and value.value == total for value in (draft.totals.net, draft.totals.gross)
    )
    head = sum(1 for value in (draft.number, draft.date, draft.buyer.name) if value) / 3
    score = 0.1 + 0.25 * share + (0.2 if agrees else 0.0) + 0.2 * head + (0.05 if title else 0.0)
    return round(min(score, 0.8), 2)


PARSER = PdfTextParser()
"""The parser as the registry knows it."""
