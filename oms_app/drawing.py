"""Have a document drawn by a child of its own, which is shut off like a reader and ends with its one answer.

PDFium, image and spreadsheet libraries meet hostile bytes there, so none of them runs in this process.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

from oms_app.drawing_child import REFUSED
from oms_core.errors import UnreadableDocument

SECONDS = 20.0
"""How long one drawing may take."""
_LAUNCH = "import sys; sys.path[:] = sys.argv[4:]; from oms_app.drawing_child import main; main({})".format(
    "int(sys.argv[1]), sys.argv[2], sys.argv[3]"
)


def draw(document: BinaryIO, word: str, argument: str = "") -> bytes:
    """Return what the child answers to one of `drawing_child.WORDS`. Raises UnreadableDocument with its reason."""
    root = str(Path(__file__).resolve().parents[1])
    arguments = [str(os.getpid()), word, argument, root, *filter(None, sys.path)]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-I", "-B", "-c", _LAUNCH, *arguments],
            stdin=document,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env={"PATH": os.defpath, "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"},
        )
    except subprocess.TimeoutExpired:
        raise UnreadableDocument("deadline", f"Drawing it took longer than {SECONDS:g} seconds.") from None
    if done.returncode == REFUSED:
        raise UnreadableDocument("not_drawn", done.stderr.decode(errors="replace"))
    if done.returncode:
        raise UnreadableDocument("not_drawn", "The program that draws it crashed on it.")
    return done.stdout
