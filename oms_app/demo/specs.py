"""The sixty orders of the demo, one row each: who sends what by which way, and what is wrong with it on purpose."""

from dataclasses import dataclass
from enum import StrEnum

from oms_app.demo.planned import Expected
from oms_core.values.document import ChannelKind
from rules.values import DEFAULT_RULES


class Form(StrEnum):
    """How an order is written; in a mailbox everything but TEXT is an attachment."""

    TEXT = "text"
    PDF = "pdf"
    EDIFACT = "edifact"
    CSV = "csv"
    XLSX = "xlsx"
    NOTICE = "notice"


class Fault(StrEnum):
    """What is wrong on purpose."""

    NONE = "none"
    UNKNOWN_CODE = "unknown_code"
    NO_SUCH_SIZE = "no_such_size"
    PRICE_OFF = "price_off"
    BROKEN_PACK = "broken_pack"
    SAME_ORDER_AGAIN = "same_order_again"
    NO_NUMBER = "no_number"
    SAME_BYTES_AGAIN = "same_bytes_again"
    OVERSOLD = "oversold"
    OVER_CREDIT = "over_credit"
    ENCRYPTED = "encrypted"
    TRUNCATED = "truncated"
    EMPTY = "empty"
    CANCELLATION = "cancellation"
    UNKNOWN_CUSTOMER = "unknown_customer"
    OTHER_SUPPLIER = "other_supplier"
    NEW_SHIP_TO = "new_ship_to"
    FORGED_SENDER = "forged_sender"
    NEWSLETTER = "newsletter"
    OUT_OF_OFFICE = "out_of_office"


@dataclass(frozen=True, slots=True)
class Consequence:
    """What should become of a fault: the outcome, findings of which one must be named, and a sentence for people."""

    expected: Expected
    codes: tuple[str, ...]
    note: str


_OVERSOLD = Expected.REVIEW if DEFAULT_RULES.review_stock_shortage else Expected.ACCEPTED
"""The shipped rules note a shortage and backorder it; a house that wants to be asked sets `review_stock_shortage`."""

CONSEQUENCES: dict[Fault, Consequence] = {
    Fault.NONE: Consequence(Expected.ACCEPTED, (), "Clean."),
    Fault.UNKNOWN_CODE: Consequence(
        Expected.REVIEW,
        ("match.line_unknown", "match.line_unsure"),
        "One line has a code and a text of nothing we sell.",
    ),
    Fault.NO_SUCH_SIZE: Consequence(
        Expected.REVIEW, ("match.line_unknown", "match.line_unsure"), "One line asks for a size between two that exist."
    ),
    Fault.PRICE_OFF: Consequence(Expected.REVIEW, ("price.off_list",), "One line is priced 15 % below the list."),
    Fault.BROKEN_PACK: Consequence(
        Expected.REVIEW, ("quantity.pack", "quantity.minimum"), "One line asks for a quantity that is not sold."
    ),
    Fault.SAME_ORDER_AGAIN: Consequence(
        Expected.DUPLICATE, ("duplicate.same_order",), "The same order with the same number by another channel."
    ),
    Fault.NO_NUMBER: Consequence(
        Expected.ACCEPTED, ("order.no_number",), "Clean, but without a number or date of its own; noted only."
    ),
    Fault.SAME_BYTES_AGAIN: Consequence(
        Expected.REVIEW, ("duplicate.repeat_question",), "The same bytes again, without a number: repeat or duplicate?"
    ),
    Fault.OVERSOLD: Consequence(
        _OVERSOLD, ("stock.short",), "Asks for more than there is; noted and backordered unless the rules ask a person."
    ),
    Fault.OVER_CREDIT: Consequence(Expected.REVIEW, ("credit.over_limit",), "Goes over the customer's credit limit."),
    Fault.ENCRYPTED: Consequence(Expected.UNREADABLE, ("encrypted_pdf",), "A PDF that asks for a password."),
    Fault.TRUNCATED: Consequence(
        Expected.UNREADABLE, ("truncated",), "An interchange that ends in the middle of a line."
    ),
    Fault.EMPTY: Consequence(Expected.UNREADABLE, ("empty",), "A file of no bytes."),
    Fault.CANCELLATION: Consequence(
        Expected.REVIEW, ("document.not_new_order",), "Cancels an earlier order of this list."
    ),
    Fault.UNKNOWN_CUSTOMER: Consequence(
        Expected.REVIEW, ("customer.unknown", "match.customer_unknown"), "Sent by a firm that is no customer."
    ),
    Fault.OTHER_SUPPLIER: Consequence(Expected.REVIEW, ("supplier.not_us",), "Addressed to another supplier."),
    Fault.NEW_SHIP_TO: Consequence(
        Expected.REVIEW, ("ship_to.new", "match.ship_to_unknown"), "Goods should go to a new address."
    ),
    Fault.FORGED_SENDER: Consequence(
        Expected.REVIEW,
        ("sender.not_authentic", "sender.reply_elsewhere"),
        "A customer's address, but DMARC failed and answers would go elsewhere.",
    ),
    Fault.NEWSLETTER: Consequence(Expected.FILED, (), "A newsletter, no order."),
    Fault.OUT_OF_OFFICE: Consequence(Expected.FILED, (), "An automatic answer, no order."),
}
"""Policy as a table: fault, outcome, codes."""


@dataclass(frozen=True, slots=True)
class Spec:
    """One row: `codes` says which code is printed, `of` names the earlier row that this one repeats or cancels."""

    name: str
    channel: ChannelKind
    form: Form
    customer: str
    lines: int = 4
    codes: str = "sku"
    layout: str = "grid"
    prices: bool = True
    ship_to: bool = False
    messages: int = 1
    fault: Fault = Fault.NONE
    of: str = ""


_MAIL, _FOLDER, _SFTP, _UPLOAD = ChannelKind.MAILBOX, ChannelKind.FOLDER, ChannelKind.SFTP, ChannelKind.UPLOAD
_TEXT, _PDF, _EDI, _CSV, _XLSX, _NOTICE = tuple(Form)

CLEAN = (
    Spec("mail-text-1", _MAIL, _TEXT, "K1002", 3, prices=False),
    Spec("mail-text-2", _MAIL, _TEXT, "K1005", 5, prices=False),
    Spec("mail-text-3", _MAIL, _TEXT, "K1007", 3, prices=False),
    Spec("mail-text-4", _MAIL, _TEXT, "K1009", 4, prices=False),
    Spec("mail-text-5", _MAIL, _TEXT, "K1011", 3, prices=False),
    Spec("mail-text-6", _MAIL, _TEXT, "K1012", 4, prices=False),
    Spec("mail-text-7", _MAIL, _TEXT, "K1015", 3, prices=False),
    Spec("mail-text-8", _MAIL, _TEXT, "K1010", 3, codes="buyer", prices=False),
    Spec("mail-pdf-1", _MAIL, _PDF, "K1006", 6, layout="letter"),
    Spec("mail-pdf-2", _MAIL, _PDF, "K1009", 5, layout="two_columns", ship_to=True),
    Spec("mail-pdf-3", _MAIL, _PDF, "K1007", 4, layout="plain"),
    Spec("mail-pdf-4", _MAIL, _PDF, "K1012", 5, layout="grid"),
    Spec("mail-pdf-5", _MAIL, _PDF, "K1013", 6, codes="both", layout="wide", ship_to=True),
    Spec("mail-pdf-6", _MAIL, _PDF, "K1005", 4, layout="typewriter", prices=False),
    Spec("folder-pdf-1", _FOLDER, _PDF, "K1002", 8, layout="grid"),
    Spec("folder-pdf-2", _FOLDER, _PDF, "K1011", 6, layout="two_columns", ship_to=True),
    Spec("folder-pdf-3", _FOLDER, _PDF, "K1001", 30, layout="long"),
    Spec("folder-pdf-4", _FOLDER, _PDF, "K1015", 5, layout="letter"),
    Spec("folder-pdf-5", _FOLDER, _PDF, "K1004", 7, codes="buyer", layout="grid", ship_to=True),
    Spec("folder-pdf-6", _FOLDER, _PDF, "K1010", 5, codes="gtin", layout="plain"),
    Spec("folder-pdf-7", _FOLDER, _PDF, "K1008", 6, layout="two_columns"),
    Spec("sftp-edifact-1", _SFTP, _EDI, "K1001", 6, codes="gtin", ship_to=True),
    Spec("sftp-edifact-2", _SFTP, _EDI, "K1003", 8, codes="gtin"),
    Spec("sftp-edifact-3", _SFTP, _EDI, "K1004", 5, codes="buyer"),
    Spec("sftp-edifact-4", _SFTP, _EDI, "K1008", 4, codes="gtin", prices=False),
    Spec("sftp-edifact-5", _SFTP, _EDI, "K1013", 6, codes="both", ship_to=True),
    Spec("sftp-edifact-6", _SFTP, _EDI, "K1001", 4, codes="gtin", messages=3),
    Spec("sftp-edifact-7", _SFTP, _EDI, "K1003", 3, codes="sku", ship_to=True),
    Spec("folder-csv-1", _FOLDER, _CSV, "K1006", 5),
    Spec("folder-csv-2", _FOLDER, _CSV, "K1008", 6),
    Spec("folder-csv-3", _FOLDER, _CSV, "K1010", 4, codes="buyer", prices=False),
    Spec("mail-csv-1", _MAIL, _CSV, "K1011", 5),
    Spec("upload-csv-1", _UPLOAD, _CSV, "K1007", 7),
    Spec("upload-csv-2", _UPLOAD, _CSV, "K1005", 3, codes="gtin", fault=Fault.NO_NUMBER, prices=False),
    Spec("folder-xlsx-1", _FOLDER, _XLSX, "K1012", 6),
    Spec("folder-xlsx-2", _FOLDER, _XLSX, "K1015", 5, codes="gtin"),
    Spec("mail-xlsx-1", _MAIL, _XLSX, "K1004", 6, codes="buyer"),
    Spec("mail-xlsx-2", _MAIL, _XLSX, "K1009", 4),
    Spec("upload-xlsx-1", _UPLOAD, _XLSX, "K1006", 5),
    Spec("upload-xlsx-2", _UPLOAD, _XLSX, "K1003", 8),
)
"""Forty that a machine should take by itself."""

WRONG = (
    Spec("wrong-unknown-code", _MAIL, _TEXT, "K1002", 3, prices=False, fault=Fault.UNKNOWN_CODE),
    Spec("wrong-size", _FOLDER, _PDF, "K1009", 4, layout="grid", fault=Fault.NO_SUCH_SIZE),
    Spec("wrong-price", _SFTP, _EDI, "K1003", 4, codes="gtin", fault=Fault.PRICE_OFF),
    Spec("wrong-pack", _UPLOAD, _XLSX, "K1006", 4, fault=Fault.BROKEN_PACK),
    Spec("same-pdf-in-folder", _FOLDER, _PDF, "K1006", of="mail-pdf-1", layout="letter", fault=Fault.SAME_ORDER_AGAIN),
    Spec("same-order-as-xlsx", _UPLOAD, _XLSX, "K1008", of="folder-csv-2", fault=Fault.SAME_ORDER_AGAIN),
    Spec("same-bytes-again", _UPLOAD, _CSV, "K1005", of="upload-csv-2", fault=Fault.SAME_BYTES_AGAIN),
    Spec("oversold", _MAIL, _TEXT, "K1007", 3, prices=False, fault=Fault.OVERSOLD),
    Spec("over-credit", _MAIL, _PDF, "K1014", 5, layout="letter", fault=Fault.OVER_CREDIT),
    Spec("encrypted", _FOLDER, _PDF, "K1012", 4, fault=Fault.ENCRYPTED),
    Spec("truncated", _SFTP, _EDI, "K1008", 5, codes="gtin", fault=Fault.TRUNCATED),
    Spec("empty-file", _FOLDER, _CSV, "K1010", 3, fault=Fault.EMPTY),
    Spec("cancel-by-edifact", _SFTP, _EDI, "K1003", of="sftp-edifact-2", codes="gtin", fault=Fault.CANCELLATION),
    Spec("cancel-by-mail", _MAIL, _TEXT, "K1002", of="mail-text-1", fault=Fault.CANCELLATION),
    Spec("unknown-customer", _MAIL, _PDF, "K1002", 4, layout="grid", fault=Fault.UNKNOWN_CUSTOMER),
    Spec("other-supplier", _FOLDER, _PDF, "K1011", 4, layout="two_columns", fault=Fault.OTHER_SUPPLIER),
    Spec("new-ship-to", _MAIL, _PDF, "K1013", 4, layout="two_columns", fault=Fault.NEW_SHIP_TO),
    Spec("forged-sender", _MAIL, _PDF, "K1001", 3, layout="grid", fault=Fault.FORGED_SENDER),
    Spec("newsletter", _MAIL, _NOTICE, "K1015", fault=Fault.NEWSLETTER),
    Spec("out-of-office", _MAIL, _NOTICE, "K1006", fault=Fault.OUT_OF_OFFICE),
)
"""Twenty that it should not."""

SPECS = CLEAN + WRONG
"""All sixty, in an order in which every repeat and cancellation comes after what it repeats or cancels."""
