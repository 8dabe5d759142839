"""How chance is asked: a share of houses, a pattern of digits."""

import random


def often(draw: random.Random, percent: int) -> bool:
    """Whether this falls to so many percent."""
    return draw.randrange(100) < percent


def digits(draw: random.Random, pattern: str) -> str:
    """Fill every # of a pattern with a digit; the first of a run is not zero."""
    filled = ""
    for index, mark in enumerate(pattern):
        first = index == 0 or pattern[index - 1] != "#"
        filled += str(draw.randrange(1 if first else 0, 10)) if mark == "#" else mark
    return filled
