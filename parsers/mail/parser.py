"""Orders in the text of a mail or a plain text file: the line grammar, tables and prose, with every place kept."""

import datetime as dt
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import compress, islice

from oms_core.errors import UnreadableDocument
from oms_core.values.document import Blob, Claim, Head, Hints, Part, Strength
from oms_core.values.draft import DocumentKind, DraftDocument, DraftLine, DraftParty, Totals
from oms_core.values.finding import Finding, Severity
from oms_core.values.source import Value
from parsers.certainty import facts_of
from parsers.mail import body as mail_body
from parsers.mail import cells, change, chosen, customs, destinations, evidence, former, parties, zones
from parsers.mail import facts as mail_facts
from parsers.mail import kind as mail_kind
from parsers.mail import prose as mail_prose
from parsers.mail.body import Body, Way
from parsers.mail.headers import decode_text
from parsers.mail.lines import Item
from parsers.mail.zones import Letter, Line
from parsers.words import codes as article_codes
from parsers.words import labels
from parsers.words import language as mail_language
from parsers.words.spans import Span

BODY_TYPE = "message/x-body"
MAX_CHARACTERS = 200_000
"""A longer text is no letter."""

_APPLIED = frozenset({DocumentKind.ORDER_CHANGE, DocumentKind.ORDER_CANCELLATION})
"""What a letter can say of the order that is attached to it."""

MAX_LEFT = 20
"""Findings of one letter about numbers that no line was read from."""

_LONG_HEADING = 160
_PARAGRAPH = 100


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
        letter = zones.split(text)
        if letter.guessed and any(_may_order(line) for line in letter.closing):
            letter = zones.without_closing(letter)
        comma = _decimal_comma(letter)
        said = mail_kind.heard(letter)
        body = mail_body.read(letter.new, comma, orders=mail_kind.orders(said))
        wish = mail_kind.wish(letter, said, body.strong or len(body.items) // 2, body.asked)
        form = "email" if letter.sender else "text"
        if wish.kind is None:
            yield _no_order(wish)
        elif _covers(wish, body):
            yield _see_attachment() if wish.attached else _forgotten()
            if wish.encloses or wish.kind in _APPLIED:
                yield _draft(letter, wish, Body(()), hints, form)
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


def _may_order(line: Line) -> bool:
    """Say whether a line that was taken for part of a signature may hold goods."""
    span = Span(line.text, line.start)
    if mail_body.is_address(mail_facts.DATE.sub("", line.text)):
        return False
    name, colon, _ = line.text.partition(":")
    named = colon and labels.whole("column", name)
    return bool(named or mail_body.holds_goods(span) or mail_prose.counts(span))


def _decimal_comma(letter: Letter) -> bool | None:
    """Say whether a letter writes a decimal comma; `1,000` needs a clearer language for that than `1.000`."""
    new = [line.text for line in letter.new]
    marked = any(_COMMA_THREE.search(text) for text in new)
    language = mail_language.clear(new) if marked else mail_language.of(new)
    return customs.decimal_comma(language, (line.text for line in (*letter.new, *letter.closing)))


_COMMA_THREE = re.compile(r"\d,\d{3}(?!\d)")


def _drafts(
    letter: Letter, wish: mail_kind.Wish, body: Body, comma: bool | None, hints: Hints, form: str
) -> Iterator[DraftDocument | Finding]:
    sections = _sections(letter)
    if wish.kind in {DocumentKind.ORDER, DocumentKind.QUOTE_REQUEST} and len(sections) > 1:
        for section in sections:
            part, read = replace(letter, new=section, subject=None), mail_body.read(section, comma, orders=True)
            yield _draft(part, wish, read, hints, form)
            yield from _noticed(part, wish, read)
        return
    lines = letter.new
    if wish.accepts_quote and not body.items:
        quoted = zones.plain_quoted(letter)
        letter = replace(letter, quoted=quoted)
        body = mail_body.read(quoted, customs.decimal_comma(None, (line.text for line in quoted)), orders=True)
        body = _accepted(body, letter)
        lines = (*letter.new, *quoted)
    if wish.kind is DocumentKind.ORDER_CHANGE:
        body = _changed(letter, body, comma)
    yield _draft(letter, wish, body, hints, form, money=lines)
    yield from _noticed(letter, wish, body)


def _accepted(body: Body, letter: Letter) -> Body:
    """Keep only the lines of a quote that the letter accepts, where it names some by their numbers."""
    named, leaves_out = chosen.numbers_of(Span(line.text, line.start) for line in letter.new)
    kept = chosen.of(body.items, named, leaves_out=leaves_out) if named else ()
    if not any(kept):
        return body
    items = tuple(compress(body.items, kept))
    return replace(body, items=items, ways=tuple(compress(body.ways, kept)), totals=())


def _changed(letter: Letter, body: Body, comma: bool | None) -> Body:
    """Read what a sentence changes; a list of lines with their new quantities is taken as it stands."""
    spans = [Span(line.text, line.start) for line in letter.new]
    told = change.changed(spans, comma)
    listed = [item for item, way in zip(body.items, body.ways, strict=False) if way not in {Way.PROSE, Way.WORDS}]
    if not told or len([item for item in listed if item.strong]) > len(told):
        return body
    return Body(told, body.totals, ways=(Way.PROSE,) * len(told))


def _noticed(letter: Letter, wish: mail_kind.Wish, body: Body) -> Iterator[Finding]:
    """Tell what a person has to look up, add or check in one order."""
    if wish.repeats:
        yield from _as_usual(letter, body)
    for item in body.taken_back:
        words = item.named.description or item.named.code
        yield _review(
            "mail.taken_back",
            item.quantity_at,
            f"The letter names {item.quantity:f} of {words.text if words else 'something'!r} and takes that line back"
            " further down. It was left out; check that this is meant.",
        )
    for left in body.left[:MAX_LEFT]:
        yield _review(
            "mail.unread_line",
            left,
            f"{left.text!r} looks like a quantity of goods or a line of them, but no line was read from it."
            " Add what is missing.",
        )


def _as_usual(letter: Letter, body: Body) -> Iterator[Finding]:
    """Tell that lines are missing which only an earlier order knows, and which of them the letter leaves out."""
    what = "beside the lines that it names" if body.items else "and names no goods"
    yield Finding(
        "order.as_usual",
        Severity.REVIEW,
        "lines",
        f"The letter asks for the same as usual or as an earlier order {what}; look up that order.",
    )
    for words in islice(former.left_out(Span(line.text, line.start) for line in letter.new), MAX_LEFT):
        yield _review(
            "order.leaves_out",
            words,
            f"Of the goods of the earlier order the letter leaves some out: {words.text!r}. Do not add those.",
        )


def _review(code: str, at: Span, message: str) -> Finding:
    return Finding(code, Severity.REVIEW, f"characters {at.source.start} to {at.source.end}", message)


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
    if len(line.text) > _LONG_HEADING or label is None or label.field != "number":
        return False
    number = mail_facts.order_number([line], None)
    return number is not None and _ends_heading(line.text[line.text.rfind(number.value) + len(number.value) :])


def _ends_heading(rest: str) -> bool:
    """Say whether only a remark stands behind the number of a heading, or where or when that order is to go."""
    bare = re.sub(r"\s*\([^()]*\)\s*$", "", rest.rstrip(" :")).strip(" :")
    words = labels.words_of(bare)
    goes = labels.at("party", words) or labels.at("when", words)
    if bare and bare[0] in "-\u2013\u2014:,|" and destinations.has_postcode(bare):
        return True
    return not bare or (goes is not None and bare[0] in "-\u2013\u2014:,|" and goes.field in {"ship_to", "by_date"})


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
    subject = parties.subject_lines(letter)
    ship_to = destinations.ship_to(letter.new).party
    day = sent.value if sent else None
    order = _day_first(letter, [*letter.new, *letter.closing, *parties.subject_lines(letter)])
    lines = () if cancels else tuple(_line(item, day, order) for item in body.items)
    found = _conversions(lines)
    below = letter.closing if letter.guessed else ()
    number = _number(letter, [*prose, *below], _codes(body))
    asked = None if cancels else _asked([*prose, *below, *subject], body, day, order)
    facts = evidence.gather(wish, body, numbered=number is not None, dated=asked is not None)
    return DraftDocument(
        kind=wish.kind,
        format=form,
        number=number,
        date=mail_facts.ordered_on(prose) or sent,
        requested_date=asked,
        currency=mail_facts.currency(money or letter.new),
        buyer=parties.buyer(letter),
        supplier=parties.supplier(letter, hints.our_names),
        ship_to=DraftParty() if cancels else ship_to,
        totals=_totals(body.totals),
        lines=lines[: hints.limits.lines],
        kind_confidence=wish.confidence,
        confidence=evidence.confidence(facts),
        facts=facts_of(facts),
        findings=found,
    )


def _number(letter: Letter, prose: Sequence[Line], codes: frozenset[str]) -> Value[str] | None:
    """Return the order's number: from the text or the subject, at last from the subject of who sends it on."""
    above = letter.above.subject if letter.above else None
    return (
        mail_facts.order_number(prose, letter.subject, codes)
        or mail_facts.order_number(letter.new, None, codes)
        or mail_facts.order_number([], above, codes)
    )


def _asked(lines: Sequence[Line], body: Body, sent: dt.date | None, order: bool | None) -> Value[dt.date] | None:
    """Return the day that the letter asks delivery for: not one of a single line, but for the only one."""
    taken = frozenset(item.asked.start for item in body.items if item.asked)
    asked = mail_facts.requested_on(lines, sent, order, taken)
    return asked or (mail_facts.line_day(body.day, sent, order) if body.day else None)


def _day_first(letter: Letter, lines: Sequence[Line]) -> bool | None:
    """Say whether the dates of a letter put the day before the month, None where nothing tells."""
    whole = (*letter.new, *letter.closing)
    language = mail_language.clear(line.text for line in letter.new)
    return customs.day_first(language, mail_facts.days_in(lines), (line.text for line in whole))


def _codes(body: Body) -> frozenset[str]:
    """Return the codes of the lines: none of them is the order's number."""
    return frozenset(item.named.code.text for item in body.items if item.named.code)


def _between(lines: Sequence[Line], body: Body) -> list[Line]:
    """Return the lines of a letter that hold no ordered line, and whole paragraphs also where they do."""
    starts = sorted(item.quantity_at.start for item in body.items)
    return [
        line
        for line in lines
        if bisect_left(starts, line.start) == bisect_left(starts, line.end)
        or (len(line.text) > _PARAGRAPH and "\t" not in line.text)
    ]


def _line(item: Item, sent: dt.date | None, order: bool | None) -> DraftLine:
    sure = item.sure or (0.95 if item.strong else 0.75)
    gtin = item.named.code is not None and article_codes.is_trade_number(item.named.code.text)
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
        requested_date=mail_facts.line_day(item.asked, sent, order) if item.asked else None,
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


def _totals(found: Sequence[cells.Total]) -> Totals:
    got = {total.field: Value(total.value, total.at.source, 0.9) for total in reversed(found)}
    if set(got) & {"net", "gross"} == {"gross"} and "tax" not in got:
        return Totals(net=got["gross"])
    return Totals(net=got.get("net"), tax=got.get("tax"), gross=got.get("gross"))


PARSER = MailTextParser()
"""The parser as the registry knows it."""
