"""What can point to a person is taken out of a query before it is kept; pure.

Names can not be recognised: what few people asked is therefore never shown (`ENOUGH_TIMES` in demand.py).
"""

import re
from typing import Final

from academy.kernel.text import fold
from academy.search.folding import clean

# Small words that stand after a year, or a number of hours, as letters stand in a postcode.
_NO_POSTCODE: Final = r"(?!(?:ad|as|at|de|en|ec|eu|in|is|it|nl|of|op|or|te|to|ma|di|wo|do|vr|za|zo)\b)"
_EMAIL: Final = re.compile(r"[^\s@]*\s?@\s?\S*")  # and whatever else has the sign
_REMOVED: Final = tuple(re.compile(pattern) for pattern in (
    r"(?:[a-z][a-z0-9+.-]{1,20}://|www\.)\S*",  # addresses of pages: their query may hold anything
    r"\b[a-z]{2}\d{2}\s?[a-z]{4}(?:\s?\d){8,12}\b",  # IBAN, as banks here have it
    rf"\b[1-9]\d{{3}}\s?{_NO_POSTCODE}[a-z]{{2}}[\s,]*\d{{1,5}}(?:[\s-]?[a-z]{{1,2}}|-\d{{1,4}})?\b",  # postcode and house number
    r"\b\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?(?:19|20)\d{2}\b",  # a day, mostly of birth
    r"(?:\+|(?<!\d)00)[\s(]*\d(?:[\s().\-/]*\d){6,14}",  # telephone, with a country
    r"(?<!\d)0(?:[\s().\-/]*\d){8,9}\b",  # telephone, ten digits here
    r"\b\d{3}[\s.-]\d{3}[\s.-]\d{3}\b|\b\d{4}[\s.-]\d{2}[\s.-]\d{3}\b",  # BSN, as people group it
    r"\b\d{4}(?:[\s-]\d{4}){3}\b",  # a bank card
))
_SCHOOL_YEARS: Final = re.compile(r"\b(20\d{2})\s?[-/]\s?(20\d{2})\b")
_POSTCODE: Final = re.compile(rf"\b([1-9]\d{{3}})\s?{_NO_POSTCODE}[a-z]{{2}}\b")
_LONG_NUMBER: Final = re.compile(r"(?:\d[.,\-/]?){5}\d")  # six digits and more in one word; five are a CREBO or CROHO code
_CLASS_OF_WORK: Final = re.compile(r"\d{4}(?:\.\d{1,2}){1,4}")  # ISCO and ESCO: 2512.4.1


def redact(text: str) -> tuple[str, bool]:
    """Return `text`, folded, without what points to a person, and whether anything was taken out.

    That is: e-mail addresses, telephone numbers, BSN, bank numbers, house addresses, days, links and numbers of six digits and more. A
    postcode by itself keeps its four digits: an area. Folded first, so that nothing hides behind an accent or an invisible character.
    """
    whole = " ".join(_SCHOOL_YEARS.sub(r"\1 \2", fold(clean(text))).split())
    plain = _EMAIL.sub(" ", whole) if "@" in whole else whole
    for pattern in _REMOVED:
        plain = pattern.sub(" ", plain)
    kept = " ".join(word for word in _POSTCODE.sub(r"\1", plain).split() if not _is_long_number(word))
    return kept, kept != whole


def _is_long_number(word: str) -> bool:
    return _LONG_NUMBER.search(word) is not None and not _CLASS_OF_WORK.fullmatch(word)
