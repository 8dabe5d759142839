"""What a server that is not, or not quite, Tryton may answer; and settings and units, without any server."""

import datetime as dt
import json
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from connectors import tryton_rpc
from connectors.tryton import TrytonErp, TrytonSettings
from connectors.tryton_rpc import MAX_SENTENCE_LENGTH, MAX_WARNINGS, TrytonAccess, TrytonRefused, TrytonRpc, today
from connectors.tryton_units import UnitNames
from oms_core.errors import ConfigurationError, PartnerUnavailable
from tests.factory import erp_order

Answer = Callable[[str], tuple[int, bytes]]


class Scripted(ThreadingHTTPServer):
    """A real HTTP server that logs anybody in and answers every other call with what the test says."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer: Answer = lambda _method: (200, b'{"result": null}')
        self.methods: list[str] = []

    def rpc(self, **settings: Any) -> TrytonRpc:
        return TrytonRpc(TrytonAccess(f"http://127.0.0.1:{self.server_port}", "company", "u", "p", **settings))


class _Handler(BaseHTTPRequestHandler):
    server: Scripted

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["method"]
        self.server.methods.append(asked)
        known = {"common.db.login": b'{"result": [1, "key"]}', "model.res.user.get_preferences": b'{"result": {}}'}
        status, body = (200, known[asked]) if asked in known else self.server.answer(asked)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    server = Scripted()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def error(*parts: object) -> Answer:
    return lambda _method: (200, json.dumps({"id": 1, "error": parts}).encode())


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (500, b"oops", r"HTTP 500 to model\.x\.read\. It is tried again later"),
        (504, b"", "HTTP 504"),
        (429, b"", "too many requests"),
        (302, b"", "HTTP 302"),
        (200, b"<html>welcome</html>", "not Tryton's JSON"),
        (200, b"[1]", "not Tryton's JSON"),
        (200, b"[" * 100_000, "not Tryton's JSON"),
        (200, b'{"result": {"__class__": "Decimal", "decimal": "x"}}', "not Tryton's JSON"),
        (200, b'{"result": {"__class__": "date", "year": 1}}', "not Tryton's JSON"),
    ],
)
def test_an_answer_that_is_none_means_try_again(scripted: Scripted, status: int, body: bytes, sentence: str):
    scripted.answer = lambda _method: (status, body)
    with pytest.raises(PartnerUnavailable, match=sentence):
        scripted.rpc().call("model.x.read")


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        (("UserError", ["The party is\nblocked.", "Ask Anna.", None]), "refuses it: The party is blocked. Ask Anna$"),
        (("division by zero", "Traceback ...\nZeroDivisionError"), r"division by zero \(an error inside Tryton"),
        (("UserError", ["x" * (MAX_SENTENCE_LENGTH + 1)]), f"refuses it: x{{{MAX_SENTENCE_LENGTH}}}$"),
        (("odd",), r"odd \(an error inside Tryton"),
    ],
)
def test_a_refusal_carries_trytons_sentence_cut_and_on_one_line(
    scripted: Scripted, parts: tuple[object, ...], sentence: str
):
    scripted.answer = error(*parts)
    with pytest.raises(TrytonRefused, match=sentence):
        scripted.rpc().call("model.x.create")


@pytest.mark.parametrize(
    "parts",
    [
        ("ConcurrencyException", "model.x was changed"),
        ("database is locked", "Traceback ...\nsqlite3.OperationalError: database is locked"),
    ],
)
def test_a_busy_database_means_try_again(scripted: Scripted, parts: tuple[object, ...]):
    scripted.answer = error(*parts)
    with pytest.raises(PartnerUnavailable, match="its database is busy"):
        scripted.rpc().call("model.x.create")


def test_warnings_without_end_are_answered_only_so_often(scripted: Scripted):
    warn = error("UserWarning", ["w1", "Are you sure?", ""])
    scripted.answer = lambda method: (200, b'{"result": null}') if method.endswith(".skip") else warn(method)
    with pytest.raises(TrytonRefused, match="Are you sure"):
        scripted.rpc(accept_warnings=True).call("model.x.quote")
    assert scripted.methods.count("model.res.user.warning.skip") == MAX_WARNINGS
    scripted.methods.clear()
    with pytest.raises(TrytonRefused, match="Are you sure"):
        scripted.rpc().call("model.x.quote")
    assert scripted.methods.count("model.x.quote") == 1


def test_an_answer_just_too_large_is_dropped(scripted: Scripted, monkeypatch: pytest.MonkeyPatch):
    body = b'{"result": "xxxx"}'
    scripted.answer = lambda _method: (200, body)
    rpc = scripted.rpc()
    assert rpc.context == {}
    monkeypatch.setattr(tryton_rpc, "MAX_ANSWER_BYTES", len(body))
    assert rpc.call("model.x.read") == "xxxx"
    monkeypatch.setattr(tryton_rpc, "MAX_ANSWER_BYTES", len(body) - 1)
    with pytest.raises(PartnerUnavailable, match="larger than"):
        rpc.call("model.x.read")


def test_a_server_that_never_answers_is_given_up(scripted: Scripted):
    released = threading.Event()

    def hang(_method: str) -> tuple[int, bytes]:
        released.wait(30)
        return 200, b"{}"

    scripted.answer = hang
    with pytest.raises(PartnerUnavailable, match=r"no answer in time\. Whether model\.x\.create was done is not known"):
        scripted.rpc(timeout_seconds=0.2).call("model.x.create")
    released.set()


def test_a_session_refused_for_ever_is_not_asked_for_for_ever(scripted: Scripted):
    scripted.answer = lambda _method: (401, b"")
    with pytest.raises(PartnerUnavailable, match="HTTP 401"):
        scripted.rpc().call("model.x.read")
    assert scripted.methods.count("model.x.read") == 2


def test_a_log_in_that_gives_no_session_says_so(scripted: Scripted, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tryton_rpc.TrytonRpc, "_result", lambda *_: None)
    with pytest.raises(PartnerUnavailable, match="something else than a session"):
        scripted.rpc().call("model.x.read")


def test_dates_and_decimals_survive_the_wire(scripted: Scripted):
    scripted.answer = lambda _method: (200, b'{"result": {"__class__": "Decimal", "decimal": "0.10"}}')
    assert str(scripted.rpc().call("model.x.read", Decimal("1E+2"), dt.date(2026, 3, 2))) == "0.10"
    scripted.answer = lambda _method: (200, b'{"result": {"__class__": "date", "year": 2026, "month": 3, "day": 2}}')
    assert today(scripted.rpc()) == dt.date(2026, 3, 2)
    with pytest.raises(TypeError, match="object cannot be sent"):
        scripted.rpc().call("model.x.read", object())


def test_a_refusal_to_be_read_waits_but_a_refusal_to_be_written_does_not(scripted: Scripted):
    scripted.answer = error("UserError", ["You are not allowed to read sales.", ""])
    settings = TrytonSettings(f"http://127.0.0.1:{scripted.server_port}", "company", "u", "p")
    with pytest.raises(PartnerUnavailable, match="not allowed to read"):
        TrytonErp(settings).find("k")
    with pytest.raises(PartnerUnavailable, match="not allowed to read"):
        TrytonErp(settings).stock(["A"])
    with pytest.raises(TrytonRefused, match="not allowed to read"):
        TrytonErp(settings).send(erp_order("k"))


def test_units_are_translated_and_pieces_are_pieces():
    units = UnitNames("CT=Carton PR=Pair")
    assert [units.code(symbol) for symbol in ("u", "m²", "Carton", "Barrel")] == ["C62", "MTK", "CT", "Barrel"]
    assert units.same("H87", "u")
    assert units.same("CT", "Carton")
    assert not units.same("CT", "u")
    assert not UnitNames().same("CT", "Carton")


@pytest.mark.parametrize(
    "changes", [{"url": "ftp://erp"}, {"timeout_seconds": 0.0}, {"tolerance": Decimal(-1)}, {"units": "CT"}]
)
def test_wrong_settings_are_named(changes: dict[str, Any]):
    usual: dict[str, Any] = {"url": "https://erp.example", "database": "d", "user": "u", "password": "secret-word"}
    assert "secret-word" not in repr(TrytonSettings(**usual))
    with pytest.raises(ConfigurationError, match="tryton: .*" + next(iter(changes))):
        TrytonErp(TrytonSettings(**(usual | changes)))
