"""Heads of strangers by family: numbered boxes, strips, signs, sentences, other words; each page stands for one."""

import datetime as dt

import pytest

from oms_core.values.draft import DocumentKind
from tests.parsers.pdf.heads import GOODS, Said, page, read, said, stack, value_of

PAGES = [
    pytest.param(
        """
HOSPITAL DE LA VEGA                                     HOJA DE PEDIDO
Servicio de Compras
Plaza Mayor 2
24001 León                NIF: Q2400118C

1. Nº de pedido                  2. Fecha
2026/PM/00418                    11/03/2026

4. Proveedor                     5. NIF / CIF
Papelera Norte, S.L.             B24118870

7. Centro receptor / unidad      8. Persona de contacto
Archivo General                  Ana Prieto

9. Dirección de entrega
Avda. del Parque, 14, 24005 León
""",
        Said(
            number="2026/PM/00418",
            date=dt.date(2026, 3, 11),
            buyer="HOSPITAL DE LA VEGA",
            supplier="Papelera Norte, S.L.",
            ship_to="Archivo General",
            address="Avda. del Parque, 14, 24005 León",
        ),
        id="a form with numbered boxes",
    ),
    pytest.param(
        """
De Wit Machines B.V.
Havenweg 8
1812 PA Alkmaar

Verzendadres:                                   Boorland Import B.V.
De Wit Machines B.V.: Magazijn Oost             Pascalweg 4
Loodsstraat 31                                  6717 AX Ede
7418 BB Deventer                                Btw: NL811445097B01

Inkooporder #P00412
Orderdatum: 12-01-2026                          Verwachte aankomst: 20-01-2026
""",
        Said(
            number="P00412",
            date=dt.date(2026, 1, 12),
            requested=dt.date(2026, 1, 20),
            buyer="De Wit Machines B.V.",
            supplier="Boorland Import B.V.",
            ship_to="De Wit Machines B.V.: Magazijn Oost",
            address="Loodsstraat 31, 7418 BB Deventer",
        ),
        id="the label over the left block, none over the right",
    ),
    pytest.param(
        """
STICHTING ZORG OOST                             B E S T E L B O N
INKOOP   POSTBUS 300   7400 AB DEVENTER   GLN 8714231000017

BONNR   : BB-70044                LEV.: 30441 VERBAND GROOTHANDEL BV
DATUM   : 03-03-2026                    WATTWEG 9
LEVERDAT: 06-03-2026                    4207 HG GORINCHEM

BESTELLER: KVDBERG                AFL.: APOTHEEK OOST
                                        LAAN 225
                                        7334 DP APELDOORN
""",
        Said(
            number="BB-70044",
            date=dt.date(2026, 3, 3),
            requested=dt.date(2026, 3, 6),
            buyer="STICHTING ZORG OOST",
            supplier="VERBAND GROOTHANDEL BV",
            ship_to="APOTHEEK OOST",
            address="LAAN 225, 7334 DP APELDOORN",
        ),
        id="a printer's list with the sender's address in one strip",
    ),
    pytest.param(
        """
MAPLE & RYE                                     Purchase Order
Maple & Rye Interiors, Inc.                     #PO20077
9 Orchard Road                                  03/04/2026
Durham NC 27701

Vendor                                          Ship To
Piedmont Upholstery LLC                         Maple & Rye DC-2
31 Hickory Ave                                  44 Freight Street
Lexington NC 27292                              Thomasville NC 27360

Receive By: 04/01/2026
""",
        Said(
            number="PO20077",
            date=dt.date(2026, 3, 4),
            requested=dt.date(2026, 4, 1),
            buyer="Maple & Rye Interiors, Inc.",
            supplier="Piedmont Upholstery LLC",
            ship_to="Maple & Rye DC-2",
            address="44 Freight Street, Thomasville NC 27360",
        ),
        id="the short name of a sign above the full one",
    ),
    pytest.param(
        """
Megrendelés
Iktatószám: M-2026/0101
Megrendelő:                                  Szállító:
Kék Duna Iskola Nonprofit Kft.               Papír-Nagyker Bt.
9021 Győr, Fő utca 17.                       9027 Győr, Gyár utca 4.

Szállítási határidő: 2026. 03. 20.
Szállítási cím: Kék Duna Iskola, 2. telephely, 9024 Győr, Liget tér 3.
Fizetés: átutalással, 15 napos határidővel. Kérjük a számot feltüntetni.
""",
        Said(
            number="M-2026/0101",
            requested=dt.date(2026, 3, 20),
            buyer="Kék Duna Iskola Nonprofit Kft.",
            supplier="Papír-Nagyker Bt.",
            ship_to="Kék Duna Iskola, 2. telephely",
            address="9024 Győr, Liget tér 3.",
        ),
        id="a place and its part in one line, payment below it",
    ),
    pytest.param(
        """
Construções Beira & Filhos, Lda.                    NOTA DE ENCOMENDA
Rua Nova, 88                                        N.º    NE 26/0412
4700-223 Braga                                      Data   06-03-2026
NIF: 502887413

Fornecedor:        Tintas do Lima, S.A.
                   Zona Industrial, Lote 12
                   4705-414 Braga

Entregar em:       Obra: Edifício Poente
                   Av. da Liberdade, 512, 4710-251 Braga
""",
        Said(
            number="NE 26/0412",
            date=dt.date(2026, 3, 6),
            buyer="Construções Beira & Filhos, Lda.",
            supplier="Tintas do Lima, S.A.",
            ship_to="Obra: Edifício Poente",
            address="Av. da Liberdade, 512, 4710-251 Braga",
        ),
        id="a value that begins with a word for a place",
    ),
    pytest.param(
        """
Cascade Hearth Bakery - Weekly Standing Order Sheet
orders@cascadehearth.example

Customer:    The Harbour Mug                        PO #:   0412
Address:     41 Alder St, Eugene, OR 97401          Date:   03/13/2026
""",
        Said(number="0412", date=dt.date(2026, 3, 13), buyer="The Harbour Mug", supplier="Cascade Hearth Bakery"),
        id="a title that a dash joins to the name",
    ),
    pytest.param(
        """
✚ FARMACIA VIDAL MORA, S.L. ✚
C/ Olmo, 5 - 46120 Alboraya (Valencia) - CIF E97441208

PEDIDO A PROVEEDOR     Nº: 26/00412       FECHA: 11/02/2026
PROVEEDOR: COFAR LEVANTE, S. COOP.
           Pol. Ind. El Jarro 40
           46980 Paterna (Valencia)
""",
        Said(
            number="26/00412",
            date=dt.date(2026, 2, 11),
            buyer="FARMACIA VIDAL MORA, S.L.",
            supplier="COFAR LEVANTE, S. COOP.",
        ),
        id="signs around a name",
    ),
    pytest.param(
        """
                                                 Łódź, dnia 16.02.2026 r.
            Zamówienie do dostawcy nr ZD/23/02/2026

Zamawiający:                                     Dostawca:
Krawiectwo Nitka s.c.                            TEX-LEN Sp. z o.o.
ul. Piotrkowska 18                               ul. Tkacka 51
90-006 Łódź                                      95-200 Pabianice
""",
        Said(
            number="ZD/23/02/2026",
            date=dt.date(2026, 2, 16),
            buyer="Krawiectwo Nitka s.c.",
            supplier="TEX-LEN Sp. z o.o.",
        ),
        id="a number that looks like a date",
    ),
    pytest.param(
        """
Mühle Brot GmbH · Ährenweg 9 · 49074 Osnabrück

Hafenmühle Nord AG                               Osnabrück, 11. März 2026
Am Kanal 1
26789 Leer

Abruf Nr. AB 2026-0412/3 zum Kontrakt K-2025-118
""",
        Said(
            number="AB 2026-0412/3",
            date=dt.date(2026, 3, 11),
            buyer="Mühle Brot GmbH",
            supplier="Hafenmühle Nord AG",
        ),
        id="a call-off under a contract",
    ),
    pytest.param(
        """
Stadt Seeburg · Seestraße 3 · 37136 Seeburg

Firma
Objektmöbel Harz GmbH
Oststraße 8
38667 Bergen                                     Seeburg, den 02.04.2026

Aufforderung zur Abgabe eines Angebots

bitte nennen Sie uns Ihren Preis für:
""",
        Said(
            kind=DocumentKind.QUOTE_REQUEST,
            date=dt.date(2026, 4, 2),
            buyer="Stadt Seeburg",
            supplier="Objektmöbel Harz GmbH",
        ),
        id="an office asks for an offer",
    ),
]


@pytest.mark.parametrize(("text", "expected"), PAGES)
def test_a_page_of_this_family_is_read(text: str, expected: Said):
    assert said(text) == expected


LETTER = stack(40, 60, "Alder Works Ltd", "3 Mill Road", "Leeds LS1 4AB")
TITLE = ((380.0, 60.0, "Purchase order 4711"), (380.0, 72.0, "Date: 02/03/2026"))


def test_a_day_right_below_the_goods_holds_for_all_of_them():
    draft = read(page((*LETTER, *TITLE, *GOODS, (40.0, 548.0, "Requested delivery date: 30 June 2026"))))
    assert value_of(draft.requested_date) == dt.date(2026, 6, 30)


def test_a_tax_number_is_read_over_the_break_of_a_running_line():
    terms = stack(40, 700, "Place of jurisdiction for all disputes is Leeds. VAT number", "GB318442011.")
    draft = read(page((*LETTER, *TITLE, *GOODS, *terms)))
    assert value_of(draft.buyer.id) == "GB318442011"


def test_a_sentence_that_ends_in_a_place_is_the_label_of_the_lines_below():
    sentence = stack(
        40, 420, "Please deliver the goods below direct to site:", "Fellside Farm", "Dale Road", "Hexham NE46 2DA"
    )
    draft = read(page((*LETTER, *TITLE, *sentence, *GOODS)))
    assert value_of(draft.ship_to.name) == "Fellside Farm"
    assert value_of(draft.ship_to.address) == "Dale Road, Hexham NE46 2DA"


def test_a_place_that_points_to_the_invoice_address_names_nobody():
    assert said("Inköpsorder 4187\n\nLeveransadress\nEnligt fakturaadress\n").ship_to is None


def test_a_town_that_begins_as_an_account_does_is_no_number_of_a_party():
    assert said(
        "Order 4711\n\nSupplier:\nGolden Gate Supply Inc.\nSan Pablo Ave, Suite 12\nOakland, CA 94608\n"
    ) == Said(number="4711", supplier="Golden Gate Supply Inc.")


def test_a_house_number_after_a_comma_belongs_to_its_street():
    text = "Pedido 4711\n\nDirección de entrega:\nCalle Olmo, 27, 46120 Alboraya\n"
    assert said(text).ship_to is None
    assert said(text).address == "Calle Olmo, 27, 46120 Alboraya"


def test_a_post_code_beside_a_label_is_not_the_number_below_it():
    text = "Tax invoice\n\nInvoice number      HR9 7BG\nINV-2207\n"
    assert said(text).number == "INV-2207"


def test_the_currency_stands_in_brackets_with_a_remark():
    assert said("Bestilling nr. 2026-014\n\nSum (NOK, fritatt for mva.)          14 762,00\n").currency == "NOK"
