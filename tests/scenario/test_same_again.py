"""The same again: a hundred times at once by two channels, and next week without a number of its own."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from sqlmodel import col, select

from oms_app.demo.specs import Form
from oms_core.decisions.transition import DraftState
from oms_core.records import Delivery, Draft, Invoice, Outbox
from oms_core.values import ChannelKind
from oms_flow import review
from oms_flow.people import create_first_admin
from oms_flow.review import Edit
from tests.scenario_house import RealHouse, codes, put, sentence
from tests.scenario_orders import story_order
from tests.scenario_wiring import NewHouse, by_folder, by_mail, free_port
from tests.servers.dovecot import Mailbox

pytestmark = [pytest.mark.real, pytest.mark.slow]

TIMES = 100
BOTH = pytest.mark.parametrize("engine", ["sqlite", "postgresql"])


def at_once(*deeds: Callable[[], object]) -> None:
    """Do things at one instant, a thread each."""
    gate = threading.Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> object:
        gate.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as threads:
        for done in [threads.submit(do, deed) for deed in deeds]:
            done.result()


def uploads(house: RealHouse, names: Sequence[str], data: bytes, partner: str = "") -> list[Callable[[], object]]:
    """Return uploads by HTTP, each as a customer's program sends it."""
    address = f"http://127.0.0.1:{house.settings().web.port}"
    password = create_first_admin(house.house.store)
    opened = httpx.post(f"{address}/api/v1/sessions", json={"login": "admin", "password": password}, timeout=60)
    headers = {"Authorization": f"Bearer {opened.json()['token']}"}

    def upload(name: str) -> None:
        url = f"{address}/api/v1/documents"
        answer = httpx.post(url, files={"file": (name, data)}, data={"partner": partner}, headers=headers, timeout=120)
        assert answer.status_code in {200, 201}, answer.text

    return [lambda name=name: upload(name) for name in names]  # type: ignore[misc]  # a closure for each name


def drafts(house: RealHouse) -> list[Draft]:
    """Return every draft, oldest first."""
    with house.look() as session:
        return list(session.scalars(select(Draft).order_by(col(Draft.id))))


def assert_one_order(house: RealHouse) -> None:
    """There is one order, billed and pushed once, and it is at rest; the laws hold."""
    house.until(house.at_rest, "nothing is in progress", 120)
    (order,) = house.orders()
    assert order.erp_reference
    with house.look() as session:
        assert list(session.scalars(select(Invoice.order_id))) == [order.id]
        assert list(session.scalars(select(Outbox.order_id).where(col(Outbox.kind) == "erp"))) == [order.id]
    assert len(list((house.folder / "erp" / "orders").glob("*.json"))) == 1
    house.assert_conserved()


@BOTH
def test_one_file_a_hundred_times_by_upload_and_folder(new_house: NewHouse, engine: str, tmp_path: Path) -> None:
    data = story_order("hundred", ChannelKind.FOLDER, Form.CSV, "K1005", lines=3).data
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    house: RealHouse = new_house(
        engine, {"channels": {"drop": by_folder(inbox, partner="K1005")}, "web": {"port": free_port()}}
    )
    house.start("--web")
    by_http = uploads(house, [f"upload-{turn}.csv" for turn in range(TIMES // 2)], data, "K1005")

    def by_file() -> None:
        for turn in range(TIMES // 2):
            put(inbox, f"file-{turn}.csv", data)

    at_once(by_file, *by_http)
    house.until(lambda: len(drafts(house)) == TIMES, f"{TIMES} were read", 120)
    assert_one_order(house)
    twins = [draft for draft in drafts(house) if draft.order_id is None]
    assert {draft.state for draft in twins} == {DraftState.DUPLICATE}
    assert len(twins) == TIMES - 1
    everybody = {draft.id for draft in drafts(house)}
    assert all(twin.duplicate_of in everybody - {twin.id} for twin in twins)


@BOTH
def test_one_mail_a_hundred_times_by_mailbox_and_upload(new_house: NewHouse, engine: str, mailbox: Mailbox) -> None:
    data = story_order("hundred-mails", ChannelKind.MAILBOX, Form.TEXT, "K1002", lines=3, prices=False).data
    house: RealHouse = new_house(engine, {"channels": {"mail": by_mail(mailbox)}, "web": {"port": free_port()}})
    house.start("--web")
    by_http = uploads(house, [f"mail-{turn}.eml" for turn in range(TIMES // 2)], data)

    def by_lmtp() -> None:
        for _ in range(TIMES // 2):
            mailbox.deliver(data)

    at_once(by_lmtp, *by_http)

    def deliveries() -> list[Delivery]:
        with house.look() as session:
            return list(session.scalars(select(Delivery)))

    house.until(lambda: len(deliveries()) == TIMES, f"{TIMES} were taken", 120)
    rows = deliveries()
    assert Counter(row.state for row in rows) == {"stored": 1, "duplicate": TIMES - 1}
    (first,) = [row for row in rows if row.state == "stored"]
    assert {row.duplicate_of for row in rows if row.state == "duplicate"} == {first.id}
    assert {row.document_id for row in rows} == {first.document_id}
    house.until(house.orders, "the mail became an order")
    assert_one_order(house)
    house.until(lambda: len(mailbox.uids("Processed")) == TIMES // 2, "every mail is put away")
    assert mailbox.uids() == []


@BOTH
def test_next_week_without_a_number_a_person_is_asked_and_the_answer_kept(
    new_house: NewHouse, engine: str, tmp_path: Path
) -> None:
    house, inbox = weekly(new_house, engine, tmp_path)
    arrives(house, inbox, 1)
    second = next_week(house, inbox, 2)
    assert (second.state, second.order_id) == (DraftState.IN_REVIEW, None)
    (first,) = house.orders()
    told = sentence(second, "duplicate.repeat_question")
    assert f"it became order {first.number}" in told
    assert told.endswith("is it a new order, or the same one again?")
    version = review.keep_repeat(house.house, Edit(second.id, second.version, "ida"))
    assert review.accept_task(house.house, Edit(second.id, version, "ida")).order_id
    third = next_week(house, inbox, 3)
    assert third.state == DraftState.ACCEPTED
    assert third.decided_by == "ordermill"
    assert "duplicate.repeat_known" in codes(third)
    house.until(house.at_rest, "nothing is in progress")
    assert [order.accepted_by for order in house.orders()] == ["ordermill", "ida", "ordermill"]
    house.assert_conserved()


def test_next_week_without_a_number_the_answer_may_be_that_it_is_the_same(new_house: NewHouse, tmp_path: Path) -> None:
    house, inbox = weekly(new_house, "sqlite", tmp_path)
    arrives(house, inbox, 1)
    second = next_week(house, inbox, 2)
    review.mark_duplicate(house.house, Edit(second.id, second.version, "ida"), keep=True)
    third = next_week(house, inbox, 3)
    (order,) = house.orders()
    assert [draft.state for draft in drafts(house)] == ["accepted", "duplicate", "duplicate"]
    assert third.duplicate_of == order.draft_id
    assert drafts(house)[1].duplicate_of == order.draft_id
    house.assert_conserved()


def weekly(new_house: NewHouse, engine: str, tmp_path: Path) -> tuple[RealHouse, Path]:
    """Start a house where one customer drops its weekly list; leases outlive a week."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    channels = {"drop": by_folder(inbox, partner="K1005")}
    house: RealHouse = new_house(engine, {"channels": channels, "worker": {"lease_seconds": 3e6}})
    house.start()
    return house, inbox


def arrives(house: RealHouse, inbox: Path, week: int) -> Draft:
    """Let the list of a week arrive, the same bytes every time, and return what became of it."""
    put(inbox, f"week-{week}.csv", _list())

    def at_rest() -> Draft | None:
        found = drafts(house)
        still = {DraftState.DRAFTED, DraftState.MATCHED}
        return found[-1] if len(found) == week and found[-1].state not in still else None

    draft = house.until(at_rest, f"the list of week {week} is at rest")
    assert draft is not None
    return draft


def next_week(house: RealHouse, inbox: Path, week: int) -> Draft:
    """Let a week pass, and the list arrive again."""
    house.clock.advance(days=7)
    return arrives(house, inbox, week)


def _list() -> bytes:
    (plan,) = story_order("weekly", ChannelKind.FOLDER, Form.CSV, "K1005", lines=3, prices=False).orders
    rows = "".join(f"{line.supplier_code};{line.quantity};{line.unit}\n" for line in plan.lines)
    return f"Article number;Quantity;Unit\n{rows}".encode()
