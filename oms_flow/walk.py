"""The order of the durable steps: one walk of a document, one delivery of an outbox row.

Whoever drives (the motor, a story test) hands in `step`, which runs one named transaction and remembers its result.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Protocol, TypeVar

from oms_flow import deliver, match, read, steps
from oms_flow.accept import accept
from oms_flow.deliver import Partners
from oms_flow.house import SYSTEM, House
from oms_store.store import Unit

T = TypeVar("T")


class Step(Protocol):
    """Runs one named transaction; what it returned the first time is what it returns when asked again."""

    def __call__(self, name: str, save: Callable[[Unit], T]) -> T:
        """Run `save` in a transaction. The result must be JSON: ids, words, numbers and lists of them."""
        ...


def walk(house: House, document_id: str, step: Step) -> None:
    """Read, match and accept one document: at most three durable steps for each fifty orders in it."""
    prepared = read.prepare(house, document_id)

    def save_reading(unit: Unit) -> list[str]:
        return list(read.save(unit, prepared) if prepared else read.drafts_of(unit, document_id))

    for batch in _batches(step(steps.READ, save_reading), steps.DRAFTS_PER_TRANSACTION):
        _match_and_accept(house, batch, step)


def _match_and_accept(house: House, batch: Sequence[str], step: Step) -> None:
    judged = match.prepare(house, batch)
    step(steps.MATCH, lambda unit: match.save(unit, judged))
    step(steps.ACCEPT, lambda unit: sum(accept(house, unit, draft, SYSTEM).order_id is not None for draft in batch))


def delivery(house: House, partners: Partners, outbox_id: str, run: int, step: Step) -> None:
    """Make one attempt at one outbox row, noted before and after."""
    if not step(steps.DELIVER_BEGIN, lambda unit: deliver.begin(unit, outbox_id, run)):
        return
    attempt = deliver.load_attempt(house, outbox_id, run)
    answer = deliver.send(partners, attempt) if attempt else deliver.Answer(unavailable="superseded")

    def note(unit: Unit) -> str:
        deliver.finish(house, unit, outbox_id, run, answer)
        return "noted"

    step(steps.DELIVER_FINISH, note)


def _batches(items: Sequence[str], size: int) -> Iterator[list[str]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
