"""Settings: three layers, nearest names, secrets in files, and a page that is up to date."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from config.describe import describe, page
from config.loading import MAX_FILE_BYTES, MAX_SECRET_BYTES, load
from config.settings import CompanySettings, LogSettings, Settings, WebSettings
from oms_core.errors import ConfigurationError
from oms_core.values import Limits
from rules.values import RuleSet

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ordermill.toml"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_without_file_and_environment_the_defaults_hold():
    settings = load({})
    assert settings == Settings()
    assert settings.database_url == "sqlite:///var/ordermill.db"


def test_the_file_wins_over_defaults_and_the_environment_over_the_file(file: Path):
    file.write_text('[web]\nport = 9000\nhost = "10.0.0.1"\n[worker]\nreaders = 3\n')
    settings = load({"ORDERMILL_WEB__PORT": "9001", "PATH": "/bin"}, file)
    assert (settings.web.port, settings.web.host, settings.worker.readers) == (9001, "10.0.0.1", 3)


def test_the_file_is_found_in_the_working_folder_or_named_by_the_environment(file: Path, tmp_path: Path):
    file.write_text('data_dir = "here"')
    assert load({}).data_dir == Path("here")
    other = tmp_path / "other.toml"
    other.write_text('data_dir = "there"')
    assert load({"ORDERMILL_CONFIG": str(other)}).data_dir == Path("there")


def test_texts_of_the_environment_become_what_the_setting_is():
    settings = load(
        {
            "ORDERMILL_DATA_DIR": "/srv/om",
            "ORDERMILL_COMPANY__NAMES": "Nordlicht, Nordlicht GmbH",
            "ORDERMILL_LOG__JSON": "yes",
            "ORDERMILL_LIMITS__SECONDS": "2.5",
            "ORDERMILL_LIMITS__BYTES": "1_000",
            "ORDERMILL_RULES__PRICE_TOLERANCE": "1.5",
        }
    )
    assert settings.data_dir == Path("/srv/om")
    assert settings.database_url == "sqlite:////srv/om/ordermill.db"
    assert settings.company.names == ("Nordlicht", "Nordlicht GmbH")
    assert settings.log.json
    assert settings.limits == Limits(seconds=2.5, bytes=1000)
    assert settings.rules == RuleSet(price_tolerance=Decimal("1.5"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[web]\nprot = 1", "web.prot .* Did you mean web.port?"),
        ("[wbe]\nport = 1", "setting wbe. Did you mean web?"),
        ("[web]\nzzz = 1", "There are: web.host, web.port"),
        ("[web]\nport = 'many'", "web.port must be a whole number"),
        ("[web]\nport = true", "web.port must be a whole number"),
        ("[web]\nport = 70000", "web.port must be a number from 1 to 65535"),
        ("[worker]\nlease_seconds = inf", "worker.lease_seconds must be a number"),
        ("[web]\nhost = 3", "web.host must be a text"),
        ("[log]\njson = 'perhaps'", "log.json must be true or false"),
        ("[company]\nnames = [1]", "company.names must be a list of texts"),
        ("[company]\ntime_zone = 'Europe/Atlantis'", "no time zone 'Europe/Atlantis'"),
        ("[rules]\nversion = 7", "no setting rules.version"),
        ("web = 1", "web is a section, not one setting"),
        ("[data_dir]\nx = 1", "data_dir is one setting, not a section"),
        ("[channels.In]\nkind = 'folder'", "small letters"),
        ("[channels.drop]\nfolder = 'in'", "channels.drop.kind must be set"),
        ("[erp]\nurl = 'x'", "erp.connector must be set"),
        ("port = = 1", "is not TOML"),
    ],
)
def test_what_is_wrong_is_named_with_what_to_do(file: Path, text: str, told: str):
    file.write_text(text)
    with pytest.raises(ConfigurationError, match=told):
        load({}, file)


def test_an_unknown_variable_is_an_error_that_names_it():
    with pytest.raises(ConfigurationError, match=r"ORDERMILL_WEB__PROT\). Did you mean web.port"):
        load({"ORDERMILL_WEB__PROT": "1"})


def test_a_variable_cannot_make_a_section_of_a_setting(file: Path):
    file.write_text("[web]\nport = 9000")
    with pytest.raises(ConfigurationError, match="port is one setting, not a section"):
        load({"ORDERMILL_WEB__PORT__X": "1"}, file)


def test_a_settings_file_that_was_named_must_be_there(tmp_path: Path):
    with pytest.raises(ConfigurationError, match="cannot be read: No such file"):
        load({}, tmp_path / "none.toml")


def test_a_settings_file_just_over_the_limit_is_refused(file: Path):
    file.write_text("#" * MAX_FILE_BYTES)
    load({}, file)
    file.write_text("#" * (MAX_FILE_BYTES + 1))
    with pytest.raises(ConfigurationError, match="no settings file"):
        load({}, file)


def test_channels_carry_their_own_options_and_secrets_from_files(file: Path, tmp_path: Path):
    secret = tmp_path / "secret"
    secret.write_text("hush\n")
    file.write_text(
        f"[channels.orders]\nkind = 'mailbox'\nhost = 'imap.example.com'\npassword_file = '{secret}'\n"
        "folders = ['INBOX', 'Orders']\nprivate_key_file = '/etc/key'\n"
        "[channels.drop]\nkind = 'folder'\nenabled = false\n"
    )
    orders, drop = load({"ORDERMILL_CHANNELS__ORDERS__PORT": "993"}, file).channels
    assert (orders.name, orders.kind, orders.enabled) == ("orders", "mailbox", True)
    assert dict(orders.options) == {
        "host": "imap.example.com",
        "password": "hush",
        "folders": ("INBOX", "Orders"),
        "private_key_file": "/etc/key",
        "port": "993",
    }
    assert not drop.enabled
    assert "hush" not in repr(orders)


def test_any_text_may_stand_in_a_file(tmp_path: Path):
    secret = tmp_path / "url"
    secret.write_text("postgresql://u:hush@h/d\n")
    settings = load({"ORDERMILL_DATABASE__URL_FILE": str(secret)})
    assert settings.database_url == "postgresql://u:hush@h/d"
    assert "hush" not in repr(settings)


def test_a_secret_file_that_is_missing_or_no_secret_is_named(tmp_path: Path):
    secret = tmp_path / "secret"
    given = {"ORDERMILL_ERP__CONNECTOR": "tryton", "ORDERMILL_ERP__PASSWORD_FILE": str(secret)}
    with pytest.raises(ConfigurationError, match=r"erp.password_file: .* cannot be read"):
        load(given)
    secret.write_bytes(b"x" * (MAX_SECRET_BYTES + 1))
    with pytest.raises(ConfigurationError, match="that is no secret"):
        load(given)
    secret.write_bytes(b"\xff")
    with pytest.raises(ConfigurationError, match="not UTF-8"):
        load(given)
    secret.write_bytes(b"x" * MAX_SECRET_BYTES)
    assert load(given).erp.options["password"] == "x" * MAX_SECRET_BYTES


def test_the_connectors_that_need_only_a_folder_work_from_the_first_start():
    settings = load({"ORDERMILL_DATA_DIR": "/srv/om", "ORDERMILL_MAIL_OUT__CONNECTOR": "mail_folder"})
    assert dict(settings.coupling("erp").options) == {"folder": "/srv/om/erp"}
    assert settings.coupling("replies").options["folder"] == "/srv/om/replies"
    given = load({"ORDERMILL_ERP__CONNECTOR": "file_drop", "ORDERMILL_ERP__FOLDER": "/erp"})
    assert given.coupling("erp").options["folder"] == "/erp"
    assert dict(load({"ORDERMILL_ERP__CONNECTOR": "tryton"}).coupling("erp").options) == {}


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: CompanySettings(currency="Euro"), "three capital letters"),
        (lambda: CompanySettings(country="de"), "two capital letters"),
        (lambda: WebSettings(public_url="orders.example.com"), "starts with https"),
        (lambda: LogSettings(level="loud"), "one of debug"),
        (lambda: Settings(limits=Limits(depth=0)), "limits.depth must be more than 0"),
    ],
)
def test_a_value_out_of_range_says_what_it_must_be(make: type, told: str):
    with pytest.raises(ConfigurationError, match=told):
        make()


def test_cookies_are_for_tls_only_where_the_public_address_is():
    assert WebSettings(public_url="https://orders.example.com").secure_cookies
    assert not WebSettings().secure_cookies


def test_every_setting_is_documented():
    missing = [f"{section.title}.{one.name}" for section in describe() for one in section.settings if not one.doc]
    assert missing == []
    assert [section.title for section in describe() if not section.doc] == []


def test_the_page_of_settings_is_up_to_date():
    assert (ROOT / "docs" / "settings.md").read_text() == page(), "run: python -m config.describe > docs/settings.md"


def test_the_page_names_every_setting_that_can_be_loaded():
    shown = page()
    for section in describe():
        for one in section.settings:
            assert re.search(rf"^\| `{one.name}` \|", shown, re.MULTILINE)


def test_the_sample_loads():
    settings = load({}, ROOT / "config" / "ordermill.sample.toml")
    assert settings.channels[0].name == "drop"
    assert settings.security.trusted_hosts == ("mx.example.com",)
