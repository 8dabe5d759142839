"""Every setting with its default and what it is for: `python -m config.describe > docs/settings.md`."""

import ast
import inspect
import sys
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, is_dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

from config.loading import CONFIG_VARIABLE, PREFIX, settable
from config.settings import ChannelSettings, CouplingSettings, Settings

HEAD = f"""# Settings

Made by `python -m config.describe`; change the sentences in `config/settings.py`.

A setting comes from its default, from `ordermill.toml` (or the file that `{CONFIG_VARIABLE}` names), or from the
environment, the later winning. `web.port` stands in the file as `port` under `[web]`, and in the environment as
`{PREFIX}WEB__PORT`. Lists are written with commas in the environment. A secret can stand in a file of its own:
`password_file = "/run/secrets/mail"` for `password`, and likewise for every setting that is a text. A key that is not
in this page is an error that names the nearest one; the settings of a channel or connector are checked by itself.
"""


@dataclass(frozen=True, slots=True)
class Described:
    """One setting as the page shows it."""

    name: str
    type: str
    default: str
    doc: str


@dataclass(frozen=True, slots=True)
class DescribedSection:
    """The settings of one class; `title` is the heading in the file, '' for the top."""

    title: str
    doc: str
    settings: tuple[Described, ...]


def describe() -> tuple[DescribedSection, ...]:
    """Return every setting by section, in the order of the file."""
    return tuple(_sections(Settings, ""))


def page() -> str:
    """Return docs/settings.md."""
    return "\n".join([HEAD, *(_shown(section) for section in describe())])


def _sections(type_: type, place: str) -> Iterator[DescribedSection]:
    types = get_type_hints(type_)
    docs = field_docs(type_)
    plain, deeper = [], []
    for field in settable(type_):
        wanted = types[field.name]
        inner = ChannelSettings if wanted == tuple[ChannelSettings, ...] else wanted
        if is_dataclass(inner) and isinstance(inner, type):
            deeper.append((inner, f"{place}{field.name}", _default(field)))
        elif (type_, field.name) != (ChannelSettings, "name"):
            plain.append(Described(field.name, _type(wanted), _text(_default(field)), docs.get(field.name, "")))
    yield DescribedSection(place.rstrip("."), _sentence(type_), tuple(plain))
    for inner, name, default in deeper:
        title = f"{name}.NAME" if inner is ChannelSettings else name
        for section in _sections(inner, f"{title}."):
            yield _own_default(section, default)


def _own_default(section: DescribedSection, default: object) -> DescribedSection:
    """Show the connector that stands where nothing is set."""
    if not isinstance(default, CouplingSettings):
        return section
    first, *rest = section.settings
    chosen = Described(first.name, first.type, f"`{default.connector}`", first.doc)
    return DescribedSection(section.title, section.doc, (chosen, *rest))


@cache
def field_docs(type_: type) -> Mapping[str, str]:
    """Return the sentence under each field of a class."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(type_))).body
    assert isinstance(tree, ast.ClassDef)
    docs = {}
    for field, below in zip(tree.body, tree.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(below, ast.Expr):
            docs[field.target.id] = " ".join(str(ast.literal_eval(below.value)).split())
    return docs


def _sentence(type_: type) -> str:
    return " ".join((inspect.getdoc(type_) or "").split())


def _default(field: "Field[Any]") -> object:
    if field.default is not MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not MISSING else MISSING


def _type(wanted: Any) -> str:
    names = {bool: "yes or no", int: "number", float: "number", Decimal: "number", str: "text", Path: "path"}
    return names.get(wanted, "list" if wanted == tuple[str, ...] else "settings")


def _text(default: object) -> str:
    if default is MISSING:
        return "must be set"
    if isinstance(default, bool):
        return "yes" if default else "no"
    return f"`{default}`" if str(default) and default not in ((), {}) else ""


def _shown(section: DescribedSection) -> str:
    rows = (
        f"| `{one.name}` | {one.type} | {one.default} | {one.doc.replace('|', chr(92) + '|')} |"
        for one in section.settings
    )
    title = f"`[{section.title}]`" if section.title else "At the top of the file"
    table = ["| setting | kind | default | what it is for |", "| --- | --- | --- | --- |", *rows]
    return "\n".join([f"## {title}", "", section.doc, "", *table, ""])


if __name__ == "__main__":
    sys.stdout.write(page())
