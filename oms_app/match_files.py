"""The bodies of `ordermill match` and `ordermill match-party`: CSV files in, one JSON object a query out."""

import csv
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeAlias

from matching.lines import chosen_line, match_line
from matching.memory import MemoryCatalogue, MemoryDirectory
from matching.parties import match_customer
from matching.units import unit_code
from oms_app.match_calibration import BY_DESCRIPTION, learn
from oms_core.errors import InvalidInput
from oms_core.ports import Catalogue
from oms_core.values import (
    Candidate,
    CellSource,
    Decision,
    DocumentKind,
    DraftDocument,
    DraftLine,
    DraftParty,
    LineMatch,
    PartyRecord,
    Product,
    SenderFacts,
    Value,
    plain,
)

Json: TypeAlias = dict[str, Any]
"""An object as `json.dumps` takes it."""

DEFAULT_TOP = 10
MAX_ROWS = 5_000_000
"""Rows of one file; more is a mistake, not a catalogue."""
MAX_CELL = 10_000
"""Characters of one cell."""
DECIDED_BEFORE = 0.99
"""Confidence of an answer that a person gave for the very same text."""
DEFAULT_UNIT = "C62"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a CSV file: `number` counts from 1 with the header, so that it is the row in a spreadsheet."""

    file: str
    number: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """Return a cell without the space around it; '' where there is none."""
        return self.cells.get(column, "").strip()

    def need(self, column: str) -> str:
        """Return a cell that must be filled. Raises `InvalidInput`."""
        if text := self.get(column):
            return text
        raise InvalidInput(f"{self.file}, row {self.number}: {column} is empty; fill it or take the row out")

    def decimal(self, column: str) -> Decimal | None:
        """Return a cell as a number, None where it is empty. Raises `InvalidInput`."""
        text = self.get(column)
        if not text:
            return None
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            message = f"{column} is {text[:40]!r}; write a number with a point, like 12.5"
            raise InvalidInput(f"{self.file}, row {self.number}: {message}")
        return number

    def value(self, column: str) -> Value[str] | None:
        """Return a cell as a value that was read, None where it is empty."""
        text = self.get(column)
        return Value(text, CellSource(self.number, list(self.cells).index(column) + 1, text), 1.0) if text else None

    def decimal_value(self, column: str) -> Value[Decimal] | None:
        """Return a number as a value that was read, None where it is empty. Raises `InvalidInput`."""
        number, read = self.decimal(column), self.value(column)
        return Value(number, read.source, 1.0) if number is not None and read else None


def rows(path: Path, needed: tuple[str, ...]) -> Iterator[Row]:
    """Yield the rows of a UTF-8 CSV file with a header. Raises `InvalidInput` that names file and row."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True, restval="")
            missing = [column for column in needed if column not in (reader.fieldnames or ())]
            if missing:
                raise InvalidInput(f"{path} has no column {missing[0]!r}; its header row must name {', '.join(needed)}")
            for number, cells in enumerate(reader, start=2):
                yield _checked(Row(str(path), number, cells))
    except OSError as problem:
        raise InvalidInput(f"{path} cannot be read: {problem.strerror or problem}") from problem
    except UnicodeDecodeError as problem:
        raise InvalidInput(f"{path} is not UTF-8 text; save it as CSV UTF-8") from problem
    except csv.Error as problem:
        raise InvalidInput(f"{path} is not a CSV file: {problem}") from problem


def _checked(row: Row) -> Row:
    if row.number > MAX_ROWS:
        raise InvalidInput(f"{row.file} has more than {MAX_ROWS:,} rows; split it")
    if None in row.cells:
        raise InvalidInput(f"{row.file}, row {row.number}: more cells than the header names; put quotes round commas")
    if any(len(text) > MAX_CELL for text in row.cells.values()):
        raise InvalidInput(f"{row.file}, row {row.number}: a cell has more than {MAX_CELL:,} characters")
    return row


def match_files(
    catalog: Path, queries: Path, known: Path | None, today: dt.date, top: int = DEFAULT_TOP
) -> Iterator[Json]:
    """Yield the answer to each query, in their order. Raises `InvalidInput` for a file that cannot be used."""
    catalogue = MemoryCatalogue((_product(row) for row in rows(catalog, ("sku", "description"))), (), today)
    decided = dict(_decided(row) for row in rows(known, ("text", "sku"))) if known else {}
    calibration = learn(tuple(_judged(decided, catalogue)))
    for position, row in enumerate(rows(queries, ("query_id", "text"))):
        match = calibration.apply(_matched(row, position, decided, catalogue))
        yield _answer(row, match, _top(top))


def match_party_files(parties: Path, queries: Path, top: int = DEFAULT_TOP) -> Iterator[Json]:
    """Yield which party each query means, in their order. Raises `InvalidInput` for a file that cannot be used."""
    directory = MemoryDirectory([_party(row) for row in rows(parties, ("party_id", "name"))])
    for row in rows(queries, ("query_id",)):
        buyer = DraftParty(
            name=row.value("name"), id=row.value("id"), address=row.value("address"), email=row.value("email")
        )
        match = match_customer(DraftDocument(DocumentKind.ORDER, "csv", buyer=buyer), SenderFacts(), directory)
        yield {
            "query_id": row.need("query_id"),
            "decision": match.decision.value,
            "party_id": match.key if match.decision is not Decision.NONE else None,
            "confidence": round(match.confidence, 4),
            "candidates": _listed(match.candidates[: _top(top)], "party_id"),
        }


def _matched(row: Row, position: int, decided: Mapping[tuple[str, str], str], catalogue: Catalogue) -> LineMatch:
    """Return what a person decided for this very text, for this customer first; else what the matcher says."""
    line, customer, text = _line(row), row.get("customer"), _folded(row.get("text"))
    sku = decided.get((customer, text), decided.get(("", text)))
    if sku == "":
        return LineMatch(position, Decision.NONE, None, DECIDED_BEFORE, "person")
    if sku is None or catalogue.by_sku(sku) is None:
        return match_line(line, position, customer or None, catalogue)
    match = chosen_line(line, position, sku, customer or None, catalogue)
    reason = "a person decided this for the same text"
    listed = tuple(replace(one, confidence=DECIDED_BEFORE, reasons=(reason,)) for one in match.candidates)
    return replace(match, confidence=DECIDED_BEFORE, candidates=listed)


def _judged(decided: Mapping[tuple[str, str], str], catalogue: Catalogue) -> Iterator[tuple[float, bool]]:
    """Yield how sure the matcher is of its best candidate for each decided text, and whether it is right."""
    for number, ((customer, text), sku) in enumerate(decided.items()):
        line = DraftLine(description=Value(text, CellSource(number + 2, 1, text), 1.0))
        match = match_line(line, number, customer or None, catalogue)
        if match.method == BY_DESCRIPTION and match.candidates:
            yield match.candidates[0].confidence, match.candidates[0].key == sku


def _answer(row: Row, match: LineMatch, top: int) -> Json:
    answer: Json = {
        "query_id": row.need("query_id"),
        "decision": match.decision.value,
        "sku": match.sku if match.decision is not Decision.NONE else None,
        "confidence": round(match.confidence, 4),
        "candidates": _listed(match.candidates[:top], "sku"),
    }
    return answer | _in_stock_units(row, match) if row.get("unit") and row.get("quantity") else answer


def _in_stock_units(row: Row, match: LineMatch) -> Json:
    """Return the quantity in the product's stock unit and by what rule; null where the unit has no factor for it.

    `outlier` is null: these files hold no past orders to compare with.
    """
    rule = f"one {row.get('unit')} is {plain(match.factor)} {match.stock_unit}" if match.factor is not None else None
    return {
        "quantity_stock": plain(match.quantity) if match.quantity is not None else None,
        "unit_stock": match.stock_unit,
        "pack_rule": rule,
        "outlier": None,
    }


def _listed(candidates: tuple[Candidate, ...], key: str) -> list[Json]:
    return [{key: one.key, "confidence": round(one.confidence, 4), "reasons": list(one.reasons)} for one in candidates]


def _top(top: int) -> int:
    if top < 1:
        raise InvalidInput(f"--top is {top}; ask for at least 1 candidate")
    return top


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _product(row: Row) -> Product:
    return Product(
        sku=row.need("sku"),
        description=row.get("description"),
        unit=unit_code(row.get("unit") or DEFAULT_UNIT),
        gtin=row.get("gtin") or None,
        brand=row.get("brand") or None,
        manufacturer_code=row.get("manufacturer_code") or None,
        pack_quantity=row.decimal("pack_quantity") or Decimal(1),
    )


def _decided(row: Row) -> tuple[tuple[str, str], str]:
    """Return what a person decided for a text: a SKU, or '' for nothing in the catalogue."""
    return (row.get("customer"), _folded(row.need("text"))), row.get("sku")


def _party(row: Row) -> PartyRecord:
    ids = (row.get(column) for column in ("gln", "vat_id", "account_number"))
    domains = (part.strip().lower() for part in row.get("email_domains").replace(",", ";").replace(" ", ";").split(";"))
    return PartyRecord(
        key=row.need("party_id"),
        name=row.get("name"),
        address=row.get("address"),
        ids=(row.need("party_id"), *filter(None, ids)),
        domains=tuple(filter(None, domains)),
        customer=row.get("parent_id") or None,
    )


def _line(row: Row) -> DraftLine:
    return DraftLine(
        buyer_code=row.value("buyer_code"),
        supplier_code=row.value("supplier_code"),
        gtin=row.value("gtin"),
        description=row.value("text"),
        quantity=row.decimal_value("quantity"),
        unit=row.value("unit"),
        unit_price=row.decimal_value("unit_price"),
    )
