"""The product is among the first candidates, however its words are bent."""

import random

import pytest

from matching import fuzzy
from matching.fuzzy import MAX_LIMIT, ProductIndex
from oms_core.values import Product
from tests import factory

ADJECTIVES = ("galvanised", "stainless", "brass", "nylon", "black", "heavy", "slotted", "flanged")
NOUNS = ("hexagon bolt", "wood screw", "cable tie", "hose clamp", "ball valve", "pipe bracket", "washer", "rivet")


def products(count: int) -> list[Product]:
    chance = random.Random(7)
    made = {}
    while len(made) < count:
        text = f"{chance.choice(NOUNS)} {chance.choice(ADJECTIVES)} {chance.randint(3, 60)}x{chance.randint(5, 300)} mm"
        made[text] = None
    return [factory.product(f"P{n:04}", description=text, brand=None) for n, text in enumerate(made)]


PRODUCTS = products(400)
INDEX = ProductIndex(PRODUCTS)


def test_every_product_is_the_best_answer_to_its_own_description():
    wrong = [p.sku for p in PRODUCTS if INDEX.search(p.description, 1) != [p]]
    assert wrong == []


@pytest.mark.parametrize("bend", ["swap", "drop", "shuffle", "shorten"])
def test_bent_descriptions_still_find_it_among_ten(bend: str):
    chance = random.Random(bend)
    missed = [p.sku for p in PRODUCTS if p not in INDEX.search(bent(p.description, bend, chance), 10)]
    assert len(missed) <= len(PRODUCTS) // 100


def bent(text: str, how: str, chance: random.Random) -> str:
    parts = text.split()
    if how == "swap":
        at = chance.randrange(len(parts[0]) - 1)
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if how == "drop":
        return " ".join(parts[1:])
    if how == "shuffle":
        chance.shuffle(parts)
        return " ".join(parts)
    return " ".join(part[:4] if part.isalpha() else part for part in parts)


def test_codes_written_apart_or_together_are_found():
    index = ProductIndex([*PRODUCTS, factory.product("X", description="Turntable PS-LX350H")])
    assert index.search("turntable pslx350h", 1)[0].sku == "X"
    assert index.search("PSLX 350H", 1)[0].sku == "X"


def test_the_same_question_has_the_same_answer_whatever_the_order_of_the_catalogue():
    backwards = ProductIndex(PRODUCTS[::-1])
    for text in ("hexagon bolt", "brass valve 12 mm", "nylon"):
        assert {p.sku for p in INDEX.search(text, 3)} <= {p.sku for p in backwards.search(text, 60)}
        assert INDEX.search(text, 5) == INDEX.search(text, 5)


@pytest.mark.parametrize("text", ["", "   ", "😀", "éé", "\x00", "?" * 10_000])
def test_a_text_without_a_known_word_finds_nothing(text: str):
    assert INDEX.search(text, 10) == []


def test_a_search_touches_no_more_than_the_limit_and_rare_words_go_first(monkeypatch: pytest.MonkeyPatch):
    index = ProductIndex([*PRODUCTS, factory.product("RARE", description="zebra bolt screw valve washer")])
    monkeypatch.setattr(fuzzy, "MAX_TOUCHED", 10)
    assert [p.sku for p in index.search("zebra bolt screw valve washer rivet", 5)] == ["RARE"]
    monkeypatch.setattr(fuzzy, "MAX_TOUCHED", 100_000)
    assert len(index.search("zebra bolt screw valve washer rivet", 5)) == 5


def test_no_more_than_the_limit_is_returned():
    assert len(INDEX.search("mm", 5)) == 5
    assert INDEX.search("mm", 0) == []
    assert INDEX.search("mm", -1) == []
    assert len(INDEX.search("mm x bolt screw valve", MAX_LIMIT + 1)) <= MAX_LIMIT
    assert ProductIndex([]).search("bolt", 5) == []
