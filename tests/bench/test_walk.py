"""The peer that accept is measured against writes what accept writes, and the walk that is timed comes to its end."""

from pathlib import Path

import pytest

from bench.walk import Place, accept_alone, judged, long_orders, quick_orders, without_motor
from tests.walk import fill_with_demo


@pytest.fixture
def place(tmp_path: Path) -> Place:
    found = Place(tmp_path)
    fill_with_demo(found.plan.database_url)
    return found


def test_accept_and_the_hand_written_peer_write_the_same(place: Place, capsys: pytest.CaptureFixture[str]):
    accept_alone(place, judged(place, long_orders(3, seed=1)))
    assert "accept alone, 10 lines, 3 orders" in capsys.readouterr().out


def test_every_order_that_is_timed_is_accepted_pushed_and_answered(place: Place):
    assert without_motor(place, quick_orders(3, seed=1)) > 0
    assert len(list((place.folder / "erp" / "orders").glob("*.json"))) == 3
