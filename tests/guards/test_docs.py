"""The pages: every link leads somewhere, every sample of settings can be used, the README stays short."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.loading import load
from config.settings import Settings
from connectors import registry
from oms_app.channel_options import open_channel
from tests.factory import FixedClock

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
LINK = re.compile(r"\]\(([^)\s]+)\)")
SAMPLE = re.compile(r"^```toml\n(.*?)^```", re.MULTILINE | re.DOTALL)
SECRET = re.compile(r'(?<=_file = ")/run/secrets/[^"]+')
README_LINES = 90


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as the web shows them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


def broken(page: Path) -> Iterator[str]:
    for link in LINK.findall(page.read_text("utf-8")):
        if link.startswith(("http://", "https://")):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            yield link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path):
    assert list(broken(page)) == []


def test_a_link_to_nowhere_is_seen(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text("# One\n[a](page.md#one) [b](page.md#two) [c](gone.md)", "utf-8")
    assert list(broken(page)) == ["page.md#two", "gone.md"]


def samples(page: str) -> list[str]:
    return [text for text in SAMPLE.findall((ROOT / "docs" / page).read_text("utf-8")) if "entry-points" not in text]


def settings(text: str, folder: Path) -> Settings:
    """Load a sample as a person would use it: secrets in files, a real fingerprint."""
    secret, file = folder / "secret", folder / "ordermill.toml"
    secret.write_text("secret", "utf-8")
    text = text.replace("SHA256:...", "SHA256:" + "A" * 43)
    file.write_text(SECRET.sub(str(secret), text), "utf-8")
    return load({}, file)


@pytest.mark.parametrize("text", samples("channels.md"))
def test_every_sample_of_a_channel_makes_one(text: str, tmp_path: Path, clock: FixedClock):
    found = settings(text, tmp_path)
    assert found.channels
    for channel in found.channels:
        open_channel(found, channel, clock).close()


@pytest.mark.parametrize("text", samples("connectors.md"))
def test_every_sample_of_a_connector_makes_one(text: str, tmp_path: Path, clock: FixedClock):
    found = settings(text, tmp_path)
    erp, mail = found.coupling("erp"), found.coupling("mail_out")
    assert registry.erp(erp.connector, erp.options, clock).name == erp.connector
    registry.mailer(mail.connector, mail.options, clock)


def test_the_readme_is_short_and_says_both_commands():
    lines = (ROOT / "README.md").read_text("utf-8").splitlines()
    assert len(lines) < README_LINES
    assert {"make run", "make test"} <= {line.partition("#")[0].strip() for line in lines}
