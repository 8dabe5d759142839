"""The commands that change what was read of an order, or say what is meant; each is judged again at once."""

from typing import Annotated

import typer

from oms_app.commands.deciding import As, DraftId, Line, Remember, Version, on_draft, say_left


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(check)
    app.command("set")(set_)
    app.command("choose-product")(choose_product)
    app.command("choose-customer")(choose_customer)
    app.command("choose-ship-to")(choose_ship_to)
    app.command("add-line")(add_line)
    app.command("remove-line")(remove_line)
    app.command()(repeat)


def check(ctx: typer.Context, draft: DraftId, as_: As = None, version: Version = None) -> None:
    """Judge an order again, after something was set up.

    A customer, a product or a price, for example.
    """
    from oms_flow.review import check_again

    on = on_draft(ctx, draft, as_, version)
    say_left(on, check_again(on.house, on.edit))


def set_(
    ctx: typer.Context,
    draft: DraftId,
    field: Annotated[str, typer.Argument(help="number, date, ship_to.name, lines[1].quantity (counted from 1), …")],
    value: Annotated[str, typer.Argument(help="What it should say; an empty text clears it.")],
    as_: As = None,
    version: Version = None,
) -> None:
    """Correct one field of what was read."""
    from oms_flow.correction import set_field
    from oms_flow.review import correct

    on = on_draft(ctx, draft, as_, version)
    change = set_field(_from_one(field), value, on.edit.who, on.house.company.tax.country)
    say_left(on, correct(on.house, on.edit, change))


def _from_one(path: str) -> str:
    """Turn `lines[1]`, as people count, into `lines[0]`. Raises InvalidInput for `lines[0]`, which nobody means."""
    import re

    from oms_core.errors import InvalidInput

    found = re.match(r"lines\[(\d+)\]", path)
    if found is None:
        return path
    if int(found[1]) == 0:
        raise InvalidInput(
            f"there is no line 0 to correct; lines are counted from 1, as in lines[1]{path[found.end() :]}"
        )
    return f"lines[{int(found[1]) - 1}]{path[found.end() :]}"


def choose_product(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    ctx: typer.Context,
    draft: DraftId,
    line: Line,
    sku: Annotated[str, typer.Argument(help="Our product.")],
    remember: Remember = False,
    as_: As = None,
    version: Version = None,
) -> None:
    """Say which product a line means."""
    from oms_flow import review

    on = on_draft(ctx, draft, as_, version)
    say_left(on, review.choose_product(on.house, on.edit, line - 1, sku, remember=remember))


def choose_customer(
    ctx: typer.Context,
    draft: DraftId,
    number: Annotated[str, typer.Argument(help="The customer's number.")],
    remember: Remember = False,
    as_: As = None,
    version: Version = None,
) -> None:
    """Say who orders."""
    from oms_flow import review

    on = on_draft(ctx, draft, as_, version)
    say_left(on, review.choose_customer(on.house, on.edit, number, remember=remember))


def choose_ship_to(
    ctx: typer.Context,
    draft: DraftId,
    code: Annotated[str, typer.Argument(help="The ship-to's code; an empty text is the customer's own address.")],
    as_: As = None,
    version: Version = None,
) -> None:
    """Say where the goods go."""
    from oms_flow import review

    on = on_draft(ctx, draft, as_, version)
    say_left(on, review.choose_ship_to(on.house, on.edit, code))


def add_line(
    ctx: typer.Context,
    draft: DraftId,
    code: Annotated[str, typer.Argument(help="Our code of the product.")],
    quantity: Annotated[str, typer.Argument(help="How many, as people write numbers.")],
    as_: As = None,
    version: Version = None,
) -> None:
    """Add a line with a code and a quantity."""
    from oms_flow import correction
    from oms_flow.review import correct

    on = on_draft(ctx, draft, as_, version)
    say_left(on, correct(on.house, on.edit, correction.add_line(on.edit.who, code, quantity)))


def remove_line(ctx: typer.Context, draft: DraftId, line: Line, as_: As = None, version: Version = None) -> None:
    """Take a line out."""
    from oms_flow import review

    on = on_draft(ctx, draft, as_, version)
    say_left(on, review.remove_line(on.house, on.edit, line - 1))


def repeat(ctx: typer.Context, draft: DraftId, as_: As = None, version: Version = None) -> None:
    """Take each delivery of this sender for a new order.

    From now on it is not asked about any more.
    """
    from oms_flow.review import keep_repeat

    on = on_draft(ctx, draft, as_, version)
    say_left(on, keep_repeat(on.house, on.edit))
