"""Label words: what a reader of many languages knows without thinking."""

import csv
from collections import defaultdict
from importlib import resources

import pytest

from parsers.words import labels


@pytest.mark.parametrize(
    ("group", "text", "field"),
    [
        ("header", "P.O. Number", "number"),
        ("header", "Bestell-Nr.", "number"),
        ("header", "Commande n°", "number"),
        ("header", "Nº de orden", "number"),
        ("header", "Numero d\u2019ordine", "number"),
        ("header", "Ordernummer", "number"),
        ("header", "Nr zamówienia", "number"),
        ("header", "Número da encomenda", "number"),
        ("header", "LIEFERTERMIN", "requested_date"),
        ("header", "Termin dostawy", "requested_date"),
        ("column", "Art.-Nr.", "code"),
        ("column", "Q.tà", "quantity"),
        ("column", "Ilość", "quantity"),
        ("column", "Qté", "quantity"),
        ("column", "Prix unitaire H.T.", "unit_price"),
        ("column", "J.m.", "unit"),
        ("column", "Your cat #", "supplier_code"),
        ("column", "Omschrijving", "description"),
        ("party", "Dirección de entrega", "ship_to"),
        ("total", "Do zapłaty", "gross"),
        ("title", "Auftragsbestätigung", "order_response"),
        ("identifier", "USt-IdNr.", "vat"),
    ],
)
def test_a_label_names_its_field(group: str, text: str, field: str):
    assert labels.whole(group, text) == field


def test_a_text_that_is_more_than_a_label_names_nothing_as_a_whole():
    assert labels.whole("header", "Order date of the year") is None
    assert labels.whole("header", "") is None


def test_the_longest_label_wins():
    words = labels.words_of("Order date 4 May")
    found = labels.at("header", words)
    assert found == labels.Label("date", 0, 2)


def test_labels_in_a_line_do_not_overlap():
    words = labels.words_of("PO No: 17 Order Date: 4.5.2026 Delivery Date: 9.5.2026")
    assert [label.field for label in labels.every("header", words)] == ["number", "date", "requested_date"]


def test_a_token_knows_where_it_stands():
    text = "N° 17, P.O. Größe"
    assert [(token.word, text[token.start : token.end]) for token in labels.tokens(text)] == [
        ("no", "N°"),
        ("17", "17"),
        ("po", "P.O"),
        ("grosse", "Größe"),
    ]


def test_words_of_other_scripts_beside_a_label_do_not_hide_it():
    assert labels.whole("column", "QTY الكمية") == "quantity"


def rows() -> list[dict[str, str]]:
    folder = resources.files("parsers").joinpath("data")
    return [
        row
        for name in ("labels.csv", "labels_table.csv", "phrases.csv")
        for row in csv.DictReader(folder.joinpath(name).read_text(encoding="utf-8").splitlines())
    ]


LANGUAGES = {"en", "de", "fr", "es", "it", "nl", "pl", "pt"}


def test_every_field_that_orders_need_has_words_in_eight_languages():
    known: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows():
        known[row["group"], row["field"]].add(row["language"])
    needed = [("header", name) for name in ("number", "date", "requested_date", "currency")]
    needed += [("party", name) for name in ("buyer", "supplier", "ship_to")]
    needed += [("column", name) for name in ("code", "description", "quantity", "unit", "unit_price", "amount")]
    needed += [("total", name) for name in ("net", "tax", "gross")]
    needed += [("title", name) for name in ("order", "order_change", "order_cancellation", "quote", "invoice")]
    needed += [("mail", name) for name in ("order", "change", "cancel", "quote_request", "no_order", "closing")]
    needed += [("when", "by_date"), ("when", "not_date")]
    assert {key: LANGUAGES - known[key] for key in needed if LANGUAGES - known[key]} == {}


def test_a_label_tells_the_shade_of_its_meaning():
    ours, theirs = labels.at("header", ("order", "no")), labels.at("header", ("your", "order"))
    assert ours is not None
    assert theirs is not None
    assert (ours.field, ours.nuance) == ("number", "order")
    assert (theirs.field, theirs.nuance) == ("number", "yours")


def test_no_phrase_of_the_heads_has_two_meanings_in_one_group():
    folder = resources.files("parsers").joinpath("data")
    seen: dict[tuple[str, tuple[str, ...]], str] = {}
    for row in csv.DictReader(folder.joinpath("labels.csv").read_text(encoding="utf-8").splitlines()):
        for phrase in row["words"].split("|"):
            key = (row["group"], labels.words_of(phrase))
            assert seen.setdefault(key, row["field"] + row["language"]) == row["field"] + row["language"]


def test_every_phrase_is_short_enough_to_be_found():
    phrases = [phrase for row in rows() for phrase in row["words"].split("|")]
    lengths = {phrase: len(labels.words_of(phrase)) for phrase in phrases}
    assert [phrase for phrase, length in lengths.items() if not 0 < length <= labels.MAX_LABEL_WORDS] == []
