#!/usr/bin/env bash
# Installs Ordermill into a new environment, as for use: without what only its development needs, every package at the
# version and hash of requirements.lock. Usage: tools/install_release.sh FOLDER
set -euo pipefail
[ $# -eq 1 ] || { echo "Name the folder of the new environment: tools/install_release.sh FOLDER" >&2; exit 2; }
target=$(realpath -m "$1")
cd "$(dirname "$0")/.."
# shellcheck source=tools/environment.sh
. tools/environment.sh

python=$(find_python)
uv=$(find_uv "$python")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$uv" venv --quiet --python "$python" "$scratch/build"
"$uv" pip install --quiet --python "$scratch/build/bin/python" --constraint requirements.lock hatchling
"$uv" build --quiet --wheel --no-build-isolation --python "$scratch/build/bin/python" --out-dir "$scratch/wheel" .
"$uv" venv --quiet --clear --python "$python" "$target"
"$uv" pip install --quiet --python "$target/bin/python" --constraint requirements.lock --compile-bytecode \
    "$scratch"/wheel/*.whl
say "installed: $target/bin/ordermill"
