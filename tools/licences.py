"""Lists the licence of every locked package and names those that may not ship: `python -m tools.licences`."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

LOCK = Path(__file__).parents[1] / "requirements.lock"

PERMISSIVE = frozenset(
    {
        "0BSD",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC0-1.0",
        "ISC",
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "PSF-2.0",
        "Python-2.0",
        "Unlicense",
        "Zlib",
    }
)
LESSER = frozenset(
    # The library stays open, what uses it stays free: LGPL, and MPL and EPL, which reach no further than their files.
    {
        "LGPL-2.0-or-later",
        "LGPL-2.1-only",
        "LGPL-2.1-or-later",
        "LGPL-3.0-only",
        "LGPL-3.0-or-later",
        "MPL-2.0",
        "EPL-2.0",
    }
)
ALLOWED = PERMISSIVE | LESSER

STATED_ELSEWHERE = {
    # Packages whose metadata names no licence or none that can be told apart, and where it does stand.
    "colorama": "BSD-3-Clause",  # LICENSE.txt; for Windows only, so not installed here
    "imapclient": "BSD-3-Clause",  # COPYING: "New BSD License"
    "pypdfium2": "BSD-3-Clause OR Apache-2.0",  # LICENSES/; its PDFium is BSD-3-Clause, with permissive parts
}

AS_WRITTEN = {
    # How older metadata writes it, and what that is in SPDX.
    "apache software license": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "bsd": "BSD-3-Clause",
    "bsd license": "BSD-3-Clause",
    "bsd 2-clause license": "BSD-2-Clause",
    "gnu lesser general public license v2 or later (lgplv2+)": "LGPL-2.0-or-later",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
}


@dataclass(frozen=True, slots=True)
class Licence:
    """One locked package and the SPDX expression of its licence; empty where none could be told."""

    package: str
    version: str
    expression: str

    @property
    def allowed(self) -> bool:
        """Whether it may ship: one side of every OR is allowed, and every part of an AND."""
        return bool(self.expression) and all(
            any(choice.strip("() ") in ALLOWED for choice in part.split(" OR "))
            for part in re.split(r" AND (?![^(]*\))", self.expression)
        )


def locked(lock: str) -> Iterator[tuple[str, str]]:
    """Yield name and version of each package in the text of a lock file."""
    seen = set()
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", lock, re.MULTILINE):
        if name not in seen:
            seen.add(name)
            yield name, version


def expression(package: str) -> str:
    """Return the SPDX expression of an installed package, from the table above or from its metadata."""
    if package in STATED_ELSEWHERE:
        return STATED_ELSEWHERE[package]
    try:
        facts = metadata.metadata(package)
    except metadata.PackageNotFoundError:
        return ""
    stated = [*facts.get_all("License-Expression", []), *facts.get_all("License", [])]
    trove = [line.rpartition(" :: ")[2] for line in facts.get_all("Classifier", []) if line.startswith("License ::")]
    for text in (*stated, *trove):
        spdx: str = AS_WRITTEN.get(text.strip().lower(), text.strip())
        if spdx and re.fullmatch(r"[A-Za-z0-9.()+-]+( (AND|OR|WITH) [A-Za-z0-9.()+-]+)*", spdx) and spdx != "LGPL":
            return spdx
    return ""


def licences(lock: Path = LOCK) -> tuple[Licence, ...]:
    """Return the licence of every package in the lock, in its order."""
    return tuple(Licence(name, version, expression(name)) for name, version in locked(lock.read_text(encoding="utf-8")))


def main() -> int:
    """Print the list; 1 if a package may not ship or its licence cannot be told."""
    found = licences()
    for licence in found:
        print(f"{licence.package:28} {licence.version:14} {licence.expression or 'not stated'}")
    refused = [licence for licence in found if not licence.allowed]
    for licence in refused:
        print(
            f"{licence.package} {licence.version}: {licence.expression or 'no licence is stated'} may not ship: take "
            "another package, or say in tools/licences.py where its licence stands.",
            file=sys.stderr,
        )
    print(f"{len(found)} locked packages, {len(refused)} that may not ship.")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
