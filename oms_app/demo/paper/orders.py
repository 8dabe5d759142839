"""The orders that are put on paper: goods, quantities, prices and parties, arithmetically right, drawn from a seed."""

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from oms_app.demo.chance import chance
from oms_app.demo.paper.dice import digits, often
from oms_app.demo.paper.goods import CODE_STYLES, Good, barcode_number, code, description, goods
from oms_app.demo.paper.layout import Layout
from oms_app.demo.paper.places import Party, Place, company, places
from oms_app.demo.paper.words import Voice

NUMBER_STYLES = (
    *(
        "45000#####",
        "PO-2026-0####",
        "####/26",
        "B26-0####",
        "##-###-###",
        "A######",
        "######",
        "P0#####",
        "20260#-###",
    ),
    *("PO/####/26-27", "EK#####-#", "0000######", "######-OP", "BE.26.#####", "#####"),
)
_COUNTED = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 16, 20, 24, 25, 30, 40, 48, 50, 60, 75, 100, 120, 150, 200, 250, 500, 1000)
_CHEAP = Decimal("0.5")
_CHEAP_ENOUGH = Decimal(3)
"""Euro for a unit under which houses agree on prices for a hundred or a thousand, where they do at all."""
_DISCOUNTS = (0, 0, 5, 7.5, 10, 12.5, 15, 20, 33)
_FIRST_DAY = date(2026, 1, 5)
_MEASURED = frozenset({"KGM", "MTR", "LTR", "MTK"})


@dataclass(frozen=True, slots=True)
class Line:
    """One item; `price` is before discount and for `base` units, `net` for one unit, `amount` as printed."""

    position: str
    own: str
    theirs: str
    gtin: str
    text: str
    more: tuple[str, ...]
    remark: str
    quantity: Decimal
    unit: str
    price: Decimal
    base: int
    discount: Decimal
    net_price: Decimal
    amount: Decimal
    due: date
    sizes: tuple[int, ...] = ()
    """Where a size grid is printed: how many of each size."""

    @property
    def net(self) -> Decimal:
        """The net price of one unit."""
        return self.net_price / self.base


@dataclass(frozen=True, slots=True)
class Order:
    """What one document says, whether or not its layout prints all of it."""

    number: str
    day: date
    due: date
    buyer: Party
    supplier: Party
    ship_to: Party
    lines: tuple[Line, ...]
    freight: Decimal
    tax_rate: Decimal
    currency: str
    order_number: str
    """On confirmations and invoices the order they answer, on changes and cancellations the order they change."""
    customer_no: str
    vendor_no: str
    facts: tuple[tuple[str, str], ...]
    notation: str
    date_style: str
    cents: int
    slips: bool = False
    """Whether its sender has put one amount wrong."""

    @property
    def subtotal(self) -> Decimal:
        """The sum of the lines."""
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def net(self) -> Decimal:
        """What is to pay before tax."""
        return self.subtotal + self.freight

    @property
    def tax(self) -> Decimal:
        """The tax on the net total."""
        return rounded(self.net * self.tax_rate / 100, self.cents)


def rounded(value: Decimal, places: int) -> Decimal:
    """Round half up to so many decimals."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def order_for(layout: Layout, copy: int) -> Order:
    """Draw the order of one copy of a layout; parties and habits are the layout's, goods and dates the copy's."""
    place = places()[layout.place]
    habits = chance(layout.number, "habits")
    draw = chance(layout.number, "order", str(copy))
    buyer, supplier = company(habits, place), company(habits, place)
    while supplier.name.split()[0] == buyer.name.split()[0]:
        supplier = company(habits, place)
    style = habits.choice(NUMBER_STYLES)
    notation, date_style = habits.choice(place.tables["numbers"]), habits.choice(place.tables["dates"])
    code_styles = habits.sample(CODE_STYLES, 2)
    day = _FIRST_DAY + timedelta(days=draw.randrange(330))
    due = _weekday(day + timedelta(days=draw.randrange(5, 40)))
    site = _site(habits if often(habits, 50) else draw, place, buyer, same=layout.ship_to == "same")
    if not layout.names_country:
        buyer, supplier, site = (replace(party, country="") for party in (buyer, supplier, site))
    lines = _lines(layout, draw, code_styles, due)
    slips = often(draw, 2) and "amount" in layout.columns
    if slips:
        lines = (replace(lines[0], amount=lines[0].amount + 10), *lines[1:])
    freight = rounded(Decimal(draw.choice(("6.9", "12.5", "18", "25", "49"))) * place.scale, place.cents)
    return Order(
        number=digits(draw, style),
        day=day,
        due=due,
        buyer=buyer,
        supplier=supplier,
        ship_to=site,
        lines=lines if layout.freight != "row" else (*lines, _freight_line(layout, lines[-1], freight)),
        freight=freight if layout.freight == "total" else Decimal(0),
        tax_rate=Decimal(habits.choice(place.tables["tax"])),
        currency=place.currency,
        order_number=digits(draw, style),
        customer_no=supplier.account,
        vendor_no=buyer.account,
        facts=_facts(layout, habits, draw, buyer),
        notation=notation,
        date_style=date_style,
        cents=place.cents,
        slips=slips,
    )


def _weekday(day: date) -> date:
    saturday = 5
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= saturday else day


def _site(draw: random.Random, place: Place, buyer: Party, *, same: bool) -> Party:
    """Return where the goods go: a works of the buyer, or a customer of his."""
    if same:
        return buyer
    other = company(draw, place)
    return replace(other, name=buyer.name) if often(draw, 60) else other


def _facts(layout: Layout, habits: random.Random, draw: random.Random, buyer: Party) -> tuple[tuple[str, str], ...]:
    """Return the facts beside number and dates, by the word of their label."""
    voice = Voice(places()[layout.place].language, layout.number)
    values = {
        "contact": buyer.person,
        "phone": buyer.phone,
        "email": buyer.email,
        "payment": habits.choice(voice.every("payment_value")),
        "incoterm": habits.choice(("DAP", "DDP", "EXW", "FCA", "CPT", "DAP Incoterms 2020")),
        "offer": digits(draw, habits.choice(("######", "Q-#####", "AN-26####"))),
        "project": digits(draw, habits.choice(("P-####", "26-###", "4711-##", "K###"))),
        "revision": digits(draw, "#"),
    }
    return tuple((name, values[name]) for name in layout.extra_facts if name in values)


def _lines(layout: Layout, draw: random.Random, styles: list[str], due: date) -> tuple[Line, ...]:
    place = places()[layout.place]
    stock = list(_stock(layout, place.language))
    count = draw.randint(layout.least_lines, layout.most_lines)
    chosen = [draw.choice(stock) for _ in range(count)] if count > len(stock) else draw.sample(stock, count)
    return tuple(_line(layout, draw, good, index, (styles, due)) for index, good in enumerate(chosen, start=1))


def _stock(layout: Layout, language: str) -> tuple[Good, ...]:
    """Return what may be ordered: pieces alone where only the heading tells the unit."""
    stock = goods(layout.trade, language)
    if layout.unit_place != "heading":
        return stock
    return tuple(good for good in stock if good.unit == "C62") or goods("automotive", language)[-6:]


def _line(layout: Layout, draw: random.Random, good: Good, index: int, given: tuple[list[str], date]) -> Line:
    place = places()[layout.place]
    styles, due = given
    jitter = 1 + Decimal(draw.randrange(-80, 160)) / 1000
    base = layout.base if good.price < _CHEAP_ENOUGH else 1
    price = rounded(good.price * place.scale * jitter * base, layout.price_places)
    price = max(price, Decimal(1).scaleb(-layout.price_places))
    sizes = tuple(draw.choice((0, 2, 4, 5, 6, 10, 12)) for _ in layout.sizes)
    sizes = (*sizes[:1], 3, *sizes[2:]) if sizes else ()
    quantity = Decimal(sum(sizes)) if sizes else _quantity(layout, draw, good)
    discount = Decimal(str(draw.choice(_DISCOUNTS))) if "discount" in layout.columns else Decimal(0)
    net = price * (1 - discount / 100)
    if "net_price" in layout.columns:
        net = rounded(net, layout.price_places)
    return Line(
        position=str(index * layout.position_step).zfill(layout.position_width),
        own=code(draw, styles[0], good),
        theirs=code(draw, styles[1], good),
        gtin=barcode_number(draw),
        text=description(good),
        more=_more(layout, draw, good),
        remark=_remark(layout, draw),
        quantity=quantity,
        unit=good.unit,
        price=price,
        base=base,
        discount=discount,
        net_price=net,
        amount=rounded(quantity * net / base, place.cents),
        due=_weekday(due + timedelta(days=draw.choice((0, 0, 0, 7, 14)))),
        sizes=sizes,
    )


def _quantity(layout: Layout, draw: random.Random, good: Good) -> Decimal:
    if layout.quantity_places and good.unit in _MEASURED and often(draw, 50):
        return Decimal(draw.randrange(10, 4000)) / 10
    count = draw.choice(_COUNTED)
    return Decimal(count * 10 if good.price < _CHEAP else count)


def _more(layout: Layout, draw: random.Random, good: Good) -> tuple[str, ...]:
    """Return rows of text that belong to the article: grades, colours, makers."""
    rows = (
        f"{good.stem}-{draw.randrange(10, 99)} / {good.spec}",
        draw.choice(("RAL 7016", "RAL 9010", "EN 10204", "ISO 9001", "DIN EN 1090", "IP 54", "CE", "AISI 304")),
        draw.choice(("Serie 300", "Typ B", "Mod. 2026", "Rev. C", "Cat. II", "Gr. 2")),
    )
    return rows[: draw.randint(0, layout.more_text)]


def _remark(layout: Layout, draw: random.Random) -> str:
    language = places()[layout.place].language
    wanted = layout.remarks and often(draw, 40)
    return draw.choice(Voice(language, layout.number).every("remark")) if wanted else ""


def _freight_line(layout: Layout, last: Line, freight: Decimal) -> Line:
    """Return carriage as an item of its own: one piece at its price."""
    voice = Voice(places()[layout.place].language, layout.number)
    price = rounded(freight, layout.price_places)
    index = int(last.position) // layout.position_step + 1
    return replace(
        last,
        position=str(index * layout.position_step).zfill(layout.position_width),
        own="",
        theirs="",
        gtin="",
        text=voice("freight"),
        more=(),
        remark="",
        quantity=Decimal(1),
        unit="C62",
        price=price,
        base=1,
        discount=Decimal(0),
        net_price=price,
        amount=freight,
    )
