"""How fast mails are read: `python -m bench.mail [--mails N] [--runs N]`.

The same made-up mails, in one run, three ways: taken apart by the standard library with their text tokenised by a blank
spaCy pipeline (the bar: reading may take three times as long), taken apart and read by us, and our reading alone. The
best of several runs counts.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage

from oms_core.values import BytesBlob, Hints
from parsers.mail.mime import PARSER as MAILS
from parsers.mail.parser import PARSER as LETTERS

ALLOWED = 3.0
"""Our reading may take this many times the bar's time."""

_GOODS = (
    "hex bolt",
    "cable gland",
    "nitrile gloves",
    "copy paper A4",
    "ball valve 1/2",
    "LED panel 40 W",
    "silicone clear",
)
_UNITS = ("pcs", "boxes", "rolls", "packs", "kg", "cartons")
_INTROS = ("Please send us the following:", "Good morning, we need:", "Kindly deliver by Friday:")


def made_up(count: int) -> list[bytes]:
    """Make mails with lists, tables and sentences, the same ones every time."""
    dice = random.Random(7)
    return [_mail(dice, number) for number in range(count)]


def _mail(dice: random.Random, number: int) -> bytes:
    message = EmailMessage()
    message["From"] = f"Ann Buyer <ann@buyer{number % 17}.example>"
    message["To"] = "Orders <orders@house.example>"
    message["Date"] = "Tue, 17 Nov 2026 10:30:00 +0100"
    message["Subject"] = f"Order {4000 + number}"
    lines = [_line(dice, number % 3) for _ in range(dice.randint(2, 12))]
    body = ", ".join(lines) + "." if number % 3 == 2 else "\n".join(lines)
    message.set_content(
        f"Hello,\n\n{dice.choice(_INTROS)}\n\n{body}\n\nKind regards,\nAnn Buyer\nBuyer Ltd\nTel 0161 555 0100\n"
    )
    return message.as_bytes()


def _line(dice: random.Random, style: int) -> str:
    code, count = f"{dice.choice('ABKXZ')}{dice.choice('LMNQ')}-{dice.randint(100, 9999)}", dice.randint(1, 500)
    goods, unit = dice.choice(_GOODS), dice.choice(_UNITS)
    return (f"- {count} {unit} {code} {goods}", f"{code}  {goods}  {count}  {unit}", f"{count} {unit} of {goods}")[
        style
    ]


def bar(mails: Sequence[bytes]) -> None:
    """Take mails apart with the standard library and tokenise their text."""
    import spacy

    tokenizer = spacy.blank("en").tokenizer
    for data in mails:
        body = message_from_bytes(data, policy=policy.default).get_body(("plain",))
        tokenizer(body.get_content() if body else "")


def ours(mails: Sequence[bytes]) -> int:
    """Take mails apart and read the orders in their letters; returns how many drafts came out."""
    found = 0
    for data in mails:
        for part in MAILS.read(BytesBlob(data), Hints()):
            blob = getattr(part, "blob", None)
            found += sum(hasattr(item, "lines") for item in LETTERS.read(blob, Hints())) if blob else 0
    return found


def best_of(runs: int, work: Callable[[], object]) -> float:
    """Return the shortest time in seconds that a piece of work took."""
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.mail", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--mails", type=int, default=600)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    mails = made_up(options.mails)
    drafts = ours(mails)
    bar(mails[:10])
    allowed, taken = best_of(options.runs, lambda: bar(mails)), best_of(options.runs, lambda: ours(mails))
    print(f"{len(mails)} mails, {drafts} orders read")
    print(f"standard library and blank spaCy tokens  {allowed / len(mails) * 1000:7.3f} ms a mail")
    print(f"our reading                              {taken / len(mails) * 1000:7.3f} ms a mail")
    print(f"ratio {taken / allowed:.2f}, allowed {ALLOWED:.1f}")
    return 0 if taken <= ALLOWED * allowed else 1


if __name__ == "__main__":
    sys.exit(main())
