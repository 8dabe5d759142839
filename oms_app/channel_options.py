"""From `[channels.NAME]` in the settings to a channel: options by name become the settings of its kind."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Any, get_type_hints

from config.settings import ChannelSettings, Settings
from intake import registry
from intake.folder import FolderSettings
from intake.mailbox import MailboxSettings
from intake.sftp import SftpSettings
from oms_core.errors import ConfigurationError
from oms_core.ports import Channel, Clock
from oms_core.values import ChannelKind

POLLED = (ChannelKind.MAILBOX, ChannelKind.FOLDER, ChannelKind.SFTP)
"""Kinds that are set up in the settings; uploads and the command `ingest` need no setting."""
_NOT_SET = frozenset({"name", "token"})
"""Fields that are no options: the name stands in the heading, a token is a function of a program."""


def open_channel(settings: Settings, channel: ChannelSettings, clock: Clock) -> Channel:
    """Make one channel; nothing is connected before its first look.

    Raises ConfigurationError that names the setting.
    """
    return registry.open_channel(kind_of(channel), channel_settings(settings, channel), clock)


def kind_of(channel: ChannelSettings) -> ChannelKind:
    """Return the kind of a channel. Raises ConfigurationError for none that is polled."""
    for kind in POLLED:
        if channel.kind == kind:
            return kind
    raise ConfigurationError(
        f"channels.{channel.name}.kind: there is no channel of kind {channel.kind!r}; write {', '.join(POLLED)}"
    )


def channel_settings(settings: Settings, channel: ChannelSettings) -> registry.ChannelSettings:
    """Return the settings of the channel's own kind, with what is set for the whole house as defaults."""
    made_of: type[Any] = registry.CHANNELS[kind_of(channel)].settings
    types = get_type_hints(made_of)
    known = [field for field in fields(made_of) if field.name not in _NOT_SET]
    given = _defaults(settings, channel, types) | dict(channel.options)
    place = f"channels.{channel.name}"
    for name in given:
        if name not in {field.name for field in known}:
            raise ConfigurationError(_unknown(place, name, [field.name for field in known]))
    for field in known:
        if field.default is MISSING and field.default_factory is MISSING and field.name not in given:
            raise ConfigurationError(f"{place}.{field.name} must be set for a channel of kind {channel.kind}")
    values: dict[str, Any] = {name: _converted(types[name], value, f"{place}.{name}") for name, value in given.items()}
    made: registry.ChannelSettings = made_of(name=channel.name, **values)
    return made


def describes(settings: Settings, channel: ChannelSettings) -> str:
    """Say in a few words what a channel looks at, for the dashboard. Raises ConfigurationError."""
    if channel.describes:
        return channel.describes
    found = channel_settings(settings, channel)
    if isinstance(found, MailboxSettings):
        return f"{found.folder} of {found.username} at {found.host}:{found.port}, by IMAP"
    if isinstance(found, SftpSettings):
        return f"{found.pending} at {found.username}@{found.host}:{found.port}, by SFTP"
    if isinstance(found, FolderSettings):
        return f"the folder {found.path}"
    return channel.kind


def _defaults(settings: Settings, channel: ChannelSettings, types: Mapping[str, Any]) -> dict[str, object]:
    hosts = settings.security.trusted_hosts
    if len(hosts) > 1 and "trusted_host" not in channel.options and channel.kind == ChannelKind.MAILBOX:
        raise ConfigurationError(
            f"channels.{channel.name}.trusted_host: security.trusted_hosts names {len(hosts)} hosts; "
            "say which of them receives the mail of this channel"
        )
    house = {
        "max_bytes": settings.limits.bytes,
        "poll_seconds": channel.poll_seconds,
        "spool": settings.data_dir / "spool" / channel.name,
        "trusted_host": hosts[0] if len(hosts) == 1 else None,
    }
    return {name: value for name, value in house.items() if name in types}


def _unknown(place: str, name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    advice = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}."
    return f"There is no setting {place}.{name}. {advice}"


def _converted(wanted: Any, value: object, name: str) -> object:
    """Turn a value of the file, or a text of the environment, into the setting's type."""
    try:
        return _typed(wanted, value)
    except (ValueError, TypeError):
        # The value may be a secret, so it is not repeated.
        words = " or ".join(repr(str(one)) for one in wanted) if _is_words(wanted) else _KINDS.get(wanted, "a text")
        raise ConfigurationError(f"{name} must be {words}") from None


_KINDS: Mapping[Any, str] = {int: "a whole number", float: "a number", tuple[str, ...]: "a list of texts"}


def _is_words(wanted: Any) -> bool:
    return isinstance(wanted, type) and issubclass(wanted, StrEnum)


def _typed(wanted: Any, value: object) -> object:
    if value is None:
        return None
    if isinstance(value, bool):
        raise TypeError("no channel has a setting that is yes or no")
    if wanted in (int, float):
        return wanted(str(value).replace("_", ""))
    if wanted == tuple[str, ...]:
        return (value,) if isinstance(value, str) else _texts(value)
    if not isinstance(value, str | Path):
        raise TypeError("not a text")
    if wanted in (Path, Path | None):
        return Path(value).expanduser() if str(value) else None
    return wanted(value) if _is_words(wanted) else str(value) or None


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, tuple | list) or not all(isinstance(one, str) for one in value):
        raise TypeError("not a list of texts")
    return tuple(value)
