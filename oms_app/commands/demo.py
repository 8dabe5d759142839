"""The demo company: run it here, or write it as files."""

from pathlib import Path
from typing import Annotated

import typer

from oms_core.values.counting import counted

app = typer.Typer(help="A demo company with orders on every channel.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def run(
    data_dir: Annotated[Path, typer.Option(help="The demo's own folder; emptied at the start.")] = Path("var/demo"),
    fast: Annotated[bool, typer.Option("--fast", help="Send all orders at once, not over half a minute.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Go on with what an earlier run left.")] = False,
    port: Annotated[int | None, typer.Option(min=1, max=65_535, help="The port of the pages; else 8080.")] = None,
) -> None:
    """Run a demo company whose customers send orders.

    Worker and pages on this machine.
    """
    from oms_app.demo.run import DemoPlan, run_demo

    run_demo(DemoPlan(data_dir, fast, keep, port), typer.echo)


@app.command()
def write(
    folder: Annotated[Path, typer.Argument(help="Where to write; files of the same name are written over.")],
    seed: Annotated[int, typer.Option(help="Another seed makes another company.")] = 7,
) -> None:
    """Write the demo as files.

    Master data as CSV, every order, and the list of what should become of each.
    """
    from datetime import datetime

    from oms_app.demo.company import build_company
    from oms_app.demo.orders import build_orders
    from oms_app.demo.scenario import write_scenario

    company = build_company(seed)
    today = datetime.now().astimezone().date()
    written = write_scenario(company, build_orders(company, seed, today), folder)
    typer.echo(f"{counted(len(written), 'file is', 'files are')} in {folder}.")
