"""Every kind of channel is known, has settings and a sample that explains them."""

import dataclasses
import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from intake import registry
from intake.folder import FolderSettings
from intake.registry import CHANNELS
from oms_core.errors import ConfigurationError
from oms_core.values import ChannelKind
from tests.factory import FixedClock


def read(kind: ChannelKind) -> Any:
    """Build the settings of a sample as a program would that knows only their types."""
    made_of = CHANNELS[kind].settings
    hints = get_type_hints(made_of)
    given: dict[str, Any] = {}
    for key, value in tomllib.loads(registry.sample(kind)).items():
        hint = hints[key]
        if hint in (Path, Path | None):
            given[key] = Path(value)
        elif isinstance(hint, type) and issubclass(hint, StrEnum):
            given[key] = hint(value)
        else:
            given[key] = tuple(value) if isinstance(value, list) else value
    return made_of(**given)


def test_every_kind_is_known() -> None:
    assert set(CHANNELS) == set(ChannelKind)


@pytest.mark.parametrize("kind", ChannelKind)
def test_a_sample_makes_a_channel_of_its_kind(kind: ChannelKind, clock: FixedClock) -> None:
    settings = read(kind)
    channel = registry.open_channel(kind, settings, clock)
    assert (channel.kind, channel.name) == (kind, settings.name)
    channel.close()


@pytest.mark.parametrize("kind", ChannelKind)
def test_a_sample_shows_every_setting(kind: ChannelKind) -> None:
    fields = {field.name for field in dataclasses.fields(CHANNELS[kind].settings)}
    # Of a log-in one way is shown: a token is a function, and an SFTP key stands for the password.
    left_out = {ChannelKind.MAILBOX: {"token"}, ChannelKind.SFTP: {"password"}}.get(kind, set())
    assert set(tomllib.loads(registry.sample(kind))) == fields - left_out


def test_settings_of_another_kind_are_refused(clock: FixedClock, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="Channel in is of kind mailbox"):
        registry.open_channel(ChannelKind.MAILBOX, FolderSettings("in", tmp_path), clock)
