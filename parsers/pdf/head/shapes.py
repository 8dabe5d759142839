"""What a text looks like: a company by its legal form, a place by its post code, a way to reach somebody."""

import re

from parsers.pdf.head import values
from parsers.words import labels

REACH = re.compile(
    r"\S+@\S+|\bwww\.\S+|https?:\S+|\b[\w-]+\.(?:com|net|org|de|co\.uk|eu|fr|it|es|nl|pl|pt|cz|se|dk)\b$",
    re.IGNORECASE,
)
"""A mail address or a web address."""

_FORMS = (
    r"gmbh|mbh|ag|kg|kgaa|ohg|gbr|ug|e\.? ?k|e\.? ?v|se|gesmbh|stadtwerke",
    r"ltd|limited|plc|llp|inc|incorporated|llc|corp|corporation|company|co|pty|pvt|private",
    r"group|holding|industries|university|council|hospital",
    r"sarl|sasu?|s\.?a|s\.?r\.?l|s\.?p\.?a|s\.?n\.?c|s\.?l\.?u?|eurl|b\.?v|n\.?v|v\.?o\.?f|lda|ltda",
    r"uab|oyj?|ab|a/s|aps|i/s|asa|kft|zrt|nyrt|bt",
    r"s\.? ?r\.? ?o|a\.? ?s|spol|k\.? ?s|sp\.? ?z ?o\.? ?o|sp\.? ?[jk]|s\.? ?[jk]|d\.? ?o\.? ?o",
    r"a\.? ?\u015f|ltd\. ?\u015fti|\u015fti|w\.?l\.?l|l\.?l\.?c|fzc|fze",
)
LEGAL = re.compile(rf"\b(?:{'|'.join(_FORMS)})\b\.?(?!\w)", re.IGNORECASE)
"""Legal forms of companies, and a few words that only organisations bear."""

STREET_FIRST = re.compile(
    r"^\s*\d+[A-Za-z]?(?:[-/]\d+)?\s*,?\s*(?:[^\W\d_]|$)|^(?:p\.?\s?o\.?\s?box|unit|suite|plot|postfach|postbus"
    r"|postboks|postbox|box \d+|apartado|apdo|casella postale|caixa postal|bo[i\u00ee]te postale|b\.?p\.? \d+|pl \d+"
    r"|skrytka|pf\.? \d+)\b",
    re.IGNORECASE,
)
"""How an address begins where no name stands before it."""

DOOR = re.compile(
    r"(?:dock|gate|door|bay|tor|halle|rampe|quai|porte|puerta|muelle|porta|banchina|poort|brama|vrata|kaj|port|building"
    r"|bldg|floor|block|level)\s+[A-Z]?\d{0,3}[A-Z]?",
    re.IGNORECASE,
)
"""A door or a building by its number: where goods are handed over, nobody's name."""

_POST_CODES = (
    r"(?:[A-Z]{1,3}[\s-]?)?\d{4,6}",
    r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}",
    r"\d{2}-\d{3}",
    r"\d{3} \d{2}",
    r"\d{4}-\d{3}",
    r"[A-Z]\d[A-Z] ?\d[A-Z]\d",
)
_POST = re.compile("|".join(rf"\b{form}\b" for form in _POST_CODES))
_WORDY = re.compile(r"[^\W\d_]{2,}")


def squash(text: str) -> str:
    """Return a text's folded letters and digits alone, for comparing names."""
    return "".join(labels.words_of(text))


def is_company(text: str) -> bool:
    """Say whether a text carries the legal form of a company, or a word that only organisations bear."""
    return LEGAL.search(text) is not None


def is_place(text: str) -> bool:
    """Say whether a text has a post code, or begins as a street or a P.O. box does."""
    return _POST.search(text) is not None or STREET_FIRST.match(text) is not None


def reaches(text: str) -> bool:
    """Say whether a text is a mail or web address or a telephone number and little else."""
    left = REACH.sub("", text)
    return (left != text or values.is_phone(text)) and len(_WORDY.findall(left)) <= 1


def is_foreign(text: str) -> bool:
    """Say whether a text holds only words of another script, as translations of labels do."""
    return not labels.words_of(text)
