"""GTIN-13 and GLN for invented goods and parties, from the prefixes GS1 keeps for internal use.

GS1 General Specifications 1.4: prefixes 020-029 and 040-049 are restricted circulation numbers, so none of these
can be a real article or a real company.
"""

_DIGITS = 10_000


def _weigh(group: int) -> int:
    """Sum four digits with the weights 1, 3, 1, 3 (GS1 General Specifications 7.9, read from the left of 13)."""
    first, second, third, fourth = (int(digit) for digit in f"{group:04d}")
    return first + 3 * second + third + 3 * fourth


_WEIGHTS = tuple(_weigh(group) % 10 for group in range(_DIGITS))
"""A million GTINs a few seconds: three look-ups each instead of twelve multiplications."""


def with_check_digit(body: int) -> str:
    """Return 13 digits for the first twelve, given as a number: the body with leading zeros and its check digit."""
    high, rest = divmod(body, _DIGITS * _DIGITS)
    middle, low = divmod(rest, _DIGITS)
    total = _WEIGHTS[high] + _WEIGHTS[middle] + _WEIGHTS[low]
    return f"{body:012d}{-total % 10}"


GTIN_FIRST = 20_000_000_000
"""020 000 000 000: the first of the restricted article numbers."""
GTIN_COUNT = 10_000_000_000
"""020 to 029 hold this many."""
GLN_FIRST = 40_000_000_000
"""040 000 000 000: location numbers are drawn from the other restricted range, so no GLN is ever a GTIN."""


def gtin(number: int) -> str:
    """Return the GTIN-13 with this running number among the restricted ones."""
    return with_check_digit(GTIN_FIRST + number % GTIN_COUNT)


def gln(number: int) -> str:
    """Return the GLN with this running number among the restricted ones."""
    return with_check_digit(GLN_FIRST + number)
