"""Orders as mail: plain text with lines as people write them, or a short letter with the order attached."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from oms_app.demo.languages import TERMS, UNITS, Words, decimal_text
from oms_app.demo.planned import PlannedLine, PlannedOrder
from oms_app.demo.render_sheet import date_text
from oms_core.values.draft import DocumentKind

MAIL_TYPE = "message/rfc822"

_HELLO = Words("Hello,", "Guten Tag,", "Bonjour,", "Buenos días:", "Buongiorno,", "Goedendag,")
_PLEASE = Words(
    "please deliver the following items:",
    "bitte liefern Sie uns folgende Artikel:",
    "merci de nous livrer les articles suivants :",
    "les rogamos que nos envíen los siguientes artículos:",
    "vi preghiamo di consegnarci i seguenti articoli:",
    "graag ontvangen wij de volgende artikelen:",
)
_ATTACHED = Words(
    "please find our order attached.",
    "anbei erhalten Sie unsere Bestellung.",
    "veuillez trouver notre commande en pièce jointe.",
    "adjuntamos nuestro pedido.",
    "in allegato trovate il nostro ordine.",
    "in de bijlage vindt u onze bestelling.",
)
_CANCEL = Words(
    "please cancel our order {} completely.",
    "bitte stornieren Sie unsere Bestellung {} vollständig.",
    "merci d'annuler entièrement notre commande {}.",
    "les rogamos que cancelen por completo nuestro pedido {}.",
    "vi preghiamo di annullare completamente il nostro ordine {}.",
    "wij verzoeken u onze bestelling {} volledig te annuleren.",
)
_CANCELLATION = Words("Cancellation", "Stornierung", "Annulation", "Cancelación", "Annullamento", "Annulering")
_REGARDS = Words(
    "Kind regards", "Mit freundlichen Grüßen", "Cordialement", "Un saludo", "Cordiali saluti", "Met vriendelijke groet"
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """How a mail travels: who sends it, its stable name, when, and what the receiving host says of the sender."""

    name: str
    sender: str
    sender_name: str
    to: str
    trusted_host: str
    sent_at: datetime
    verdict: str = "pass"
    reply_to: str | None = None
    automatic: str | None = None
    list_id: str | None = None

    @property
    def domain(self) -> str:
        """The domain behind the at sign."""
        return self.sender.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a mail; `media_type` like `application/pdf`."""

    filename: str
    media_type: str
    data: bytes


def line_text(line: PlannedLine, language: str) -> str:
    """Write one line as people do in a mail: quantity, unit, code, description."""
    code = line.buyer_code or line.supplier_code or line.gtin or ""
    unit = UNITS[line.unit].of(language)
    return f"{decimal_text(line.quantity, language)} {unit} {code} {line.description}".strip()


def _signature(order: PlannedOrder) -> Iterator[str]:
    customer = order.customer
    yield ""
    yield _REGARDS.of(order.language)
    yield order.contact
    yield ""
    yield "-- "
    yield customer.name
    yield f"{customer.street}, {customer.postal_code} {customer.city}"


def order_text(order: PlannedOrder) -> str:
    """Write a whole order as the text of a mail."""
    language = order.language
    lines = [_HELLO.of(language), "", _PLEASE.of(language), ""]
    lines += [line_text(line, language) for line in order.lines]
    lines.append("")
    if order.requested_date is not None:
        lines.append(f"{TERMS['due'].of(language)}: {date_text(order.requested_date, language)}")
    if order.ship_to is not None:
        place = order.ship_to
        lines.append(f"{TERMS['ship_to'].of(language)}: {place.name}, {place.street}, {place.postal_code} {place.city}")
    return "\n".join([*lines, *_signature(order), ""])


def letter_text(order: PlannedOrder) -> str:
    """Write the short letter around an attached order."""
    return "\n".join([_HELLO.of(order.language), "", _ATTACHED.of(order.language), *_signature(order), ""])


def cancellation_text(order: PlannedOrder) -> str:
    """Write a cancellation of the order whose number it carries."""
    sentence = _CANCEL.of(order.language).format(order.number)
    return "\n".join([_HELLO.of(order.language), "", sentence, *_signature(order), ""])


def subject_of(order: PlannedOrder) -> str:
    """Write the subject: the kind of document and its number."""
    word = _CANCELLATION if order.kind is DocumentKind.ORDER_CANCELLATION else TERMS["order"]
    return f"{word.of(order.language)} {order.number or ''}".strip()


def render_mail(envelope: Envelope, subject: str, text: str, attachments: tuple[Attachment, ...] = ()) -> bytes:
    """Return the mail as it lies in the mailbox, with the receiving host's verdict on top (RFC 8601)."""
    mail = EmailMessage(policy=SMTP)
    domain, verdict = envelope.domain, envelope.verdict
    mail["Authentication-Results"] = (
        f"{envelope.trusted_host}; dmarc={verdict} header.from={domain}; dkim={verdict} header.d={domain}"
    )
    mail["From"] = f'"{envelope.sender_name}" <{envelope.sender}>'
    mail["To"] = envelope.to
    mail["Subject"] = subject
    mail["Date"] = format_datetime(envelope.sent_at)
    mail["Message-ID"] = f"<{envelope.name}.{envelope.sent_at:%Y%m%d}@{domain}>"
    optional = (("Reply-To", envelope.reply_to), ("Auto-Submitted", envelope.automatic), ("List-Id", envelope.list_id))
    for header, value in optional:
        if value is not None:
            mail[header] = value
    mail.set_content(text, cte="quoted-printable")
    for attachment in attachments:
        maintype, _, subtype = attachment.media_type.partition("/")
        mail.add_attachment(attachment.data, maintype=maintype, subtype=subtype, filename=attachment.filename)
    if attachments:
        mail.set_boundary(f"=_{envelope.name}_{envelope.sent_at:%Y%m%d}")
    return mail.as_bytes()
