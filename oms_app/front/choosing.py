"""Choose a product or a customer: what a browser or a program names is looked at before it is taken."""

from dataclasses import dataclass

from oms_core.errors import InvalidInput
from oms_core.records import Customer
from oms_core.values import DraftDocument
from oms_flow import review
from oms_flow.house import House

ANOTHER_NAME = 0.75
"""Names less alike than this are told to be two; below it legal forms, branches and spelling are no excuse."""


@dataclass(frozen=True, slots=True)
class NameQuestion:
    """What a person is asked once who chooses a customer that the document does not name."""

    number: str
    name: str
    printed: str
    remember: bool


def choose_product(house: House, edit: review.Edit, position: int, sku: str, *, remember: bool = False) -> int:
    """Say which product a line means. Raises InvalidInput for a line or a product that is not there."""
    if not 0 <= position < len(review.task(house, edit.key).order.draft.lines):
        raise InvalidInput(f"there is no line {position + 1} to choose a product for")
    return review.choose_product(house, edit, position, sku.strip(), remember=remember)


def doubt_of(house: House, key: str, number: str, *, remember: bool = False) -> NameQuestion | None:
    """Return what to ask before this customer is chosen; None where the document prints no other name."""
    printed = printed_name(review.task(house, key).order.draft)
    with house.store.read() as session:
        customer = session.get(Customer, number)
    if customer is None or not is_another(printed, customer.name):
        return None
    return NameQuestion(number, customer.name, printed, remember)


def printed_name(draft: DraftDocument) -> str:
    """Return the buyer's name as the document prints it; empty where it prints none."""
    return " ".join(draft.buyer.name.value.split()) if draft.buyer.name else ""


def is_another(printed: str, name: str) -> bool:
    """Whether a printed name is not the name of this customer."""
    from matching.names import name_likeness

    return bool(printed) and name_likeness(printed, name) < ANOTHER_NAME
