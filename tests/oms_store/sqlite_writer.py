"""Writes and checkpoints against other processes: `python -m tests.oms_store.sqlite_writer URL ROWS NAME`."""

import sys
import time

from sqlalchemy import text

from oms_store.engine import checkpoint, make_engine


def main(url: str, rows: int, name: str) -> None:
    """Write rows one transaction each, with a checkpoint every few."""
    engine = make_engine(url)
    for number in range(rows):
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            connection.execute(
                text(
                    "INSERT INTO audit (id, at, who, what, subject) VALUES (:id, '2026-01-01 00:00:00', 'w', :pad, 's')"
                ),
                {"id": f"{name}-{number}", "pad": "x" * 3000},
            )
            connection.commit()
        if number % 5 == 0:
            checkpoint(engine)
        time.sleep(0.001)
    engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
