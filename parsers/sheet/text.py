"""Bytes of a table in text form to characters: byte order mark, UTF-8, UTF-16, else the likeliest code page.

Code pages that share their bytes are told apart by the letters that would come out: `ł` and `ő` stand inside
words, `³` and `õ` of the wrong page seldom do; and the words of headers come out of the right page only. A text that
went through two code pages is set right.
"""

import re
from collections.abc import Iterator
from itertools import islice

from parsers.sheet.columns import fold, known_words
from parsers.sheet.terms import spoken

CODE_PAGES = ("cp1252", "cp1250", "cp1254", "cp1251", "cp1253")
"""Pages that are weighed against each other: western, central European, Turkish, Cyrillic and Greek Windows."""
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SAMPLE = 64 * 1024
_LETTERS = {
    "cp1252": "äöüÄÖÜßéèêëàâçñáíóúìòùîïôûœæøåÆØÅÉÈÀÇÑÁÍÓÚãõÃÕÊÔ",
    "cp1250": "ąćęłńóśźżĄĆĘŁŃÓŚŹŻáéíóúýčďěňřšťůžÁÉÍÓÚÝČĎĚŇŘŠŤŮŽőűŐŰöüÖÜăâîșțşţĂÂÎŞŢđĐľĺŕôäëß",
    "cp1254": "çğıöşüÇĞİÖŞÜâîû",
    "cp1251": "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯёЁіїєґ",
    "cp1253": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏ",
}
_SIGNS = "€£°²³½¼·«»\u2013\u2014\u2018\u2019“”„…±\xd7®©µ§№™\xa0"
_LATIN = ("cp1252", "cp1250", "cp1254")
_OTHER_LETTER, _ODD_PLACE, _SIGN = -1.0, -1.5, 0.1
_KNOWN_WORD, _SPOKEN = 2.0, 4.0
_HEAD_CHARS = 4_000
_CELL = re.compile(r"[;,|:\t\r\n\"]+")
_LANGUAGES = {
    "cp1252": frozenset(("de", "fr", "es", "it", "nl", "pt", "sv", "da", "nb", "no", "fi", "en")),
    "cp1250": frozenset(("pl", "cs", "sk", "hu", "ro", "hr", "sl")),
    "cp1254": frozenset(("tr",)),
    "cp1251": frozenset(("ru", "uk", "bg")),
    "cp1253": frozenset(("el",)),
}
"""The languages that are written with each page, for where the headers tell theirs."""
_MAX_WORDS = 2_000
_LEAST_WORD = 3
_NUMBER_SIGNS = "\u00ba\u00b0"
_ACCENTED = re.compile(r"[^\W\d_]*[^\W\d_\x00-\x7f][^\W\d_]*|[nN]\.?[\u00ba\u00b0](?=\W)")
"""A word with a letter beyond ASCII, or a sign for 'number'."""
_EARLIER = 0.02
_ZEROS = 3


def decode_text(data: bytes) -> tuple[str, str | None]:
    """Decode a text; the second value names the code page where it had to be guessed, None where it is certain."""
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return data.decode(codec, errors="replace"), None
    sample = data[:_SAMPLE]
    if sample.count(0) * _ZEROS > len(sample):
        return data.decode("utf-16-le" if data[1:2] == b"\x00" else "utf-16-be", errors="replace"), None
    try:
        return _set_right(data.decode("utf-8")), None
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            return data[: error.start].decode("utf-8"), None
    page = _likeliest(sample)
    return data.decode(page, errors="replace"), page


def _likeliest(sample: bytes) -> str:
    """Return the code page whose letters fit best; the first ones win a tie."""
    ranked = [
        (_worth(sample.decode(page, errors="replace"), page) - at * _EARLIER, -at) for at, page in enumerate(CODE_PAGES)
    ]
    return CODE_PAGES[-max(ranked)[1]]


def _worth(text: str, page: str) -> float:
    """Weigh the letters beyond ASCII: those of the page's languages count for it, strange ones against it."""
    letters = sum(_one(before, char, after, page) for before, char, after in _around(text))
    words = dict.fromkeys(found.group() for found in islice(_ACCENTED.finditer(text), _MAX_WORDS))
    languages = spoken(_CELL.split(text[:_HEAD_CHARS]))
    told = _SPOKEN if languages and languages <= _LANGUAGES[page] else 0.0
    return letters + told + _KNOWN_WORD * sum(_is_known(word) for word in words)


def _is_known(word: str) -> bool:
    """Whether a word is one of headers; two letters are too few to tell, but for a sign for 'number'."""
    return (len(word) >= _LEAST_WORD or word[-1] in _NUMBER_SIGNS) and fold(word) in known_words()


def _around(text: str) -> Iterator[tuple[str, str, str]]:
    for at, char in enumerate(text):
        if not char.isascii():
            yield text[at - 1 : at], char, text[at + 1 : at + 2]


def _one(before: str, char: str, after: str, page: str) -> float:
    if char in _SIGNS:
        return _SIGN if not (before.isalpha() and after.isalpha()) else _ODD_PLACE
    if not char.isalpha() or char not in _LETTERS[page]:
        return _OTHER_LETTER
    if page not in _LATIN and (_is_latin(before) or _is_latin(after)):
        return _ODD_PLACE
    crowded = page in _LATIN and before.isalpha() and after.isalpha()
    if (char.isupper() and before.islower()) or (crowded and not before.isascii() and not after.isascii()):
        return _ODD_PLACE
    return 1.0


def _is_latin(char: str) -> bool:
    """Whether a neighbour is a Latin letter: no word mixes it with Greek or Cyrillic."""
    return char.isascii() and char.isalpha()


def _set_right(text: str) -> str:
    """Undo UTF-8 that was read as Windows-1252 and saved as UTF-8 again, where all of it can be undone."""
    if not any(mark in text for mark in ("Ã", "Å", "Ä", "â€")):
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text
