"""Orders as people write them in sixteen languages: lists, sentences, dates in words, changes and cancellations."""

import pytest

from oms_core.values import BytesBlob, DocumentKind, DraftDocument, Finding, Hints
from parsers.mail.parser import PARSER

HEAD = "From: Ann Buyer <ann@kestrel-marine.example>\nDate: Mon, 16 Nov 2026 09:12:00 +0000\nSubject: {subject}\n\n"


def read(text: str, subject: str) -> list[DraftDocument]:
    data = (HEAD.format(subject=subject) + text).encode()
    return [item for item in PARSER.read(BytesBlob(data), Hints()) if isinstance(item, DraftDocument)]


def told(draft: DraftDocument) -> list[tuple[str, str | None, str]]:
    return [
        (
            f"{line.quantity.value}" if line.quantity else "",
            line.unit.value if line.unit else None,
            (line.supplier_code or line.description).value,  # type: ignore[union-attr]
        )
        for line in draft.lines
    ]


LISTS = (
    ("Objednávka 881", "Dobrý den,\n\nobjednáváme:\n20 ks šroub SR-20\n4 role páska lepicí\n", ("C62", "RO")),
    ("Beställning 881", "Hej,\n\nvi beställer:\n20 st skruv SR-20\n4 rullar tejp svart\n", ("C62", "RO")),
    ("Ordre 881", "Hej,\n\nvi vil gerne bestille:\n20 stk skrue SR-20\n4 ruller tape sort\n", ("C62", "RO")),
    ("Bestilling 881", "Hei,\n\nvi trenger:\n20 stk skrue SR-20\n4 ruller teip svart\n", ("C62", "RO")),
    ("Tilaus 881", "Hei,\n\ntilaamme:\n20 kpl ruuvi SR-20\n4 rullaa teippi musta\n", ("C62", "RO")),
    ("Sipariş 881", "Merhaba,\n\nsipariş ediyoruz:\n20 adet vida SR-20\n4 rulo bant siyah\n", ("C62", "RO")),
    ("Comanda 881", "Bună ziua,\n\navem nevoie de:\n20 buc șurub SR-20\n4 role bandă neagră\n", ("C62", "RO")),
    ("Megrendelés 881", "Jó napot,\n\nmegrendeljük:\n20 db csavar SR-20\n4 tekercs szalag fekete\n", ("C62", "RO")),
    ("Zamówienie 881", "Dzień dobry,\n\nzamawiamy:\n20 szt. wkręt SR-20\n4 rolki taśma czarna\n", ("C62", "RO")),
)


@pytest.mark.parametrize(("subject", "text", "units"), LISTS)
def test_a_list_is_an_order_with_its_number_and_units(subject: str, text: str, units: tuple[str, str]):
    (draft,) = read(text, subject)
    assert draft.kind is DocumentKind.ORDER
    assert draft.number is not None
    assert draft.number.value == "881"
    assert [(quantity, unit) for quantity, unit, _ in told(draft)] == [("20", units[0]), ("4", units[1])]
    assert told(draft)[0][2] == "SR-20"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Hej, skicka 5 rullar tejp svart senast 20 november.", "2026-11-20"),
        ("Szia, péntekre kérek 10 kg burgonyát és 20 db tojást.", "2026-11-20"),
        ("Moi, tilaisin keskiviikoksi 10 kg perunaa.", "2026-11-18"),
        ("Merhaba, yar\u0131n için 20 kg domates gönderir misiniz?", "2026-11-17"),
        ("Hi, can you send 4 boxes of gloves by 23/11?", "2026-11-23"),
        ("Hi, please send 4 boxes of gloves, order for w/c 30 November.", None),
    ],
)
def test_a_day_in_words_is_the_next_such_day(text: str, day: str | None):
    (draft,) = read(text, "order")
    found = draft.requested_date.value.isoformat() if draft.requested_date else None
    assert found == day


@pytest.mark.parametrize(
    ("subject", "text", "kind"),
    [
        ("Avbeställning order 881", "Hej, vi måste tyvärr avbeställa order 881.", DocumentKind.ORDER_CANCELLATION),
        ("Storno objednávky 881", "Dobrý den, rušíme objednávku č. 881.", DocumentKind.ORDER_CANCELLATION),
        (
            "Sipariş iptali 881",
            "881 numaral\u0131 siparişimizi iptal etmek istiyoruz.",
            DocumentKind.ORDER_CANCELLATION,
        ),
        ("Retoure zu Bestellung 881", "Wir möchten 5 Stück LED-60 zurücksenden.", DocumentKind.RETURN_REQUEST),
        ("RMA for PO 881", "We would like to return 2 x DR-500 drill.", DocumentKind.RETURN_REQUEST),
        ("Offertförfrågan", "Hej, kan ni lämna pris på 300 st skruv 5x60?", DocumentKind.QUOTE_REQUEST),
    ],
)
def test_kinds_are_told_apart(subject: str, text: str, kind: DocumentKind):
    assert [draft.kind for draft in read(text, subject)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "Hei, vi fikk 5 esker for lite på dagens levering, ordre 881. Kan dere sjekke?",
        "Merhaba, bugünkü teslimatta 10 koli sudan 2 koli eksik geldi. Kontrol eder misiniz?",
        "Bonjour, nous attendons toujours la livraison de la commande 881 (10 sacs de terreau). Quand livrez-vous ?",
        "Your order #881 for 1 x phone case has been confirmed.",
        "Witam, kiedy będzie moja przesyłka? Zamówienie 881, 4 szt. lamp.",
    ],
)
def test_what_orders_nothing_makes_no_order(text: str):
    assert read(text, "881") == []


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("Hi, HF-22 filter should be 15 instead of 10, please change PO 881.", ("15", None, "HF-22")),
        ("Hallo, statt 10 bitte 12 Stück MC4-BU, sonst bleibt alles.", ("12", "C62", "MC4-BU")),
        ("Buenos días, en lugar de 50 cajas de CJ-12 enviadnos 80 cajas.", ("80", "BX", "CJ-12")),
        ("Merci de passer la ligne BO-75 à 1200 bouteilles au lieu de 1000.", ("1200", "BO", "BO-75")),
    ],
)
def test_a_change_names_the_new_quantity(text: str, want: tuple[str, str | None, str]):
    (draft,) = read(text, "Re: PO 881")
    assert draft.kind is DocumentKind.ORDER_CHANGE
    assert told(draft) == [want]


def test_a_correction_in_the_line_holds():
    (draft,) = read("Please send:\n- 10 bags rice RC-10\n- lentils 5kg - 6 bags. No sorry, make that 8\n", "order")
    assert [quantity for quantity, _, _ in told(draft)] == ["10", "8"]


def test_a_correction_further_down_holds_for_the_line_that_it_names():
    text = "Please send:\n\nfries crinkle 6 cs\nbeans green 3 cs\n\nSorry, fries only 4 cs.\n"
    (draft,) = read(text, "order")
    assert [quantity for quantity, _, _ in told(draft)] == ["4", "3"]


def test_records_below_one_another_are_lines():
    text = "PO 881\n\nItem: AC-3-W\nDescription: Panel white\nQuantity: 15\nUnit price: 41.20\n\n"
    text += "Item: PV-5-B\nDescription: Foam black\nQuantity: 8\nUnit price: 22.75\n"
    (draft,) = read(text, "New purchase order 881")
    assert told(draft) == [("15", None, "AC-3-W"), ("8", None, "PV-5-B")]


def test_a_price_for_a_thousand_is_the_price_of_one():
    (draft,) = read("Please supply:\n2,500 EN-DL envelopes at 12.40 per 1000\n", "PO 881")
    assert [f"{line.unit_price.value}" for line in draft.lines if line.unit_price] == ["0.0124"]


def test_a_number_that_may_be_a_line_is_never_lost_in_silence():
    text = "Please send:\n\n10 pcs AB-100 bolt\n20 pcs AB-200 nut\n\n"
    text += "Jim mentioned that the 3 boxes CD-300 are urgent too\n"
    data = (HEAD.format(subject="PO 881") + text).encode()
    found = list(PARSER.read(BytesBlob(data), Hints()))
    (draft,) = [item for item in found if isinstance(item, DraftDocument)]
    lines = {line.supplier_code.value for line in draft.lines if line.supplier_code}
    assert "CD-300" in lines or any(item.code == "mail.unread_line" for item in found if isinstance(item, Finding))
