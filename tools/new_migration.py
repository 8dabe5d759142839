"""Write a migration from what the records have and a fresh database at head has not.

Call it as `python -m tools.new_migration NAME`.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command

from oms_store.engine import make_engine
from oms_store.migrate import _config, head, migrate


def main(name: str) -> None:
    """Migrate a throw-away SQLite database to head and let Alembic write what is missing."""
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'schema.db'}")
        if head():
            migrate(engine)
        with engine.connect() as connection:
            command.revision(_config(connection), message=name, autogenerate=True)


if __name__ == "__main__":
    main(sys.argv[1])
