"""Choose a product for a line that is really there: what a browser or a program names is looked at first."""

from oms_core.errors import InvalidInput
from oms_flow import review
from oms_flow.house import House


def choose_product(house: House, edit: review.Edit, position: int, sku: str, *, remember: bool = False) -> int:
    """Say which product a line means. Raises InvalidInput for a line or a product that is not there."""
    if not 0 <= position < len(review.task(house, edit.key).order.draft.lines):
        raise InvalidInput(f"there is no line {position + 1} to choose a product for")
    return review.choose_product(house, edit, position, sku.strip(), remember=remember)
