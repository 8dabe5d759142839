"""What speaks for a value of a head and what against it: one small story for each rule."""

import datetime as dt

import pytest

from oms_core.values import Hints
from oms_core.values.draft import DocumentKind
from tests.parsers.pdf.heads import head_of, said

ORDER = """
Harrow Mill Ltd
1 Mill Lane, Hull HU1 1TJ

Purchase order 4711                     Date: 02.03.2026

{line}
"""


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("Please deliver everything by 12.03.2026 to our store.", dt.date(2026, 3, 12)),
        ("Bitte liefern Sie uns bis 12.03.2026 folgende Artikel:", dt.date(2026, 3, 12)),
        ("Gelieve te leveren uiterlijk op 12.03.2026 voor 10 uur", dt.date(2026, 3, 12)),
        ("Rogamos entreguen antes del 12.03.2026 en obra", dt.date(2026, 3, 12)),
        ("Varerne bedes leveret senest 12.03.2026 om morgenen", dt.date(2026, 3, 12)),
        ("Toimitus tehtaallemme viimeistään 12.03.2026 mennessä", dt.date(2026, 3, 12)),
        ("Delivery: Thu 12.03.", dt.date(2026, 3, 12)),
        ("Deliver by 12 March", dt.date(2026, 3, 12)),
        ("Lieferung: 5.90", None),
        ("Please confirm the delivery of this order by 12.03.2026 in writing.", None),
        ("We thank you for your delivery note 88 of 12.03.2026 and order:", None),
        ("Your offer with delivery costs is dated 12.03.2026 in our files", None),
        ("Please deliver the rest by 12.01.2026 as agreed.", None),
    ],
)
def test_a_sentence_tells_the_day_that_the_goods_are_wanted(line: str, wanted: dt.date | None):
    assert said(ORDER.format(line=line)).requested == wanted


def test_two_sentences_with_two_days_tell_none():
    lines = "Please deliver the boards by 12.03.2026 here.\n\nPlease deliver the nails by 19.03.2026 here."
    assert said(ORDER.format(line=lines)).requested is None


@pytest.mark.parametrize("line", ["PO Box 7719, Hull HU1 9ZZ", "Page 1 (2)", "Week 12", "Tel. 01482 000 117"])
def test_what_stands_beside_a_title_is_not_always_its_number(line: str):
    assert said(f"Harrow Mill Ltd\n\nPurchase Order\n{line}\n").number is None


@pytest.mark.parametrize(
    ("line", "currency"),
    [
        ("Account  KES001", None),
        ("Lieferung: Fr. 13.03.", None),
        ("Summe Fr. 13.50", "CHF"),
        ("I alt DKK ekskl. moms  2.143,94", "DKK"),
        ("All prices AUD ex GST", "AUD"),
        ("250 kpl laatikko 1,12 \u20ac/kpl", "EUR"),
    ],
)
def test_a_currency_is_told_by_an_amount_or_by_words_of_money(line: str, currency: str | None):
    assert said(ORDER.format(line=line)).currency == currency


@pytest.mark.parametrize(
    "place", ["wie oben", "our warehouse", "nostro magazzino", "zie boven", "jak wyżej", "sediul nostru, rampa 2"]
)
def test_a_place_of_delivery_that_points_to_the_buyers_own_is_none(place: str):
    head = head_of(ORDER.format(line=f"Delivery address: {place}"))
    assert not head.parties.ship_to.stated


def test_a_number_beside_the_word_supplier_is_its_account_and_no_name():
    page = """
Lacquer Works Ltd                       Order no.   B2501
1 Mill Lane, Hull HU1 1TJ               Supplier    70418
                                        Contact     Mr Seed
Pine Chemicals GmbH
Hafenstr. 7
01662 Mei\u00dfen
"""
    supplier = head_of(page).parties.supplier
    assert supplier.name is not None
    assert supplier.name.value == "Pine Chemicals GmbH"
    assert supplier.id is not None
    assert supplier.id.value == "70418"


def test_the_tax_number_of_the_addressee_is_not_the_writers():
    page = """
Elec Services SARL
14 rue des Tanneurs
38000 Grenoble

                                        Comptoir du Cuivre
                                        8 avenue Neuve
                                        69800 Saint-Priest
                                        TVA : FR62339014775
Bon de commande P00342

TVA : FR41512877903
"""
    parties = head_of(page).parties
    assert parties.buyer.id is not None
    assert parties.buyer.id.value == "FR41512877903"
    assert parties.supplier.id is not None
    assert parties.supplier.id.value == "FR62339014775"


def test_a_label_over_its_own_lines_does_not_take_those_beside_it():
    page = """
Elec Services SARL
14 rue des Tanneurs, 38000 Grenoble, contact@elec-services.example

Adresse de livraison :                  Comptoir du Cuivre
Chantier Les Pins                       8 avenue Neuve
27 chemin du Bois                       69800 Saint-Priest
38170 Seyssinet

Bon de commande P00342
"""
    found = said(page)
    assert (found.supplier, found.ship_to) == ("Comptoir du Cuivre", "Chantier Les Pins")


def test_a_date_under_the_title_is_the_documents_and_one_under_a_label_is_the_labels():
    page = """
Harrow Surgery                                  Purchase Order
2200 Harbor Blvd                                #PO10488
Salem OR 97301                                  4/3/2026

Terms         Expected Receipt Date
Net 30        4/10/2026
"""
    found = said(page)
    assert (found.number, found.date, found.requested) == ("PO10488", dt.date(2026, 4, 3), dt.date(2026, 4, 10))


def test_who_gets_the_goods_of_a_despatch_advice_is_its_buyer_with_little_confidence():
    page = """
Grothandel Polder B.V.
Distributieweg 12, 8304 BE Emmeloord

Pakbon VZ-2506                          Datum: 22-05-2026

Afleveradres
Vos Installatie B.V.
Ambachtsweg 41
3899 AT Zeewolde
"""
    head = head_of(page)
    assert head.kind is DocumentKind.DESPATCH_ADVICE
    assert head.parties.buyer.name is not None
    assert head.parties.buyer.name.value == "Vos Installatie B.V."
    assert head.parties.buyer.name.confidence <= 0.5


def test_a_bank_at_the_foot_is_nobody_who_orders():
    page = ORDER.format(line="\n" * 52 + "Nordbank AB, BIC/SWIFT: NORDXX22, IBAN: LT36 7300 0100 9885 6085")
    assert said(page).buyer == "Harrow Mill Ltd"


def test_a_lone_letterhead_of_our_own_is_the_supplier():
    page = ORDER.format(line="").replace("Harrow Mill Ltd", "Our House GmbH")
    found = said(page, Hints(our_names=("Our House GmbH",)))
    assert (found.buyer, found.supplier) == (None, "Our House GmbH")


def test_a_lone_address_may_be_either_side_so_it_carries_little_confidence():
    page = """
Kymen Tarvike Oy
Satamakatu 30
48100 Kotka

OSTOTILAUS 2503-07                      20.3.2026
"""
    lone = head_of(page).parties.buyer.name
    reached = head_of(page.replace("48100 Kotka", "48100 Kotka\nPuh. 05 000 3300")).parties.buyer.name
    assert lone is not None
    assert reached is not None
    assert lone.confidence <= 0.5 < reached.confidence
