"""What cannot be read, through the real worker and its reading children: a task with a sentence, and work goes on."""

import io
import zipfile
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from oms_app.demo.specs import Fault, Form
from oms_core.records import Delivery, Document
from oms_core.values import ChannelKind, Limits
from tests.scenario_house import codes, findings_of, put
from tests.scenario_orders import story_order
from tests.scenario_wiring import Connected

pytestmark = [pytest.mark.real, pytest.mark.slow]

MEGABYTE = 1024 * 1024


def a_file(name: str, form: Form, fault: Fault = Fault.NONE) -> bytes:
    """Return the file of an order, as its sender broke it."""
    customer = "K1003" if form is Form.EDIFACT else "K1002"
    return story_order(name, ChannelKind.FOLDER, form, customer, lines=3, fault=fault).data


def zip_bomb() -> bytes:
    """Return a workbook whose one sheet unpacks to more than any document may."""
    whole = io.BytesIO(a_file("bomb", Form.XLSX))
    bomb = io.BytesIO()
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            if member.filename != "xl/worksheets/sheet1.xml":
                target.writestr(member, source.read(member))
        with target.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(Limits().inflated_bytes // MEGABYTE + 1):
                sheet.write(b" " * MEGABYTE)
    return bomb.getvalue()


def nested_mail() -> bytes:
    """Return a mail in a mail in a mail, one deeper than any document may be."""
    inner = EmailMessage(policy=SMTP)
    inner["From"] = "bestellung@sandhofer.example"
    inner["Subject"] = "Bestellung PO-1"
    inner.set_content("100 Stück SCR-4030")
    for depth in range(Limits().depth + 1):
        outer = EmailMessage(policy=SMTP)
        outer["From"] = "bestellung@sandhofer.example"
        outer["Subject"] = f"Fwd {depth}"
        outer.set_content("siehe Anhang")
        outer.add_attachment(inner)
        inner = outer
    return inner.as_bytes()


BAD = {
    "empty.csv": (lambda: b"", "document.empty"),
    "encrypted.pdf": (lambda: a_file("encrypted", Form.PDF, Fault.ENCRYPTED), "document.encrypted_pdf"),
    "half-written.edi": (lambda: a_file("half", Form.EDIFACT, Fault.TRUNCATED), "document.truncated"),
    "half-written.pdf": (lambda: half(a_file("half-pdf", Form.PDF)), ""),
    "half-written.xlsx": (lambda: half(a_file("half-xlsx", Form.XLSX)), ""),
    "bomb.xlsx": (zip_bomb, ""),
    "nested.eml": (nested_mail, "document.too_deep"),
}
"""What arrives, and the code of what is told of it where it is always the same one."""


def half(data: bytes) -> bytes:
    """Return what a transfer that broke off left."""
    return data[: len(data) // 2]


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_becomes_a_task_and_the_next_order_runs(careful: Connected, name: str) -> None:
    make, code = BAD[name]
    data = make()
    put(careful.inbox, name, data)
    clean = story_order(f"after-{name}", ChannelKind.FOLDER, Form.PDF, "K1002", lines=2)
    put(careful.inbox, clean.filename, clean.data)
    document = careful.house.document(name)
    assert document.state == "unreadable"
    assert_told(document, code)
    with careful.house.house.documents.get(document.sha256).open() as kept:
        assert kept.read() == data
    assert careful.house.confirmed(clean.orders[0].number or "").net == clean.orders[0].net
    careful.house.assert_conserved()


def assert_told(document: Document, code: str) -> None:
    """A person is told in a sentence what is wrong."""
    told = findings_of(document)
    assert told
    assert not code or code in codes(document)
    for finding in told:
        assert finding.code.startswith("document.")
        assert len(finding.message.split()) > 4
        assert "Traceback" not in finding.message


def test_a_file_over_the_limit_is_refused_and_left_to_its_sender(careful: Connected) -> None:
    path = careful.inbox / "huge.pdf"
    part = careful.inbox / ".huge.part"
    with part.open("wb") as handle:
        handle.write(b"%PDF-1.7\n")
        handle.truncate(65 * MEGABYTE)
    part.rename(path)
    clean = story_order("after-huge", ChannelKind.FOLDER, Form.PDF, "K1002", lines=2)
    put(careful.inbox, clean.filename, clean.data)

    def refused() -> Delivery | None:
        return careful.house.delivery(filename="huge.pdf", state="refused")

    delivery = careful.house.until(refused, "the file is refused")
    assert delivery is not None
    assert delivery.document_id is None
    assert "64" in delivery.reason or "67,108,864" in delivery.reason
    careful.house.until(lambda: not path.exists(), "the file is put aside")
    assert (careful.inbox / "error" / "huge.pdf").stat().st_size == 65 * MEGABYTE
    assert careful.house.confirmed(clean.orders[0].number or "").net == clean.orders[0].net
    careful.house.assert_conserved()
