"""Totals below the lines of an order table."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from oms_core.values.draft import Totals
from oms_core.values.source import Value
from parsers.sheet.columns import total_of
from parsers.sheet.grid import CellReader, Row

_CENT = Decimal("0.011")


@dataclass(slots=True)
class Sums:
    """Totals found in rows below the lines."""

    found: dict[str, Value[Decimal]] = field(default_factory=dict)

    def take(self, row: Row, cells: CellReader) -> bool:
        """Take a totals row; False where the row is none."""
        for column in row.filled():
            name = total_of(row.text(column).rstrip(":"))
            if name is None:
                continue
            values = (cells.number(row, at) for at in reversed(row.filled()) if at > column)
            value = next((value for value in values if value is not None), None)
            if value is not None:
                self.found.setdefault(name, value)
            return True
        return False

    def find(self, rows: Sequence[Row], amounts: Decimal, cells: CellReader) -> None:
        """Take the row below the lines whose one number is the sum of their amounts for the total it does not name."""
        for row in rows if amounts and not self.found.keys() & {"net", "total", "gross"} else ():
            numbers = [value for at in row.filled() if (value := cells.number(row, at)) is not None]
            if len(numbers) == 1 and abs(numbers[0].value - amounts) <= _CENT:
                self.found["total"] = numbers[0]
                return

    def totals(self) -> Totals:
        """Sort them: a lone total is net, one beside a net total or a tax is gross."""
        net, tax, gross = (self.found.get(name) for name in ("net", "tax", "gross"))
        lone = self.found.get("total")
        if lone is not None and (net is not None or tax is not None):
            gross = gross or lone
        elif lone is not None:
            net = lone
        return Totals(net=net, tax=tax, gross=gross)
