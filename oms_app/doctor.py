"""The doctor: whether all is accounted for, every figure adds up, every document is there, and everything runs."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlmodel import col, select

from config.settings import Settings
from oms_app.doctor_documents import wrong_documents
from oms_core.decisions.transition import OutboxState
from oms_core.errors import InvalidInput
from oms_core.ports import Clock
from oms_core.records import Outbox
from oms_core.values.counting import counted
from oms_store import soundness
from oms_store.conservation import LAWS, Balance, balances, failed, members, orphans, stuck
from oms_store.documents import DocumentStore
from oms_store.engine import is_sqlite, make_engine
from oms_store.figures import channel_statuses, partner_figures
from oms_store.migrate import head, revision

SAFE_SQLITE = (3, 51, 3)
"""From this version on the reported race between a checkpoint and a writer is mended (docs/adr/0003)."""
LARGE_LOG_BYTES = 512 * 1024 * 1024
"""A write-ahead log of this size means that nobody has checkpointed for long."""
WORKER = "worker:"
_ONE = {"deliveries": "delivery", "documents": "document", "drafts": "draft"}
"""What one of each law is called."""
MOST_NAMED = 20
"""Members that a sentence names; all of them are in `members`."""


class Status(StrEnum):
    """How a check came out; `wrong` makes the exit status 1, `warning` does not."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was found, in a sentence, and the ids of what is concerned."""

    name: str
    status: Status
    message: str
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All checks, and the balances of the conservation laws (empty where there is no schema to count in)."""

    findings: tuple[Finding, ...]
    balances: tuple[Balance, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return all(finding.status is not Status.WRONG for finding in self.findings)


@dataclass(frozen=True, slots=True)
class _Case:
    """What every check is given: one view of the database at one moment."""

    session: Session
    engine: Engine
    settings: Settings
    now: datetime
    deep: bool

    def told(self, moment: datetime) -> str:
        """Write an instant by the company's clock, as the pages do, with its zone."""
        return f"{moment.astimezone(ZoneInfo(self.settings.company.time_zone)):%Y-%m-%d %H:%M:%S %Z}"


def diagnose(settings: Settings, clock: Clock, *, deep: bool = False) -> Diagnosis:
    """Check everything in one view of the database; `deep` hashes every document and lets SQLite check its file.

    Never raises for what it finds: a database that does not answer is a finding.
    """
    engine = make_engine(settings.database_url)
    try:
        schema = _schema(engine)
        version = _version(engine)
        if schema.status is Status.WRONG:
            return Diagnosis((schema, version))
        with Session(engine, expire_on_commit=False) as session:
            if is_sqlite(engine):
                session.connection().exec_driver_sql("BEGIN")
            else:
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            case = _Case(session, engine, settings, clock.now(), deep)
            found = [finding for check in _CHECKS for finding in check(case)]
            return Diagnosis((schema, version, *found), balances(session))
    except SQLAlchemyError as problem:
        reason = str(problem.__cause__ or problem).splitlines()[0]
        return Diagnosis((Finding("database", Status.WRONG, f"The database does not answer: {reason}"),))
    finally:
        engine.dispose()


def list_members(settings: Settings, what: str) -> tuple[str, ...]:
    """Return the ids in one place of a conservation law, named `LAW:PLACE`. Raises InvalidInput for no such place."""
    law, _, place = what.partition(":")
    if law not in LAWS or place not in LAWS[law][1]:
        places = ", ".join(f"'{name}:{one}'" for name, (_, known) in LAWS.items() for one in known)
        raise InvalidInput(f"there is no place {what[:60]!r}; the places are {places}")
    engine = make_engine(settings.database_url)
    try:
        with Session(engine) as session:
            return members(session, law, place)
    finally:
        engine.dispose()


def _schema(engine: Engine) -> Finding:
    present, wanted = revision(engine), head()
    if present == wanted:
        return Finding("schema", Status.OK, f"The database is at schema {present}, which is this version's.")
    state = "has no schema yet" if present is None else f"is at schema {present} and this version needs {wanted}"
    return Finding("schema", Status.WRONG, f"The database {state}: run 'ordermill migrate'.")


def _version(engine: Engine) -> Finding:
    if not is_sqlite(engine):
        with engine.connect() as connection:
            told = connection.exec_driver_sql("SHOW server_version").scalar()
        return Finding("database version", Status.OK, f"PostgreSQL {told}.")
    version = sqlite3.sqlite_version
    if sqlite3.sqlite_version_info >= SAFE_SQLITE:
        return Finding("database version", Status.OK, f"SQLite {version}.")
    return Finding(
        "database version",
        Status.OK,
        f"SQLite {version}: before 3.51.3 a checkpoint and a writer could meet and harm the file. Here they cannot: "
        "checkpoints are made under the write lock (docs/adr/0003). Let no other program write to this database.",
    )


def _log_size(case: _Case) -> Iterator[Finding]:
    if not is_sqlite(case.engine) or not case.engine.url.database:
        return
    log = Path(f"{case.engine.url.database}-wal")
    size = log.stat().st_size if log.exists() else 0
    shown = f"The write-ahead log has {size / 1024 / 1024:.1f} MB."
    if size > LARGE_LOG_BYTES:
        advice = "It is copied into the database by the worker that leads, every half minute: does one run?"
        yield Finding("write-ahead log", Status.WARNING, f"{shown} {advice}")
    else:
        yield Finding("write-ahead log", Status.OK, shown)


def _file(case: _Case) -> Iterator[Finding]:
    if case.deep and is_sqlite(case.engine):
        wrong = soundness.integrity(case.session)
        yield _told(
            "database file", wrong, "SQLite finds its file sound.", "SQLite finds its file damaged", "restore it"
        )


def _laws(case: _Case) -> Iterator[Finding]:
    for balance in balances(case.session):
        parts = ", ".join(f"{count} {place}" for place, count in balance.parts if count) or "nothing yet"
        shown = f"{counted(balance.total, _ONE[balance.name], balance.name)}: {parts}."
        if balance.holds:
            yield Finding(balance.name, Status.OK, shown)
        else:
            lost = balance.total - sum(count for _, count in balance.parts)
            gone = counted(lost, "is", "are")
            yield Finding(balance.name, Status.WRONG, f"{shown} {gone} in no place we know: report this as a bug.")


def _orphans(case: _Case) -> Iterator[Finding]:
    found = orphans(case.session)
    yield _told("orphans", found, "Nothing refers to something that is not there.", "Belong to nothing", "report this")


def _stuck(case: _Case) -> Iterator[Finding]:
    minutes = case.settings.worker.alarm_minutes
    found = stuck(case.session, case.now, minutes)
    advice = "is a worker running? Its log says why it does not get on"
    yield _told("progress", found, "Nothing is stuck.", f"In progress for over {minutes:g} minutes", advice)


def _failed(case: _Case) -> Iterator[Finding]:
    found = failed(case.session)
    advice = "the worker's log says what failed; mend it, then let the documents be read again or accept them by hand"
    bad = "The machine failed on these, and people have them"
    yield _told("machine", found, "The machine failed on nothing.", bad, advice)


def _documents(case: _Case) -> Iterator[Finding]:
    store = DocumentStore(case.settings.data_dir / "documents")
    count, wrong = wrong_documents(store, soundness.kept_bytes(case.session), deep=case.deep)
    read = "there and whole, each one read" if case.deep else "there with the right size"
    advice = "restore them from a backup, with 'ordermill restore' or by copying the files"
    yield _told(
        "document store", wrong, f"{counted(count, 'file')}: all {read}.", f"Missing or damaged in {store.root}", advice
    )


def _stock(case: _Case) -> Iterator[Finding]:
    ledger = soundness.ledger_differences(case.session)
    yield _told(
        "stock ledger", ledger, "Stock is the sum of its movements.", "Not the sum of its movements", "report it"
    )
    promised = soundness.allocation_differences(case.session)
    fine, bad = "What is allocated is what orders were promised.", "Allocated is not what orders were promised"
    yield _told("allocations", promised, fine, bad, "report it")


def _orders(case: _Case) -> Iterator[Finding]:
    found = soundness.incomplete_orders(case.session)
    fine, bad = "Every order has its lines, its draft invoice and its push.", "Orders without lines, invoice or push"
    yield _told("orders", found, fine, bad, "report it")
    waiting = soundness.unconfirmed_pushed_orders(case.session)
    yield _told("confirmations", waiting, "Every pushed order is confirmed.", "Pushed and not confirmed", "report it")


def _workers(case: _Case) -> Iterator[Finding]:
    held = soundness.leases(case.session)
    alive = [lease for lease in held if lease.expires_at > case.now]
    workers = [lease for lease in alive if lease.name.startswith(WORKER)]
    leader = next((lease.holder for lease in alive if lease.name == "leader"), None)
    names = tuple(lease.name for lease in held)
    if not workers:
        message = "No worker is running: nothing is taken in, read or sent. Start 'ordermill run' or '… worker'."
        yield Finding("workers", Status.WARNING, message, names)
    elif leader is None:
        running = counted(len(workers), "worker runs", "workers run")
        message = f"{running} and none leads: channels are not looked at. This should last some seconds only."
        yield Finding("workers", Status.WARNING, message, names)
    else:
        places = ", ".join(f"{lease.host} (process {lease.pid})" for lease in workers)
        yield Finding("workers", Status.OK, f"{len(workers)} running: {places}. {leader} leads.", names)


def _channels(case: _Case) -> Iterator[Finding]:
    rows = {row.name: row for row in channel_statuses(case.session)}
    configured = [channel for channel in case.settings.channels if channel.enabled]
    for channel in configured:
        row = rows.get(channel.name)
        if row is None:
            yield Finding(f"channel {channel.name}", Status.WARNING, "It was never looked at; has a worker run since?")
        elif not row.available:
            yield Finding(f"channel {channel.name}", Status.WARNING, row.message or "It cannot be reached.")
        else:
            looked = f"last looked at {case.told(row.last_look_at)}" if row.last_look_at else "reached"
            yield Finding(f"channel {channel.name}", Status.OK, f"{row.describes or row.kind}: {looked}.")
    if not configured:
        message = "No channel is set up: orders come in by upload and 'ordermill ingest' only."
        yield Finding("channels", Status.OK, message)


def _partners(case: _Case) -> Iterator[Finding]:
    for one in partner_figures(case.session, case.now):
        shown = f"{one.done} sent, {one.waiting} waiting, {one.unknown} under way, {one.suppressed} not sent on purpose"
        if one.open_until is not None:
            until = f"left alone until {case.told(one.open_until)} after {counted(one.failures, 'failure')}"
            yield Finding(f"partner {one.partner}", Status.WARNING, f"{shown}; {until}: {one.last_error}")
        elif one.last_error:
            yield Finding(f"partner {one.partner}", Status.WARNING, f"{shown}; it said: {one.last_error}")
        else:
            yield Finding(f"partner {one.partner}", Status.OK, f"{shown}.")


def _refused(case: _Case) -> Iterator[Finding]:
    rows = select(Outbox).where(col(Outbox.state) == OutboxState.REJECTED).order_by(col(Outbox.id))
    found = tuple(f"{row.id} ({row.partner}): {row.last_error}" for row in case.session.scalars(rows))
    advice = "put right what it names, then let it be tried again on the order's page"
    yield _told("refused pushes", found, "No partner has refused anything.", "Refused by a partner", advice)


def _told(name: str, found: tuple[str, ...], fine: str, bad: str, advice: str) -> Finding:
    """Make a finding of a list that should be empty."""
    if not found:
        return Finding(name, Status.OK, fine)
    shown = ", ".join(found[:MOST_NAMED]) + (" …" if len(found) > MOST_NAMED else "")
    return Finding(name, Status.WRONG, f"{bad} ({len(found)}): {shown}. To do: {advice}.", found)


_CHECKS: tuple[Callable[[_Case], Iterator[Finding]], ...] = (
    _log_size,
    _file,
    _laws,
    _orphans,
    _stuck,
    _failed,
    _documents,
    _stock,
    _orders,
    _workers,
    _channels,
    _partners,
    _refused,
)
