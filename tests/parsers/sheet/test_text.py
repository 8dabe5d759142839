import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_core.values import Head
from parsers.sheet.csv_order import CsvParser
from parsers.sheet.fixed import fixed_rows
from parsers.sheet.text import decode_text


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("Gr\u00f6\u00dfe \u00d6l Ma\u00df 20\u00b0", "cp1252"),
        ("R\u00e9f\u00e9rence d\u00e9signation \u20ac", "cp1252"),
        ("Descri\u00e7\u00e3o pre\u00e7o n\u00e3o", "cp1252"),
        ("Za\u017c\u00f3\u0142\u0107 g\u0119\u015bl\u0105 \u0142\u0105cznik", "cp1250"),
        ("P\u0159\u00edli\u0161 \u017elu\u0165ou\u010dk\u00fd k\u016f\u0148", "cp1250"),
        ("\u00dcr\u00fcn a\u00e7\u0131klamas\u0131 \u015fi\u015fe", "cp1254"),
        ("\u041d\u0430\u0438\u043c\u0435\u043d\u043e\u0432\u0430\u043d\u0438\u0435", "cp1251"),
        ("\u03a0\u03b5\u03c1\u03b9\u03b3\u03c1\u03b1\u03c6\u03ae", "cp1253"),
    ],
)
def test_a_code_page_is_told_by_the_letters_that_come_out(text: str, page: str) -> None:
    assert decode_text(text.encode(page)) == (text, page)


def test_what_went_through_two_code_pages_is_set_right() -> None:
    spoiled = "Gr\u00f6\u00dfe".encode().decode("cp1252")
    assert decode_text(spoiled.encode()) == ("Gr\u00f6\u00dfe", None)
    # A text in which only a part is spoiled stays as it is: nobody can say what it was.
    mixed = f"{spoiled} \u0141"
    assert decode_text(mixed.encode()) == (mixed, None)


@given(st.text(max_size=200))
def test_utf_8_is_certain(text: str) -> None:
    assert decode_text(text.encode())[1] is None


@given(st.text(alphabet="ITEM QTYCODE12 -\n", max_size=300))
def test_fixed_width_loses_no_character_but_blanks_and_rules(text: str) -> None:
    for row in fixed_rows(text):
        line = text.splitlines()[row.number - 1]
        assert "".join("".join(map(str, row.cells)).split()) == "".join(line.split())


def test_prose_is_no_table_in_fixed_width() -> None:
    assert fixed_rows("Dear all,\nplease send  10 pcs   of item 5.\nThanks") == ()


def test_a_text_in_fixed_width_is_claimed() -> None:
    data = b"ITEM      DESCRIPTION    QTY\nA-1       Bolt            12\nA-2       Nut              3\n"
    claim = CsvParser().identify(Head(data, "order.txt", "text/plain", len(data)))
    assert claim is not None
    assert claim.format == "csv"
