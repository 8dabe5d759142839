"""Who sent a mail and whether that may be believed: From, Reply-To, Authentication-Results, signs of automatic mail."""

import re
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32

from oms_core.values.document import SenderFacts
from parsers.mail import headers

MAX_HEAD_BYTES = 512 * 1024
"""The header section is looked for in this many bytes."""

_BULK = frozenset({"bulk", "list", "junk"})
_ROBOTS = re.compile(
    r"^(mailer-daemon|postmaster|daemon|bounces?|listserv|majordomo)([+._-]|$)"
    r"|(^|[._+-])(do[._-]?)?not?[._-]?(reply|response)([._+-]|$)"
)
_COMMENT = re.compile(r"\((?:[^()\\]|\\.)*\)")
_RESULT = re.compile(r"^\s*([a-z0-9-]+)\s*(?:/\s*\d+\s*)?=\s*([a-z]+)", re.IGNORECASE)
_PROPERTIES = {
    "dkim": re.compile(r"\bheader\.[di]\s*=\s*([^\s;]+)", re.IGNORECASE),
    "spf": re.compile(r"\bsmtp\.mailfrom\s*=\s*([^\s;]+)", re.IGNORECASE),
}
_FAILED = frozenset({"fail", "hardfail", "permerror", "policy"})


def header_section(data: bytes) -> "Message[str, str]":
    """Parse only the header fields of a mail."""
    head = data[:MAX_HEAD_BYTES]
    ends = [end for end in (head.find(b"\r\n\r\n"), head.find(b"\n\n")) if end >= 0]
    return BytesHeaderParser(policy=compat32).parsebytes(head[: min(ends)] if ends else head)


def message_id(data: bytes) -> str | None:
    """Return the Message-ID with its angle brackets, or None where the mail has none."""
    found = headers.raw_first(header_section(data), "Message-ID")
    return found[:998] if found else None


def sender_facts(data: bytes, trusted_host: str | None) -> SenderFacts:
    """Tell what a mail's header says of its sender.

    Only Authentication-Results of `trusted_host` (our own receiving server, RFC 8601 section 5) are believed, and of
    those the topmost; without a trusted host nothing is said.
    """
    message = header_section(data)
    senders = headers.addresses(message, "From")
    name, address = senders[0] if senders else (None, None)
    reply = headers.addresses(message, "Reply-To")
    return SenderFacts(
        address=address,
        name=name or None,
        reply_to=reply[0][1] if reply else None,
        authenticated=_authenticated(message, address, len(senders), trusted_host),
        automatic=is_automatic(message),
    )


def is_automatic(message: "Message[str, str]") -> bool:
    """Say whether a mail must never be answered by a machine (RFC 3834 section 2, RFC 2919, RFC 2369)."""
    found = dict(reversed(list(headers.fields(message))))
    senders = headers.addresses(message, "From")
    return (
        _submitted(found.get("auto-submitted")) != "no"
        or found.get("precedence", "").strip().lower() in _BULK
        or any(name in found for name in ("list-id", "list-unsubscribe", "x-auto-response-suppress", "feedback-id"))
        or any(name in found for name in ("x-autoreply", "x-autorespond", "x-failed-recipients"))
        or found.get("return-path", "x").replace(" ", "") == "<>"
        or not senders
        or any(is_robot(address) for _, address in senders)
    )


def _submitted(value: str | None) -> str:
    """Return the keyword of Auto-Submitted without its parameters (RFC 3834 section 5)."""
    return "no" if value is None else _COMMENT.sub("", value).split(";")[0].strip().lower()


def is_robot(address: str) -> bool:
    """Say whether nobody reads this address."""
    return bool(_ROBOTS.search(address.rpartition("@")[0].lower()))


def is_reply_by_machine(message: "Message[str, str]") -> bool:
    """Say whether this is an automatic reply or a bounce: an answer to us, never an order of its own."""
    found = dict(reversed(list(headers.fields(message))))
    bounced = message.get_content_type() == "multipart/report" or "x-failed-recipients" in found
    answered = _submitted(found.get("auto-submitted")) == "auto-replied"
    precedence = found.get("precedence", "").strip().lower() in {"auto_reply", "auto-reply"}
    daemon = any(re.match(r"mailer-daemon@|postmaster@", address) for _, address in headers.addresses(message, "From"))
    return bounced or answered or precedence or daemon or any(n in found for n in ("x-autoreply", "x-autorespond"))


def is_mass_mail(message: "Message[str, str]") -> bool:
    """Say whether this went to many: list and bulk mail, but not a letter to a group address of our own.

    A group mailbox (`orders@…` as a mailing group) adds List-Id to what customers write to it; then the list is the
    address in To or Cc.
    """
    found = dict(reversed(list(headers.fields(message))))
    precedence = found.get("precedence", "").strip().lower()
    if not (precedence in _BULK or "list-id" in found or "list-unsubscribe" in found):
        return False
    named = re.search(r"<([^<>]+)>", found.get("list-id", ""))
    if named is None:
        return True
    written_to = [address for field in ("To", "Cc") for _, address in headers.addresses(message, field)]
    return named.group(1).strip().lower() not in {address.replace("@", ".") for address in written_to}


def _authenticated(
    message: "Message[str, str]", address: str | None, senders: int, trusted_host: str | None
) -> bool | None:
    """Return the trusted host's verdict; several senders in From are never authenticated (RFC 7489 6.6.1)."""
    if not trusted_host or address is None:
        return None
    for name, value in headers.fields(message):
        if name == "authentication-results":
            text = _bare(value)
            host, _, results = text.partition(";")
            words = host.split()
            if words and words[0].lower() == trusted_host.strip().lower():
                return False if senders > 1 else _verdict(results, address.rpartition("@")[2])
    return None


def _bare(text: str) -> str:
    """Take comments out and the sting out of quoted strings (RFC 8601 section 2.2).

    A sender chooses the local part that SPF reports: `"; dmarc=pass;"@its.domain` must not count as a result.
    """
    out: list[str] = []
    depth, quoted, escaped = 0, False, False
    for character in text:
        if escaped:
            escaped = False
        elif character == "\\" and (quoted or depth):
            escaped = True
        elif character == '"' and not depth:
            quoted = not quoted
        elif character == "(" and not quoted:
            depth += 1
        elif character == ")" and depth and not quoted:
            depth -= 1
        elif not depth:
            out.append("_" if quoted and (character in ";=" or character.isspace()) else character)
    return "".join(out)


def _verdict(results: str, domain: str) -> bool | None:
    """Weigh the results: DMARC decides; without it an aligned DKIM or SPF pass; else a failure."""
    failed = False
    aligned = False
    for clause in results.split(";"):
        match = _RESULT.match(clause)
        if match is None:
            continue
        method, result = match.group(1).lower(), match.group(2).lower()
        if method == "dmarc" and result in {"pass", "fail"}:
            return result == "pass"
        if method in _PROPERTIES:
            names = [_domain_of(value) for value in _PROPERTIES[method].findall(clause)]
            aligned |= result == "pass" and any(_are_aligned(name, domain) for name in names)
            failed |= result in _FAILED
    if aligned:
        return True
    return False if failed else None


def _domain_of(value: str) -> str:
    return value.rpartition("@")[2].strip("<>").rstrip(".").lower()


def _are_aligned(name: str, domain: str) -> bool:
    """Say whether two domains are one or one is a part of the other (relaxed alignment, RFC 7489 section 3.1.1)."""
    short, long = sorted((name, domain), key=len)
    return short.count(".") >= 1 and (long == short or long.endswith("." + short))
