"""How well a column's content suits each role, as far as its cells tell: about -5 to 5, 0 for nothing said."""

from collections.abc import Callable, Mapping

from parsers.pdf.goods.column_kinds import Kinds


def content(role: str, kinds: Kinds) -> float:
    """Say how well a column's content suits a role: about -5 to 4, 0 where it says nothing."""
    return _CONTENT[role](kinds)


def _quantity(kinds: Kinds) -> float:
    score = 2 * kinds.figures - 1 + kinds.whole + kinds.unit_after
    score -= 3 * kinds.money + 4 * kinds.percent + 5 * kinds.gtins + 3 * kinds.days + 2 * kinds.long_numbers
    return score - (2.5 if kinds.counts_up and kinds.distinct == 1 and kinds.places == 0 else 0.0)


def _unit_price(kinds: Kinds) -> float:
    score = 2 * kinds.figures - 1 + 1.2 * kinds.money + kinds.places - 1.2 * kinds.whole * (1 - kinds.money)
    return score - 4 * kinds.percent - 5 * kinds.gtins - 3 * kinds.days - 2 * kinds.long_numbers - _numbering(kinds)


def _amount(kinds: Kinds) -> float:
    return _unit_price(kinds) - 2 * kinds.per_unit


def _numbering(kinds: Kinds) -> float:
    return 2.5 if kinds.counts_up and kinds.distinct == 1 else 0.0


def _line_number(kinds: Kinds) -> float:
    if kinds.counts_up:
        return 3.0
    plain = kinds.figures == kinds.whole == kinds.distinct == 1
    return -2.5 + kinds.whole * kinds.figures - 2 * (kinds.words > 1.5) - _NOT_IN_TURN * plain  # noqa: PLR2004


_NOT_IN_TURN = 3.5
"""Positions count up; numbers that do not, each another one, are those of the shelf, whatever their heading says."""


def _code(kinds: Kinds) -> float:
    plain = max(kinds.figures - max(kinds.long_numbers, kinds.codes), 0.0)
    if kinds.distinct == kinds.whole == kinds.filled == 1 and not kinds.money:
        plain /= 2  # a short number that is another one in every row may be one of the shelf: 101, 102, 201
    score = 2.5 * kinds.codes + kinds.long_numbers - 0.6 * max(kinds.words - 1, 0) * (1 - kinds.codes)
    return (
        score
        - 3 * kinds.small * (1 - kinds.codes)
        - 1.5 * plain
        - 3 * kinds.days
        - _numbering(kinds)
        - 2 * kinds.unit_words
    )


def _gtin(kinds: Kinds) -> float:
    return 8 * kinds.gtins - 3.5


def _description(kinds: Kinds) -> float:
    score = 2 * kinds.wordy - 1 + min(kinds.words, 4) * 0.4 + min(kinds.letters, 25) * 0.03
    return score - 2 * kinds.figures - 2 * kinds.unit_words - 3 * kinds.days - 2 * (kinds.distinct < 0.4)  # noqa: PLR2004


def _unit(kinds: Kinds) -> float:
    spread = 1.5 * min(max(kinds.words - 1, 0), 1)
    return 4 * kinds.unit_words - 1.5 - spread - 2 * kinds.figures * (1 - kinds.unit_words) - 6 * kinds.money


def _requested_date(kinds: Kinds) -> float:
    return 5 * kinds.days - 3


def _discount(kinds: Kinds) -> float:
    return kinds.figures + 0.5 * kinds.percent - 1.2


def _tax(kinds: Kinds) -> float:
    return kinds.figures + kinds.percent - 1.2


def _price_base(kinds: Kinds) -> float:
    return 0.5 if kinds.bases else -2.0


def _gross(kinds: Kinds) -> float:
    return kinds.figures + kinds.money - 1.5


def _other(kinds: Kinds) -> float:  # noqa: ARG001  the ground that every role is measured against
    return 0.0


_CONTENT: Mapping[str, Callable[[Kinds], float]] = {
    "quantity": _quantity,
    "unit_price": _unit_price,
    "amount": _amount,
    "line_number": _line_number,
    "code": _code,
    "supplier_code": _code,
    "buyer_code": _code,
    "gtin": _gtin,
    "description": _description,
    "unit": _unit,
    "requested_date": _requested_date,
    "discount": _discount,
    "tax": _tax,
    "price_base": _price_base,
    "gross": _gross,
    "other": _other,
}
ROLES = tuple(_CONTENT)
"""Every role that a column may have."""
