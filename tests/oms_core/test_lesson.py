"""What is worth keeping of a correction: the corrected document must be read better with it."""

from dataclasses import replace
from decimal import Decimal

from oms_core.decisions.lesson import better, counterpart, entered
from oms_core.values import CellSource, DocumentKind, DraftDocument, DraftLine, PathSource, Value


def read(quantity: int, code: str = "A-1", row: int = 2) -> DraftDocument:
    line = DraftLine(
        supplier_code=Value(code, CellSource(row, 1, code), 0.9),
        quantity=Value(Decimal(quantity), CellSource(row, 3, str(quantity)), 0.9),
        unit=Value("CS", CellSource(1, 3, "Cases"), 0.9),
    )
    return DraftDocument(DocumentKind.ORDER, "csv", lines=(line,))


def put_right(draft: DraftDocument, quantity: int) -> DraftDocument:
    told = Value(Decimal(quantity), PathSource("entered by anna", str(quantity)), 1.0)
    return replace(draft, lines=(replace(draft.lines[0], quantity=told),))


def test_only_what_a_person_typed_counts_as_entered() -> None:
    lesson = put_right(read(4), 48)
    assert entered(lesson.lines[0].quantity)
    assert not entered(lesson.lines[0].supplier_code)
    assert not entered(None)


def test_the_value_that_a_person_entered_makes_it_better_also_where_leftovers_change() -> None:
    lesson = put_right(read(4), 48)
    now = replace(read(48), lines=(replace(read(48).lines[0], unit=None),))
    assert better(now, read(4), lesson)


def test_what_says_what_is_sold_must_not_get_lost() -> None:
    lesson = put_right(read(4), 48)
    assert not better(read(48, code="B-2"), read(4), lesson)


def test_nothing_read_is_never_better() -> None:
    lesson = put_right(read(4), 48)
    assert not better(None, read(4), lesson)
    assert not better(read(4), read(4), lesson)
    assert better(read(48), None, lesson)


def test_a_correction_belongs_to_the_order_whose_places_it_shares() -> None:
    first, second = read(4, "A-1", row=2), read(5, "B-2", row=3)
    assert counterpart([first, second], put_right(second, 50)) is second
    assert counterpart([first, second], DraftDocument(DocumentKind.ORDER, "csv")) is None
    assert counterpart([], put_right(second, 50)) is None
