"""What our own documents are scored against is what their senders meant, and a wrong value is seen."""

import pytest

from bench.generated import form_of, label, read, score
from oms_app.demo.company import build_company
from oms_app.demo.endless import SOAK_DAY
from oms_app.demo.orders import build_orders
from oms_app.reading_pool import InlineReader

COMPANY = build_company()
ORDERS = {order.name: order for order in build_orders(COMPANY, 3, SOAK_DAY)}
ONE_OF_EACH = {
    "upload-csv-1": "csv",
    "upload-xlsx-1": "xlsx",
    "sftp-edifact-1": "edi",
    "mail-text-1": "text",
    "mail-pdf-2": "pdf",
}


@pytest.mark.parametrize(("name", "form"), ONE_OF_EACH.items())
def test_a_clean_document_is_perfect(name: str, form: str):
    order = ORDERS[name]
    assert form_of(order) == form
    result = score([order], read([order], COMPANY, InlineReader())).report()
    assert (result["documents_perfect"], result["line_f1"]) == (1, 1.0)


def test_one_wrong_quantity_spoils_its_document_and_its_line():
    order = ORDERS["sftp-edifact-1"]
    row = read([order], COMPANY, InlineReader())[order.name]
    row["documents"][0]["lines"][0]["quantity"] = "99999"
    result = score([order], {order.name: row}).report()
    assert result["documents_perfect"] == 0
    assert result["line_f1"] < 1


def test_a_newsletter_wants_no_order_and_an_empty_file_an_error():
    assert label(ORDERS["newsletter"]) == {"documents": []}
    assert label(ORDERS["empty-file"])["_error"] is True
