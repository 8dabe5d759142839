"""Settings from defaults, then `ordermill.toml`, then the environment; a key that nobody knows is an error."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, fields, is_dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, get_type_hints

from config.settings import ChannelSettings, CouplingSettings, Settings
from oms_core.errors import ConfigurationError

PREFIX = "ORDERMILL_"
CONFIG_VARIABLE = "ORDERMILL_CONFIG"
"""The environment variable that names the settings file."""
NO_SETTINGS = (CONFIG_VARIABLE, f"{PREFIX}TEST_")
"""Variables with our prefix that are no settings: where the file is, and what a test run tells its own processes."""
DEFAULT_FILE = Path("ordermill.toml")
MAX_FILE_BYTES = 1024 * 1024
MAX_SECRET_BYTES = 64 * 1024
SECRET_ENDINGS = ("password", "passphrase", "secret", "token", "api_key")
"""Options of channels and connectors that may be given as a file: `password_file` for `password`."""
NOT_SET_HERE = frozenset({"version"})
"""Fields of a settings class that are not settings: rules are numbered as admins save them."""

T = TypeVar("T")
_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"0", "false", "no", "off"})


@dataclass(frozen=True, slots=True)
class _Given:
    """A raw value and where it was given, for the sentence when it is wrong."""

    value: object
    origin: str


_Tree = dict[str, "_Given | _Tree"]


def load(environ: Mapping[str, str], path: Path | None = None) -> Settings:
    """Return the settings: defaults, overlaid by the file, overlaid by `ORDERMILL_SECTION__KEY` variables.

    The file is `path`, else what `ORDERMILL_CONFIG` names, else `ordermill.toml` where there is one.
    Raises `ConfigurationError` that names the setting and where it was given.
    """
    named = path or (Path(environ[CONFIG_VARIABLE]) if environ.get(CONFIG_VARIABLE) else None)
    tree: _Tree = {}
    if named or DEFAULT_FILE.is_file():
        _from_file(tree, named or DEFAULT_FILE)
    _from_environment(tree, environ)
    return _built(Settings, tree, "")


def _from_file(tree: _Tree, path: Path) -> None:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
        if len(data) > MAX_FILE_BYTES:
            raise ConfigurationError(f"{path} is larger than {MAX_FILE_BYTES:,} bytes; that is no settings file")
        raw = tomllib.loads(data.decode())
    except OSError as problem:
        raise ConfigurationError(f"The settings file {path} cannot be read: {problem.strerror}") from problem
    except ValueError as problem:
        raise ConfigurationError(f"{path} is not TOML: {problem}") from problem
    tree.update(_branch(raw, str(path)))


def _branch(raw: Mapping[str, Any], origin: str) -> _Tree:
    return {
        key: _branch(value, origin) if isinstance(value, dict) else _Given(value, origin) for key, value in raw.items()
    }


def _from_environment(tree: _Tree, environ: Mapping[str, str]) -> None:
    for name, text in sorted(environ.items()):
        if not name.startswith(PREFIX) or name.startswith(NO_SETTINGS):
            continue
        *sections, key = name[len(PREFIX) :].lower().split("__")
        branch = tree
        for section in sections:
            deeper = branch.setdefault(section, {})
            if isinstance(deeper, _Given):
                raise ConfigurationError(f"{name}: {section} is one setting, not a section ({deeper.origin})")
            branch = deeper
        branch[key] = _Given(text, f"the environment variable {name}")


def _built(type_: type[T], tree: _Tree, place: str) -> T:
    """Build one settings class from what was given for it."""
    known = {field.name: field for field in settable(type_)}
    types = get_type_hints(type_)
    found: dict[str, object] = {}
    for key, given in tree.items():
        name = f"{place}{key}"
        if key in known:
            found[key] = _value(types[key], given, name)
        elif key.endswith("_file") and types.get(key.removesuffix("_file")) is str:
            found[key.removesuffix("_file")] = _secret(given, name)
        else:
            raise ConfigurationError(_unknown(given, name, sorted(known)))
    return type_(**found)


def settable(type_: type) -> Iterator["Field[Any]"]:
    """Yield the fields of a settings class that can be set."""
    assert is_dataclass(type_)
    return (field for field in fields(type_) if field.name not in NOT_SET_HERE)


def _value(wanted: Any, given: "_Given | _Tree", name: str) -> object:
    if wanted == tuple[ChannelSettings, ...]:
        return _channels(_section(given, name))
    if wanted is CouplingSettings:
        found, options = _with_options(CouplingSettings, _section(given, name), f"{name}.")
        return CouplingSettings(**found, options=options)
    if isinstance(wanted, type) and is_dataclass(wanted):
        return _built(wanted, _section(given, name), f"{name}.")
    single = _single(given, name)
    try:
        return _converted(wanted, single.value)
    except (ValueError, TypeError, InvalidOperation):
        raise ConfigurationError(f"{name} must be {_kind(wanted)} ({single.origin})") from None


def _channels(tree: _Tree) -> tuple[ChannelSettings, ...]:
    channels = []
    for name, given in tree.items():
        if not name.isidentifier() or not name.islower():
            raise ConfigurationError(f"channels.{name}: a channel's name is small letters, digits and _")
        found, options = _with_options(ChannelSettings, _section(given, f"channels.{name}"), f"channels.{name}.")
        channels.append(ChannelSettings(**(found | {"name": name}), options=options))
    return tuple(channels)


def _with_options(type_: type, tree: _Tree, place: str) -> tuple[dict[str, Any], Mapping[str, object]]:
    """Split a section into the fields of its class and the options of what it names, which checks them itself."""
    types = get_type_hints(type_)
    found: dict[str, Any] = {}
    options: dict[str, object] = {}
    for key, given in tree.items():
        if key in types and key not in ("options", "name"):
            found[key] = _value(types[key], given, place + key)
        elif key.endswith("_file") and key.removesuffix("_file").endswith(SECRET_ENDINGS):
            options[key.removesuffix("_file")] = _secret(given, place + key)
        else:
            options[key] = _option(given, place + key)
    for needed in ("kind", "connector"):
        if needed in types and needed not in found:
            raise ConfigurationError(f"{place}{needed} must be set")
    return found, MappingProxyType(options)


def _option(given: "_Given | _Tree", name: str) -> object:
    value = _single(given, name).value
    return tuple(value) if isinstance(value, list) else value


def _section(given: "_Given | _Tree", name: str) -> _Tree:
    if isinstance(given, _Given):
        raise ConfigurationError(f"{name} is a section, not one setting ({given.origin})")
    return given


def _single(given: "_Given | _Tree", name: str) -> _Given:
    if isinstance(given, _Given):
        return given
    raise ConfigurationError(f"{name} is one setting, not a section; it has no {next(iter(given), 'keys')!r}")


def _secret(given: "_Given | _Tree", name: str) -> str:
    single = _single(given, name)
    path = Path(str(single.value)).expanduser()
    try:
        with path.open("rb") as file:
            data = file.read(MAX_SECRET_BYTES + 1)
    except OSError as problem:
        raise ConfigurationError(f"{name}: {path} cannot be read: {problem.strerror} ({single.origin})") from problem
    if len(data) > MAX_SECRET_BYTES:
        raise ConfigurationError(f"{name}: {path} is larger than {MAX_SECRET_BYTES:,} bytes; that is no secret")
    try:
        return data.decode().strip()
    except UnicodeDecodeError:
        raise ConfigurationError(f"{name}: {path} is not UTF-8 text") from None


def _unknown(given: "_Given | _Tree", name: str, known: list[str]) -> str:
    place, _, key = name.rpartition(".")
    near = get_close_matches(key, known, n=1, cutoff=0.5)
    origin = f" ({given.origin})" if isinstance(given, _Given) else ""
    before = f"{place}." if place else ""
    advice = f"Did you mean {before}{near[0]}?" if near else f"There are: {', '.join(before + one for one in known)}."
    return f"There is no setting {name}{origin}. {advice}"


def _converted(wanted: Any, value: object) -> object:
    """Turn a value of the file or a text of the environment into the setting's type."""
    if wanted is bool:
        return value if isinstance(value, bool) else _flag(value)
    if isinstance(value, bool):
        raise TypeError("a yes or no is no number and no text")
    if wanted == tuple[str, ...]:
        return tuple(_texts(value))
    if wanted in (int, float, Decimal):
        return _number(wanted, value)
    if not isinstance(value, str):
        raise TypeError("not a text")
    return Path(value).expanduser() if wanted is Path else value


def _number(wanted: Any, value: object) -> object:
    if not isinstance(value, str | int | float):
        raise TypeError("not a number")
    number = wanted(str(value).replace("_", ""))
    if not Decimal(str(number)).is_finite():
        raise ValueError("not finite")
    return number


def _flag(value: object) -> bool:
    text = str(value).casefold()
    if text not in _YES | _NO:
        raise ValueError("not yes or no")
    return text in _YES


def _texts(value: object) -> Iterator[str]:
    """Yield the texts of a list, or of one text with commas."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list):
        raise TypeError("not a list")
    for part in parts:
        if not isinstance(part, str):
            raise TypeError("not a text")
        if part.strip():
            yield part.strip()


def _kind(wanted: Any) -> str:
    words = {bool: "true or false", int: "a whole number", float: "a number", Decimal: "a number", str: "a text"}
    return words.get(wanted, "a list of texts" if wanted == tuple[str, ...] else "a path")
