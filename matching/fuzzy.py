"""Candidates by words and character trigrams, in memory: the products whose descriptions are most like a text."""

import heapq
import math
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from rapidfuzz import fuzz, process

from matching.normalise import chunks, fold_text, words
from oms_core.values.catalogue import Product

MAX_TOUCHED = 40_000
"""How many index entries one search may touch: rare features go first, so what is left out says little."""

MAX_LIMIT = 200
"""The most products one search returns."""

_SHORTLIST = 120
_LIKENESS_SHARE = 0.35
"""How much of the order is rapidfuzz's likeness; the rest is shared features, rare ones weighing more."""


class ProductIndex:
    """An inverted index over words and trigrams of description, brand, SKU and manufacturer's code."""

    def __init__(self, products: Iterable[Product]) -> None:
        """Index the products; about 0.1 ms each."""
        self._products = tuple(products)
        self._texts = [fold_text(searchable(product)) for product in self._products]
        self._postings: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        for number, product in enumerate(self._products):
            for feature in set(_features(searchable(product))):
                self._postings[feature].append(number)
        self._weights = {feature: self._weight(len(found)) for feature, found in self._postings.items()}
        self._norms = self._lengths()

    def search(self, text: str, limit: int) -> list[Product]:
        """Return at most `limit` products (never more than `MAX_LIMIT`), most alike first; equal ones by SKU."""
        limit = max(0, min(limit, MAX_LIMIT))
        shared = self._shared(text)
        if not shared or not limit:
            return []
        best = heapq.nlargest(max(_SHORTLIST, limit), shared.items(), key=lambda item: (item[1], -item[0]))
        return [self._products[number] for number in self._ordered(text, best)[:limit]]

    def _shared(self, text: str) -> dict[int, float]:
        """Add up the weights of the features each product shares with the text, over its own length (cosine)."""
        asked = sorted(
            (f for f in set(_features(text)) if f in self._postings), key=lambda f: (len(self._postings[f]), f)
        )
        scores: dict[int, float] = {}
        touched = 0
        for feature in asked:
            found = self._postings[feature]
            touched += len(found)
            if touched > MAX_TOUCHED and scores:
                break
            weight = self._weights[feature] ** 2
            for number in found:
                scores[number] = scores.get(number, 0.0) + weight
        norms = self._norms
        return {number: score / norms[number] for number, score in scores.items()}

    def _ordered(self, text: str, best: list[tuple[int, float]]) -> list[int]:
        """Order a shortlist by shared features and rapidfuzz's likeness together."""
        top = best[0][1] or 1.0
        numbers = [number for number, _ in best]
        likeness = process.extract(
            fold_text(text),
            {number: self._texts[number] for number in numbers},
            scorer=fuzz.token_set_ratio,
            limit=len(numbers),
        )
        ratio = {number: score / 100 for _, score, number in likeness}
        ranked = [
            (-((1 - _LIKENESS_SHARE) * share / top + _LIKENESS_SHARE * ratio.get(number, 0.0)), number)
            for number, share in best
        ]
        return [number for _, number in sorted(ranked, key=lambda r: (r[0], self._products[r[1]].sku))]

    def _weight(self, frequency: int) -> float:
        return math.log(1 + len(self._products) / frequency)

    def _lengths(self) -> list[float]:
        squares = [0.0] * len(self._products)
        for feature, found in self._postings.items():
            square = self._weights[feature] ** 2
            for number in found:
                squares[number] += square
        return [math.sqrt(square) or 1.0 for square in squares]


def searchable(product: Product) -> str:
    """Return all words by which a product may be asked for."""
    parts = (product.description, product.brand or "", product.sku, product.manufacturer_code or "")
    return " ".join(part for part in parts if part)


def _features(text: str) -> Iterator[str]:
    """Yield whole words, codes written together, and the trigrams of both with their edges; repeats are possible."""
    for word in dict.fromkeys((*words(text), *chunks(text))):
        yield from _word_features(word)


@lru_cache(maxsize=65_536)
def _word_features(word: str) -> tuple[str, ...]:
    edged = f" {word} "
    return ("=" + word, *(edged[start : start + 3] for start in range(len(edged) - 2)))
