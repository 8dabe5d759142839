"""Every measurement of speed in turn: `make bench`, or `python -m bench.speed [--quick] [NAME...]`.

Each runs in a process of its own. On a machine that does other things too, believe the ratios and not the seconds.
docs/speed.md says what each line means and what was measured last.
"""

import argparse
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime

QUICK = {
    "edifact": ("--messages", "100", "--runs", "3", "--skip-memory"),
    "matching": ("--products", "400", "10000", "--queries", "50"),
    "walk": ("--orders", "60", "--accepts", "60"),
}
"""What is measured, and with which numbers it takes about two minutes in all."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.speed", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", choices=[*QUICK, []], metavar="NAME", help=", ".join(QUICK))
    parser.add_argument("--quick", action="store_true", help="fewer rounds; the ratios are noisier")
    options = parser.parse_args()
    print(f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {os.cpu_count()} cores, "
          f"load {os.getloadavg()[0]:.1f}")  # fmt: skip
    failed = 0
    for name in options.names or QUICK:
        print(f"\n== {name}", flush=True)
        arguments = QUICK[name] if options.quick else ()
        failed += subprocess.run([sys.executable, "-m", f"bench.{name}", *arguments], check=False).returncode != 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
