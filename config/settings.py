"""Every setting, frozen and nested, with its default; the sentence under a field is its page in docs/settings.md."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from oms_core.errors import ConfigurationError
from oms_core.values import Limits
from rules.values import RuleSet

DATABASE_FILE = "ordermill.db"
MAX_PORT = 65_535
LOG_LEVELS = ("debug", "info", "warning", "error")
CURRENCY_LETTERS = 3
COUNTRY_LETTERS = 2


@dataclass(frozen=True, slots=True)
class CompanySettings:
    """Who we are: what tells an order meant for us from one that is not."""

    name: str = "My company"
    """Our name on acknowledgements and in the ERP."""
    names: tuple[str, ...] = ()
    """Other names of ours that customers print: an order that names another supplier waits for a person."""
    ids: tuple[str, ...] = ()
    """Our GLN, VAT number and the EDI ids we are called by."""
    addresses: tuple[str, ...] = ()
    """Mail addresses of ours beside the one we send from: mail to them is never answered by the machine."""
    time_zone: str = "Europe/Berlin"
    """The time zone (IANA name) in which an instant becomes a calendar date."""
    currency: str = "EUR"
    """The currency (ISO 4217) of prices and of orders that name none."""
    country: str = "DE"
    """The country (ISO 3166, two letters) of an address that names none."""

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.time_zone)
        except (KeyError, ValueError, OSError):
            raise ConfigurationError(f"company.time_zone: there is no time zone {self.time_zone!r}") from None
        _check(_letters(self.currency, CURRENCY_LETTERS), "company.currency", "three capital letters, like EUR")
        _check(_letters(self.country, COUNTRY_LETTERS), "company.country", "two capital letters, like DE")


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """Where orders are kept."""

    url: str = field(default="", repr=False)
    """`sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`; empty is the file `ordermill.db` in `data_dir`."""


@dataclass(frozen=True, slots=True)
class WebSettings:
    """The pages for people and the API."""

    host: str = "127.0.0.1"
    """The address listened on; `0.0.0.0` opens it to the network, which wants a proxy with TLS before it."""
    port: int = 8080
    """The port listened on."""
    public_url: str = ""
    """The address people type, `https://orders.example.com`; with https cookies are sent over TLS only."""
    threads: int = 8
    """How many requests are worked on at once."""
    upload_bytes: int = 64 * 1024 * 1024
    """The largest upload taken, in bytes."""

    def __post_init__(self) -> None:
        _check(0 < self.port <= MAX_PORT, "web.port", f"a number from 1 to {MAX_PORT}")
        _check(self.threads > 0, "web.threads", "at least 1")
        _check(self.upload_bytes > 0, "web.upload_bytes", "at least 1")
        known = self.public_url.startswith(("http://", "https://")) or not self.public_url
        _check(known, "web.public_url", "empty or an address that starts with https:// or http://")

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies may travel over TLS only."""
        return self.public_url.startswith("https://")


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """The process that reads, matches, accepts and pushes."""

    threads: int = 4
    """How many documents are worked on at once."""
    readers: int = 2
    """How many processes read documents; each may take `limits.memory_bytes`."""
    queue_poll_seconds: float = 0.2
    """How often a waiting document is looked for."""
    lease_seconds: float = 30.0
    """How long a worker that is not heard of keeps its work before another may take over."""
    sweep_seconds: float = 60.0
    """How often documents that nobody works on are looked for and started again."""
    alarm_minutes: float = 5.0
    """How long a document may be in progress before the dashboard and `ordermill doctor` call it stuck."""

    def __post_init__(self) -> None:
        for name in ("threads", "readers", "queue_poll_seconds", "lease_seconds", "sweep_seconds", "alarm_minutes"):
            _check(getattr(self, name) > 0, f"worker.{name}", "more than 0")


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """One way in: `[channels.NAME]` with a kind, and what that kind of channel needs beside (address, folder, …)."""

    name: str
    """The channel's name in logs and on the dashboard; it is the NAME in `[channels.NAME]`."""
    kind: str
    """What sort of channel it is: `mailbox`, `folder` or `sftp`."""
    enabled: bool = True
    """Whether it is polled."""
    poll_seconds: float = 30.0
    """How often it is looked at, where it cannot tell by itself that something came."""
    describes: str = ""
    """What the dashboard says of it; empty says what it looks at."""
    options: Mapping[str, object] = field(default_factory=dict, repr=False)
    """The settings of this kind of channel, each by its own name."""

    def __post_init__(self) -> None:
        _check(self.poll_seconds > 0, f"channels.{self.name}.poll_seconds", "more than 0")


@dataclass(frozen=True, slots=True)
class CouplingSettings:
    """One coupled system: the name of its connector, and the connector's own settings beside it."""

    connector: str
    """The connector's name: one of our own or of an installed package."""
    options: Mapping[str, object] = field(default_factory=dict, repr=False)
    """The connector's settings, each by its own name."""


@dataclass(frozen=True, slots=True)
class AcknowledgementSettings:
    """Answers that the machine sends by itself."""

    enabled: bool = True
    """Whether a sender is told that an order was accepted."""
    per_address_hour: int = 5
    """The most automatic mails one address gets in an hour."""

    def __post_init__(self) -> None:
        _check(self.per_address_hour >= 0, "acknowledgements.per_address_hour", "0 or more")


@dataclass(frozen=True, slots=True)
class SecuritySettings:
    """Who is believed and for how long."""

    trusted_hosts: tuple[str, ...] = ()
    """Mail servers of ours whose Authentication-Results header is believed (RFC 8601, authserv-id)."""
    session_hours: float = 12.0
    """How long a log-in holds."""
    login_attempts: int = 10
    """How many wrong passwords a name may have in 15 minutes."""

    def __post_init__(self) -> None:
        _check(self.session_hours > 0, "security.session_hours", "more than 0")
        _check(self.login_attempts > 0, "security.login_attempts", "at least 1")


@dataclass(frozen=True, slots=True)
class LogSettings:
    """What is written to standard error."""

    level: str = "info"
    """The least that is written: debug, info, warning or error."""
    json: bool = False
    """Whether each line is a JSON object, for machines."""

    def __post_init__(self) -> None:
        _check(self.level in LOG_LEVELS, "log.level", f"one of {', '.join(LOG_LEVELS)}")


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one installation."""

    data_dir: Path = Path("var")
    """The folder for documents, the SQLite database and the folders of the built-in connectors."""
    company: CompanySettings = field(default_factory=CompanySettings)
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    web: WebSettings = field(default_factory=WebSettings)
    worker: WorkerSettings = field(default_factory=WorkerSettings)
    channels: tuple[ChannelSettings, ...] = ()
    erp: CouplingSettings = field(default_factory=lambda: CouplingSettings("file_drop"))
    mail_out: CouplingSettings = field(default_factory=lambda: CouplingSettings("mail_folder"))
    replies: CouplingSettings = field(default_factory=lambda: CouplingSettings("reply_folder"))
    acknowledgements: AcknowledgementSettings = field(default_factory=AcknowledgementSettings)
    security: SecuritySettings = field(default_factory=SecuritySettings)
    limits: Limits = field(default_factory=Limits)
    rules: RuleSet = field(default_factory=RuleSet)
    log: LogSettings = field(default_factory=LogSettings)

    def __post_init__(self) -> None:
        for name in Limits.__slots__:
            _check(getattr(self.limits, name) > 0, f"limits.{name}", "more than 0")

    @property
    def database_url(self) -> str:
        """The address of the database, worked out where none is set."""
        return self.database.url or f"sqlite:///{self.data_dir / DATABASE_FILE}"

    def coupling(self, name: str) -> CouplingSettings:
        """Return `erp`, `mail_out` or `replies`; a built-in folder connector gets a folder where none is set."""
        chosen: CouplingSettings = getattr(self, name)
        defaults = {key: text.format(data_dir=self.data_dir) for key, text in FOLDER_DEFAULTS.get(chosen.connector, ())}
        return CouplingSettings(chosen.connector, MappingProxyType(defaults | dict(chosen.options)))


FOLDER_DEFAULTS: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        "file_drop": (("folder", "{data_dir}/erp"),),
        "mail_folder": (("folder", "{data_dir}/mail-out"), ("sender", "orders@localhost")),
        "reply_folder": (("folder", "{data_dir}/replies"),),
    }
)
"""What the connectors that need nothing but a folder are given where nothing is set: they work from the first start."""


def _check(holds: bool, name: str, wanted: str) -> None:
    if not holds:
        raise ConfigurationError(f"{name} must be {wanted}")


def _letters(text: str, count: int) -> bool:
    return len(text) == count and text.isascii() and text.isalpha() and text.isupper()
