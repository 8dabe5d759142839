"""How codes, identifiers and words are folded before they are compared."""

import itertools
import re
import unicodedata

MAX_TEXT = 2_000
"""How much of a text is looked at; a description is never longer than this with a meaning."""

MAX_CODE = 80
"""A longer code is none: no catalogue has one, and only text was read as code."""

_LOOKALIKES = str.maketrans({"o": "0", "i": "1", "l": "1"})
_TWINS = {"o": "0", "0": "o", "i": "1", "l": "1", "1": "i"}
_STROKES = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i"})
_WORD = re.compile(r"[^\W_]+")
_LIMIT_TWINS = 4


def fold_code(code: str) -> str:
    """Return letters and digits only, lower case, accents off: `HX-M8 x40/A2` gives `hxm8x40a2`."""
    return "".join(c for c in _bare(code[:MAX_CODE]) if c.isalnum())


def fold_lookalikes(code: str) -> str:
    """Return the weaker fold: like `fold_code`, with O read as 0 and I or L as 1, as typists and scans mix them."""
    return fold_code(code).translate(_LOOKALIKES)


def lookalike_spellings(code: str) -> tuple[str, ...]:
    """Return other folded spellings that look like this code, at most fifteen; the code itself is not among them."""
    folded = fold_code(code)
    places = [i for i, letter in enumerate(folded) if letter in _TWINS]
    if not places or len(places) > _LIMIT_TWINS:
        return ()
    found: dict[str, None] = {}
    for swapped in itertools.product((False, True), repeat=len(places)):
        letters = list(folded)
        for place, swap in zip(places, swapped, strict=True):
            letters[place] = _TWINS[letters[place]] if swap else letters[place]
        found["".join(letters)] = None
    found.pop(folded, None)
    return tuple(found)


def fold_id(identifier: str) -> str:
    """Return an identifier (GLN, VAT number, account, EDI id) as the directory keys it: letters, digits, upper case."""
    return fold_code(identifier).upper()


def fold_sku(sku: str) -> str:
    """Return a SKU with white space and case folded, nothing else: `hx-m8 ` and `HX-M8` are one."""
    return " ".join(sku.split()).casefold()


def fold_gtin(gtin: str) -> str:
    """Return the digits of a GTIN as GTIN-14 (GS1 General Specifications, 3.3), or '' where it is none."""
    digits = "".join(gtin.split()).replace("-", "")
    if not digits.isascii() or not digits.isdigit() or len(digits) not in _GTIN_LENGTHS:
        return ""
    return digits.zfill(14)


_GTIN_LENGTHS = (8, 12, 13, 14)


def gtin_is_valid(gtin: str) -> bool:
    """Tell whether the check digit closes (GS1 General Specifications, 7.9: weights 3 and 1 from the right)."""
    digits = fold_gtin(gtin)
    if not digits or not digits.strip("0"):
        return False
    return sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(digits)) % 10 == 0


def fold_text(text: str) -> str:
    """Return words in lower case without accents and punctuation, parted by one blank."""
    return " ".join(words(text))


def words(text: str) -> list[str]:
    """Return the runs of letters and digits in a text, folded, in order."""
    return _WORD.findall(_bare(text[:MAX_TEXT]))


def chunks(text: str) -> list[str]:
    """Return the pieces between blanks, each folded like a code: `PS-LX350H (black)` gives `pslx350h`, `black`."""
    pieces = (fold_code(piece) for piece in text[:MAX_TEXT].split())
    return [piece for piece in pieces if piece]


def _bare(text: str) -> str:
    """Return text compatible-decomposed, case folded, without combining marks."""
    if text.isascii():
        return text.lower()
    flat = unicodedata.normalize("NFKD", text).casefold().translate(_STROKES)
    return "".join(c for c in flat if not unicodedata.combining(c))
