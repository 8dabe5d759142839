"""Orders as tables: CSV with every delimiter and encoding, workbooks with title rows, exports of many orders, lists."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Literal

from oms_app.demo.chance import chance
from oms_app.demo.paper.dice import often
from oms_app.demo.paper.goods import trades
from oms_app.demo.paper.layout import Column, Layout
from oms_app.demo.paper.notation import UNGROUPED
from oms_app.demo.paper.orders import Line, Order, order_for
from oms_app.demo.paper.paper import Paper
from oms_app.demo.paper.places import company, places
from oms_app.demo.paper.prints import Prints
from oms_app.demo.paper.truth import Json, document, sender_name

Shape = Literal["titled", "on_rows", "bare", "export", "list"]
Cell = str | int | Decimal | date | None
_LEGACY = {"pl": "cp1250", "cs": "cp1250", "hu": "cp1250", "ro": "utf-8-sig", "tr": "cp1254"}
_DELIMITERS = (",", ";", ";", "\t", "|")
_COLUMNS: tuple[tuple[Column, ...], ...] = (
    ("plain_code", "description", "quantity", "unit", "price", "amount"),
    ("pos", "plain_code", "description", "quantity"),
    ("code", "own_code", "description", "quantity", "unit", "price"),
    ("gtin", "description", "quantity", "unit"),
    ("quantity", "unit", "plain_code", "description", "price", "amount"),
    ("pos", "own_code", "description", "line_due", "quantity", "unit", "price", "amount"),
    ("plain_code", "quantity"),
    ("description", "plain_code", "gtin", "price", "quantity", "amount"),
)
_SHAPES: tuple[Shape, ...] = ("titled", "titled", "titled", "on_rows", "on_rows", "bare", "export", "list")
_STAMP = (2026, 1, 1, 0, 0, 0)
_CORE = "docProps/core.xml"


@dataclass(frozen=True, slots=True)
class SheetStyle:
    """How one sender sends tables."""

    layout: Layout
    shape: Shape
    workbook: bool
    delimiter: str
    encoding: str
    typed: bool
    """Whether numbers and dates of a workbook are numbers and dates, not texts."""
    total: bool
    empty_rows: int
    second_sheet: bool


def sheet_styles(seed: int, count: int) -> tuple[SheetStyle, ...]:
    """Return so many senders of tables, drawn from a seed."""
    return tuple(_style(seed, index) for index in range(count))


def _style(seed: int, index: int) -> SheetStyle:
    draw = chance(seed, "sheet", str(index))
    place = places()[draw.choice(tuple(places()))]
    shape = draw.choice(_SHAPES)
    columns = draw.choice(_COLUMNS)
    if shape == "list":
        columns = ("plain_code", "description", "unit", "price")
    layout = Layout(
        f"sheet-{shape}",
        place=place.code,
        trade=draw.choice(trades()),
        number=seed * 100_000 + 50_000 + index,
        kind="price_list" if shape == "list" else "order",
        bands=(columns,),
        totals="lone" if draw.randrange(2) else "none",
        currency_in="fact" if shape == "titled" and often(draw, 60) else "none",
        header_due=shape == "titled" and often(draw, 60),
        names_vat=False,
        extra_facts=(),
        least_lines=20 if shape == "list" else 2,
        most_lines=60 if shape == "list" else 14,
        unit_place="column" if "unit" in columns else "absent",
    )
    encodings = ("utf-8", "utf-8-sig", _LEGACY.get(place.language, "cp1252"), "utf-16")
    return SheetStyle(
        layout=layout,
        shape=shape,
        workbook=often(draw, 50),
        delimiter=draw.choice(_DELIMITERS),
        encoding=draw.choice(encodings),
        typed=often(draw, 70),
        total=shape in ("titled", "bare") and layout.totals != "none" and "amount" in columns,
        empty_rows=draw.choice((0, 0, 1, 3)),
        second_sheet=often(draw, 25),
    )


def sheet_papers(seed: int, count: int, each: int = 1) -> Iterator[Paper]:
    """Yield tables of so many senders, `each` of every one of them."""
    for style in sheet_styles(seed, count):
        for copy in range(each):
            yield sheet_paper(style, copy)


def sheet_paper(style: SheetStyle, copy: int) -> Paper:
    """Write one table with its truth."""
    orders = _orders(style, copy)
    rows = list(_rows(style, orders))
    data = _workbook(style, rows) if style.workbook else _csv(style, rows)
    name = f"{sender_name(style.layout)}-{copy + 1}.{'xlsx' if style.workbook else 'csv'}"
    stated = [] if style.shape == "list" else [_truth(style, order) for order in orders]
    return Paper(name, data, {"documents": stated, "_sender": sender_name(style.layout), "_layout": style.shape})


def _orders(style: SheetStyle, copy: int) -> tuple[Order, ...]:
    """Return what is in one table: one order, or in an export several of different buyers."""
    layout = style.layout
    place = places()[layout.place]
    draw = chance(layout.number, "sheet orders", str(copy))
    count = draw.randint(2, 7) if style.shape == "export" else 1
    made = []
    for index in range(count):
        order = order_for(layout, copy * 10 + index)
        buyer = company(draw, place) if style.shape == "export" else order.buyer
        made.append(replace(order, buyer=buyer, notation=UNGROUPED.get(order.notation, order.notation)))
    return tuple(made)


def _on_rows(style: SheetStyle) -> tuple[str, ...]:
    """Return the fields of the order that stand on every row."""
    return {"export": ("number", "date", "buyer"), "on_rows": ("number", "date")}.get(style.shape, ())


def _rows(style: SheetStyle, orders: Sequence[Order]) -> Iterator[list[Cell]]:
    prints = Prints(style.layout, orders[0])
    columns = style.layout.columns
    if style.shape == "titled":
        yield from _title_rows(style, prints)
        yield from ([] for _ in range(style.empty_rows))
    elif style.shape == "list":
        yield [prints.title]
        yield []
    yield [*(prints.label(name) for name in _on_rows(style)), *(prints.heading(column) for column in columns)]
    for order in orders:
        stated = Prints(style.layout, order)
        for line in order.lines:
            yield [*_order_cells(style, stated), *(_cell(style, stated, line, column) for column in columns)]
    if style.total:
        blank: list[Cell] = [None] * len(columns)
        blank[0], blank[columns.index("amount")] = prints.label("lone_total"), _money(style, prints, orders[0].net)
        yield blank


def _title_rows(style: SheetStyle, prints: Prints) -> Iterator[list[Cell]]:
    """Yield the rows above the table: title, sender, number and dates as label and value."""
    order = prints.order
    yield [prints.title]
    yield [prints.label("buyer"), order.buyer.name]
    days = {prints.day(order.day): order.day, prints.day(order.due): order.due}
    for label, value in prints.facts():
        yield [f"{label}:" if prints.layout.label_colon else label, days.get(value, value) if _typed(style) else value]


def _typed(style: SheetStyle) -> bool:
    return style.typed and style.workbook


def _order_cells(style: SheetStyle, prints: Prints) -> Iterator[Cell]:
    order = prints.order
    values: dict[str, Cell] = {
        "number": order.number,
        "date": order.day if _typed(style) else prints.day(order.day),
        "buyer": order.buyer.name,
    }
    for name in _on_rows(style):
        yield values[name]


def _money(style: SheetStyle, prints: Prints, value: Decimal) -> Cell:
    return value if _typed(style) else prints.amount(value)


def _cell(style: SheetStyle, prints: Prints, line: Line, column: Column) -> Cell:
    numbers: dict[Column, Decimal] = {"quantity": line.quantity, "price": line.price, "amount": line.amount}
    if _typed(style) and column in numbers:
        return numbers[column]
    if _typed(style) and column == "line_due":
        return line.due
    return prints.cell(line, column)


def _truth(style: SheetStyle, order: Order) -> Json:
    stated = document(Prints(style.layout, order))
    nobody = {"name": None, "id": None, "address": None}
    shown = style.shape in ("titled", "export")
    named = {"name": order.buyer.name, "id": None} if shown else nobody
    totals: Json = {"net": None, "tax": None, "gross": None}
    if style.total:
        totals["net"] = f"{order.net:.{order.cents}f}"
    stated |= {"buyer": named, "supplier": nobody, "totals": totals}
    if style.shape == "bare":
        stated |= {"number": None, "date": None}
    return stated


def _csv(style: SheetStyle, rows: Sequence[Sequence[Cell]]) -> bytes:
    """Write the rows as text; a letter that the encoding lacks makes it UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=style.delimiter, lineterminator="\r\n").writerows(rows)
    try:
        return text.getvalue().encode(style.encoding)
    except UnicodeEncodeError:
        return text.getvalue().encode("utf-8")


def _workbook(style: SheetStyle, rows: Sequence[Sequence[Cell]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet: Any = book.worksheets[0]
    for row in rows:
        sheet.append([datetime.combine(cell, time()) if isinstance(cell, date) else cell for cell in row])
    sheet["A1"].font = Font(bold=True, size=14)
    if style.shape in ("titled", "list"):
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=max(2, len(style.layout.columns)))
    if style.second_sheet:
        voice = Prints(style.layout, order_for(style.layout, 0)).say
        other = book.create_sheet(voice("note")[:31])
        for sentence in voice.every("terms"):
            other.append([sentence])
    out = io.BytesIO()
    book.save(out)
    return _fixed(out.getvalue())


def _fixed(data: bytes) -> bytes:
    """Return the same workbook with one time everywhere, so that the same order gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for item in source.infolist():
            content = source.read(item)
            if item.filename == _CORE:
                content = re.sub(rb"(<dcterms:\w+ [^>]*>)[^<]*", rb"\g<1>2026-01-01T00:00:00Z", content)
            stamped = zipfile.ZipInfo(item.filename, _STAMP)
            stamped.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(stamped, content)
    return out.getvalue()
