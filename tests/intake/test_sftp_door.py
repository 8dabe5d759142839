"""Entering an SFTP server: its key, and ours."""

from pathlib import Path

import asyncssh
import pytest

from oms_core.errors import ChannelUnavailable, ConfigurationError
from tests.factory import FixedClock
from tests.intake.sftp_story import ORDER, Open, content, settings
from tests.servers.sshd import SftpFolders

pytestmark = pytest.mark.real


@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
@pytest.mark.parametrize("form", ["line", "key", "fingerprint"])
def test_the_server_is_known_by_its_pinned_key(
    sftp_folders: SftpFolders, open_sftp: Open, kind: str, form: str
) -> None:
    line = sftp_folders.server.host_key(kind)
    pins = {
        "line": line,
        "key": line.partition(" ")[2],
        "fingerprint": f"ssh-{kind} {sftp_folders.server.fingerprint(kind)}",
    }
    assert not list(open_sftp(sftp_folders, host_key=(pins[form],)).arrivals())


def test_a_bare_fingerprint_is_enough_for_the_key_that_the_server_prefers(
    sftp_folders: SftpFolders, open_sftp: Open
) -> None:
    assert not list(open_sftp(sftp_folders, host_key=(sftp_folders.server.fingerprint(),)).arrivals())


def test_a_wrong_host_key_is_never_accepted(sftp_folders: SftpFolders, open_sftp: Open, clock: FixedClock) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    (sftp_folders.pending / "order.csv").write_bytes(ORDER)
    seen = sftp_folders.server.fingerprint().replace("+", r"\+")
    for pin in (other, "SHA256:" + "A" * 43, sftp_folders.server.fingerprint("rsa")):
        channel = open_sftp(sftp_folders, host_key=(pin,))
        with pytest.raises(ChannelUnavailable, match=f"shows the host key ssh-ed25519 {seen}, which is not the pinned"):
            list(channel.arrivals())
        clock.advance(seconds=299)
        with pytest.raises(ChannelUnavailable, match=r"which is not the pinned .* The next try is in 1 s"):
            list(channel.arrivals())


def test_one_of_several_pins_is_enough_while_a_key_is_changed(sftp_folders: SftpFolders, open_sftp: Open) -> None:
    coming = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    assert not list(open_sftp(sftp_folders, host_key=(coming, sftp_folders.server.host_key())).arrivals())


def test_a_server_without_a_key_of_the_pinned_type_is_not_accepted(sftp_folders: SftpFolders, open_sftp: Open) -> None:
    other = asyncssh.generate_private_key("ecdsa-sha2-nistp256").export_public_key().decode()
    with pytest.raises(ChannelUnavailable, match="Perhaps it has none of the pinned type"):
        list(open_sftp(sftp_folders, host_key=(other,)).arrivals())


@pytest.mark.parametrize(
    "pin",
    ["", "ssh-ed25519", "SHA256:short", "MD5:aa:bb", "ssh-ed25519 AAAA", "host ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIA=="],
)
def test_a_pin_that_is_none_is_said_at_once(sftp_folders: SftpFolders, open_sftp: Open, pin: str) -> None:
    with pytest.raises(ConfigurationError, match=r"is no host key\. Write the line"):
        open_sftp(sftp_folders, host_key=(pin,))


def test_a_foreign_key_is_not_let_in(sftp_folders: SftpFolders, open_sftp: Open, tmp_path: Path) -> None:
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(tmp_path / "other")
    with pytest.raises(ChannelUnavailable, match=r"refuses the log-in of \S+\. Check user name and key"):
        list(open_sftp(sftp_folders, key_file=tmp_path / "other").arrivals())


@pytest.mark.parametrize("content_", [None, "no key"])
def test_a_useless_key_file_is_named(
    sftp_folders: SftpFolders, open_sftp: Open, tmp_path: Path, content_: str | None
) -> None:
    if content_:
        (tmp_path / "key").write_text(content_, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"key_file \S+ cannot be used"):
        list(open_sftp(sftp_folders, key_file=tmp_path / "key").arrivals())


def test_a_key_with_a_passphrase_opens_with_it(sftp_folders: SftpFolders, open_sftp: Open, tmp_path: Path) -> None:
    key = asyncssh.read_private_key(sftp_folders.server.client_key)
    key.write_private_key(tmp_path / "locked", "pkcs8-pem", passphrase="s3cret")
    assert not list(open_sftp(sftp_folders, key_file=tmp_path / "locked", passphrase="s3cret").arrivals())
    with pytest.raises(ConfigurationError, match="passphrase"):
        list(open_sftp(sftp_folders, key_file=tmp_path / "locked").arrivals())


def test_a_password_is_taken_where_the_server_wants_one(
    sftp_folders: SftpFolders, open_sftp: Open, password_server: tuple[int, str]
) -> None:
    port, pin = password_server
    (sftp_folders.pending / "order.csv").write_bytes(ORDER)
    access = {"port": port, "host_key": (pin,), "key_file": None, "username": "huber"}
    (raw,) = open_sftp(sftp_folders, **access, password="s3cret").arrivals()
    assert content(raw) == ORDER
    with pytest.raises(ChannelUnavailable, match="refuses the log-in of huber"):
        list(open_sftp(sftp_folders, **access, password="wrong").arrivals())


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"host_key": ()}, "host_key is missing"),
        ({"password": "x"}, "either a key_file or a password"),
        ({"key_file": None}, "either a key_file or a password"),
        ({"done": "/x/", "error": "/x"}, "three different folders"),
    ],
)
def test_settings_that_cannot_work_are_said(
    sftp_folders: SftpFolders, changes: dict[str, object], sentence: str
) -> None:
    with pytest.raises(ConfigurationError, match=sentence):
        settings(sftp_folders, **changes)


def test_no_secret_is_shown(sftp_folders: SftpFolders) -> None:
    made = settings(sftp_folders, key_file=None, password="s3cret", passphrase="s3cret")
    assert "s3cret" not in repr(made) + repr(made.access())
