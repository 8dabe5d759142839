"""Orders in the text of a mail or a plain text file: the line grammar, tables and prose, with every place kept."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from oms_core.errors import UnreadableDocument
from oms_core.values.document import Blob, Claim, Head, Hints, Part, Strength
from oms_core.values.draft import DocumentKind, DraftDocument, DraftLine, DraftParty, Totals
from oms_core.values.finding import Finding, Severity
from oms_core.values.source import Value
from parsers import (
    labels,
    mail_facts,
    mail_free,
    mail_kind,
    mail_lines,
    mail_parties,
    mail_prose,
    mail_table,
    mail_zones,
    numbers,
)
from parsers.mail_headers import decode_text
from parsers.mail_lines import Item
from parsers.mail_zones import Letter, Line
from parsers.spans import Span

BODY_TYPE = "message/x-body"
MAX_CHARACTERS = 200_000
"""A longer text is no letter."""

MAX_LINE_CHARACTERS = 4_000
"""Longer lines are passed over by the grammars."""

_APPLIED = frozenset({DocumentKind.ORDER_CHANGE, DocumentKind.ORDER_CANCELLATION})
"""What a letter can say of the order that is attached to it."""

_HEADING = 60
_PARAGRAPH = 100
_ADDRESS_LIKE = re.compile(
    r"\b\d{4,6}\b.*[^\W\d_]{3}|\b(street|road|avenue|stra\u00dfe|str\.|rue|calle|via|ul\.)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Body:
    """What the grammars found in the lines of one order."""

    items: tuple[Item, ...]
    totals: tuple[mail_table.Total, ...] = ()
    asked: int = 0
    """How many of the lines stand in sentences that order; such a letter is an order also where none is sure."""

    @property
    def strong(self) -> int:
        """How many lines are sure."""
        return sum(item.strong for item in self.items)


@dataclass(frozen=True, slots=True)
class MailTextParser:
    """Reads orders that people write."""

    name: str = "mail_text"

    def identify(self, head: Head) -> Claim | None:
        """Claim the letter of a mail for certain, plain text as a possibility."""
        if head.media_type == BODY_TYPE:
            return Claim("email", Strength.CERTAIN, 1.0)
        named = head.media_type == "text/plain" or head.filename.lower().endswith(".txt")
        return Claim("text", Strength.POSSIBLE, 0.2) if named and b"\0" not in head.data else None

    def read(self, blob: Blob, hints: Hints) -> Iterator[DraftDocument | Finding | Part]:
        """Yield the orders in a letter, or a note that there is none.

        Raises UnreadableDocument for a text that is too long or empty.
        """
        text = _decode(blob, hints)
        letter = mail_zones.split(text)
        if letter.guessed and any(_grammar(line, None) for line in letter.closing):
            letter = mail_zones.without_closing(letter)
        comma = numbers.decimal_comma(re.findall(r"\d[\d.,]*\d", " ".join(line.text for line in letter.new)))
        body = _body(letter.new, comma)
        wish = mail_kind.wish(letter, body.strong, body.asked)
        form = "email" if letter.sender else "text"
        if wish.kind is None:
            yield _no_order(wish)
        elif _covers(wish, body):
            yield _see_attachment() if wish.attached else _forgotten()
            if wish.encloses or wish.kind in _APPLIED:
                yield _draft(letter, wish, Body((), ()), hints, form)
        else:
            yield from _drafts(letter, wish, body, comma, hints, form)


def _decode(blob: Blob, hints: Hints) -> str:
    if blob.size > min(hints.limits.bytes, 4 * MAX_CHARACTERS):
        raise UnreadableDocument(
            "too_large",
            f"This text has {blob.size} bytes, too long for a letter with an order ({MAX_CHARACTERS} characters).",
            "text",
        )
    with blob.open() as handle:
        data = handle.read()
    text, _ = decode_text(data.removeprefix(b"\xef\xbb\xbf"), "utf-8")
    if not text.strip():
        raise UnreadableDocument("empty", "This text is empty.", "text")
    return text


def _no_order(wish: mail_kind.Wish) -> Finding:
    hint = " It points to an attachment." if wish.attached else ""
    return Finding(
        "mail.no_order",
        Severity.NOTE,
        "",
        f"Nothing in this text orders, changes or cancels goods or asks for a price.{hint}",
    )


def _see_attachment() -> Finding:
    return Finding("mail.see_attachment", Severity.NOTE, "", "The order is in the attachment that this letter names.")


def _forgotten() -> Finding:
    return Finding(
        "mail.no_attachment",
        Severity.REVIEW,
        "lines",
        "The letter says that its order is attached, but no file came with it. Ask the sender for the file.",
    )


def _covers(wish: mail_kind.Wish, body: Body) -> bool:
    """Say whether a letter only covers what is attached: it names no goods by a code of its own."""
    if any(item.strong and item.named.code for item in body.items) or wish.accepts_quote:
        return False
    return wish.attached or (wish.encloses and not body.strong)


def _body(lines: Sequence[Line], comma: bool | None) -> Body:
    """Find the ordered lines: tables with a header, rows without one, single lines; prose only where these fail."""
    _, address = mail_parties.ship_to(lines)
    spans = [Span(line.text, line.start) for line in lines if line.start not in address]
    items: list[Item] = []
    totals: list[mail_table.Total] = []
    place = 0
    while place < len(spans):
        span = spans[place]
        place += 1
        fields = mail_table.header(mail_table.cells(span)) if len(span.text) < MAX_LINE_CHARACTERS else None
        if fields:
            table = mail_table.read(spans[place:], fields, comma)
            items += table.items
            totals += table.totals
            place += table.used
            continue
        found = _row(span, comma)
        if isinstance(found, Item):
            items += _parted(found, span, comma)
        elif found is not None:
            totals.append(found)
    items = _sure(items, spans)
    body = _in_sentences(spans, comma) if not items else Body(tuple(items))
    return replace(body, items=tuple(_localised(item, spans) for item in body.items), totals=tuple(totals))


def _localised(item: Item, spans: Sequence[Span]) -> Item:
    """Give a unit word the meaning it has in the language of the letter."""
    unit = mail_free.local_unit(item.unit_at.text, spans) if item.unit_at else None
    return replace(item, unit=unit) if unit else item


def _in_sentences(spans: Sequence[Span], comma: bool | None) -> Body:
    """Read running text: plain numbers first, numbers in words and looser sentences with spaCy where there are any."""
    plain = tuple(item for span in spans for item in mail_prose.items(span, comma))
    free = mail_free.items(spans, comma) if mail_free.worth_reading(spans, len(plain)) else ()
    return Body(free, asked=len(free)) if free and len(free) >= len(plain) else Body(plain)


def _row(span: Span, comma: bool | None) -> Item | mail_table.Total | None:
    if not span.text or len(span.text) > MAX_LINE_CHARACTERS:
        return None
    row = mail_table.cells(span)
    total = mail_table.total_of(row, comma)
    if total is not None:
        return total
    item = mail_table.untitled(row, comma) if len(row) > 1 else None
    return item or mail_lines.item(span, comma)


def _parted(item: Item, span: Span, comma: bool | None) -> Sequence[Item]:
    """Part a line that names several goods with a number each; where that fails, a person looks at it."""
    words = item.named.description
    if words is None or not mail_prose.goes_on(words.text, comma):
        return (item,)
    several = mail_prose.several(span, item.quantity_at.start - span.start, comma)
    return several if len(several) > 1 else (replace(item, sure=mail_free.UNSURE),)


def _grammar(line: Line, comma: bool | None) -> bool:
    found = mail_lines.item(Span(line.text, line.start), comma)
    return found is not None and found.strong and not _ADDRESS_LIKE.search(line.text)


def _sure(items: list[Item], spans: Sequence[Span]) -> list[Item]:
    """Keep lines that only a bare number makes one where they stand next to sure ones."""
    starts = [span.start for span in spans]
    placed = [(item, max(bisect_right(starts, item.quantity_at.start) - 1, 0)) for item in items]
    sure = {index for item, index in placed if item.strong}
    return [
        item
        for item, index in placed
        if item.strong
        or (bool({index - 1, index + 1} & sure) and not _ADDRESS_LIKE.search(spans[index].text) and len(sure) > 1)
    ]


def _drafts(
    letter: Letter, wish: mail_kind.Wish, body: Body, comma: bool | None, hints: Hints, form: str
) -> Iterator[DraftDocument | Finding]:
    sections = _sections(letter)
    if wish.kind is DocumentKind.ORDER and len(sections) > 1:
        for section in sections:
            part = replace(letter, new=section, subject=None)
            yield _draft(part, wish, _body(section, comma), hints, form)
        return
    lines = letter.new
    if wish.accepts_quote and not body.items:
        quoted = mail_zones.plain_quoted(letter)
        letter = replace(letter, quoted=quoted)
        body = _body(quoted, numbers.decimal_comma(re.findall(r"\d[\d.,]*\d", " ".join(q.text for q in quoted))))
        lines = (*letter.new, *quoted)
    if wish.kind is DocumentKind.ORDER_CHANGE and not body.items:
        spans = [Span(line.text, line.start) for line in letter.new]
        body = Body(tuple(item for span in spans if (item := mail_prose.changed(span, comma))), ())
    yield _draft(letter, wish, body, hints, form, money=lines)
    if wish.repeats:
        yield Finding(
            "mail.repeat",
            Severity.REVIEW,
            "lines",
            "The letter asks for the same as an earlier order and names no goods; look up that order.",
        )


def _sections(letter: Letter) -> list[tuple[Line, ...]]:
    """Part a letter that holds several orders under headings of their own ('PO 4711', 'Pedido CL-881')."""
    heads = [index for index, line in enumerate(letter.new) if _is_heading(line)]
    numbers_found = {letter.new[index].text.casefold() for index in heads}
    if len(numbers_found) < 2 or len(numbers_found) != len(heads):  # noqa: PLR2004
        return []
    ends = [*heads[1:], len(letter.new)]
    return [letter.new[start:end] for start, end in zip(heads, ends, strict=True)]


def _is_heading(line: Line) -> bool:
    tokens = labels.tokens(line.text)
    words = [token.word for token in tokens]
    label = labels.at("header", words)
    if len(line.text) > _HEADING or label is None or label.field != "number":
        return False
    number = mail_facts.order_number([line], None)
    return number is not None and line.text.rstrip(" :").endswith(number.value)


def _draft(
    letter: Letter,
    wish: mail_kind.Wish,
    body: Body,
    hints: Hints,
    form: str,
    money: Sequence[Line] | None = None,
) -> DraftDocument:
    assert wish.kind is not None
    sent = mail_facts.sent_on(letter)
    cancels = wish.kind is DocumentKind.ORDER_CANCELLATION
    prose = _between(letter.new, body) or list(letter.new)
    subject = [Line(letter.subject.value, letter.subject.start)] if letter.subject else []
    ship_to, _ = mail_parties.ship_to(letter.new)
    lines = () if cancels else tuple(_line(item) for item in body.items)
    found = _conversions(lines)
    return DraftDocument(
        kind=wish.kind,
        format=form,
        number=mail_facts.order_number(prose, letter.subject) or mail_facts.order_number(letter.new, None),
        date=mail_facts.ordered_on(prose) or sent,
        requested_date=None if cancels else mail_facts.requested_on([*prose, *subject], sent.value if sent else None),
        currency=mail_facts.currency(money or letter.new),
        buyer=mail_parties.buyer(letter),
        supplier=mail_parties.supplier(letter, hints.our_names),
        ship_to=DraftParty() if cancels else ship_to,
        totals=_totals(body.totals),
        lines=lines[: hints.limits.lines],
        confidence=_confidence(wish, body),
        findings=found,
    )


def _between(lines: Sequence[Line], body: Body) -> list[Line]:
    """Return the lines of a letter that hold no ordered line, and whole paragraphs also where they do."""
    starts = sorted(item.quantity_at.start for item in body.items)
    return [
        line
        for line in lines
        if bisect_left(starts, line.start) == bisect_left(starts, line.end)
        or (len(line.text) > _PARAGRAPH and "\t" not in line.text)
    ]


def _confidence(wish: mail_kind.Wish, body: Body) -> float:
    """Say how likely the whole draft is right: free text seldom is without a doubt."""
    if not body.items and wish.kind is not DocumentKind.ORDER_CANCELLATION:
        return 0.2
    sure = body.strong / len(body.items) if body.items else 1.0
    return round(wish.confidence * (0.5 + 0.35 * sure), 2)


def _line(item: Item) -> DraftLine:
    sure = item.sure or (0.92 if item.strong else 0.7)
    gtin = item.named.code is not None and re.fullmatch(r"\d{13,14}|\d{12}|\d{8}", item.named.code.text) is not None
    code = _text(item.named.code, sure)
    return DraftLine(
        line_number=_text(item.line_number, 0.9),
        buyer_code=_text(item.buyer_code, 0.9),
        supplier_code=None if gtin else code,
        gtin=code if gtin else None,
        description=_text(item.named.description, sure - 0.04),
        quantity=Value(item.quantity, item.quantity_at.source, sure),
        unit=Value(item.unit, item.unit_at.source, sure) if item.unit and item.unit_at else None,
        unit_price=_decimal(item.price, item.price_at),
        amount=_decimal(item.amount, item.amount_at),
    )


def _text(span: Span | None, sure: float) -> Value[str] | None:
    return Value(span.text, span.source, round(sure, 2)) if span is not None and span.text else None


def _decimal(value: Decimal | None, at: Span | None) -> Value[Decimal] | None:
    return Value(value, at.source, 0.9) if value is not None and at is not None else None


def _conversions(lines: Sequence[DraftLine]) -> tuple[Finding, ...]:
    """Note lines whose amount is not quantity times price."""
    out: list[Finding] = []
    for index, line in enumerate(lines):
        if line.quantity and line.unit_price and line.amount:
            product = line.quantity.value * line.unit_price.value
            if abs(product - line.amount.value) > Decimal("0.02"):
                out.append(
                    Finding(
                        "line.arithmetic",
                        Severity.REVIEW,
                        f"lines[{index}].amount",
                        f"Quantity times price is {product:f}, but the line says {line.amount.value:f}.",
                    )
                )
    return tuple(out)


def _totals(found: Sequence[mail_table.Total]) -> Totals:
    got = {total.field: Value(total.value, total.at.source, 0.9) for total in reversed(found)}
    if set(got) & {"net", "gross"} == {"gross"} and "tax" not in got:
        return Totals(net=got["gross"])
    return Totals(net=got.get("net"), tax=got.get("tax"), gross=got.get("gross"))


PARSER = MailTextParser()
"""The parser as the registry knows it."""
