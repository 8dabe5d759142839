"""Pages and worker of one process share a database and take turns, but not their patience."""

from pathlib import Path

from config.settings import DatabaseSettings, Settings
from oms_app import bootstrap
from oms_app.reading_pool import InlineReader
from oms_app.serving import answering
from oms_store.engine import BUSY_MILLISECONDS, PERSON_MILLISECONDS


def test_only_who_answers_a_person_is_impatient(sqlite_url: str, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, database=DatabaseSettings(sqlite_url))
    built = bootstrap.build(settings, reader=InlineReader())
    pages = answering(built).house.store
    assert (built.house.store.patience, pages.patience) == (BUSY_MILLISECONDS, PERSON_MILLISECONDS)
    assert pages.turn is built.house.store.turn
    assert pages.engine is built.house.store.engine
    built.house.store.engine.dispose()
