"""What the codes of EDIFACT messages mean to an order (UN/EDIFACT directories D.93A to D.01B, EANCOM)."""

from oms_core.values.draft import DocumentKind

MESSAGE_KINDS = {
    "ORDERS": DocumentKind.ORDER,
    "ORDCHG": DocumentKind.ORDER_CHANGE,
    "ORDRSP": DocumentKind.ORDER_RESPONSE,
    "REQOTE": DocumentKind.QUOTE_REQUEST,
    "QUOTES": DocumentKind.QUOTE,
    "DESADV": DocumentKind.DESPATCH_ADVICE,
    "RECADV": DocumentKind.RECEIPT_ADVICE,
    "INVRPT": DocumentKind.INVENTORY_REPORT,
    "INVOIC": DocumentKind.INVOICE,
    "REMADV": DocumentKind.REMITTANCE,
    "RETANN": DocumentKind.RETURN_REQUEST,
    "CONTRL": DocumentKind.ACKNOWLEDGEMENT,
    "APERAK": DocumentKind.ACKNOWLEDGEMENT,
}
"""Message type (UNH, 0065) to kind; every other type is filed as `other`."""

DOCUMENT_NAMES = {
    "230": DocumentKind.ORDER_CHANGE,
    "231": DocumentKind.ORDER_RESPONSE,
    "320": DocumentKind.ORDER_RESPONSE,
    "310": DocumentKind.QUOTE,
    "311": DocumentKind.QUOTE_REQUEST,
    "381": DocumentKind.CREDIT_NOTE,
    "396": DocumentKind.CREDIT_NOTE,
}
"""Document name codes (BGM, 1001) that say more than the message type; 220 to 228 and 105 are orders of some sort."""

CANCELLING = frozenset({"1", "3"})
CHANGING = frozenset({"4", "5"})
COPIES = {"7": "duplicate", "31": "copy"}
"""Message function codes (BGM, 1225)."""

GTIN_TYPES = frozenset({"EN", "SRV", "UP", "EU", "UA", "GTIN"})
BUYER_TYPES = frozenset({"IN", "BP"})
SUPPLIER_TYPES = {"SA": 0, "VP": 0, "VN": 0, "MF": 1, "MP": 1, "MG": 1}
"""Item number types (7143). The manufacturer's code stands for ours where ours is not given."""
OTHER_ITEM_TYPES = frozenset({"IB", "IS", "ZZZ", "AC", "", "PN", "CG", "GN", "GD", "UIT"})
"""Codes that name goods but no owner: they stand for ours where nothing better is given."""

QUANTITY_RANKS = ("21", "1", "12", "47", "113", "46", "145", "17", "61", "11")
"""Quantity qualifiers (6063), the ordered one first; `192` free goods and `59` consumer units are none of them."""
INVOICED_RANKS = ("47", "21", "12")
DESPATCHED_RANKS = ("12", "46", "48", "194", "21")

PRICE_RANKS = ("AAA", "NTP", "CAL", "INV", "AAB", "CON", "AAF", "AAE")
"""Price qualifiers (5125), the net calculation price first; a printed gross price is taken where no net one is."""
LIST_PRICE_TYPES = frozenset({"RTP", "SRP", "RRP", "LIU"})
"""Price types (5387) of list and retail prices: the last choice."""

LINE_AMOUNT_RANKS = ("203", "66", "38")
NET_RANKS = ("79", "125", "86")
GROSS_RANKS = ("128", "77", "39", "9", "86")
TAX_RANKS = ("124", "176", "150")
"""Monetary amount qualifiers (5025); `86`, the message total, is net or gross by what stands beside it."""

DATE_RANKS = ("137", "4")
DELIVERY_RANKS = ("2", "63", "64", "76", "10")
"""Date qualifiers (2005) in the order they are believed: a period's last day that still suits before its first."""

BUYER_ROLES = ("BY", "OB")
SUPPLIER_ROLES = ("SU", "SE", "VN")
SHIP_TO_ROLES = ("DP", "ST", "CN", "UC")
INVOICEE_ROLES = ("IV",)
"""Party qualifiers (3035), the first of a row that is stated counts."""

GLN_AGENCY = "9"
"""Code list agency (3055): GS1."""

TITLE = "BTI"
SKIPPED_CHARACTERISTICS = frozenset({"BAU", "BPU", "BPD", "BPH", "BST", "BLI", "80"})
"""Item characteristics (7081) of the book trade beside the title: author, publisher, year, extent."""
PRODUCT_NOTES = frozenset({"AFM", "PRD"})
"""Text subjects (4451) that hold what the goods are called where no IMD does."""


def rank_of(code: str, ranks: tuple[str, ...]) -> int | None:
    """Return the place of a qualifier in its row, 0 the best; None where it is not in it."""
    if code == ranks[0]:
        return 0
    return ranks.index(code) if code in ranks else None
