"""Read a document and every document inside it, within the limits of one delivery."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from oms_core.errors import UnreadableDocument
from oms_core.ports import Reader, Reading
from oms_core.values import Blob, Hints, Part
from oms_flow.compose import NodePath, ReadFailure, ReadNode

Keep = Callable[[NodePath, Part], Blob]
"""Keeps a part that was found at a place, and returns the bytes to read it from."""


def read_tree(reader: Reader, blob: Blob, hints: Hints, keep: Keep = lambda _path, part: part.blob) -> ReadNode:
    """Read a document with all inside it; one over the limits on depth and number of parts is a failure as a whole."""
    try:
        return _Tree(reader, keep).read(blob, hints, (), "document")
    except UnreadableDocument as problem:
        return ReadNode(None, _failure(problem), hints.filename, "document")


@dataclass(slots=True)
class _Tree:
    """Counts the parts of one delivery."""

    reader: Reader
    keep: Keep
    parts: int = 0

    def read(self, blob: Blob, hints: Hints, path: NodePath, role: str) -> ReadNode:
        """Read one document and its parts; one that cannot be read is a node with its failure."""
        try:
            reading = self.reader.read(blob, hints)
        except UnreadableDocument as problem:
            return ReadNode(None, _failure(problem), hints.filename, role)
        return ReadNode(reading, None, hints.filename, role, tuple(self._children(reading, hints, path)))

    def _children(self, reading: Reading, hints: Hints, path: NodePath) -> Iterator[ReadNode]:
        limits = hints.limits
        for index, part in enumerate(reading.parts):
            self.parts += 1
            if len(path) >= limits.depth:
                message = f"Documents lie more than {limits.depth} deep inside each other. Unpack them by hand."
                raise UnreadableDocument("too_deep", message, part.filename)
            if self.parts > limits.parts:
                message = f"More than {limits.parts} documents lie in this one. Ask the sender for several."
                raise UnreadableDocument("too_many_parts", message, part.filename)
            inside = (*path, index)
            told = replace(hints, filename=part.filename, media_type=part.media_type)
            yield self.read(self.keep(inside, part), told, inside, part.role)


def _failure(problem: UnreadableDocument) -> ReadFailure:
    return ReadFailure(problem.code, str(problem), problem.place)
