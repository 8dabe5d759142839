"""The currency of a document: from a label, a code, a symbol at an amount, or plain words; never from the country."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources

from oms_core.values.source import PageSource, Value
from parsers.pdf.head.pairs import Pair
from parsers.pdf.layout import Cell, Row
from parsers.pdf.words import Word
from parsers.words import labels

MAX_ROWS = 2_000
"""Rows looked at."""

_AMOUNT = re.compile(r"^[(\-+]?\d[\d.,'\u00a0]*[)\-]?(?:/-)?$")
_GLUED = re.compile(r"^(?:\d[\d.']*[.,]-?\d*)?([A-Z]{3})(?:-?\d[\d.',]*[.,]-?\d*|-)?$")
"""A code alone or glued to an amount with its decimals: 'EUR12.50'; 'KES001' is a number of somebody."""

_BRACKETED = re.compile(r"[(\[/]\s*([A-Z]{3})\s*[)\]]|^[(\[]([A-Z]{3})[,;]|^([A-Z]{3})[/:]|[:/]([A-Z]{3})$")
_SYMBOL_SURE, _CODE_SURE, _DOLLAR_SURE, _WORD_SURE, _LABEL_SURE = 0.9, 0.93, 0.8, 0.85, 0.95
_MONEY = re.compile(r"[(\-+]?\d[\d.,'\u00a0]*(?:[.,](?:\d{2,4}|-+|\u2013)|\d)[)\-]?(?:/-)?")
_POSTED = re.compile(r"\d{1,2}[A-Z]{2}")
"""The second half of a British post code: the '4BD' of 'TR11 4BD'."""

_PER_UNIT = re.compile(r"\W/[^\W\d_]{1,6}\.?")
"""A sign and a unit: '€/kg'."""

_CODE_LETTERS = 3
_LETTERS = re.compile(r"[^\W\d_]")


def currency(rows: Sequence[Row], pairs: Sequence[Pair], named: frozenset[Word]) -> Value[str] | None:
    """Return the currency of a label, else the code printed most at amounts, else a symbol, else words.

    `named` are words that name goods: a code such as PEN in an article's name is no currency.
    """
    codes = _codes()
    labelled = [pair for pair in pairs if pair.field == "currency" and pair.value in codes]
    if labelled:
        best = max(labelled, key=lambda pair: pair.weight)
        return Value(best.value, best.source, _LABEL_SURE)
    cells = [cell for row in rows[:MAX_ROWS] for cell in row.cells]
    return (
        _most([found for cell in cells for found in _codes_in(cell, named)], _CODE_SURE)
        or _most([found for cell in cells for found in _symbols_in(cell, named)], _SYMBOL_SURE)
        or _most([found for cell in cells for found in _words_in(cell)], _WORD_SURE)
    )


def _most(found: Sequence[tuple[str, PageSource]], sure: float) -> Value[str] | None:
    if not found:
        return None
    counts = Counter(code for code, _ in found)
    code, often = counts.most_common(1)[0]
    source = next(source for other, source in found if other == code)
    sure = _DOLLAR_SURE if code == "USD" and "$" in source.text else sure
    return Value(code, source, sure if often * 2 > len(found) else 0.6)


def _codes_in(cell: Cell, named: frozenset[Word]) -> Iterator[tuple[str, PageSource]]:
    """Yield codes that stand at an amount, glued to it, in brackets, or alone in their cell."""
    words = cell.words
    for place, word in enumerate(words):
        if word in named:
            continue
        text = word.text.strip(".,;")
        bracketed = _BRACKETED.search(word.text)
        code = next((one for one in bracketed.groups() if one), "") if bracketed else ""
        glued = _GLUED.match(text)
        if code in _codes():
            yield code, word.source
        elif glued and glued.group(1) in _codes() and (len(text) > _CODE_LETTERS or _beside_amount(words, place)):
            yield glued.group(1), word.source
        elif text in _codes() and (len(words) == 1 or _announced(words, place)):
            yield text, word.source


def _beside_amount(words: Sequence[Word], place: int) -> bool:
    near = [words[index].text for index in (place - 1, place + 1) if 0 <= index < len(words)]
    return any(_AMOUNT.match(text) for text in near)


def _beside_money(words: Sequence[Word], place: int) -> bool:
    """Say whether an amount with its decimals stands beside a word: of 'Fr. 13.02.' none does."""
    return any(_MONEY.fullmatch(words[at].text) for at in (place - 1, place + 1) if 0 <= at < len(words))


def _announced(words: Sequence[Word], place: int) -> bool:
    """Say whether a code ends what comes before it: 'Beträge in EUR', 'Total USD', 'Currency: INR.'."""
    code = words[place].text.strip(".,;")
    before = labels.words_of(" ".join(word.text for word in words[:place]))
    last = place == len(words) - 1
    money = labels.at("total", before) is not None or labels.at("column", before) is not None
    told = bool(before) and before[-1] in _TELLING
    total = labels.at("total", before)
    closing = total is not None and total.end == len(before)
    return code not in _WORDLIKE and (told or closing or (last and money))


_TELLING = frozenset(
    {"in", "en", "w", "v", "i", "em", "currency", "valuta", "wahrung", "devise", "moneda", "mena", "waluta"}
    | {"prices", "preise", "prix", "precios", "prezzi", "prijzen", "ceny", "precos", "priser", "hinnat", "arak"}
    | {"preturi", "fiyatlar", "amounts", "betrage", "montants", "importes", "importi", "kwoty", "valores", "belopp"}
    | {"munteenheid", "moeda", "valuutta", "penznem", "deviza", "birimi"}
)
_WORDLIKE = frozenset(
    {"ALL", "TOP", "CUP", "PEN", "TRY", "SOS", "MOP", "BAM", "LAK", "MAD", "COP", "GEL", "MUR", "AMD"}
)
"""Codes that are words or parts of articles: they need a label or an amount beside them."""


def _symbols_in(cell: Cell, named: frozenset[Word]) -> Iterator[tuple[str, PageSource]]:
    for place, word in enumerate(cell.words):
        if word in named:
            continue
        for symbol, code in _symbols():
            if symbol not in word.text:
                continue
            rest = word.text.replace(symbol, "", 1).strip("()[].,:;/-")
            letters = symbol.strip(".").isalpha()
            bracketed = word.text.startswith(("(", "["))
            alone = not rest and (not letters or bracketed or _beside_money(cell.words, place))
            if alone or (rest and _AMOUNT.match(rest) and not (letters and _POSTED.fullmatch(word.text))):
                yield code, word.source
                break
            if not letters and rest and (not _LETTERS.search(rest) or _PER_UNIT.fullmatch(word.text)):
                yield code, word.source
                break


def _words_in(cell: Cell) -> Iterator[tuple[str, PageSource]]:
    words = labels.words_of(cell.text)
    phrases = _phrases()
    for place in range(len(words)):
        for length in (4, 3, 2, 1):
            code = phrases.get(words[place : place + length])
            if code is not None and (length > 1 or (place and words[place - 1] in _TELLING)):
                yield code, cell.source
                return


@cache
def _table() -> tuple[dict[str, str], ...]:
    text = resources.files("parsers").joinpath("data", "currencies.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def _codes() -> frozenset[str]:
    return frozenset(row["code"] for row in _table())


@cache
def _symbols() -> tuple[tuple[str, str], ...]:
    """Return the symbols, longer ones first: `US$` before `$`."""
    found = [(symbol, row["code"]) for row in _table() for symbol in row["symbols"].split("|") if symbol]
    return tuple(sorted(found, key=lambda pair: -len(pair[0])))


@cache
def _phrases() -> dict[tuple[str, ...], str]:
    return {labels.words_of(phrase): row["code"] for row in _table() for phrase in row["words"].split("|") if phrase}
