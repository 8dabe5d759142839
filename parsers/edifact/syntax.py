"""EDIFACT service characters and character sets (ISO 9735): cutting text into segments, elements, components, and back.

The release character is settled once for a whole text: each released character is swapped for a stand-in, the text
is cut with plain `split`, and stand-ins are swapped back only in the few segments that hold one.
"""

from dataclasses import dataclass
from functools import lru_cache

from oms_core.errors import UnreadableDocument

_STANDINS = ("\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3")
"""Noncharacters of Unicode for released release, terminator, element and component marks; no text may hold them."""

_NONE = " "
"""A blank in UNA says that the mark is not used."""

CHARSETS = {
    "UNOA": "ascii",
    "UNOB": "ascii",
    "UNOC": "latin-1",
    "UNOD": "iso8859-2",
    "UNOE": "iso8859-5",
    "UNOF": "iso8859-7",
    "UNOG": "iso8859-3",
    "UNOH": "iso8859-4",
    "UNOI": "iso8859-6",
    "UNOJ": "iso8859-8",
    "UNOK": "iso8859-9",
    "UNOL": "iso8859-15",
    "UNOW": "utf-8",
    "UNOX": "iso2022_jp_2",
    "UNOY": "utf-8",
}
"""Syntax identifiers (ISO 9735, code list 0001) and the codecs that read them."""


@dataclass(frozen=True, slots=True)
class Separators:
    """The service characters of an interchange, in the order of UNA; a blank release character means none is used."""

    component: str = ":"
    element: str = "+"
    decimal: str = "."
    release: str = "?"
    repetition: str = " "
    terminator: str = "'"

    @property
    def releases(self) -> bool:
        """Whether a release character is in use."""
        return self.release != _NONE

    def escape(self, text: str) -> str:
        """Put the release character before every service character in a value; the opposite of reading it."""
        if not self.releases:
            return text
        for mark in (self.release, self.terminator, self.element, self.component):
            text = text.replace(mark, self.release + mark)
        return text

    def cut(self, text: str) -> list[str]:
        """Cut text into segments, released characters kept as stand-ins; pass each to `elements`.

        What stands after the last terminator is left out when it is blank.
        """
        if self.releases and self.release in text:
            text = self._hold(text)
        segments = text.split(self.terminator)
        if not segments[-1].strip():
            segments.pop()
        return segments

    def elements(self, segment: str) -> list[list[str]]:
        """Cut one segment into elements of components; the first holds the tag."""
        return [self.components(element) for element in segment.split(self.element)]

    def components(self, element: str) -> list[str]:
        """Cut one element of a segment into components, released characters swapped back."""
        if element.isascii():
            return element.split(self.component)
        back = _back(self.release, self.terminator, self.element, self.component)
        return [value if value.isascii() else value.translate(back) for value in element.split(self.component)]

    def compose(self, segment: list[list[str]]) -> str:
        """Write one segment with its terminator; the opposite of `cut` and `elements`."""
        body = self.element.join(self.component.join(map(self.escape, element)) for element in segment)
        return body + self.terminator

    def _hold(self, text: str) -> str:
        """Swap released characters for stand-ins; pairs are formed from the left, so `??'` ends a segment."""
        for mark in _STANDINS:
            text = text.replace(mark, "\ufffd")
        release = self.release
        for standin, mark in zip(_STANDINS, (release, self.terminator, self.element, self.component), strict=True):
            text = text.replace(release + mark, standin)
        # What is left releases a character that needs none: it stands for itself (ISO 9735, 5.1).
        return text.replace(release, "")


@lru_cache(maxsize=16)
def _back(*marks: str) -> dict[int, str]:
    """Return the table that swaps stand-ins back."""
    return {ord(standin): mark for standin, mark in zip(_STANDINS, marks, strict=True)}


DEFAULT_SEPARATORS = Separators()


def separators_from_una(characters: str) -> Separators:
    """Read the six characters after UNA. Raises `UnreadableDocument` where they could not be told apart."""
    separators = Separators(*characters)
    working = [separators.component, separators.element, separators.terminator]
    if separators.releases:
        working.append(separators.release)
    unfit = [mark for mark in working if mark.isalnum() or not mark.isascii() or mark == _NONE]
    if unfit or len(set(working)) < len(working):
        raise UnreadableDocument(
            "bad_separators",
            f"The UNA segment declares {characters!r} as service characters, which cannot be told apart from each other"
            " or from text. Ask the sender to send the interchange again.",
            "UNA",
        )
    return separators


def separators_from_unb(head: str) -> Separators:
    """Read the marks off an UNB that came without UNA: usual ones, or the non-printing ones of level B."""
    if head[3:4] == "\x1d":
        return Separators("\x1f", "\x1d", ".", " ", " ", "\x1c")
    return DEFAULT_SEPARATORS


def decode(data: bytes, codec: str) -> tuple[str, bool]:
    """Decode a message, and say whether the declared character set had to be left.

    Senders often declare level A, B or C and send UTF-8 or Windows-1252: bytes that are well-formed UTF-8 beyond
    ASCII, which real Latin text practically never is, are read as that.
    """
    if data.isascii() and codec != CHARSETS["UNOX"]:
        return data.decode("ascii"), False
    for candidate in ("utf-8", codec):
        try:
            return data.decode(candidate), candidate != codec
        except UnicodeDecodeError:
            continue
    return data.decode("cp1252", errors="replace"), True
