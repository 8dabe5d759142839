"""What helps with a document that could not be read: another file from its sender, or reading it once more."""

from dataclasses import dataclass
from urllib.parse import quote

from oms_core.records import Delivery
from oms_core.values import Finding

_OF_THE_MOMENT = frozenset({"deadline", "out_of_memory", "reader_died", "killed_the_reader"})
"""What may have been the machine and not the document."""
_OF_A_LIMIT = frozenset({"too_large", "too_deep", "too_many_pages", "too_many_parts"})
_OF_THE_FILE = frozenset(
    {"encrypted", "encrypted_pdf", "empty", "truncated", "damaged_pdf", "broken_table", "broken_workbook", "old_format"}
)
"""What stays as it is however often it is read."""
MAX_QUOTED = 400


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to do first: `action` is `again`, `write` or `hand_in`; `advice` says why; `letter` opens a mail."""

    action: str
    advice: str
    letter: str = ""


def remedy(delivery: Delivery, findings: tuple[Finding, ...]) -> Remedy:
    """Choose what helps by what is wrong, and by whether the sender can be written to."""
    codes = {one.code.removeprefix("document.") for one in findings}
    if codes & _OF_THE_MOMENT:
        return Remedy("again", "It may have been the moment and not the document: read it again first.")
    if codes & _OF_A_LIMIT:
        return Remedy(
            "hand_in",
            "A limit stopped it. Ask for it in smaller pieces; or an admin raises the limit, then read it again.",
        )
    letter = _letter(delivery, findings)
    unchanging = "Reading it again changes nothing while the file stays as it is. " if codes & _OF_THE_FILE else ""
    if letter:
        return Remedy("write", f"{unchanging}Ask the sender for another file, then file this one.", letter)
    return Remedy("hand_in", f"{unchanging}Get another file from the sender, hand it in, then file this one.")


def _letter(delivery: Delivery, findings: tuple[Finding, ...]) -> str:
    """Return the address of a mail to begin, unless nobody reads there or somebody else may have written."""
    address = delivery.sender_address
    if not address or delivery.automatic or delivery.authenticated is False:
        return ""
    wrong = findings[0].message[:MAX_QUOTED] if findings else "It could not be read."
    text = f"We could not read the file {delivery.filename}: {wrong}\n\nPlease send it to us again."
    return f"mailto:{quote(address, safe='@')}?subject={quote('Your file ' + delivery.filename)}&body={quote(text)}"
