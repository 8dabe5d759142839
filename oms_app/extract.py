"""The body of `ordermill extract`: files in, one JSON object a file out, with evidence for every value."""

import datetime as dt
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO, TypeAlias

from oms_core.ports import Reader
from oms_core.values import (
    Blob,
    DraftDocument,
    DraftLine,
    DraftParty,
    Finding,
    Hints,
    Severity,
    Source,
    Totals,
    Value,
    plain,
)
from oms_flow.compose import Composition, ReadFailure, ReadNode, compose
from oms_flow.tree import read_tree

Json: TypeAlias = dict[str, Any]
"""An object as `json.dumps` takes it."""

PARTIES = ("buyer", "supplier", "ship_to")
UNKNOWN_FORMAT = "unknown"
FORMAT_OF_ENDING: Mapping[str, str] = MappingProxyType(
    {".pdf": "pdf", ".csv": "csv", ".tsv": "csv", ".xlsx": "xlsx", ".xls": "xlsx", ".ods": "xlsx"}
    | {".eml": "email", ".msg": "email", ".txt": "text", ".json": "json"}
)
"""What a file that could not be read was meant to be."""


@dataclass(frozen=True, slots=True)
class FileBlob:
    """A file on disk."""

    path: Path

    @property
    def size(self) -> int:
        """Length in bytes."""
        return self.path.stat().st_size

    def open(self) -> BinaryIO:
        """Open a fresh handle at the start; the caller closes it."""
        return self.path.open("rb")


def extract_files(paths: Iterable[Path], reader: Reader, hints: Hints | None = None) -> Iterator[Json]:
    """Yield one object per file, in their order, as each is read; one that cannot be read has its `error` set."""
    for path in paths:
        began = time.perf_counter()
        told = extract_blob(FileBlob(path), path.name, reader, hints or Hints())
        yield {"file": str(path), **told, "seconds": round(time.perf_counter() - began, 3)}


def unread(row: Json) -> bool:
    """Whether a file could not be read at all, which makes the command's exit status 1."""
    return row["error"] is not None and not row["documents"]


def extract_blob(blob: Blob, filename: str, reader: Reader, hints: Hints) -> Json:
    """Read one document with all inside it and return it in the contract's form, without `file` and `seconds`."""
    try:
        node = read_tree(reader, blob, replace(hints, filename=filename))
    except OSError as problem:
        message = f"The file cannot be opened: {problem.strerror or problem}. Check its path and your rights."
        node = ReadNode(None, ReadFailure("cannot_open", message), filename, "document")
    composition = compose(node)
    meant = FORMAT_OF_ENDING.get(Path(filename).suffix.lower(), UNKNOWN_FORMAT)
    error = _error(composition, node)
    return {
        "format": node.reading.format if node.reading else meant,
        "kind": composition.kind.value,
        "error": {"code": error.code, "message": error.message, "place": error.place} if error else None,
        "documents": [document(placed.draft) for placed in composition.drafts],
        "findings": [asdict(finding) for finding in composition.findings],
    }


def _error(composition: Composition, root: ReadNode) -> ReadFailure | None:
    """Return why nothing could be read, or which part of a document with good parts is broken."""
    if composition.error and (root.error or not composition.drafts):
        return composition.error
    broken = root.reading.findings if root.reading else ()
    return next((_failure(finding) for finding in broken if finding.severity is Severity.BLOCK), None)


def _failure(finding: Finding) -> ReadFailure:
    return ReadFailure(finding.code.rpartition(".")[2], finding.message, finding.place)


def document(draft: DraftDocument) -> Json:
    """Return one draft in the contract's form."""
    page = _Page()
    page.evidence["type"] = {
        **(evidence(draft.titled.source) if draft.titled else {"text": ""}),
        "confidence": round(draft.kind_confidence, 4),
    }
    return {
        "type": draft.kind.value,
        "number": page.put("number", draft.number),
        "refers_to": page.put("refers_to", draft.refers_to),
        "date": page.put("date", draft.date),
        "requested_date": page.put("requested_date", draft.requested_date),
        "currency": page.put("currency", draft.currency),
        **{role: page.all_of(getattr(draft, role), f"{role}.") for role in PARTIES},
        "totals": page.all_of(draft.totals, "totals."),
        "lines": [page.all_of(line, f"lines[{index}].") for index, line in enumerate(draft.lines)],
        "notes": page.put("notes", draft.notes),
        "confidence": round(draft.confidence, 4),
        "evidence": page.evidence,
        "findings": [asdict(finding) for finding in draft.findings],
    }


@dataclass(slots=True)
class _Page:
    """Writes values and remembers where each of them stands."""

    evidence: dict[str, Json] = field(default_factory=dict)

    def put(self, path: str, value: Value[Any] | None) -> str | None:
        """Return a value as text and note its evidence; None where the document does not state it."""
        if value is None:
            return None
        self.evidence[path] = {**evidence(value.source), "confidence": round(value.confidence, 4)}
        return written(value.value)

    def all_of(self, group: DraftParty | DraftLine | Totals, before: str) -> Json:
        """Return the values of a party, a line or the totals."""
        return {one.name: self.put(before + one.name, getattr(group, one.name)) for one in fields(group)}


def evidence(source: Source) -> Json:
    """Return where a value stands: the fields of its kind of source, and the text as it stands there."""
    facts = asdict(source)
    if facts.get("sheet") == "":
        del facts["sheet"]
    return {name: list(fact) if isinstance(fact, tuple) else fact for name, fact in facts.items()}


def written(value: str | Decimal | dt.date) -> str:
    """Write a value as the contract does: ISO dates, decimals with a point and no thousands separator."""
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, dt.date) else value
