"""Heads of strangers in German, Dutch, Swedish, Danish and Norwegian: each page stands for a family."""

import datetime as dt

import pytest

from oms_core.values.draft import DocumentKind
from tests.parsers.pdf.heads import Said, said

PAGES = [
    pytest.param(
        """
Bäckerei Konrad Ähre GmbH
Mühlweg 3, 86150 Augsburg
Tel. 0821 555 10, Fax 0821 555 11

                         BESTELLUNG per FAX

An:        Backzutaten Süd AG                  Datum:      14.05.26
           Lagerstr. 77                        Unser Zeichen:  KÄ/mm
           80995 München                       Bestell-Nr.:  26-0414
Fax:       089 000 77

Bitte liefern bis: 18.05.26
Lieferort: wie oben
""",
        Said(
            number="26-0414",
            date=dt.date(2026, 5, 14),
            requested=dt.date(2026, 5, 18),
            buyer="Bäckerei Konrad Ähre GmbH",
            supplier="Backzutaten Süd AG",
        ),
        id="a fax form with the addressee after An:",
    ),
    pytest.param(
        """
Inköpsorder                                          Sida 1(1)

Ordernummer            Orderdatum           Er referens
45112                  2026-03-09           Lena Ek

Leverantör                              Leveransadress
Nordiska Rör AB                         Byggfirman Björk AB
Box 114                                 Industrigatan 7
391 21 Kalmar                           352 45 Växjö

Fakturaadress                           Önskat leveransdatum
Byggfirman Björk AB                     2026-03-16
Box 9
351 03 Växjö
Org.nr 556677-8899
""",
        Said(
            number="45112",
            date=dt.date(2026, 3, 9),
            requested=dt.date(2026, 3, 16),
            buyer="Byggfirman Björk AB",
            supplier="Nordiska Rör AB",
            ship_to="Byggfirman Björk AB",
            address="Industrigatan 7, 352 45 Växjö",
        ),
        id="columns of labels over values",
    ),
    pytest.param(
        """
Hansens Tømrerforretning ApS
Skovvej 3
4000 Roskilde
CVR-nr. 30112233

                    REKVISITION NR. 8812

Leverandør: Trælast Øst A/S                 Dato: 02-03-2026
            Havnevej 50                     Ønsket levering: 06-03-2026
            4600 Køge

Byggeplads: Lindevej 19, 4130 Viby Sj.
""",
        Said(
            number="8812",
            date=dt.date(2026, 3, 2),
            requested=dt.date(2026, 3, 6),
            buyer="Hansens Tømrerforretning ApS",
            supplier="Trælast Øst A/S",
            address="Lindevej 19, 4130 Viby Sj.",
        ),
        id="a requisition for a building site",
    ),
    pytest.param(
        """
!BESTILLING

Bestillingsnr:   B-7731                 Til:   Maritim Service AS
Dato:            15.01.2026                    Strandkaien 2
Ønsket leveringsdato: 22.01.2026               5013 Bergen

Kjøper:          Havbruk Vest AS
                 Kaiveien 10
                 5300 Kleppestø
                 Org.nr. 987 654 321 MVA
""",
        Said(
            number="B-7731",
            date=dt.date(2026, 1, 15),
            requested=dt.date(2026, 1, 22),
            buyer="Havbruk Vest AS",
            supplier="Maritim Service AS",
        ),
        id="a label without a colon",
    ),
    pytest.param(
        """
Cafe-Restaurant De Gouden Leeuw
Markt 1, 4331 LK Middelburg

Weekbestelling week 12                              maandag 16 maart 2026

Leverancier: Zeeuwse Dranken Groothandel B.V.
Klantnr.: 5521

Graag leveren op donderdag 19 maart 2026 voor 10.00 uur
""",
        Said(
            date=dt.date(2026, 3, 16),
            requested=dt.date(2026, 3, 19),
            buyer="Cafe-Restaurant De Gouden Leeuw",
            supplier="Zeeuwse Dranken Groothandel B.V.",
        ),
        id="a weekly order without a number",
    ),
    pytest.param(
        """
Landkreis Harzberg
Amt für Schulen
Postfach 12 34, 38820 Halberg

Büro-Partner GmbH                          Auftrags-Nr.:   40-2026-331
Am Ring 2                                  Datum:          09.03.2026
38820 Halberg                              Bearbeiter/in:  Frau Weiß
                                           Liefertermin:   sofort

Auftragserteilung
Lieferanschrift: Gymnasium am Dom, Domplatz 4, 38820 Halberg
Rechnung an: Landkreis Harzberg, Kreiskasse, Postfach 12 34, 38820 Halberg
""",
        Said(
            number="40-2026-331",
            date=dt.date(2026, 3, 9),
            buyer="Landkreis Harzberg",
            supplier="Büro-Partner GmbH",
            ship_to="Gymnasium am Dom",
            address="Domplatz 4, 38820 Halberg",
        ),
        id="an office and its addressee one gap apart",
    ),
    pytest.param(
        """
Gärtnerei Blum · Feldweg 1 · 55411 Bingen

Saaten-Kontor GmbH & Co. KG
Hafenstr. 5
67059 Ludwigshafen
                                                   Bingen, den 02.02.2026
Bestellung 2026/9

Lieferung: Fr. 13.02.
Anlieferung bei: Gärtnerei Blum, Halle 2
""",
        Said(
            number="2026/9",
            date=dt.date(2026, 2, 2),
            requested=dt.date(2026, 2, 13),
            buyer="Gärtnerei Blum",
            supplier="Saaten-Kontor GmbH & Co. KG",
        ),
        id="a day without its year",
    ),
    pytest.param(
        """
Anlagenbau Krämer KG                                  Anfrage Nr. A-2026-77
Werkstr. 8
49074 Osnabrück                                       Datum 17.03.2026

Firma
Pumpen Schröder GmbH
Deichstr. 1
26721 Emden

Bitte bieten Sie uns an, Angebotsabgabe bis 24.03.2026:
""",
        Said(
            number="A-2026-77",
            date=dt.date(2026, 3, 17),
            buyer="Anlagenbau Krämer KG",
            supplier="Pumpen Schröder GmbH",
            kind=DocumentKind.QUOTE_REQUEST,
        ),
        id="a request for a quotation",
    ),
    pytest.param(
        """
Jansen Machinebouw B.V.
Ambachtsstraat 12
7461 RJ Rijssen

Gewijzigde inkooporder                     Ordernummer     4500221
                                           Orderdatum      02-03-2026
                                           Wijzigingsdatum 05-03-2026
Leverancier
Staalhandel Twente B.V.
Havenkade 4
7553 ET Hengelo

Deze order vervangt onze order van 02-03-2026. Leverdatum 20-03-2026
""",
        Said(
            number="4500221",
            date=dt.date(2026, 3, 2),
            requested=dt.date(2026, 3, 20),
            buyer="Jansen Machinebouw B.V.",
            supplier="Staalhandel Twente B.V.",
            kind=DocumentKind.ORDER_CHANGE,
        ),
        id="a changed order",
    ),
    pytest.param(
        """
Elektro Muster AG, Bahnhofstrasse 5, 8400 Winterthur

Grosshandel Elektro AG
Industriestrasse 20
8604 Volketswil

Winterthur, 6. März 2026

BESTELLUNG Nr. 1044

Kommission: Umbau Schulhaus
Liefertermin: 12.03.2026
Alle Preise in CHF
""",
        Said(
            number="1044",
            date=dt.date(2026, 3, 6),
            requested=dt.date(2026, 3, 12),
            buyer="Elektro Muster AG",
            supplier="Grosshandel Elektro AG",
            currency="CHF",
        ),
        id="a sender in one line",
    ),
    pytest.param(
        """
!Holzbau Tanner

Fenster Müller GmbH
Gewerbering 4
86899 Landsberg

Bestellung 26-0088                          Landsberg, 10.03.2026

Liefertermin: 27.03.2026
Bitte geben Sie unsere Bestellnummer auf allen Papieren an.












































Holzbau Tanner GmbH       Tel. 08191 555        Sparkasse Landsberg
Sägestr. 12               www.holzbau-tanner.example     IBAN DE12 7005 2060 0000 1234 56
86899 Landsberg           USt-ID DE811222333    Amtsgericht Augsburg HRB 1234
""",
        Said(
            number="26-0088",
            date=dt.date(2026, 3, 10),
            requested=dt.date(2026, 3, 27),
            buyer="Holzbau Tanner GmbH",
            supplier="Fenster Müller GmbH",
        ),
        id="the legal name only at the foot",
    ),
    pytest.param(
        """
Schrauben Vogt GmbH
Eisenstr. 9, 58636 Iserlohn
USt-IdNr. DE124555666

Metallwerk Bock AG
Hüttenweg 3
57072 Siegen

Auftragsbestätigung AB-77120            Datum: 06.03.2026
Ihre Bestellung: 4500-221 vom 04.03.2026
Kundennr.: 10455
Liefertermin: KW 12
Lieferadresse: Metallwerk Bock AG, Tor 2, Hüttenweg 5, 57072 Siegen
""",
        Said(
            number="AB-77120",
            date=dt.date(2026, 3, 6),
            buyer="Metallwerk Bock AG",
            supplier="Schrauben Vogt GmbH",
            ship_to="Metallwerk Bock AG",
            address="Tor 2, Hüttenweg 5, 57072 Siegen",
            kind=DocumentKind.ORDER_RESPONSE,
        ),
        id="an order response",
    ),
    pytest.param(
        """
Aannemersbedrijf Vos B.V.           Bestelbon        20260311-4
Nijverheidsweg 2                    Datum            11-3-2026
3771 ME Barneveld                   Werk             Nieuwbouw De Akker
Kvk 08123456                        Werkadres        Akkerlaan 10, 3781 AB Voorthuizen
                                    Levering         13-3-2026 voor 9:00
Aan:
Bouwmaterialen Veluwe
Industrieweg 40
3846 BC Harderwijk
""",
        Said(
            number="20260311-4",
            date=dt.date(2026, 3, 11),
            requested=dt.date(2026, 3, 13),
            buyer="Aannemersbedrijf Vos B.V.",
            supplier="Bouwmaterialen Veluwe",
            address="Akkerlaan 10, 3781 AB Voorthuizen",
        ),
        id="an address of a building site",
    ),
    pytest.param(
        """
Innkjøpsordre 10045                      Dato: 03.03.2026

Leverandør:              Selger AS, Storgata 1, 0155 Oslo
Leveringsadresse:        Fjellheisen Drift AS, Toppen 3, 9006 Tromsø
Fakturaadresse:          Fjellheisen Drift AS, Postboks 77, 9251 Tromsø
Leveringsdato:           uke 12
""",
        Said(
            number="10045",
            date=dt.date(2026, 3, 3),
            buyer="Fjellheisen Drift AS",
            supplier="Selger AS",
            ship_to="Fjellheisen Drift AS",
            address="Toppen 3, 9006 Tromsø",
        ),
        id="parties in one line each",
    ),
]


@pytest.mark.parametrize(("page", "want"), PAGES)
def test_the_head_of_a_stranger_is_read_whole(page: str, want: Said):
    assert said(page) == want
