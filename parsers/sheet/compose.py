"""Headers that no list holds whole, read by their parts: whose code it is, what is shortened, what is a number.

`Vores varenr.` is one of ours and a code; `Menny.` begins a known word; `Bestelbonnr.` is an order and a number.
What no column list knows may stand among the labels of other documents.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

from parsers.sheet.columns import fold, word_rows
from parsers.sheet.terms import terms
from parsers.words import labels
from parsers.words.unit_words import code_of as unit_code

_SHORT, _LABELLED, _OWNED, _NUMBERED = 0.85, 0.95, 1.0, 0.95
_COUNTED, _LEAST_UNIT = 0.65, 4
"""What a header is worth that is a unit in full, `Flaschen` or `Boxes`: the goods are counted in it."""
_MEASURES = frozenset(
    (
        *(None, "HUR", "DAY", "WEE", "MON", "ANN", "MIN"),
        *("KGM", "GRM", "LTR", "MLT", "MTR", "CMT", "MMT", "MTK", "MTQ", "TNE"),
    )
)
"""No unit, and those of time and size: they head columns of hours worked, weights and lengths."""
_LEAST_BEGUN = 3
_MAX_FIELDS = 2
_MAX_WORDS = 5
_SLASHED = re.compile(r"\s*([nNvVsS])\s*/\s*(\D{3,})")
"""`N/ référence`, `V/Ref.`, `S/ referencia`: ours and yours as the Romance languages shorten them."""
_CODES = frozenset(("code", "supplier_code", "buyer_code", "item"))
_BARE = frozenset(("item", "number"))
_OF_LABELS = {
    **{name: name for name in ("line_number", "code", "buyer_code", "supplier_code", "gtin", "description")},
    **{name: name for name in ("quantity", "unit", "unit_price", "amount", "requested_date", "discount", "tax")},
    **{name: name for name in ("number", "date", "currency", "buyer", "supplier", "ship_to", "other")},
    "gross": "other",
    "price_base": "price_base",
    "document_date": "other",
}


def composed(text: str) -> Mapping[str, float]:
    """Return the fields that the parts of a header tell, with their scores; empty where they tell none."""
    owned = owner_of(text)
    if owned is not None:
        return {owned: _OWNED}
    for group in ("column", "header", "party"):
        field = _OF_LABELS.get(labels.whole(group, text) or "")
        if field is not None:
            return {field: _LABELLED}
    if is_order_number(text):
        return {"number": _NUMBERED}
    if _is_ordered_count(text):
        return {"quantity": _NUMBERED}
    if len(text) >= _LEAST_UNIT and unit_code(text) not in _MEASURES:
        return {"quantity": _COUNTED}
    return dict.fromkeys(_begun(text), _SHORT)


def owner_of(text: str) -> str | None:
    """Return `buyer_code` or `supplier_code` where a header names an owner and a code."""
    slashed = _SLASHED.fullmatch(text)
    if slashed is not None and _is_code(fold(slashed[2]), bare=False):
        return "buyer_code" if slashed[1] in "nN" else "supplier_code"
    words = fold(text).split()
    if not 1 < len(words) <= _MAX_WORDS:
        return None
    for group, field, bare in _OWNERS:
        rest = [word for word in words if word not in terms(group)]
        if rest and len(rest) < len(words) and _is_code(" ".join(rest), bare=bare):
            return field
    return None


_OWNERS = (
    ("ours", "buyer_code", True),
    ("yours", "supplier_code", True),
    ("buyer_noun", "buyer_code", False),
    ("supplier_noun", "supplier_code", False),
)
"""A mere `No.` is a code beside `our`; beside `customer` it is the customer's number."""


def _is_code(folded: str, *, bare: bool) -> bool:
    fields = _fields().get(folded.replace(" ", ""), frozenset())
    only_number = all(word in terms("number_word") for word in folded.split())
    return not fields.isdisjoint(_CODES) and (bare or not only_number)


def is_order_number(text: str) -> bool:
    """Whether a label is a word for an order with a word for its number: `Bestelbonnr.`, `Zamówienie zakupu nr`."""
    words = list(labels.words_of(text))
    kept = [word for word in words if word not in _number_words()]
    if kept and len(kept) < len(words):
        return labels.whole("title", " ".join(kept)) == "order"
    stems = _stems(words[0]) if len(words) == 1 else ()
    return any(labels.whole("title", stem) == "order" for stem in stems)


def _stems(word: str) -> Iterator[str]:
    """Yield a word without the number word at its end, also without the letter that joins them."""
    for ending in _number_words():
        if len(ending) > 1 and word.endswith(ending) and len(word) - len(ending) > _LEAST_BEGUN:
            stem = word[: -len(ending)]
            yield stem
            if stem.endswith("s"):
                yield stem[:-1]


def _is_ordered_count(text: str) -> bool:
    """Whether a header is a unit with a word for 'ordered': `Uds. pedidas`, `Stück bestellt`."""
    words = fold(text).split()
    ordered = [word for word in words if word.startswith(tuple(terms("order_stem")))]
    rest = [word for word in words if word not in ordered]
    return bool(ordered) and bool(rest) and all(unit_code(word) is not None for word in rest)


@cache
def _number_words() -> frozenset[str]:
    return frozenset(labels.fold(word) for word in terms("number_word"))


def _begun(text: str) -> tuple[str, ...]:
    """Return the fields of the known phrases that a shortened one begins, word by word; none where too many fit."""
    words = fold(text).split()
    if "." not in text or any(map(str.isdigit, text)) or not words or max(map(len, words)) < _LEAST_BEGUN:
        return ()
    fields: dict[str, None] = {}
    for phrase, field in _by_count().get(len(words), ()):
        if all(_begins(word, whole) for word, whole in zip(words, phrase, strict=True)):
            fields[field] = None
    return tuple(fields) if len(fields) <= _MAX_FIELDS else ()


def _begins(short: str, whole: str) -> bool:
    return short == whole or (len(short) >= _LEAST_BEGUN and whole.startswith(short))


@cache
def _by_count() -> Mapping[int, tuple[tuple[tuple[str, ...], str], ...]]:
    counted: dict[int, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
    for phrase, field in word_rows():
        if not field.startswith(("total", "role_", "part_")):
            counted[len(phrase.split())].append((tuple(phrase.split()), field))
    return {count: tuple(rows) for count, rows in counted.items()}


@cache
def _fields() -> Mapping[str, frozenset[str]]:
    table: dict[str, set[str]] = defaultdict(set)
    for phrase, field in word_rows():
        table[phrase.replace(" ", "")].add(field)
    return {phrase: frozenset(fields) for phrase, fields in table.items()}
