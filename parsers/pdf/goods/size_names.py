"""What a heading over a size says: `36`, `41,5`, `110/116`, `32/34`, `S`, `3XL`, `S/M`."""

import re
from itertools import pairwise

from parsers.pdf.layout import Row

_SIZE = re.compile(
    r"\d{1,3}(?:[.,]5|\u00bd)?(?:[/\-]\d{1,3})?[A-Z]?|(?:\d{0,2}X{0,4}[SL]|M)(?:/(?:X{0,4}[SL]|M))?|one size|uni|tu|os",
    re.IGNORECASE,
)
_FEWEST = 3
_LARGEST_STEP = 12


def is_size(text: str) -> bool:
    """Say whether a text may be a size."""
    return _SIZE.fullmatch(text) is not None


def is_size_row(row: Row) -> bool:
    """Say whether a row is the heading of a size grid: three sizes and more that rise, and words alone beside them."""
    sizes = [cell.text for cell in row.cells if is_size(cell.text)]
    others = [cell.text for cell in row.cells if not is_size(cell.text)]
    numbers = [float(text.replace(",", ".")) for text in sizes if re.fullmatch(r"\d+(?:[.,]5)?", text)]
    rising = all(0 < after - before <= _LARGEST_STEP for before, after in pairwise(numbers))
    return len(sizes) >= _FEWEST and rising and not any(char.isdigit() for text in others for char in text)
