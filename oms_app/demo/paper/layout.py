"""A layout: every choice that makes one sender's paper look as it does, as one value."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["order", "change", "cancellation", "enquiry", "confirmation", "invoice", "price_list", "transport"]
PageStyle = Literal["a4", "letter", "landscape", "rotated"]
Font = Literal["helvetica", "times", "courier", "narrow", "dejavu", "condensed", "serif", "mono"]
Head = Literal["letter", "columns", "boxed", "stacked", "form", "plain"]
Letterhead = Literal["left", "right", "centre", "footer"]
Facts = Literal["pairs", "colon", "above", "boxes", "strip"]
NumberPlace = Literal["facts", "title", "both", "barcode"]
Rules = Literal["grid", "rows", "head", "none", "zebra", "columns", "frame"]
Align = Literal["left", "right", "centre"]
UnitPlace = Literal["column", "with_quantity", "after_price", "heading", "absent"]
CodePlace = Literal["column", "in_name", "under", "stacked"]
ShipTo = Literal["none", "other", "same"]
Totals = Literal["none", "lone", "net", "all"]
CurrencyPlace = Literal["none", "fact", "heading", "amounts", "codes", "total", "words"]
Freight = Literal["none", "total", "row"]
Column = Literal[
    "pos",
    "code",
    "plain_code",
    "own_code",
    "gtin",
    "description",
    "quantity",
    "unit",
    "price",
    "per",
    "discount",
    "net_price",
    "amount",
    "line_due",
    "tax_rate",
    "size_1",
    "size_2",
    "size_3",
    "size_4",
    "size_5",
]

RIGHT_HAND: frozenset[Column] = frozenset(
    {"quantity", "price", "per", "discount", "net_price", "amount", "tax_rate"},
)
"""Columns that most houses set flush right."""
SIZES: dict[Column, str] = {"size_1": "S", "size_2": "M", "size_3": "L", "size_4": "XL", "size_5": "XXL"}
"""Columns of a size grid: each holds how many of that size."""
STANDARD: tuple[Column, ...] = ("pos", "plain_code", "description", "quantity", "unit", "price", "amount")


@dataclass(frozen=True, slots=True)
class Layout:
    """One sender's paper; sizes are in points, `bands` are the rows of columns that one item takes."""

    archetype: str
    place: str = "de-DE"
    trade: str = "tools"
    number: int = 0
    """Which stream this sender's names, words and habits are drawn from."""
    kind: Kind = "order"

    page: PageStyle = "a4"
    font: Font = "helvetica"
    size: float = 9.0
    margin: float = 50.0
    head: Head = "columns"
    letterhead: Letterhead = "left"
    facts: Facts = "pairs"
    number_in: NumberPlace = "facts"
    title_spaced: bool = False
    label_colon: bool = True
    upper_labels: bool = False
    ship_to: ShipTo = "none"
    bill_to: bool = False
    buyer_labelled: bool = False
    supplier_labelled: bool = True
    names_vat: bool = True
    names_country: bool = True
    street_and_town: bool = False
    """Whether street and town share a row."""
    attention: bool = False
    """Whether a person stands below the name of the recipient and where the goods go."""
    ship_to_below: bool = False
    """Whether it says below the goods where they go."""
    due_below: bool = False
    """Whether it says below the goods when they are wanted."""
    logo: bool = False
    title_align: Align = "left"
    extra_facts: tuple[str, ...] = ("contact", "payment")
    header_due: bool = True
    due_as_week: bool = False

    bands: tuple[tuple[Column, ...], ...] = (STANDARD,)
    rules: Rules = "rows"
    dark_header: bool = False
    header_again: bool = True
    number_align: Align = "right"
    text_align: Align = "left"
    header_like_cells: bool = True
    tight: bool = False
    unit_place: UnitPlace = "column"
    code_place: CodePlace = "column"
    codes_under: tuple[Column, ...] = ()
    """Codes printed with their label below the description."""
    due_under: bool = False
    base: int = 1
    """How many units a price is for: 100 and 1000 where goods cost little."""
    price_places: int = 2
    quantity_places: int = 0
    position_step: int = 1
    position_width: int = 0
    more_text: int = 0
    """The most rows of text below a description."""
    remarks: bool = False
    groups: bool = False
    group_sums: bool = False
    carried: bool = False
    empty_rows: int = 0
    empty_counted: bool = False
    """Whether empty rows of a form have their numbers and sums of nothing."""
    as_pairs: bool = False
    """Whether every item is a list of labels and values, not a row of a table."""
    least_lines: int = 1
    most_lines: int = 8

    totals: Totals = "all"
    totals_in_table: bool = False
    currency_in: CurrencyPlace = "fact"
    freight: Freight = "none"
    intro: bool = True
    closing: bool = True
    terms: int = 0
    """How many sentences of conditions are printed below."""
    note: bool = False
    watermark: bool = False
    page_numbers: bool = True
    signature: bool = False
    words_apart: bool = False
    """Whether every word is written on its own, as some printer drivers do."""
    fields: bool = False
    """Whether the values stand in fields of a form that can be filled in (AcroForm)."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns, band after band."""
        return tuple(column for band in self.bands for column in band)

    @property
    def priced(self) -> bool:
        """Whether it prints prices at all."""
        return "price" in self.columns or "net_price" in self.columns

    @property
    def sizes(self) -> tuple[Column, ...]:
        """The columns of its size grid, where it has one."""
        return tuple(column for column in self.columns if column in SIZES)
