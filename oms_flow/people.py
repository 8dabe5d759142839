"""People: who may log in, their passwords and roles, and the sessions that a log-in opens.

A session lives in the database under the SHA-256 of what the browser holds, so a copy of the database opens no door.
"""

import hashlib
import hmac
import re
import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import delete, func
from sqlmodel import col, select

from oms_core.errors import InvalidInput, NotAllowed, NotFound
from oms_core.records import Person, WebSession
from oms_core.values.counting import counted
from oms_flow.house import SYSTEM
from oms_store.columns import table
from oms_store.store import Store, Unit

if TYPE_CHECKING:
    from argon2 import PasswordHasher
    from sqlmodel.sql.expression import SelectOfScalar

FAILURE_WINDOW_MINUTES = 15
"""Wrong passwords are counted over this time; who had too many waits until it is over."""
MAX_PASSWORD = 200
LEAST_PASSWORD = 12
MAX_NAME = 100
HASHES_AT_ONCE = 2
"""Passwords checked at one time: each takes 64 MB of memory (argon2id, RFC 9106)."""
_LOGIN = re.compile(r"[a-z0-9](?:[a-z0-9._@-]{0,62}[a-z0-9])?")
_GATE = threading.BoundedSemaphore(HASHES_AT_ONCE)
_NOBODY: list[str] = []
"""The hash that an unknown name is checked against, made once: it takes as long as a known one."""


class Role(StrEnum):
    """What a person may do."""

    REVIEWER = "reviewer"
    """Sees everything, decides on orders and documents."""
    ADMIN = "admin"
    """Also says who may log in."""


@dataclass(frozen=True, slots=True)
class LoginRules:
    """How often a name may be wrong, and how long a log-in holds."""

    attempts: int = 10
    session_hours: float = 12.0


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is logged in; `csrf` must come back with everything that changes something."""

    login: str
    name: str
    role: Role
    csrf: str
    expires_at: datetime

    @property
    def admin(self) -> bool:
        """Whether this person may say who else may log in."""
        return self.role is Role.ADMIN


@dataclass(frozen=True, slots=True)
class Opened:
    """A fresh session: `token` is told to the browser and kept nowhere."""

    token: str
    visitor: Visitor


def create_first_admin(store: Store, login: str = "admin") -> str | None:
    """Make the first admin and return the password to print; None where somebody may log in already."""
    password = new_password()
    with store.write("people.first") as unit:
        if unit.session.scalar(select(func.count()).select_from(Person)):
            return None
        _add(unit, SYSTEM, login, "Administrator", Role.ADMIN, password)
    return password


def add_person(store: Store, by: str, login: str, name: str, role: str) -> str:
    """Let somebody log in; returns the password made for them. Raises InvalidInput for a name that cannot be one."""
    password = new_password()
    with store.write("people.add") as unit:
        _add(unit, by, login, name, _role(role), password)
    return password


def set_active(store: Store, by: str, login: str, *, active: bool) -> None:
    """Let somebody in, or keep them out and end their sessions. Raises NotAllowed for the last admin."""
    with store.write("people.active") as unit:
        person = _locked(unit, login)
        person.active = active
        person.failures, person.locked_until = 0, None
        if not active:
            _end_sessions(unit, login)
            _keep_an_admin(unit)
        unit.audit(by, "activated" if active else "deactivated", f"person:{login}")


def set_role(store: Store, by: str, login: str, role: str) -> None:
    """Change what somebody may do, from their next step on. Raises NotAllowed for the last admin."""
    wanted = _role(role)
    with store.write("people.role") as unit:
        person = _locked(unit, login)
        before, person.role = person.role, wanted
        _keep_an_admin(unit)
        unit.audit(by, "changed the role", f"person:{login}", wanted, before)


def reset_password(store: Store, by: str, login: str) -> str:
    """Give somebody a new password, unlock them and end their sessions; returns the password."""
    password = new_password()
    hashed = _hash(password)
    with store.write("people.reset") as unit:
        person = _locked(unit, login)
        person.password_hash, person.failures, person.locked_until = hashed, 0, None
        _end_sessions(unit, login)
        unit.audit(by, "reset the password", f"person:{login}")
    return password


def change_password(store: Store, rules: LoginRules, login: str, old: str, new: str) -> None:
    """Let somebody choose a password; every session of theirs ends. Raises NotAllowed, InvalidInput."""
    if not LEAST_PASSWORD <= len(new) <= MAX_PASSWORD:
        raise InvalidInput(f"a password has {LEAST_PASSWORD} to {MAX_PASSWORD} characters; four words do well")
    if new == old:
        raise InvalidInput("the new password is the old one; choose another")
    _check(store, rules, login, old)
    hashed = _hash(new)
    with store.write("people.password") as unit:
        _locked(unit, login).password_hash = hashed
        _end_sessions(unit, login)
        unit.audit(login, "changed the password", f"person:{login}")


def log_in(store: Store, rules: LoginRules, login: str, password: str) -> Opened:
    """Open a session under a token that nobody knew before. Raises NotAllowed with a sentence for the person."""
    known = login.strip().lower()
    _check(store, rules, known, password)
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    with store.write("people.login") as unit:
        person = _locked(unit, known)
        person.failures, person.locked_until = 0, None
        expires = unit.now + timedelta(hours=rules.session_hours)
        sessions = table(WebSession)
        unit.session.execute(delete(sessions).where(sessions.c.expires_at <= unit.now))
        unit.session.add(
            WebSession(token_hash=_digest(token), login=known, csrf=csrf, created_at=unit.now, expires_at=expires)
        )
        unit.audit(known, "logged in", f"person:{known}")
    return Opened(token, Visitor(known, person.name, Role(person.role), csrf, expires))


def visitor(store: Store, token: str) -> Visitor | None:
    """Return who holds this token; None for an unknown or expired one, or a person who may not log in any more."""
    now = store.clock.now()
    with store.read() as session:
        row = session.execute(
            select(WebSession, Person)
            .join(Person, col(Person.login) == col(WebSession.login))
            .where(col(WebSession.token_hash) == _digest(token))
        ).first()
    if row is None or row[0].expires_at <= now or not row[1].active:
        return None
    held, person = row
    return Visitor(person.login, person.name, Role(person.role), held.csrf, held.expires_at)


def log_out(store: Store, token: str) -> None:
    """End one session; an unknown one is no fault."""
    with store.write("people.logout") as unit:
        sessions = table(WebSession)
        unit.session.execute(delete(sessions).where(sessions.c.token_hash == _digest(token)))


def everybody(store: Store) -> tuple[Person, ...]:
    """Return all people by log-in."""
    with store.read() as session:
        return tuple(session.scalars(select(Person).order_by(col(Person.login))))


def has_other_admin(store: Store, login: str) -> bool:
    """Whether somebody beside this person is an admin who may log in."""
    with store.read() as session:
        return any(other != login for other in session.scalars(_admins()))


def same_secret(given: str, kept: str) -> bool:
    """Compare two secrets in a time that tells nothing of either."""
    return hmac.compare_digest(given.encode(), kept.encode())


def new_password() -> str:
    """Make a password that can be read out: 100 bits in four groups, without letters that look alike."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


def _check(store: Store, rules: LoginRules, login: str, password: str) -> None:
    """Check a password and count a wrong one. Raises NotAllowed; unknown names and wrong passwords look the same."""
    with store.read() as session:
        person = session.get(Person, login)
    now = store.clock.now()
    if person is not None and person.locked_until and person.locked_until > now and person.failures >= rules.attempts:
        raise _locked_out(person.locked_until - now)
    fits = _fits(person.password_hash if person else _nobody(), password)
    if person is not None and fits and person.active:
        return
    if person is not None and not fits:
        _count_failure(store, rules, login)
    raise NotAllowed("The name or the password is wrong. Try again, or ask an admin for a new password.")


def _count_failure(store: Store, rules: LoginRules, login: str) -> None:
    with store.write("people.failure") as unit:
        person = _locked(unit, login)
        if person.locked_until is None or person.locked_until <= unit.now:
            person.failures = 0
            person.locked_until = unit.now + timedelta(minutes=FAILURE_WINDOW_MINUTES)
        person.failures += 1
        if person.failures == rules.attempts:
            person.locked_until = unit.now + timedelta(minutes=FAILURE_WINDOW_MINUTES)
            unit.audit(SYSTEM, "locked after wrong passwords", f"person:{login}")


def _locked_out(left: timedelta) -> NotAllowed:
    wait = counted(int(left.total_seconds() // 60) + 1, "minute")
    return NotAllowed(
        f"There were too many wrong passwords for this name. Try again in {wait}, or ask an admin for a new password."
    )


def _add(unit: Unit, by: str, login: str, name: str, role: Role, password: str) -> None:
    known, shown = login.strip().lower(), " ".join(name.split())
    if not _LOGIN.fullmatch(known) or known == SYSTEM:
        raise InvalidInput("a log-in name has 1 to 64 small letters, digits and . _ @ - and is not 'ordermill'")
    if not 0 < len(shown) <= MAX_NAME:
        raise InvalidInput(f"write the person's name, at most {MAX_NAME} characters")
    if unit.session.get(Person, known) is not None:
        raise InvalidInput(f"there is somebody with the log-in {known} already; choose another")
    unit.session.add(Person(login=known, name=shown, role=role, password_hash=_hash(password), created_at=unit.now))
    unit.audit(by, "added", f"person:{known}", role)


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError:
        raise InvalidInput(f"there is no role {text[:40]!r}; choose {' or '.join(Role)}") from None


def _locked(unit: Unit, login: str) -> Person:
    person = unit.session.scalars(select(Person).where(col(Person.login) == login).with_for_update()).first()
    if person is None:
        raise NotFound(f"there is nobody with the log-in {login[:64]!r}")
    return person


def _keep_an_admin(unit: Unit) -> None:
    """Refuse to leave the house without an admin; the rows are locked so that two cannot leave at once."""
    unit.session.flush()
    if not unit.session.scalars(_admins().with_for_update()).all():
        raise NotAllowed("This is the last admin. Make somebody else an admin first.")


def _admins() -> "SelectOfScalar[str]":
    return select(Person.login).where(col(Person.role) == Role.ADMIN, col(Person.active).is_(True))


def _end_sessions(unit: Unit, login: str) -> None:
    sessions = table(WebSession)
    unit.session.execute(delete(sessions).where(sessions.c.login == login))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher()


def _hash(password: str) -> str:
    with _GATE:
        return _hasher().hash(password)


def _nobody() -> str:
    if not _NOBODY:
        _NOBODY.append(_hash(secrets.token_hex(16)))
    return _NOBODY[0]


def _fits(hashed: str, password: str) -> bool:
    from argon2.exceptions import InvalidHashError, VerificationError

    if len(password) > MAX_PASSWORD:
        return False
    try:
        with _GATE:
            return _hasher().verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False
