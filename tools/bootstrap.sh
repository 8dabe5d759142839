#!/usr/bin/env bash
# Makes .venv from requirements.lock with the project in it. Needs a Python from 3.11 to 3.13 and either venv or pip.
# Run again with nothing changed it returns at once. PYTHON=... chooses the interpreter, UV=... the uv to use.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tools/environment.sh
. tools/environment.sh

wanted=$(fingerprint pyproject.toml requirements.lock tools/bootstrap.sh tools/environment.sh)
is_ready .venv "$wanted" && exit 0
exec 9<.
flock 9 # two makes at once: the second waits and finds it done
is_ready .venv "$wanted" && exit 0

say "making .venv from requirements.lock (once)"
make_environment .venv requirements.lock
# Built with the locked hatchling, so that nothing unlocked is fetched.
"$uv" pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
mark_ready .venv "$wanted"
say "ready: .venv/bin/ordermill"
