"""The lines of a party: what is its name, its address, an identifier, and what is only how to reach somebody."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from oms_core.values.draft import DraftParty
from oms_core.values.source import PageSource, Value
from parsers.pdf.head import values
from parsers.pdf.head.identifiers import identifiers, strongest
from parsers.pdf.head.shapes import DOOR, LEGAL, REACH, STREET_FIRST, is_company, is_place, squash
from parsers.pdf.layout import CELL_GAP, Cell, source_of
from parsers.words import labels

_SPLIT = re.compile(r"\s+[|\u00b7\u2022\u2219]\s*|\s*[|\u00b7\u2022\u2219]\s+|;\s+|\s{3,}")
_DECORATION = " *~" + "".join(map(chr, (*range(0x2190, 0x27C0), *range(0x2B00, 0x2C00))))
"""Signs set before and after a name for show: arrows, stars, crosses, boxes."""

_WORDY = re.compile(r"[^\W\d_]{2,}")
_CODED = re.compile(r"^(?=[\w.\-/]*\d)([A-Z0-9][\w.\-/]{2,15}?)(?:(?<=\d{4})\s+|\s*[-\u2013/:|]\s+)(?=[^\W\d_]{2})")
_BRACKETED = re.compile(r"\s*\((?=[^)]*\d)([\w\-./]{3,20})\)\s*$")
_NEXT_LABEL = re.compile(r",?\s+[^\W\d_]+\s*:\s.*$")
_DOOR_LABEL = re.compile(r"[,\s]*(?:no|nr|kat|daire|d|k|blok|unit|bldg|piso|km)\s*:", re.IGNORECASE)
_ASIDE = re.compile(r"^[^\W\d_][^:,]{1,30}:\s")
_TIMES = re.compile(r"^\s*\d{1,2}[:.h]\d{2}\s*[-\u2013]\s*\d{1,2}[:.h]\d{2}\s*(?:h|uhr)?\s*$", re.IGNORECASE)
_DASHED = re.compile(r"\s+[-\u2013\u2014|:]\s+")
_TITLE_WORDS = 5
_SITE_PARTS = 4
"""Name, part, street and town of a place in one line, between commas."""
_PAIR = 2
_OFFICE_WORDS, _VALUE_WORDS = 3, 4
"""Words before the label of an identifier (a tax office), and after it, that its value stands among."""

_PERSON_WORDS = 4
_NEAR_ID = 14
"""Characters after the label of an identifier that its value begins in."""

_BANK_DIGITS = 6
"""So many digits after 'Bank' or 'Sparkasse' are an account, no part of a name."""

_SHORT_FORM = 10
_LEAST_SHORT = 5
"""Letters of a short name that the full one must begin or end with."""
_STREET = re.compile(r"[^\d,]*[^\W\d_]{3}[^\d,]*\s\d{1,4}\s?[a-zA-Z]?")
_HOUSED = re.compile(r"\s*(?:\d{1,4}\s?[A-Za-z]?|s/n)\s*,.*\d{4}", re.IGNORECASE)
"""A house number alone and a town with its post code: what follows 'Calle Mayor' in '…, 27, 46900 Torrent'."""

_TOWN = re.compile(r"\s*(?:[A-Z]{1,2}-?)?\d{3,5}[ -]?\d{0,3}(?:[A-Z]{2})?\s+[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a line: `kind` is name, address, text, contact or id."""

    kind: str
    text: str
    cell: Cell


def pieces(cell: Cell) -> Iterator[Piece]:
    """Yield the pieces of a line, what only tells how to reach somebody marked as such."""
    text = _spaced(cell)
    if not any(char.isalnum() for char in text) or (text.startswith("(") and text.endswith(")")):
        return
    held = ""
    for part in (piece for one in _parts(text) for piece in _without_asides(one)):
        clean = part.strip(_DECORATION).strip(" ,\u00b7|-_\u2013").lstrip(": ")
        label = labels.whole("part", clean)
        if label is not None and "_" not in clean:
            held = label
            continue
        for piece in _piece(clean, cell):
            yield Piece(held, piece.text, cell) if held and piece.kind == "text" else piece
        held = ""


def _parts(text: str) -> list[str]:
    """Split a line at bars, dots and wide gaps; at dashes only where several part it, as in a return line."""
    dashes = re.split(r"\s+[-\u2013\u2014*]\s+", text)
    if len(dashes) > _PAIR and any(is_place(part) for part in dashes[1:]):
        return [piece for part in dashes for piece in _numbers_apart(part)]
    return [piece for part in _SPLIT.split(text) for piece in _numbers_apart(part)]


def _numbers_apart(text: str) -> list[str]:
    """Part an identifier from the name or address before it in one line: 'Acme Foods Acct # 88-20417'."""
    tokens = labels.tokens(text)
    for label in labels.every("identifier", [token.word for token in tokens]):
        start = tokens[label.start].start
        before = text[:start].rstrip(" ,;(-\u2013")
        valued = any(char.isdigit() for char in text[tokens[label.end - 1].end :][:_NEAR_ID])
        if valued and label.start > 1 and (is_place(before) or is_company(before) or label.field == "account"):
            return [before, text[start:]]
    return [text]


def _without_asides(text: str) -> list[str]:
    """Leave out the parts between commas that are a label and its value: 'Buyer: J. Smith' in a line of address."""
    parts = text.split(", ")
    if len(parts) <= _PAIR or not any(_ASIDE.match(part) for part in parts[1:]):
        return [text]
    return [", ".join(part for index, part in enumerate(parts) if not index or not _ASIDE.match(part))]


def _spaced(cell: Cell) -> str:
    """Return the text of a line with three blanks where a wide gap parts a label from its value."""
    words = cell.words
    text = words[0].text
    for before, word in pairwise(words):
        wide = word.x0 - before.x1 > CELL_GAP * min(word.height, before.height)
        text += ("   " if wide and labels.whole("part", text.rpartition("   ")[2]) else " ") + word.text
    return text.strip()


def _piece(text: str, cell: Cell) -> Iterator[Piece]:
    """Yield a piece of a line by the first reading that fits; one that says nothing of the party yields none."""
    if not text:
        return
    words = labels.words_of(text)
    for read in (_as_identifier, _as_place, _as_part, _as_reach):
        found = read(text, words)
        if found is not None:
            kind, value = found
            if value:
                yield Piece(kind, value, cell)
            return
    yield Piece("text", _until_label(text), cell)


def _until_label(text: str) -> str:
    """Return a text up to a label inside it ('… Phone: 0123'); 'No:' and 'Kat:' of a street address are none."""
    found = _NEXT_LABEL.search(text) if ":" in text else None
    if (
        found is None
        or labels.at("bare", labels.words_of(found.group())) is not None
        or _DOOR_LABEL.match(found.group())
    ):
        return text
    return text[: found.start()]


def _as_identifier(text: str, words: Sequence[str]) -> tuple[str, str] | None:
    return ("id", text) if _identified(words) else None


def _as_place(text: str, _: Sequence[str]) -> tuple[str, str] | None:
    """Read 'City/State: …' or 'PLZ, Ort: …', of which each word names a part of an address."""
    label, colon, value = text.partition(":")
    parts = [labels.at("part", (word,)) for word in labels.words_of(label)]
    if not colon or not parts or not all(part is not None and part.field == "address" for part in parts):
        return None
    return "address", _until_label(value).strip()


def _as_part(text: str, words: Sequence[str]) -> tuple[str, str] | None:
    """Read a line with a label of its own: 'Name: …', 'Tel. …', and labels that belong to no party."""
    if text.endswith(":") or _is_other_label(text, words) or _all_labels(text):
        return "contact", text
    tokens = labels.tokens(text)
    part = labels.at("part", words) if "_" not in text else None
    if part is None:
        return None
    end = tokens[part.end - 1].end
    rest = text[end:].lstrip(" .:-=\u2013_").strip()
    closed = text[end:].lstrip(" .").startswith((":", "=")) or end == len(text.rstrip(". "))
    closed = closed or (part.end > 1 and (rest[:1].isupper() or rest[:1].isdigit()))
    if part.field == "contact":
        banked = sum(char.isdigit() for char in rest) >= _BANK_DIGITS
        return ("contact", text) if closed or banked or part.nuance == "person" or _reaches(rest) else None
    colon = ":" in text[end : end + 3]
    cut = _until_label(rest if colon or part.field != "address" else text)
    return (part.field, "" if REACH.search(cut) else cut) if closed else None


def _as_reach(text: str, _: Sequence[str]) -> tuple[str, str] | None:
    """Read a date, a telephone number, a mail or web address; words of an address beside them are kept."""
    found = values.dates_in(text)
    if found and len(found[0].text) >= len(text) - 1:
        return "date", text
    if not REACH.search(text) and not values.is_phone(text):
        return None
    left = REACH.sub("", text).strip(" ,-:<>()")
    return "text", left if len(_WORDY.findall(left)) > 1 and is_place(left) else ""


def _all_labels(text: str) -> bool:
    """Say whether a line is nothing but labels, perhaps in several languages: 'Abnehmer / Customer no.'."""
    parts = [part for part in text.split("/") if part.strip()]
    known = all(any(labels.whole(group, part) for group in ("header", "party", "identifier")) for part in parts)
    return known and "_" not in text


def _is_other_label(text: str, words: Sequence[str]) -> bool:
    """Say whether a line is a label and value that belong to no party: 'Requested by: J. Smith'."""
    label, colon, _ = text.partition(":")
    known = labels.at("header", words) or labels.at("party", words)
    return bool(colon) and known is not None and known.end >= len(labels.words_of(label))


def _identified(words: Sequence[str]) -> bool:
    found = labels.every("identifier", words)
    return any(
        label.start <= _OFFICE_WORDS
        and any(any(c.isdigit() for c in word) for word in words[label.end : label.end + _reach_of(label)])
        for label in found
        if label.start == 0 or label.field != "account"
    )


def _reach_of(label: labels.Label) -> int:
    """Return after how many words the value of an identifier may stand: at once after a single word for an account."""
    return _PAIR if label.field == "account" and label.end - label.start == 1 else _VALUE_WORDS


def _reaches(rest: str) -> bool:
    return not rest or rest[0] in "+(0123456789@" or "@" in rest or rest.lower().startswith("www")


def party(
    lines: Sequence[Cell], sure: float = 0.85, *, place: bool = False, texts_around: frozenset[str] = frozenset()
) -> DraftParty:
    """Read the lines of a party: name, strongest identifier, address in one line.

    `place` expects an address first. `texts_around` are the document's texts, squashed: a name broken over two lines
    is known by standing there in one.
    """
    found = [piece for cell in lines for piece in pieces(cell)]
    ids = [one for cell in lines for one in identifiers(cell)]
    named = next((piece for piece in found if piece.kind == "name"), None)
    texts = [piece for piece in found if piece.kind in {"text", "address"} and piece is not named]
    code: Value[str] | None = None
    if named is None:
        texts = _without_person(_without_prefix(texts), texts_around)
        named, texts = _split_name(texts, place=place)
    if named is not None:
        named, code = _without_code(_without_title(named))
    id_ = strongest(ids)
    texts = [one for one in texts if one.text.strip(" ,.-") and not _TIMES.match(one.text)]
    named = named if named is not None and _WORDY.search(named.text) and not values.is_money(named.text) else None
    name = Value(named.text, _source(named), sure) if named is not None else None
    address = (
        Value(_joined(texts), source_of([one.cell for one in texts]), sure - 0.1)
        if texts and any(_WORDY.search(one.text) for one in texts)
        else None
    )
    return DraftParty(name=name, id=id_.value if id_ is not None else code, address=address)


def _joined(texts: Sequence[Piece]) -> str:
    return ", ".join(re.sub(r"\s+,", ",", one.text).strip(" ,") for one in texts)


def _source(piece: Piece) -> PageSource:
    start = piece.cell.text.find(piece.text)
    part = piece.cell.part(start, start + len(piece.text)) if start >= 0 else None
    return (part or piece.cell).source


def _without_prefix(texts: list[Piece]) -> list[Piece]:
    """Leave out 'Firma', 'Messrs.', 'Spett.le' before a name, on a line of their own or before it."""
    while texts:
        tokens = labels.tokens(texts[0].text)
        label = labels.at("prefix", [token.word for token in tokens])
        if label is None:
            return texts
        rest = texts[0].text[tokens[label.end - 1].end :].strip(" .:,/")
        if rest and not rest[0].isupper() and not rest[0].isdigit():
            return texts
        texts = ([Piece("text", rest, texts[0].cell)] if rest else []) + texts[1:]
        if rest:
            return texts
    return texts


def _without_person(texts: list[Piece], around: frozenset[str]) -> list[Piece]:
    """Leave out a person's name or a department above the name of a company."""
    if len(texts) < _PAIR:
        return texts
    first, second = texts[0].text, texts[1].text
    ends = texts[0].cell.text.rstrip()
    if ends.endswith((" -", " \u2013", " &", " und", " and")) or _breaks_form(first, second):
        dash = " - " if ends.endswith((" -", " \u2013")) else " "
        return [Piece("text", f"{first}{dash}{second}", texts[0].cell), *texts[2:]]
    broken = is_company(second) and squash(f"{first} {second}") in around
    if broken or (is_company(second) and not _WORDY.search(LEGAL.sub("", second))):
        return [Piece("text", f"{first} {second}", texts[0].cell), *texts[2:]]
    if _is_short_for(first, second):
        return texts[1:]
    person = not is_company(first) and not any(char.isdigit() for char in first) and "," not in first
    company = is_company(second) and not any(char.isdigit() for char in second) and "," not in second
    return texts[1:] if person and company and len(first.split()) <= _PERSON_WORDS else texts


def _is_short_for(first: str, second: str) -> bool:
    """Say whether a line is a sign's short name above the full one: 'ADLER', 'Adler Bikes Ltd'."""
    short, full = squash(first), squash(second)
    if len(short) < _LEAST_SHORT or len(full) <= len(short) or any(char.isdigit() for char in second):
        return False
    formal = is_company(second) and not is_company(first)
    return (formal and full.startswith(short)) or (full.endswith(short) and "," not in second)


def _breaks_form(first: str, second: str) -> bool:
    """Say whether a line ends inside a legal form that the next one ends: 'Kowalski Sp. z', 'o.o.'."""
    if len(second) > _SHORT_FORM or any(char.isdigit() for char in second):
        return False
    return any(found.start() < len(first) < found.end() for found in LEGAL.finditer(f"{first} {second}"))


def _split_name(texts: list[Piece], *, place: bool) -> tuple[Piece | None, list[Piece]]:
    """Return the name and what is left: the first line, its part before a comma, or none where it is an address."""
    if not texts or texts[0].kind == "address":
        return None, texts
    first = texts[0]
    head, comma, tail = first.text.partition(",")
    if place and (site := _site(first.text)):
        return Piece("text", site, first.cell), [
            Piece("text", first.text[len(site) :].lstrip(" ,"), first.cell),
            *texts[1:],
        ]
    before, dash, after = head.partition(" - ")
    if dash and is_company(before) and any(char.isdigit() for char in first.text):
        head, tail, comma = before, f"{after}{comma}{tail}", dash
    doored = bool(comma) and (DOOR.fullmatch(head.strip()) is not None or (place and _is_street(head, tail)))
    named = _WORDY.search(head) and not is_place(head) and not doored
    if comma and named and _is_address(tail, texts[1:]):
        return Piece("text", head.strip(), first.cell), [Piece("text", _plain(tail), first.cell), *texts[1:]]
    if doored or (STREET_FIRST.match(first.text) and not is_company(first.text)):
        return None, texts
    if place and len(texts) == 1 and not is_company(first.text) and (comma or is_place(first.text)):
        return None, texts
    return first, texts[1:]


def _site(text: str) -> str:
    """Return the name of a place with its part, empty without one: 'Miller AB, warehouse 2' before street and town."""
    parts = text.split(", ")
    if len(parts) < _SITE_PARTS or any(is_company(parts[0]) or is_place(part) for part in parts[:_PAIR]):
        return ""
    streets = [_STREET.fullmatch(part.rstrip(". ")) is not None for part in parts]
    towns = [_TOWN.match(part) is not None for part in parts]
    addressed = (streets[2] and any(towns[3:])) or (towns[2] and any(streets[3:]))
    named = not streets[0] and not streets[1] and DOOR.fullmatch(parts[1].strip()) is None
    return ", ".join(parts[:_PAIR]) if addressed and named else ""


def _is_street(head: str, tail: str) -> bool:
    """Say whether a street with its number stands before the town: 'Via Roma, 3, 10121 Torino'."""
    if is_company(head):
        return False
    return (_STREET.fullmatch(head.strip()) is not None and _TOWN.match(tail) is not None) or _HOUSED.match(
        tail
    ) is not None


def _is_address(tail: str, following: Sequence[Piece]) -> bool:
    """Say whether what follows a comma is an address: it has a number, and no street of its own comes below."""
    if not any(char.isdigit() for char in tail):
        return False
    return is_place(tail) or len(following) < _PAIR or not any(char.isdigit() for char in following[0].text)


def _plain(text: str) -> str:
    return ", ".join(part.strip() for part in text.split(",") if part.strip() and not _TIMES.match(part))


def _without_title(named: Piece) -> Piece:
    """Cut off a name the title that a dash joins to it: 'Miller Bakery - weekly order sheet'."""
    parted = _DASHED.search(named.text)
    if parted is None:
        return named
    words = labels.words_of(named.text[parted.end() :])
    told = len(words) <= _TITLE_WORDS and any(len(words) - label.end <= 1 for label in labels.every("title", words))
    return Piece(named.kind, named.text[: parted.start()], named.cell) if told else named


def _without_code(named: Piece) -> tuple[Piece, Value[str] | None]:
    """Cut a party's number off its name: '10000001 - ABC Components', 'ABC Components (V-1002)'."""
    for pattern, group in ((_CODED, 1), (_BRACKETED, 1)):
        found = pattern.search(named.text)
        if found is None:
            continue
        rest = (named.text[: found.start()] + named.text[found.end() :]).strip(" -\u2013/:")
        if _WORDY.search(rest):
            code = Value(found.group(group), named.cell.source, 0.6)
            return Piece(named.kind, rest, named.cell), code
    return named, None
