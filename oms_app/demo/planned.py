"""What a sender means and what should become of it: the truth that every rendered demo order is checked against."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from oms_app.demo.customers import Seller
from oms_core.values.document import ChannelKind
from oms_core.values.draft import DocumentKind
from oms_core.values.master import CustomerRow
from oms_core.values.money import round_money


class Expected(StrEnum):
    """What should become of a delivery without anybody's help."""

    ACCEPTED = "accepted"
    REVIEW = "review"
    DUPLICATE = "duplicate"
    FILED = "filed"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """One line as meant: `price` is ours per stock unit, `printed_price` what the sender writes for one `unit`."""

    sku: str | None
    """The product meant; None where the printed code is nobody's."""
    description: str
    quantity: Decimal
    unit: str
    factor: Decimal
    price: Decimal
    printed_price: Decimal | None = None
    supplier_code: str | None = None
    buyer_code: str | None = None
    gtin: str | None = None

    @property
    def printed_amount(self) -> Decimal | None:
        """The net amount that a document prints, where it prints a price."""
        return None if self.printed_price is None else round_money(self.quantity * self.printed_price)

    @property
    def stock_quantity(self) -> Decimal:
        """What leaves the shelf, in stock units."""
        return self.quantity * self.factor

    @property
    def amount(self) -> Decimal:
        """The net amount at our price."""
        return round_money(self.stock_quantity * self.price)


@dataclass(frozen=True, slots=True)
class PlannedOrder:
    """One order (or cancellation) as its sender means it, whatever the format; `contact` signs it."""

    kind: DocumentKind
    number: str | None
    date: dt.date
    requested_date: dt.date | None
    customer: CustomerRow
    contact: str
    language: str
    seller: Seller
    ship_to: CustomerRow | None = None
    lines: tuple[PlannedLine, ...] = ()

    @property
    def net(self) -> Decimal:
        """The net total at our prices."""
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def printed_net(self) -> Decimal | None:
        """The net total that a document prints, where it prints prices."""
        amounts = [line.printed_amount for line in self.lines]
        stated = [amount for amount in amounts if amount is not None]
        return sum(stated, Decimal(0)) if stated and len(stated) == len(amounts) else None


@dataclass(frozen=True, slots=True)
class DemoOrder:
    """One delivery of the demo: its bytes, the way it comes, and what should become of it.

    `sender` is the mail address for a mailbox, else the channel's own name for the partner (the customer number).
    `codes`: findings of which the engine must name at least one. `after` names the delivery that must be there first.
    """

    name: str
    channel: ChannelKind
    filename: str
    data: bytes
    media_type: str
    sender: str
    expected: Expected
    note: str
    codes: tuple[str, ...] = ()
    orders: tuple[PlannedOrder, ...] = ()
    after: str | None = None

    @property
    def expected_net(self) -> Decimal:
        """The net total of what should be accepted; nought for everything else."""
        if self.expected is not Expected.ACCEPTED:
            return Decimal(0)
        return sum((order.net for order in self.orders), Decimal(0))
