"""Every kind of channel and how one is made; a new kind is a module, a line here and a sample beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from typing import Any

from intake.folder import FolderChannel, FolderSettings
from intake.mailbox import MailboxChannel, MailboxSettings
from intake.sftp import SftpChannel, SftpSettings
from intake.upload import UploadChannel, UploadSettings
from oms_core.errors import ConfigurationError
from oms_core.ports import Channel, Clock
from oms_core.values.document import ChannelKind

ChannelSettings = FolderSettings | MailboxSettings | SftpSettings | UploadSettings


@dataclass(frozen=True, slots=True)
class ChannelType:
    """One kind of channel: what it is set up with and what makes it."""

    settings: type[ChannelSettings]
    make: Callable[[Any, Clock], Channel]


CHANNELS = {
    ChannelKind.FOLDER: ChannelType(FolderSettings, FolderChannel),
    ChannelKind.MAILBOX: ChannelType(MailboxSettings, MailboxChannel),
    ChannelKind.SFTP: ChannelType(SftpSettings, SftpChannel),
    ChannelKind.UPLOAD: ChannelType(UploadSettings, UploadChannel),
    ChannelKind.INGEST: ChannelType(UploadSettings, UploadChannel),
}


def open_channel(kind: ChannelKind, settings: ChannelSettings, clock: Clock) -> Channel:
    """Make a channel; nothing is connected before its first look.

    Raises `ConfigurationError` when the settings are those of another kind.
    """
    made_of = CHANNELS[kind]
    if not isinstance(settings, made_of.settings):
        raise ConfigurationError(f"Channel {settings.name} is of kind {kind}; its settings are of another kind.")
    return made_of.make(settings, clock)


def sample(kind: ChannelKind) -> str:
    """Return a sample of the kind's settings in TOML, every setting explained."""
    return resources.files("intake").joinpath("samples", f"{kind}.toml").read_text(encoding="utf-8")
