"""How a house of a story is wired to the real servers: its settings, channel by channel and partner by partner."""

import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest
from sqlalchemy import make_url
from sqlmodel import col, select

from oms_app.demo.mailhost import MailHost
from oms_core.records import Delivery, Draft
from oms_flow import review
from oms_flow.people import create_first_admin
from oms_flow.review import Edit
from tests.run import once
from tests.scenario_house import OUR_ADDRESS, RealHouse, Toml
from tests.servers.databases import DEMO_TEMPLATE
from tests.servers.dovecot import Mailbox, new_mailbox
from tests.servers.postgres import PostgresServer
from tests.servers.smtp import PASSWORD, USER, SmtpServer
from tests.servers.sshd import SftpFolders, SshServer
from tests.servers.tryton import TrytonServer
from tests.walk import fill_with_demo

NewHouse = Callable[..., RealHouse]
"""Makes a house: `new_house("sqlite", {"channels": …})`; it is closed by the one who made the maker."""


@dataclass(frozen=True, slots=True)
class Connected:
    """A house with a mailbox, folders and partners, its worker at work."""

    house: RealHouse
    mailbox: Mailbox
    sftp: SftpFolders
    inbox: Path
    smtp: SmtpServer
    password: str

    @property
    def partner_inbox(self) -> Path:
        """The folder that only the customer K1005 writes to."""
        return self.inbox / "K1005"

    @property
    def address(self) -> str:
        """Where the pages and the API are."""
        return f"http://127.0.0.1:{self.house.settings().web.port}"

    def mails_to(self, address: str) -> list[str]:
        """Return the texts of the mails that left for an address."""
        mails = [mail for mail in self.smtp.mails if address in mail.receivers]
        return [str(mail.message.get_content()) for mail in mails]

    def deliveries(self) -> list[Delivery]:
        """Return every delivery, oldest first."""
        with self.house.look() as session:
            return list(session.scalars(select(Delivery).order_by(col(Delivery.id))))

    def accept(self, draft: Draft, customer: str) -> None:
        """Decide as a person does: this is the customer, and the order is fine."""
        version = review.choose_customer(self.house.house, Edit(draft.id, draft.version, "ida"), customer)
        accepted = review.accept_task(self.house.house, Edit(draft.id, version, "ida"))
        assert accepted.order_id is not None, accepted.stopped_by

    @contextmanager
    def web(self) -> Iterator[httpx.Client]:
        """Log in as a program does."""
        with httpx.Client(base_url=self.address, timeout=60) as client:
            opened = client.post("/api/v1/sessions", json={"login": "admin", "password": self.password})
            assert opened.status_code == HTTPStatus.CREATED, opened.text
            client.headers["Authorization"] = f"Bearer {opened.json()['token']}"
            yield client


def _sqlite_demo(folder: Path) -> dict[str, str]:
    fill_with_demo(f"sqlite:///{folder / 'template.db'}")
    return {"path": str(folder / "template.db")}


@contextmanager
def database(request: pytest.FixtureRequest, engine: str, folder: Path) -> Iterator[str]:
    """Give the address of a fresh database with the demo company in it."""
    if engine == "sqlite":
        shutil.copy(once("sqlite-demo-template", _sqlite_demo)["path"], folder / "ordermill.db")
        yield f"sqlite:///{folder / 'ordermill.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.create(server.template(DEMO_TEMPLATE, fill_with_demo))
    yield make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    server.drop(url)


@contextmanager
def houses(request: pytest.FixtureRequest, make_folder: Callable[[], Path]) -> Iterator[NewHouse]:
    """Lend a maker of houses and close what it made."""
    with ExitStack() as opened:

        def make(engine: str, sections: Toml, folder: Path | None = None) -> RealHouse:
            place = folder or make_folder()
            url = opened.enter_context(database(request, engine, place))
            house = RealHouse(place, url, sections)
            house.write_settings()
            opened.callback(house.close)
            return house

        yield make


def connected(make: NewHouse, engine: str, servers: tuple[MailHost, SshServer, SmtpServer], more: Toml) -> Connected:
    """Make a house with every channel and start its worker, pages included."""
    mail_host, ssh_server, smtp = servers
    mailbox = new_mailbox(mail_host)
    house = make(engine, {})
    inbox, remote = house.folder / "inbox", SftpFolders(ssh_server, house.folder / "remote")
    inbox.mkdir()
    remote.pending.mkdir(parents=True)
    partner = inbox / "K1005"
    partner.mkdir()
    channels = {
        "mail": by_mail(mailbox),
        "drop": by_folder(inbox),
        "seeblick": by_folder(partner, partner="K1005"),
        "edi": by_sftp(remote),
    }
    house.sections = {"channels": channels, "mail_out": by_smtp(smtp), "web": {"port": free_port()}, **more}
    house.write_settings()
    password = create_first_admin(house.house.store)
    assert password is not None
    house.start("--web")
    return Connected(house, mailbox, remote, inbox, smtp, password)


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def by_mail(mailbox: Mailbox) -> Toml:
    """Return the settings of a mailbox channel; polls are rare, so that only IDLE can be quick."""
    return {
        "kind": "mailbox",
        "poll_seconds": 600.0,
        "host": "localhost",
        "port": mailbox.host.imaps_port,
        "username": mailbox.address,
        "password": mailbox.account.password,
        "ca_file": str(mailbox.host.ca_file),
    }


def by_folder(inbox: Path, **more: str) -> Toml:
    """Return the settings of a folder channel for files that are renamed into it."""
    return {"kind": "folder", "poll_seconds": 0.2, "path": str(inbox), "take": "renamed", **more}


def by_sftp(folders: SftpFolders) -> Toml:
    """Return the settings of an SFTP channel."""
    return {
        "kind": "sftp",
        "poll_seconds": 0.2,
        "host": "127.0.0.1",
        "port": folders.server.port,
        "username": folders.server.username,
        "host_key": [folders.server.host_key()],
        "key_file": str(folders.server.client_key),
        "pending": str(folders.pending),
        "done": str(folders.root / "done"),
        "error": str(folders.root / "error"),
        "take": "renamed",
        "partner": "K1003",
    }


def by_smtp(server: SmtpServer) -> Toml:
    """Return the settings of the mail server."""
    return {
        "connector": "smtp",
        "host": "127.0.0.1",
        "port": server.port,
        "sender": OUR_ADDRESS,
        "user": USER,
        "password": PASSWORD,
        "authorities": str(server.certificate),
    }


def to_tryton(server: TrytonServer, url: str = "") -> Toml:
    """Return the settings of the ERP; `url` is another way to the same server."""
    settings = server.settings
    return {
        "connector": "tryton",
        "url": url or settings.url,
        "database": settings.database,
        "user": settings.user,
        "password": settings.password,
        "timeout_seconds": 10.0,
    }
