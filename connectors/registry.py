"""Every connector by port and name: our own, and those of other packages (entry points `ordermill.connectors`).

To add one of ours: a module that ends in `CONNECTOR = Connector(...)`, and its line here.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from decimal import Decimal, InvalidOperation
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_type_hints

from connectors.connector import Connector, Port
from oms_core.errors import ConfigurationError
from oms_core.ports import Clock, Erp, Mailer, ReplyBox

ENTRY_POINTS = "ordermill.connectors"

BUILT_IN: Mapping[str, str] = MappingProxyType(
    {
        "file_drop": "connectors.file_drop",
        "tryton": "connectors.tryton",
        "smtp": "connectors.smtp",
        "mail_folder": "connectors.mail_folder",
        "reply_folder": "connectors.reply_folder",
    }
)
"""Our own connectors and their modules; a module is imported when it is asked for."""

_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"0", "false", "no", "off"})


def names() -> tuple[str, ...]:
    """Return the name of every connector that is installed, sorted."""
    return tuple(sorted({*BUILT_IN, *(point.name for point in _foreign())}))


def connector(name: str, port: Port) -> Connector[Any, Any]:
    """Return the connector of this name. Raises `ConfigurationError` for none, two, or one for another port."""
    found = _load(name)
    if found.port is not port:
        raise ConfigurationError(f"The connector {name!r} is for {found.port.value}, not for {port.value}.")
    return found


def erp(name: str, settings: Mapping[str, object], clock: Clock) -> Erp:
    """Build an ERP connector from its settings by name. Raises `ConfigurationError`."""
    found = connector(name, Port.ERP)
    made: Erp = found.build(settings_of(found, settings), clock)
    return made


def mailer(name: str, settings: Mapping[str, object], clock: Clock) -> Mailer:
    """Build a mailer from its settings by name. Raises `ConfigurationError`."""
    found = connector(name, Port.MAILER)
    made: Mailer = found.build(settings_of(found, settings), clock)
    return made


def reply_box(name: str, settings: Mapping[str, object], clock: Clock) -> ReplyBox:
    """Build a reply box from its settings by name. Raises `ConfigurationError`."""
    found = connector(name, Port.REPLY_BOX)
    made: ReplyBox = found.build(settings_of(found, settings), clock)
    return made


def settings_of(found: Connector[Any, Any], given: Mapping[str, object]) -> Any:
    """Turn settings by name (from a file or the environment) into the connector's dataclass.

    Raises `ConfigurationError` naming the setting that is unknown, missing or of the wrong kind.
    """
    types = get_type_hints(found.settings)
    if unknown := sorted(set(given) - set(types)):
        raise ConfigurationError(
            f"The connector {found.name} has no setting {unknown[0]!r}. Its settings are {', '.join(sorted(types))}."
        )
    for field in fields(found.settings):
        if field.default is MISSING and field.default_factory is MISSING and field.name not in given:
            raise ConfigurationError(f"The connector {found.name} needs the setting {field.name!r}.")
    return found.settings(**{name: _setting(found.name, name, types[name], given[name]) for name in given})


def _load(name: str) -> Connector[Any, Any]:
    foreign = [point for point in _foreign() if point.name == name]
    if len(foreign) + (name in BUILT_IN) > 1:
        raise ConfigurationError(f"More than one installed package brings a connector called {name!r}. Remove one.")
    if not foreign and name not in BUILT_IN:
        raise ConfigurationError(f"There is no connector {name!r}. Installed are {', '.join(names())}.")
    loaded = foreign[0].load() if foreign else import_module(BUILT_IN[name]).CONNECTOR
    if not isinstance(loaded, Connector):
        raise ConfigurationError(f"What is installed as connector {name!r} is not one: it must be a `Connector` value.")
    return loaded


def _foreign() -> tuple[EntryPoint, ...]:
    return tuple(entry_points(group=ENTRY_POINTS))


def _setting(connector_name: str, name: str, wanted: object, value: object) -> object:
    try:
        return _converted(wanted, value)
    except (ValueError, TypeError, InvalidOperation) as error:
        # The value may be a secret, so it is not repeated.
        raise ConfigurationError(
            f"The setting {name!r} of the connector {connector_name} is not of the kind it should be ({wanted})."
        ) from error


def _converted(wanted: object, value: object) -> object:
    if wanted is bool:
        return value if isinstance(value, bool) else _flag(str(value))
    if wanted in (int, float, Decimal):
        return wanted(str(value))
    if wanted is Path:
        return Path(str(value)).expanduser()
    if wanted == Path | None:
        return Path(str(value)).expanduser() if value else None
    if isinstance(wanted, type) and not isinstance(value, wanted):
        return wanted(value)
    return value


def _flag(text: str) -> bool:
    folded = text.casefold()
    if folded not in _YES | _NO:
        raise ValueError("not yes or no")
    return folded in _YES
