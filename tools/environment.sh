# How this project makes a Python environment; sourced by bootstrap.sh and tryton.sh in the project's folder.

export UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1
# Trust what the machine trusts (a company's own proxy, say), where it has a list of its own; the second is the older name.
if [ -r /etc/ssl/certs/ca-certificates.crt ]; then
    export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}" UV_NATIVE_TLS="${UV_NATIVE_TLS:-1}"
fi
uv=""

say() { printf 'ordermill: %s\n' "$*" >&2; }
fail() {
    say "$*"
    exit 1
}

# What an environment was made from: the files, the folder it stands in and the interpreter that was asked for.
fingerprint() { (cat "$@" && printf '%s %s' "$PWD" "${PYTHON:-}") | sha256sum | cut -d' ' -f1; }
is_ready() { [ "$(cat "$1/.made-from" 2>/dev/null)" = "$2" ] && "$1/bin/python" -c '' 2>/dev/null; }
mark_ready() { printf '%s\n' "$2" >"$1/.made-from"; }

fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }

find_python() {
    local candidate
    if [ -n "${PYTHON:-}" ]; then
        fits "$PYTHON" || fail "PYTHON=$PYTHON is no Python from 3.11 to 3.13: name another, or leave PYTHON unset."
        printf '%s' "$PYTHON"
        return
    fi
    for candidate in python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
        if fits "$candidate"; then
            # The file itself: a wrapper in PATH may answer differently in another folder.
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    fail "No Python from 3.11 to 3.13 was found. Install one (on Debian: apt-get install python3 python3-venv)" \
        "or name it: make PYTHON=/path/to/python3.12"
}

new_enough() { "$1" --version 2>/dev/null | grep -qE '^uv (0\.(9|[1-9][0-9])|[1-9])'; }

find_uv() {
    local python=$1 candidate
    for candidate in "${UV:-}" .venv-tools/bin/uv .venv-tools/lib/bin/uv uv; do
        if [ -n "$candidate" ] && new_enough "$candidate"; then
            printf '%s' "$candidate"
            return
        fi
    done
    rm -rf .venv-tools
    say "installing uv into .venv-tools (once)"
    if "$python" -m venv .venv-tools >/dev/null 2>&1; then
        .venv-tools/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tools/uv-requirements.lock >&2
        printf '%s' .venv-tools/bin/uv
    elif "$python" -m pip --version >/dev/null 2>&1; then
        rm -rf .venv-tools
        "$python" -m pip install --quiet --disable-pip-version-check --require-hashes --target .venv-tools/lib \
            -r tools/uv-requirements.lock >&2
        printf '%s' .venv-tools/lib/bin/uv
    else
        rm -rf .venv-tools
        fail "$python has neither venv nor pip. Install the system package python3-venv" \
            "(apt-get install python3-venv) and run this again."
    fi
}

describe() { "$1" -c 'import sys; print(sys.version, sys.base_prefix)' 2>/dev/null; }

# make_environment FOLDER LOCK: exactly the packages of the lock, each checked against its hash; sets $uv.
make_environment() {
    local python
    python=$(find_python)
    uv=$(find_uv "$python")
    rm -f "$1/.made-from"
    if [ "$(describe "$1/bin/python")" != "$(describe "$python")" ] || ! grep -qs "$PWD/$1" "$1/bin/activate"; then
        "$uv" venv --quiet --clear --python "$python" "$1"
    fi
    "$uv" pip sync --quiet --python "$1/bin/python" --require-hashes --compile-bytecode "$2"
}
