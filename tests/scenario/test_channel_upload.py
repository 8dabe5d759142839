"""From `ordermill ingest FILE` and from an HTTP upload to the sale in Tryton."""

import json
from pathlib import Path

import httpx
import pytest

from oms_app.demo.specs import Form
from oms_core.values import ChannelKind
from tests.scenario_orders import let_tryton_know, story_order
from tests.scenario_sale import assert_written_down, sold
from tests.scenario_wiring import Connected
from tests.servers.tryton import TrytonServer

pytestmark = [pytest.mark.real, pytest.mark.slow]


def test_a_file_handed_to_the_command_is_sold(selling: Connected, tryton: TrytonServer, tmp_path: Path) -> None:
    arriving = story_order("ingest", ChannelKind.INGEST, Form.CSV, "K1005", lines=4)
    let_tryton_know(tryton, [arriving])
    path = tmp_path / arriving.filename
    path.write_bytes(arriving.data)
    told = json.loads(selling.house.command("ingest", "--json", "--partner", "K1005", str(path)))
    assert told == {"file": str(path), "outcome": "stored"}
    order = sold(selling, tryton, arriving)
    assert_written_down(selling, arriving, order)
    assert path.read_bytes() == arriving.data


def test_a_file_uploaded_by_http_is_sold(selling: Connected, tryton: TrytonServer) -> None:
    arriving = story_order("upload", ChannelKind.UPLOAD, Form.XLSX, "K1003", lines=5)
    let_tryton_know(tryton, [arriving])
    with selling.web() as web:
        again = [hand_in(web, arriving.data, arriving.filename, "upload-1") for _ in range(2)]
    assert [answer.status_code for answer in again] == [201, 201]
    assert again[0].json()["delivery_id"] == again[1].json()["delivery_id"]
    order = sold(selling, tryton, arriving)
    assert_written_down(selling, arriving, order)


def test_without_a_log_in_nothing_is_taken(selling: Connected) -> None:
    with httpx.Client(base_url=selling.address) as stranger:
        answer = hand_in(stranger, b"Article number;Quantity\nA;1\n", "stranger.csv", "upload-2")
    assert answer.status_code in {401, 403}
    assert selling.house.delivery(filename="stranger.csv") is None


def hand_in(web: httpx.Client, data: bytes, filename: str, key: str) -> httpx.Response:
    """Upload one document as a program does."""
    return web.post(
        "/api/v1/documents",
        files={"file": (filename, data)},
        data={"partner": "K1003"},
        headers={"Idempotency-Key": key},
    )
