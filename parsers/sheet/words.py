"""What a column header may mean: every field that its words name, and how well they fit (0 to 1).

The words are those of `data/columns.csv`. A header counts whole, without what stands in brackets, in the halves of a
bilingual one (`Menge / Qty`), without the noun that says 'line' (`Lineitem quantity`), as a party's part
(`Shipping city`, `CP livraison`), and last by the longest phrase that it holds.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache

from parsers.sheet.columns import MAX_HEADER_CHARS, fold, word_rows
from parsers.sheet.compose import composed, owner_of
from parsers.sheet.currencies import without_currency
from parsers.sheet.terms import terms
from parsers.words import labels
from parsers.words.unit_words import code_of as unit_code

_BARE_PART = 0.9
_HALVES, _PARTED, _NOUN, _PATH = 0.97, 0.95, 0.92, 0.95
_PARTIAL, _PARTIAL_MOST, _LEAST_COVER = 0.3, 0.45, 0.4
_LEAST_PHRASE = 3
_LEAST_SUFFIX = 5
_ITEM = {"line_number": 0.85, "code": 0.88, "description": 0.9}
"""`Item` or `No.` may head the running number, the code or the name; the cells tell which."""
_OF_GOODS = (
    *("quantity", "unit", "unit_price", "list_price", "amount", "description", "code", "gtin", "discount", "tax"),
    *("requested_date", "notes", "quantity_done", "weight"),
)
_BRACKETS = re.compile(r"[(\[{](.*?)[)\]}]")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SPLIT = re.compile(r"\s*[/|\n\\]\s*|\s+[-\u2013\u2014]\s+")
_BASE = re.compile(r"(?:/|\bper\b|\bpro\b|\bje\b|\bpar\b|\bpor\b|\bza\b|%)\s*(10{1,4}|1[.,' ]000)(?!\d)", re.IGNORECASE)
_PER_UNIT = re.compile(
    r"\s*(?:/|\bper\b|\bje\b|\bpro\b|\bpar\b|\bpor\b|\bza\b)\s*([^\W\d]{1,12}\.?)\s*$", re.IGNORECASE
)
_UNIT_AFTER = re.compile(
    r"(?:\bin\b|/|\ben\b|\bper\b|\bpro\b|\bje\b)\s*([^\W\d]{1,12}[.\u00b2\u00b3]?)$", re.IGNORECASE
)


@labels.remembered
def meanings(text: str) -> Mapping[str, float]:
    """Return the fields that a header may name with their scores; empty for unknown words."""
    found: dict[str, float] = {}
    if not text or len(text) > MAX_HEADER_CHARS:
        return found
    owned = owner_of(text) if not _exact(text) else None
    if owned is not None:
        return {owned: 1.0}
    whole = {field for form in (text, _HUMP.sub(" ", text)) for field in _exact(form)}
    parties = [pair for pair in _party_forms(text) if not whole or pair[0].startswith("part_")]
    for field, worth in parties:
        _keep(found, field, worth)
    if not any(worth == _PARTED for _, worth in parties):
        _keep_exact(found, text)
    if not found:
        found.update(composed(text))
    if not found:
        for field, worth in _partly(fold(_HUMP.sub(" ", text))):
            _keep(found, field, worth)
    item = found.pop("item", None)
    for field, worth in _ITEM.items() if item else ():
        _keep(found, field, worth * (item or 0))
    return found


def _keep_exact(found: dict[str, float], text: str) -> None:
    """Keep the fields of every reading of a header that is a known phrase; `No.` of goods is no running number."""
    for form, worth in _forms(text):
        for field in _exact(form) if worth != _NOUN or not found else ():
            if worth != _NOUN or field in _OF_GOODS:
                _keep(found, field, worth)


def _keep(found: dict[str, float], field: str, worth: float) -> None:
    found[field] = max(worth, found.get(field, 0.0))


def _forms(text: str) -> Iterator[tuple[str, float]]:
    """Yield the readings of a header, each with what an exact hit is worth."""
    spaced = _HUMP.sub(" ", text)
    bare = _BRACKETS.sub(" ", spaced)
    bare = _BASE.sub(" ", bare)
    plain = without_currency(bare)
    for form in dict.fromkeys((text, spaced, bare, plain)):
        yield form, 1.0
    per = _PER_UNIT.search(bare)
    if per is not None and unit_code(per[1]) is not None:
        yield bare[: per.start()], _HALVES
    halves = [half for half in _SPLIT.split(text) if half]
    if len(halves) > 1:
        for half in halves:
            yield half, _HALVES
        yield halves[-1], _PATH
    words = fold(plain).split()
    rest = [word for word in words if word not in terms("goods_noun")]
    if rest and len(rest) < len(words):
        yield " ".join(rest), _NOUN


def _exact(text: str) -> tuple[str, ...]:
    return _index().get(_squash(text), ())


def _squash(text: str) -> str:
    return fold(text).replace(" ", "")


@cache
def _index() -> dict[str, tuple[str, ...]]:
    """Return every phrase, without blanks, with the fields that list it, in the file's order."""
    table: dict[str, list[str]] = defaultdict(list)
    for phrase, field in word_rows():
        if not field.startswith(("total", "role_", "part_")) and field not in table[phrase.replace(" ", "")]:
            table[phrase.replace(" ", "")].append(field)
    return {phrase: tuple(fields) for phrase, fields in table.items()}


@cache
def _phrases(prefix: str) -> dict[str, str]:
    """Return the phrases of the roles or parts of a party, with the role or part."""
    return {phrase: field.removeprefix(prefix) for phrase, field in word_rows() if field.startswith(prefix)}


def _party_forms(text: str) -> Iterator[tuple[str, float]]:
    """Yield `ship_to_city` for `Shipping city`, and `part_city` for a city that is nobody's by its header alone."""
    for form in (text, _BRACKETS.sub(" ", text)):
        words = [word for word in fold(_HUMP.sub(" ", form)).split() if word not in terms("joining") or word == "to"]
        whole = _phrases("part_").get(" ".join(words))
        if whole is not None and whole != "id":
            yield f"part_{whole}", _BARE_PART
        for cut in range(1, len(words)):
            pairs = ((words[:cut], words[cut:]), (words[cut:], words[:cut]))
            for role_words, part_words in pairs:
                role = _phrases("role_").get(" ".join(role_words))
                part = _phrases("part_").get(" ".join(part_words))
                if role and part:
                    yield _party_field(role, part), _PARTED


def _party_field(role: str, part: str) -> str:
    return role if part == "name" else f"{role}_{part}"


def _partly(folded: str) -> Iterator[tuple[str, float]]:
    """Yield the fields of the longest known phrases inside a header that covers them well enough."""
    squashed = folded.replace(" ", "")
    words = folded.split()
    best: dict[str, int] = {}
    for start in range(len(words)):
        for end in range(len(words), start, -1):
            phrase = "".join(words[start:end])
            for field in _index().get(phrase, ()) if len(phrase) >= _LEAST_PHRASE else ():
                best[field] = max(best.get(field, 0), len(phrase))
    if len(words) == 1:
        for cut in range(1, max(1, len(squashed) - _LEAST_SUFFIX + 1)):
            for field in _index().get(squashed[cut:], ()):
                best[field] = max(best.get(field, 0), len(squashed) - cut)
    for field, length in best.items():
        cover = length / max(1, len(squashed))
        if cover >= _LEAST_COVER and length == max(best.values()):
            yield field, _PARTIAL + _PARTIAL_MOST * cover


def header_base(text: str) -> Decimal | None:
    """Return the price base that a header names: `Price per 100` is for a hundred."""
    found = _BASE.search(text)
    return Decimal(re.sub(r"\D", "", found[1])) if found else None


def header_unit(text: str) -> str | None:
    """Return the unit that a quantity's header names, as a code: `Qty (pcs)`, `Menge in kg`, `Cases ordered`."""
    inside = _BRACKETS.search(text)
    after = _UNIT_AFTER.search(text.strip())
    for words in (inside, after):
        code = unit_code(words[1]) if words else None
        if code is not None:
            return code
    codes = {
        unit_code(word) for word in fold(text).split() if len(word) >= _LEAST_PHRASE and word not in terms("count_word")
    }
    codes.discard(None)
    return codes.pop() if len(codes) == 1 else None
