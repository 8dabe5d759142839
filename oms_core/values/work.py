"""What follows from a decision: the names of work that the motor carries on."""

from dataclasses import dataclass
from enum import StrEnum


class WorkKind(StrEnum):
    """The kinds of durable work."""

    WALK = "walk"
    """Read, match and accept one document; the subject is a document id."""
    DELIVER = "deliver"
    """Deliver one outbox row (ERP push or acknowledgement); the subject is its id."""


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of durable work; `<subject>:<run>` names it, so the same run is never started twice."""

    kind: WorkKind
    subject: str
    run: int

    @property
    def key(self) -> str:
        """The name under which the motor knows this run."""
        return f"{self.kind}:{self.subject}:{self.run}"
