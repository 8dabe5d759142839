from pathlib import Path

import pytest

from connectors import reply_folder
from connectors.reply_folder import ReplyFolder, ReplyFolderSettings
from oms_core.errors import PartnerRejected, PartnerUnavailable


def test_a_reply_is_put_under_its_name_and_replaced_by_the_next(tmp_path: Path):
    box = ReplyFolder(ReplyFolderSettings(tmp_path / "out"))
    box.put("ORDRSP_4711.edi", b"one")
    box.put("ORDRSP_4711.edi", b"two")
    assert [(path.name, path.read_bytes()) for path in (tmp_path / "out").iterdir()] == [("ORDRSP_4711.edi", b"two")]


@pytest.mark.parametrize("name", ["../up.edi", "/abs/x.edi", "a/b.edi", "..edi", "nul\x00.edi"])
def test_a_name_from_outside_stays_in_the_folder_and_keeps_its_ending(tmp_path: Path, name: str):
    ReplyFolder(ReplyFolderSettings(tmp_path / "out")).put(name, b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    (written,) = (tmp_path / "out").iterdir()
    assert written.suffix == ".edi"


def test_what_cannot_be_put_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reply_folder, "MAX_REPLY_BYTES", 4)
    box = ReplyFolder(ReplyFolderSettings(tmp_path))
    box.put("a.txt", b"1234")
    with pytest.raises(PartnerRejected, match="has 5 bytes; at most 4"):
        box.put("a.txt", b"12345")
    with pytest.raises(PartnerRejected, match="0 characters"):
        box.put("", b"x")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(PartnerUnavailable, match="cannot be used"):
        ReplyFolder(ReplyFolderSettings(tmp_path / "file")).put("a.txt", b"x")
