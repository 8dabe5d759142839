"""How things are written on the pages: numbers, dates, units and the words for states."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from oms_core.values import Finding, Severity, Value, plain
from oms_core.values.labels import field_label
from oms_core.values.outbound import known_there
from oms_core.values.units import in_units, unit_name
from oms_flow.house import SYSTEM

if TYPE_CHECKING:
    from jinja2 import Environment

KINDS = {
    "order": "order",
    "order_change": "change",
    "order_cancellation": "cancellation",
    "unreadable": "unreadable",
}

STATES = {
    "drafted": "in progress",
    "matched": "in progress",
    "in_review": "in review",
    "stored": "in progress",
    "sending": "unknown, asks first",
    "pending": "waits",
    "done": "delivered",
    "rejected": "refused",
    "suppressed": "not sent",
}

SEVERITIES = {
    Severity.BLOCK: "must be put right",
    Severity.REVIEW: "please check",
    Severity.NOTE: "note",
}

FORMATS = {
    "csv": "a table (CSV)",
    "xlsx": "a workbook (Excel)",
    "pdf": "a PDF",
    "edifact": "EDIFACT",
    "pdf_text": "a PDF",
    "mime": "a mail",
    "mail_text": "the text of a mail",
}
"""Formats as people call them; any other is shown as its reader is named."""

_WEAK, _FAIR = 0.6, 0.9
_DECIMAL_FROM = 90
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_TWO = 2


def money(amount: Decimal | None) -> str:
    """Write an amount with grouped thousands and at least two decimals: 1,234.50."""
    if amount is None:
        return ""
    whole, _, decimals = plain(amount).partition(".")
    return f"{int(whole):,}.{decimals:0<2}" if whole != "-0" else f"-0.{decimals:0<2}"


def price(amount: Decimal) -> str:
    """Write a price as people type it: no grouping, two decimals or more."""
    whole, _, decimals = plain(amount).partition(".")
    return f"{whole}.{decimals:0<2}"


def quantity(number: Decimal | None) -> str:
    """Write a quantity without needless zeros."""
    return "" if number is None else plain(number)


def unit(code: str | None) -> str:
    """Write a unit in words, where there is a word."""
    return unit_name(code) if code else ""


def written(path: str, value: Value[object] | None) -> str:
    """Write a value for its field: units in words, prices with two decimals or more, nothing where nothing is."""
    if value is None:
        return ""
    held = value.value
    if path.endswith(".unit"):
        return unit(str(held))
    if isinstance(held, Decimal):
        return price(held) if path.endswith(".unit_price") else plain(held)
    return held.isoformat() if isinstance(held, date) else str(held)


def counted(number: Decimal | None, code: str | None) -> str:
    """Write a quantity with its unit in words: 12 boxes; empty without a number."""
    return "" if number is None else in_units(number, code or "")


def age(since: datetime | None, now: datetime) -> str:
    """Write how long ago something was: just now, 3 min, 5 h, 2 days."""
    if since is None:
        return "never"
    seconds = max(0, int((now - since).total_seconds()))
    if seconds < _MINUTE:
        return "just now"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} min"
    if seconds < _TWO * _DAY:
        return f"{seconds // _HOUR} h"
    return f"{seconds // _DAY} days"


def ago(since: datetime | None, now: datetime) -> str:
    """Write when something was, inside a sentence: just now, 3 min ago, never."""
    told = age(since, now)
    return told if told in ("never", "just now") else f"{told} ago"


def wanted(on: date | None, today: date) -> str:
    """Say how far off a day is that something is wanted: overdue, today, tomorrow, in 5 days; empty without a day."""
    if on is None:
        return ""
    days = (on - today).days
    if days < 0:
        return "overdue"
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")


def brief(text: str, length: int) -> str:
    """Shorten a sentence for a list: never inside a word that fits, and with a sign that more follows."""
    whole = " ".join(text.split())
    if len(whole) <= length:
        return whole
    kept, _, _ = whole[:length].rpartition(" ")
    return f"{(kept or whole[:length]).rstrip(' ,;:.(')} …"


def sure(confidence: float, *, decided: bool = True) -> str:
    """Say how sure a match is, for the colour of its figure; what a person has yet to confirm is never strong."""
    if confidence < _WEAK:
        return "weak"
    return "strong" if decided and confidence >= _FAIR else "fair"


def likely(confidence: float, *, decided: bool = True) -> str:
    """Say how likely a match is, in a word and a figure: only what was decided is sure."""
    if decided:
        return f"sure {percent(confidence)}"
    word = "unlikely" if confidence < _WEAK else "possible" if confidence < _FAIR else "likely"
    return f"{word} {percent(confidence)}"


def percent(confidence: float) -> str:
    """Write a confidence, never rounded up, with a decimal near the top, where it matters: 1 %, 72 %, 98.5 %, 100 %."""
    tenths = int(round(confidence * 1000, 6))
    shown = tenths // 10
    return f"{shown}.{tenths % 10} %" if shown >= _DECIMAL_FROM and tenths % 10 else f"{shown} %"


def severity(finding: Finding) -> str:
    """Write what a finding asks for."""
    return SEVERITIES[finding.severity]


def state(word: str) -> str:
    """Write a state in words."""
    return STATES.get(word, word.replace("_", " "))


def kind(word: str) -> str:
    """Write the kind of a task in words."""
    return KINDS.get(word, word.replace("_", " "))


def read_as(word: str | None) -> str:
    """Write the format that a document was read as; empty where it was read as none."""
    return FORMATS.get(word or "", (word or "").replace("_", " "))


def person(login: str, names: Mapping[str, str]) -> str:
    """Write who did something: a person's name, or the machine."""
    return "the machine" if login == SYSTEM else names.get(login, login)


def sentence(problem: object) -> str:
    """Write a message as a sentence of its own."""
    message = str(problem)
    return message[:1].upper() + message[1:]


def environment(time_zone: str) -> "Environment":
    """Make the templates' environment: every value is escaped, an unknown one is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    zone = ZoneInfo(time_zone)

    def instant(moment: datetime | None) -> str:
        return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M %Z") if moment else ""

    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "money": money,
        "quantity": quantity,
        "unit": unit,
        "counted": counted,
        "age": age,
        "ago": ago,
        "wanted": wanted,
        "brief": brief,
        "sure": sure,
        "likely": likely,
        "percent": percent,
        "severity": severity,
        "state": state,
        "kind": kind,
        "instant": instant,
        "field_label": field_label,
        "known_there": known_there,
        "read_as": read_as,
        "person": person,
        "day": lambda on: on.isoformat() if isinstance(on, date) else "",
    }
    return made
