from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from oms_core.errors import UnreadableDocument
from oms_core.values import (
    Blob,
    BytesBlob,
    Claim,
    DocumentKind,
    DraftDocument,
    DraftLine,
    Finding,
    Head,
    Hints,
    Limits,
    Part,
    Severity,
    Strength,
)
from parsers import registry
from parsers.edifact.parser import EdifactParser
from parsers.registry import builtin_parsers, identify, read_document


@dataclass(frozen=True)
class Scripted:
    """A parser that claims and yields what a test wants."""

    name: str
    claim: Claim | None
    items: tuple[DraftDocument | Finding | Part | UnreadableDocument, ...] = ()

    def identify(self, head: Head) -> Claim | None:
        return self.claim if head.size else None

    def read(self, blob: Blob, hints: Hints) -> Iterator[DraftDocument | Finding | Part]:
        assert blob.size <= hints.limits.bytes
        for item in self.items:
            if isinstance(item, UnreadableDocument):
                raise item
            yield item


CERTAIN = Claim("one", Strength.CERTAIN)
DRAFT = DraftDocument(DocumentKind.ORDER, "one")
PART = Part(BytesBlob(b"x"), "x.txt", "text/plain")
HEAD = Head(b"x", "x.bin", None, 1)


def test_a_certain_claim_wins_over_possible_ones() -> None:
    sure = Scripted("sure", CERTAIN)
    maybe = Scripted("maybe", Claim("two", Strength.POSSIBLE, 1.0))
    assert identify(HEAD, (maybe, sure))[0] is sure


def test_the_best_possible_claim_wins() -> None:
    weak = Scripted("weak", Claim("two", Strength.POSSIBLE, 0.3))
    strong = Scripted("strong", Claim("one", Strength.POSSIBLE, 0.6))
    assert identify(HEAD, (weak, strong, Scripted("no", None))) == (strong, strong.claim)


@pytest.mark.parametrize("claim", [CERTAIN, Claim("one", Strength.POSSIBLE, 0.6)])
def test_two_equal_claims_are_an_error_that_names_both(claim: Claim) -> None:
    with pytest.raises(UnreadableDocument, match=r"alpha .*and beta") as caught:
        identify(HEAD, (Scripted("alpha", claim), Scripted("beta", claim)))
    assert caught.value.code == "ambiguous_format"


def test_no_claim_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(UnreadableDocument, match=r"x\.bin is in no format .* ask the sender") as caught:
        identify(HEAD, (Scripted("no", None),))
    assert caught.value.code == "unknown_format"


@pytest.mark.parametrize("data", [b"", b" \r\n", b"\xef\xbb\xbf", b"\x00\x00"])
def test_an_empty_document_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read_document(BytesBlob(data), Hints(), (Scripted("one", CERTAIN),))
    assert caught.value.code == "empty"


def test_drafts_findings_and_parts_are_collected_in_their_order() -> None:
    note = Finding("note", Severity.NOTE, "", "Note.")
    reading = read_document(BytesBlob(b"x"), Hints(), (Scripted("one", CERTAIN, (DRAFT, note, PART)),))
    assert (reading.format, reading.drafts, reading.findings, reading.parts) == ("one", (DRAFT,), (note,), (PART,))


def test_what_was_read_before_a_document_breaks_off_is_kept() -> None:
    error = UnreadableDocument("truncated", "It breaks off.", "segment 9")
    reading = read_document(BytesBlob(b"x"), Hints(), (Scripted("one", CERTAIN, (DRAFT, error)),))
    assert reading.drafts == (DRAFT,)
    assert reading.findings == (Finding("truncated", Severity.BLOCK, "segment 9", "It breaks off."),)


def test_a_document_of_which_nothing_could_be_read_is_unreadable() -> None:
    error = UnreadableDocument("truncated", "It breaks off.", "segment 9")
    with pytest.raises(UnreadableDocument) as caught:
        read_document(BytesBlob(b"x"), Hints(), (Scripted("one", CERTAIN, (error,)),))
    assert caught.value is error


def test_a_document_just_over_the_limit_in_bytes_is_refused() -> None:
    parsers = (Scripted("one", CERTAIN, (DRAFT,)),)
    hints = Hints(limits=Limits(bytes=10))
    assert read_document(BytesBlob(b"x" * 10), hints, parsers).drafts == (DRAFT,)
    with pytest.raises(UnreadableDocument, match="11 bytes; at most 10") as caught:
        read_document(BytesBlob(b"x" * 11), hints, parsers)
    assert caught.value.code == "too_large"


def test_an_order_just_over_the_limit_in_lines_is_left_out_and_the_others_come() -> None:
    long = DraftDocument(DocumentKind.ORDER, "one", lines=(DraftLine(),) * 3)
    short = DraftDocument(DocumentKind.ORDER, "one", lines=(DraftLine(),) * 2)
    parsers = (Scripted("one", CERTAIN, (long, short)),)
    reading = read_document(BytesBlob(b"x"), Hints(limits=Limits(lines=2)), parsers)
    assert reading.drafts == (short,)
    assert [(finding.code, finding.severity) for finding in reading.findings] == [("too_many_lines", Severity.BLOCK)]


def test_parts_just_over_the_limit_are_left_out_with_a_finding() -> None:
    parsers = (Scripted("one", CERTAIN, (PART,) * 3),)
    reading = read_document(BytesBlob(b"x"), Hints(limits=Limits(parts=2)), parsers)
    assert len(reading.parts) == 2
    assert [(finding.code, finding.severity) for finding in reading.findings] == [("too_large", Severity.BLOCK)]


def test_documents_and_findings_just_over_their_limits_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "MAX_DRAFTS", 2)
    monkeypatch.setattr(registry, "MAX_DOCUMENT_FINDINGS", 2)
    note = Finding("note", Severity.NOTE, "", "Note.")
    parsers = (Scripted("one", CERTAIN, (DRAFT, note, note, note, DRAFT, DRAFT)),)
    reading = read_document(BytesBlob(b"x"), Hints(), parsers)
    assert len(reading.drafts) == 2
    assert [finding.code for finding in reading.findings] == ["note", "note", "too_large"]


def test_every_built_in_parser_can_be_made_and_bears_a_name_of_its_own() -> None:
    parsers = builtin_parsers()
    names = [parser.name for parser in parsers]
    assert len(set(names)) == len(names) >= len(registry.BUILT_IN)
    assert EdifactParser in {type(parser) for parser in parsers}


@pytest.mark.parametrize(
    ("data", "filename", "form"),
    [
        (b"UNB+UNOC:3+A+B+260301:1200+1'UNH+1+ORDERS:D:96A:UN'", "a.txt", "edifact"),
        (b"Artikelnummer;Menge\r\nA-1;5\r\n", "order.csv", "csv"),
        (b"Artikelnummer;Menge\r\nA-1;5\r\nA-2;7\r\n", "", "csv"),
        (b"PK\x03\x04" + b"\x00" * 30 + b"xl/workbook.xml", "order.bin", "xlsx"),
    ],
)
def test_samples_go_to_the_parser_of_their_format(data: bytes, filename: str, form: str) -> None:
    _, claim = identify(Head(data, filename, None, len(data)), builtin_parsers())
    assert claim.format == form
