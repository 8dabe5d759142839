"""Whatever is written is read back the same: class by class, digit by digit."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oms_core.errors import InvalidInput
from oms_core.ports import Reading
from oms_core.values import (
    BytesBlob,
    Candidate,
    CellSource,
    Decision,
    DocumentKind,
    DraftDocument,
    DraftLine,
    DraftParty,
    Finding,
    LineMatch,
    MatchedOrder,
    PageSource,
    Part,
    PartyMatch,
    PathSource,
    SegmentSource,
    Severity,
    Source,
    TextSource,
    Totals,
    Value,
)
from oms_core.values.outbound import ErpLine, ErpOrder, ErpParty
from oms_store import codec

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
shares = st.floats(0, 1)
decimals = st.decimals(allow_nan=False, allow_infinity=False)
points = st.floats(-1e6, 1e6)
counts = st.integers(0, 10**9)
sources: st.SearchStrategy[Source] = st.one_of(
    st.builds(PageSource, counts, st.tuples(points, points, points, points), texts),
    st.builds(SegmentSource, counts, texts, texts),
    st.builds(CellSource, counts, counts, texts, texts),
    st.builds(TextSource, counts, counts, texts),
    st.builds(PathSource, texts, texts),
)


def values_of(inner: st.SearchStrategy[Any]):
    return st.none() | st.builds(Value, inner, sources, shares)


words, numbers, dates = values_of(texts), values_of(decimals), values_of(st.dates())
parties = st.builds(DraftParty, words, words, words, words)
lines = st.builds(
    DraftLine, words, words, words, words, words, quantity=numbers, unit_price=numbers, requested_date=dates
)
findings = st.builds(Finding, texts, st.sampled_from(Severity), texts, texts)
drafts = st.builds(
    DraftDocument,
    st.sampled_from(DocumentKind),
    texts,
    number=words,
    refers_to=words,
    date=dates,
    requested_date=dates,
    currency=words,
    buyer=parties,
    ship_to=parties,
    totals=st.builds(Totals, numbers, numbers, numbers),
    lines=st.lists(lines, max_size=3).map(tuple),
    notes=words,
    confidence=shares,
    findings=st.lists(findings, max_size=2).map(tuple),
    interchange=st.none() | texts,
)
candidates = st.lists(st.builds(Candidate, texts, texts, shares, st.tuples(texts)), max_size=2).map(tuple)
party_matches = st.builds(PartyMatch, st.sampled_from(Decision), st.none() | texts, shares, candidates)
line_matches = st.builds(
    LineMatch,
    counts,
    st.sampled_from(Decision),
    st.none() | texts,
    shares,
    texts,
    candidates,
    st.none() | decimals,
    st.none() | texts,
    st.none() | decimals,
)
orders = st.builds(MatchedOrder, drafts, party_matches, st.none() | party_matches, st.tuples(line_matches))
parts = st.builds(Part, st.binary(max_size=64).map(BytesBlob), texts, st.none() | texts, texts)
readings = st.builds(
    Reading,
    texts,
    st.lists(drafts, max_size=2).map(tuple),
    st.lists(findings, max_size=2).map(tuple),
    st.lists(parts, max_size=3).map(tuple),
)


@settings(deadline=None, max_examples=40)
@given(drafts)
def test_a_draft_comes_back_the_same(draft: DraftDocument):
    assert codec.load(DraftDocument, codec.dump(draft)) == draft


@settings(deadline=None, max_examples=40)
@given(orders)
def test_a_matched_order_comes_back_the_same(order: MatchedOrder):
    assert codec.load(MatchedOrder, codec.dump(order)) == order


@settings(deadline=None, max_examples=40)
@given(readings)
def test_a_reading_comes_back_with_the_bytes_of_its_parts(reading: Reading):
    assert codec.load(Reading, codec.dump(reading)) == reading


@settings(deadline=None, max_examples=40)
@given(sources)
def test_every_kind_of_evidence_comes_back_as_its_own_class(source: Source):
    back = codec.load(Value[str], codec.dump(Value("x", source, 1.0), Value[str]))
    assert type(back.source) is type(source)
    assert back.source == source


@pytest.mark.parametrize("digits", ["0.10", "1E+3", "100", "-0.000001", "999999999999.999999", "0E-9"])
def test_a_decimal_keeps_every_digit_and_its_zeros(digits: str):
    draft = DraftDocument(
        DocumentKind.ORDER, "csv", totals=Totals(net=Value(Decimal(digits), CellSource(1, 1, digits), 1.0))
    )
    back = codec.load(DraftDocument, codec.dump(draft)).totals.net
    assert back is not None
    assert str(back.value) == str(Decimal(digits))


def test_several_findings_need_their_type_named():
    told = (Finding("line.no_quantity", Severity.REVIEW, "lines[0]", "Line 1 has no quantity."),)
    assert codec.load(tuple[Finding, ...], codec.dump(told, tuple[Finding, ...])) == told


def test_an_order_for_the_erp_keeps_its_dates_and_money():
    party = ErpParty("1001", "Muster GmbH", "Hauptstr. 1", "10115", "Berlin", "DE")
    line = ErpLine(1, "BOLT-1", "Bolt", Decimal("10.5"), "C62", Decimal("0.099"), Decimal("1.04"), "MAIN")
    day = dt.date(2026, 1, 31)
    money = Decimal("1.04"), Decimal("0.20"), Decimal("1.24")
    order = ErpOrder("k1", "SO-1", "4711", day, None, "EUR", party, None, (line,), *money)
    assert codec.load(ErpOrder, codec.dump(order)) == order


def test_a_field_added_by_a_newer_version_is_passed_over():
    data = b'{"code":"a","severity":"note","place":"","message":"m","added_later":1}'
    assert codec.load(Finding, data) == Finding("a", Severity.NOTE, "", "m")


@pytest.mark.parametrize("data", [b"", b"{}", b'{"code":1,"severity":"note","place":"","message":"m"}', b"\x80"])
def test_what_is_no_such_value_is_refused_by_name(data: bytes):
    with pytest.raises(InvalidInput, match="no Finding"):
        codec.load(Finding, data)


@pytest.mark.parametrize("lost", [1, 5, 30, 1000])
def test_a_reading_that_was_cut_off_is_refused(lost: int):
    whole = codec.dump(Reading("email", parts=(Part(BytesBlob(b"12345"), "a.txt", None),)))
    with pytest.raises(InvalidInput):
        codec.load(Reading, whole[: max(0, len(whole) - lost)])


def test_half_a_character_is_refused_and_not_kept_as_something_else():
    with pytest.raises(InvalidInput, match="cannot be kept"):
        codec.dump(Finding("a", Severity.NOTE, "", "\ud800"))
