#!/usr/bin/env bash
# Runs uv with the given arguments in the project's folder, installing it privately where it is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tools/environment.sh
. tools/environment.sh
python=$(find_python)
uv=$(find_uv "$python")
exec "$uv" "$@"
