"""Printed dates to calendar dates: ISO, day or month first, two-digit years, month names in twenty languages.

`01/02/2026` alone is in doubt; the other dates of the document or the country settle it.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import cache

MAX_DATE_CHARS = 60
"""A longer text is no date."""

_YEARS = range(1950, 2100)
_CENTURY = 100
_PIVOT = 70
"""Two-digit years from 70 on are of the last century, as POSIX reads them."""

_ISO = re.compile(r"(\d{4})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{1,2})\.?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NUMERIC = re.compile(r"(\d{1,2})\s?([-/. ])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})")
_DAY_NAME = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?[\s\-./]*(?:de |of )?([^\W\d_]{3,})\.?,?[\s\-./]*(?:de )?(\d{4}|\d{2})"
)
_YEAR_NAME_DAY = re.compile(r"(\d{4})\.?\s*([^\W\d_]{3,})\.?\s*(\d{1,2})\.?")
_NAME_DAY = re.compile(r"([^\W\d_]{3,})\.?[\s\-]*(\d{1,2})(?:st|nd|rd|th)?,?[\s\-]+(\d{4})")
_TIME = re.compile(r"(?:t|,?\s+)\d{1,2}:\d{2}.*$", re.IGNORECASE)
_WEEKDAY = re.compile(r"^[^\W\d_]{2,}\.?,\s*|^[^\W\d_]+(?:day|tag|di|dag)\s+", re.IGNORECASE)

_MONTHS = (
    (
        "january jan januar janner janvier janv enero ene gennaio gen januari stycznia styczen sty janeiro"
        " ledna leden tammikuuta tammikuu januar ianuarie ian ocak oca januara sausio sijecnja"
    ),
    (
        "february feb februar fevrier fevr fev febrero febbraio februari lutego luty lut fevereiro"
        " unora unor helmikuuta helmikuu februarie subat sub februara vasario veljace"
    ),
    (
        "march mar marz maerz mrz mars marzo maart mrt marca marzec marco"
        " brezna brezen marts maaliskuuta maaliskuu marcius marc martie mart kovo ozujka"
    ),
    (
        "april apr avril avr abril abr aprile kwietnia kwiecien kwi"
        " dubna duben huhtikuuta huhtikuu aprilis aprilie nisan nis aprila balandzio travnja"
    ),
    ("may mai mayo maggio mag mei maja maj maio kvetna kveten toukokuuta toukokuu majus mayis geguzes svibnja"),
    (
        "june jun juni juin junio giugno giu czerwca czerwiec cze junho"
        " cervna cerven kesakuuta kesakuu junius iunie iun haziran haz juna birzelio lipnja"
    ),
    (
        "july jul juli juillet juil julio luglio lug lipca lipiec lip julho"
        " cervence cervenec heinakuuta heinakuu julius iulie iul temmuz tem jula liepos srpnja"
    ),
    (
        "august aug aout agosto ago augustus sierpnia sierpien sie"
        " srpna srpen augusti elokuuta elokuu augusztus agustos agu augusta rugpjucio kolovoza"
    ),
    (
        "september sep sept septembre septiembre settembre set wrzesnia wrzesien wrz setembro"
        " zari syyskuuta syyskuu szeptember szept septembrie eylul eyl septembra rugsejo rujna"
    ),
    (
        "october oct oktober okt octobre octubre ottobre ott pazdziernika pazdziernik paz outubro out"
        " rijna rijen lokakuuta lokakuu octombrie ekim eki oktobra spalio"
    ),
    (
        "november nov novembre noviembre listopada listopad lis novembro"
        " listopadu marraskuuta marraskuu noiembrie noi kasim kas novembra lapkricio studenoga"
    ),
    (
        "december dec dezember dez decembre diciembre dic dicembre grudnia grudzien gru dezembro"
        " prosince prosinec joulukuuta joulukuu decembrie aralik ara des desember decembra gruodzio prosinca"
    ),
)
"""Month names and short forms in the languages of the field, without accents; none that two months share."""


def parse_date(text: str, day_first: bool | None = None) -> date | None:
    """Return the calendar date that `text` prints, or None where it prints none or one in doubt.

    `day_first` says how the document or its country writes (see `day_first`); with None a date that reads both ways
    (`01/02/2026`) is None, except where it is written with full stops, which only day-first countries do. A clock time
    after the date and a weekday before it are left out. Two-digit years are 1970 to 2069.
    """
    stripped = _trimmed(text)
    if not stripped:
        return None
    if found := _ISO.fullmatch(stripped):
        return _built(found[1], found[3], found[4])
    if found := _COMPACT.fullmatch(stripped):
        return _built(found[1], found[2], found[3])
    if found := _NUMERIC.fullmatch(stripped):
        return _numeric(found, day_first)
    return _named(stripped)


def parse_compact(text: str) -> date | None:
    """Read a day in six figures, year first, as Nordic houses print it: `250310` is 10 March 2025; None for none.

    Only what surely is a date may be given: half of all small numbers of six figures read as one.
    """
    found = _SIX.fullmatch(text.strip())
    return _built(f"20{found[1]}", found[2], found[3]) if found else None


_SIX = re.compile(r"([2-3]\d)(\d{2})(\d{2})")


def day_first(texts: Iterable[str]) -> bool | None:
    """Say whether these dates put the day first (True), the month first (False), or do not tell (None)."""
    votes = [vote for vote in (_vote(_trimmed(text)) for text in texts) if vote is not None]
    days = sum(votes)
    months = len(votes) - days
    return None if days == months else days > months


def _trimmed(text: str) -> str:
    """Cut the weekday before and the clock time after a date, and edges."""
    stripped = " ".join(text.split()).strip(" ,;:()")
    if len(stripped) > MAX_DATE_CHARS:
        return ""
    return _WEEKDAY.sub("", _TIME.sub("", stripped)).strip(" ,")


def _numeric(found: re.Match[str], first: bool | None) -> date | None:
    """Read two numbers and a year in the order that fits, or that is known."""
    one, two = int(found[1]), int(found[3])
    told = _order(one, two, found[2])
    if told is None:
        told = True if one == two else first
    if told is None:
        return None
    day, month = (one, two) if told else (two, one)
    return _built(found[4], str(month), str(day))


def _order(one: int, two: int, mark: str) -> bool | None:
    """Tell whether the day stands first from the numbers and the mark; full stops are never month-first."""
    if one > _MONTHS_A_YEAR:
        return True
    if two > _MONTHS_A_YEAR:
        return False
    return True if mark == "." else None


_MONTHS_A_YEAR = 12


def _vote(text: str) -> bool | None:
    found = _NUMERIC.fullmatch(text)
    if found is None or int(found[1]) == int(found[3]):
        return None
    return _order(int(found[1]), int(found[3]), found[2])


def _named(text: str) -> date | None:
    """Read a date with the month in words."""
    if found := _DAY_NAME.fullmatch(text):
        day, name, year = found[1], found[2], found[3]
    elif found := _YEAR_NAME_DAY.fullmatch(text):
        year, name, day = found[1], found[2], found[3]
    elif found := _NAME_DAY.fullmatch(text):
        name, day, year = found[1], found[2], found[3]
    else:
        return None
    month = _month_numbers().get(_folded(name))
    return None if month is None else _built(year, str(month), day)


def _built(year: str, month: str, day: str) -> date | None:
    """Make a date, or None where the calendar has none such or the year is out of reason."""
    number = int(year)
    if len(year) <= len("99"):
        number += _CENTURY * (19 if number >= _PIVOT else 20)
    if number not in _YEARS:
        return None
    try:
        return date(number, int(month), int(day))
    except ValueError:
        return None


def _folded(name: str) -> str:
    decomposed = unicodedata.normalize(
        "NFKD", name.casefold().replace("ź", "z").replace("ł", "l").replace("\u0131", "i")
    )
    return "".join(char for char in decomposed if not unicodedata.combining(char))


@cache
def _month_numbers() -> dict[str, int]:
    return {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
