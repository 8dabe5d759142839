"""NAD groups of an EDIFACT message to parties: name, identifier, address in one line, mail address."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from oms_core.values.draft import DraftParty
from oms_core.values.finding import Finding, Severity
from oms_core.values.source import Value
from parsers.edifact.codes import GLN_AGENCY
from parsers.edifact.values import Elements, is_gln, joined, part, sourced, text_value

_TAX_REFERENCES = frozenset({"VA", "AHP"})
_GLN_DIGITS = 13


@dataclass(slots=True)
class PartyReader:
    """One NAD with the references and contacts that follow it."""

    role: str
    number: int
    nad: Elements
    tax_number: Value[str] | None = None
    email: Value[str] | None = None
    findings: list[Finding] = field(default_factory=list)

    def reference(self, number: int, elements: Elements) -> None:
        """Take the tax number out of an RFF behind the NAD."""
        if part(elements, 1) in _TAX_REFERENCES and self.tax_number is None:
            self.tax_number = text_value(number, elements, 1, 2)

    def contact(self, number: int, elements: Elements) -> None:
        """Take the mail address out of a COM."""
        for element in range(1, len(elements)):
            if part(elements, element, 2) == "EM" and self.email is None:
                self.email = text_value(number, elements, element)

    def build(self) -> DraftParty:
        """Put the party together."""
        return DraftParty(name=self._name(), id=self._identifier(), address=self._address(), email=self.email)

    def _identifier(self) -> Value[str] | None:
        """Return the GLN, else the tax number, else the number that a partner gave."""
        code = text_value(self.number, self.nad, 2)
        if code is None:
            return self.tax_number
        if part(self.nad, 2, 3) == GLN_AGENCY:
            if code.value.isdigit() and len(code.value) == _GLN_DIGITS and not is_gln(code.value):
                message = f"The number {code.value} of the party {self.role} is no GLN (check digit)."
                self.findings.append(Finding("edifact.gln", Severity.NOTE, f"segment {self.number}", message))
            return code
        return code if is_gln(code.value) or self.tax_number is None else self.tax_number

    def _name(self) -> Value[str] | None:
        """Return the name (C080), or the first line of a free name and address (C058)."""
        if text := joined(_pieces(self.nad, 4)):
            return sourced(text, self.number, "4.1", text)
        return text_value(self.number, self.nad, 3)

    def _address(self) -> Value[str] | None:
        """Return street, postcode and city, region and country in one line."""
        free = [piece.strip() for piece in _pieces(self.nad, 3)]
        if not _pieces(self.nad, 4):
            free = free[1:]
        street = [piece.strip() for piece in _pieces(self.nad, 5)]
        city = f"{part(self.nad, 8)} {part(self.nad, 6)}".strip()
        parts = [*free, *street, city, part(self.nad, 7), part(self.nad, 9)]
        text = ", ".join(piece for piece in parts if piece)
        element = next((number for number in (5, 3, 6, 8, 7, 9) if any(_pieces(self.nad, number))), 5)
        return sourced(text, self.number, f"{element}.1", text) if text else None


def _pieces(elements: Elements, element: int) -> list[str]:
    """Return the components of an element; the format code of C080 (one letter or digit, the sixth) is no name."""
    return elements[element][:5] if element < len(elements) and any(elements[element]) else []


def first_of(parties: Sequence[PartyReader], roles: Sequence[str]) -> PartyReader | None:
    """Return the first party of the first role that is stated."""
    for role in roles:
        for party in parties:
            if party.role == role:
                return party
    return None
