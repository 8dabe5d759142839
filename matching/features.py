"""How a text and each candidate compare, in figures for the model and in sentences for a person."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Prefix

from matching.attributes import Attribute, Comparison, attributes, compare
from matching.normalise import chunks, fold_code, fold_text, words
from matching.weights import COMPETITION, Features, log_odds
from oms_core.values.catalogue import Product

_SHORTEST_CODE = 4
_SHORTEST_STEM = 3
_SHORTEST_TYPO = 5
_TYPO_RATIO = 84.0
_PREFIX_WORTH = 0.8
_TYPO_WORTH = 0.8
_FAMILY_WORTH = 0.75
_MOST_WORDS = 60
_COUNT_CAP = 3.0
_CODE_CHUNK_WORTH = 0.7


@dataclass(frozen=True, slots=True)
class Scored:
    """A product with its likelihood (of being right at all) and its confidence (beside its rivals).

    `unexplained` are the asked words with figures in them that do not stand in the product as they are: `9500i` is not
    in `9500ix`. Such a product is never decided by words alone.
    """

    product: Product
    likelihood: float
    confidence: float
    comparison: Comparison
    reasons: tuple[str, ...]
    unexplained: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of the comparison, prepared once."""

    words: tuple[str, ...]
    joined: str
    flat: str
    codes: tuple[str, ...]
    attributes: tuple[Attribute, ...]
    own: tuple[str, ...] = ()
    """A product's own codes, folded."""


def score(text: str, products: Sequence[Product]) -> list[Scored]:
    """Compare a text with every candidate, best first; candidates share the probability, so a near twin lowers both."""
    asked = _side(text)
    sides = [_product_side(product) for product in products]
    weights = _word_weights(asked, sides)
    compared = [_compare(asked, weights, p, s) for p, s in zip(products, sides, strict=True)]
    odds = [log_odds(features) for features, _, _ in compared]
    highest = max(odds, default=0.0)
    total = sum(math.exp(COMPETITION * (odd - highest)) for odd in odds)
    scored = []
    for product, side, odd, (_, comparison, reasons) in zip(products, sides, odds, compared, strict=True):
        likelihood = 1 / (1 + math.exp(-odd))
        share = math.exp(COMPETITION * (odd - highest)) / total
        unexplained = _unexplained(asked, side)
        scored.append(Scored(product, likelihood, likelihood * share, comparison, reasons, unexplained))
    return sorted(scored, key=lambda s: (-s.confidence, s.product.sku))


def words_alike(text: str, product: Product) -> float:
    """Return how alike the words of a text and a product are, 0 to 1, in any order."""
    return float(fuzz.token_set_ratio(fold_text(text), _product_side(product).flat)) / 100


def product_attributes(product: Product) -> tuple[Attribute, ...]:
    """Return what the product's description states."""
    return _product_side(product).attributes


def _compare(
    asked: _Side, weights: dict[str, float], product: Product, side: _Side
) -> tuple[Features, Comparison, tuple[str, ...]]:
    worth = {word: _worth(word, side) for word in weights}
    total = sum(weights.values()) or 1.0
    comparison = compare(asked.attributes, side.attributes)
    code, code_reason = _code(asked, product, side)
    features = Features(
        coverage=sum(weights[word] * value for word, value in worth.items()) / total,
        precision=_precision(asked, side),
        characters=float(fuzz.token_sort_ratio(asked.flat, side.flat)) / 100,
        code=code,
        agreeing=min(len(comparison.agreeing), _COUNT_CAP),
        contradicting=min(len(comparison.contradicting), _COUNT_CAP),
        unanswered=min(len(comparison.unanswered), _COUNT_CAP),
        brand=_brand(asked, product),
        inactive=0.0 if product.active else 1.0,
    )
    return features, comparison, _reasons(product, comparison, code_reason, worth)


def _reasons(product: Product, comparison: Comparison, code_reason: str, worth: dict[str, float]) -> tuple[str, ...]:
    reasons = [*comparison.contradicting]
    if not product.active:
        reasons.append("no longer on sale")
    if code_reason:
        reasons.append(code_reason)
    reasons += comparison.agreeing
    agreeing = [word for word, value in worth.items() if value > 0]
    missing = [word for word, value in worth.items() if value == 0]
    if agreeing:
        reasons.append(f"words agree: {' '.join(agreeing[:_SHOWN_WORDS])}")
    reasons += comparison.unanswered
    if missing and not comparison.unanswered:
        reasons.append(f"not in the description: {' '.join(missing[:_SHOWN_WORDS])}")
    return tuple(reasons)


_SHOWN_WORDS = 6


def _worth(word: str, side: _Side) -> float:
    """Return how well the product has a word: whole 1, inside a longer code 1, abbreviated or misspelt less."""
    if word in side.words:
        return 1.0
    has_digit = any(letter.isdigit() for letter in word)
    if has_digit:
        if len(word) >= _SHORTEST_CODE and word in side.joined:
            return 1.0
        return _FAMILY_WORTH if any(_same_family(word, code) for code in side.codes) else 0.0
    return max((_alike(word, other) for other in side.words), default=0.0)


def _unexplained(asked: _Side, side: _Side) -> tuple[str, ...]:
    there = {*side.words, *side.codes, *side.own}
    known = " ".join(code for code in asked.codes if code in there)
    figures = (word for word in asked.words if any(letter.isdigit() for letter in word))
    return tuple(word for word in figures if word not in there and word not in known)


def _alike(word: str, other: str) -> float:
    shorter = min(len(word), len(other))
    if shorter >= _SHORTEST_STEM and (word.startswith(other) or other.startswith(word)):
        return _PREFIX_WORTH
    if shorter >= _SHORTEST_TYPO and fuzz.ratio(word, other) >= _TYPO_RATIO:
        return _TYPO_WORTH
    return 0.0


def _same_family(word: str, code: str) -> bool:
    """Tell whether two type codes differ in their last letters only: `r1214ss` and `r1214`, not `m8x40` and `m8x45`."""
    shared = int(Prefix.similarity(word, code))
    rest = word[shared:] + code[shared:]
    return shared >= _SHORTEST_CODE and shared * 5 >= len(word) * 3 and not any(c.isdigit() for c in rest)


def _precision(asked: _Side, side: _Side) -> float:
    if not side.words:
        return 0.0
    known = (word in asked.words or (len(word) >= _SHORTEST_CODE and word in asked.joined) for word in side.words)
    return sum(known) / len(side.words)


def _word_weights(asked: _Side, sides: Sequence[_Side]) -> dict[str, float]:
    """Weigh each asked word by how few candidates have it; a word that none has weighs as the middle ones do."""
    count = len(sides)
    having = {word: sum(1 for side in sides if word in side.words or word in side.joined) for word in asked.words}
    return {word: 0.3 + math.log(1 + count / (have or max(1, count // 4))) for word, have in having.items()}


def _code(asked: _Side, product: Product, side: _Side) -> tuple[float, str]:
    """Tell whether a code of the product stands in the text, or a code in the text stands in the description."""
    for code, name in ((product.sku, "our SKU"), (product.manufacturer_code or "", "manufacturer's code")):
        folded = fold_code(code)
        if len(folded) >= _SHORTEST_CODE and any(c.isdigit() for c in folded) and folded in asked.codes:
            return 1.0, f"{name} {code} stands in the text"
    shared = [code for code in asked.codes if code in side.joined]
    if shared:
        return _CODE_CHUNK_WORTH * len(shared) / len(asked.codes), f"same type: {', '.join(shared[:3])}"
    return 0.0, ""


def _brand(asked: _Side, product: Product) -> float:
    brand = fold_text(product.brand or "")
    return 1.0 if brand and f" {brand} " in f" {asked.flat} " else 0.0


def _side(text: str) -> _Side:
    listed = tuple(dict.fromkeys(words(text)))[:_MOST_WORDS]
    whole = chunks(text)
    codes = tuple(dict.fromkeys(chunk for chunk in whole if _is_code(chunk)))
    return _Side(listed, "".join(whole), fold_text(text), codes, attributes(text))


def _is_code(chunk: str) -> bool:
    """Tell whether a chunk looks like an article code: four signs or more, digits among them, not just a year."""
    digits = sum(letter.isdigit() for letter in chunk)
    return len(chunk) >= _SHORTEST_CODE and digits > 0 and (digits < len(chunk) or len(chunk) > _SHORTEST_CODE)


def _product_side(product: Product) -> _Side:
    return _prepared(product.description, product.brand or "", product.sku, product.manufacturer_code or "")


@lru_cache(maxsize=4096)
def _prepared(description: str, brand: str, sku: str, code: str) -> _Side:
    """Prepare a product once; its words are those of the description and brand, its codes may stand in `joined`."""
    side = _side(f"{description} {brand}" if fold_text(brand) not in fold_text(description) else description)
    own = tuple(folded for folded in (fold_code(sku), fold_code(code)) if folded)
    return _Side(side.words, " ".join((side.joined, *own)), side.flat, side.codes, side.attributes, own)
