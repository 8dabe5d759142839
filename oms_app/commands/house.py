"""The house: schema, health, backups, people and settings."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oms_app.commands.context import context, say_json, say_table
from oms_core.values.counting import counted

if TYPE_CHECKING:
    from oms_app.doctor import Diagnosis

AsJson = Annotated[bool, typer.Option("--json", help="JSON for scripts.")]
people = typer.Typer(help="Who may log in.", no_args_is_help=True, rich_markup_mode=None)


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(migrate)
    app.command()(doctor)
    app.command()(backup)
    app.command()(restore)
    app.command()(settings)
    app.add_typer(people, name="people")


def migrate(ctx: typer.Context) -> None:
    """Create the database, or bring it to this version.

    Twice is harmless.
    """
    from oms_app.bootstrap import prepare_database

    typer.echo(f"The database is at schema {prepare_database(context(ctx).settings())}.")


def doctor(
    ctx: typer.Context,
    deep: Annotated[bool, typer.Option("--deep", help="Read every document and check the database file.")] = False,
    list_: Annotated[str | None, typer.Option("--list", help="Print the ids in a place (drafts:in review).")] = None,
    json_: AsJson = False,
) -> None:
    """Check that all is there, adds up and runs.

    Exit status 1 when something is wrong.
    """
    from oms_app.doctor import diagnose, list_members
    from oms_store.clock import SystemClock

    known = context(ctx).settings()
    if list_ is not None:
        found = list_members(known, list_)
        if json_:
            say_json(found)
        else:
            for member in found:
                typer.echo(member)
        return
    told = diagnose(known, SystemClock(), deep=deep)
    if json_:
        say_json(_diagnosis(told))
    else:
        say_table("Ordermill doctor", ("check", "", "what was found"), _rows(told))
    if not told.sound:
        raise typer.Exit(1)


def _diagnosis(told: "Diagnosis") -> dict[str, Any]:
    return {
        "sound": told.sound,
        "findings": [
            {"name": one.name, "status": one.status.value, "message": one.message, "members": list(one.members)}
            for one in told.findings
        ],
        "balances": [
            {"name": one.name, "total": one.total, "holds": one.holds, "parts": dict(one.parts)}
            for one in told.balances
        ],
    }


def _rows(told: "Diagnosis") -> Iterator[tuple[str, str, str]]:
    for one in told.findings:
        yield one.name, {"ok": "ok", "warning": "look", "wrong": "WRONG"}[one.status.value], one.message


def backup(
    ctx: typer.Context,
    target: Annotated[Path, typer.Argument(help="A folder, or a file that ends in .tar, .tar.gz or .tgz.")],
    json_: AsJson = False,
) -> None:
    """Copy database and documents, while everything runs.

    Into a folder only what is new is copied.
    """
    from oms_app.backup import back_up
    from oms_store.clock import SystemClock

    made = back_up(context(ctx).settings(), target, SystemClock())
    if json_:
        row = {"place": made.place, "documents": made.documents, "fresh": made.fresh, "missing": list(made.missing)}
        say_json(row)
    else:
        typer.echo(f"{made.place}: the database and {counted(made.documents, 'document')}, {made.fresh:,} of them new.")
    if made.missing:
        gone = counted(len(made.missing), "document is", "documents are")
        typer.echo(f"{gone} gone from the store; see 'ordermill doctor'.", err=True)
        raise typer.Exit(1)


def restore(
    ctx: typer.Context,
    source: Annotated[Path, typer.Argument(help="A backup, the folder of all, or a packed file.", exists=True)],
    force: Annotated[bool, typer.Option("--force", help="Take the place of a database that is not empty.")] = False,
    json_: AsJson = False,
) -> None:
    """Bring database and documents back from a backup.

    Every hash is checked first. Stop worker and pages before.
    """
    from oms_app.backup import restore as bring_back
    from oms_store.clock import SystemClock

    done = bring_back(context(ctx).settings(), source, SystemClock(), force=force)
    if json_:
        say_json(
            {
                "made_at": done.made_at,
                "documents": done.documents,
                "moved_to": done.moved_to,
                "migrate": done.to_migrate,
            }
        )
        return
    typer.echo(f"Restored the state of {done.made_at}: the database and {counted(done.documents, 'document')}.")
    if done.moved_to:
        typer.echo(f"The database that was here is now {done.moved_to}.")
    if done.to_migrate:
        typer.echo("The backup is of another version: run 'ordermill migrate' before you start.")


@people.command("add")
def add_person(
    ctx: typer.Context,
    login: Annotated[str, typer.Argument(help="The log-in name, such as anna.")],
    name: Annotated[str, typer.Argument(help="The person's name.")],
    role: Annotated[str, typer.Option(help="reviewer or admin.")] = "reviewer",
) -> None:
    """Let somebody log in; prints their password, once."""
    from oms_app.commands.acting import operator
    from oms_flow.people import add_person as add

    password = add(context(ctx).built().house.store, operator(), login, name, role)
    typer.echo(f"{login.strip().lower()} may log in as {role}. Password: {password}")


@people.command("list")
def list_people(ctx: typer.Context, json_: AsJson = False) -> None:
    """Show who may log in."""
    from oms_flow.people import everybody

    rows = everybody(context(ctx).built().house.store)
    if json_:
        say_json([{"login": row.login, "name": row.name, "role": row.role, "active": row.active} for row in rows])
    else:
        told = ((row.login, row.name, row.role, "" if row.active else "may not log in") for row in rows)
        empty = "Nobody may log in yet; 'ordermill people add' lets somebody in."
        say_table("People", ("log-in", "name", "role", ""), told, empty)


@people.command("reset-password")
def reset_password(ctx: typer.Context, login: Annotated[str, typer.Argument(help="The log-in name.")]) -> None:
    """Give somebody a new password; prints it, once.

    Their sessions end.
    """
    from oms_app.commands.acting import operator
    from oms_flow.people import reset_password as reset

    password = reset(context(ctx).built().house.store, operator(), login.strip().lower())
    typer.echo(f"The new password of {login.strip().lower()}: {password}")


def settings(ctx: typer.Context, json_: AsJson = False) -> None:
    """Show the settings in effect; secrets are left out."""
    rows = list(_shown("", context(ctx).settings()))
    if json_:
        say_json(dict(rows))
    else:
        say_table("Settings", ("setting", "value"), rows)


def _shown(place: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield every setting by its whole name; what may hold a secret is hidden."""
    from config.loading import SECRET_ENDINGS
    from config.settings import ChannelSettings

    if is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            name = "" if one.name == "options" else one.name
            yield from _shown(".".join(filter(None, (place, name))), getattr(value, one.name))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _shown(f"{place}.{key}", inner)
    elif isinstance(value, tuple) and value and isinstance(value[0], ChannelSettings):
        for channel in value:
            yield from _shown(f"{place}.{channel.name}", channel)
    elif place.endswith(SECRET_ENDINGS):
        yield place, "(hidden)" if value else ""
    else:
        yield place, _without_password(place, value)


def _without_password(place: str, value: object) -> str:
    if place == "database.url" and value:
        from sqlalchemy import make_url

        return make_url(str(value)).render_as_string(hide_password=True)
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
