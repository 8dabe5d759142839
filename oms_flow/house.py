"""What every verb needs, built once by `oms_app.bootstrap`."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from oms_core.decisions.pricing import TaxRates
from oms_core.ports import Reader
from oms_core.values import Hints, Limits
from oms_store.catalogue import ProductSearch
from oms_store.documents import DocumentStore
from oms_store.facts import WhoWeAre
from oms_store.store import Store
from rules.values import DEFAULT_RULES, RuleSet

GERMAN_TAX = TaxRates("DE", (("standard", Decimal("0.19")), ("reduced", Decimal("0.07")), ("zero", Decimal(0))))
"""The rates where none are set."""


@dataclass(frozen=True, slots=True)
class Company:
    """Who we are: our names and identifiers as documents print them, our calendar, and what we charge tax at."""

    names: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    mail_address: str = ""
    time_zone: str = "UTC"
    currency: str = "EUR"
    tax: TaxRates = GERMAN_TAX


@dataclass(frozen=True, slots=True)
class Replies:
    """How acknowledgements leave: by mail to people, as files to partners that fetch them."""

    mails_per_address_and_hour: int = 5
    by_mail: bool = True
    by_file: bool = True


@dataclass(frozen=True, slots=True)
class House:
    """The store, the documents, the reader and the company's own facts."""

    store: Store
    documents: DocumentStore
    reader: Reader
    company: Company = field(default_factory=Company)
    rules: RuleSet = DEFAULT_RULES
    limits: Limits = field(default_factory=Limits)
    replies: Replies = field(default_factory=Replies)
    erp: str = "file_drop"
    """The name of the ERP connector that accepted orders are pushed to."""
    words: ProductSearch = field(default_factory=ProductSearch)

    def today(self) -> date:
        """Return the company's calendar day."""
        return self.store.clock.now().astimezone(ZoneInfo(self.company.time_zone)).date()

    def told(self, moment: datetime) -> str:
        """Write an instant as the company's clock shows it."""
        return f"{moment.astimezone(ZoneInfo(self.company.time_zone)):%Y-%m-%d %H:%M}"

    def us(self) -> WhoWeAre:
        """Return who we are, for matching and rules."""
        return WhoWeAre(self.company.names, self.company.ids, self.today())

    def hints(self) -> Hints:
        """Return what every reader is told."""
        return Hints(our_names=self.company.names, our_ids=self.company.ids, limits=self.limits)


SYSTEM = "ordermill"
"""Who did it, where no person did."""
