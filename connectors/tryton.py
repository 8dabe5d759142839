"""Tryton 8 as the ERP, over its JSON-RPC: sales, stock and master data.

It needs the modules sale, stock and web_shop, and a user who may sell, read stock and make parties. One key is one
sale: `web_shop` and `web_id` are unique together in Tryton's database. Whatever call was the last before a crash,
sending the order again goes on from the state the sale is in.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal

from connectors.connector import Connector, Port
from connectors.tryton_master import on_hand, pull
from connectors.tryton_rpc import TrytonAccess, TrytonRefused, TrytonRpc
from connectors.tryton_sales import SaleRules, Sales
from connectors.tryton_units import UnitNames
from oms_core.errors import ConfigurationError, PartnerRejected, PartnerUnavailable
from oms_core.ports import Clock
from oms_core.values.master import MasterRow
from oms_core.values.outbound import ErpOrder, ErpReceipt

MAX_KEY_LENGTH = 500
"""Longest idempotency key sent as a web id."""


@dataclass(frozen=True, slots=True)
class TrytonSettings:
    """The server, the user, and how we behave there.

    `shop` is the web shop our sales belong to, made on first use. `units` translates units that Tryton does not bring
    itself (`CT=Carton PR=Pair`). `tolerance` is by how much totals may differ: Tryton rounds half cents to even, we
    round them up. `accept_warnings` answers yes to Tryton's warnings, as a person would click.
    """

    url: str
    database: str
    user: str
    password: str = field(repr=False)
    shop: str = "ordermill"
    units: str = ""
    tolerance: Decimal = Decimal("0.05")
    accept_warnings: bool = False
    timeout_seconds: float = 60.0


class TrytonErp:
    """A Tryton company as the leading business system."""

    name = "tryton"

    def __init__(self, settings: TrytonSettings) -> None:
        _check(settings)
        self._units = UnitNames(settings.units)
        self._rpc = TrytonRpc(
            TrytonAccess(
                url=settings.url,
                database=settings.database,
                user=settings.user,
                password=settings.password,
                timeout_seconds=settings.timeout_seconds,
                accept_warnings=settings.accept_warnings,
            )
        )
        self._sales = Sales(self._rpc, SaleRules(settings.shop, self._units, settings.tolerance))

    def find(self, key: str) -> ErpReceipt | None:
        """Look a confirmed sale up by its key; one that a crash left as a draft is not found, so it is sent again.

        Raises `PartnerUnavailable`.
        """
        with _reading():
            return self._sales.find(key)

    def send(self, order: ErpOrder) -> ErpReceipt:
        """Make the order one confirmed sale, whatever of it is there already, and return its number and state.

        Raises `PartnerRejected` with what a person must put right (unknown product, unit, country or warehouse, other
        totals, Tryton's own refusals), `PartnerUnavailable` when it is not known how far it came: send it again.
        """
        if len(order.key) > MAX_KEY_LENGTH:
            raise PartnerRejected(f"The key {order.key[:40]!r}... is longer than {MAX_KEY_LENGTH} characters.")
        return self._sales.send(order)

    def stock(self, skus: Sequence[str]) -> Mapping[str, Decimal]:
        """Return what is on hand over all warehouses today; SKUs that Tryton does not know are left out."""
        with _reading():
            return on_hand(self._rpc, list(dict.fromkeys(skus)))

    def pull(self, kind: str) -> Iterator[MasterRow]:
        """Stream products, customers (with their other addresses as ship-tos), prices, stock or xref.

        Prices are the products' list prices (list `LIST`) and those of the net price lists where the module
        sale_price_list is there; xref comes from the module sale_product_customer.
        """
        return pull(self._rpc, self._units, kind)

    def close(self) -> None:
        """Let go of connections."""
        self._rpc.close()


@contextmanager
def _reading() -> Iterator[None]:
    # A refusal to be read says nothing about an order: it waits until the user's rights are put right.
    try:
        yield
    except TrytonRefused as refused:
        raise PartnerUnavailable(str(refused)) from refused


def _check(settings: TrytonSettings) -> None:
    if not settings.url.startswith(("http://", "https://")):
        raise ConfigurationError(
            f"tryton: the setting url must begin with https:// or http://, not {settings.url[:40]!r}."
        )
    if not settings.timeout_seconds > 0 or settings.tolerance < 0:
        raise ConfigurationError("tryton: timeout_seconds must be more than 0, and tolerance at least 0.")


def _build(settings: TrytonSettings, _clock: Clock) -> TrytonErp:
    return TrytonErp(settings)


CONNECTOR = Connector("tryton", Port.ERP, TrytonSettings, _build)
