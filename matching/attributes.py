"""What a description says in figures and fixed words: thread, length, cross-section, ratings, colour, pack.

Two products that differ in one of these are different products, however alike their other words are.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files

from matching.normalise import MAX_TEXT, words
from oms_core.values.money import plain


@dataclass(frozen=True, slots=True)
class Attribute:
    """One thing a text states: `value` is canonical and compares equal across spellings, `shown` reads well."""

    kind: str
    value: str
    shown: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the attributes asked for stand beside a product's: agreeing, contradicted, or stated by only one side."""

    agreeing: tuple[str, ...]
    contradicting: tuple[str, ...]
    unanswered: tuple[str, ...]
    unasked: tuple[str, ...]


_NUMBER = r"(\d{1,6}(?:[.,]\d{1,4})?)"
_BY = r"\s*[x*×]\s*"  # noqa: RUF001 the sign that drawings use
_EDGE = r"(?<![\w.,/])"
_END = r"(?![\w/])(?![.,]\d)"

_THREAD = re.compile(rf"{_EDGE}m\s?(\d{{1,2}}(?:[.,]5)?)(?:{_BY}{_NUMBER})?(?:\s?mm)?{_END}")
_SIZES = re.compile(rf"{_EDGE}{_NUMBER}{_BY}{_NUMBER}(?:{_BY}{_NUMBER})?\s?(?:mm2|mm²|mm|cm|m)?{_END}")
_CORES = re.compile(rf"{_EDGE}(\d{{1,2}})\s?g\s?{_NUMBER}\s?(?:mm2|mm²)?{_END}")
_INCH = r"(?:\"|''|″|”|inch|zoll|tol)"
_INCHES = re.compile(rf"(?<![\w.,/])(?:(\d{{1,2}})[\s-])?(\d{{1,2}})/(\d{{1,2}})(?:\s?{_INCH})?(?![\w/])")
_WHOLE_INCH = re.compile(rf"{_EDGE}{_NUMBER}\s?-?{_INCH}(?!\w)")
_RATING = re.compile(rf"(?<![\w.,/-]){_NUMBER}\s?-?([a-z°µΩ]{{1,7}}[23²³]?)(?![\w])", re.IGNORECASE)
_PACK = re.compile(
    r"(?:pack(?:ung)?\s(?:of|a|zu|de)\s?|vpe\s?)(\d{1,5})\b"
    r"|\b(\d{1,5})\s?(?:pcs|pc|stk|stck|stuck|st|pieces|er[\s-]?pack|pack|/pk|per\sbox)\b"
)
_POLES = re.compile(r"(?<![\w.,])(\d)\s?(?:p|poles?|polig|poli)(\s?\+\s?np?)?(?!\w)|(?<!\w)1\s?\+\s?np?(?!\w)")
_GRADE = re.compile(r"(?<![\w.,])(4\.6|5\.6|8\.8|10\.9|12\.9)(?![\w.,])")
_CLASS = re.compile(r"(?<!\w)(ip|ei|rei|pn|dn|din|iso|ral|sn)[\s-]?(\d{1,5})(?!\w)")

_UNITS: dict[str, tuple[str, str]] = {
    "v": ("voltage", "1"), "volt": ("voltage", "1"), "volts": ("voltage", "1"), "kv": ("voltage", "1000"),
    "a": ("current", "1"), "amp": ("current", "1"), "amps": ("current", "1"), "ampere": ("current", "1"),
    "amperes": ("current", "1"), "amperi": ("current", "1"), "ma": ("current", "0.001"), "ka": ("breaking", "1"),
    "w": ("power", "1"), "watt": ("power", "1"), "watts": ("power", "1"), "kw": ("power", "1000"),
    "mm": ("size", "1"), "cm": ("size", "10"), "m": ("size", "1000"), "mtr": ("size", "1000"),
    "meter": ("size", "1000"), "metre": ("size", "1000"), "ft": ("feet", "1"), "feet": ("feet", "1"),
    "foot": ("feet", "1"), "µm": ("micron", "1"), "my": ("micron", "1"),
    "kg": ("weight", "1000"), "g": ("weight", "1"), "gr": ("weight", "1"), "lb": ("pounds", "1"),
    "l": ("volume", "1000"), "ltr": ("volume", "1000"), "liter": ("volume", "1000"), "litre": ("volume", "1000"),
    "ml": ("volume", "1"), "cl": ("volume", "10"), "bar": ("pressure", "1"), "hz": ("frequency", "1"),
    "khz": ("frequency", "1000"), "mhz": ("frequency", "1000000"), "ghz": ("frequency", "1000000000"),
    "mb": ("memory", "1"), "gb": ("memory", "1000"), "tb": ("memory", "1000000"),
    "mm2": ("section", "1"), "mm²": ("section", "1"), "qmm": ("section", "1"), "sqmm": ("section", "1"),
    "lm": ("lumen", "1"), "k": ("kelvin", "1"), "°c": ("temperature", "1"), "ah": ("charge", "1"),
    "mah": ("charge", "0.001"), "rpm": ("speed", "1"), "btu": ("btu", "1"), "mp": ("pixels", "1"),
    "megapixel": ("pixels", "1"), "megapixels": ("pixels", "1"),
}  # fmt: skip
"""Units of ratings: what is measured, and how many base units one is."""

HARD_KINDS = frozenset({
    "thread", "length", "sizes", "inch", "voltage", "current", "power", "section", "cores", "poles", "pack", "memory",
    "pressure", "grade", "ip", "ei", "dn", "weight", "volume", "breaking",
})  # fmt: skip
"""Kinds that tell two articles apart for certain; the others (colour, material) may be left out or be loosely said."""

MAX_ATTRIBUTES = 40
"""A text that states more than this is a list, not one product; the rest is left out."""


@lru_cache(maxsize=8192)
def attributes(text: str) -> tuple[Attribute, ...]:
    """Return what a text states, without repeats, in the order of the kinds tried."""
    flat = text[:MAX_TEXT].lower()
    found: dict[tuple[str, str], Attribute] = {}
    for attribute in _all(flat):
        found.setdefault((attribute.kind, attribute.value), attribute)
        if len(found) >= MAX_ATTRIBUTES:
            break
    return _length_of_thread(tuple(found.values()))


def compare(asked: tuple[Attribute, ...], offered: tuple[Attribute, ...]) -> Comparison:
    """Set two lists of attributes side by side, kind by kind, and say in words where they stand.

    Where one side states more of a kind than the other and all of that other, they agree (230 V, and 230 V / 400 V).
    """
    ours, theirs = _by_kind(offered), _by_kind(asked)
    agreeing, contradicting, unanswered = [], [], []
    for kind, wanted in theirs.items():
        there = ours.get(kind)
        if there is None:
            unanswered.append(f"{_name(kind)} not stated: asked {_shown(wanted)}")
        elif _more(wanted, there) and _more(there, wanted):
            differs = f"{_name(kind)} differs: {_shown(_more(there, wanted))}, asked {_shown(_more(wanted, there))}"
            contradicting.append(differs)
        else:
            agreeing.append(f"{_name(kind)} agrees: {_shown({v: s for v, s in wanted.items() if v in there})}")
    unasked = tuple(f"{_name(kind)} {_shown(there)}" for kind, there in ours.items() if kind not in theirs)
    return Comparison(tuple(agreeing), tuple(contradicting), tuple(unanswered), unasked)


def hard_only(listed: tuple[Attribute, ...]) -> tuple[Attribute, ...]:
    """Return the attributes that tell articles apart for certain (`HARD_KINDS`)."""
    return tuple(attribute for attribute in listed if attribute.kind in HARD_KINDS)


def _by_kind(listed: tuple[Attribute, ...]) -> dict[str, dict[str, str]]:
    kinds: dict[str, dict[str, str]] = {}
    for attribute in listed:
        kinds.setdefault(attribute.kind, {})[attribute.value] = attribute.shown
    return kinds


def _more(these: dict[str, str], than: dict[str, str]) -> dict[str, str]:
    return {value: shown for value, shown in these.items() if value not in than}


def _name(kind: str) -> str:
    return {"ip": "protection", "ei": "fire rating", "dn": "nominal width", "sizes": "size"}.get(kind, kind)


def _shown(values: dict[str, str]) -> str:
    return ", ".join(values.values())


def _length_of_thread(listed: tuple[Attribute, ...]) -> tuple[Attribute, ...]:
    """Read the one size beside a thread as its length: `M8, 40 mm` is `M8x40`."""
    kinds = [attribute.kind for attribute in listed]
    if "thread" not in kinds or "length" in kinds or kinds.count("size") != 1:
        return listed
    return tuple(Attribute("length", a.value, a.value) if a.kind == "size" else a for a in listed)


def _all(flat: str) -> Iterator[Attribute]:
    """Try every kind; what one pattern has taken (a thread's length) is blanked, so that no other reads it again."""
    for pattern, read in _PATTERNS:
        for match in pattern.finditer(flat):
            yield from read(match)
        flat = pattern.sub(" ; ", flat)
    yield from _ratings(flat)
    yield from _fixed_words(flat)


def _thread(match: re.Match[str]) -> Iterator[Attribute]:
    size, length = match.groups()
    yield Attribute("thread", _canonical(size), f"M{_canonical(size)}")
    if length:
        yield Attribute("length", _canonical(length), _canonical(length))


def _sizes(match: re.Match[str]) -> Iterator[Attribute]:
    parts = [_canonical(part) for part in match.groups() if part]
    yield Attribute("sizes", "x".join(parts), "x".join(parts))


def _cores(match: re.Match[str]) -> Iterator[Attribute]:
    value = f"{_canonical(match[1])}x{_canonical(match[2])}"
    yield Attribute("sizes", value, value)


def _inches(match: re.Match[str]) -> Iterator[Attribute]:
    whole, over, under = match.groups()
    if int(under) in {2, 4, 8, 16, 32}:
        text = f"{whole} {over}/{under}" if whole else f"{over}/{under}"
        yield Attribute("inch", f"{int(whole or 0) * 32 + int(over) * (32 // int(under))}/32", f'{text}"')


def _whole_inch(match: re.Match[str]) -> Iterator[Attribute]:
    yield Attribute("inch", f"{_canonical(str(Decimal(match[1].replace(',', '.')) * 32))}/32", f'{match[1]}"')


def _pack(match: re.Match[str]) -> Iterator[Attribute]:
    count = _canonical(match[1] or match[2])
    yield Attribute("pack", count, f"pack of {count}")


def _poles(match: re.Match[str]) -> Iterator[Attribute]:
    count = match[1] or "1"
    neutral = "+N" if match[2] or not match[1] else ""
    yield Attribute("poles", f"{count}{neutral}", f"{count}P{neutral}")


def _grade(match: re.Match[str]) -> Iterator[Attribute]:
    yield Attribute("grade", match[1], match[1])


def _class(match: re.Match[str]) -> Iterator[Attribute]:
    kind = {"rei": "ei", "iso": "norm", "din": "norm"}.get(match[1], match[1])
    value = f"{match[1]}{match[2]}"
    yield Attribute(kind, _SAME_NORM.get(value, value), f"{match[1].upper()} {match[2]}")


_SAME_NORM = {
    "iso4017": "din933", "iso4014": "din931", "iso4032": "din934", "iso7089": "din125", "iso4762": "din912",
    "iso10642": "din7991", "iso7380": "iso7380",
}  # fmt: skip
"""ISO standards of fasteners and the DIN standard each took the place of."""

_PATTERNS = (
    (_THREAD, _thread),
    (_CORES, _cores),
    (_SIZES, _sizes),
    (_INCHES, _inches),
    (_WHOLE_INCH, _whole_inch),
    (_POLES, _poles),
    (_PACK, _pack),
    (_GRADE, _grade),
    (_CLASS, _class),
)
"""Patterns in the order tried: the more special ones first."""


def _ratings(flat: str) -> Iterator[Attribute]:
    for match in _RATING.finditer(flat):
        known = _UNITS.get(match[2])
        if known is None:
            continue
        kind, scale = known
        value = _canonical(str(Decimal(match[1].replace(",", ".")) * Decimal(scale)))
        yield Attribute(kind, value, f"{_canonical(match[1])} {match[2]}")


def _fixed_words(flat: str) -> Iterator[Attribute]:
    known = _word_table()
    for word in words(flat):
        if word in known:
            kind, value = known[word]
            yield Attribute(kind, value, value)


def _canonical(number: str) -> str:
    return plain(Decimal(number.replace(",", ".")))


@cache
def _word_table() -> dict[str, tuple[str, str]]:
    lines = files("matching").joinpath("data/attribute_words.csv").read_text("utf-8").splitlines()
    table: dict[str, tuple[str, str]] = {}
    for line in lines:
        if line and not line.startswith("#"):
            kind, value, listed = line.split(",", 2)
            table |= dict.fromkeys(listed.split(), (kind, value))
    return table
