"""Which parser reads a document, and the limits that hold for all of them."""

from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from importlib.metadata import entry_points

from oms_core.errors import ConfigurationError, UnreadableDocument
from oms_core.ports import Parser, Reading
from oms_core.values.document import HEAD_BYTES, Blob, Claim, Head, Hints, Limits, Part, Strength
from oms_core.values.draft import DraftDocument
from oms_core.values.finding import Finding, Severity
from oms_core.values.layout import Layout
from parsers.certainty import calibrated

BUILT_IN = (
    "parsers.edifact.parser:EdifactParser",
    "parsers.sheet.csv_order:CsvParser",
    "parsers.sheet.xlsx_order:XlsxParser",
    "parsers.mail.mime:MimeParser",
    "parsers.mail.msg:MsgParser",
    "parsers.pdf.parser:PdfTextParser",
    "parsers.mail.parser:MailTextParser",
)
"""Our own parsers. To add one: a module, its line here, a sample in the tests."""
ENTRY_POINTS = "ordermill.parsers"
"""The group under which installed packages offer further parsers: a class or function that makes one."""
MAX_DRAFTS = 100_000
"""Documents taken from one file; more are refused."""
MAX_DOCUMENT_FINDINGS = 1_000
"""Findings kept about one file as a whole."""


def builtin_parsers() -> tuple[Parser, ...]:
    """Make all parsers: our own, then those of installed packages.

    Raises `ConfigurationError` naming an installed parser that cannot be loaded.
    """
    return (*map(_built_in, BUILT_IN), *_installed())


def _built_in(place: str) -> Parser:
    module, _, name = place.partition(":")
    parser: Parser = getattr(import_module(module), name)()
    return parser


def _installed() -> list[Parser]:
    found: list[Parser] = []
    for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda point: point.name):
        try:
            found.append(point.load()())
        except Exception as error:
            raise ConfigurationError(
                f"The parser {point.name!r} ({point.value}) of an installed package cannot be loaded: {error}."
                " Repair or uninstall that package."
            ) from error
    return found


def identify(head: Head, parsers: Sequence[Parser]) -> tuple[Parser, Claim]:
    """Choose the parser for a document: the one certain claim, else the best possible one.

    Raises `UnreadableDocument`: `ambiguous_format` where two are certain or equally best, `unknown_format` for none.
    """
    claims = [(parser, claim) for parser in parsers if (claim := parser.identify(head)) is not None]
    certain = [pair for pair in claims if pair[1].strength is Strength.CERTAIN]
    if len(certain) > 1:
        raise _ambiguous(certain, "are certain")
    if certain:
        return certain[0]
    if not claims:
        raise UnreadableDocument(
            "unknown_format",
            f"{head.filename or 'The document'} is in no format that can be read here"
            f" ({head.media_type or 'no type declared'}). Open it, or ask the sender for another format.",
        )
    best = max(claim.weight for _, claim in claims)
    first = [pair for pair in claims if pair[1].weight == best]
    if len(first) > 1:
        raise _ambiguous(first, "are equally sure")
    return first[0]


def _ambiguous(claims: Iterable[tuple[Parser, Claim]], how: str) -> UnreadableDocument:
    names = " and ".join(f"{parser.name} ({claim.format})" for parser, claim in claims)
    return UnreadableDocument(
        "ambiguous_format", f"The parsers {names} {how} that this document is theirs; a person must say which reads it."
    )


def read_document(
    blob: Blob,
    hints: Hints,
    parsers: Sequence[Parser],
    finish: Callable[[DraftDocument], DraftDocument] = calibrated,
) -> Reading:
    """Read one document with the parser that claims it, under the limits that hold for every format.

    Each draft goes through `finish`, which makes chances of what the parser says of its own confidence.
    What was read before a document broke off is kept, and the error becomes a blocking finding that bears its code.
    Raises `UnreadableDocument` where nothing could be read: `empty`, `too_large`, and those of `identify` and parsers.
    """
    check_size(blob, hints.limits)
    with blob.open() as handle:
        data = handle.read(HEAD_BYTES)
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise UnreadableDocument(
            "empty", f"{hints.filename or 'The document'} holds nothing but blanks. Ask the sender to send it again."
        )
    parser, claim = identify(Head(data, hints.filename, hints.media_type, blob.size), parsers)
    return _Collector(claim.format, hints.limits, finish).collect(parser.read(blob, hints))


def check_size(blob: Blob, limits: Limits) -> None:
    """Raise `UnreadableDocument` for an empty blob (`empty`) or one over the limit in bytes (`too_large`)."""
    if blob.size == 0:
        raise UnreadableDocument("empty", "The document is empty (0 bytes). Ask the sender to send it again.")
    if blob.size > limits.bytes:
        raise UnreadableDocument(
            "too_large",
            f"The document has {blob.size:,} bytes; at most {limits.bytes:,} are read. Ask the sender to split it,"
            " or raise the limit in the settings.",
        )


class _Collector:
    """Gathers what a parser yields, and stops it where a limit is passed."""

    def __init__(self, form: str, limits: Limits, finish: Callable[[DraftDocument], DraftDocument]) -> None:
        self._format = form
        self._limits = limits
        self._finish = finish
        self._drafts: list[DraftDocument] = []
        self._findings: list[Finding] = []
        self._parts: list[Part] = []
        self._layout: Layout | None = None

    def collect(self, items: Iterable[DraftDocument | Finding | Part | Layout]) -> Reading:
        try:
            for item in items:
                self._take(item)
        except UnreadableDocument as error:
            if not (self._drafts or self._parts):
                raise
            self._findings.append(Finding(error.code, Severity.BLOCK, error.place, str(error)))
        return Reading(self._format, tuple(self._drafts), tuple(self._findings), tuple(self._parts), self._layout)

    def _take(self, item: DraftDocument | Finding | Part | Layout) -> None:
        if isinstance(item, Finding):
            if len(self._findings) < MAX_DOCUMENT_FINDINGS:
                self._findings.append(item)
        elif isinstance(item, Layout):
            self._layout = item
        elif isinstance(item, Part):
            _under(len(self._parts), self._limits.parts, "documents inside it", "")
            self._parts.append(item)
        else:
            _under(len(self._drafts), MAX_DRAFTS, "orders and other documents", "")
            self._take_draft(item)

    def _take_draft(self, draft: DraftDocument) -> None:
        """Keep a draft; one with more lines than the limit is left out with a finding, and the others still come."""
        if len(draft.lines) <= self._limits.lines:
            self._drafts.append(self._finish(draft))
            return
        number = draft.number.value if draft.number else "without a number"
        self._findings.append(
            Finding(
                "too_many_lines",
                Severity.BLOCK,
                f"document {number}",
                f"The document {number} has {len(draft.lines):,} lines; at most {self._limits.lines:,} are read."
                " Ask the sender to split it, or raise the limit in the settings.",
            )
        )


def _under(count: int, limit: int, what: str, place: str) -> None:
    if count >= limit:
        raise UnreadableDocument(
            "too_large", f"The document holds more than {limit:,} {what}; the rest was not read.", place
        )
