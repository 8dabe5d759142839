"""Mails to the order mailbox that are no orders: what should be filed without anybody's help."""

from oms_app.demo.specs import Fault

_NEWSLETTER = """\
Dear reader,

this month in The Warehouse Letter:
- Five trends in picking that you should know
- Our trade fair in spring: 30 % off early tickets until 15 March
- Interview: 40 years of shelving

Read on at https://letter.warehouse-weekly.example/2026

You receive this newsletter because you signed up for it. Unsubscribe at any time.
"""

_OUT_OF_OFFICE = """\
Guten Tag,

vielen Dank für Ihre Nachricht. Ich bin bis auf Weiteres nicht im Büro und lese meine E-Mails nicht.
In dringenden Fällen wenden Sie sich bitte an die Zentrale.

Mit freundlichen Grüßen
Lukas Gruber
"""

NOTICES = {
    Fault.NEWSLETTER: ("The Warehouse Letter: five trends in picking", _NEWSLETTER),
    Fault.OUT_OF_OFFICE: ("Automatische Antwort: Auftragsbestätigung", _OUT_OF_OFFICE),
}
"""Subject and text of each."""
