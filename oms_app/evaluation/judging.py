"""Judge what was read of one document against its label, value by value and line by line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from oms_app.evaluation.sameness import CODES, Json, align, fold, same

HEADER = (
    *("type", "number", "date", "requested_date", "currency", "buyer.name", "buyer.id", "supplier.name"),
    *("ship_to.name", "ship_to.address", "totals.net", "totals.tax", "totals.gross"),
)
CRITICAL = frozenset(HEADER) - {"buyer.id", "supplier.name", "totals.net", "totals.tax", "totals.gross"}
"""Header fields that ship and bill: with every line they make a document perfect."""
LINE = ("gtin", "description", "quantity", "unit", "unit_price", "amount", "requested_date")
GOODS = ("quantity", "unit", "unit_price", "description")
"""What a warehouse and a ledger need of a line, beside its codes."""
OWNED = CODES[:2]
CODE, OWNER = "code", "code owner"
FIELDS = tuple(dict.fromkeys((*HEADER, *LINE, CODE, OWNER)))
"""Every name that values are counted under, in the order of the tables."""
LONE_TOTALS = ("totals.net", "totals.gross")


class Verdict(StrEnum):
    """What a value that was read is worth, or that it was not read."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSING = "missing"
    MADE_UP = "made_up"


@dataclass(frozen=True, slots=True)
class Judged:
    """One value: what the label says, what was read, where that stands, and the verdict.

    `field` is the name it is counted under, `path` its place in what was read (`lines[2].quantity`), `line` the index
    of its labelled line. `evidence` is the reader's own, in the form of `ordermill extract`.
    """

    field: str
    path: str
    verdict: Verdict
    want: str | None
    have: str | None
    evidence: Json | None
    line: int | None = None

    @property
    def confidence(self) -> float | None:
        """How sure the reader was; None where nothing was read or nothing was said."""
        told = self.evidence.get("confidence") if isinstance(self.evidence, dict) else None
        return float(told) if self.have is not None and isinstance(told, int | float) else None

    @property
    def weighed(self) -> bool:
        """Whether it takes part in the calibration: read, and judged by itself and not with other codes."""
        return self.have is not None and self.field not in (CODE, OWNER)


@dataclass(frozen=True, slots=True)
class JudgedLines:
    """Lines of one document: counts as labelled, as read, and right of both; then the wrong and the unlabelled ones.

    `wrong` are indices of labelled lines, `extra` says in short what each line is that was read and is on no label.
    """

    want: int = 0
    have: int = 0
    wrong: tuple[int, ...] = ()
    extra: tuple[str, ...] = ()

    @property
    def right(self) -> int:
        """Labelled lines whose goods, quantity, unit and price are all right."""
        return self.want - len(self.wrong)


@dataclass(frozen=True, slots=True)
class JudgedDocument:
    """One labelled document: every value with its verdict; `bad` names header fields and lines that are not right.

    `perfect` says that all is right that ships and bills, with nothing left out and nothing made up.
    """

    name: str
    perfect: bool
    confidence: float
    bad: tuple[str, ...]
    values: tuple[Judged, ...]
    lines: JudgedLines


def judge_document(name: str, want: Json, have: Json, *, spoiled: bool) -> JudgedDocument:
    """Judge one document; `spoiled` says that its file gave documents that are not there, so it cannot be perfect."""
    skip = set(want.get("_skip", ()))
    have, skip = _lone_total(want, have, skip)
    header = tuple(_header(want, have, skip))
    values, lines = ((), JudgedLines()) if "lines" in skip else _lines(want, have, skip)
    bad = [value.field for value in header if value.verdict is not Verdict.RIGHT]
    complete = not lines.wrong and lines.want == lines.have
    return JudgedDocument(
        name,
        perfect=not spoiled and complete and not CRITICAL.intersection(bad),
        confidence=float(have.get("confidence") or 0.0),
        bad=(*bad, *(f"line {index + 1}" for index in lines.wrong)),
        values=(*header, *values),
        lines=lines,
    )


def line_is_right(want: Json, have: Json, skip: set[str]) -> bool:
    """Whether a line has the right goods, quantity, unit and price."""
    for name in GOODS:
        counts_made_up = name in ("quantity", "unit_price") and name in want
        if f"lines[].{name}" in skip or (want.get(name) is None and not counts_made_up):
            continue
        if not same(name, want[name], have.get(name)):
            return False
    found = {fold(have[code]) for code in CODES if have.get(code)}
    asked = (code for code in CODES if want.get(code) and f"lines[].{code}" not in skip)
    return all(fold(want[code]) in found for code in asked)


def _header(want: Json, have: Json, skip: set[str]) -> Iterator[Judged]:
    evidence = have.get("evidence") or {}
    for path in HEADER:
        if _stated(want, path) and path not in skip:
            yield from _value(path, path, _at(want, path), _at(have, path), evidence.get(path))


def _lines(want: Json, have: Json, skip: set[str]) -> tuple[tuple[Judged, ...], JudgedLines]:
    asked, read = want.get("lines") or [], have.get("lines") or []
    evidence = have.get("evidence") or {}
    values: list[Judged] = []
    wrong, paired = [], set()
    for i, j in align(asked, read):
        line = read[j] if j is not None else {}
        values += _LineJudge(i, j, asked[i], line, skip, evidence).values()
        paired.add(j)
        if j is None or not line_is_right(asked[i], line, skip):
            wrong.append(i)
    extra = tuple(_in_short(line) for j, line in enumerate(read) if j not in paired)
    return tuple(values), JudgedLines(len(asked), len(read), tuple(wrong), extra)


def _in_short(line: Json) -> str:
    """Say what a line is: its quantity and unit, its codes, its description."""
    return " ".join(str(line[name]) for name in ("quantity", "unit", *CODES, "description") if line.get(name))


@dataclass(frozen=True, slots=True)
class _LineJudge:
    """One labelled line and the line read for it: their indices, their values, and what is not scored."""

    index: int
    place: int | None
    want: Json
    have: Json
    skip: set[str]
    evidence: Json

    def values(self) -> Iterator[Judged]:
        """Yield the values of the line, then its codes."""
        for name in LINE:
            if name in self.want and f"lines[].{name}" not in self.skip:
                path = self._path(name)
                told = self.evidence.get(path)
                yield from _value(name, path, self.want[name], self.have.get(name), told, self.index)
        yield from self._codes()

    def _codes(self) -> Iterator[Judged]:
        """Judge the codes of a line together; whose they are counts only where both are printed."""
        scored = [code for code in OWNED if f"lines[].{code}" not in self.skip and code in self.want]
        asked = {code: fold(self.want[code]) for code in scored if self.want.get(code)}
        found = {code: fold(self.have[code]) for code in CODES if self.have.get(code)}
        for code, text in asked.items():
            places = [one for one in (code, *CODES) if found.get(one) == text]
            if not places:
                yield self._missed(code, [one for one in OWNED if one in found])
                continue
            yield self._code(CODE, Verdict.RIGHT, self.want[code], places[0])
            if len(asked) == len(OWNED):
                verdict = Verdict.RIGHT if places[0] == code else Verdict.WRONG
                yield self._code(OWNER, verdict, code, places[0], told=places[0])
        if len(scored) == len(OWNED):
            yield from self._made_up(asked, found)

    def _missed(self, code: str, read: Sequence[str]) -> Judged:
        """Judge a labelled code that was not read: wrong where another was read in its stead."""
        if read:
            return self._code(CODE, Verdict.WRONG, self.want[code], code if code in read else read[0])
        return Judged(CODE, self._path(code), Verdict.MISSING, str(self.want[code]), None, None, self.index)

    def _made_up(self, asked: Json, found: Json) -> Iterator[Judged]:
        """Judge codes that were read and are on no label, beyond those that stand in a labelled one's stead."""
        known = {fold(self.want[code]) for code in CODES if self.want.get(code)}
        extra = [code for code in OWNED if code in found and found[code] not in known]
        in_stead = sum(text not in found.values() for text in asked.values())
        for code in extra[in_stead:]:
            yield self._code(CODE, Verdict.MADE_UP, None, code)

    def _code(self, field: str, verdict: Verdict, want: Any, at: str, told: str | None = None) -> Judged:
        path = self._path(at)
        have = told or str(self.have[at])
        return Judged(field, path, verdict, _text(want), have, self.evidence.get(path), self.index)

    def _path(self, name: str) -> str:
        """Return the place of a value in what was read; of a line that was not read, its place on the label."""
        return f"lines[{self.index if self.place is None else self.place}].{name}"


def _value(
    field: str, path: str, want: Any, have: Any, evidence: Json | None, line: int | None = None
) -> Iterator[Judged]:
    """Judge one value; there is nothing to judge where label and reading both say nothing."""
    if want is None and have is None:
        return
    if have is None:
        yield Judged(field, path, Verdict.MISSING, _text(want), None, None, line)
        return
    wrong = Verdict.MADE_UP if want is None else Verdict.WRONG
    verdict = Verdict.RIGHT if same(field, want, have) else wrong
    yield Judged(field, path, verdict, _text(want), _text(have), evidence, line)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _lone_total(want: Json, have: Json, skip: set[str]) -> tuple[Json, set[str]]:
    """Take one printed total from either place; the other place is then not scored."""
    stated = [path for path in LONE_TOTALS if _at(want, path) is not None]
    if len(stated) != 1:
        return have, skip
    totals = dict(have.get("totals") or {})
    for path in LONE_TOTALS:
        if same(path, _at(want, stated[0]), _at(have, path)):
            totals[stated[0].partition(".")[2]] = _at(have, path)
    return have | {"totals": totals}, (skip - set(stated)) | (set(LONE_TOTALS) - set(stated))


def _at(tree: Any, path: str) -> Any:
    for key in path.split("."):
        if not isinstance(tree, dict) or key not in tree:
            return None
        tree = tree[key]
    return tree


def _stated(tree: Any, path: str) -> bool:
    """Whether a label speaks of a field at all; one that is absent is not scored."""
    for key in path.split("."):
        if not isinstance(tree, dict) or key not in tree:
            return False
        tree = tree[key]
    return True
