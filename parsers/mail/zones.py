"""The zones of a letter: what is new in it, what it forwards, what it quotes, and how it is signed.

Every line keeps its place in the whole text, so that a value found in any zone can be shown where it stands.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from parsers.words import labels

_QUOTE_MARKS = re.compile(r"^(?:\s?>)+\s?")
_RULE = re.compile(r"^\s*[_=*\-\u2013\u2014]{5,}\s*$")
_MESSAGE_MARK = re.compile(
    r"^\W{2,}\s*(original message|ursprüngliche nachricht|message d'origine|message original|mensaje original"
    r"|messaggio originale|oorspronkelijk bericht|wiadomość oryginalna|oryginalna wiadomość|mensagem original"
    r"|původní zpráva|ursprungligt meddelande|originalmeddelande|oprindelig meddelelse|original meddelelse"
    r"|opprinnelig melding"
    r"|alkuperäinen viesti|orijinal ileti|özgün ileti|mesaj original|mesajul original|eredeti üzenet)\b",
    re.IGNORECASE,
)
_FORWARD_MARK = re.compile(
    r"^\W*(begin forwarded message|forwarded message|forwarded by|weitergeleitete nachricht|weitergeleitet von"
    r"|message transféré|message transmis|mensaje reenviado|messaggio inoltrato|doorgestuurd bericht"
    r"|wiadomość przekazana|przekazana wiadomość|mensagem encaminhada|mensagem reencaminhada|přeposlaná zpráva"
    r"|vidarebefordrat meddelande|videresendt meddelelse|videresendt melding|välitetty viesti"
    r"|iletilen ileti|yönlendirilen"
    r"|mesaj redirecționat|továbbított üzenet)\b",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"^\s*(on|am|le|el|il|op|w dniu|dnia|em|no dia|a|dne|den|pe data de|în)\b.{4,200}\b(wrote|schrieb"
    r"|a écrit|escribió|ha scritto|schreef"
    r"|napisał|napisała|pisze|escreveu|napsala?|skrev|kirjoitti|scris|írta|yazd\u0131)\b.{0,120}:\s*$",
    re.IGNORECASE | re.DOTALL,
)
_WROTE_LATE = re.compile(
    r"^(?=.{10,200}$)(?=.*\b(?:19|20)\d{2}\b).*(?:\b(wrote|schrieb|a écrit|escribió|ha scritto|schreef"
    r"|napisał|napisała|escreveu"
    r"|napsala?|skrev|kirjoitti|a scris|írta|yazd\u0131|şunlar\u0131 yazd\u0131|tarihinde)\b).{0,80}:\s*$",
    re.IGNORECASE,
)
"""Programs that put the date first without a word before it."""

_FROM_LINE = re.compile(
    r"^\W{0,3}(from|von|de|da|van|od|från|fra|lähettäjä|kimden|gönderen|de la|feladó|expéditeur|mittente"
    r"|remetente)\s?:\W{0,3}\s",
    re.IGNORECASE,
)
_SENT_LINE = re.compile(
    r"^\W{0,3}(sent|date|gesendet|datum|envoyé|enviado|enviado el|fecha|inviato|data|verzonden|wysłano"
    r"|enviada|odesláno|skickat|sendt|dato|lähetetty|päivämäärä|gönderildi|tarih|trimis|dată|elküldve|dátum)"
    r"[^:]{0,12}:\W{0,3}\s",
    re.IGNORECASE,
)
_FIELD_LINE = re.compile(r"^\W{0,3}([^\W\d_][\w .'\u2019\-]{0,20}?)\s?:\W{0,3}(.*)$")
_FORWARD_SUBJECT = re.compile(
    r"^\s*(fwd?|wg|tr|rv|i|doorst|pd|enc|fw|vb|vs|vl|ilt|redir|továbbítás|předáno)\s*:", re.IGNORECASE
)
_HEAD_FIELDS = frozenset({"from", "to", "date", "subject", "attachments", "cc", "sent"})
_NAMES = {
    "from": (
        *("from", "von", "de", "da", "van", "od", "från", "fra", "lähettäjä", "kimden", "gönderen", "de la", "feladó"),
        *("expéditeur", "mittente", "remetente"),
    ),
    "date": (
        *("sent", "date", "gesendet", "datum", "envoyé", "enviado", "fecha", "inviato", "data"),
        *("verzonden", "wysłano", "enviada", "odesláno", "skickat", "sendt", "dato", "lähetetty", "päivämäärä"),
        *("gönderildi", "tarih", "trimis", "dată", "elküldve", "dátum"),
    ),
    "subject": (
        *(
            "subject",
            "betreff",
            "objet",
            "asunto",
            "oggetto",
            "onderwerp",
            "temat",
            "assunto",
            "předmět",
            "ämne",
            "emne",
        ),
        *("aihe", "konu", "subiect", "tárgy"),
    ),
    "to": (
        "to",
        "an",
        "à",
        "para",
        "a",
        "aan",
        "do",
        "komu",
        "till",
        "til",
        "vastaanottaja",
        "kime",
        "al\u0131c\u0131",
        "către",
        "címzett",
    ),
}
_SENT_WITHIN = 6
_SHORT_CLOSING = 6
_SHORT_SENTENCE = 3
_LONG_GOODBYE = 80
_LONG_CLOSING = 12
"""A line that says goodbye is no longer, and has no more lines below it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line without quote marks and emphasis; `start` is the offset of its first character in the whole text."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Offset after the last character."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Fact:
    """A header field of the letter, or of the letter it forwards."""

    value: str
    start: int


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in zones: `new` is the text to read, `closing` its signature, `quoted` the thread below.

    Of a forwarded letter `new`, `closing` and the facts are the forwarded ones; the note above is in `note`.
    """

    sender: Fact | None
    receiver: Fact | None
    date: Fact | None
    subject: Fact | None
    attachments: tuple[str, ...]
    new: tuple[Line, ...]
    closing: tuple[Line, ...]
    quoted: tuple[Line, ...]
    note: tuple[Line, ...] = ()
    forwarded: bool = False
    guessed: bool = False
    """Whether the closing is only the last paragraph, with no goodbye and no `-- ` before it."""

    above: "Letter | None" = None
    """The letter that forwards this one, with its own head and no text."""


def split(text: str) -> Letter:
    """Split a decoded text into its zones."""
    facts, lines = _head(_lines(text))
    subject = facts.get("subject")
    new, rest, mark = _cut_thread(lines)
    forwards = mark == "forward" or (subject is not None and bool(_FORWARD_SUBJECT.match(subject.value)))
    named = facts.get("attachments")
    letter = Letter(
        sender=facts.get("from"),
        receiver=facts.get("to"),
        date=facts.get("date"),
        subject=subject,
        attachments=tuple(name.strip() for name in named.value.split(";")) if named else (),
        new=(),
        closing=(),
        quoted=tuple(rest),
    )
    return _forwarded(letter, new, rest) if forwards and rest else _signed(letter, new)


def _lines(text: str) -> list[Line]:
    out: list[Line] = []
    place = 0
    for raw in text.splitlines(keepends=True):
        out.append(Line(raw.rstrip("\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), place))
        place += len(raw)
    return out


def _clean(line: Line) -> Line:
    """Take quote marks, emphasis (`*bold*`) and outer white space off a line."""
    text = _QUOTE_MARKS.sub("", line.text)
    start = line.start + len(line.text) - len(text)
    if text != "-- ":
        emphasis = re.fullmatch(r"(\s*\*)([^*\s][^*]*)\*\s*", text)
        if emphasis:
            return Line(emphasis.group(2), start + len(emphasis.group(1)))
        stripped = text.strip(" \u00a0\r")
        start += len(text) - len(text.lstrip(" \u00a0\r"))
        return Line(stripped, start)
    return Line(text, start)


def _head(lines: list[Line]) -> tuple[dict[str, Fact], list[Line]]:
    """Take the header lines off the top, where the text has them."""
    facts: dict[str, Fact] = {}
    for index, line in enumerate(lines):
        if not line.text.strip():
            return (facts, lines[index + 1 :]) if len(facts) > 1 else ({}, lines)
        name, colon, value = line.text.partition(":")
        if not colon or name.strip().lower() not in _HEAD_FIELDS:
            break
        clean = value.strip()
        facts.setdefault(name.strip().lower(), Fact(clean, line.start + line.text.find(clean, len(name) + 1)))
    return (facts, []) if len(facts) > 1 and len(facts) == len(lines) else ({}, lines)


def _cut_thread(lines: list[Line]) -> tuple[list[Line], list[Line], str]:
    """Return the lines above the thread, those of the thread, and how it was marked."""
    for index, line in enumerate(lines):
        mark = _mark_at(lines, index, line.text)
        if mark:
            above = [each for each in lines[:index] if not _QUOTE_MARKS.match(each.text)]
            below = _below_quote(lines[index:]) if mark == "thread" else []
            kept = {each.start for each in below}
            return above + below, [each for each in lines[index:] if each.start not in kept], mark
    new = [line for line in lines if not _QUOTE_MARKS.match(line.text)]
    return new, [line for line in lines if _QUOTE_MARKS.match(line.text)], "quote"


def _below_quote(thread: list[Line]) -> list[Line]:
    """Return what is written below a quote: who answers there puts `>` before every line of it.

    Nothing where the thread has no such marks, or where it goes on with the head of another letter.
    """
    quoted = [at for at, line in enumerate(thread) if _QUOTE_MARKS.match(line.text)]
    if not quoted or any(line.text.strip() for line in thread[_ATTRIBUTION : quoted[0]]):
        return []
    out = [line for line in thread[quoted[0] :] if not _QUOTE_MARKS.match(line.text)]
    if any(_mark_at(out, at, line.text) for at, line in enumerate(out)):
        return []
    return out if any(line.text.strip() for line in out) else []


_ATTRIBUTION = 2
"""'On … wrote:' takes up to two lines."""


def _mark_at(lines: list[Line], index: int, text: str) -> str:
    if _QUOTE_MARKS.match(text):
        return ""
    if _FORWARD_MARK.match(text):
        return "forward"
    if _MESSAGE_MARK.match(text):
        return "thread"
    two = text + " " + (lines[index + 1].text if index + 1 < len(lines) else "")
    if _WROTE.match(text) or _WROTE_LATE.match(text) or (_WROTE.match(two) and len(two) < 200):  # noqa: PLR2004
        return "thread"
    near = lines[index + 1 : index + _SENT_WITHIN]
    if _FROM_LINE.match(text) and any(_SENT_LINE.match(line.text) for line in near):
        return "thread"
    return ""


def _signed(letter: Letter, lines: Iterable[Line]) -> Letter:
    """Part the text from its closing: below `-- `, or from a line that says goodbye on."""
    cleaned = [_clean(line) for line in lines]
    while cleaned and (not cleaned[-1].text or _RULE.match(cleaned[-1].text)):
        cleaned.pop()
    cut = next((at for at, line in enumerate(cleaned) if line.text in {"-- ", "--"}), len(cleaned))
    for index in range(cut):
        if _says_goodbye(cleaned, index, cut):
            return replace(letter, new=tuple(cleaned[:index]), closing=tuple(cleaned[index:]))
    if cut < len(cleaned):
        return replace(letter, new=tuple(cleaned[:cut]), closing=tuple(cleaned[cut + 1 :]))
    last = max((at for at, line in enumerate(cleaned) if not line.text), default=-1)
    tail = cleaned[last + 1 :]
    if last > 0 and 0 < len(tail) <= _SHORT_CLOSING and not any(_holds_text(line) for line in tail):
        return replace(letter, new=tuple(cleaned[:last]), closing=tuple(tail), guessed=True)
    return replace(letter, new=tuple(cleaned), closing=())


def _says_goodbye(lines: list[Line], index: int, cut: int) -> bool:
    """Say whether a line is a closing phrase with hardly anything after it."""
    if len(lines[index].text) > _LONG_GOODBYE:
        return False
    words = labels.words_of(lines[index].text)
    label = labels.at("mail", words) if words else None
    if label is None or label.field != "closing" or _signature_lines(lines[index:cut]) > _LONG_CLOSING:
        return False
    return len(words) - label.end <= 2 and "?" not in lines[index].text  # noqa: PLR2004


def _signature_lines(lines: list[Line]) -> int:
    """Count the lines of what may be a signature; blank ones and the long ones of a disclaimer do not count."""
    return sum(0 < len(line.text) <= _LONG_GOODBYE for line in lines)


_BULLET = re.compile(r"^\s*([-*•·]|\d{1,3}[.)])\s")


def _holds_text(line: Line) -> bool:
    """Say whether a line is more than a name, a company, an address or a number to call."""
    return bool(
        _BULLET.match(line.text)
        or "\t" in line.text
        or line.text.endswith((":", "?", "!"))
        or (line.text.endswith(".") and len(line.text.split()) > _SHORT_SENTENCE)
        or re.match(r"^\d+\s?x?\s+[^\W\d]", line.text)
    )


def _forwarded(letter: Letter, note: list[Line], rest: list[Line]) -> Letter:
    """Read the forwarded letter instead of the note above it; deeper threads stay quoted."""
    lines = [_clean(line) for line in rest]
    facts: dict[str, Fact] = {}
    place = 0
    while place < len(lines):
        line = lines[place]
        field = _FIELD_LINE.match(line.text)
        name = next((key for key, names in _NAMES.items() if field and field.group(1).lower() in names), None)
        if name and field:
            facts.setdefault(name, Fact(field.group(2).strip(), line.start + field.start(2)))
        elif line.text and facts and not field:
            break
        place += 1
        if not line.text and len(facts) > 1:
            break
    if not facts:
        place = next((at + 1 for at, line in enumerate(lines) if _FORWARD_MARK.match(line.text)), 0)
    new, quoted, _ = _cut_thread(lines[place:])
    inner = replace(
        letter,
        sender=facts.get("from", letter.sender),
        receiver=letter.receiver if not facts else None,
        date=facts.get("date", letter.date),
        subject=facts.get("subject", letter.subject),
        note=tuple(_clean(line) for line in note),
        quoted=tuple(quoted),
        forwarded=True,
        above=letter,
    )
    return _signed(inner, new)


def without_closing(letter: Letter) -> Letter:
    """Return the letter with a guessed closing put back into its text."""
    return replace(letter, new=(*letter.new, *letter.closing), closing=(), guessed=False)


def plain_quoted(letter: Letter) -> tuple[Line, ...]:
    """Return the quoted thread without its marks."""
    return tuple(_clean(line) for line in letter.quoted)
