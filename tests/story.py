"""A house whose work is done at once and in order, without the motor: for stories about what orders become."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from sqlalchemy.orm import Session
from sqlmodel import col, select

from connectors import registry as connectors
from oms_app.reading_pool import InlineReader
from oms_core.ports import Clock, Erp
from oms_core.records import Draft, Order
from oms_core.values import BytesBlob, ChannelKind, Finding, RawDocument, SenderFacts
from oms_core.values.master import CustomerRow, PriceRow, ProductRow, StockRow, XrefRow
from oms_core.values.outbound import Settlement
from oms_core.values.work import Work, WorkKind
from oms_flow.deliver import Partners
from oms_flow.house import Company, House
from oms_flow.master import apply
from oms_flow.receive import receive
from oms_flow.walk import delivery, walk
from oms_store.codec import load
from oms_store.documents import DocumentStore
from oms_store.engine import make_engine
from oms_store.store import Store, Unit

T = TypeVar("T")

OUR_NAME = "Nordlicht Handel GmbH"
HUBER = CustomerRow(
    number="C-1001",
    name="Huber Metallbau GmbH",
    street="Werkstr. 5",
    postal_code="80331",
    city="Muenchen",
    country="DE",
    email="einkauf@huber.example",
    price_list="A",
    credit_limit=Decimal(10_000),
)
BERG = CustomerRow(number="C-1002", name="Berg & Sohn KG", country="DE", email="order@berg.example", price_list="A")
GOODS = (
    ProductRow("SCR-4030", "Wood screw 4x30 zinc", "C62", manufacturer_code="WS430"),
    ProductRow("SCR-4040", "Wood screw 4x40 zinc", "C62", pack_unit="BX", pack_factor=Decimal(200)),
    ProductRow("DRILL-18", "Cordless drill 18 V", "C62"),
)
PRICES = (
    PriceRow("A", "SCR-4030", Decimal("0.12"), "EUR"),
    PriceRow("A", "SCR-4030", Decimal("0.10"), "EUR", quantity_from=Decimal(1000)),
    PriceRow("A", "SCR-4040", Decimal("0.15"), "EUR"),
    PriceRow("A", "DRILL-18", Decimal("129.90"), "EUR"),
)
STOCK = (
    StockRow("NORTH", "SCR-4030", Decimal(5000)),
    StockRow("NORTH", "SCR-4040", Decimal(5000)),
    StockRow("NORTH", "DRILL-18", Decimal(4)),
    StockRow("SOUTH", "DRILL-18", Decimal(3)),
)
XREFS = (XrefRow("C-1001", "4711", "DRILL-18"),)


@dataclass
class Story:
    """One company and what happens to it."""

    house: House
    partners: Partners
    waiting: list[Work] = field(default_factory=list)

    def arrives(self, data: bytes, filename: str, **how: object) -> Settlement:
        """Let a document come in by a channel and let everything that follows happen."""
        outcome = self.lands(data, filename, **how)
        self.goes_on()
        return outcome

    def lands(self, data: bytes, filename: str, **how: object) -> Settlement:
        """Let a document come in and leave it there."""
        number = how.pop("number", None) or f"{filename}-{len(data)}-{id(how)}"
        sender = how.pop("sender", SenderFacts(address="einkauf@huber.example", authenticated=True))
        assert isinstance(sender, SenderFacts)
        raw = RawDocument(
            channel=str(how.pop("channel", "test")),
            kind=ChannelKind.UPLOAD,
            source_key=str(number),
            blob=BytesBlob(data),
            filename=filename,
            media_type=None,
            sender=sender,
            received_at=self.house.store.clock.now(),
            message_id=how.pop("message_id", None),  # type: ignore[arg-type]  # stories say what they mean
        )
        assert not how, how
        return receive(self.house, raw)

    def goes_on(self, *kinds: WorkKind) -> None:
        """Do all work that waits, and what follows from it; only of these kinds, where any are named."""
        wanted = kinds or tuple(WorkKind)
        while work := next((work for work in self.waiting if work.kind in wanted), None):
            self.waiting.remove(work)
            if work.kind is WorkKind.WALK:
                walk(self.house, work.subject, self.step)
            else:
                delivery(self.house, self.partners, work.subject, work.run, self.step)

    def step(self, name: str, save: Callable[[Unit], T]) -> T:
        with self.house.store.write(name) as unit:
            return save(unit)

    def drafts(self) -> list[Draft]:
        """Return every draft, oldest first."""
        with self.house.store.read() as session:
            return list(session.scalars(select(Draft).order_by(col(Draft.id))))

    def orders(self) -> list[Order]:
        """Return every order by number."""
        with self.house.store.read() as session:
            return list(session.scalars(select(Order).order_by(col(Order.number))))

    def codes(self, draft: Draft) -> set[str]:
        """Return the codes of what was found in a draft."""
        return {finding.code for finding in load(tuple[Finding, ...], draft.findings)}


def open_story(url: str, folder: Path, clock: Clock, erp: Erp | None = None) -> Story:
    """Open a house over a migrated database with a small company in it."""
    waiting: list[Work] = []

    def enqueue(_session: Session, work: Work) -> None:
        waiting.append(work)

    store = Store(make_engine(url), clock, enqueue)
    house = House(
        store,
        DocumentStore(folder / "documents"),
        InlineReader(),
        Company(names=(OUR_NAME,), mail_address="orders@nordlicht.example", time_zone="Europe/Berlin"),
    )
    for kind, rows in (
        ("products", GOODS),
        ("customers", (HUBER, BERG)),
        ("prices", PRICES),
        ("stock", STOCK),
        ("xref", XREFS),
    ):
        difference = apply(house, kind, rows, "import")
        assert not difference.errors, difference.errors
    partners = Partners(
        erp or connectors.erp("file_drop", {"folder": str(folder / "erp")}, clock),
        connectors.mailer("mail_folder", {"folder": str(folder / "mail"), "sender": "orders@nordlicht.example"}, clock),
        connectors.reply_box("reply_folder", {"folder": str(folder / "replies")}, clock),
    )
    return Story(house, partners, waiting)


def csv_order(number: str | None, *lines: tuple[str, object], date: str = "2026-03-02") -> bytes:
    """Write an order as a small CSV file with prices left to the list."""
    head = f"Order number;{number}\nOrder date;{date}\n\n" if number else ""
    rows = "".join(f"{code};{quantity}\n" for code, quantity in lines)
    return f"{head}Article number;Quantity\n{rows}".encode()
