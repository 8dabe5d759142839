"""The declared columns of a sender's tables: which header text or column number means which field."""

from sqlalchemy.orm import Session
from sqlmodel import col, select

from oms_core.errors import InvalidInput, NotFound
from oms_core.records import Delivery, SenderColumns
from oms_core.values import ColumnMap, DraftLine
from oms_flow.house import House
from oms_store.codec import dump, load

HEADER_FIELDS = ("number", "date", "requested_date", "currency", "buyer", "ship_to", "notes")
LINE_FIELDS = tuple(DraftLine.__dataclass_fields__)
MAX_COLUMNS = 100


def declare(house: House, sender: str, columns: tuple[tuple[str, str], ...], who: str) -> None:
    """Declare a sender's columns: pairs of header text or column number, and a field. Raises InvalidInput."""
    if not sender.strip() or not columns or len(columns) > MAX_COLUMNS:
        raise InvalidInput(f"name a sender and 1 to {MAX_COLUMNS} columns")
    for header, field in columns:
        if field not in (*HEADER_FIELDS, *LINE_FIELDS):
            known = ", ".join((*HEADER_FIELDS, *LINE_FIELDS))
            raise InvalidInput(f"column {header!r}: there is no field {field!r}; it is one of {known}")
    with house.store.write("columns") as unit:
        key = sender.strip().lower()
        row = unit.session.get(SenderColumns, key)
        if row is None:
            row = SenderColumns(sender=key, columns="", decided_by=who, decided_at=unit.now)
            unit.session.add(row)
        row.columns, row.decided_by, row.decided_at = dump(ColumnMap(columns)).decode(), who, unit.now
        unit.audit(who, "declared columns", key, row.columns)


def forget(house: House, sender: str, who: str) -> None:
    """Take a declaration back. Raises NotFound."""
    with house.store.write("columns") as unit:
        row = unit.session.get(SenderColumns, sender.strip().lower())
        if row is None:
            raise NotFound(f"no columns are declared for {sender!r}")
        unit.session.delete(row)
        unit.audit(who, "forgot columns", row.sender)


def declared(session: Session) -> tuple[tuple[str, ColumnMap], ...]:
    """Return every declaration by sender."""
    rows = session.scalars(select(SenderColumns).order_by(col(SenderColumns.sender)))
    return tuple((row.sender, load(ColumnMap, row.columns)) for row in rows)


def columns_of(session: Session, delivery: Delivery) -> ColumnMap | None:
    """Return the columns declared for a delivery's sender: address, then domain, then partner."""
    address = delivery.sender_address or ""
    for key in (address, address.rpartition("@")[2], (delivery.partner or "").lower()):
        row = session.get(SenderColumns, key) if key else None
        if row is not None:
            return load(ColumnMap, row.columns)
    return None
