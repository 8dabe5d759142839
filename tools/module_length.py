"""Names the modules that have grown too long: `python -m tools.module_length`. Migrations and tests are not counted."""

import sys
from collections.abc import Iterator
from pathlib import Path

MAX_LINES = 400
ROOT = Path(__file__).parents[1]


def rooms(root: Path = ROOT) -> tuple[str, ...]:
    """Return the names of the project's own top-level packages: the folders that hold an `__init__.py`."""
    return tuple(sorted(path.parent.name for path in root.glob("*/__init__.py")))


def modules(root: Path = ROOT) -> Iterator[Path]:
    """Yield every module of the rooms and the tools, without migrations."""
    for folder in (*rooms(root), "bench", "tools"):
        for path in sorted((root / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def too_long(root: Path = ROOT, limit: int = MAX_LINES) -> tuple[str, ...]:
    """Return a sentence for each module over the limit, the longest first."""
    lengths = [(path.read_bytes().count(b"\n"), path) for path in modules(root)]
    over = sorted((pair for pair in lengths if pair[0] > limit), reverse=True)
    return tuple(
        f"{path.relative_to(root)} has {lines} lines: split it by what it does ({limit} at most)"
        for lines, path in over
    )


def main() -> int:
    """Print what is too long; 1 if anything is."""
    found = too_long()
    print("\n".join(found) or f"No module is over {MAX_LINES} lines.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
