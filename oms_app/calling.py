"""How this very program is called from where it runs, for the commands that it tells people to type."""

import shlex
import shutil
import sys
from pathlib import Path


def as_called(config: Path | None = None) -> str:
    """Return the words before a command: `ordermill` where the shell finds this one, else its path; then the settings.

    A path below the current folder is told from there, as people type it: `.venv/bin/ordermill`.
    """
    words = _program() if config is None else (*_program(), "--config", _from_here(config))
    return shlex.join(words)


def _program() -> tuple[str, ...]:
    own = Path(sys.executable).with_name("ordermill")
    found = shutil.which(own.name)
    if found and Path(found).resolve() == own.resolve():
        return (own.name,)
    # Without an installed command the module does the same.
    return (_from_here(own),) if own.exists() else (_from_here(Path(sys.executable)), "-m", "oms_app.cli")


def _from_here(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
