"""Sessions: each write is one named transaction, guarded by the worker's lease, and knows what work follows from it.

A SQLite write takes the write lock before it reads, so what it read still holds when it writes; PostgreSQL locks the
rows (`FOR UPDATE`) that a decision depends on.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session, SessionTransaction, sessionmaker

from oms_core.ids import new_id
from oms_core.ports import Clock
from oms_core.records import Audit
from oms_core.values.work import Work
from oms_store.engine import BUSY_MILLISECONDS, is_sqlite

Enqueue = Callable[[Session, Work], None]
"""Starts durable work inside the transaction of the session it is given."""
Boundary = Callable[[str, str], None]
"""Told `(transaction, "before" | "after")` around each commit: where a crash test stops the process."""
Guard = Callable[[Connection], None]
"""Raises `LeaseLost` when this process may no longer write."""


def no_boundary(_name: str, _moment: str) -> None:
    """Let every commit pass."""


def _no_guard(_connection: Connection) -> None:
    return


@dataclass(slots=True)
class Unit:
    """One transaction under way: its session, the time it was opened, and what follows when it commits."""

    session: Session
    now: datetime
    enqueue: Enqueue

    def new_id(self) -> str:
        """Return a key for a new record."""
        return new_id(self.now)

    def follow(self, work: Work) -> None:
        """Start this work when, and only when, the transaction commits."""
        self.session.flush()
        self.enqueue(self.session, work)

    def audit(self, who: str, what: str, subject: str, after: str | None = None, before: str | None = None) -> None:
        """Write down who did what to which record."""
        self.session.add(
            Audit(id=self.new_id(), at=self.now, who=who, what=what, subject=subject, before=before, after=after)
        )


@dataclass(frozen=True, slots=True)
class Store:
    """The database as the verbs see it."""

    engine: Engine
    clock: Clock
    enqueue: Enqueue
    guard: Guard = _no_guard
    boundary: Boundary = no_boundary
    patience: int = BUSY_MILLISECONDS
    """How long a write waits for others before it gives up, in milliseconds."""
    turn: threading.Lock = field(default_factory=threading.Lock)
    write_sessions: "sessionmaker[Session]" = field(init=False)

    def __post_init__(self) -> None:
        makers = sessionmaker(bind=self.engine, class_=_WriteSession, expire_on_commit=False, info={"store": self})
        object.__setattr__(self, "write_sessions", makers)

    @property
    def sqlite(self) -> bool:
        """Whether this is SQLite, where a writer already holds the only write lock."""
        return is_sqlite(self.engine)

    @contextmanager
    def write(self, name: str) -> Iterator[Unit]:
        """Open one transaction; it commits when the block ends, and nothing of it stays when the block raises."""
        with self.write_sessions(info={"store": self, "name": name}) as session, session.begin():
            yield self.unit(session)

    def unit(self, session: Session) -> Unit:
        """Wrap a session that somebody else commits (the motor's datasource)."""
        return Unit(session, self.clock.now(), self.enqueue)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open one consistent view of the database that writes nothing."""
        with Session(self.engine, expire_on_commit=False) as session:
            if self.sqlite:
                session.connection().exec_driver_sql("BEGIN")
            else:
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session


class _WriteSession(Session):
    """A session whose transactions write: locked, guarded and told of at their boundaries."""


@event.listens_for(_WriteSession, "after_transaction_create")
def _queue(session: Session, transaction: SessionTransaction) -> None:
    """Let the threads of one process write in turn, each before it takes a connection from the pool.

    SQLite lets waiting writers poll, and the unlucky one starves; and a pool full of waiting writers has no connection
    left for the one who writes.
    """
    store: Store = session.info["store"]
    if transaction.parent is not None or not store.sqlite:
        return
    began = time.monotonic()
    if store.turn.acquire(timeout=store.patience / 1000):
        session.info["turn"] = store.turn
    waited = int((time.monotonic() - began) * 1000)
    session.info["left"] = max(0, store.patience - waited)


@event.listens_for(_WriteSession, "after_begin")
def _open(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    if transaction.nested:
        return
    store: Store = session.info["store"]
    if not store.sqlite:
        if store.patience != BUSY_MILLISECONDS:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {store.patience}")
    elif store.patience == BUSY_MILLISECONDS:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        _begin_within(connection, session.info.pop("left", store.patience))
    store.guard(connection)


def _begin_within(connection: Connection, milliseconds: int) -> None:
    """Take SQLite's write lock, waiting no longer than this; the connection goes back to the pool as patient as before.

    Raises OperationalError (SQLITE_BUSY) when others write for longer.
    """
    connection.exec_driver_sql(f"PRAGMA busy_timeout={milliseconds}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")


@event.listens_for(_WriteSession, "after_transaction_end")
def _close(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None and (turn := session.info.pop("turn", None)):
        turn.release()


@event.listens_for(_WriteSession, "before_commit")
def _before(session: Session) -> None:
    if not session.in_nested_transaction():
        session.flush()
        session.info["store"].boundary(session.info.get("name", ""), "before")


@event.listens_for(_WriteSession, "after_commit")
def _after(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info["store"].boundary(session.info.get("name", ""), "after")
