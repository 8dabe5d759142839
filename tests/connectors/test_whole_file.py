from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.whole_file import MAX_NAME_LENGTH, safe_name, write_whole
from oms_core.errors import PartnerRejected, PartnerUnavailable

names = st.text(min_size=1, max_size=200).filter(lambda text: text.isprintable())


@given(names)
def test_a_safe_name_is_one_plain_visible_component(text: str):
    name = safe_name(text, ".json")
    assert Path(name).name == name
    assert not name.startswith((".", "-"))
    assert ".." not in name
    assert name.isascii()
    assert len(name) < 255


@given(names, names)
def test_two_texts_never_share_a_name(one: str, other: str):
    assert (safe_name(one) == safe_name(other)) == (one == other)


@pytest.mark.parametrize("text", ["", "x" * (MAX_NAME_LENGTH + 1), "x\ud800"])
def test_a_name_that_cannot_be_one_is_refused(text: str):
    with pytest.raises(PartnerRejected, match=r"file name|not valid text"):
        safe_name(text)


def test_a_file_is_replaced_whole_and_nothing_else_is_left(tmp_path: Path):
    write_whole(tmp_path / "new", "a.txt", b"one")
    write_whole(tmp_path / "new", "a.txt", b"two")
    assert [(path.name, path.read_bytes()) for path in (tmp_path / "new").iterdir()] == [("a.txt", b"two")]


def test_a_write_that_fails_leaves_no_scratch_file(tmp_path: Path):
    (tmp_path / "taken").mkdir()
    with pytest.raises(PartnerUnavailable, match=str(tmp_path)):
        write_whole(tmp_path, "taken", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
