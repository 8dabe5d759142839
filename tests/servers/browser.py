"""A real browser: Debian's Chromium, driven by Playwright, one a test run's worker."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.run import leave_out

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PACKAGE = "chromium"
ARGUMENTS = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--force-color-profile=srgb")
START_SECONDS = 20


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """Chromium without a window."""
    program = shutil.which("chromium")
    if program is None:
        leave_out(PACKAGE, "Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield started
        started.close()


@contextmanager
def served(app: Any) -> Iterator[str]:
    """Serve an application on a free port of this machine and give its address."""
    import socket

    import uvicorn

    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=START_SECONDS)
