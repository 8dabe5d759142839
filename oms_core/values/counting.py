"""How many of a thing there are, as people say it."""

_VOWELS = "aeiou"


def counted(number: int, one: str, many: str = "") -> str:
    """Write a number with its noun: '1 delivery', '2 deliveries', '1,204 files'; `many` where it is irregular."""
    return f"{number:,} {one if number == 1 else many or _several(one)}"


def _several(one: str) -> str:
    if one.endswith("y") and one[-2:-1] not in _VOWELS:
        return f"{one[:-1]}ies"
    return f"{one}s"
