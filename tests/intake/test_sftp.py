"""Files from a real OpenSSH server."""

import asyncio
import contextlib
import datetime as dt
import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncssh
import pytest

from intake import sftp, sftp_session
from intake.looks import TakeWhen
from intake.sftp import SftpChannel, SftpSettings
from intake.spool import Spool
from oms_core.errors import ChannelUnavailable, ConfigurationError, UnreadableDocument
from oms_core.values import RawDocument
from oms_core.values.outbound import Settlement
from tests.factory import FixedClock
from tests.run import run_folder
from tests.servers.sshd import SftpFolders, SshServer, need_sshd

pytestmark = pytest.mark.real

ORDER = b"sku;qty\nSCR-4030;100\n"
Open = Callable[..., SftpChannel]


def settings(folders: SftpFolders, **changes: object) -> SftpSettings:
    given: dict[str, object] = {
        "name": "edi",
        "host": "127.0.0.1",
        "port": folders.server.port,
        "username": folders.server.username,
        "host_key": (folders.server.host_key(),),
        "key_file": folders.server.client_key,
        "pending": str(folders.pending),
        "done": str(folders.root / "done"),
        "error": str(folders.root / "error"),
        "spool": folders.root.parent / "spool",
        "take": TakeWhen.RENAMED,
        "settle_seconds": 2,
        "timeout_seconds": 10,
        "max_bytes": 1000,
        "partner": "huber",
    }
    return SftpSettings(**(given | changes))  # type: ignore[arg-type]


@pytest.fixture
def opened(clock: FixedClock) -> Iterator[Open]:
    channels: list[SftpChannel] = []

    def start(folders: SftpFolders, **changes: object) -> SftpChannel:
        channels.append(SftpChannel(settings(folders, **changes), clock))
        return channels[-1]

    yield start
    for channel in channels:
        channel.close()


@pytest.fixture
def own_folders(tmp_path: Path) -> Iterator[SftpFolders]:
    """Folders on a server of the test's own: one that may be killed."""
    need_sshd()
    server = SshServer(run_folder() / f"sshd-{os.urandom(4).hex()}")
    server.start()
    (tmp_path / "own" / "pending").mkdir(parents=True)
    yield SftpFolders(server, tmp_path / "own")
    server.stop()


def content(raw: RawDocument) -> bytes:
    with raw.blob.open() as handle:
        return handle.read()


def names(found: list[RawDocument]) -> list[str]:
    return [raw.filename for raw in found]


def test_a_file_is_known_by_its_name_time_and_content(
    sftp_folders: SftpFolders, opened: Open, clock: FixedClock
) -> None:
    path = sftp_folders.pending / "Größe 1.csv"
    path.write_bytes(ORDER)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    (raw,) = opened(sftp_folders).arrivals()
    hashed = hashlib.sha256(ORDER).hexdigest()
    assert raw.source_key == f"Gr%C3%B6%C3%9Fe 1.csv#1700000000000000000#{hashed}"
    assert (raw.filename, raw.sender.partner, raw.received_at) == ("Größe 1.csv", "huber", clock.now())
    assert content(raw) == ORDER
    assert path.exists()


def test_a_name_in_no_known_encoding_travels(sftp_folders: SftpFolders, opened: Open) -> None:
    name = b"Stra\xdfe.csv"
    (sftp_folders.pending / os.fsdecode(name)).write_bytes(ORDER)
    channel = opened(sftp_folders)
    (raw,) = channel.arrivals()
    assert raw.filename == "Stra\ufffde.csv"
    channel.settle(raw, Settlement.STORED)
    assert [os.fsencode(path.name) for path in (sftp_folders.root / "done").iterdir()] == [name]


def test_files_still_being_written_wait(sftp_folders: SftpFolders, opened: Open) -> None:
    for name in ("a.csv.part", "b.TMP", "c.filepart", ".hidden.csv", "d.csv"):
        (sftp_folders.pending / name).write_bytes(ORDER)
    (sftp_folders.pending / "subfolder").mkdir()
    channel = opened(sftp_folders)
    assert names(list(channel.arrivals())) == ["d.csv"]
    (sftp_folders.pending / "a.csv.part").rename(sftp_folders.pending / "a.csv")
    assert sorted(names(list(channel.arrivals()))) == ["a.csv", "d.csv"]


def test_a_growing_file_is_taken_when_it_stood_still_between_two_looks(
    sftp_folders: SftpFolders, opened: Open, clock: FixedClock
) -> None:
    channel = opened(sftp_folders, take=TakeWhen.SETTLED)
    path = sftp_folders.pending / "order.csv"
    path.write_bytes(ORDER[:9])
    assert not list(channel.arrivals())
    clock.advance(seconds=60)
    path.write_bytes(ORDER)
    assert not list(channel.arrivals())
    clock.advance(seconds=2)
    (raw,) = channel.arrivals()
    assert content(raw) == ORDER


def test_a_file_that_grows_while_it_is_fetched_is_left_for_the_next_look(
    sftp_folders: SftpFolders, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sftp_folders.pending / "order.csv"
    path.write_bytes(ORDER)
    channel = opened(sftp_folders)
    real = sftp_session.SftpSession.fetch

    def slow(session: sftp_session.SftpSession, place: bytes, target: Path, at_most: int) -> str | None:
        with path.open("ab") as handle:
            handle.write(b"more")
        return real(session, place, target, at_most)

    monkeypatch.setattr(sftp_session.SftpSession, "fetch", slow)
    assert not list(channel.arrivals())
    monkeypatch.undo()
    (raw,) = channel.arrivals()
    assert content(raw) == ORDER + b"more"


@pytest.mark.parametrize(
    ("outcome", "place"),
    [(Settlement.STORED, "done"), (Settlement.DUPLICATE, "done"), (Settlement.REFUSED, "error")],
)
def test_a_settled_file_lies_in_its_outcomes_folder_and_not_in_the_spool(
    sftp_folders: SftpFolders, opened: Open, outcome: Settlement, place: str
) -> None:
    channel = opened(sftp_folders)
    (sftp_folders.pending / "order.csv").write_bytes(ORDER)
    (raw,) = channel.arrivals()
    channel.settle(raw, outcome)
    channel.settle(raw, outcome)
    assert (sftp_folders.root / place / "order.csv").read_bytes() == ORDER
    assert not list(channel.arrivals())
    assert spooled(sftp_folders) == []


def spooled(folders: SftpFolders) -> list[bytes]:
    return [path.read_bytes() for path in (folders.root.parent / "spool").glob("*/*") if path.name != "lock"]


def test_moving_never_replaces_a_file(sftp_folders: SftpFolders, opened: Open) -> None:
    channel = opened(sftp_folders)
    for day in range(4):
        (sftp_folders.pending / "ORDERS.csv").write_bytes(b"day %d" % day)
        (raw,) = channel.arrivals()
        channel.settle(raw, Settlement.STORED)
    kept = {path.name: path.read_bytes() for path in (sftp_folders.root / "done").iterdir()}
    assert kept == {
        "ORDERS.csv": b"day 0",
        "ORDERS-2.csv": b"day 1",
        "ORDERS-3.csv": b"day 2",
        "ORDERS-4.csv": b"day 3",
    }


def test_a_file_that_replaces_a_taken_one_is_not_moved_with_it(sftp_folders: SftpFolders, opened: Open) -> None:
    channel = opened(sftp_folders)
    path = sftp_folders.pending / "order.csv"
    path.write_bytes(ORDER)
    os.utime(path, (1, 1))
    (first,) = channel.arrivals()
    path.write_bytes(b"another order")
    channel.settle(first, Settlement.STORED)
    (second,) = channel.arrivals()
    assert content(second) == b"another order"


def test_what_is_not_settled_is_not_fetched_again(
    sftp_folders: SftpFolders, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    (sftp_folders.pending / "order.csv").write_bytes(ORDER)
    channel = opened(sftp_folders)
    (first,) = channel.arrivals()
    monkeypatch.delattr(sftp_session.SftpSession, "fetch")
    (again,) = channel.arrivals()
    assert again == first
    assert content(again) == ORDER


def test_two_gigabytes_are_never_fetched(sftp_folders: SftpFolders, opened: Open) -> None:
    path = sftp_folders.pending / "huge.pdf"
    path.touch()
    os.truncate(path, 2 * 1024**3)
    channel = opened(sftp_folders)
    (raw,) = channel.arrivals()
    assert raw.blob.size == 2 * 1024**3
    with pytest.raises(UnreadableDocument, match=r"huge\.pdf has 2147483648 bytes; this channel takes at most 1000"):
        raw.blob.open()
    channel.settle(raw, Settlement.REFUSED)
    assert (sftp_folders.root / "error" / "huge.pdf").stat().st_size == 2 * 1024**3


def test_the_limit_itself_is_allowed_and_one_byte_more_is_not(sftp_folders: SftpFolders, opened: Open) -> None:
    (sftp_folders.pending / "a").write_bytes(b"x" * 1000)
    (sftp_folders.pending / "b").write_bytes(b"x" * 1001)
    fits, over = sorted(opened(sftp_folders).arrivals(), key=lambda raw: raw.filename)
    assert content(fits) == b"x" * 1000
    with pytest.raises(UnreadableDocument) as refusal:
        over.blob.open()
    assert refusal.value.code == "too_large"


def test_a_file_of_many_pieces_arrives_whole(sftp_folders: SftpFolders, opened: Open) -> None:
    data = os.urandom(5_000_001)
    (sftp_folders.pending / "big.pdf").write_bytes(data)
    (raw,) = opened(sftp_folders, max_bytes=10_000_000).arrivals()
    assert content(raw) == data
    assert raw.source_key.endswith(hashlib.sha256(data).hexdigest())


def test_links_and_pipes_are_refused(sftp_folders: SftpFolders, opened: Open) -> None:
    (sftp_folders.root / "secret").write_bytes(b"secret")
    (sftp_folders.pending / "link.csv").symlink_to(sftp_folders.root / "secret")
    os.mkfifo(sftp_folders.pending / "pipe.csv")
    channel = opened(sftp_folders)
    found = list(channel.arrivals())
    assert sorted(names(found)) == ["link.csv", "pipe.csv"]
    for raw in found:
        with pytest.raises(UnreadableDocument, match="no regular file"):
            raw.blob.open()
        channel.settle(raw, Settlement.REFUSED)
    assert (sftp_folders.root / "error" / "link.csv").is_symlink()
    assert not list(channel.arrivals())


def test_a_backlog_over_the_limit_comes_in_several_looks(
    sftp_folders: SftpFolders, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sftp, "MAX_ARRIVALS", 2)
    for number in range(3):
        (sftp_folders.pending / f"{number}.csv").write_bytes(ORDER)
        os.utime(sftp_folders.pending / f"{number}.csv", (number, number))
    channel = opened(sftp_folders)
    first = list(channel.arrivals())
    assert names(first) == ["0.csv", "1.csv"]
    channel.wait(3600)  # more waits, so this returns at once
    for raw in first:
        channel.settle(raw, Settlement.STORED)
    assert names(list(channel.arrivals())) == ["2.csv"]


def test_a_folder_with_too_many_names_is_reported(
    sftp_folders: SftpFolders, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sftp_session, "MAX_LISTED", 2)
    for number in range(3):
        (sftp_folders.pending / f"{number}.csv").write_bytes(ORDER)
    with pytest.raises(ChannelUnavailable, match="holds more than 2 names"):
        list(opened(sftp_folders).arrivals())


@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
@pytest.mark.parametrize("form", ["line", "key", "fingerprint"])
def test_the_server_is_known_by_its_pinned_key(sftp_folders: SftpFolders, opened: Open, kind: str, form: str) -> None:
    line = sftp_folders.server.host_key(kind)
    pins = {
        "line": line,
        "key": line.partition(" ")[2],
        "fingerprint": f"ssh-{kind} {sftp_folders.server.fingerprint(kind)}",
    }
    assert not list(opened(sftp_folders, host_key=(pins[form],)).arrivals())


def test_a_bare_fingerprint_is_enough_for_the_key_that_the_server_prefers(
    sftp_folders: SftpFolders, opened: Open
) -> None:
    assert not list(opened(sftp_folders, host_key=(sftp_folders.server.fingerprint(),)).arrivals())


def test_a_wrong_host_key_is_never_accepted(sftp_folders: SftpFolders, opened: Open, clock: FixedClock) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    (sftp_folders.pending / "order.csv").write_bytes(ORDER)
    seen = sftp_folders.server.fingerprint().replace("+", r"\+")
    for pin in (other, "SHA256:" + "A" * 43, sftp_folders.server.fingerprint("rsa")):
        channel = opened(sftp_folders, host_key=(pin,))
        with pytest.raises(ChannelUnavailable, match=f"shows the host key ssh-ed25519 {seen}, which is not the pinned"):
            list(channel.arrivals())
        clock.advance(seconds=299)
        with pytest.raises(ChannelUnavailable, match=r"which is not the pinned .* The next try is in 1 s"):
            list(channel.arrivals())


def test_one_of_several_pins_is_enough_while_a_key_is_changed(sftp_folders: SftpFolders, opened: Open) -> None:
    coming = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    assert not list(opened(sftp_folders, host_key=(coming, sftp_folders.server.host_key())).arrivals())


def test_a_server_without_a_key_of_the_pinned_type_is_not_accepted(sftp_folders: SftpFolders, opened: Open) -> None:
    other = asyncssh.generate_private_key("ecdsa-sha2-nistp256").export_public_key().decode()
    with pytest.raises(ChannelUnavailable, match="Perhaps it has none of the pinned type"):
        list(opened(sftp_folders, host_key=(other,)).arrivals())


@pytest.mark.parametrize(
    "pin",
    ["", "ssh-ed25519", "SHA256:short", "MD5:aa:bb", "ssh-ed25519 AAAA", "host ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIA=="],
)
def test_a_pin_that_is_none_is_said_at_once(sftp_folders: SftpFolders, opened: Open, pin: str) -> None:
    with pytest.raises(ConfigurationError, match=r"is no host key\. Write the line"):
        opened(sftp_folders, host_key=(pin,))


def test_a_foreign_key_is_not_let_in(sftp_folders: SftpFolders, opened: Open, tmp_path: Path) -> None:
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(tmp_path / "other")
    with pytest.raises(ChannelUnavailable, match=r"refuses the log-in of \S+\. Check user name and key"):
        list(opened(sftp_folders, key_file=tmp_path / "other").arrivals())


@pytest.mark.parametrize("content_", [None, "no key"])
def test_a_useless_key_file_is_named(
    sftp_folders: SftpFolders, opened: Open, tmp_path: Path, content_: str | None
) -> None:
    if content_:
        (tmp_path / "key").write_text(content_, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"key_file \S+ cannot be used"):
        list(opened(sftp_folders, key_file=tmp_path / "key").arrivals())


def test_a_key_with_a_passphrase_opens_with_it(sftp_folders: SftpFolders, opened: Open, tmp_path: Path) -> None:
    key = asyncssh.read_private_key(sftp_folders.server.client_key)
    key.write_private_key(tmp_path / "locked", "pkcs8-pem", passphrase="s3cret")
    assert not list(opened(sftp_folders, key_file=tmp_path / "locked", passphrase="s3cret").arrivals())
    with pytest.raises(ConfigurationError, match="passphrase"):
        list(opened(sftp_folders, key_file=tmp_path / "locked").arrivals())


def test_a_password_is_taken_where_the_server_wants_one(
    sftp_folders: SftpFolders, opened: Open, password_server: tuple[int, str]
) -> None:
    port, pin = password_server
    (sftp_folders.pending / "order.csv").write_bytes(ORDER)
    access = {"port": port, "host_key": (pin,), "key_file": None, "username": "huber"}
    (raw,) = opened(sftp_folders, **access, password="s3cret").arrivals()
    assert content(raw) == ORDER
    with pytest.raises(ChannelUnavailable, match="refuses the log-in of huber"):
        list(opened(sftp_folders, **access, password="wrong").arrivals())


@pytest.fixture
def password_server() -> Iterator[tuple[int, str]]:
    """asyncssh's own server, which takes a password (OpenSSH asks the machine's users for theirs)."""

    guests: list[asyncssh.SSHServerConnection] = []

    class Door(asyncssh.SSHServer):
        def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
            guests.append(conn)

        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            return (username, password) == ("huber", "s3cret")

    key = asyncssh.generate_private_key("ssh-ed25519")
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def listen() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen("127.0.0.1", 0, server_host_keys=[key], server_factory=Door, sftp_factory=True)

    server = asyncio.run_coroutine_threadsafe(listen(), loop).result()
    yield server.get_port(), key.export_public_key().decode()

    async def end() -> None:
        server.close()
        for guest in guests:
            guest.abort()
            await guest.wait_closed()

    asyncio.run_coroutine_threadsafe(end(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def test_a_server_killed_between_two_looks_is_found_again(own_folders: SftpFolders, opened: Open) -> None:
    (own_folders.pending / "a.csv").write_bytes(ORDER)
    channel = opened(own_folders)
    (raw,) = channel.arrivals()
    own_folders.server.stop()
    own_folders.server.start()
    channel.settle(raw, Settlement.STORED)
    assert not list(channel.arrivals())


def test_a_server_killed_between_two_files_says_so_and_nothing_is_lost(
    own_folders: SftpFolders, opened: Open, clock: FixedClock
) -> None:
    for number in range(3):
        (own_folders.pending / f"{number}.csv").write_bytes(ORDER)
        os.utime(own_folders.pending / f"{number}.csv", (number, number))
    channel = opened(own_folders)
    arriving = channel.arrivals()
    next(arriving)
    own_folders.server.stop()
    with pytest.raises(ChannelUnavailable, match=r"ended the connection|cannot be reached"):
        list(arriving)
    for pause in (1, 2, 4):
        with pytest.raises(ChannelUnavailable, match=rf"The next try is in {pause} s"):
            list(channel.arrivals())
        clock.advance(seconds=pause)
        with pytest.raises(ChannelUnavailable, match="cannot be reached"):
            list(channel.arrivals())
    own_folders.server.start()
    clock.advance(seconds=300)
    assert names(list(channel.arrivals())) == ["0.csv", "1.csv", "2.csv"]


def test_a_missing_folder_is_said(sftp_folders: SftpFolders, opened: Open) -> None:
    with pytest.raises(ChannelUnavailable, match=r"refuses to list /nowhere \(No such file"):
        list(opened(sftp_folders, pending="/nowhere").arrivals())


def test_a_full_spool_is_said(sftp_folders: SftpFolders, opened: Open, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (sftp_folders.pending / "a.csv").write_bytes(ORDER)
    with pytest.raises(ChannelUnavailable, match="cannot be kept in the spool folder"):
        list(opened(sftp_folders, spool=tmp_path / "file").arrivals())


def test_a_disk_that_fills_up_is_said(sftp_folders: SftpFolders, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    (sftp_folders.pending / "a.csv").write_bytes(ORDER)
    monkeypatch.setattr(Spool, "place", lambda _: Path("/dev/full"))
    monkeypatch.setattr(Path, "unlink", lambda *_, **__: None)
    with pytest.raises(ChannelUnavailable, match="No space left"):
        list(opened(sftp_folders).arrivals())


def test_the_spool_of_a_dead_process_is_removed_and_that_of_a_living_one_is_kept(tmp_path: Path) -> None:
    living = Spool(tmp_path, "edi")
    living.place().write_bytes(ORDER)
    dead = tmp_path / "edi-dead"
    dead.mkdir()
    (dead / "lock").touch()
    (dead / "1").write_bytes(ORDER)
    other = Spool(tmp_path, "edi")
    assert not dead.exists()
    assert living.place().parent.exists()
    other.close()
    living.close()
    assert not list(tmp_path.iterdir())


def test_waiting_is_short_while_a_file_grows(sftp_folders: SftpFolders, opened: Open) -> None:
    channel = opened(sftp_folders, take=TakeWhen.SETTLED, settle_seconds=0.01, poll_seconds=3600)
    (sftp_folders.pending / "a.csv").write_bytes(ORDER)
    list(channel.arrivals())
    channel.wait(3600)


def test_closing_ends_a_wait_and_leaves_nothing_behind(sftp_folders: SftpFolders, opened: Open) -> None:
    (sftp_folders.pending / "a.csv").write_bytes(ORDER)
    channel = opened(sftp_folders)
    list(channel.arrivals())
    closer = threading.Timer(0.05, channel.close)
    closer.start()
    channel.wait(3600)
    closer.join()
    assert not list((sftp_folders.root.parent / "spool").iterdir())
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("sftp-")]
    with pytest.raises(ChannelUnavailable, match="closed"):
        list(channel.arrivals())


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
    shown = repr(settings(sftp_folders, key_file=None, password="s3cret"))
    assert "s3cret" not in shown
    with contextlib.suppress(ConfigurationError):
        assert "pp-s3cret" not in repr(settings(sftp_folders, passphrase="pp-s3cret"))


def test_a_mail_among_the_files_tells_its_sender(sftp_folders: SftpFolders, opened: Open) -> None:
    (sftp_folders.pending / "a.eml").write_bytes(b"From: ida@huber.example\r\nMessage-ID: <1@h.example>\r\n\r\nx")
    (raw,) = opened(sftp_folders).arrivals()
    assert (raw.message_id, raw.sender.address, raw.sender.partner) == ("<1@h.example>", "ida@huber.example", "huber")
    assert raw.received_at.tzinfo is dt.UTC
