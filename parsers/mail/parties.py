"""Who writes and where goods go: sender, signature, an address block with a label; the receiver as supplier."""

import re
from collections.abc import Iterable, Sequence

from oms_core.values.draft import DraftParty
from oms_core.values.source import TextSource, Value
from parsers.mail.zones import Fact, Letter, Line
from parsers.words import labels
from parsers.words.spans import Span

_PARTS = re.compile(r"\s+[|\u00b7\u2022]\s+|\s+[-\u2013\u2014]\s+|,\s+|\s*\(|\)\s*|\t+")
_LEGAL = re.compile(
    r"\b(gmbh|ag|kg|ohg|e\.?k\.?|ug|se|ltd|limited|plc|llp|inc|llc|corp|co|s\.?a\.?r\.?l|s\.?a\.?s|s\.?a|s\.?r\.?l|s\.?p\.?a"
    r"|s\.?n\.?c|s\.?l|b\.?v|n\.?v|v\.?o\.?f|sp\. z o\.?o|s\.?c|s\.?j|lda|unipessoal|pty|oy|ab|as|aps|kft)\b\.?",
    re.IGNORECASE,
)
_FULL_NAME = re.compile(
    r"(?:(?:[A-Z\u00c0-\u017d][\w&.\-]*|\([A-Z\u00c0-\u017d]\w+\))\s+(?:&\s+|und\s+|and\s+|et\s+|y\s+|e\s+)?){1,5}"
    r"(?:GmbH(?: & Co\. KG)?|AG|KG|OHG|Ltd|Limited|PLC|LLP|Inc|LLC|Corp|Pty Ltd|S\.?A\.?R\.?L\.?|SAS|S\.?A\."
    r"|S\.?r\.?l\.?|S\.?p\.?A\.?|S\.?n\.?c\.?|S\.?L\.?|B\.?V\.?|N\.?V\.?|sp\. z o\.o\.|s\.c\.|Lda\.?)(?![\w])"
)
_ADDRESS = re.compile(r"^(?P<name>[^<]*?)\s*<(?P<mail>[^<>\s]+@[^<>\s]+)>")
CONTACT = re.compile(
    r"@|www\.|https?:|\btel\b|\bt\u00e9l\b|\bphone\b|\bfax\b|\bmob|\biban\b|\bbic\b|\bhrb\b|^\+?[\d\s().\-/]{7,}$|^t\s+0",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\d|\b(street|road|avenue|lane|drive|rue|calle|via|ul\.|stra\u00dfe|str\.|weg|platz|straat|rua|plaza|piazza|building|entrance)\b",
    re.IGNORECASE,
)
_VAT_VALUE = re.compile(
    r"[\s:.#]*((?:[A-Z]{2,3}[\s\-]?)?[A-Z]?\d[\dA-Z]*"
    r"(?:[ .](?:[\dA-Z]{2,4}|\d{9})\b|[\-/]\d{1,9}\b|-[\dA-Z]{2,4}\b)*)"
)
"""`DE298765432`, `GB 812 5550 12`, `12345678-2-13`, `12.345.678/0001-90`."""

_ACCOUNT_VALUE = re.compile(r"[\s:.#]*(?:is\s+|ist\s+)?([A-Z]{0,4}-?\d[\w\-/]{2,})")
_TAIL = 4
_ENOUGH = 5


def sender_address(letter: Letter) -> tuple[Span | None, Span | None]:
    """Return display name and address of From."""
    return _named_address(letter.sender)


def _named_address(fact: Fact | None) -> tuple[Span | None, Span | None]:
    if fact is None:
        return None, None
    found = _ADDRESS.match(fact.value)
    if found is None:
        bare = re.match(r"\s*([^<>\s;]+@[^<>\s;]+)", fact.value)
        if bare is None:
            name = Span(fact.value, fact.start).strip('" ')
            return (name if name.text else None), None
        return None, Span(bare.group(1), fact.start + bare.start(1))
    name = Span(fact.value, fact.start).cut(found.start("name"), found.end("name")).strip('" ')
    return (name if name.text else None), Span(found.group("mail"), fact.start + found.start("mail"))


def buyer(letter: Letter) -> DraftParty:
    """Return who orders: the company of the signature, else the name that mail address and display name share."""
    name, mail = sender_address(letter)
    signed = letter.closing or tuple(line for line in letter.new[-_TAIL:] if line.text and not line.text[:1].isdigit())
    pieces = [piece for line in signed for piece in Span(line.text, line.start).split(_PARTS) if piece.text]
    company = _with_legal_form(letter, _domain_word(mail)) or _company(pieces, name, mail)
    everything = [*letter.closing, *letter.new]
    return DraftParty(
        name=company,
        id=_identifier(everything)
        or _labelled(everything, "registration", _VAT_VALUE, 0.85)
        or _account([*letter.note, *letter.new, *subject_lines(letter)]),
        address=_address(pieces, company),
        email=Value(mail.text.lower(), mail.source, 0.95) if mail else None,
    )


def _with_legal_form(letter: Letter, domain: str) -> Value[str] | None:
    """Return a full company name in the text ('… GmbH') that the mail domain confirms."""
    for line in (*letter.closing, *letter.new):
        for found in _FULL_NAME.finditer(line.text):
            if len(domain) >= _ENOUGH and _are_alike(found.group(), "".join(labels.words_of(found.group())), domain):
                return Value(found.group(), Span(found.group(), line.start + found.start()).source, 0.9)
    return None


def subject_lines(letter: Letter) -> list[Line]:
    """Return the subject as a line, nothing where the letter has none."""
    return [Line(letter.subject.value, letter.subject.start)] if letter.subject else []


def _company(pieces: Sequence[Span], name: Span | None, mail: Span | None) -> Value[str] | None:
    domain = _domain_word(mail)
    candidates = [(piece, _weight(piece, domain)) for piece in pieces[:20]]
    if name is not None:
        candidates += [(piece, _weight(piece, domain) - 0.05) for piece in (name, *name.split(_PARTS)) if piece.text]
    best = max(candidates, key=lambda pair: pair[1], default=None)
    if best and best[1] > 0.5:  # noqa: PLR2004
        return Value(best[0].text, best[0].source, min(best[1], 0.95))
    return _second_line(pieces, name)


def _weight(piece: Span, domain: str) -> float:
    """Weigh a piece of a signature as a company's name."""
    text = piece.text
    if len(text) > 70 or CONTACT.search(text) or labels.at("mail", labels.words_of(text)):  # noqa: PLR2004
        return 0.0
    digits = any(char.isdigit() for char in text)
    legal = 0.85 if _LEGAL.search(text) and len(text) > _ENOUGH and not text.isupper() and not digits else 0.0
    squashed = "".join(labels.words_of(text))
    own = len(domain) >= _ENOUGH and len(squashed) >= _ENOUGH
    alike = own and (
        domain in squashed or squashed in domain or _share_start(domain, squashed) or _words_in(text, domain)
    )
    return max(legal + (0.1 if alike and legal else 0), 0.8 + 0.08 * _covered(text, domain) if alike else 0.0)


def _are_alike(text: str, squashed: str, domain: str) -> bool:
    return domain in squashed or squashed in domain or _share_start(domain, squashed) or _words_in(text, domain)


def _covered(text: str, domain: str) -> float:
    """Return how much of the domain the words of a name make up, each by its longest beginning that stands there."""
    letters = 0
    for word in labels.words_of(text):
        letters += next((size for size in range(len(word), _BEGINNING - 1, -1) if word[:size] in domain), 0)
    return min(letters / max(len(domain), 1), 1.0)


_BEGINNING = 3


def _share_start(one: str, two: str) -> bool:
    length = 0
    for left, right in zip(one, two, strict=False):
        if left != right:
            break
        length += 1
    return length >= max(_ENOUGH + 1, len(one) * 2 // 3)


def _words_in(text: str, domain: str) -> bool:
    """Say whether a long word of the name, or two of four letters or more, stand in the domain."""
    lengths = [len(word) for word in labels.words_of(text) if len(word) > 3 and word in domain]  # noqa: PLR2004
    return len(lengths) > 1 or max(lengths, default=0) > _ENOUGH + 1


def _domain_word(mail: Span | None) -> str:
    """Return the part of a mail domain that names its owner, folded."""
    if mail is None:
        return ""
    parts = mail.text.rpartition("@")[2].lower().split(".")[:-1]
    return "".join(labels.words_of(max(parts, key=len, default="")))


def _second_line(pieces: Sequence[Span], name: Span | None) -> Value[str] | None:
    """Fall back on the line below the writer's name, else the display name, else the name signed with."""
    words = [
        piece
        for piece in pieces
        if not CONTACT.search(piece.text)
        and not any(char.isdigit() for char in piece.text)
        and labels.at("mail", labels.words_of(piece.text)) is None
    ]
    if len(words) > 1 and words[1].text[:1].isupper():
        return Value(words[1].text, words[1].source, 0.6)
    if name is not None:
        return Value(name.text, name.source, 0.55)
    return Value(words[0].text, words[0].source, 0.5) if words else None


def _identifier(lines: Iterable[Line]) -> Value[str] | None:
    """Return a VAT or tax number that stands with its label."""
    return _labelled(lines, "vat", _VAT_VALUE, 0.9)


def _account(lines: Iterable[Line]) -> Value[str] | None:
    return _labelled(lines, "account", _ACCOUNT_VALUE, 0.7)


def _labelled(lines: Iterable[Line], field: str, shape: re.Pattern[str], sure: float) -> Value[str] | None:
    for line in lines:
        tokens = labels.tokens(line.text)
        for label in labels.every("identifier", [token.word for token in tokens]):
            found = shape.match(line.text, tokens[label.end - 1].end) if label.field == field else None
            if found and sum(char.isdigit() for char in found.group(1)) >= _ENOUGH - (field == "account"):
                return Value(found.group(1), Span(found.group(1), line.start + found.start(1)).source, sure)
    return None


def _address(pieces: Sequence[Span], company: Value[str] | None) -> Value[str] | None:
    """Return the pieces after the company that hold a street and a town."""
    texts = [piece.text for piece in pieces]
    if company is None or company.value not in texts:
        return None
    taken: list[Span] = []
    for piece in pieces[texts.index(company.value) + 1 :]:
        if CONTACT.search(piece.text) or labels.at("identifier", labels.words_of(piece.text)):
            break
        if not _PLACE.search(piece.text) and not taken:
            break
        taken.append(piece)
    if not taken or not any(char.isdigit() for piece in taken for char in piece.text):
        return None
    return Value(", ".join(piece.text for piece in taken), joined_source(taken), 0.8)


def joined_source(pieces: Sequence[Span]) -> TextSource:
    """Return the place of pieces that were joined to one text: it begins where the first one does."""
    return Span(", ".join(piece.text for piece in pieces), pieces[0].start).source


def supplier(letter: Letter, our_names: Sequence[str]) -> DraftParty:
    """Return who is to deliver: one of our own names in the text, else the receiver that its mail domain confirms."""
    for line in letter.new:
        for name in our_names:
            place = line.text.casefold().find(name.casefold()) if name else -1
            if place >= 0:
                return DraftParty(name=Value(name, Span(name, line.start + place).source, 0.9))
    name_at, mail = _named_address(letter.receiver)
    named = _with_legal_form(letter, _domain_word(mail))
    if named is not None:
        return DraftParty(name=named)
    if name_at is None or mail is None or "@" in name_at.text or _weight(name_at, _domain_word(mail)) < 0.5:  # noqa: PLR2004
        return DraftParty()
    return DraftParty(name=Value(name_at.text, name_at.source, 0.75))
