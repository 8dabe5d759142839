"""`ordermill demo run`: a company, its channels with their servers, worker and pages in one process."""

import fcntl
import json
import shutil
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from oms_app.calling import as_called
from oms_app.demo import mailhost, sftphost
from oms_app.demo.company import DEFAULT_SEED, DemoCompany, build_company
from oms_app.demo.feed import Doors, Feeder, drop
from oms_app.demo.orders import build_orders
from oms_app.demo.outcome import MAIL_CHANNEL, Outcome, channel_name, counted, told_wrong
from oms_app.demo.planned import DemoOrder
from oms_core.errors import InvalidInput, OrdermillError
from oms_core.values import ChannelKind

if TYPE_CHECKING:
    from config.settings import Settings
    from oms_app.bootstrap import Built

MARK = ".ordermill-demo"
"""Stands in every demo folder: only such a folder is emptied for a fresh start."""
SETTINGS_FILE = "ordermill.toml"
PORT = 8080
HOST = "127.0.0.1"
LOG_INS = (("reviewer", "Robin Reviewer", "reviewer-of-the-demo"), ("admin", "Ada Admin", "admin-of-the-demo"))
"""Log-in, name and password of the people of the demo; the log-in is the role."""
KINDS = ("products", "customers", "prices", "stock", "xref")
READY_SECONDS = 60.0
FED = "fed"
"""What the mark says once all orders were sent."""


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """What a run of the demo is asked for; `port` None takes 8080, or a free one where that is taken."""

    data_dir: Path = Path("var/demo")
    fast: bool = False
    keep: bool = False
    port: int | None = None
    seed: int = DEFAULT_SEED


@dataclass(slots=True)
class _Stage:
    """What stands when the demo is ready: the ways in, and the settings that know them."""

    doors: Doors
    settings: "Settings"
    mail_by: str
    texts: list[str] = field(default_factory=list)


def run_demo(plan: DemoPlan, say: Callable[[str], None]) -> None:
    """Run the demo until a signal says stop; `say` prints a line for people.

    Raises InvalidInput for a folder that is not the demo's own or in use, OrdermillError where the port is taken.
    """
    from oms_app.bootstrap import build, prepare_database
    from oms_app.logs import set_up_logs
    from oms_app.serving import serve

    with ExitStack() as ending:
        folder = ending.enter_context(own_folder(plan.data_dir, keep=plan.keep))
        company = build_company(plan.seed)
        port = _port(plan.port)
        say("Starting the private mail and SFTP servers …")
        stage = _stage(ending, folder, company, port)
        set_up_logs(stage.settings)
        say("Making the database and bringing in the demo company …")
        prepare_database(stage.settings)
        built = build(stage.settings)
        fill(built, company)
        feeder = _feeder(plan, built, stage, company)
        thread = threading.Thread(target=partial(_feed, feeder, folder, say), name="demo-feed", daemon=True)

        def when_ready() -> None:
            _wait_for_pages(port)
            for line in welcome(stage.mail_by, folder, port):
                say(line)
            if (folder / MARK).read_text(encoding="ascii") == FED:
                say("The orders of an earlier run were kept; none are sent again.")
            else:
                thread.start()

        try:
            serve(built, with_worker=True, with_web=True, when_ready=when_ready)
        finally:
            feeder.stopping.set()
            if thread.ident is not None:
                thread.join(timeout=10)
            built.house.store.engine.dispose()
    say("The demo has ended.")


@contextmanager
def own_folder(data_dir: Path, *, keep: bool) -> Iterator[Path]:
    """Give the demo's folder, empty unless `keep`; no other demo can use it meanwhile. Raises InvalidInput."""
    folder = data_dir.resolve()
    mark = folder / MARK
    if folder.exists() and any(folder.iterdir()) and not mark.exists():
        raise InvalidInput(f"{folder} holds something else than a demo; name another folder with --data-dir")
    folder.mkdir(parents=True, exist_ok=True)
    with mark.open("a+", encoding="ascii") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InvalidInput(f"a demo is running in {folder}; end it first, or name another --data-dir") from None
        if not keep:
            held.truncate(0)
            for path in folder.iterdir():
                if path != mark:
                    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        yield folder


def demo_settings(folder: Path, company: DemoCompany, port: int, channels: Mapping[str, Mapping[str, object]]) -> str:
    """Return the settings of the demo as a file that `--config` takes: a house like any other."""
    seller = company.seller
    sections: dict[str, Mapping[str, object]] = {
        "": {"data_dir": str(folder)},
        "company": {"name": seller.name, "names": seller.names, "ids": seller.ids, "addresses": (seller.mailbox,)},
        "web": {"host": HOST, "port": port},
        "security": {"trusted_hosts": (seller.mail_host,)},
        "mail_out": {"connector": "mail_folder", "folder": str(folder / "mail-out"), "sender": seller.mailbox},
        "log": {"level": "warning"},
    }
    sections |= {f"channels.{name}": options for name, options in channels.items()}
    return "\n".join(_section(name, values) for name, values in sections.items())


def _section(name: str, values: Mapping[str, object]) -> str:
    # JSON's texts, numbers and lists are TOML's as well.
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join([*([f"[{name}]"] if name else []), *lines, ""])


def fill(built: "Built", company: DemoCompany) -> None:
    """Bring the company's master data in, and the two people of the demo; what is there stays as it is."""
    from oms_flow.master import apply
    from oms_flow.people import LoginRules, add_person, change_password, everybody

    store = built.house.store
    for kind in KINDS:
        told = apply(built.house, kind, getattr(company, kind if kind != "xref" else "xrefs"), "demo")
        if told.errors:
            raise OrdermillError(f"the demo's {kind} cannot be brought in: {told.errors[0].message}")
    known = {person.login for person in everybody(store)}
    for login, name, password in LOG_INS:
        if login not in known:
            first = add_person(store, "demo", login, name, login)
            change_password(store, LoginRules(), login, first, password)


def welcome(mail_by: str, folder: Path, port: int) -> Iterator[str]:
    """Yield what a newcomer is told."""
    yield ""
    yield f"Ordermill is running: http://{HOST}:{port}/"
    for login, _, password in LOG_INS:
        yield f"  log in as {login:<9} with the password {password}"
    yield f"Mail comes through {mail_by}."
    yield "Beside it, in another terminal:"
    for command in ("doctor", "orders", "review list"):
        yield f"  {as_called(folder / SETTINGS_FILE)} {command}"
    yield "Orders are coming in. Ctrl-C ends the demo."
    yield ""


def _stage(ending: ExitStack, folder: Path, company: DemoCompany, port: int) -> _Stage:
    """Start the servers and open the folders that orders come through, and write the settings that fit."""
    from config.loading import load

    orders = build_orders(company, company.seed, date(2026, 1, 5))
    channels: dict[str, dict[str, object]] = {}
    mail, mail_by = _mail(ending, folder, company, channels)
    folders = _folders(folder, orders, channels) | _sftp(ending, folder, orders, channels)
    path = folder / SETTINGS_FILE
    path.touch(mode=0o600)
    path.write_text(demo_settings(folder, company, port, channels), encoding="utf-8")
    return _Stage(Doors(mail, folders), load({}, path), mail_by)


def _mail(
    ending: ExitStack, folder: Path, company: DemoCompany, channels: dict[str, dict[str, object]]
) -> tuple[Callable[[str, bytes], None], str]:
    """Open the mailbox in a Dovecot of our own, or a folder of .eml files where there is none."""
    account = mailhost.MailAccount(company.seller.mailbox, "mailbox-of-the-demo")
    absent = mailhost.missing()
    if absent:
        inbox = folder / "mailbox"
        inbox.mkdir(exist_ok=True)
        told = "a folder of .eml files"
        options: dict[str, object] = {"kind": "folder", "path": str(inbox), "take": "renamed", "poll_seconds": 0.5}
        channels[MAIL_CHANNEL] = options | {"describes": f"{account.address}, {told} ({absent})"}
        return partial(drop, inbox), f"{told}: {absent}"
    host = mailhost.MailHost([account])
    host.start(folder / "mail-server")
    ending.callback(host.stop)
    told = f"a Dovecot of its own on port {host.imaps_port} (IMAP over TLS)"
    channels[MAIL_CHANNEL] = {
        "kind": "mailbox",
        "host": mailhost.HOST,
        "port": host.imaps_port,
        "username": account.address,
        "password": account.password,
        "ca_file": str(host.ca_file),
        "poll_seconds": 20.0,
        "describes": account.address,
    }
    return lambda _name, data: host.deliver(data), told


def _folders(folder: Path, orders: Sequence[DemoOrder], channels: dict[str, dict[str, object]]) -> dict[str, Path]:
    """Open a watched folder for each customer that sends by folder: who may write there is who sends."""
    found = {}
    for order in orders:
        name = channel_name(order)
        if order.channel is ChannelKind.FOLDER and name not in found:
            found[name] = folder / "inbox" / order.sender
            found[name].mkdir(parents=True, exist_ok=True)
            options = {"kind": "folder", "path": str(found[name]), "take": "renamed", "poll_seconds": 0.5}
            channels[name] = options | {"partner": order.sender, "describes": f"Folder of {order.sender}"}
    return found


def _sftp(
    ending: ExitStack, folder: Path, orders: Sequence[DemoOrder], channels: dict[str, dict[str, object]]
) -> dict[str, Path]:
    """Start the SFTP server with a user for each customer that sends by SFTP."""
    users = {channel_name(order): order.sender for order in orders if order.channel is ChannelKind.SFTP}
    host = sftphost.SftpHost(tuple(users.values()))
    host.start(folder)
    ending.callback(host.stop)
    for name, user in users.items():
        channels[name] = {
            "kind": "sftp",
            "host": sftphost.HOST,
            "port": host.port,
            "username": user,
            "host_key": (host.host_key,),
            "key_file": str(host.client_key),
            "pending": sftphost.PENDING,
            "done": sftphost.DONE,
            "error": sftphost.ERROR,
            "take": "renamed",
            "poll_seconds": 1.0,
            "partner": user,
            "describes": f"SFTP of {user}",
        }
    return {name: host.pending(user) for name, user in users.items()}


def _feeder(plan: DemoPlan, built: "Built", stage: _Stage, company: DemoCompany) -> Feeder:
    orders = build_orders(company, plan.seed, built.house.today())
    return Feeder(built.house, stage.doors, orders, plan.seed, plan.fast)


def _feed(feeder: Feeder, folder: Path, say: Callable[[str], None]) -> None:
    """Feed, then tell what became of the orders."""
    found = feeder.run()
    if feeder.stopping.is_set():
        return
    (folder / MARK).write_text(FED, encoding="ascii")
    for line in summary(found):
        say(line)


def summary(found: Sequence[Outcome]) -> Iterator[str]:
    """Yield what became of the orders, and each that came out otherwise than it should."""
    yield f"All {len(found)} deliveries are in:"
    for word, should, are in counted(found):
        yield f"  {word:<12} {are:>3}" + ("" if should == are else f"   (expected {should})")
    wrong = [one for one in found if not one.as_expected]
    if not wrong:
        yield "Every one came out as expected."
    for one in wrong:
        yield f"  otherwise than expected: {told_wrong(one)}"


def _port(wanted: int | None) -> int:
    """Return the wanted port where it is free. Raises OrdermillError where it is taken."""
    for port in (wanted,) if wanted else (PORT, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            found: int = probe.getsockname()[1]
            return found
    raise OrdermillError(f"port {wanted} is taken by another program; say another one with --port")


def _wait_for_pages(port: int) -> None:
    """Wait until the pages answer."""
    import time

    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise OrdermillError("The pages did not start; the lines above say why.")
