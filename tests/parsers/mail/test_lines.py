"""The line grammar and the zones of a letter: each on its own."""

import pytest

from parsers.mail import cells, lines, prose, rows, zones
from parsers.words.spans import Span

HEAD = "From: Ann <ann@kestrel.example>\nDate: Tue, 17 Nov 2026 23:30:00 -0500\nSubject: Re: x\n\n"


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("400x BN4812 Blindniet 4,8x12", ("BN4812", "Blindniet 4,8x12", "400", None)),
        ("2 Schachteln SLA12-110 Anker M12x110", ("SLA12-110", "Anker M12x110", "2", "BX")),
        ("4 Rollen Gewebeband silber 50 m", (None, "Gewebeband silber 50 m", "4", "RO")),
        ("5 kg Draht SG2 0,8 mm (SG2-08)", ("SG2-08", "Draht SG2 0,8 mm", "5", "KGM")),
        ("KK15 knelkoppeling 15 mm x 20", ("KK15", "knelkoppeling 15 mm", "20", None)),
        ('slang 3/4" x 5 meter', (None, 'slang 3/4"', "5", "MTR")),
        ("ground beef 80/20 - 20 lb", (None, "ground beef 80/20", "20", "LBR")),
        ('burger buns 4" BN-4S 3 cs', ("BN-4S", 'burger buns 4"', "3", "CS")),
        ("PEL-25: 4", ("PEL-25", None, "4", None)),
        ("CK-100 cutlery kits: 30 boxes instead of 18", ("CK-100", "cutlery kits", "30", "BX")),
        ("40 mm waste pipe, white \u2013 10 metres", (None, "40 mm waste pipe, white", "10", "MTR")),
        ("wkręt 3,5x30 czarny, 1000 szt.", (None, "wkręt 3,5x30 czarny", "1000", "C62")),
        ("20 paquetes PC-60 papel camilla", ("PC-60", "papel camilla", "20", "PK")),
        ("bayetas azules ......... 1 paquete", (None, "bayetas azules", "1", "PK")),
        (
            "a box of stainless clips 25-40 mm (I have lost the number, sorry)",
            (None, "stainless clips 25-40 mm", "1", "BX"),
        ),
        ("1. 2,000 pcs PM-1013W poly mailer", ("PM-1013W", "poly mailer", "2000", "C62")),
        ("8 pieces: Office desk 699", (None, "Office desk 699", "8", "C62")),
    ],
)
def test_one_line_of_a_list(text: str, want: tuple[str | None, str | None, str, str | None]):
    found = lines.item(Span(text, 0))
    assert found is not None
    assert found.strong
    code, description = found.named.code, found.named.description
    assert (
        code.text if code else None,
        description.text if description else None,
        f"{found.quantity}",
        found.unit,
    ) == want


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("10 x HX-M840 bolt @ 1.25", "1.25"),
        ("10 x HX-M840 Schraube à 1,25 EUR", "1.25"),
        ("10 pcs HX-M840 bolt at $1.25 each", "1.25"),
        ("10 Stück HX-M840 Schraube zu je 1,25 €", "1.25"),
        ("10 x HX-M840 bolt 1.25 each", "1.25"),
    ],
)
def test_a_price_after_a_line(text: str, price: str):
    found = lines.item(Span(text, 0))
    assert found is not None
    assert (f"{found.quantity}", f"{found.price}") == ("10", price)
    assert found.named.code is not None
    assert found.named.code.text == "HX-M840"


@pytest.mark.parametrize(
    "text", ["10 pcs hex bolt M8x40 A2", "50 St Schraube A4", "20 rolls tape a 2", "3 pcs voil\u00e0 5"]
)
def test_a_grade_or_a_word_that_ends_like_a_price_mark_is_no_price(text: str):
    found = lines.item(Span(text, 0))
    assert found is not None
    assert found.price is None
    assert found.named.description is not None
    assert text.endswith(found.named.description.text)


@pytest.mark.parametrize(
    "text",
    [
        "entro 48 ore",
        "in 3 giorni",
        "within 24 h",
        "binnen 2 dagen",
        "48 Stunden",
        "innerhalb von 2 Wochen",
        "2 Wochen",
        "5 working days",
        "3 bis 5 Werktage",
        "sous 48 h",
        "3 jours ouvrables",
        "5 d\u00edas h\u00e1biles",
        "w ci\u0105gu 48 godzin",
        "3 dias \u00fateis",
        "Lieferzeit: 3 Tage",
        "entro le ore 12",
        "30 days net",
        "8 Uhr",
    ],
)
def test_hours_and_days_are_no_goods(text: str):
    span = Span(text, 0)
    assert lines.item(span) is None
    assert prose.items(Span(f"We need it {text}", 0)) == ()
    assert rows.untitled(cells.cells(Span(text.replace(": ", "\t"), 0)), None) is None


def test_hours_under_a_code_are_ordered():
    found = lines.item(Span("8 hours SRV-100 installation", 0))
    assert found is not None
    assert (f"{found.quantity}", found.unit) == ("8", "HUR")


@pytest.mark.parametrize("text", ["Need by 11/24/2026.", "Kind regards", "", "We are closed on Monday", "x" * 400])
def test_lines_that_order_nothing(text: str):
    assert lines.item(Span(text, 0)) is None


@pytest.mark.parametrize(
    "mark",
    [
        "-----Original Message-----\nFrom: Desk",
        "-----Ursprüngliche Nachricht-----\nVon: Desk",
        "Von: Desk <d@northgate.example>\nGesendet: Montag, 16. November 2026 10:02\nBetreff: alt",
        "De : Desk <d@northgate.example>\nEnvoyé : lundi 16 novembre 2026\nObjet : vieux",
        "Le 16/11/2026 à 14:02, desk@northgate.example a écrit :",
        "El 16/11/2026 a las 14:02, Desk escribió:",
        "Il giorno 16 nov 2026, Desk ha scritto:",
        "Op 16 nov 2026 om 10:02 schreef Desk:",
        "W dniu 16.11.2026 o 10:02, Desk pisze:",
        "Em 16/11/2026 10:02, Desk escreveu:",
        "Am 16.11.2026 um 10:02 schrieb Desk:",
    ],
)
def test_a_thread_is_told_in_eight_languages(mark: str):
    letter = zones.split(f"{HEAD}5 pcs AB-100 bolt\n\n{mark}\n100 pcs ZZ-900 nut\n")
    assert not any("ZZ-900" in line.text for line in (*letter.new, *letter.closing))
    assert any("ZZ-900" in line.text for line in letter.quoted)
