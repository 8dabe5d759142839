"""Leases with fencing: a worker that was paused and taken over fails its next write instead of doing work twice."""

import os
import socket
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection
from sqlalchemy.orm import Session
from sqlmodel import col, select

from oms_core.errors import LeaseLost
from oms_core.records import Lease
from oms_store.columns import table
from oms_store.store import Unit

LEASE_SECONDS = 10.0
"""How long a silent worker keeps its lease."""


@dataclass(frozen=True, slots=True)
class Held:
    """A lease that this process was given."""

    name: str
    holder: str
    fence: int

    def check(self, connection: Connection) -> None:
        """Refuse to write when another process has taken over; shuts takeovers out until the transaction ends."""
        lease = table(Lease).c
        mine = select(lease.fence).where(
            lease.name == self.name, lease.holder == self.holder, lease.fence == self.fence
        )
        if connection.execute(mine.with_for_update(read=True, key_share=True)).first() is None:
            raise LeaseLost(f"{self.holder} no longer holds the lease {self.name}: another worker has taken over")


def acquire(unit: Unit, name: str, holder: str, seconds: float = LEASE_SECONDS) -> Held | None:
    """Take a lease that is free, expired, or whose process on this machine is dead; None while another holds it."""
    lease = _locked(unit.session, name)
    expires = unit.now + timedelta(seconds=seconds)
    if lease is None:
        unit.session.add(
            Lease(name=name, holder=holder, fence=1, host=socket.gethostname(), pid=os.getpid(), expires_at=expires)
        )
        unit.session.flush()
        return Held(name, holder, 1)
    if lease.holder != holder and not expired(unit, lease):
        return None
    lease.fence, lease.holder = lease.fence + 1, holder
    lease.host, lease.pid, lease.expires_at = socket.gethostname(), os.getpid(), expires
    return Held(name, holder, lease.fence)


def renew(unit: Unit, held: Held, seconds: float = LEASE_SECONDS) -> None:
    """Prolong a lease. Raises LeaseLost when it was taken over."""
    held.check(unit.session.connection())
    lease = unit.session.get_one(Lease, held.name)
    lease.expires_at = unit.now + timedelta(seconds=seconds)


def revoke_expired(unit: Unit, prefix: str) -> tuple[str, ...]:
    """Take every expired lease with this prefix away from its holder and return those holders.

    From this commit on, nothing that they try to write is taken.
    """
    names = unit.session.scalars(select(Lease.name).where(col(Lease.name).startswith(prefix)).order_by(Lease.name))
    lost = []
    for name in tuple(names):
        lease = _locked(unit.session, name)
        if lease is not None and expired(unit, lease):
            lost.append(lease.holder)
            unit.session.delete(lease)
    return tuple(lost)


def release(unit: Unit, held: Held) -> None:
    """Give a lease back at an orderly end."""
    lease = _locked(unit.session, held.name)
    if lease is not None and (lease.holder, lease.fence) == (held.holder, held.fence):
        unit.session.delete(lease)


def expired(unit: Unit, lease: Lease) -> bool:
    """Whether a lease ran out, or its process ran on this machine and is gone."""
    if lease.expires_at <= unit.now:
        return True
    return lease.host == socket.gethostname() and not _alive(lease.pid)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _locked(session: Session, name: str) -> Lease | None:
    return session.scalars(select(Lease).where(col(Lease.name) == name).with_for_update()).first()
