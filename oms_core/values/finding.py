"""What is noticed about a document or an order, in a sentence a person can act on."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a finding asks for."""

    NOTE = "note"
    """Shown, asks for nothing."""
    REVIEW = "review"
    """A person decides; they may accept as it is."""
    BLOCK = "block"
    """Cannot be accepted until it is put right."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing noticed: `code` is stable (`price.off_list`), `place` a path (`lines[3].quantity`, `page 2`, '')."""

    code: str
    severity: Severity
    place: str
    message: str
