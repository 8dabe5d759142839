"""The host key that an SFTP server must show: pinned by its public key or its fingerprint."""

import base64
import binascii
import hashlib
from dataclasses import dataclass

from oms_core.errors import ConfigurationError

_SIGNATURES = {"ssh-rsa": ("rsa-sha2-512", "rsa-sha2-256")}
"""RFC 8332: an RSA key signs with SHA-2; other keys sign under their own name."""

_PREFERRED = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
)
"""The order in which OpenSSH asks for keys: so a bare fingerprint means the key that people see when they connect."""


@dataclass(frozen=True, slots=True)
class HostKey:
    """A pinned key: its fingerprint as ssh-keygen writes it, and its type where the setting says it."""

    fingerprint: str
    algorithm: str | None = None

    @property
    def signatures(self) -> tuple[str, ...]:
        """The algorithms to ask the server for, so that it shows this key and not another of its own."""
        if self.algorithm is None:
            return _PREFERRED
        return _SIGNATURES.get(self.algorithm, (self.algorithm,))


def parse(text: str) -> HostKey:
    """Read a pin: a line of known_hosts, a public key, `SHA256:…`, or the type and `SHA256:…`.

    Raises `ConfigurationError` for anything else, a hashed host name included.
    """
    words = text.split()
    for place, word in enumerate(words):
        before = words[place - 1] if place else None
        if word.startswith("SHA256:") and place <= 1:
            if len(_decoded(word.removeprefix("SHA256:"))) == hashlib.sha256().digest_size:
                return HostKey(word.rstrip("="), before)
            break
        if before is not None and before in _name_in(word):
            return HostKey(_fingerprint(_decoded(word)), before)
    raise ConfigurationError(
        f"{text[:80]!r} is no host key. Write the line that `ssh-keyscan HOST` prints (checked with the partner), "
        "or its fingerprint such as 'ssh-ed25519 SHA256:…'."
    )


def _decoded(word: str) -> bytes:
    try:
        return base64.b64decode(word + "=" * (-len(word) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _name_in(word: str) -> tuple[str, ...]:
    """Return the type that stands inside a public key (RFC 4253 section 6.6), so that a key is never misread."""
    data = _decoded(word)
    length = int.from_bytes(data[:4], "big")
    if len(data) <= 4 + length:
        return ()
    return (data[4 : 4 + length].decode("ascii", "replace"),)


def _fingerprint(key: bytes) -> str:
    return "SHA256:" + base64.b64encode(hashlib.sha256(key).digest()).decode("ascii").rstrip("=")
