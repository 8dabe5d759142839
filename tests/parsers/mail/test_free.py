"""Free text that orders in words: dozens, halves, compound numbers; and free text that orders nothing."""

import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from oms_core.values import BytesBlob, DocumentKind, DraftDocument, Hints
from parsers.mail import free, lines, prose
from parsers.mail.parser import PARSER
from parsers.words.spans import Span

HEAD = """From: Ann Buyer <ann@kestrel-marine.example>
Date: Tue, 17 Nov 2026 10:30:00 +0100
Subject: {subject}

{text}
"""

Line = tuple[str, str | None, str]

ORDERS: tuple[tuple[str, tuple[Line, ...]], ...] = (
    (
        "Hello,\n\ncould we have two dozen boxes of nitrile gloves size M and half a dozen\nrolls of packing tape?",
        (("24", "BX", "nitrile gloves size M"), ("6", "RO", "packing tape")),
    ),
    (
        "Hi, please send us a hundred and fifty packs of blue folders, and add thirty-six bottles of glue.\n\nAnn",
        (("150", "PK", "blue folders"), ("36", "BO", "glue")),
    ),
    (
        "Hi there. Could you let us have three dozen of HX-M840 and a gross of WSH-M8 with the next delivery?",
        (("3", "DZN", "HX-M840"), ("1", "GRO", "WSH-M8")),
    ),
    (
        "Guten Tag, könnten Sie uns bitte zwei Karton Einweghandschuhe und ein Dutzend Rollen Klebeband schicken?",
        (("2", "CT", "Einweghandschuhe"), ("12", "RO", "Klebeband")),
    ),
    (
        "Wir benötigen fünfundzwanzig Säcke Fliesenkleber sowie ein halbes Dutzend Eimer Fugenmasse bis Freitag.",
        (("25", "BG", "Fliesenkleber"), ("6", "BJ", "Fugenmasse")),
    ),
    (
        "Bonjour, pourriez-vous nous envoyer une douzaine de boîtes de gants nitrile et trente-six rouleaux de toile ?",
        (("12", "BX", "gants nitrile"), ("36", "RO", "toile")),
    ),
    (
        "Bonjour, il nous faudrait vingt-quatre sacs de ciment et une demi-douzaine de seaux d'enduit pour jeudi.",
        (("24", "BG", "ciment"), ("6", "BJ", "enduit")),
    ),
    (
        "Hola: nos vendrían bien media docena de cajas de guantes y tres docenas de rollos de cinta para el lunes.",
        (("6", "BX", "guantes"), ("36", "RO", "cinta")),
    ),
    (
        "Buongiorno, ci servirebbero una dozzina di scatole di guanti in nitrile e ventiquattro rotoli di nastro.",
        (("12", "BX", "guanti in nitrile"), ("24", "RO", "nastro")),
    ),
    (
        "Dag, kunnen jullie ons twee dozijn dozen handschoenen en vijfentwintig rollen tape sturen?",
        (("24", "BX", "handschoenen"), ("25", "RO", "tape")),
    ),
    (
        "Dzień dobry, potrzebujemy dwudziestu pięciu rolek taśmy oraz trzydziestu sześciu kartonów rękawic.",
        (("25", "RO", "taśmy"), ("36", "CT", "rękawic")),
    ),
    (
        "Bom dia, podem mandar uma dúzia de caixas de luvas e meia dúzia de rolos de fita para segunda?",
        (("12", "BX", "luvas"), ("6", "RO", "fita")),
    ),
    (
        "Moin, legen Sie uns bitte noch anderthalb Dutzend Rollen Kreppband dazu.",
        (("18", "RO", "Kreppband"),),
    ),
)


def letter(text: str, subject: str = "Hello") -> str:
    return HEAD.format(subject=subject, text=text)


def drafts(text: str, subject: str = "Hello") -> list[DraftDocument]:
    found = PARSER.read(BytesBlob(letter(text, subject).encode()), Hints())
    return [item for item in found if isinstance(item, DraftDocument)]


def lines_of(text: str) -> tuple[Line, ...]:
    (draft,) = drafts(text)
    assert draft.kind is DocumentKind.ORDER
    return tuple(
        (
            f"{line.quantity.value}",
            line.unit.value if line.unit else None,
            (line.supplier_code or line.description).value,  # type: ignore[union-attr]
        )
        for line in draft.lines
        if line.quantity
    )


@pytest.mark.parametrize(("text", "want"), ORDERS)
def test_orders_in_words_are_read_in_eight_languages(text: str, want: tuple[Line, ...]):
    assert lines_of(text) == want


def test_the_grammars_alone_find_less_than_half_of_these_lines():
    """What spaCy is for: without it most of these letters would not be orders at all."""
    right = 0
    for text, want in ORDERS:
        spans = [Span(line, 0) for line in text.splitlines()]
        found = [item for span in spans for item in (lines.item(span), *prose.items(span)) if item]
        told = [item.named.code or item.named.description for item in found]
        got = {(f"{item.quantity}", item.unit, words.text) for item, words in zip(found, told, strict=True) if words}
        right += len(got & set(want))
    assert right < sum(len(want) for _, want in ORDERS) // 2


@pytest.mark.parametrize(
    "text",
    [
        "Please send us two boxes of gloves and 5 rolls of tape.",
        "Please send two boxes of gloves and five rolls of tape.",
        "- 2 boxes gloves and 5 rolls tape",
    ],
)
def test_two_goods_in_one_line_are_two_lines(text: str):
    assert lines_of(text) == (("2", "BX", "gloves"), ("5", "RO", "tape"))


def test_goods_made_of_two_things_are_one_line():
    text = "4 pcs hose with clip and 2 m cord\n10 pcs AB-100 nut and bolt"
    assert lines_of(text) == (("4", "C62", "hose with clip and 2 m cord"), ("10", "C62", "AB-100"))


@pytest.mark.parametrize(
    "text",
    [
        "We had two dozen visitors last week and need your help with the programme.",
        "The two dozen boxes of gloves you sent on Monday were wet.",
        "Could you send a driver?",
        "We need it within twenty-four hours.",
        "Do you have two dozen boxes of gloves in stock?",
        "Letzte Woche haben wir zwei Dutzend Rollen erhalten, bitte senden Sie die Rechnung.",
        "Il nous faut une réponse dans deux jours.",
        "Ci servono due settimane per decidere.",
        "Necesitamos hablar de las tres docenas de cajas que no llegaron.",
    ],
)
def test_numbers_in_words_that_order_nothing_make_no_order(text: str):
    assert drafts(text) == []


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("Pourriez-vous nous envoyer une vingtaine de rouleaux de ruban ?", Decimal(20)),
        ("Could you send us about three dozen boxes of gloves?", Decimal(36)),
        ("We are running low on A4 copy paper, so please send us twenty-five boxes.", Decimal(25)),
        ("Could you let us have two hundred whiteboard markers?", Decimal(200)),
    ],
)
def test_what_is_not_plain_is_an_order_that_a_person_looks_at(text: str, quantity: Decimal):
    (draft,) = drafts(text)
    (line,) = draft.lines
    assert line.quantity is not None
    assert line.quantity.value == quantity
    assert line.quantity.confidence == free.UNSURE
    assert line.quantity.confidence < 0.5


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Goedemorgen,\n\ngraag bestellen wij:\n\n3 dozen handschoenen HS-100\n5 rollen tape TP-50", "BX"),
        ("Good morning,\n\nplease send us:\n\n3 dozen gloves HS-100\n5 rolls tape TP-50", "DZN"),
        ("Graag leveren: 3 dozen handschoenen en 5 rollen tape.", "BX"),
    ],
)
def test_dozen_are_boxes_in_dutch(text: str, unit: str):
    assert [line[:2] for line in lines_of(text)] == [("3", unit), ("5", "RO")]


def test_goods_that_run_out_are_named_before_the_quantity():
    assert lines_of("We are running low on A4 copy paper, so please send us twenty-five boxes.") == (
        ("25", "BX", "A4 copy paper"),
    )


def test_every_value_stands_where_its_source_says():
    text = letter("Hello,\n\ncould we have two dozen boxes of nitrile\ngloves and half a dozen rolls of tape?")
    (draft,) = [item for item in PARSER.read(BytesBlob(text.encode()), Hints()) if isinstance(item, DraftDocument)]
    first, second = (line.description for line in draft.lines)
    assert first is not None
    assert second is not None
    assert " ".join(first.value.split()) == "nitrile gloves"
    assert text[second.source.start : second.source.end] == "tape"  # type: ignore[union-attr]


LANGUAGES = ("en", "en", "en", "de", "de", "fr", "fr", "es", "it", "nl", "pl", "pt", "de")


@pytest.mark.parametrize(
    ("text", "language"),
    [(text, language) for (text, _), language in zip(ORDERS, LANGUAGES, strict=True)],
)
def test_the_language_of_a_letter_is_told_by_its_words(text: str, language: str):
    assert free.language_of(iter([text])) == language


READ = """
import sys
from oms_core.values import BytesBlob, Hints
from parsers.registry import builtin_parsers
assert "spacy" not in sys.modules
parser = next(parser for parser in builtin_parsers() if parser.name == "mail_text")
def refuse(event, arguments):
    if event == "os.putenv":
        raise PermissionError(event)
sys.addaudithook(refuse)
found = list(parser.read(BytesBlob(sys.argv[1].encode()), Hints()))
print("spacy" in sys.modules, sum(len(item.lines) for item in found if hasattr(item, "lines")))
"""


def read_apart(text: str) -> str:
    """Read a letter in a fresh process that may not touch its environment, as readers of documents are kept."""
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", READ, letter(text)],
        capture_output=True,
        text=True,
        check=False,
        cwd=root,
        timeout=120,
        env={**os.environ, "OPENBLAS_MAIN_FREE": "1"},  # as the child that reads documents sets it before it shuts in
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_spacy_is_not_loaded_where_the_grammar_finds_the_lines():
    assert read_apart("We need two dozen reasons and:\n\n5 pcs AB-100 bolt\n10 boxes WSH-M8 washer") == "False 2"
    assert read_apart("Please send us two boxes of gloves and 5 rolls of tape.") == "False 2"
    assert read_apart("Our office is closed for two weeks.") == "False 0"


def test_spacy_is_loaded_for_free_text_and_leaves_the_environment_alone():
    assert read_apart("Could we have two dozen boxes of gloves?") == "True 1"
