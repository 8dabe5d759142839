"""Tables of senders that nobody has seen: header words by their parts, columns by their cells, days by what is near."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_core.values.draft import DocumentKind, DraftDocument
from parsers.sheet.compose import composed, owner_of
from parsers.sheet.dates import MAX_AHEAD, by_sequence, by_words
from parsers.sheet.terms import american_form, company_form, company_name, languages_of, spoken, terms
from parsers.sheet.text import decode_text
from parsers.sheet.words import meanings
from tests.parsers.sheet.tables import read


def one(text: str, encoding: str = "utf-8") -> DraftDocument:
    """Read a table with one order."""
    drafts, findings = read(text.encode(encoding))
    assert len(drafts) == 1, findings
    return drafts[0]


@pytest.mark.parametrize(
    ("header", "owner"),
    [
        ("Vores varenr.", "buyer_code"),
        ("Eigene Artikelnummer", "buyer_code"),
        ("Our own part no", "buyer_code"),
        ("N/ référence", "buyer_code"),
        ("Buyer item", "buyer_code"),
        ("Supplier part no.", "supplier_code"),
        ("Ref. proveedor", "supplier_code"),
        ("V/ référence", "supplier_code"),
        ("Ert artikelnr", "supplier_code"),
        ("Supplier no.", None),
        ("Customer number", None),
        ("Our price", None),
    ],
)
def test_a_header_with_an_owner_and_a_code_says_whose_code_it_is(header: str, owner: str | None) -> None:
    assert owner_of(header) == owner


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Menny.", "quantity"),
        ("Descriz.", "description"),
        ("Stück bestellt", "quantity"),
        ("Pedidas uds", "quantity"),
        ("Bestelformuliernr.", "number"),
        ("Zamówienie zakupu nr", "number"),
        ("Mængde", "quantity"),
        ("Al\u0131c\u0131", "buyer"),
    ],
)
def test_a_header_that_no_list_holds_is_read_by_its_parts(header: str, field: str) -> None:
    found = meanings(header)

    assert max(found, key=lambda name: found[name]) == field


def test_a_shortened_word_that_may_be_many_things_says_nothing() -> None:
    assert composed("Bes.") == {}
    assert composed("Xyzzy") == {}


def test_a_code_beside_a_buyer_is_never_a_company() -> None:
    draft = one("Order No.;Buyer item;Description;Qty\nA-17;662011;Blue rope 8 mm;4\nA-17;662012;Red rope 8 mm;9\n")

    assert draft.buyer.name is None
    assert [line.buyer_code.value for line in draft.lines if line.buyer_code] == ["662011", "662012"]


def test_a_column_of_companies_is_the_buyer_and_no_description() -> None:
    rows = "".join(f"P-100{at // 3};Nordkap Seil AS;T-{at}71;Rope number {at} in hemp;{at + 2}\n" for at in range(6))
    drafts, _ = read(f"Order No.;Zzorgh;Item code;Frobnic;Qty\n{rows}")

    assert [draft.buyer.name.value for draft in drafts if draft.buyer.name] == ["Nordkap Seil AS"] * 2
    assert drafts[0].lines[0].description is not None
    assert drafts[0].lines[0].description.value.startswith("Rope number")


def test_what_repeats_on_each_line_is_the_order_number_and_no_code() -> None:
    rows = "".join(f"77{100 + at // 4}-B;HK.{at}41.07;{at + 1}\n" for at in range(8))
    drafts, _ = read(f"Número;Referência;Quantidade\n{rows}")

    assert [draft.number.value for draft in drafts if draft.number] == ["77100-B", "77101-B"]
    assert drafts[0].lines[0].supplier_code is not None
    assert drafts[0].lines[0].supplier_code.value == "HK.041.07"


def test_a_code_header_over_one_two_three_numbers_the_lines() -> None:
    rows = "".join(f"{at};3187{at}602;Lampada {at} da tavolo;{at * 4}\n" for at in range(1, 6))
    draft = one(f"Rif.;Articolo;Prodotto;Q.tà\n{rows}")

    assert [line.line_number.value for line in draft.lines if line.line_number] == ["1", "2", "3", "4", "5"]
    assert draft.lines[0].supplier_code is not None
    assert draft.lines[0].supplier_code.value == "31871602"


def test_the_numbers_of_lines_may_begin_anew_with_each_order() -> None:
    rows = "".join(f"B-{order};{at};NT-{order}{at}7;{order * 9 + at * 5}\n" for order in (4, 6) for at in range(1, 5))
    drafts, _ = read(f"Ordine n.;Rif.;Nostro codice;Q.tà\n{rows}")

    assert [line.line_number.value for line in drafts[1].lines if line.line_number] == ["1", "2", "3", "4"]
    assert not [line for draft in drafts for line in draft.lines if line.supplier_code]


def test_a_number_with_a_day_like_part_is_not_cut() -> None:
    draft = one("PURCHASE ORDER\nOrder No.:;PO/4410/26-27\nDate:;2026-05-01\n\nItem code;Qty\nA-71;3\nA-72;5\n")

    assert draft.number is not None
    assert draft.number.value == "PO/4410/26-27"


def test_an_unknown_quantity_is_taken_of_an_order_only_and_a_person_looks_at_it() -> None:
    body = (
        "Item code;Description;Wurgle\nAB-7100;Oak board planed;12\nAB-7231;Oak batten rough;150\nAB-90;Oak dowel;7\n"
    )
    drafts, findings = read(body)
    draft = one(f"Purchase Order\nOrder No.:;8841\n\n{body}")

    assert not drafts
    assert findings
    assert [line.quantity.value for line in draft.lines if line.quantity] == [Decimal(12), Decimal(150), Decimal(7)]
    assert draft.confidence < 0.75


def test_a_sum_below_the_lines_is_the_total_whatever_it_is_called() -> None:
    lines = "Item code;Qty;Price;Amount\nA-71;2;3.10;6.20\nA-72;5;1.00;5.00\n"

    told = one(f"{lines}Grumph;;;11.20\n")
    other = one(f"{lines}Grumph;;;12.20\n")

    assert told.totals.net is not None
    assert told.totals.net.value == Decimal("11.20")
    assert other.totals.net is None


def order_of(day: str, wanted: str = "", head: str = "Order No.;Date;Required by;Item code;Qty", who: str = "") -> str:
    return f"{who}{head}\nB-9;{day};{wanted};A-71;2\nB-9;{day};{wanted};A-72;4\n"


def test_no_delivery_is_asked_for_before_the_order() -> None:
    draft = one(order_of("03/04/2026", "02/05/2026"))

    assert draft.date is not None
    assert draft.date.value == dt.date(2026, 4, 3)


def test_other_languages_than_english_put_the_day_first() -> None:
    draft = one(order_of("03/04/2026", head="Ordernummer;Besteldatum;Leverdatum;Artikelnummer;Aantal"))

    assert draft.date is not None
    assert draft.date.value == dt.date(2026, 4, 3)


@pytest.mark.parametrize(
    ("name", "day"), [("Brine Rope Ltd", dt.date(2026, 4, 3)), ("Brine Rope Inc.", dt.date(2026, 3, 4))]
)
def test_a_legal_form_tells_whose_dates_they_are_but_less_surely(name: str, day: dt.date) -> None:
    draft = one(f"Buyer;{name}\n\n{order_of('03/04/2026')}")

    assert draft.date is not None
    assert draft.date.value == day
    assert draft.date.confidence < 0.95


def test_a_day_that_nothing_settles_is_left_open_and_named() -> None:
    draft = one(order_of("03/04/2026"))

    assert draft.date is None
    assert "'03/04/2026'" in next(found.message for found in draft.findings if found.code == "table.date")
    assert draft.confidence < 0.9


def test_companies_of_two_countries_tell_no_date() -> None:
    assert by_words(("Order No.", "Date"), ("Brine Rope Inc.", "Kelp Twine Ltd")) is None
    assert by_words(("Order No.", "Date"), ("GBP",)) == (True, 0.93)
    assert by_words(("Order No.", "Date"), ("USD",)) is None


@given(st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)), st.integers(0, MAX_AHEAD))
def test_a_true_order_of_days_is_never_denied(day: dt.date, ahead: int) -> None:
    wanted = day + dt.timedelta(days=ahead)

    assert by_sequence([(f"{day:%d/%m/%Y}", f"{wanted:%d/%m/%Y}")]) is not False
    assert by_sequence([(f"{day:%m/%d/%Y}", f"{wanted:%m/%d/%Y}")]) is not True


def test_a_delivery_too_far_ahead_is_no_reading() -> None:
    day = dt.date(2026, 1, 13)
    wanted = day + dt.timedelta(days=MAX_AHEAD + 1)

    assert by_sequence([(day.isoformat(), wanted.isoformat())]) is None


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("Nº pedido;Referência;Designação;Quantidade\n71;A-1;Cordão;4\n", "cp1252"),
        ("Číslo objednávky;Množství;Název zboží\n71;4;Žluté lano\n", "cp1250"),
        ("Vevő;Építő Kft.\nRendelésszám;71\n\nCikkszám;Mennyiség\nA-1;4\n", "cp1250"),
        ("Заказ №;Артикул;Количество\n71;Б-1;4\n", "cp1251"),
    ],
)
def test_the_code_page_is_the_one_whose_words_are_headers(text: str, page: str) -> None:
    assert decode_text(text.encode(page)) == (text, page)


def test_ml_is_the_running_metre_where_french_is_spoken_and_never_quite_sure() -> None:
    french = one("Référence;Désignation;Quantité;Unité\nA-1;Gaine annelée;40;ml\nA-2;Gaine lisse;25;ml\n")
    english = one("Item code;Item description;Quantity;Unit\nA-1;Clove oil;40;ml\nA-2;Mint oil;25;ml\n")

    assert french.lines[0].unit is not None
    assert french.lines[0].unit.value == "MTR"
    assert french.lines[0].unit.confidence < 0.9
    assert english.lines[0].unit is not None
    assert english.lines[0].unit.value == "MLT"


def test_a_unit_that_nobody_knows_stays_as_printed_and_makes_the_order_less_sure() -> None:
    known = one("Item code;Quantity;Unit\nA-1;40;pcs\nA-2;25;pcs\n")
    odd = one("Item code;Quantity;Unit\nA-1;40;blorps\nA-2;25;blorps\n")

    assert odd.lines[0].unit is not None
    assert odd.lines[0].unit.value == "blorps"
    assert odd.confidence < known.confidence


def test_a_list_in_any_language_orders_nothing() -> None:
    drafts, _ = read("Árlista\n\nCikkszám;Megnevezés;Mennyiség;Egységár\nA-1;Kötél;4;20\nA-2;Zsineg;1;30\n")

    assert not [draft for draft in drafts if draft.kind is not DocumentKind.OTHER]


def test_legal_forms_stand_with_full_stops_or_without() -> None:
    assert company_form().search("Kelp S.r.l.")
    assert company_form().search("Kelp SRL")
    assert company_name().fullmatch("Kelp Sp. z o.o.")
    assert not company_name().fullmatch("Limited edition rope")
    assert american_form().search("Kelp LLC")
    assert not american_form().search("Kelp Ltd")


def test_words_know_their_languages() -> None:
    assert "fr" in languages_of("linear_metre", "ML")
    assert "en" not in languages_of("linear_metre", "ml")
    assert spoken(("Bezeichnung", "Menge")) == {"de"}
    assert spoken(("blorps",)) == frozenset()
    assert "preisliste" in terms("list")
