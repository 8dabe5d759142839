"""What a draft orders, as one hash: the same order by mail, EDI and PDF hashes alike."""

import hashlib
import json
from datetime import date
from decimal import Decimal

from oms_core.values.draft import DraftDocument, DraftLine
from oms_core.values.money import plain
from oms_core.values.source import Value
from rules.wording import folded, is_sane


def content_hash(draft: DraftDocument) -> str:
    """Return a stable SHA-256 of what is ordered, whatever the format, the order of lines or the evidence.

    In it: kind, ship-to, requested dates, and of each line its codes, quantity, unit and price. The description counts
    only where a line has no code, because formats cut it differently. Not in it: the number and date of the document.
    """
    content = {
        "kind": draft.kind.value,
        "requested": "" if draft.lines else _date(draft.requested_date),
        "ship_to": [_text(draft.ship_to.id), _text(draft.ship_to.name), _text(draft.ship_to.address)],
        "lines": sorted(_line(line, draft.requested_date) for line in draft.lines),
    }
    written = json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def _line(line: DraftLine, wanted_by: Value[date] | None) -> list[str]:
    """Write one line; one format dates each line, another the whole order, and both mean the same."""
    codes = [_text(line.supplier_code), _text(line.buyer_code), _text(line.gtin).lstrip("0")]
    words = "" if any(codes) else _text(line.description)
    figures = [
        _number(line.quantity),
        _text(line.unit),
        _number(line.unit_price),
        _date(line.requested_date or wanted_by),
    ]
    return [*codes, words, *figures]


def _text(value: Value[str] | None) -> str:
    return folded(value.value) if value else ""


def _number(value: Value[Decimal] | None) -> str:
    if value is None:
        return ""
    return plain(value.value) if is_sane(value.value) else str(value.value)


def _date(value: Value[date] | None) -> str:
    return value.value.isoformat() if value else ""
