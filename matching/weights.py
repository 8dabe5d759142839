"""The policy of matching by description: features and their weights, and where the three answers part.

The weights are set by hand from what each feature is worth to a person who compares two descriptions; they are the
defaults that hold until a model is fitted from reviewed lines. A contradiction is worth more than all words together.
"""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Features:
    """How a text and a product compare; every feature runs from 0 to 1 except the counts, which are capped.

    `coverage`: share of the asked words (rare ones count more) that the product has. `precision`: the other way round.
    `characters`: likeness by characters. `code`: a code of the product stands in the text (1), or most of one.
    `agreeing`, `contradicting`, `unanswered`: attributes, capped at three. `brand`: the brand is named.
    """

    coverage: float = 0.0
    precision: float = 0.0
    characters: float = 0.0
    code: float = 0.0
    agreeing: float = 0.0
    contradicting: float = 0.0
    unanswered: float = 0.0
    brand: float = 0.0
    inactive: float = 0.0


WEIGHTS = Features(
    coverage=5.5,
    precision=2.5,
    characters=2.5,
    code=5.0,
    agreeing=0.4,
    contradicting=-4.5,
    unanswered=-0.5,
    brand=0.4,
    inactive=-2.0,
)
"""Log-odds that each feature adds when it is full."""

BIAS = -4.0
"""Log-odds of a candidate that has nothing in common with the text."""

COMPETITION = 1.0
"""How sharply rivals share one text's probability: 1 takes the log-odds as they are."""

MATCH_ALONE = 0.985
"""From this confidence on, a description alone decides; below it a person does."""

PROPOSE = 0.30
"""From this confidence on, the best candidate is proposed in review; below it the line is shown without a product."""

NOTHING_NEAR = 0.05
"""Below this likelihood of its best candidate a description means nothing in the catalogue."""

MAX_CANDIDATES = 8
"""How many candidates a person is shown."""

SHORTLIST = 60
"""How many products the catalogue is asked for before they are compared closely."""

METHOD_CONFIDENCE = {
    "person": 1.0,
    "cross_reference": 0.995,
    "gtin": 0.995,
    "sku": 0.995,
    "manufacturer_code": 0.985,
    "sku_in_text": 0.97,
    "lookalike": 0.80,
}
"""How often each exact step is right; a step under `MATCH_ALONE` asks a person unless the description agrees."""


def log_odds(features: Features) -> float:
    """Return the weighted sum of the features."""
    return BIAS + sum(float(getattr(features, name)) * weight for name, weight in _WEIGHTED)


_WEIGHTED = tuple((field.name, float(getattr(WEIGHTS, field.name))) for field in fields(Features))
