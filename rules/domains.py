"""Which part of a mail domain somebody registered: two addresses under it belong to one organisation."""

from functools import cache
from importlib.resources import files


def mail_domain(address: str) -> str:
    """Return the domain of a mail address, lower case, without the closing dot; '' where there is none."""
    _, at, domain = address.strip().rpartition("@")
    return domain.strip(" <>").rstrip(".").casefold() if at else ""


def registrable_domain(domain: str) -> str:
    """Return the domain as somebody registered it: `mail.acme.co.uk` gives `acme.co.uk`.

    By the country suffixes in `data/second_level_suffixes.txt`, a short list drawn from the public suffix rules; a
    suffix that is missing there only makes two organisations look like one where both sit under it.
    """
    labels = domain.split(".")
    kept = 3 if ".".join(labels[-2:]) in _second_level_suffixes() else 2
    return ".".join(labels[-kept:])


@cache
def _second_level_suffixes() -> frozenset[str]:
    text = files("rules").joinpath("data/second_level_suffixes.txt").read_text("utf-8")
    return frozenset(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))
