"""The house itself: who may do what, who did what, and which worker holds which lease."""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field

from oms_core.records.base import Record, Utc


class Person(Record, table=True):
    """Somebody who may log in; `password_hash` is argon2."""

    __tablename__ = "person"

    login: str = Field(primary_key=True)
    name: str
    role: str
    password_hash: str
    active: bool = True
    failures: int = 0
    locked_until: datetime | None = Field(default=None, sa_type=Utc)
    created_at: datetime = Field(sa_type=Utc)


class WebSession(Record, table=True):
    """A server-side session; the key is the hash of what the browser holds."""

    __tablename__ = "web_session"

    token_hash: str = Field(primary_key=True)
    login: str = Field(foreign_key="person.login", index=True)
    csrf: str
    created_at: datetime = Field(sa_type=Utc)
    expires_at: datetime = Field(sa_type=Utc, index=True)


class Audit(Record, table=True):
    """Who did what to which record, append only; before and after are JSON."""

    __tablename__ = "audit"

    id: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Utc, index=True)
    who: str
    what: str
    subject: str = Field(index=True)
    before: str | None = Field(default=None, sa_type=Text)
    after: str | None = Field(default=None, sa_type=Text)


class Lease(Record, table=True):
    """Who may write as `name`; a takeover raises `fence`, and what was written under the old one is refused."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    holder: str
    fence: int
    host: str
    pid: int
    expires_at: datetime = Field(sa_type=Utc)


class ChannelStatus(Record, table=True):
    """What a channel last did, for the dashboard and the health page."""

    __tablename__ = "channel_status"

    name: str = Field(primary_key=True)
    kind: str
    describes: str = ""
    available: bool = True
    message: str = ""
    last_look_at: datetime | None = Field(default=None, sa_type=Utc)
    last_arrival_at: datetime | None = Field(default=None, sa_type=Utc)
