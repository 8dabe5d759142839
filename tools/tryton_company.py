"""Make a small Tryton company to test against and to try things out: run with the Python of a Tryton environment.

    python tools/tryton_company.py FOLDER

FOLDER then holds `trytond.conf` and the SQLite database `company`: euro, chart of accounts, taxes, two warehouses,
countries, a payment term, and a user for Ordermill with the rights it needs. Its passwords are known to everybody.
"""

import argparse
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

DATABASE = "company"
LOGIN = "ordermill"
PASSWORD = "Throw-Away-0rders!"  # noqa: S105 - for tests on this machine
ADMIN_PASSWORD = "Throw-Away-Adm1n!"  # noqa: S105 - the same

MODULES = (
    "sale_supply",
    "stock_supply",
    "account_invoice_stock",
    "sale_invoice_grouping",
    "sale_stock_quantity",
    "sale_credit_limit",
    "sale_price_list",
    "sale_product_customer",
    "web_shop",
)
TAX_PERCENTAGES = (19, 7, 20, 0)
"""A category of goods for each: `Goods 19 %`."""

COUNTRIES = {
    "AT": "Austria",
    "BE": "Belgium",
    "CH": "Switzerland",
    "CZ": "Czechia",
    "DE": "Germany",
    "DK": "Denmark",
    "ES": "Spain",
    "FR": "France",
    "GB": "United Kingdom",
    "IT": "Italy",
    "LU": "Luxembourg",
    "NL": "Netherlands",
    "PL": "Poland",
    "SE": "Sweden",
    "US": "United States",
}

GROUPS = (
    "Sales",
    "Sales Administrator",
    "Accounting",
    "Accounting Administration",
    "Account Product Administration",
    "Stock",
    "Stock Administration",
    "Product Administration",
    "Party Administration",
    "Sale Stock Quantity",
    "Account Credit Limit",
)

CONFIGURATION = """\
[database]
uri = sqlite://
path = {folder}
[session]
authentications = password
[product]
price_decimal = 6
"""


def main() -> None:
    """Make the company in the folder given."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    folder = arguments.parse_args().folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    configuration = folder / "trytond.conf"
    configuration.write_text(CONFIGURATION.format(folder=folder), encoding="utf-8")
    activate(folder, configuration)
    connect(configuration)
    make_company()
    make_taxes_and_categories()
    make_countries()
    make_warehouses()
    make_user()


def activate(folder: Path, configuration: Path) -> None:
    """Create the database with every module in it: the slow part."""
    (folder / f"{DATABASE}.sqlite").touch()
    secret = folder / "admin.password"
    secret.write_text(ADMIN_PASSWORD, encoding="utf-8")
    command = [Path(sys.executable).with_name("trytond-admin"), "-c", configuration, "-d", DATABASE]
    options = ["--email", "admin@mill.example", "-p", "--activate-dependencies", "-u", *MODULES]
    subprocess.run([*command, *options], check=True, env={**os.environ, "TRYTONPASSFILE": str(secret)})  # noqa: S603
    secret.unlink()


def connect(configuration: Path) -> None:
    """Open the database in this process, as the administrator."""
    from proteus import config

    os.environ.pop("TRYTOND_DATABASE_URI", None)
    os.environ["DB_NAME"] = DATABASE
    config.set_trytond(database=None, user="admin", config_file=str(configuration))


def make_company() -> None:
    """Make the company with its accounts, its fiscal years and a payment term."""
    from proteus import Model
    from trytond.modules.account.tests.tools import create_chart, create_fiscalyear
    from trytond.modules.account_invoice.tests.tools import create_payment_term, set_fiscalyear_invoice_sequences
    from trytond.modules.company.tests.tools import create_company

    for wizard in Model.get("ir.module.config_wizard.item").find([("state", "=", "open")]):
        wizard.state = "done"
        wizard.save()
    ours = Model.get("party.party")(name="Mill Supplies GmbH")
    ours.save()
    create_company(ours, "EUR")
    create_chart()
    set_fiscalyear_invoice_sequences(create_fiscalyear()).click("create_period")
    term = create_payment_term()
    term.name = "30 days"
    term.save()


def make_taxes_and_categories() -> None:
    """Make a tax and a category of goods for each percentage."""
    from proteus import Model
    from trytond.modules.account.tests.tools import create_tax, get_accounts

    accounts = get_accounts()
    for percentage in TAX_PERCENTAGES:
        category = Model.get("product.category")(
            name=f"Goods {percentage} %",
            accounting=True,
            account_expense=accounts["expense"],
            account_revenue=accounts["revenue"],
        )
        if percentage:
            tax = create_tax(Decimal(percentage) / 100)
            tax.name = f"VAT {percentage} %"
            tax.save()
            category.customer_taxes.append(tax)
        category.save()


def make_countries() -> None:
    """Make the countries that addresses may name."""
    from proteus import Model

    country = Model.get("country.country")
    for code, name in COUNTRIES.items():
        country(code=code, name=name).save()


def make_warehouses() -> None:
    """Call the warehouse that is there MAIN, and make a second one."""
    from proteus import Model

    location = Model.get("stock.location")
    (main_warehouse,) = location.find([("type", "=", "warehouse")])
    main_warehouse.code = "MAIN"
    main_warehouse.name = "Main warehouse"
    main_warehouse.save()
    inside = []
    for name in ("Storage", "Input", "Output"):
        inside.append(location(name=f"North {name}", code=f"NORTH-{name.upper()}", type="storage"))
        inside[-1].save()
    north = location(name="North warehouse", code="NORTH", type="warehouse")
    (north.lost_found_location,) = location.find([("type", "=", "lost_found")])
    north.storage_location, north.input_location, north.output_location = inside
    north.save()


def make_user() -> None:
    """Make the user that Ordermill logs in as."""
    from proteus import Model
    from trytond.modules.company.tests.tools import get_company

    user = Model.get("res.user")(name="Ordermill", login=LOGIN, password=PASSWORD, email="ordermill@mill.example")
    for group in Model.get("res.group").find([("name", "in", GROUPS)]):
        user.groups.append(group)
    company = Model.get("company.company")(get_company().id)
    user.companies.append(company)
    user.company = company
    user.save()


if __name__ == "__main__":
    main()
