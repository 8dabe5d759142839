"""What a layout prints of an order, as words: every text of a cell, a fact or a total is made here and nowhere else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from oms_app.demo.paper.layout import SIZES, Column, Kind, Layout
from oms_app.demo.paper.notation import date_text, number_text
from oms_app.demo.paper.orders import Line, Order
from oms_app.demo.paper.places import Place, places
from oms_app.demo.paper.words import Voice

Pair = tuple[str, str]
_NUMBER_WORDS: dict[Kind, str] = {
    "enquiry": "enquiry_number",
    "confirmation": "confirmation_number",
    "invoice": "invoice_number",
}
CODES: tuple[Column, ...] = ("own_code", "code", "plain_code", "gtin")


@dataclass(frozen=True, slots=True)
class Prints:
    """One order as one sender prints it."""

    layout: Layout
    order: Order

    @property
    def place(self) -> Place:
        """Where the sender lives."""
        return places()[self.layout.place]

    @property
    def say(self) -> Voice:
        """The sender's words."""
        return Voice(self.place.language, self.layout.number)

    @property
    def from_seller(self) -> bool:
        """Whether the paper comes from the seller: confirmations and invoices."""
        return self.layout.kind in ("confirmation", "invoice", "price_list")

    def label(self, key: str) -> str:
        """Return a label as this sender writes labels, without its colon."""
        text = self.say(key)
        return text.upper() if self.layout.upper_labels and self.place.language != "tr" else text

    def amount(self, value: Decimal, places_: int | None = None) -> str:
        """Print an amount of money."""
        shown = number_text(value, self.order.notation, self.order.cents if places_ is None else places_)
        if self.layout.currency_in == "codes":
            return f"{shown} {self.order.currency}"
        return self.with_currency(shown) if self.layout.currency_in == "amounts" else shown

    def with_currency(self, shown: str) -> str:
        """Set the symbol before or behind an amount, as the country does."""
        symbol = self.place.tables["symbol"][0]
        before = self.place.code.startswith(("en-", "de-CH", "es-MX", "pt-BR", "nl-"))
        return (
            f"{symbol}{' ' if symbol.isalpha() or symbol in 'Fr.€' else ''}{shown}" if before else f"{shown} {symbol}"
        )

    def day(self, day: date) -> str:
        """Print a date."""
        return date_text(day, self.order.date_style, self.place.language)

    def quantity(self, line: Line) -> str:
        """Print the quantity of a line, with its unit where both stand in one cell."""
        places_ = self.layout.quantity_places
        if not places_ and line.quantity != line.quantity.to_integral_value():
            places_ = 1
        shown = number_text(line.quantity, self.order.notation, places_)
        return f"{shown} {self.unit(line)}" if self.layout.unit_place == "with_quantity" else shown

    def unit(self, line: Line) -> str:
        """Print the unit."""
        return self.say(line.unit)

    def price(self, line: Line, value: Decimal) -> str:
        """Print a price, with what it is for where no column says it."""
        shown = self.amount(value, self.layout.price_places)
        if "per" in self.layout.columns:
            return shown
        if self.layout.unit_place == "after_price":
            return f"{shown} / {line.base if line.base > 1 else ''} {self.unit(line)}".replace("  ", " ")
        return f"{shown} / {line.base}" if line.base > 1 else shown

    def code(self, line: Line, column: Column) -> str:
        """Print one of the codes of a line."""
        if column == "plain_code" and self.plain_is_own:
            return line.own
        return {"own_code": line.own, "gtin": line.gtin}.get(column, line.theirs)

    @property
    def plain_is_own(self) -> bool:
        """Whether the code without an owner is the buyer's: another one says that it is the seller's."""
        shown = {*self.layout.columns, *self.layout.codes_under}
        return "code" in shown and "own_code" not in shown

    def cell(self, line: Line, column: Column) -> str:
        """Print what stands in one column of a line, the description without what follows below it."""
        if column in CODES:
            return self.code(line, column)
        if column in SIZES:
            count = line.sizes[self.layout.sizes.index(column)] if line.sizes else 0
            return str(count or "")
        if column == "description":
            return f"[{line.theirs}] {line.text}" if self.layout.code_place == "in_name" and line.theirs else line.text
        return self._cells(column)(line)

    def _cells(self, column: Column) -> Callable[[Line], str]:
        rate = f"{self.order.tax_rate.normalize():f}%"
        by_column: dict[Column, Callable[[Line], str]] = {
            "pos": lambda line: line.position,
            "quantity": self.quantity,
            "unit": self.unit,
            "price": lambda line: self.price(line, line.price),
            "net_price": lambda line: self.price(line, line.net_price),
            "per": self._per,
            "discount": lambda line: number_text(line.discount, self.order.notation, 1) if line.discount else "",
            "amount": lambda line: self.amount(line.amount),
            "line_due": lambda line: self.day(line.due),
            "tax_rate": lambda _: rate,
        }
        return by_column[column]

    def _per(self, line: Line) -> str:
        """Print what a price is for: how many, or where no other column has it the unit."""
        if self.layout.unit_place == "column":
            return str(line.base)
        return self.unit(line) if line.base == 1 else f"{line.base} {self.unit(line)}"

    def heading(self, column: Column) -> str:
        """Print the heading of a column."""
        if column in SIZES:
            return SIZES[column]
        text = self.label(column) if column != "tax_rate" else f"{self.label('tax')} %"
        if column in ("price", "amount") and self.layout.currency_in == "heading":
            return f"{text} ({self.order.currency})"
        if column == "quantity" and self.layout.unit_place == "heading":
            return f"{text} ({self.say('C62')})"
        return text

    def below(self, line: Line) -> tuple[str, ...]:
        """Return the rows below a description: more of it, codes with their labels, the date, a remark."""
        if "description" not in self.layout.columns:
            return ()
        codes = [
            f"{self.label(column)}: {code}" for column in self.layout.codes_under if (code := self.code(line, column))
        ]
        due = [f"{self.label('line_due')}: {self.day(line.due)}"] if self.layout.due_under else []
        return (*line.more, *codes, *due, *([line.remark] if line.remark else []))

    @property
    def title(self) -> str:
        """The name of the document."""
        return self.say(self.layout.kind)

    @property
    def number_label(self) -> str:
        """The label of the document's number."""
        return self.label(_NUMBER_WORDS.get(self.layout.kind, "number"))

    @property
    def number(self) -> str:
        """The document's number: of a change or cancellation that of the order it is about."""
        changed = self.layout.kind in ("change", "cancellation")
        return self.order.order_number if changed else self.order.number

    def facts(self) -> tuple[Pair, ...]:
        """Return what is printed as label and value, number and date first."""
        layout, order = self.layout, self.order
        found: list[Pair] = []
        if layout.kind != "price_list" and layout.number_in in ("facts", "both"):
            found.append((self.number_label, self.number))
        found.append((self.label("date"), self.day(order.day)))
        if self.from_seller and layout.kind != "price_list":
            found.append((self.label("your_order"), order.order_number))
        if layout.header_due and not layout.due_below and layout.kind not in ("invoice", "price_list"):
            found.append((self.label("due"), self.due()))
        numbers = {"customer_no": order.customer_no, "vendor_no": order.vendor_no}
        stated = dict(order.facts) | numbers
        found += [(self.label(name), stated[name]) for name in layout.extra_facts if name in stated]
        if layout.currency_in == "fact":
            found.append((self.label("currency"), order.currency))
        elif layout.currency_in == "words":
            found.append((self.label("currency"), self.place.tables["word"][0]))
        return tuple(found)

    def due(self) -> str:
        """Print when delivery is wanted: a day, or by some houses a week."""
        if not self.layout.due_as_week:
            return self.day(self.order.due)
        year, week, _ = self.order.due.isocalendar()
        return f"{self.say('week').format(w=week)} / {year}"

    def totals(self) -> tuple[Pair, ...]:
        """Return the totals with their labels, in the order they are printed."""
        layout, order = self.layout, self.order
        if layout.totals == "none" or not layout.priced:
            return ()
        last = {"lone": "lone_total", "net": "net", "all": "gross"}[layout.totals]
        rows: list[tuple[str, Decimal]] = []
        if order.freight:
            rows += [(self.label("subtotal"), order.subtotal), (self.label("freight"), order.freight)]
        if layout.totals == "all":
            rate = f"{order.tax_rate.normalize():f}"
            rows += [(self.label("net"), order.net), (f"{self.label('tax')} {rate} %", order.tax)]
            rows.append((self.label(last), order.net + order.tax))
        else:
            rows.append((self.label(last), order.net))
        shown = [(label, self.amount(value)) for label, value in rows]
        if layout.currency_in == "total":
            label, value = shown[-1]
            shown[-1] = (label, f"{value} {order.currency}")
        return tuple(shown)

    def sentence(self, key: str) -> str:
        """Return a sentence of the paper with number and date filled in."""
        return self.say(key).format(number=self.order.order_number, date=self.day(self.order.day))
