"""Run the worker, the pages, or both in one process, and end them in order."""

import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from oms_store.engine import PERSON_MILLISECONDS

if TYPE_CHECKING:
    from uvicorn import Server

    from oms_app.bootstrap import Built


def serve(built: "Built", *, with_worker: bool, with_web: bool, when_ready: Callable[[], None] = lambda: None) -> None:
    """Run until a signal says stop; what was started is ended in order."""
    from oms_app.bootstrap import worker as build_worker

    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    working = build_worker(built) if with_worker else None
    server = _server(answering(built)) if with_web else None
    pages = threading.Thread(target=server.run, name="web", daemon=True) if server else None
    try:
        if working:
            working.start()
        if pages:
            pages.start()
        when_ready()
        while not stopping.wait(0.5):
            if pages and not pages.is_alive():
                break
    finally:
        if server and pages:
            server.should_exit = True
            pages.join(timeout=10)
        if working:
            working.stop()
        with suppress(AttributeError):
            built.house.reader.close()  # type: ignore[attr-defined]  # only the pool has children to end


def answering(built: "Built") -> "Built":
    """Return the house as pages and API use it: somebody waits for the answer, so a write gives up on a busy database.

    The worker of the same process keeps its patience; both write in turn.
    """
    house = replace(built.house, store=replace(built.house.store, patience=PERSON_MILLISECONDS))
    return replace(built, house=house)


def _server(built: "Built") -> "Server":
    import uvicorn

    from oms_app.web.app import create_app

    web_settings = built.settings.web
    config = uvicorn.Config(
        create_app(built),
        host=web_settings.host,
        port=web_settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
    )
    return uvicorn.Server(config)
