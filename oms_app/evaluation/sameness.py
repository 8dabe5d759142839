"""When a value that was read is the labelled one, and which line that was read is which labelled line."""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
"""An object as `json.loads` gives it: a label, or what was read, in the form of `ordermill extract`."""

NUMERIC = frozenset({"quantity", "unit_price", "amount", "totals.net", "totals.tax", "totals.gross"})
CODES = ("buyer_code", "supplier_code", "gtin")
LONG_ENOUGH = 0.6
"""A name inside the other counts where it is at least this share of its length."""
ALIKE = 0.8
"""The share of words that two descriptions or addresses must have in common."""
MAX_PAIRS = 1_000_000
"""Lines of a label times lines read that are compared each with each; longer orders are paired by their place."""
_KEPT_TEXTS = 50_000


def same(field: str, want: Any, have: Any) -> bool:
    """Whether a value is the labelled one; null is right only where the label is null."""
    if want is None or have is None:
        return want is have
    if field in NUMERIC:
        return number(want) is not None and number(want) == number(have)
    if field.endswith("name"):
        return _same_name(squash(want), squash(have))
    if field == "description":
        return squash(want) == squash(have) or (
            _with_digits(want) == _with_digits(have) and shared(want, have) >= ALIKE
        )
    if field.endswith("address"):
        return squash(want) == squash(have) or shared(want, have) >= ALIKE
    return fold(want) == fold(have)


def _same_name(a: str, b: str) -> bool:
    return a == b or (min(len(a), len(b)) / max(len(a), len(b), 1) >= LONG_ENOUGH and (a in b or b in a))


def _with_digits(text: Any) -> list[str]:
    """Return the words that tell twins apart: all of them must agree."""
    return sorted(word for word in words(text) if any(char.isdigit() for char in word))


def words(text: Any) -> tuple[str, ...]:
    """Return the words of a text, folded."""
    return _words(str(text))


@lru_cache(maxsize=_KEPT_TEXTS)
def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def squash(text: Any) -> str:
    """Return letters and digits alone."""
    return "".join(words(text))


def fold(text: Any) -> str:
    """Fold a code or number: white space and case do not count, punctuation does."""
    return "".join(unicodedata.normalize("NFKC", str(text)).casefold().split())


def number(text: Any) -> Decimal | None:
    """Return a text as a number, None where it is none."""
    try:
        value = Decimal(str(text))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def shared(a: Any, b: Any) -> float:
    """Return the words in common over all words (Dice, each word as often as it stands)."""
    left, right = words(a), words(b)
    if not left or not right:
        return float(left == right)
    common = sum(min(left.count(word), right.count(word)) for word in set(left))
    return 2 * common / (len(left) + len(right))


def likeness(want: Json, have: Json) -> float:
    """Say how like two lines are; a description counts twice."""
    fields = ("quantity", "unit_price", "amount", *CODES)
    agreeing = sum(bool(want.get(field)) and same(field, want[field], have.get(field)) for field in fields)
    return agreeing + 2 * shared(want.get("description") or "", have.get("description") or "")


def align(want: Sequence[Json], have: Sequence[Json]) -> list[tuple[int, int | None]]:
    """Pair each labelled line with one that was read, or none, keeping their order, for the most likeness in all."""
    rows, columns = len(want), len(have)
    if rows * columns > MAX_PAIRS:
        return [(index, index if index < columns else None) for index in range(rows)]
    alike = [[likeness(w, h) for h in have] for w in want]
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in reversed(range(rows)):
        for j in reversed(range(columns)):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + alike[i][j])
    return _path(alike, best)


def _path(alike: list[list[float]], best: list[list[float]]) -> list[tuple[int, int | None]]:
    """Walk the table of best sums from its start and return the pairs on the way."""
    rows, columns = len(best) - 1, len(best[0]) - 1
    pairs: list[tuple[int, int | None]] = []
    i = j = 0
    while i < rows and j < columns:
        if alike[i][j] > 0 and best[i][j] == best[i + 1][j + 1] + alike[i][j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            pairs.append((i, None))
            i += 1
        else:
            j += 1
    return pairs + [(rest, None) for rest in range(i, rows)]
