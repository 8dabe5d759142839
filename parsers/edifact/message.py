"""One EDIFACT message to a `DraftDocument`: header, parties, lines, totals, and what does not add up."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from oms_core.values.draft import ORDER_KINDS, DocumentKind, DraftDocument, DraftLine, DraftParty, Totals
from oms_core.values.finding import Finding, Severity
from oms_core.values.source import Value
from parsers.edifact.codes import (
    BUYER_ROLES,
    CANCELLING,
    CHANGING,
    COPIES,
    DATE_RANKS,
    DELIVERY_RANKS,
    DESPATCHED_RANKS,
    DOCUMENT_NAMES,
    GROSS_RANKS,
    INVOICED_RANKS,
    INVOICEE_ROLES,
    MESSAGE_KINDS,
    NET_RANKS,
    QUANTITY_RANKS,
    SHIP_TO_ROLES,
    SUPPLIER_ROLES,
    TAX_RANKS,
)
from parsers.edifact.lines import COMPOSITE_HANDLERS, LINE_HANDLERS, LineReader
from parsers.edifact.parties import PartyReader, first_of
from parsers.edifact.stream import Message
from parsers.edifact.values import SURE, Elements, date_of, joined, number_of, part, sourced, text_value

MAX_PARTIES = 50
"""More parties than this in one message are left out."""
MAX_NOTES_CHARS = 8_000
MAX_FINDINGS = 200
"""More findings than this about one message say nothing new."""

_CONFIDENCE = 0.99
_DOUBT = 0.9
"""What each finding that a person must look at leaves of the confidence in the whole."""
_LEAST = 0.3
_SURE_READING = frozenset({"edifact.test", "edifact.copy", "edifact.deleted", "edifact.line_party"})
"""Findings for a person that do not say that something was read wrongly."""
_TOTAL_CODES = frozenset({*NET_RANKS, *GROSS_RANKS, *TAX_RANKS})
_LINE_COUNT = "2"
_QUANTITY_COUNT = "1"
_MESSAGE_TOTAL = "86"


class MessageReader:
    """Reads the segments of one message in their order."""

    def __init__(self, message: Message) -> None:
        self._message = message
        self._findings: list[Finding] = []
        self._kind = DocumentKind.OTHER
        self._titled: Value[str] | None = None
        self._number: Value[str] | None = None
        self._order_reference: Value[str] | None = None
        self._dates: dict[str, Value[dt.date]] = {}
        self._currency: Value[str] | None = None
        self._parties: list[PartyReader] = []
        self._totals: dict[str, Value[Decimal]] = {}
        self._counts: dict[str, tuple[int, Decimal]] = {}
        self._notes: list[Value[str]] = []
        self._line: LineReader | None = None
        self._lines: list[DraftLine] = []
        self._line_notes: list[str] = []
        self._quantity_ranks: tuple[str, ...] = QUANTITY_RANKS
        self._in_party = False

    def read(self, interchange: str | None) -> DraftDocument:
        """Read the message. Never raises for what it holds: what is wrong becomes findings."""
        element, components = self._message.separators.element, self._message.separators.components
        for number, segment in enumerate(self._message.segments, start=self._message.number):
            parts = segment.split(element)
            tag = parts[0]
            line = self._line
            if line is None or tag in _ENDING_LINES:
                self._take(tag, number, parts)
            elif tag in COMPOSITE_HANDLERS and len(parts) > 1:
                composite = components(parts[1])
                COMPOSITE_HANDLERS[tag](line, number, composite)
                if tag == "MOA":
                    self._amount(number, composite)
            elif tag in LINE_HANDLERS and len(parts) > 1:
                LINE_HANDLERS[tag](line, number, parts)
        self._end_line()
        return self._build(interchange)

    def _take(self, tag: str, number: int, parts: list[str]) -> None:
        """Take a segment of the header or the summary; in an open line only those that end it."""
        if tag == "LIN":
            self._lin(number, parts)
        elif (handler := _HANDLERS.get(tag)) is not None:
            elements = [self._message.separators.components(part) for part in parts]
            handler(self, number, elements if len(elements) > 1 else [*elements, [""]])

    def _find(self, code: str, place: str, message: str, severity: Severity = Severity.REVIEW) -> None:
        if len(self._findings) < MAX_FINDINGS:
            self._findings.append(Finding(f"edifact.{code}", severity, place, message))

    def notice_test(self) -> None:
        """Note that the interchange is marked as a test (UNB, 0035)."""
        self._find("test", "", "The sender marks this interchange as a test: do not deliver it unless they confirm.")

    def _unh(self, number: int, elements: Elements) -> None:
        message_type = part(elements, 2)
        self._kind = MESSAGE_KINDS.get(message_type, DocumentKind.OTHER)
        self._titled = sourced(message_type, number, "2.1", message_type)

    def _bgm(self, number: int, elements: Elements) -> None:
        """Take kind, number and function; a line of an invoice counts what was invoiced."""
        self._number = text_value(number, elements, 2)
        name = part(elements, 1)
        if name in DOCUMENT_NAMES:
            self._kind, self._titled = DOCUMENT_NAMES[name], sourced(name, number, "1.1", name)
        function = part(elements, 3)
        if self._kind in ORDER_KINDS:
            if function in CANCELLING:
                self._kind = DocumentKind.ORDER_CANCELLATION
            elif function in CHANGING:
                self._kind = DocumentKind.ORDER_CHANGE
        if function in COPIES:
            self._find(
                "copy",
                f"segment {number}",
                f"The sender marks this message as a {COPIES[function]}: compare it"
                " with what came before, so that nothing is delivered twice.",
            )
        self._quantity_ranks = _RANKS_BY_KIND.get(self._kind, QUANTITY_RANKS)

    def _dtm(self, number: int, elements: Elements) -> None:
        qualifier, text = part(elements, 1), part(elements, 1, 2)
        if not text or qualifier in self._dates or qualifier not in _HEADER_DATES:
            return
        value = date_of(text, part(elements, 1, 3))
        if value is None:
            self._find("date", f"segment {number}", f"{text!r} in segment {number} (DTM) names no day.")
        else:
            self._dates[qualifier] = sourced(value, number, "1.2", text)

    def _rff(self, number: int, elements: Elements) -> None:
        if self._in_party:
            self._parties[-1].reference(number, elements)
        elif part(elements, 1) == "ON" and self._order_reference is None:
            self._order_reference = text_value(number, elements, 1, 2)

    def _nad(self, number: int, elements: Elements) -> None:
        self._in_party = len(self._parties) < MAX_PARTIES
        if self._in_party:
            self._parties.append(PartyReader(part(elements, 1), number, elements))

    def _com(self, number: int, elements: Elements) -> None:
        if self._in_party:
            self._parties[-1].contact(number, elements)

    def _cux(self, number: int, elements: Elements) -> None:
        """Take the reference currency; in a line group a second CUX changes nothing."""
        self._in_party = False
        code = part(elements, 1, 2)
        if self._currency is None and code:
            self._set_currency(code, number, "1.2")

    def _set_currency(self, code: str, number: int, place: str) -> None:
        if len(code) == len("EUR") and code.isalpha() and code.isascii():
            self._currency = sourced(code.upper(), number, place, code)
        else:
            self._find("currency", f"segment {number}", f"{code!r} in segment {number} is no currency code.")

    def _lin(self, number: int, parts: list[str]) -> None:
        """Begin a line, and end the one before."""
        self._in_party = False
        self._end_line()
        components = self._message.separators.components
        parent = components(parts[4])[1:2] if len(parts) > 4 else []  # noqa: PLR2004
        if parent and parent[0]:
            self._find(
                "sub_line",
                f"segment {number}",
                f"Segment {number} is a sub-line of line {parent[0]} (a part of a set or display); it is listed as"
                " a line of its own: check what to ship.",
            )
        self._line = LineReader(len(self._lines), number, parts, components, self._quantity_ranks)

    def _end_line(self) -> None:
        """Close the line that is open."""
        line, self._line = self._line, None
        if line is None:
            return
        self._lines.append(line.build())
        self._line_notes.extend(line.notes)
        if line.quantity is None and self._kind is DocumentKind.ORDER:
            self._find(
                "no_quantity",
                f"lines[{len(self._lines) - 1}].quantity",
                f"Line {len(self._lines)} orders no quantity (no QTY+21).",
            )
        self._findings.extend(line.findings[: max(0, MAX_FINDINGS - len(self._findings))])

    def _uns(self, _: int, __: Elements) -> None:
        self._in_party = False
        self._end_line()

    def _moa(self, number: int, elements: Elements) -> None:
        self._amount(number, elements[1])

    def _amount(self, number: int, composite: list[str]) -> None:
        """Take totals: their codes are never those of a line, so that a message without UNS reads the same."""
        code, text, currency, *_ = *composite, "", ""
        if self._currency is None and currency:
            self._set_currency(currency, number, "1.3")
        if code not in _TOTAL_CODES or code in self._totals or (self._line is not None and code in _LINE_TAX):
            return
        value = number_of(text)
        if value is None:
            self._find("number", f"segment {number}", f"{text!r} in segment {number} (MOA) is no amount.")
        else:
            self._totals[code] = sourced(value, number, "1.2", text)

    def _cnt(self, number: int, elements: Elements) -> None:
        value = number_of(part(elements, 1, 2))
        if value is not None:
            self._counts[part(elements, 1)] = (number, value)

    def _ftx(self, number: int, elements: Elements) -> None:
        text = joined(elements[4]) if len(elements) > 4 else ""  # noqa: PLR2004
        if text:
            self._notes.append(sourced(text, number, "4.1", text))

    def _unt(self, number: int, elements: Elements) -> None:
        """Compare count and reference with what came (ISO 9735, UNT)."""
        count, reference = part(elements, 1), part(elements, 2)
        came = len(self._message.segments)
        if number_of(count) != came:
            self._find(
                "segment_count",
                f"segment {number}",
                f"UNT says that the message has {count or 'no'} segments,"
                f" {came} came: something may be missing or doubled.",
            )
        if reference != self._reference():
            self._find(
                "message_reference",
                f"segment {number}",
                f"UNT ends the message {reference!r}, but UNH began {self._reference()!r}.",
            )

    def _reference(self) -> str:
        return part(self._message.separators.elements(self._message.segments[0]), 1)

    def _check_counts(self) -> None:
        """Compare CNT with the lines and quantities that were read."""
        if _LINE_COUNT in self._counts:
            number, value = self._counts[_LINE_COUNT]
            if value != len(self._lines):
                self._find("line_count", f"segment {number}", f"CNT says {value:f} lines, {len(self._lines)} came.")
        if _QUANTITY_COUNT in self._counts:
            number, value = self._counts[_QUANTITY_COUNT]
            total = sum((line.quantity.value for line in self._lines if line.quantity), Decimal(0))
            if value != total:
                self._find(
                    "quantity_count",
                    f"segment {number}",
                    f"CNT says that the quantities add up to {value:f}; those that came make {total:f}.",
                )

    def _build(self, interchange: str | None) -> DraftDocument:
        self._check_counts()
        buyer = self._buyer()
        if self._kind is DocumentKind.ORDER and not self._lines:
            self._find("no_lines", "", "The order has no line (LIN).", Severity.BLOCK)
        if self._kind in ORDER_KINDS and self._number is None:
            self._find("no_number", "", "The message has no document number (BGM).")
        supplier, ship_to = self._party(SUPPLIER_ROLES), self._party(SHIP_TO_ROLES)
        for party in self._parties:
            self._findings += party.findings[: max(0, MAX_FINDINGS - len(self._findings))]
        return DraftDocument(
            kind=self._kind,
            format="edifact",
            number=self._number,
            refers_to=self._order_reference if self._kind is not DocumentKind.ORDER else None,
            date=self._ranked_date(DATE_RANKS),
            requested_date=self._ranked_date(DELIVERY_RANKS),
            currency=self._currency,
            buyer=buyer,
            supplier=supplier,
            ship_to=ship_to,
            totals=self._sums(),
            lines=tuple(self._lines),
            notes=self._note(),
            titled=self._titled,
            kind_confidence=SURE,
            confidence=self._confidence(),
            findings=tuple(self._findings),
            interchange=interchange,
        )

    def _ranked_date(self, ranks: tuple[str, ...]) -> Value[dt.date] | None:
        return next((self._dates[code] for code in ranks if code in self._dates), None)

    def _party(self, roles: tuple[str, ...]) -> DraftParty:
        party = first_of(self._parties, roles)
        return DraftParty() if party is None else party.build()

    def _buyer(self) -> DraftParty:
        """Return who orders; with neither BY nor OB, who gets the invoice, for a person to confirm."""
        buyer = first_of(self._parties, BUYER_ROLES)
        if buyer is not None or self._kind not in ORDER_KINDS:
            return DraftParty() if buyer is None else buyer.build()
        self._find("no_buyer", "buyer", "The message names no buyer (NAD+BY); check who orders.")
        return self._party(INVOICEE_ROLES)

    def _sums(self) -> Totals:
        """Sort the totals; the message total (86) is gross where a net total, a tax or an invoice stands beside it."""
        totals = self._totals
        gross = next((totals[code] for code in GROSS_RANKS if code in totals), None)
        tax = next((totals[code] for code in TAX_RANKS if code in totals), None)
        net_codes = [code for code in NET_RANKS if code in totals and code != _MESSAGE_TOTAL]
        net = totals[net_codes[0]] if net_codes else None
        if net is None and tax is None and self._kind is not DocumentKind.INVOICE and _MESSAGE_TOTAL in totals:
            net = totals[_MESSAGE_TOTAL]
            gross = None if gross is net else gross
        return Totals(net=net, tax=tax, gross=gross)

    def _note(self) -> Value[str] | None:
        texts = [note.value for note in self._notes] + self._line_notes
        if not texts:
            return None
        text = "\n".join(texts)[:MAX_NOTES_CHARS]
        if self._notes:
            return Value(text, self._notes[0].source, self._notes[0].confidence)
        return sourced(text, self._message.number, "FTX", text)

    def _confidence(self) -> float:
        doubts = sum(f.severity is not Severity.NOTE and f.code not in _SURE_READING for f in self._findings)
        return round(max(_LEAST, _CONFIDENCE * _DOUBT**doubts), 3)


_LINE_TAX = frozenset({*TAX_RANKS, "125", "128", "9", "77", "39"})
_HEADER_DATES = frozenset({*DATE_RANKS, *DELIVERY_RANKS})
_RANKS_BY_KIND = {
    DocumentKind.INVOICE: INVOICED_RANKS,
    DocumentKind.CREDIT_NOTE: INVOICED_RANKS,
    DocumentKind.DESPATCH_ADVICE: DESPATCHED_RANKS,
    DocumentKind.RECEIPT_ADVICE: DESPATCHED_RANKS,
}
_ENDING_LINES = frozenset({"LIN", "UNS", "CNT", "UNT"})
_HANDLERS: dict[str, Callable[[MessageReader, int, Elements], None]] = {
    "UNH": MessageReader._unh,  # noqa: SLF001
    "BGM": MessageReader._bgm,  # noqa: SLF001
    "DTM": MessageReader._dtm,  # noqa: SLF001
    "RFF": MessageReader._rff,  # noqa: SLF001
    "NAD": MessageReader._nad,  # noqa: SLF001
    "COM": MessageReader._com,  # noqa: SLF001
    "CUX": MessageReader._cux,  # noqa: SLF001
    "UNS": MessageReader._uns,  # noqa: SLF001
    "MOA": MessageReader._moa,  # noqa: SLF001
    "CNT": MessageReader._cnt,  # noqa: SLF001
    "FTX": MessageReader._ftx,  # noqa: SLF001
    "UNT": MessageReader._unt,  # noqa: SLF001
}
