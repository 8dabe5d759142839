#!/usr/bin/env bash
# Makes .venv-tryton: the ERP server that the tests talk to, in an environment of its own (it is GPL and never ships).
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tools/environment.sh
. tools/environment.sh

wanted=$(fingerprint tools/tryton-requirements.lock tools/tryton.sh tools/environment.sh)
is_ready .venv-tryton "$wanted" && exit 0
exec 9<.
flock 9
is_ready .venv-tryton "$wanted" && exit 0

say "making .venv-tryton for the tests with a real ERP (once)"
if (make_environment .venv-tryton tools/tryton-requirements.lock); then
    mark_ready .venv-tryton "$wanted"
else
    say "Tryton could not be installed (see above): the tests with a real ERP will be left out."
fi
