import subprocess
import sys
from pathlib import Path

import pytest

from connectors import registry
from connectors.connector import Port
from connectors.file_drop import FileDrop
from connectors.mail_folder import MailFolder
from connectors.reply_folder import ReplyFolder
from oms_core.errors import ConfigurationError
from tests.factory import FixedClock, erp_order


def test_every_built_in_connector_calls_itself_what_the_registry_calls_it():
    for name in registry.BUILT_IN:
        found = [registry.connector(name, port) for port in Port if _fits(name, port)]
        assert [one.name for one in found] == [name]


def _fits(name: str, port: Port) -> bool:
    try:
        registry.connector(name, port)
    except ConfigurationError:
        return False
    return True


def test_a_connector_is_built_from_loose_settings(tmp_path: Path, clock: FixedClock):
    erp = registry.erp("file_drop", {"folder": str(tmp_path), "lines_csv": "yes"}, clock)
    assert isinstance(erp, FileDrop)
    erp.send(erp_order("k1"))
    assert (tmp_path / "orders" / "k1.csv").exists()
    mailer = registry.mailer("mail_folder", {"folder": tmp_path, "sender": "orders@mill.example"}, clock)
    assert isinstance(mailer, MailFolder)
    assert isinstance(registry.reply_box("reply_folder", {"folder": tmp_path}, clock), ReplyFolder)


@pytest.mark.parametrize(
    ("name", "settings", "sentence"),
    [
        ("fax", {}, "no connector 'fax'.*file_drop"),
        ("smtp", {}, "'smtp' is for mailer, not for erp"),
        ("file_drop", {}, "file_drop needs the setting 'folder'"),
        ("file_drop", {"folder": "x", "colour": 1}, "no setting 'colour'.*folder, lines_csv"),
        ("file_drop", {"folder": "x", "lines_csv": "perhaps"}, "'lines_csv' of the connector file_drop"),
    ],
)
def test_a_wrong_setting_is_named(clock: FixedClock, name: str, settings: dict[str, object], sentence: str):
    with pytest.raises(ConfigurationError, match=sentence):
        registry.erp(name, settings, clock)


PACKAGE = """
from connectors.connector import Connector, Port
from connectors.reply_folder import ReplyFolder, ReplyFolderSettings
CONNECTOR = Connector("pigeon", Port.REPLY_BOX, ReplyFolderSettings, lambda settings, clock: ReplyFolder(settings))
"""


def install(folder: Path, entry: str) -> None:
    (folder / "pigeon_post.py").write_text(PACKAGE)
    information = folder / "pigeon_post-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: pigeon-post\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text(f"[ordermill.connectors]\n{entry}\n")


def test_another_package_brings_a_connector(tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch):
    install(tmp_path, "pigeon = pigeon_post:CONNECTOR")
    monkeypatch.syspath_prepend(tmp_path)
    assert "pigeon" in registry.names()
    registry.reply_box("pigeon", {"folder": tmp_path / "out"}, clock).put("a.txt", b"coo")
    assert (tmp_path / "out" / "a.txt").read_bytes() == b"coo"


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [("file_drop = pigeon_post:CONNECTOR", "More than one"), ("file_dove = pigeon_post:PACKAGE", "no connector")],
)
def test_a_package_never_takes_the_place_of_ours(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, entry: str, sentence: str
):
    install(tmp_path, entry)
    monkeypatch.syspath_prepend(tmp_path)
    wanted = "file_drop" if entry.startswith("file_drop") else "file_duck"
    with pytest.raises(ConfigurationError, match=sentence):
        registry.erp(wanted, {"folder": tmp_path}, clock)


def test_what_is_installed_but_no_connector_is_refused(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
):
    install(tmp_path, "pigeon = pigeon_post:ReplyFolder")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ConfigurationError, match="is not one"):
        registry.reply_box("pigeon", {}, clock)


def test_looking_names_up_imports_no_connector():
    program = "import sys, connectors.registry as r; r.names(); print('httpx' in sys.modules, 'smtplib' in sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert ran.stdout.split() == ["False", "False"]
