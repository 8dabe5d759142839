"""The demo of seed 7 on one Monday, built once for all tests beside this file."""

from datetime import date

import pytest

from oms_app.demo.company import DemoCompany, build_company
from oms_app.demo.orders import build_orders
from oms_app.demo.planned import DemoOrder

MONDAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def today() -> date:
    return MONDAY


@pytest.fixture(scope="session")
def company() -> DemoCompany:
    return build_company(7)


@pytest.fixture(scope="session")
def orders(company: DemoCompany) -> tuple[DemoOrder, ...]:
    return build_orders(company, 7, MONDAY)
