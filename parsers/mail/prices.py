"""A price at the end of a line, in the ways that people mark one."""

import re

_NUMBER = r"(?:\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?)"
CURRENCY = (
    r"(?:US\$|[\u20ac\u00a3$\u20b9\u20ba]|EUR|USD|GBP|CHF|PLN|SEK|NOK|DKK|CZK|HUF|RON|TRY|INR|Rs\.?|kr\.?|K\u010d"
    r"|Ft|lei|TL|z\u0142)"
)
_PER_WORD = r"(?:per|pro|je|le|la|les|por|za|pr\.?|/|a|par|alla|for|kohti)"
_PER = (
    r"(?:\s*(?:(?:each|ea\.?|cad\.?|c/u|cada uno|apiece|net|netto|HT|stk\.?|st\.?)(?![\w])"
    rf"|{_PER_WORD}\s?(?P<base>1[.,]?000|100|hundred|thousand|cent|mille|hundert|tausend)(?:\s?[^\W\d]{{1,10}}\.?)?"
    r"|(?:per|pro|je|le|la|les|por|za|pr\.?|/|par)\s?[^\W\d]{1,12}\.?|%))*"
)
_EACH = (
    r"(?:each|ea\.?|per stuk|pro st\u00fcck|je st\u00fcck|la pi\u00e8ce|cad\.?|c/u|cada uno|za sztuk\u0119"
    r"|/\s?(?:ea|pc|st|stk|szt|pz|ud|ks|db|kpl|buc|kg|m|l))"
)
_AT = r"(?:at|for|zu(?: je)?|je|por|voor|po|til|till|price|preis|prix|precio|prezzo|prijs|cena)"
_GAP = r"(?<![\s,;\-\u2013=(])[\s,;\-\u2013=(]+"
PRICE_TAIL = re.compile(
    rf"(?<![\s,;\-\u2013(])[\s,;\-\u2013(]*(?:@\s*|(?:\b{_AT}|\b\u00e0)\s*:?\s+)"
    rf"(?P<before>{CURRENCY})?\s*(?P<price>{_NUMBER})\s*(?P<after>{CURRENCY})?{_PER}\)?\s*$"
    rf"|{_GAP}(?P<before2>{CURRENCY})\s*(?P<price2>{_NUMBER}){_PER.replace('?P<base>', '?P<base2>')}\)?\s*$"
    rf"|{_GAP}(?P<price3>{_NUMBER})\s*(?P<after3>{CURRENCY}){_PER.replace('?P<base>', '?P<base3>')}\)?\s*$"
    rf"|{_GAP}(?P<price4>{_NUMBER})\s*{_EACH}\)?\s*$",
    re.IGNORECASE,
)
"""A price that is marked as one: `@ 1.25`, `at $6.15 ea`, `\u00e0 12,40 per 1000`, `1,25 EUR/Stk`."""

BASES = {"100": 100, "hundred": 100, "cent": 100, "hundert": 100}
THOUSAND = 1000
"""What every other base stands for."""
