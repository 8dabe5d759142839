"""What every connector module says of itself: its name, the port it stands behind, its settings, how it is built."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from oms_core.ports import Clock

SettingsT = TypeVar("SettingsT")
PortT_co = TypeVar("PortT_co", covariant=True)


class Port(StrEnum):
    """The ports that connectors stand behind."""

    ERP = "erp"
    MAILER = "mailer"
    REPLY_BOX = "reply_box"


@dataclass(frozen=True, slots=True)
class Connector(Generic[SettingsT, PortT_co]):
    """One way to couple a partner: `settings` is a frozen dataclass, `build` connects to nothing."""

    name: str
    port: Port
    settings: type[SettingsT]
    build: Callable[[SettingsT, Clock], PortT_co]
