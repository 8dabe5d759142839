"""Who sent a document, as far as its label, its name or its folder tells."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

NOT_TOLD = "not told"


class SenderOf(StrEnum):
    """What tells the sender of a document."""

    AUTO = "auto"
    LABEL = "label"
    PREFIX = "prefix"
    FOLDER = "folder"
    BUYER = "buyer"


def sender_of(name: str, label: dict[str, Any], told_by: SenderOf) -> str:
    """Return the sender of a document, by its path inside the folder (with slashes) and its label."""
    ways = _WAYS if told_by is SenderOf.AUTO else {told_by: _WAYS[told_by]}
    return next((sender for way in ways.values() if (sender := way(name, label))), NOT_TOLD)


def _by_label(_name: str, label: dict[str, Any]) -> str:
    return str(label.get("_sender") or "")


def _by_prefix(name: str, _label: dict[str, Any]) -> str:
    before, mark, _ = name.rpartition("/")[2].partition("__")
    return before if mark else ""


def _by_buyer(_name: str, label: dict[str, Any]) -> str:
    parties = (document.get("buyer") for document in label["documents"])
    return next((str(party["name"]) for party in parties if isinstance(party, dict) and party.get("name")), "")


def _by_folder(name: str, _label: dict[str, Any]) -> str:
    return name.rpartition("/")[0]


_WAYS: Mapping[SenderOf, Callable[[str, dict[str, Any]], str]] = MappingProxyType(
    {
        SenderOf.LABEL: _by_label,
        SenderOf.PREFIX: _by_prefix,
        SenderOf.BUYER: _by_buyer,
        SenderOf.FOLDER: _by_folder,
    }
)
"""In the order in which they are asked where nobody says which."""
