"""How likely a value, and a whole document, was read right: facts of the reading, weighed by a fitted model.

A parser says of each value how good its evidence is; what that is worth is learned from documents with labels
(`python -m tools.fit_certainty`), one model a family of formats, shipped as `data/certainty.json`. A model is a
logistic regression: the logarithm of the odds is the sum of weights times facts, so every answer can be explained.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from functools import cache
from importlib import resources
from math import exp, log
from typing import Any

from oms_core.decisions.risk import RiskStep
from oms_core.values.draft import DraftDocument, DraftLine, DraftParty
from oms_core.values.finding import Severity
from oms_core.values.source import Value

Facts = Mapping[str, float]

FAMILY: Mapping[str, str] = {
    "pdf": "pdf",
    "email": "mail",
    "text": "mail",
    "csv": "sheet",
    "xlsx": "sheet",
    "xls": "sheet",
    "ods": "sheet",
}
"""The model of each format; what has none (EDI, XML) keeps what its parser says: there the file carries the truth."""
HEAD = ("number", "refers_to", "date", "requested_date", "currency")
KIND = "type"
"""The path of the kind of document, as `ordermill extract` names it."""
PARTIES = ("buyer", "supplier", "ship_to")
SHIPS_AND_BILLS = frozenset({KIND, "number", "date", "requested_date", "currency", "buyer.name", "ship_to.name"})
"""Fields of the head that must be right, with every line, for a document to be right."""
LEAST, MOST = 0.005, 0.995
_PARTY_FIELDS = tuple(one.name for one in fields(DraftParty))
_LINE_FIELDS = tuple(one.name for one in fields(DraftLine))
_MANY_ASKED = 5
_CENTS = Decimal("0.02")
_RELATIVE = Decimal("0.002")
_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Model:
    """The weights of one family: for values, for whole documents, and what was seen at each confidence."""

    values: Mapping[str, float]
    document: Mapping[str, float]
    risk: tuple[RiskStep, ...]


def calibrated(draft: DraftDocument) -> DraftDocument:
    """Return the draft with the confidence of every value, and its own, as a chance; unchanged without a model.

    The parser's facts have done their work then and are left out.
    """
    model = _models().get(FAMILY.get(draft.format, ""))
    if model is None:
        return draft
    chances = {path: chance(model.values, facts) for path, facts in value_facts(draft)}
    sure = chance(model.document, document_facts(draft, chances))
    return replace(_with(draft, chances), confidence=round(sure, _DIGITS), facts=())


def risk(form: str) -> tuple[RiskStep, ...] | None:
    """Return what was seen of documents of a format by confidence; None where the format has no model."""
    model = _models().get(FAMILY.get(form, ""))
    return model.risk if model else None


def facts_of(told: object) -> tuple[tuple[str, float], ...]:
    """Return figures, switches and counts by name of a parser's own facts (a dataclass), for `DraftDocument.facts`."""
    found: list[tuple[str, float]] = []
    for one in fields(told):  # type: ignore[arg-type]  # a dataclass, whose class this room does not know
        size = getattr(told, one.name)
        if isinstance(size, int | float):
            found.append((one.name, float(size)))
        elif isinstance(size, tuple):
            found += [(f"{one.name}.{name}", float(count)) for name, count in size]
    return tuple(found)


def chance(weights: Mapping[str, float], facts: Facts) -> float:
    """Return the chance that the facts speak for."""
    odds = sum(weights.get(name, 0.0) * size for name, size in facts.items())
    return min(MOST, max(LEAST, 1 / (1 + exp(-max(-30.0, min(30.0, odds))))))


def value_facts(draft: DraftDocument) -> Iterator[tuple[str, Facts]]:
    """Yield the path of every value that was read, with the facts that speak for and against it."""
    about = _about(draft)
    yield KIND, {**about, "field.type": 1.0, "titled": float(draft.titled is not None)}
    for path, value in _head_values(draft):
        yield path, {**about, f"field.{path}": 1.0, "score.head": _odds(value.confidence)}
    for index, line in enumerate(draft.lines):
        state = f"line.{_arithmetic(line)}"
        for name, value in _line_values(line):
            told = {f"field.lines.{name}": 1.0, "score.line": _odds(value.confidence), state: 1.0}
            yield f"lines[{index}].{name}", {**about, **told}


def document_facts(draft: DraftDocument, chances: Mapping[str, float]) -> Facts:
    """Return the facts on a whole document, given the chance of each of its values."""
    needed = [sure for path, sure in chances.items() if path in SHIPS_AND_BILLS or path.startswith("lines[")]
    together = sum(log(sure) for sure in needed)
    return {
        **_about(draft),
        "together": max(-8.0, together),
        "weakest": _odds(min(needed, default=LEAST)),
        "line.weakest": _odds(min((s for p, s in chances.items() if p.startswith("lines[")), default=LEAST)),
        "ship_to": float(draft.ship_to.stated),
        "requested": float(draft.requested_date is not None),
    }


def _about(draft: DraftDocument) -> dict[str, float]:
    """Return the facts that hold for a whole document, and so speak for or against each of its values."""
    states = [_arithmetic(line) for line in draft.lines]
    count = max(len(states), 1)
    agrees = _total_agrees(draft)
    return {
        "one": 1.0,
        "document.score": _odds(draft.confidence),
        "closing": states.count("closes") / count,
        "failing": states.count("fails") / count,
        "total.agrees": float(agrees is True),
        "total.differs": float(agrees is False),
        "lines": log(count),
        "lines.none": float(not states),
        "lines.coded": sum(line.supplier_code is not None or line.buyer_code is not None for line in draft.lines)
        / count,
        "lines.described": sum(line.description is not None for line in draft.lines) / count,
        "lines.counted": sum(line.quantity is not None for line in draft.lines) / count,
        "lines.united": sum(line.unit is not None for line in draft.lines) / count,
        "no.number": float(draft.number is None),
        "no.date": float(draft.date is None),
        "no.currency": float(draft.currency is None),
        "no.buyer": float(draft.buyer.name is None),
        "asked": float(min(_MANY_ASKED, sum(one.severity is not Severity.NOTE for one in draft.findings))),
        f"kind.{draft.kind.value}": 1.0,
        **{f"said.{name}": size for name, size in draft.facts},
    }


def _arithmetic(line: DraftLine) -> str:
    """Say whether quantity times price is the amount: `closes`, `fails`, or `open` where one of them is not stated."""
    if line.quantity is None or line.unit_price is None or line.amount is None:
        return "open"
    amount = line.amount.value
    gap = abs(line.quantity.value * line.unit_price.value - amount)
    return "closes" if gap <= max(_CENTS, abs(amount) * _RELATIVE) else "fails"


def _total_agrees(draft: DraftDocument) -> bool | None:
    """Say whether the lines add up to a printed total; None where one of them is not stated."""
    printed = [value.value for value in (draft.totals.net, draft.totals.gross) if value is not None]
    amounts = [line.amount.value for line in draft.lines if line.amount is not None]
    if not printed or not amounts or len(amounts) < len(draft.lines):
        return None
    return any(abs(sum(amounts, Decimal(0)) - total) <= _CENTS for total in printed)


def _odds(confidence: float) -> float:
    sure = min(MOST, max(LEAST, confidence))
    return log(sure / (1 - sure))


def _head_values(draft: DraftDocument) -> Iterator[tuple[str, Value[Any]]]:
    holders = [("", draft, HEAD), ("totals.", draft.totals, ("net", "tax", "gross"))]
    holders += [(f"{role}.", getattr(draft, role), _PARTY_FIELDS) for role in PARTIES]
    for prefix, holder, names in holders:
        for name in names:
            value = getattr(holder, name)
            if value is not None:
                yield f"{prefix}{name}", value


def _line_values(line: DraftLine) -> Iterator[tuple[str, Value[Any]]]:
    for name in _LINE_FIELDS:
        value = getattr(line, name)
        if value is not None:
            yield name, value


def _with(draft: DraftDocument, chances: Mapping[str, float]) -> DraftDocument:
    """Return the draft with these confidences in place of its own."""
    changes: dict[str, Any] = _sure(draft, HEAD, "", chances)
    for role in PARTIES:
        party = getattr(draft, role)
        changes[role] = replace(
            party, **_sure(party, tuple(one.name for one in fields(DraftParty)), f"{role}.", chances)
        )
    changes["totals"] = replace(draft.totals, **_sure(draft.totals, ("net", "tax", "gross"), "totals.", chances))
    changes["lines"] = tuple(
        replace(line, **_sure(line, _LINE_FIELDS, f"lines[{index}].", chances))
        for index, line in enumerate(draft.lines)
    )
    return replace(draft, **changes, kind_confidence=round(chances[KIND], _DIGITS))


def _sure(holder: object, names: tuple[str, ...], prefix: str, chances: Mapping[str, float]) -> dict[str, Any]:
    found = {name: getattr(holder, name) for name in names}
    return {
        name: replace(value, confidence=round(chances[prefix + name], _DIGITS))
        for name, value in found.items()
        if value is not None
    }


@cache
def _models() -> Mapping[str, Model]:
    text = resources.files("parsers").joinpath("data", "certainty.json").read_text(encoding="utf-8")
    return {
        family: Model(told["values"], told["document"], tuple(RiskStep(*step) for step in told["risk"]))
        for family, told in json.loads(text).items()
    }
