"""docs/your-company-in-15-minutes.md does what it says: its files are written, its commands run, in their order."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlmodel import select

from config.loading import load
from config.settings import DATABASE_FILE
from oms_app.bootstrap import build, partners
from oms_app.channel_options import channel_settings
from oms_app.reading_pool import InlineReader
from oms_core.records import Document, Outbox
from oms_flow.walk import delivery, walk
from oms_store.store import Unit

Cli = Callable[..., Any]
T = TypeVar("T")
PAGE = (Path(__file__).parents[3] / "docs" / "your-company-in-15-minutes.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"(?m)^`([^`\n]+)`:\n\n```\w+\n((?:.*\n)*?)```", PAGE))
COMMANDS = [
    line.strip()
    for block in re.findall(r"(?m)^```sh\n((?:.*\n)*?)```", PAGE)
    for line in block.splitlines()
    if line.strip().startswith("ordermill ")
]


@pytest.fixture
def company(cli: Cli, data_dir: Path, tmp_path: Path) -> Path:
    """The folder of the page with its files, over the database that `cli` works on."""
    del cli
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    data_dir.mkdir(exist_ok=True)
    return tmp_path


def test_every_command_of_the_page_works_over_its_files(cli: Cli, company: Path, data_dir: Path) -> None:
    assert len(FILES) == 7
    assert len(COMMANDS) > 12
    for command in COMMANDS:
        words = shlex.split(command)[1:]
        if words == ["run"]:
            _run(company, data_dir)
            continue
        told = cli(*words)
        assert told.status == 0, (command, told.out, told.err)
        if words[0] == "import":
            assert "as they were" in told.out
    (order,) = cli("orders", "--json").lines
    assert (order["customer"], order["net"], order["accepted_by"]) == ("C-1001", "253", "ordermill")
    lines = cli("show", order["number"], "--json").json["lines"]
    assert [(line["sku"], line["quantity"]) for line in lines] == [("HXB-M8X40", "600"), ("CAB-3G15", "200")]
    assert len(list((data_dir / "erp" / "orders").glob("*.json"))) == 1


def _run(company: Path, data_dir: Path) -> None:
    """Do what a worker does, at once: walk what waits, then deliver what follows."""
    database = f"sqlite:///{company / DATABASE_FILE}"
    environ = {"ORDERMILL_DATA_DIR": str(data_dir), "ORDERMILL_DATABASE__URL": database}
    built = build(load(environ, company / "ordermill.toml"), reader=InlineReader())
    house = built.house

    def step(name: str, save: Callable[[Unit], T]) -> T:
        with house.store.write(name) as unit:
            return save(unit)

    with house.store.read() as session:
        documents = session.scalars(select(Document.id)).all()
    for document in documents:
        walk(house, document, step)
    with house.store.read() as session:
        pushes = session.scalars(select(Outbox)).all()
    for push in pushes:
        delivery(house, partners(built.settings, house.store.clock), push.id, push.run, step)
    house.store.engine.dispose()


def test_the_mailbox_of_the_page_is_one_that_can_be_opened(company: Path, tmp_path: Path) -> None:
    (block,) = re.findall(r"```toml\n(\[channels\.orders\](?:.*\n)*?)```", PAGE)
    secret = tmp_path / "secret"
    secret.write_text("x", encoding="utf-8")
    text = block.replace("/etc/ordermill/orders-mail", str(secret))
    (company / "ordermill.toml").write_text(FILES["ordermill.toml"] + text, encoding="utf-8")
    settings = load({}, company / "ordermill.toml")
    assert channel_settings(settings, settings.channels[0]).name == "orders"
