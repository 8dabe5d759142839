"""What stands under `[channels.NAME]` becomes the channel's own settings, and what is wrong is named."""

from pathlib import Path

import pytest

from config.loading import load
from config.settings import Settings
from intake.folder import FolderSettings
from intake.looks import TakeWhen
from intake.mailbox import MailboxSettings
from intake.sftp import SftpSettings
from oms_app.channel_options import channel_settings, describes, open_channel
from oms_core.errors import ConfigurationError
from tests.factory import FixedClock

KEY = "ssh-ed25519 SHA256:jdrSj0JQcU3FbBvrKBeqjYQt2cM6HFHjRwcRAEK5rPc"
FOLDER = '[channels.drop]\nkind = "folder"\npath = "in"\n'
MAILBOX = (
    '[channels.orders]\nkind = "mailbox"\nhost = "imap.example.com"\nusername = "orders@example.com"\npassword = "x"\n'
)
SFTP = (
    '[channels.edi]\nkind = "sftp"\nhost = "sftp.example.com"\nusername = "mill"\npassword = "x"\n'
    f'host_key = "{KEY}"\npending = "/in"\ndone = "/done"\nerror = "/error"\n'
)


def settings(tmp_path: Path, text: str, **environ: str) -> Settings:
    path = tmp_path / "ordermill.toml"
    path.write_text(text, encoding="utf-8")
    return load(environ, path)


def test_a_folder_takes_its_options_and_the_house_fills_the_rest(tmp_path: Path) -> None:
    known = settings(tmp_path, "[limits]\nbytes = 1000\n" + FOLDER + 'take = "renamed"\npartner = "huber"\n')
    assert channel_settings(known, known.channels[0]) == FolderSettings(
        "drop", Path("in"), TakeWhen.RENAMED, max_bytes=1000, partner="huber"
    )


def test_a_mailbox_trusts_the_one_host_that_the_house_trusts(tmp_path: Path) -> None:
    known = settings(tmp_path, '[security]\ntrusted_hosts = ["mx.example.com"]\n' + MAILBOX + "poll_seconds = 7\n")
    found = channel_settings(known, known.channels[0])
    assert isinstance(found, MailboxSettings)
    assert (found.trusted_host, found.poll_seconds, found.password) == ("mx.example.com", 7.0, "x")


def test_a_mailbox_must_say_which_of_several_trusted_hosts_is_its_own(tmp_path: Path) -> None:
    known = settings(tmp_path, '[security]\ntrusted_hosts = ["a.example", "b.example"]\n' + MAILBOX)
    with pytest.raises(ConfigurationError, match=r"channels\.orders\.trusted_host: .*names 2 hosts"):
        channel_settings(known, known.channels[0])


def test_sftp_gets_a_spool_and_takes_one_host_key_for_a_list(tmp_path: Path) -> None:
    known = settings(tmp_path, 'data_dir = "/srv/mill"\n' + SFTP)
    found = channel_settings(known, known.channels[0])
    assert isinstance(found, SftpSettings)
    assert (found.host_key, found.spool) == ((KEY,), Path("/srv/mill/spool/edi"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (FOLDER.replace("folder", "pigeon"), "no channel of kind 'pigeon'; write mailbox, folder, sftp"),
        (FOLDER.replace("path", "folder"), "There is no setting channels.drop.folder. There are"),
        (FOLDER + 'partnr = "x"\n', "There is no setting channels.drop.partnr. Did you mean partner"),
        ('[channels.drop]\nkind = "folder"\n', "channels.drop.path must be set for a channel of kind folder"),
        (FOLDER + 'take = "later"\n', "channels.drop.take must be 'renamed' or 'settled'"),
        (FOLDER + 'settle_seconds = "soon"\n', "channels.drop.settle_seconds must be a number"),
        (SFTP + 'port = "ssh"\n', "channels.edi.port must be a whole number"),
        (SFTP.replace(f'"{KEY}"', "[1]"), "channels.edi.host_key must be a list of texts"),
        (FOLDER + "partner = true\n", "channels.drop.partner must be a text"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(tmp_path: Path, text: str, sentence: str) -> None:
    known = settings(tmp_path, text)
    with pytest.raises(ConfigurationError) as caught:
        channel_settings(known, known.channels[0])
    assert sentence in str(caught.value)


def test_a_secret_of_the_wrong_kind_is_not_repeated(tmp_path: Path) -> None:
    known = settings(tmp_path, MAILBOX.replace('"x"', "424242"))
    with pytest.raises(ConfigurationError) as caught:
        channel_settings(known, known.channels[0])
    assert "424242" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (FOLDER, "the folder in"),
        (MAILBOX, "INBOX of orders@example.com at imap.example.com:993, by IMAP"),
        (SFTP, "/in at mill@sftp.example.com:22, by SFTP"),
        (FOLDER + 'describes = "what the warehouse scans"\n', "what the warehouse scans"),
    ],
)
def test_the_dashboard_is_told_what_a_channel_looks_at(tmp_path: Path, text: str, words: str) -> None:
    known = settings(tmp_path, text)
    assert describes(known, known.channels[0]) == words


def test_a_channel_is_opened_without_connecting(tmp_path: Path, clock: FixedClock) -> None:
    known = settings(tmp_path, MAILBOX)
    channel = open_channel(known, known.channels[0], clock)
    assert channel.name == "orders"
    channel.close()
