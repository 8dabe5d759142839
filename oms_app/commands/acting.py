"""Who acts, when a command decides: the name that the audit keeps."""

import getpass


def command_line_user(given: str | None = None) -> str:
    """Return the name a person gave with `--as`, else the user who is logged in to this machine."""
    if given and given.strip():
        return given.strip()[:64]
    try:
        return f"{getpass.getuser()} (command line)"
    except (KeyError, OSError):
        return "command line"
