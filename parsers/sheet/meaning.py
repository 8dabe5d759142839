"""Which column of a table means what: header words, contents and arithmetic weighed together in one assignment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations
from types import MappingProxyType

from parsers.sheet.assign import Pair, assign
from parsers.sheet.grid import Row, number_of
from parsers.sheet.profile import SAMPLE_ROWS, Profile, profile
from parsers.sheet.words import header_base, meanings

MAX_WEIGHED = 120
"""Columns weighed; further right no order has its goods."""
_BY_HEADER = 3.0
_TAUGHT = 9.0
_HEADER_ONLY = -1.3
_CLOSES = 1.2
_LEAST_CLOSING = 0.75
_MAX_NUMERIC = 10
_FIRST_COMES = 0.002
_NUMERIC = ("quantity", "unit_price", "amount", "list_price", "price_base", "stock")
_LEAST_NUMBERS = 0.3
_UNKNOWN_HEADER = 0.55
_LEAST_TRIPLES = 2
_LIST_PRICE = 0.1
_NEAR_NAME = 3
_SURELY = 0.9
_COUNTS_GOODS = 0.6
_GAPS = 0.6
_SAID_AGAIN = 0.9
_CODES = frozenset(("code", "supplier_code", "buyer_code", "number"))
_SHORT_CODE = 0.4
"""What short whole numbers say against codes where no header calls them so: they rather count."""
_COUNTED_CODE = 0.85
"""`Ref.` over 1, 2, 3 heads the numbers of the lines."""
_COMPANY = 0.9
_COMPANIES = 0.5
"""Names make a column the buyers' without its word only where this share of them are companies by their legal form."""
_FEW_ROWS = 3
_SURE_LEAD = 1.5
_TRUST_LEAST = 0.55

PARTIES = ("buyer", "supplier", "ship_to")
TEXTS = ("buyer", "supplier", "ship_to", "notes", "description2", "variant", "other")


@dataclass(frozen=True, slots=True)
class Meaning:
    """The columns of a table with their fields; `closing` is the share of rows whose arithmetic closes."""

    columns: Mapping[str, int]
    trust: Mapping[str, float]
    worded: frozenset[str]
    """Fields that were told by their header words; the others by their contents alone."""
    total: float
    closing: float = 0.0


def read_meaning(
    headers: Sequence[str],
    rows: Sequence[Row],
    apart: frozenset[int] = frozenset(),
    taught: Mapping[int, str] = MappingProxyType({}),
) -> Meaning:
    """Weigh every column but those `apart`; `headers` are empty where the table has none. `rows` look like lines.

    What was `taught` of a column holds before its words and contents.
    """
    width = min(MAX_WEIGHED, max([len(headers), *(len(row.cells) for row in rows[:SAMPLE_ROWS])], default=0))
    profiles = [profile(rows, column) for column in range(width)]
    told = [meanings(headers[column]) if column < len(headers) else {} for column in range(width)]
    words = _owned_parts(told, profiles)
    worths: dict[tuple[int, str], float] = {}
    for column, known in enumerate(words):
        if column in apart:
            continue
        named = bool(column < len(headers) and headers[column])
        for field, worth in _column_worths(known, profiles[column], named=named).items():
            worths[column, field] = worth - column * _FIRST_COMES
    told_ones = _teach(worths, taught, profiles)
    bases = [header_base(headers[column]) if column < len(headers) else None for column in range(width)]
    pairs, closing = _with_arithmetic(worths, rows, profiles, bases)
    pairs = tuple(pair for pair in pairs if not _is_order_total(pair, pairs, words, rows))
    columns = {pair.field: pair.column for pair in pairs}
    worded = frozenset(pair.field for pair in pairs if _is_worded(pair, words[pair.column])) | told_ones
    trust = {
        pair.field: 1.0 if pair.field in told_ones else _trust(pair, pair.field in worded, closing) for pair in pairs
    }
    return Meaning(columns, trust, worded, sum(worths.get((pair.column, pair.field), 0.0) for pair in pairs), closing)


def _is_worded(pair: Pair, words: Mapping[str, float]) -> bool:
    """Whether a header names its field; `Anzahl Hunde` counts something, and that is no quantity of goods."""
    worth = words.get(pair.field)
    return worth is not None and (pair.field != "quantity" or worth >= _COUNTS_GOODS)


def _teach(
    worths: dict[tuple[int, str], float], taught: Mapping[int, str], profiles: Sequence[Profile]
) -> frozenset[str]:
    """Let what was learned of columns hold, and return the fields that it settles."""
    held = {column: field for column, field in taught.items() if column < len(profiles)}
    for pair in tuple(worths):
        other_number = pair[1] == "po_number" and "number" in held.values()
        if pair[0] in held or pair[1] in held.values() or other_number:
            del worths[pair]
    worths.update({(column, field): _TAUGHT for column, field in held.items() if field != "other"})
    return frozenset(held.values()) - {"other"}


def _numeric(cells: Profile) -> bool:
    """Whether a column may be one of numbers: it is empty, or a fair share of its cells are or begin with one."""
    return not cells.cells or max(cells.counted, cells.numbers) >= _LEAST_NUMBERS


def _owned_parts(told: Sequence[Mapping[str, float]], profiles: Sequence[Profile]) -> list[Mapping[str, float]]:
    """Give a bare `City` to the party whose column stands left of it; to the ship-to or buyer where there is none."""
    owned: list[Mapping[str, float]] = []
    role: str | None = None
    described = any(words.get("description", 0.0) >= _SURELY and "part_name" not in words for words in told)
    for words, cells in zip(told, profiles, strict=True):
        role = next((party for party in PARTIES for field in words if field.startswith(party)), role)
        varies = cells.distinct * cells.cells > 1 and "part_email" not in words
        owner = role or ("ship_to" if varies else "buyer")
        named = "part_name" in words and (_begins_address(told[len(owned) + 1 :]) or (described and role is not None))
        kept = {
            field: worth for field, worth in words.items() if (field == "part_name") == named or not _is_name(field)
        }
        owned.append({_owned(field, owner): worth for field, worth in kept.items()})
    return owned


def _is_name(field: str) -> bool:
    """Whether a field is one of the two that a bare `Name` may head: a party's or the goods'."""
    return field in ("part_name", "description")


def _begins_address(following: Sequence[Mapping[str, float]]) -> bool:
    """Whether one of the next columns is the street or town of a name."""
    near = following[:_NEAR_NAME]
    return any(field.endswith(("_street", "_city", "_postcode")) for words in near for field in words)


def _owned(field: str, owner: str) -> str:
    part = field.removeprefix("part_")
    if part == field:
        return field
    return owner if part == "name" else f"{owner}_{part}"


def _trust(pair: Pair, worded: bool, closing: float) -> float:
    """Turn the lead of a pair into what its values may be worth."""
    lead = min(1.0, max(0.0, pair.lead) / _SURE_LEAD)
    trust = _TRUST_LEAST + (1 - _TRUST_LEAST) * lead if worded else _TRUST_LEAST * (0.8 + 0.4 * lead)
    if pair.field in ("quantity", "unit_price", "amount") and closing >= _LEAST_CLOSING:
        trust = max(trust, 0.9 + 0.1 * closing)
    return trust


def _column_worths(words: Mapping[str, float], cells: Profile, *, named: bool) -> dict[str, float]:
    """Return what one column is worth for each field that its words name, or that its cells alone may be."""
    if cells.marked >= _LEAST_CLOSING:
        return {"number": _BY_HEADER}
    if cells.from_first and cells.cells >= _FEW_ROWS and not _CODES.isdisjoint(words):
        words = {"line_number": _COUNTED_CODE, **words}
    if words:
        return {
            field: _BY_HEADER * worth + (fit(field, cells) if cells.cells else _HEADER_ONLY * 0.2)
            for field, worth in words.items()
            if field not in _NUMERIC or _numeric(cells)
        }
    share = _UNKNOWN_HEADER if named else 1.0
    if not cells.cells:
        return {}
    short = _SHORT_CODE * max(0.0, cells.whole - cells.long_numbers)
    may = [field for field in CONTENT_FIELDS if field != "buyer" or cells.companies >= _COMPANIES]
    return {field: (fit(field, cells) - 0.35 - short * (field == "code")) * share for field in may}


CONTENT_FIELDS = (
    "gtin",
    "quantity",
    "unit_price",
    "amount",
    "unit",
    "code",
    "description",
    "line_number",
    "currency",
    "buyer",
)
"""What a column may be by its cells alone."""


def fit(field: str, cells: Profile) -> float:
    """Return how well cells have the form of a field: about 1 where they do, about -1 where they do not."""
    rule = _RULES.get(field)
    return rule(cells) if rule else 0.0


def _quantity(cells: Profile) -> float:
    odd = cells.counting * 0.5 + (cells.gtins > 0.5) + cells.long_numbers + cells.dates  # noqa: PLR2004
    return 1.6 * max(cells.numbers, 0.8 * cells.counted) - 0.8 + 0.25 * cells.whole - 0.45 * cells.fractions - odd


def _price(cells: Profile) -> float:
    return 1.5 * cells.numbers - 0.8 + 0.45 * cells.fractions - cells.counting * 0.6 - cells.long_numbers - cells.dates


def _amount(cells: Profile) -> float:
    return _price(cells) - 0.05 - _GAPS * (1 - cells.filled)


def _order_total(cells: Profile) -> float:
    return _price(cells) - _LIST_PRICE


def _running(cells: Profile) -> float:
    return 1.0 if cells.counting or cells.from_first else -0.3 if cells.whole > 0.9 and cells.distinct > 0.9 else -1.1  # noqa: PLR2004


def _code(cells: Profile) -> float:
    plain = 1.0 - cells.words - cells.dates
    form = 1.1 * cells.codes + 0.3 * cells.distinct - 0.6 + 0.3 * plain
    return form - 0.8 * cells.fractions - 0.9 * (cells.counting or cells.from_first) - _SAID_AGAIN * _runs(cells)


def _description(cells: Profile) -> float:
    form = 0.9 * cells.words + 0.3 * cells.distinct - 0.2 - _SAID_AGAIN * cells.companies
    return form - 1.1 * cells.numbers - 0.25 * cells.codes - 0.5 * cells.units


def _runs(cells: Profile) -> float:
    """Return how far a column says the same on all lines of an order; a few rows tell little."""
    return cells.runs if cells.cells >= _FEW_ROWS else 0.0


def _party(cells: Profile) -> float:
    return _text(cells) - 0.8 * cells.codes + _COMPANY * cells.companies


def _gtin(cells: Profile) -> float:
    return 1.3 * cells.gtins + 0.2 * cells.long_numbers - 0.2 - 0.8 * cells.words - cells.fractions


def _unit(cells: Profile) -> float:
    return 1.3 * cells.units - 0.25 - 0.35 * cells.numbers - 0.7 * cells.words * (1 - cells.units) - 0.4 * cells.dates


def _currency(cells: Profile) -> float:
    return 1.5 * cells.currencies - 0.3 - cells.numbers


def _date(cells: Profile) -> float:
    return 1.6 * cells.dates - 0.8


def _order_number(cells: Profile) -> float:
    return 0.5 * cells.codes + 0.4 * cells.runs - 0.2 - 0.8 * cells.fractions - 0.9 * cells.words - 0.8 * cells.dates


def _text(cells: Profile) -> float:
    return 0.3 - 0.8 * cells.numbers - 0.5 * cells.dates


_RULES = {
    "quantity": _quantity,
    "quantity_done": _quantity,
    "stock": _quantity,
    "unit_price": _price,
    "list_price": lambda cells: _price(cells) - _LIST_PRICE,
    "amount": _amount,
    "order_total": _order_total,
    "line_number": _running,
    "code": _code,
    "supplier_code": _code,
    "buyer_code": _code,
    "gtin": _gtin,
    "description": _description,
    "unit": _unit,
    "currency": _currency,
    "date": _date,
    "requested_date": _date,
    "number": _order_number,
    "po_number": _order_number,
    **dict.fromkeys(TEXTS, _text),
    **dict.fromkeys(PARTIES, _party),
}


def _with_arithmetic(
    worths: Mapping[tuple[int, str], float],
    rows: Sequence[Row],
    profiles: Sequence[Profile],
    bases: Sequence[Decimal | None],
) -> tuple[tuple[Pair, ...], float]:
    """Assign with each reading of quantity, price and amount whose products close, and keep the best."""
    plain = assign(worths)
    best, best_total, closing = plain, _sum(plain, worths), 0.0
    for quantity, price, amount, share in _triples(worths, rows, profiles, bases):
        trio = {(quantity, "quantity"), (price, "unit_price"), (amount, "amount")}
        raised = {pair: worth + (_CLOSES * share if pair in trio else 0.0) for pair, worth in worths.items()}
        pairs = assign(raised)
        made = {(pair.column, pair.field) for pair in pairs}
        total = _sum(pairs, raised)
        if trio <= made and total > best_total:
            best, best_total, closing = pairs, total, share
    return best, closing


def _is_order_total(
    pair: Pair, pairs: Sequence[Pair], words: Sequence[Mapping[str, float]], rows: Sequence[Row]
) -> bool:
    """Whether a `Total` beside quantity and price is the order's, because it is no line's product."""
    found = {other.field: other.column for other in pairs}
    if pair.field != "amount" or "order_total" not in words[pair.column] or "discount" in found:
        return False
    if "quantity" not in found or "unit_price" not in found:
        return False
    columns = (found["quantity"], found["unit_price"], pair.column)
    cells = [[number_of(row.cells[at]) if at < len(row.cells) else None for row in rows] for at in columns]
    if not any(all(numbers) for numbers in zip(*cells, strict=True)):
        return False
    share = _closing(cells[0], cells[1], cells[2], Decimal(1), least=1)
    gaps = any(amount is None for amount in cells[2])
    return share == 0 or (gaps and share < _LEAST_CLOSING)


def _sum(pairs: Sequence[Pair], worths: Mapping[tuple[int, str], float]) -> float:
    return sum(worths[pair.column, pair.field] for pair in pairs)


def _triples(
    worths: Mapping[tuple[int, str], float],
    rows: Sequence[Row],
    profiles: Sequence[Profile],
    bases: Sequence[Decimal | None],
) -> list[tuple[int, int, int, float]]:
    """Return the columns whose products close in most rows, as quantity, price, amount and the share of rows."""
    may = [
        column
        for column, cells in enumerate(profiles)
        if cells.numbers > 0.5 and any((column, name) in worths for name in ("quantity", "unit_price", "amount"))  # noqa: PLR2004
    ][:_MAX_NUMERIC]
    cells = {
        column: [number_of(row.cells[column]) if column < len(row.cells) else None for row in rows[:SAMPLE_ROWS]]
        for column in may
    }
    found = []
    for quantity, price, amount in permutations(may, 3):
        if not all(((quantity, "quantity") in worths, (price, "unit_price") in worths, (amount, "amount") in worths)):
            continue
        share = _closing(cells[quantity], cells[price], cells[amount], bases[price] or Decimal(1))
        if share >= _LEAST_CLOSING:
            found.append((quantity, price, amount, share))
    return sorted(found, key=lambda found: -found[3])[:_MAX_NUMERIC]


def _closing(
    quantities: Sequence[Decimal | None],
    prices: Sequence[Decimal | None],
    amounts: Sequence[Decimal | None],
    base: Decimal,
    least: int = _LEAST_TRIPLES,
) -> float:
    """Return the share of rows in which quantity times price is the amount, but for a cent or half a percent."""
    told = closed = 0
    for quantity, price, amount in zip(quantities, prices, amounts, strict=True):
        if quantity is None or price is None or amount is None or not quantity or not price:
            continue
        told += 1
        product = quantity * price / base
        closed += abs(product - amount) <= max(Decimal("0.011"), abs(amount) * Decimal("0.005"))
    return closed / told if told >= least else 0.0
