"""Heads of strangers of more trades: portals, schools, painters, supermarkets; each page stands for a family."""

import datetime as dt

import pytest

from oms_core.values.draft import DocumentKind
from tests.parsers.pdf.heads import Said, said

PAGES = [
    pytest.param(
        """
Purchase Order #20114                                    Northwind Labs Inc.

Status         Issued - Sent via Email
Order Date     02/18/26
Requester      Dana Cole
Payment Term   Net 30

Supplier                      Ship To                        Bill To
Pipette World LLC             Northwind Labs Inc.            Northwind Labs Inc.
77 Science Park Rd            12 Lab Way                     PO Box 18
Irvine, CA 92618              Suite 4                        Durham, NC 27701
United States                 Durham, NC 27703               United States
""",
        Said(
            number="20114",
            date=dt.date(2026, 2, 18),
            buyer="Northwind Labs Inc.",
            supplier="Pipette World LLC",
            ship_to="Northwind Labs Inc.",
            address="12 Lab Way, Suite 4, Durham, NC 27703",
        ),
        id="a purchasing portal",
    ),
    pytest.param(
        """
Ordine d'acquisto                                           Originale
Numero documento     Data documento    Codice fornitore     Pagina
2600118              09/03/2026        F00231               1/1

Spett.le                                   Destinazione
FONDERIE LOMBARDE SPA                      POMPE VERDI SRL
VIA MILANO 8                               VIA DELLE INDUSTRIE 3
20025 LEGNANO MI                           24040 STEZZANO BG

Data consegna: 23/03/2026                  Valuta: EUR

POMPE VERDI SRL - Via delle Industrie 3 - 24040 Stezzano (BG) - P.IVA 02233440165
""",
        Said(
            number="2600118",
            date=dt.date(2026, 3, 9),
            requested=dt.date(2026, 3, 23),
            buyer="POMPE VERDI SRL",
            supplier="FONDERIE LOMBARDE SPA",
            ship_to="POMPE VERDI SRL",
            address="VIA DELLE INDUSTRIE 3, 24040 STEZZANO BG",
            currency="EUR",
        ),
        id="a small ERP with the sender at the foot",
    ),
    pytest.param(
        """
Autohaus Kern GmbH · Ringstr. 40 · 66111 Saarbrücken

Teilehandel Nord e.K.
Herrn Peters
Kaistr. 3                                  Bestellnummer:  B-10442
24103 Kiel                                 Bestelldatum:   05.03.2026
                                           Kundennummer:   77120
                                           Ansprechpartner: Fr. Lux

Bestellung

Sehr geehrter Herr Peters,

wir bestellen zur Lieferung am 09.03.2026:
""",
        Said(
            number="B-10442",
            date=dt.date(2026, 3, 5),
            requested=dt.date(2026, 3, 9),
            buyer="Autohaus Kern GmbH",
            supplier="Teilehandel Nord e.K.",
        ),
        id="a letter that orders in its first sentence",
    ),
    pytest.param(
        """
SUPERMERCADOS EL CASTILLO, S.A.
N.I.F.: A-18000111

Pedido: 7002251         Fecha pedido: 04-03-26       Fecha entrega: 06-03-26

Proveedor: 00451 - QUESOS DE LA SIERRA, S.L.
Entregar en: PLATAFORMA GRANADA - CTRA. DE LA SIERRA KM 3 - 18008 GRANADA
""",
        Said(
            number="7002251",
            date=dt.date(2026, 3, 4),
            requested=dt.date(2026, 3, 6),
            buyer="SUPERMERCADOS EL CASTILLO, S.A.",
            supplier="QUESOS DE LA SIERRA, S.L.",
            ship_to="PLATAFORMA GRANADA",
            address="CTRA. DE LA SIERRA KM 3, 18008 GRANADA",
        ),
        id="a supermarket with numbers before names",
    ),
    pytest.param(
        """
Beställning från Café Solrosen

Datum: 2026-03-10
Kund: Café Solrosen HB
Kundnr: 4411
Leverans: torsdag 12 mars 2026
Leveransadress: Torggatan 4, 831 30 Östersund
""",
        Said(
            date=dt.date(2026, 3, 10),
            requested=dt.date(2026, 3, 12),
            buyer="Café Solrosen HB",
            address="Torggatan 4, 831 30 Östersund",
        ),
        id="a shop mail with a weekday",
    ),
    pytest.param(
        """
FATURA FT 2026/88
Data: 2026-03-10            Vencimento: 2026-04-09
Emitente: Tintas Lusas, Lda.      Cliente: Pinturas Rápidas Unip. Lda.
NIF 500900100                     NIF 510200300
Rua A, 1, 4000-001 Porto          Rua B, 2, 4700-002 Braga
""",
        Said(
            number="FT 2026/88",
            date=dt.date(2026, 3, 10),
            buyer="Pinturas Rápidas Unip. Lda.",
            supplier="Tintas Lusas, Lda.",
            kind=DocumentKind.INVOICE,
        ),
        id="an invoice with both parties beside each other",
    ),
    pytest.param(
        """
Tidewater Marine Ltd                                ORDER CANCELLATION
Quay Road, Falmouth TR11 3AA
                                                    Order No: TM-3301
To: Ropeworks (Cornwall) Ltd                        Date: 10 March 2026
    Bar Road, Falmouth TR11 4BD

Please cancel the above order in full.
""",
        Said(
            number="TM-3301",
            date=dt.date(2026, 3, 10),
            buyer="Tidewater Marine Ltd",
            supplier="Ropeworks (Cornwall) Ltd",
            kind=DocumentKind.ORDER_CANCELLATION,
        ),
        id="a cancelled order",
    ),
    pytest.param(
        """
Kahvila Aurinko Oy                                 TILAUS
Rantatie 1
70100 Kuopio                          Tilausnro:        881
Y-tunnus 2233445-6                    Päivämäärä:       9.3.2026
                                      Toivottu toimitus: 11.3.2026
Vastaanottaja:
Savon Leipä Oy
Myllykatu 6, 70500 Kuopio
""",
        Said(
            number="881",
            date=dt.date(2026, 3, 9),
            requested=dt.date(2026, 3, 11),
            buyer="Kahvila Aurinko Oy",
            supplier="Savon Leipä Oy",
        ),
        id="a recipient who is the supplier",
    ),
    pytest.param(
        """
                                             MALEREI GRUBER
                                             Hauptplatz 3
                                             4240 Freistadt
                                             Tel.: 07942 555
                                             UID: ATU11122233
An
Farben Huber GmbH
Linzer Straße 88
4020 Linz

Freistadt, am 9.3.2026

BESTELLUNG

Lieferung bitte bis spätestens Freitag, 13.3.2026 an Baustelle Schulgasse 2, 4240 Freistadt
""",
        Said(
            date=dt.date(2026, 3, 9),
            requested=dt.date(2026, 3, 13),
            buyer="MALEREI GRUBER",
            supplier="Farben Huber GmbH",
        ),
        id="a letterhead at the right",
    ),
    pytest.param(
        """
St Anselm's Primary School                        OFFICIAL ORDER
Church Road                                       Order number    SA00713
Bolton BL1 2CC                                    Order date      06/03/2026
01204 555010                                      Required by     20/03/2026

Supplier                                          Deliver to
Playtime Resources Ltd                            St Anselm's Primary School
Unit 6, Mill Park                                 Church Road
Bury BL9 0XX                                      Bolton BL1 2CC
""",
        Said(
            number="SA00713",
            date=dt.date(2026, 3, 6),
            requested=dt.date(2026, 3, 20),
            buyer="St Anselm's Primary School",
            supplier="Playtime Resources Ltd",
            ship_to="St Anselm's Primary School",
            address="Church Road, Bolton BL1 2CC",
        ),
        id="a school and its supplier",
    ),
]


@pytest.mark.parametrize(("page", "want"), PAGES)
def test_the_head_of_a_stranger_is_read_whole(page: str, want: Said):
    assert said(page) == want
