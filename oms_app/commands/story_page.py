"""What `ordermill show` prints: a page that a person reads in ten seconds, of an order, a draft or a delivery."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from oms_app.commands.context import local_time, say_facts, say_line, say_table

if TYPE_CHECKING:
    from oms_app.web.history import Entry
    from oms_core.records import Delivery, Outbox
    from oms_core.values import Finding
    from oms_flow.house import House
    from oms_flow.review import Task
    from oms_store.order_views import Story
    from oms_store.views import OrderDetail

_PUSHES: Mapping[str, str] = {"erp": "the order", "mail": "a mail", "file": "a reply"}
"""What left, by the kind of the push."""


def say_story(house: "House", told: "Story", called: str) -> None:
    """Print the order that came of a delivery, else the one draft that it holds, else what the delivery holds.

    `called` is how the program is called, for what to type next.
    """
    from oms_app.web.history import history
    from oms_flow.review import task
    from oms_store.lookups import people_names
    from oms_store.views import order_detail

    subjects = [row.id for part in (told.orders, told.drafts, told.documents) for row in part]
    with house.store.read() as session:
        names, happened = people_names(session), history(session, subjects)
        own = [order for order in told.orders if order.draft_id == told.drafts[0].id] if told.drafts else []
        detail = order_detail(session, own[0].id) if len(told.drafts) == 1 and own else None
    page = _Page(house, names)
    if detail is not None:
        page.order(detail)
    elif len(told.drafts) == 1:
        page.draft(told, task(house, told.drafts[0].id), called)
    else:
        page.delivery(told)
    page.left_the_house(told.pushes)
    page.history(happened)


class _Page:
    """Prints the parts of a page, times in the company's zone and people by their names."""

    def __init__(self, house: "House", names: Mapping[str, str]) -> None:
        self._zone = house.company.time_zone
        self._names = names

    def order(self, detail: "OrderDetail") -> None:
        """Print an accepted order: who, what at which price and where promised, and what was noticed."""
        from oms_core.values.outbound import known_there

        order = detail.order
        say_line(f"Order {order.number}, {order.state}")
        say_facts(
            (
                ("customer", f"{detail.customer.name} ({order.customer})"),
                ("their number", order.customer_po or "none"),
                ("ordered", _days(order.ordered_on, order.requested_on)),
                ("ship to", _address(detail)),
                ("came", self._came(detail.delivery)),
                ("accepted", f"{self._at(order.created_at)} by {self._person(order.accepted_by)}"),
                ("in the ERP", known_there(order.erp_reference) if order.erp_reference else "not yet"),
            )
        )
        heads = ("line", "product", "ordered", "price", "amount", "promised")
        say_table("Lines", heads, _priced_lines(detail))
        say_line(_sum(detail))
        say_noticed(_findings(detail.draft.findings))

    def draft(self, told: "Story", seen: "Task", called: str) -> None:
        """Print what was read and is not, or not yet, an order of its own."""
        from oms_app.web.wording import kind, state

        draft, read = told.drafts[0], seen.order.draft
        say_line(f"{kind(draft.kind).capitalize()} {draft.number or 'without a number'}, {state(draft.state)}")
        wanted = read.requested_date.value if read.requested_date else None
        facts = [
            ("customer", _customer(seen)),
            ("ordered", _days(read.date.value if read.date else None, wanted)),
            ("came", self._came(told.delivery[0])),
            ("became", ", ".join(order.number for order in told.orders)),
            ("rejected", draft.reject_reason),
            ("decide", f"{called} review show {draft.id}" if draft.state == "in_review" else ""),
        ]
        say_facts(facts)
        say_table("Lines", ("line", "code", "text", "quantity", "price", "our product"), read_lines(seen))
        say_noticed(seen.findings)

    def delivery(self, told: "Story") -> None:
        """Print a delivery that holds several orders, or none."""
        from oms_app.web.wording import state

        say_line(f"Delivery {told.delivery[0].filename}")
        say_facts((("came", self._came(told.delivery[0])),))
        documents = ((row.filename, state(row.state), row.id) for row in told.documents)
        say_table("Documents", ("file", "state", "id"), documents)
        if told.drafts:
            numbers = {order.id: order.number for order in told.orders}
            rows = ((d.id, d.number, d.customer, state(d.state), numbers.get(d.order_id or "")) for d in told.drafts)
            say_table("Orders in it", ("id", "their number", "customer", "state", "our order"), rows)
        kept = (*(row.findings for row in told.documents), *(row.findings for row in told.drafts))
        say_noticed([finding for text in kept for finding in _findings(text)])

    def left_the_house(self, pushes: Sequence["Outbox"]) -> None:
        """Print what was or will be sent, to whom, and how far it is."""
        if pushes:
            say_line("\nLeft the house")
            say_facts(self._push(row) for row in pushes)

    def history(self, happened: Sequence["Entry"]) -> None:
        """Print who did what, with each field that was changed."""
        say_line("\nHistory")
        say_table("", ("when", "who", "what"), ((self._at(one.at), one.who, _told(one)) for one in happened))

    def _push(self, row: "Outbox") -> tuple[str, str]:
        from oms_app.web.wording import state

        whom = f"{_PUSHES.get(row.kind, row.kind)} to {row.recipient or row.partner}"
        waits = f", next attempt {self._at(row.next_attempt_at)}" if row.state == "pending" and row.attempts else ""
        return whom, f"{state(row.state)}{waits}{_after(row.receipt)}{_after(row.last_error)}"

    def _came(self, row: "Delivery") -> str:
        sender = row.sender_address or row.partner
        return f"{self._at(row.received_at)} by {row.channel}{f' from {sender}' if sender else ''}: {row.filename}"

    def _at(self, moment: datetime) -> str:
        return local_time(moment, self._zone)

    def _person(self, login: str) -> str:
        from oms_app.web.wording import person

        return person(login, self._names)


def read_lines(seen: "Task") -> Iterator[tuple[object, ...]]:
    """Yield the lines of a draft as they were read, each with the product it is taken for."""
    from oms_app.web.wording import price
    from oms_core.values import in_units

    for match, line in zip(seen.order.lines, seen.order.draft.lines, strict=True):
        code, unit = line.supplier_code or line.buyer_code or line.gtin, line.unit.value if line.unit else ""
        yield (
            match.position + 1,
            code.value if code else None,
            line.description.value if line.description else None,
            in_units(line.quantity.value, unit) if line.quantity else unit,
            price(line.unit_price.value) if line.unit_price else None,
            match.sku if match.decision.value == "match" else f"? {match.sku or ''}",
        )


def _customer(seen: "Task") -> str:
    match = seen.order.customer
    names = [one.label for one in match.candidates if one.key == match.key]
    return " ".join((*names[:1], f"({match.key})")) if match.key else "not known"


def _priced_lines(detail: "OrderDetail") -> Iterator[tuple[object, ...]]:
    from oms_app.web.wording import money
    from oms_core.values import in_units, plain

    for line in detail.lines:
        places = [f"{plain(one.quantity)} from {one.warehouse}" for one in detail.allocations.get(line.position, ())]
        if line.backordered:
            places.append(f"{in_units(line.backordered, line.unit)} on backorder")
        yield (
            line.position + 1,
            f"{line.sku} {line.description}",
            in_units(line.ordered_quantity, line.ordered_unit or line.unit),
            f"{money(line.unit_price)} ({line.price_source})",
            money(line.amount),
            ", ".join(places),
        )


def _sum(detail: "OrderDetail") -> str:
    from oms_app.web.wording import money

    order, invoice = detail.order, detail.invoice
    total = f"Net {money(order.net)} + tax {money(order.tax)} = {money(order.gross)} {order.currency}"
    return f"{total}; invoice {invoice.number or 'without a number yet'}, {invoice.state}" if invoice else total


def _address(detail: "OrderDetail") -> str:
    to = detail.ship_to
    return f"{to.name}, {to.street}, {to.postal_code} {to.city}" if to else "the customer's own address"


def _days(ordered: object, wanted: object) -> str:
    told = str(ordered) if ordered else "no date stated"
    return f"{told}, wanted by {wanted}" if wanted else told


def _findings(kept: str) -> tuple["Finding", ...]:
    from oms_core.values import Finding
    from oms_store.codec import load

    return load(tuple[Finding, ...], kept)


def say_noticed(findings: Sequence["Finding"]) -> None:
    """Print what was noticed, with what each asks for; nothing where nothing was."""
    from oms_app.web.wording import severity

    if findings:
        say_line("\nNoticed")
        say_facts((severity(one), one.message) for one in findings)


def _told(entry: "Entry") -> str:
    changed = [f"{one.place}: {one.before or '(empty)'} → {one.after or '(empty)'}" for one in entry.changes]
    return "\n".join((f"{entry.what}{_after(entry.told)}", *changed))


def _after(text: str | None) -> str:
    return f": {text}" if text else ""
