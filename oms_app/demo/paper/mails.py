"""Orders as people write them in mails, and the mails beside them that order nothing."""

import html
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Literal

from oms_app.demo.chance import chance
from oms_app.demo.paper.dice import often
from oms_app.demo.paper.goods import trades
from oms_app.demo.paper.layout import Column, Layout
from oms_app.demo.paper.notation import UNGROUPED
from oms_app.demo.paper.orders import Line, order_for
from oms_app.demo.paper.paper import Paper
from oms_app.demo.paper.places import places
from oms_app.demo.paper.prints import Prints
from oms_app.demo.paper.truth import Json, document, sender_name

MailKind = Literal["order", "change", "cancellation", "question", "newsletter"]
Body = Literal["plain", "html", "both"]
_SHARES: Mapping[MailKind, int] = {"order": 14, "change": 2, "cancellation": 1, "question": 2, "newsletter": 1}
_KINDS: tuple[MailKind, ...] = tuple(kind for kind, share in _SHARES.items() for _ in range(share))
_BODIES: tuple[Body, ...] = ("plain", "plain", "plain", "html", "both")
_NO_ORDER: frozenset[MailKind] = frozenset({"question", "newsletter"})
_LINE_STYLES = (
    "{q} {unit} {code} {text}",
    "{q} x {text} ({code})",
    "- {code} {text}: {q} {unit}",
    "{code}\t{text}\t{q} {unit}",
    "* {q} {unit} {text}, {code}",
    "{code} - {q} {unit}",
    "{q} {unit} {text}",
)
_TABLES: tuple[tuple[Column, ...], ...] = (
    ("plain_code", "description", "quantity", "unit"),
    ("pos", "plain_code", "description", "quantity", "unit", "price", "amount"),
    ("quantity", "unit", "description", "plain_code"),
)
_BOUNDARY = "=_part_of_paper"
_GROUPING = 5
"""One sender in so many sets blanks or points into the thousands of a mail."""


@dataclass(frozen=True, slots=True)
class MailStyle:
    """How one sender writes mails."""

    layout: Layout
    kind: MailKind
    body: Body
    line: str
    tabled: bool
    charset: str
    number_in_subject: bool
    number_in_text: bool
    due_in_text: bool
    quoted: bool
    forwarded: bool


def mail_styles(seed: int, count: int) -> tuple[MailStyle, ...]:
    """Return so many senders of mails, drawn from a seed."""
    return tuple(_style(seed, index) for index in range(count))


def _style(seed: int, index: int) -> MailStyle:
    draw = chance(seed, "mail", str(index))
    kind = draw.choice(_KINDS)
    body = draw.choice(_BODIES)
    tabled = body == "html" or often(draw, 10)
    layout = Layout(
        f"mail-{kind}",
        place=draw.choice(tuple(places())),
        trade=draw.choice(trades()),
        number=seed * 100_000 + 70_000 + index,
        kind=kind if kind in ("change", "cancellation") else "order",
        bands=(draw.choice(_TABLES),),
        currency_in="none",
        totals="none",
        names_vat=False,
        extra_facts=(),
        most_lines=7,
    )
    return MailStyle(
        layout=layout,
        kind=kind,
        body=body,
        line=draw.choice(_LINE_STYLES),
        tabled=tabled and body != "both",
        charset=draw.choice(("utf-8", "utf-8", "iso-8859-1", "windows-1252")),
        number_in_subject=often(draw, 50),
        number_in_text=often(draw, 60),
        due_in_text=often(draw, 50),
        quoted=often(draw, 15),
        forwarded=kind == "order" and often(draw, 10),
    )


def mail_papers(seed: int, count: int, each: int = 1) -> Iterator[Paper]:
    """Yield mails of so many senders, `each` of every one of them."""
    for style in mail_styles(seed, count):
        for copy in range(each):
            yield mail_paper(style, copy)


def mail_paper(style: MailStyle, copy: int) -> Paper:
    """Write one mail with its truth."""
    order = order_for(style.layout, copy)
    if style.layout.number % _GROUPING:
        order = replace(order, notation=UNGROUPED.get(order.notation, order.notation))
    prints = Prints(style.layout, order)
    stated = [] if style.kind in _NO_ORDER else [_truth(style, prints)]
    label = {"documents": stated, "_sender": sender_name(style.layout), "_layout": f"{style.kind} {style.body}"}
    return Paper(f"{sender_name(style.layout)}-{copy + 1}.eml", _mail(style, prints), label)


def _mail(style: MailStyle, prints: Prints) -> bytes:
    order, say = prints.order, prints.say
    message = EmailMessage(policy=SMTP)
    hour = chance(style.layout.number, "hour", order.number)
    sent = datetime.combine(order.day, time(hour.randrange(6, 18), hour.randrange(60)), UTC)
    writer = order.supplier if style.forwarded and style.body != "html" else order.buyer
    message["From"] = f"{writer.person} <{writer.email}>"
    message["To"] = order.supplier.email
    message["Date"] = format_datetime(sent if writer is order.buyer else sent + timedelta(days=1))
    message["Message-ID"] = f"<{style.layout.number}.{order.number.replace('/', '.').replace(' ', '')}@mail.example>"
    subject = say("mail_subject").format(number=prints.number if style.number_in_subject else "").strip()
    message["Subject"] = _subject(style, prints, subject)
    text = _text(style, prints)
    charset = _charset(style, text)
    if style.body == "html":
        message.set_content(_html(style, prints), subtype="html", charset="utf-8")
    else:
        message.set_content(text, charset=charset)
    if style.body == "both":
        marked = "".join(f"<div>{html.escape(row) or '<br>'}</div>" for row in text.splitlines())
        message.add_alternative(f"<html><body>{marked}</body></html>", subtype="html", charset="utf-8")
        message.set_boundary(_BOUNDARY)
    return message.as_bytes()


def _subject(style: MailStyle, prints: Prints, subject: str) -> str:
    if style.kind == "newsletter":
        return prints.say("newsletter").split(":")[0]
    if style.kind in ("change", "cancellation"):
        return f"{prints.title} {prints.number}"
    return f"{'FW: ' if style.forwarded else ''}{subject}"


def _charset(style: MailStyle, text: str) -> str:
    try:
        text.encode(style.charset)
    except UnicodeEncodeError:
        return "utf-8"
    return style.charset


def _text(style: MailStyle, prints: Prints) -> str:
    """Write the mail as plain text: greeting, what is wanted, signature, and what it quotes or forwards."""
    rows = [prints.say("hello"), "", *_wish(style, prints), "", *_signature(prints)]
    if style.forwarded:
        head = prints.say.every("forwarded")
        order = prints.order
        values = (order.buyer.person, prints.day(order.day), order.supplier.email, prints.say("order"))
        above = [f"{label}: {value}" for label, value in zip(head, values, strict=True)]
        return "\n".join(("FYI", "", "-----", *above, "", *rows, ""))
    if style.quoted:
        rows += ["", *_quote(prints)]
    return "\n".join((*rows, ""))


def _quote(prints: Prints) -> Iterator[str]:
    """Yield an older mail of the seller's, quoted below; it orders nothing."""
    order = prints.order
    yield prints.say("wrote").format(date=prints.day(order.day), name=order.supplier.name)
    yield f"> {prints.say('hello')}"
    yield f"> {prints.say('newsletter')}"
    yield f"> {prints.say('regards')}"


def _signature(prints: Prints) -> Sequence[str]:
    buyer = prints.order.buyer
    return (
        prints.say("regards"),
        buyer.person,
        "",
        buyer.name,
        *buyer.address,
        f"{prints.say('phone')} {buyer.phone}",
    )


def _wish(style: MailStyle, prints: Prints) -> Iterator[str]:
    """Yield what the mail says between greeting and signature."""
    say, order = prints.say, prints.order
    if style.kind == "newsletter":
        yield say("newsletter")
    elif style.kind == "question":
        yield say("mail_question").format(number=order.number)
    elif style.kind == "cancellation":
        yield prints.sentence("cancel_text")
    elif style.kind == "change":
        yield say("mail_change").format(number=prints.number)
        yield from (_changed(prints, line) for line in _few(prints))
    else:
        yield from _ordered(style, prints)


def _ordered(style: MailStyle, prints: Prints) -> Iterator[str]:
    say, order = prints.say, prints.order
    yield say("mail_order")
    yield ""
    if style.tabled:
        columns = style.layout.columns
        yield "\t".join(prints.heading(column) for column in columns)
        yield from ("\t".join(prints.cell(line, column) for column in columns) for line in order.lines)
    else:
        yield from (_line(style, prints, line) for line in order.lines)
    yield ""
    if style.number_in_text:
        yield say("mail_number").format(number=order.number)
    if style.due_in_text:
        yield say("mail_due").format(date=prints.day(order.due))


def _line(style: MailStyle, prints: Prints, line: Line) -> str:
    return style.line.format(q=prints.quantity(line), unit=prints.unit(line), code=line.theirs, text=line.text)


def _few(prints: Prints) -> tuple[Line, ...]:
    """Return the lines that a change names."""
    return prints.order.lines[:2]


def _changed(prints: Prints, line: Line) -> str:
    old = random.Random(line.theirs).randrange(2, 90)  # noqa: S311 - demo data, nothing secret is drawn
    shown = {"code": line.theirs, "q": prints.quantity(line), "unit": prints.unit(line), "old": f"{old}"}
    return prints.say("mail_instead").format(**shown)


def _html(style: MailStyle, prints: Prints) -> str:
    """Write the mail as HTML; an order's goods stand in a table."""
    before, after = [prints.say("hello")], list(_signature(prints))
    if style.kind != "order":
        before += list(_wish(style, prints))
        return _page(before, "", after)
    rows = list(_wish(style, prints))
    columns = style.layout.columns
    head = "".join(f"<th>{html.escape(prints.heading(column))}</th>" for column in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(prints.cell(line, column))}</td>" for column in columns) + "</tr>"
        for line in prints.order.lines
    )
    gap = rows.index("", 2)
    return _page([*before, rows[0]], f'<table border="1"><tr>{head}</tr>{body}</table>', [*rows[gap + 1 :], *after])


def _page(before: Sequence[str], table: str, after: Sequence[str]) -> str:
    above = "".join(f"<p>{html.escape(row)}</p>" for row in before)
    below = "".join(f"<div>{html.escape(row) or '<br>'}</div>" for row in after)
    return f"<html><body>{above}{table}{below}</body></html>\n"


def _truth(style: MailStyle, prints: Prints) -> Json:
    order = prints.order
    stated = document(prints)
    nobody = {"name": None, "id": None, "address": None}
    stated |= {"supplier": nobody, "requested_date": None}
    if style.kind == "cancellation":
        return stated
    if style.kind == "change":
        return stated | {"lines": [_change_line(prints, line) for line in _few(prints)]}
    named = style.number_in_text or style.number_in_subject
    stated["number"] = order.number if named else None
    stated["requested_date"] = order.due.isoformat() if style.due_in_text else None
    if not style.tabled:
        stated["lines"] = [_plain_line(style, prints, line) for line in order.lines]
    return stated


def _bare(prints: Prints, line: Line) -> Json:
    """Return a line without a price, with quantity and unit."""
    layout = Layout("bare", place=prints.layout.place, number=prints.layout.number, bands=(("quantity", "unit"),))
    return dict(document(Prints(layout, prints.order))["lines"][prints.order.lines.index(line)])


def _change_line(prints: Prints, line: Line) -> Json:
    return _bare(prints, line) | {"supplier_code": line.theirs}


def _plain_line(style: MailStyle, prints: Prints, line: Line) -> Json:
    stated = _bare(prints, line)
    stated["supplier_code"] = line.theirs if "{code}" in style.line else None
    stated["description"] = line.text if "{text}" in style.line else None
    stated["unit"] = line.unit if "{unit}" in style.line else None
    return stated
