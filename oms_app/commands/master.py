"""Master data in: from files, or pulled from the ERP, always with a view of what changes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oms_app.commands.context import context, say_json, say_table
from oms_core.values.counting import counted

if TYPE_CHECKING:
    from oms_app.bootstrap import Built
    from oms_app.master_files import Given, MasterFile
    from oms_flow.master import Difference

MAX_COLUMNS_FILE_BYTES = 256 * 1024


class Kind(StrEnum):
    """What can be imported."""

    PRODUCTS = "products"
    CUSTOMERS = "customers"
    PRICES = "prices"
    STOCK = "stock"
    XREF = "xref"


class PullKind(StrEnum):
    """What can be pulled; all is everything, in the order in which one needs the other."""

    PRODUCTS = "products"
    CUSTOMERS = "customers"
    PRICES = "prices"
    STOCK = "stock"
    XREF = "xref"
    ALL = "all"


class Mark(StrEnum):
    """The decimal mark of a file."""

    COMMA = "comma"
    POINT = "point"


class DateOrder(StrEnum):
    """What stands first in a date."""

    DAY = "day"
    MONTH = "month"


DryRun = Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object for scripts.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("import")(import_)
    app.command()(pull)


def import_(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    ctx: typer.Context,
    kind: Annotated[Kind, typer.Argument(help="products, customers, prices, stock or xref.")],
    file: Annotated[Path, typer.Argument(help="A CSV file or a workbook.", exists=True, dir_okay=False)],
    column: Annotated[
        list[str] | None, typer.Option(help="FIELD=HEADER (or its number), where it is not found.")
    ] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help="FIELD=VALUE for every row.")] = None,
    unit: Annotated[list[str] | None, typer.Option(help="WORD=CODE: what a unit word means, as in Gebinde=BX.")] = None,
    columns: Annotated[
        Path | None, typer.Option(help="A TOML file with the same.", exists=True, dir_okay=False)
    ] = None,
    decimal: Annotated[Mark | None, typer.Option(help="comma or point, where the file does not tell.")] = None,
    dates: Annotated[DateOrder | None, typer.Option(help="day or month: what comes first in a date.")] = None,
    delimiter: Annotated[str | None, typer.Option(help="The mark between cells of a CSV file.")] = None,
    encoding: Annotated[str | None, typer.Option(help="The character set of a CSV file.")] = None,
    sheet: Annotated[str | None, typer.Option(help="The sheet of a workbook.")] = None,
    dry_run: DryRun = False,
    json_: AsJson = False,
) -> None:
    """Bring master data in from a file, all or nothing.

    The same file again changes nothing.
    """
    from oms_app.commands.acting import operator
    from oms_app.master_columns import Declared
    from oms_app.master_files import MasterFile, at_their_rows
    from oms_app.master_table import Form
    from oms_flow.master import apply

    built = context(ctx).built()
    kept = _columns_file(columns)
    declared = Declared(
        {header: field for field, header in (kept.columns | _pairs("--column", column)).items()},
        kept.fixed | _pairs("--set", set_),
    )
    given = _given(built, declared, kept.units | _pairs("--unit", unit), decimal, dates)
    given = _with_form(given, Form(encoding, delimiter, sheet))
    read = MasterFile(file, kind, given)
    with _progress(file.name, quiet=json_) as seen:
        found = apply(built.house, kind, read.rows(), operator(), dry_run=dry_run, progress=seen)
    found.errors = at_their_rows(found.errors, read.place)
    _tell(found, str(file), json_, read)


def pull(
    ctx: typer.Context,
    kind: Annotated[PullKind, typer.Argument(help="products, customers, prices, stock, xref or all.")],
    dry_run: DryRun = False,
    json_: AsJson = False,
) -> None:
    """Bring master data in from the ERP.

    Each kind is all or nothing.
    """
    from oms_app.bootstrap import partners
    from oms_core.errors import OrdermillError
    from oms_flow.master import apply
    from oms_store.master import PULL

    built = context(ctx).built()
    erp = partners(built.settings, built.house.store.clock).erp
    failed = False
    for one in [k.value for k in Kind] if kind is PullKind.ALL else [kind.value]:
        try:
            with _progress(f"{one} from {erp.name}", quiet=json_) as seen:
                found = apply(built.house, one, erp.pull(one), f"{PULL}{erp.name}", dry_run=dry_run, progress=seen)
            failed = _tell(found, erp.name, json_, ends=False) or failed
        except OrdermillError as problem:
            failed = True
            _tell_failure(one, erp.name, str(problem), json_)
    if failed:
        raise typer.Exit(1)


class _Kept:
    """What a TOML file says of columns, fixed values and units."""

    def __init__(self, tree: Mapping[str, Any], path: Path | None) -> None:
        self.columns = _texts(tree, "columns", path)
        self.fixed = _texts(tree, "set", path)
        self.units = _texts(tree, "units", path)


def _columns_file(path: Path | None) -> _Kept:
    from oms_core.errors import InvalidInput

    if path is None:
        return _Kept({}, None)
    import tomllib

    if path.stat().st_size > MAX_COLUMNS_FILE_BYTES:
        raise InvalidInput(f"{path} is larger than {MAX_COLUMNS_FILE_BYTES:,} bytes; it should only name columns")
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as problem:
        raise InvalidInput(f"{path} is not TOML: {problem}") from problem
    if unknown := sorted(set(tree) - {"columns", "set", "units"}):
        raise InvalidInput(f"{path} has a part {unknown[0]!r}; the parts are [columns], [set] and [units]")
    return _Kept(tree, path)


def _texts(tree: Mapping[str, Any], name: str, path: Path | None) -> dict[str, str]:
    from oms_core.errors import InvalidInput

    found = tree.get(name, {})
    if not isinstance(found, dict) or not all(isinstance(value, str | int) for value in found.values()):
        raise InvalidInput(f'{path}: [{name}] holds lines like sku = "Artikelnummer"')
    return {key: str(value) for key, value in found.items()}


def _pairs(option: str, words: list[str] | None) -> dict[str, str]:
    from oms_core.errors import InvalidInput

    found = {}
    for word in words or ():
        name, mark, value = word.partition("=")
        if not mark or not name.strip() or not value.strip():
            raise InvalidInput(f"{option} {word[:60]!r}: write NAME=VALUE, as in {option} sku=Artikelnummer")
        found[name.strip()] = value.strip()
    return found


def _given(built: "Built", declared: Any, units: dict[str, str], mark: Mark | None, order: DateOrder | None) -> "Given":
    from oms_app.master_cells import Conventions
    from oms_app.master_files import Given
    from parsers.sheet.columns import fold

    company = built.house.company
    return Given(
        declared=declared,
        conventions=Conventions(
            None if mark is None else mark is Mark.COMMA, None if order is None else order is DateOrder.DAY
        ),
        units={fold(word): code for word, code in units.items()},
        tax=company.tax,
        currency=company.currency,
    )


def _with_form(given: "Given", form: Any) -> "Given":
    from dataclasses import replace

    return replace(given, form=form)


@contextmanager
def _progress(what: str, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Show a running count of rows on standard error, where somebody watches."""
    if quiet:
        yield lambda _rows: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda rows: bar.update(task, description=f"{what}: {counted(rows, 'row')}")


def _tell(
    found: "Difference", source: str, json_: bool, read: "MasterFile | None" = None, *, ends: bool = True
) -> bool:
    """Print a difference; returns whether there were errors, and ends with status 1 then."""
    if json_:
        say_json(_as_json(found, source, read))
    else:
        _say(found, source, read)
    if found.errors and ends:
        raise typer.Exit(1)
    return bool(found.errors)


def _as_json(found: "Difference", source: str, read: "MasterFile | None") -> dict[str, Any]:
    columns = {read.layout.headers[at]: name for at, name in read.layout.columns} if read else {}
    return {
        "kind": found.kind,
        "source": source,
        "dry_run": found.dry_run,
        "written": not found.dry_run and not found.errors,
        "rows": found.rows,
        "added": found.added,
        "changed": found.changed,
        "unchanged": found.unchanged,
        "columns": columns,
        "examples": [{"key": one.key, "before": dict(one.before), "after": dict(one.after)} for one in found.examples],
        "errors": [{"row": error.row, "message": error.message} for error in found.errors],
    }


def _say(found: "Difference", source: str, read: "MasterFile | None") -> None:
    if read:
        typer.echo(f"{source}: {read.told}")
        taken = [(read.layout.headers[at], name) for at, name in read.layout.columns]
        say_table(
            "Columns", ("in the file", "taken as"), (*taken, *((header, "not used") for header in read.layout.unused))
        )
    if found.examples:
        say_table(f"What changes ({found.changed:,} in all)", ("record", "field", "before", "after"), _changes(found))
    _say_errors(found, source)
    became = f"{found.added:,} new, {found.changed:,} changed, {found.unchanged:,} as they were"
    counts = f"{counted(found.rows, 'row')}: {became}"
    if found.errors:
        typer.echo(f"{found.kind}: nothing was written. Put the rows right and run the same command again.", err=True)
    elif found.dry_run:
        typer.echo(f"{found.kind}, dry run, nothing was written. {counts}.")
    else:
        typer.echo(f"{found.kind}: {counts}.")


def _changes(found: "Difference") -> Iterable[tuple[str, str, str, str]]:
    for change in found.examples:
        before, after = dict(change.before), dict(change.after)
        for place, name in enumerate(after):
            yield change.key if place == 0 else "", name, before.get(name, ""), after[name]


def _say_errors(found: "Difference", source: str) -> None:
    from oms_flow.master import MAX_ERRORS

    for error in sorted(found.errors, key=lambda one: one.row)[:MAX_ERRORS]:
        typer.echo(f"{source}, row {error.row}: {error.message}", err=True)
    if len(found.errors) >= MAX_ERRORS:
        typer.echo(f"… and perhaps more: after {MAX_ERRORS} wrong rows the rest was not looked at.", err=True)


def _tell_failure(kind: str, source: str, problem: str, json_: bool) -> None:
    if json_:
        say_json({"kind": kind, "source": source, "written": False, "problem": problem})
    else:
        typer.echo(f"{kind} from {source}: {problem}", err=True)
