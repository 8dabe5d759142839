"""Chances from facts: what speaks for a reading raises them, what speaks against it lowers them."""

from dataclasses import replace
from decimal import Decimal

import pytest

from oms_core.values import DraftDocument, Value
from parsers import certainty
from parsers.certainty import Model, calibrated
from tests.factory import draft, draft_line, totals, value

MODEL = Model(
    values={"one": 1.0, "line.closes": 2.0, "line.fails": -3.0, "field.number": 0.5, "score.line": 0.1},
    document={"together": 1.0, "one": 2.0, "total.agrees": 1.0},
    risk=(),
)


@pytest.fixture(autouse=True)
def _with_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certainty, "_models", lambda: {"pdf": MODEL})


def order(amount: str, total: str = "30") -> DraftDocument:
    line = draft_line(quantity="10", unit_price="3", amount=amount)
    return draft(format="pdf", lines=(line,), totals=totals(net=total), number="4711")


def confidence_of(held: Value[Decimal] | None) -> float:
    assert held is not None
    return held.confidence


def test_a_line_whose_arithmetic_closes_is_believed_more() -> None:
    good, bad = calibrated(order("30")), calibrated(order("29"))
    assert confidence_of(good.lines[0].quantity) > 0.95
    assert confidence_of(bad.lines[0].quantity) < 0.2
    assert good.confidence > bad.confidence


def test_a_total_that_agrees_speaks_for_the_whole_document() -> None:
    assert calibrated(order("30", total="30")).confidence > calibrated(order("30", total="31")).confidence


def test_every_value_gets_a_chance_and_keeps_what_it_says() -> None:
    before = order("30")
    after = calibrated(before)
    assert {path for path, _ in certainty.value_facts(after)} == {path for path, _ in certainty.value_facts(before)}
    assert after.number is not None
    assert before.number is not None
    assert replace(after.number, confidence=before.number.confidence) == before.number


def test_a_format_without_a_model_keeps_what_its_parser_says() -> None:
    edi = draft(format="edifact", number=value("1", confidence=0.42))
    assert calibrated(edi) == edi


def test_chances_are_never_quite_certain() -> None:
    assert certainty.chance({"one": 99.0}, {"one": 1.0}) == certainty.MOST
    assert certainty.chance({"one": -99.0}, {"one": 1.0}) == certainty.LEAST
