"""Numbered chance: every part of the demo draws from its own seeded stream, so adding one part moves no other."""

import random


def chance(seed: int, *parts: str) -> random.Random:
    """Return the stream of this seed for this part; the same words give the same draws on every machine."""
    return random.Random(":".join((str(seed), *parts)))  # noqa: S311 - demo data, nothing secret is drawn
