"""Heads of strangers in Polish, Czech, Slovak, Hungarian, Finnish and Turkish: each page stands for a family."""

import datetime as dt

import pytest

from tests.parsers.pdf.heads import Said, said

PAGES = [
    pytest.param(
        """
GOSPODARSTWO OGRODNICZE „ZIELEŃ” Jan Kowal
Sadowa 8, 05-600 Grójec
NIP 797-000-11-22

                                                Grójec, dnia 12.03.2026 r.

AGRO-HURT Sp. z o.o.
ul. Magazynowa 15
26-600 Radom

              Zamówienie nr 14/03/2026

Prosimy o dostarczenie do dnia 20.03.2026 r. następujących towarów:
""",
        Said(
            number="14/03/2026",
            date=dt.date(2026, 3, 12),
            requested=dt.date(2026, 3, 20),
            buyer="GOSPODARSTWO OGRODNICZE „ZIELEŃ” Jan Kowal",
            supplier="AGRO-HURT Sp. z o.o.",
        ),
        id="a Polish letter that asks for delivery in a sentence",
    ),
    pytest.param(
        """
                         OBJEDNÁVKA č. 260118

Odběratel:                               Dodavatel:
Strojírny Hradec a.s.                    SPOJMAT HRADEC s.r.o.
Nádražní 12                              Průmyslová 5
500 02 Hradec Králové                    530 03 Pardubice
IČ: 25999111  DIČ: CZ25999111            IČ: 48171234

Datum vystavení:    4. 2. 2026           Termín dodání:   11. 2. 2026
Místo dodání:       sklad Slezské Předměstí, Víta Nejedlého 8, 500 03 Hradec Králové
""",
        Said(
            number="260118",
            date=dt.date(2026, 2, 4),
            requested=dt.date(2026, 2, 11),
            buyer="Strojírny Hradec a.s.",
            supplier="SPOJMAT HRADEC s.r.o.",
            ship_to="sklad Slezské Předměstí",
            address="Víta Nejedlého 8, 500 03 Hradec Králové",
        ),
        id="two parties side by side",
    ),
    pytest.param(
        """
Ostotilaus                                    1 (1)
                                              Päiväys 10.4.2026
Toimittaja                                    Tilausnumero 300518
Rautatukku Virtanen Oy                        Toimituspäivä 17.4.2026
Teollisuuskatu 9
33100 Tampere                                 Maksuehto 14 pv netto

Tilaaja
Konepaja Lehto Oy
Pajatie 2, 37500 Lempäälä
Y-tunnus 1234567-8
""",
        Said(
            number="300518",
            date=dt.date(2026, 4, 10),
            requested=dt.date(2026, 4, 17),
            buyer="Konepaja Lehto Oy",
            supplier="Rautatukku Virtanen Oy",
        ),
        id="values after their labels",
    ),
    pytest.param(
        """
MEGRENDELŐLAP                                   Sorszám: 2026/88

Megrendelő neve: Kis Péter Kft.
Címe: 4025 Debrecen, Piac utca 10.
Adószáma: 11222333-2-09

Szállító neve: Alföldi Csavar Zrt.
Címe: 6000 Kecskemét, Ipar u. 3.

Kelt: Debrecen, 2026. május 4.          Szállítási határidő: 2026. május 15.
""",
        Said(
            number="2026/88",
            date=dt.date(2026, 5, 4),
            requested=dt.date(2026, 5, 15),
            buyer="Kis Péter Kft.",
            supplier="Alföldi Csavar Zrt.",
        ),
        id="the name and the address under labels of their own",
    ),
    pytest.param(
        """
ANADOLU PLASTİK SAN. TİC. A.Ş.
Atatürk Cad. No: 45 34750 Ataşehir / İSTANBUL
Tel: 0216 555 10 10   V.D.: Kozyatağ\\u0131  V.No: 0690001122

!SATIN ALMA SİPARİŞ FORMU

Tedarikçi  : EGE KİMYA LTD. ŞTİ.          Sipariş No     : 2026-145
Adres      : 1204 Sok. No:3 İzmir         Sipariş Tarihi : 11.02.2026
                                          Termin         : 18.02.2026
Sevk Adresi : Fabrika 2, Gebze OSB 500. Sok. No: 12 Gebze
""",
        Said(
            number="2026-145",
            date=dt.date(2026, 2, 11),
            requested=dt.date(2026, 2, 18),
            buyer="ANADOLU PLASTİK SAN. TİC. A.Ş.",
            supplier="EGE KİMYA LTD. ŞTİ.",
            ship_to="Fabrika 2",
            address="Gebze OSB 500. Sok. No: 12 Gebze",
        ),
        id="colons in a column",
    ),
    pytest.param(
        """
Objednávka č. 26/0055                          Dátum: 3.3.2026

Objednávateľ:                              Dodávateľ:
Drevovýroba Tatran s.r.o.                  Spojmat a.s.
Lesná 4                                    Košická 21
058 01 Poprad                              040 01 Košice
IČO: 36111222                              IČO: 31222333

Termín dodania: 10.3.2026
""",
        Said(
            number="26/0055",
            date=dt.date(2026, 3, 3),
            requested=dt.date(2026, 3, 10),
            buyer="Drevovýroba Tatran s.r.o.",
            supplier="Spojmat a.s.",
        ),
        id="a Slovak form",
    ),
    pytest.param(
        """
Zamówienie zakupu ZZ/26/000451                         Strona 1/2

Nabywca:                                Odbiorca:
MEBLEX Sp. z o.o.                       MEBLEX Sp. z o.o. Magazyn 2
ul. Fabryczna 1                         ul. Polna 33
64-920 Piła                             64-930 Szydłowo
NIP: 7640001122

Sprzedawca:                             Data zamówienia:   02.03.2026
OKUCIA MAX S.A.                         Oczekiwana data dostawy:  09.03.2026
ul. Śrubowa 8                           Waluta:  PLN
61-001 Poznań
""",
        Said(
            number="ZZ/26/000451",
            date=dt.date(2026, 3, 2),
            requested=dt.date(2026, 3, 9),
            buyer="MEBLEX Sp. z o.o.",
            supplier="OKUCIA MAX S.A.",
            ship_to="MEBLEX Sp. z o.o. Magazyn 2",
            address="ul. Polna 33, 64-930 Szydłowo",
            currency="PLN",
        ),
        id="three parties and a currency",
    ),
    pytest.param(
        """
Kővágó Étterem
7621 Pécs, Király u. 5.
Tel.: 72/555-010

Címzett: Dunántúli Húsipari Zrt.
         7630 Pécs, Hús u. 1.

Pécs, 2026. március 5.

RENDELÉS 2026/14

Kérjük, szállítsák ki 2026. március 10-ig az alábbi termékeket:
""",
        Said(
            number="2026/14",
            date=dt.date(2026, 3, 5),
            requested=dt.date(2026, 3, 10),
            buyer="Kővágó Étterem",
            supplier="Dunántúli Húsipari Zrt.",
        ),
        id="a day with an ending",
    ),
]


@pytest.mark.parametrize(("page", "want"), PAGES)
def test_the_head_of_a_stranger_is_read_whole(page: str, want: Said):
    assert said(page) == want
