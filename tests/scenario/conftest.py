"""The houses that stories on real servers share: each is started once, and no story disturbs another in it."""

from collections.abc import Iterator

import pytest

from oms_app.demo.mailhost import MailHost

# Before they are imported, so that what fails in them is told in full.
for module in ("house", "orders", "sale", "wiring"):
    pytest.register_assert_rewrite(f"tests.scenario_{module}")

from tests.scenario_wiring import Connected, NewHouse, connected, houses, to_tryton  # noqa: E402 - after the lines above
from tests.servers.smtp import SmtpServer  # noqa: E402 - after the lines above
from tests.servers.sshd import SshServer  # noqa: E402 - after the lines above
from tests.servers.tryton import TrytonServer  # noqa: E402 - after the lines above


@pytest.fixture
def new_house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewHouse]:
    """Make houses of a story's own."""
    with houses(request, lambda: tmp_path_factory.mktemp("house")) as make:
        yield make


@pytest.fixture(scope="session")
def smtp(mail_host: MailHost) -> Iterator[SmtpServer]:
    """The mail server that acknowledgements leave by; the certificate is the one of the mailboxes' server."""
    server = SmtpServer(mail_host.ca_file, mail_host.ca_file.with_name("mail-key.pem"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def selling(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    mail_host: MailHost,
    ssh_server: SshServer,
    smtp: SmtpServer,
    tryton_server: TrytonServer,
) -> Iterator[Connected]:
    """A house on each database with every channel, which sells through Tryton."""
    with houses(request, lambda: tmp_path_factory.mktemp("selling")) as make:
        yield connected(make, request.param, (mail_host, ssh_server, smtp), {"erp": to_tryton(tryton_server)})


@pytest.fixture(scope="session")
def careful(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    mail_host: MailHost,
    ssh_server: SshServer,
    smtp: SmtpServer,
) -> Iterator[Connected]:
    """A house on SQLite with every channel, which writes its orders to files: for what must not become an order."""
    with houses(request, lambda: tmp_path_factory.mktemp("careful")) as make:
        yield connected(make, "sqlite", (mail_host, ssh_server, smtp), {})
