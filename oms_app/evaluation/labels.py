"""Labelled documents: every `NAME.expected.json` beside its NAME, and what a list of booked orders says."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oms_app.evaluation.booked import Booked, read_booked
from oms_app.evaluation.sameness import Json
from oms_core.errors import InvalidInput

ENDING = ".expected.json"
BOOKED = ("booked.csv", "booked.xlsx")
"""Names under which a list of booked orders is found in the folder by itself."""
MAX_LABEL_BYTES = 16 * 1024 * 1024
"""The largest label file."""
MAX_FILES = 100_000
"""Labelled documents in one folder."""
MAX_LINES = 5_000
"""Lines of one labelled document, as many as the reader takes."""


@dataclass(frozen=True, slots=True)
class Case:
    """One document with its label; `name` is its path inside the folder, with slashes."""

    path: Path
    name: str
    label: Json


@dataclass(frozen=True, slots=True)
class Labelled:
    """The labelled documents of a folder, and a sentence for each label that cannot be used."""

    cases: tuple[Case, ...]
    problems: tuple[str, ...]


def read_labels(folder: Path, booked: Path | None = None) -> Labelled:
    """Return every labelled document under a folder in the order of names.

    `booked` is a list of booked orders; else one named `booked.csv` or `booked.xlsx` in the folder is taken. A label
    file beside a document wins over the list. Raises InvalidInput where there is nothing to score.
    """
    problems: list[str] = []
    found = {case.name: case for case in _label_files(folder, problems)}
    listed = booked or next((path for name in BOOKED if (path := folder / name).is_file()), None)
    if listed:
        told = read_booked(listed, folder)
        problems += told.problems
        for case in _booked_cases(folder, told):
            found.setdefault(case.name, case)
    if not found and not problems:
        names = " or ".join(BOOKED)
        raise InvalidInput(f"there is no *{ENDING} under {folder}, and no {names} in it. docs/evaluate.md shows both.")
    return Labelled(tuple(found[name] for name in sorted(found)), tuple(problems))


def _label_files(folder: Path, problems: list[str]) -> Iterator[Case]:
    """Yield the documents with a label file; a label that cannot be used adds a sentence to `problems`."""
    for count, path in enumerate(sorted(folder.rglob(f"*{ENDING}")), start=1):
        if count > MAX_FILES:
            raise InvalidInput(f"{folder} holds more than {MAX_FILES:,} labels; evaluate its parts one by one.")
        try:
            document, label = _document_of(path), read_label(path)
        except InvalidInput as problem:
            problems.append(f"{path.relative_to(folder).as_posix()}: {problem}. It is left out.")
            continue
        yield Case(document, document.relative_to(folder).as_posix(), label)


def _document_of(path: Path) -> Path:
    """Return the document beside a label file. Raises InvalidInput where there is none."""
    name = path.name.removesuffix(ENDING)
    if not name or not path.with_name(name).is_file():
        raise InvalidInput(f"there is no {name or 'document'} beside it")
    return path.with_name(name)


def read_label(path: Path) -> Json:
    """Return one label file. Raises InvalidInput with what is wrong in it."""
    try:
        if path.stat().st_size > MAX_LABEL_BYTES:
            raise InvalidInput(f"it is larger than {MAX_LABEL_BYTES // 1024 // 1024} MB, which no label is")
        label = json.loads(path.read_text("utf-8"))
    except OSError as problem:
        raise InvalidInput(f"it cannot be opened ({problem.strerror or problem})") from problem
    except RecursionError:
        raise InvalidInput("it is nested too deep to be a label") from None
    except ValueError as problem:
        raise InvalidInput(f"it is no JSON in UTF-8 ({problem})") from problem
    _check(label)
    found: Json = label
    return found


def _check(label: Any) -> None:
    """Raise InvalidInput where a label does not have the form that `ordermill extract` prints."""
    documents = label.get("documents") if isinstance(label, dict) else None
    if not isinstance(documents, list):
        raise InvalidInput("it has no list named documents")
    for number, document in enumerate(documents, start=1):
        if not isinstance(document, dict):
            raise InvalidInput(f"document {number} is no object")
        lines = document.get("lines", [])
        if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
            raise InvalidInput(f"the lines of document {number} are no list of objects")
        if len(lines) > MAX_LINES:
            raise InvalidInput(f"document {number} has more than {MAX_LINES:,} lines")
        skipped = document.get("_skip", [])
        if not isinstance(skipped, list) or not all(isinstance(path, str) for path in skipped):
            raise InvalidInput(f"_skip of document {number} is no list of field names")
        _check_values(document, f"document {number}")
        for place, line in enumerate(lines, start=1):
            _check_values(line, f"line {place} of document {number}")


_PARTS = ("buyer", "supplier", "ship_to", "totals")


def _check_values(values: Json, where: str) -> None:
    for name, value in values.items():
        if name.startswith("_") or name in ("lines", "evidence", "findings", "confidence"):
            continue
        if isinstance(value, dict) and name in _PARTS:
            _check_values(value, f"{name} of {where}")
        elif value is not None and not isinstance(value, str | int | float):
            raise InvalidInput(f"{name} of {where} is neither a text nor a number nor null")


def _booked_cases(folder: Path, booked: Booked) -> Iterator[Case]:
    for name, label in booked.labels:
        yield Case(folder / name, name, label)
