"""What the demo's senders mean is what our parsers read: every code, quantity, unit, price and date of sixty orders."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from oms_app.demo.company import DemoCompany
from oms_app.demo.planned import DemoOrder, Expected, PlannedLine, PlannedOrder
from oms_app.demo.specs import SPECS, Form
from oms_core.errors import UnreadableDocument
from oms_core.ports import Parser
from oms_core.values.document import Blob, BytesBlob, ChannelKind, Hints
from oms_core.values.draft import DocumentKind, DraftDocument, DraftLine
from oms_core.values.source import Value
from oms_flow.compose import Composition, CompositionKind, ReadFailure, ReadNode, compose
from parsers.registry import builtin_parsers, read_document

FORM_OF = {spec.name: spec.form for spec in SPECS}
EXPECTED_KIND = {
    Expected.ACCEPTED: CompositionKind.ORDERS,
    Expected.REVIEW: CompositionKind.ORDERS,
    Expected.DUPLICATE: CompositionKind.ORDERS,
    Expected.FILED: CompositionKind.FILED,
    Expected.UNREADABLE: CompositionKind.UNREADABLE,
}


@pytest.fixture(scope="module")
def parsers() -> tuple[Parser, ...]:
    return builtin_parsers()


def read(
    blob: Blob, filename: str, media_type: str | None, role: str, company: DemoCompany, parsers: tuple[Parser, ...]
) -> ReadNode:
    """Read a document and everything inside it, as the house does."""
    hints = Hints(
        filename=filename,
        media_type=media_type,
        received_at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
        our_names=company.seller.names,
        our_ids=company.seller.ids,
    )
    try:
        reading = read_document(blob, hints, parsers)
    except UnreadableDocument as error:
        return ReadNode(None, ReadFailure(error.code, str(error), error.place), filename, role)
    inside = tuple(
        read(part.blob, part.filename, part.media_type, part.role, company, parsers) for part in reading.parts
    )
    return ReadNode(reading, None, filename, role, inside)


def composed(order: DemoOrder, company: DemoCompany, parsers: tuple[Parser, ...]) -> Composition:
    """Read one delivery and put its pieces together."""
    return compose(read(BytesBlob(order.data), order.filename, order.media_type, "attachment", company, parsers))


def plain(value: Value | None) -> object:
    return None if value is None else value.value


def line_differences(place: str, read_line: DraftLine, line: PlannedLine) -> Iterator[str]:
    codes = {
        str(plain(value))
        for value in (read_line.supplier_code, read_line.buyer_code, read_line.gtin)
        if value is not None
    }
    meant = {code for code in (line.supplier_code, line.buyer_code, line.gtin) if code is not None}
    if codes != meant:
        yield f"{place}: codes {sorted(codes)}, meant {sorted(meant)}"
    if line.supplier_code and line.buyer_code and plain(read_line.buyer_code) != line.buyer_code:
        yield f"{place}: the customer's code is {plain(read_line.buyer_code)}, meant {line.buyer_code}"
    for name, got, wanted in (
        ("quantity", plain(read_line.quantity), line.quantity),
        ("unit", plain(read_line.unit), line.unit),
        ("price", plain(read_line.unit_price), line.printed_price),
    ):
        if got != wanted:
            yield f"{place}: {name} {got}, meant {wanted}"


def same_lines(drafts: DraftDocument, plan: PlannedOrder) -> Iterator[str]:
    if len(drafts.lines) != len(plan.lines):
        yield f"{len(drafts.lines)} lines, meant {len(plan.lines)}"
        return
    for number, (read_line, line) in enumerate(zip(drafts.lines, plan.lines, strict=True), start=1):
        yield from line_differences(f"line {number}", read_line, line)


def header_differences(draft: DraftDocument, plan: PlannedOrder) -> Iterator[str]:
    wanted_date = plan.date if plan.number is not None else None
    for name, got, wanted in (
        ("kind", draft.kind, plan.kind),
        ("number", plain(draft.number), plan.number),
        ("date", plain(draft.date), wanted_date),
    ):
        if got != wanted:
            yield f"{name} {got}, meant {wanted}"
    if plain(draft.currency) not in {None, "EUR"}:
        yield f"currency {plain(draft.currency)}, meant EUR or nothing said"
    if draft.lines and plan.requested_date != plain(draft.requested_date):
        dates = {plain(line.requested_date) for line in draft.lines}
        if dates != {plan.requested_date}:
            yield f"wanted on {plain(draft.requested_date)} (lines {dates}), meant {plan.requested_date}"


def party_differences(draft: DraftDocument, plan: PlannedOrder, form: Form) -> Iterator[str]:
    if plan.ship_to is not None:
        got = (plain(draft.ship_to.id) if form is Form.EDIFACT else plain(draft.ship_to.name), plain(draft.ship_to.id))
        wanted = plan.ship_to.gln if form is Form.EDIFACT else plan.ship_to.name
        if got[0] != wanted:
            yield f"ship-to {got[0]}, meant {wanted}"
    elif draft.ship_to.stated and plain(draft.ship_to.name) != plan.customer.name:
        yield f"ship-to {plain(draft.ship_to.name)}, meant none"
    if form in {Form.PDF, Form.EDIFACT}:
        own = {plan.customer.gln, plan.customer.vat_id, plan.customer.number, plan.customer.name}
        if not {plain(draft.buyer.id), plain(draft.buyer.name)} & own:
            yield f"buyer {plain(draft.buyer.name)} {plain(draft.buyer.id)}, meant {plan.customer.name}"
        seller = {plan.seller.name, plan.seller.gln}
        if draft.supplier.stated and not {plain(draft.supplier.name), plain(draft.supplier.id)} & seller:
            yield f"supplier {plain(draft.supplier.name)} {plain(draft.supplier.id)}, meant {plan.seller.name}"


def differences(order: DemoOrder, found: Composition) -> list[str]:
    """Say everything that was read otherwise than it was meant."""
    if found.kind is not EXPECTED_KIND[order.expected]:
        return [f"came out as {found.kind} ({found.error}), meant {EXPECTED_KIND[order.expected]}"]
    if order.expected is Expected.UNREADABLE:
        code = found.error.code if found.error else None
        return [] if code in order.codes else [f"unreadable as {code}, meant {order.codes}"]
    if len(found.drafts) != len(order.orders):
        return [f"{len(found.drafts)} orders, meant {len(order.orders)}"]
    form = FORM_OF[order.name]
    said = []
    for placed, plan in zip(found.drafts, order.orders, strict=True):
        said += list(header_differences(placed.draft, plan))
        said += list(party_differences(placed.draft, plan, form))
        if not (plan.kind is DocumentKind.ORDER_CANCELLATION and form is Form.TEXT):
            said += list(same_lines(placed.draft, plan))
    return said


@pytest.mark.parametrize("name", [spec.name for spec in SPECS])
def test_it_is_read_as_it_was_meant(
    name: str, company: DemoCompany, orders: tuple[DemoOrder, ...], parsers: tuple[Parser, ...]
):
    (order,) = [order for order in orders if order.name == name]
    assert differences(order, composed(order, company, parsers)) == []


def test_the_comparison_tells_a_wrong_quantity(
    company: DemoCompany, orders: tuple[DemoOrder, ...], parsers: tuple[Parser, ...]
):
    (order,) = [order for order in orders if order.name == "sftp-edifact-1"]
    changed = order.data.replace(b"QTY+21:10:", b"QTY+21:11:")
    found = compose(read(BytesBlob(changed), order.filename, order.media_type, "attachment", company, parsers))
    assert [text.partition(":")[0] for text in differences(order, found)] == ["line 1", "line 3"]
    assert order.orders[0].lines[0].quantity == Decimal(10)
    assert order.channel is ChannelKind.SFTP
