"""What the stories about Tryton begin with: a server with products in stock, our connector to it, fresh keys."""

from collections.abc import Iterator
from itertools import count

import pytest

from connectors.tryton import TrytonErp
from tests.servers.tryton import TrytonServer

PRODUCTS = (
    ("SCR-4030", "Wood screw 4.0 x 30 mm, galvanised", "C62", "0.12"),
    ("CAB-3G15", "Cable 3 x 1.5", "MTR", "1.30"),
    ("GLOVE-9", "Gloves", "PR", "4.20"),
)

_numbers = count(1)


@pytest.fixture
def server(tryton: TrytonServer) -> TrytonServer:
    tryton.add_products(PRODUCTS)
    if not tryton.erp().stock(["SCR-4030"])["SCR-4030"]:
        tryton.add_stock([("SCR-4030", 100_000), ("CAB-3G15", 100_000), ("GLOVE-9", 100_000)])
    return tryton


@pytest.fixture
def erp(server: TrytonServer) -> Iterator[TrytonErp]:
    made = server.erp()
    yield made
    made.close()


@pytest.fixture
def key() -> str:
    return f"order-{next(_numbers)}"


@pytest.fixture
def number() -> str:
    return f"C-{2000 + next(_numbers)}"
