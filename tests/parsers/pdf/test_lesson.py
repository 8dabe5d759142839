"""A person puts one document right, and the next of that form is read in its sender's own words."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from oms_core.values import BytesBlob, DraftDocument, Hints, PathSource, Value
from oms_core.values.layout import Layout, Meaning
from parsers.pdf import lesson as pdf_lesson
from parsers.pdf.parser import PARSER
from parsers.words import labels
from tests.parsers.pdf.pages import drawn, table_at

ODD_HEAD = ("Rang", "Sachkennung", "Benennung", "Anzahl", "Preis", "Wert")
XS = (50, 90, 200, 380, 440, 500)


def paper(number: str, ripe: str = "03.12.2026", site: str = "Baustelle Nord") -> bytes:
    """An order whose wanted day, unloading place and code column have names of their sender's own."""
    rows = [
        ODD_HEAD,
        ("1", f"QX-{number[-2:]}1", "Winkel 40 mm", "10", "2,50", "25,00"),
        ("2", f"QX-{number[-2:]}2", "Winkel 60 mm", "4", "3,00", "12,00"),
    ]
    head = [
        (50, 60, "Stahlbau Reiter GmbH"),
        (50, 74, "Am Anger 3, 99084 Erfurt"),
        (50, 110, "Bestellung"),
        (50, 140, "Bestell-Nr.:"),
        (200, 140, number),
        (50, 172, "Abrufreife"),
        (200, 172, ripe),
        (50, 156, "Datum:"),
        (200, 156, "12.11.2026"),
        (50, 190, "Anfahrpunkt"),
        (50, 204, site),
        (50, 218, "Lagerweg 5, 99085 Erfurt"),
    ]
    return drawn([*head, *table_at(280, XS, rows), (380, 340, "Gesamt netto"), (500, 340, "37,00")])


def read(data: bytes, **hints: object) -> tuple[DraftDocument, Layout | None]:
    found = list(PARSER.read(BytesBlob(data), Hints(**hints)))  # type: ignore[arg-type]
    layout = next((one for one in found if isinstance(one, Layout)), None)
    return next(one for one in found if isinstance(one, DraftDocument)), layout


def entered(text: str) -> Value[str]:
    return Value(text, PathSource("entered by anna", text), 1.0)


RIPE = Value(date(2026, 12, 3), PathSource("entered by anna", "3.12.2026"), 1.0)


def lesson_of(data: bytes, **changes: object) -> Layout:
    before, _ = read(data)
    lesson = replace(before, **changes)  # type: ignore[arg-type]
    _, layout = read(data, lesson=lesson)
    assert layout is not None
    return layout


def test_a_word_for_a_date_is_learned_and_holds_for_the_next_document() -> None:
    assert read(paper("ZK-4711"))[0].requested_date is None
    layout = lesson_of(paper("ZK-4711"), requested_date=RIPE)
    assert Meaning("header", "abrufreife", "requested_date") in layout.meanings
    after, _ = read(paper("ZK-5820", ripe="17.12.2026"), layouts=(layout,))
    assert after.requested_date is not None
    assert after.requested_date.value == date(2026, 12, 17)
    assert [finding.code for finding in after.findings] == ["layout.known"]


def test_where_goods_go_is_learned_by_the_words_above_the_address() -> None:
    first, _ = read(paper("ZK-4711"))
    layout = lesson_of(paper("ZK-4711"), ship_to=replace(first.ship_to, name=entered("Baustelle Nord")))
    assert Meaning("party", "anfahrpunkt", "ship_to") in layout.meanings
    after, _ = read(paper("ZK-5820", site="Werk Sued"), layouts=(layout,))
    assert after.ship_to.name is not None
    assert after.ship_to.name.value == "Werk Sued"


def test_a_column_is_learned_by_its_heading() -> None:
    first, _ = read(paper("ZK-4711"))
    lines = tuple(
        replace(line, buyer_code=entered(code), supplier_code=None)
        for line, code in zip(first.lines, ("QX-111", "QX-112"), strict=True)
    )
    layout = lesson_of(paper("ZK-4711"), lines=lines)
    assert Meaning("column", "sachkennung", "buyer_code") in layout.meanings
    after, _ = read(paper("ZK-5820"), layouts=(layout,))
    assert [line.buyer_code.value for line in after.lines if line.buyer_code] == ["QX-201", "QX-202"]
    assert [line.quantity.value for line in after.lines if line.quantity] == [Decimal(10), Decimal(4)]


def test_the_name_that_stands_on_every_document_is_kept_where_it_is_printed() -> None:
    first, _ = read(paper("ZK-4711"))
    layout = lesson_of(paper("ZK-4711"), buyer=replace(first.buyer, name=entered("Stahlbau Reiter GmbH")))
    assert ("buyer.name", "Stahlbau Reiter GmbH") in layout.constants
    after, _ = read(paper("ZK-5820"), layouts=(layout,))
    assert after.buyer.name is not None
    assert after.buyer.name.value == "Stahlbau Reiter GmbH"


def test_a_form_that_changed_is_noticed() -> None:
    layout = lesson_of(paper("ZK-4711"), requested_date=RIPE)
    goods = table_at(200, (50, 150, 400), [("Item", "Description", "Qty"), ("A-1", "Bolt", "5")])
    other = drawn([(50, 60, "Purchase Order"), (50, 80, "PO No:"), (150, 80, "77-100"), *goods])
    after, _ = read(other, layouts=(layout,))
    assert "layout.changed" in [finding.code for finding in after.findings]


def test_taught_words_are_forgotten_with_the_document() -> None:
    with labels.taught([Meaning("header", "abrufreife", "requested_date")]):
        assert labels.whole("header", "Abrufreife") == "requested_date"
    assert labels.whole("header", "Abrufreife") is None


def test_what_no_person_entered_teaches_nothing() -> None:
    layout = lesson_of(paper("ZK-4711"))
    assert (layout.meanings, layout.constants) == ((), ())


def test_a_value_that_stands_nowhere_teaches_nothing() -> None:
    layout = lesson_of(paper("ZK-4711"), number=entered("NOT-PRINTED-1"))
    assert [one for one in layout.meanings if one.field == "number"] == []


def test_marks_are_label_words_without_figures() -> None:
    assert all(not any(char.isdigit() for char in mark) for mark in pdf_lesson.marks([]))


def entered_number(number: str) -> Value[Decimal]:
    return Value(Decimal(number), PathSource("entered by anna", number), 1.0)


def test_a_name_that_stands_in_two_roles_teaches_the_words_that_are_nobodys_yet() -> None:
    head = [
        (50, 60, "Bestellung ZK-1"),
        (50, 100, "Besteller:"),
        (160, 100, "Stahlbau Reiter GmbH"),
        (50, 120, "Zielpunkt:"),
        (160, 120, "Stahlbau Reiter GmbH"),
    ]
    rows = [ODD_HEAD, ("1", "QX-11", "Winkel 40 mm", "10", "2,50", "25,00")]
    data = drawn([*head, *table_at(280, XS, rows), (380, 340, "Gesamt netto"), (500, 340, "25,00")])
    first, _ = read(data)
    layout = lesson_of(data, ship_to=replace(first.ship_to, name=entered("Stahlbau Reiter GmbH")))
    assert [one.words for one in layout.meanings if one.field == "ship_to"] == ["zielpunkt"]


def test_a_text_with_a_value_of_its_own_names_nothing_else() -> None:
    head = [(50, 60, "Bestellung"), (50, 100, "Kennung: ABC-1"), (50, 114, "ZK-77")]
    rows = [ODD_HEAD, ("1", "QX-11", "Winkel 40 mm", "10", "2,50", "25,00")]
    data = drawn([*head, *table_at(280, XS, rows), (380, 340, "Gesamt netto"), (500, 340, "25,00")])
    layout = lesson_of(data, number=entered("ZK-77"))
    assert "kennung" not in {one.words for one in layout.meanings}


def test_a_number_that_stands_in_two_columns_is_of_the_one_whose_words_say_nothing_yet() -> None:
    rows = [
        ("Pos", "Artikel-Nr.", "Bezeichnung", "Velmark", "Preis", "Wert"),
        ("1", "QX-11", "Winkel 40 mm", "1", "2,50", "2,50"),
    ]
    data = drawn([(50, 60, "Bestellung ZK-1"), *table_at(280, XS, rows), (380, 340, "Gesamt"), (500, 340, "2,50")])
    first, _ = read(data)
    line = replace(first.lines[0], quantity=entered_number("1"))
    layout = lesson_of(data, lines=(line,))
    assert [one.words for one in layout.meanings if one.field == "quantity"] == ["velmark"]
