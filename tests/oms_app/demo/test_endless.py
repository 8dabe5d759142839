"""The soak's stream: every order once, every total known, all ways in use."""

from itertools import islice

from oms_app.demo.company import DemoCompany, PriceBook
from oms_app.demo.endless import endless_orders, without_limits
from oms_app.demo.planned import Expected
from oms_core.values.document import ChannelKind


def test_numbers_and_message_names_are_unique_and_all_channels_are_used(company: DemoCompany):
    stream = list(islice(endless_orders(company, 5), 200))
    assert len({order.name for order in stream}) == 200
    assert len({order.orders[0].number for order in stream}) == 200
    assert len({order.data for order in stream}) == 200
    assert {order.channel for order in stream} == set(ChannelKind) - {ChannelKind.INGEST}
    assert len({(order.channel, order.sender, order.filename) for order in stream}) == 200


def test_every_order_is_clean_and_its_total_is_that_of_its_lines(company: DemoCompany):
    book = PriceBook(company)
    for order in islice(endless_orders(company, 5), 100):
        assert order.expected is Expected.ACCEPTED
        (plan,) = order.orders
        assert plan.customer.number != "K1014"
        prices = [book.price(plan.customer.number, line.sku or "", line.stock_quantity) for line in plan.lines]
        assert prices == [line.price for line in plan.lines]
        assert order.expected_net == sum(line.amount for line in plan.lines) > 0


def test_the_stream_is_the_same_for_the_same_seed(company: DemoCompany):
    first, again, other = (list(islice(endless_orders(company, seed), 30)) for seed in (5, 5, 6))
    assert first == again
    assert not {order.data for order in first} & {order.data for order in other}


def test_a_company_without_limits_has_stock_and_credit_for_any_soak(company: DemoCompany):
    boundless = without_limits(company)
    assert all(row.quantity >= 10**9 for row in boundless.stock)
    assert all((row.credit_limit or 0) >= 10**9 for row in boundless.sold_tos)
    assert boundless.prices == company.prices
    assert [row.credit_limit for row in boundless.customers if row.ship_to_of] == [None] * (len(company.customers) - 15)
