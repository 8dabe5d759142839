"""How things are written on the pages: numbers, dates, units and the words for states."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from oms_core.values import Finding, Severity, plain

if TYPE_CHECKING:
    from jinja2 import Environment

UNITS = {
    "C62": "piece",
    "EA": "each",
    "H87": "piece",
    "PCE": "piece",
    "BX": "box",
    "CT": "carton",
    "PK": "pack",
    "MTR": "metre",
    "KGM": "kg",
    "LTR": "litre",
    "RO": "roll",
    "PR": "pair",
    "SET": "set",
    "BG": "bag",
}
"""The commonest codes of UN/ECE Rec 20 and 21 in words; any other code is shown as it is."""

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
_WEAK, _FAIR = 0.6, 0.9
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
    return UNITS.get(code or "", code or "")


def age(since: datetime | None, now: datetime) -> str:
    """Write how long ago something was: 3 min, 5 h, 2 days."""
    if since is None:
        return "never"
    seconds = max(0, int((now - since).total_seconds()))
    if seconds < _MINUTE:
        return "now"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} min"
    if seconds < _TWO * _DAY:
        return f"{seconds // _HOUR} h"
    return f"{seconds // _DAY} days"


def sure(confidence: float) -> str:
    """Say how sure a match is, for the colour of its figure."""
    return "weak" if confidence < _WEAK else "fair" if confidence < _FAIR else "strong"


def percent(confidence: float) -> str:
    """Write a confidence; nothing short of certainty is 100 %."""
    shown = int(confidence * 100)
    return f"{shown} %"


def severity(finding: Finding) -> str:
    """Write what a finding asks for."""
    return SEVERITIES[finding.severity]


def state(word: str) -> str:
    """Write a state in words."""
    return STATES.get(word, word.replace("_", " "))


def kind(word: str) -> str:
    """Write the kind of a task in words."""
    return KINDS.get(word, word.replace("_", " "))


def environment(time_zone: str) -> "Environment":
    """Make the templates' environment: every value is escaped, an unknown one is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    zone = ZoneInfo(time_zone)

    def instant(moment: datetime | None) -> str:
        return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M") if moment else ""

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
        "age": age,
        "sure": sure,
        "percent": percent,
        "severity": severity,
        "state": state,
        "kind": kind,
        "instant": instant,
        "day": lambda on: on.isoformat() if isinstance(on, date) else "",
    }
    return made
