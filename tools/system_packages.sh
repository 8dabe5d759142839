#!/usr/bin/env bash
# Installs the real servers that the tests and the demo's mailbox use, where this user may: as root, or by sudo without
# a password. Otherwise says what will be left out. Arguments: mailbox, sftp, database, browser; none means all.
# The servers are only put there: none is started and none will start with the machine.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tools/environment.sh
. tools/environment.sh

is_here() {
    case $1 in
    mailbox) [ -x /usr/lib/dovecot/imap ] && [ -x /usr/lib/dovecot/lmtp ] ;;
    sftp) [ -x /usr/sbin/sshd ] ;;
    database) compgen -G '/usr/lib/postgresql/*/bin/initdb' || command -v initdb ;;
    browser) command -v chromium ;;
    *) fail "$1 is not one of mailbox, sftp, database, browser." ;;
    esac >/dev/null
}

packages_of() {
    case $1 in
    mailbox) echo dovecot-imapd dovecot-lmtpd ;;
    sftp) echo openssh-server ;;
    database) if apt-cache show postgresql-15 >/dev/null 2>&1; then echo postgresql-15; else echo postgresql; fi ;;
    browser) echo chromium ;;
    esac
}

units_of() {
    case $1 in
    mailbox) echo dovecot.service dovecot.socket ;;
    sftp) echo ssh.service ssh.socket ;;
    database) echo postgresql.service ;;
    browser) ;;
    esac
}

# As root or by sudo; fails where this user may not.
privileged() {
    if [ "$(id -u)" = 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    else
        sudo -n env DEBIAN_FRONTEND=noninteractive "$@"
    fi
}

# Debian starts a server when it is installed, unless this file says no.
install_unstarted() {
    local policy=/usr/sbin/policy-rc.d ours="" status=0
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | privileged tee "$policy" >/dev/null
        privileged chmod 755 "$policy"
        ours=yes
    fi
    privileged apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 "$@" </dev/null >&2 || status=$?
    if [ -n "$ours" ]; then privileged rm -f "$policy"; fi
    return "$status"
}

main() {
    local wanted=("$@") absent=() packages=() units=() part
    [ $# -gt 0 ] || wanted=(mailbox sftp database browser)
    for part in "${wanted[@]}"; do is_here "$part" || absent+=("$part"); done
    [ ${#absent[@]} -gt 0 ] || return 0

    if command -v apt-get >/dev/null && privileged true 2>/dev/null; then
        privileged apt-get update -qq </dev/null >&2 || say "apt-get update failed; trying with the lists that are here"
        for part in "${absent[@]}"; do
            read -ra packages < <(packages_of "$part")
            say "installing ${packages[*]} ($part)"
            install_unstarted "${packages[@]}" || continue
            read -ra units < <(units_of "$part"; echo)
            if [ -d /run/systemd/system ] && [ ${#units[@]} -gt 0 ]; then
                privileged systemctl disable --quiet "${units[@]}" 2>/dev/null || true
            fi
        done
    fi
    for part in "${absent[@]}"; do
        is_here "$part" && continue
        say "left out: $(packages_of "$part") is not here and could not be installed (this wants root, or sudo without" \
            "a password), so nothing runs with a real $part."
    done
}

main "$@"
