"""Run: the worker, the pages, or both in one process."""

import typer

from oms_app.commands.context import context
from oms_app.logs import set_up_logs


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(run)
    app.command()(worker)
    app.command()(web)


def run(ctx: typer.Context) -> None:
    """Run worker and pages in one process.

    Until Ctrl-C or SIGTERM. The database is brought up to date first.
    """
    from oms_app.bootstrap import build, prepare_database
    from oms_app.serving import serve

    settings = context(ctx).settings()
    set_up_logs(settings)
    prepare_database(settings)
    address = settings.web.public_url or f"http://{settings.web.host}:{settings.web.port}/"
    typer.echo(f"Ordermill is starting on {address} (another port: [web] port in the settings). Ctrl-C ends it.")
    serve(build(settings), with_worker=True, with_web=True)


def worker(ctx: typer.Context) -> None:
    """Run a worker: channels, reading, matching, pushes. Several may run on PostgreSQL."""
    from oms_app.serving import serve

    built = context(ctx).built()
    set_up_logs(built.settings)
    serve(built, with_worker=True, with_web=False)


def web(ctx: typer.Context) -> None:
    """Run the pages and the API."""
    from oms_app.serving import serve

    built = context(ctx).built()
    set_up_logs(built.settings)
    serve(built, with_worker=False, with_web=True)
