"""Account and card numbers, told by their checksums."""

import re
from collections.abc import Iterator

from goldsmith.refine.personal.checksums import has_luhn

_IBAN = re.compile(r"(?<![\w])[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]){11,30}(?![\w])")
_IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28,
    "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18,
    "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22,
    "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LI": 21, "LT": 20, "LU": 20,
    "LV": 21, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15, "PK": 24,
    "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SC": 31, "SE": 24, "SI": 19, "SK": 24,
    "SM": 27, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
}  # fmt: skip
"""Characters of an account number by country (ISO 13616 registry)."""

_CARD = re.compile(r"(?<![\w.,-])(?:\d[ \u00a0-]?){12,18}\d(?![\w]|[.,-]\d)")
_ISSUERS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[68]\d)\d{11}|6(?:011|5\d\d|4[4-9]\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17}"
)
"""Visa, Mastercard, American Express, Diners Club, Discover, JCB, UnionPay: first digits and lengths (ISO/IEC 7812)."""


def ibans(text: str) -> Iterator[tuple[int, int]]:
    """Account numbers of their country's length whose check digits are right (ISO 7064 MOD 97-10)."""
    for match in _IBAN.finditer(text):
        wanted = _IBAN_LENGTHS.get(match[0][:2])
        if wanted is None:
            continue
        end = _end_of(match[0], wanted)
        if end is not None and _has_mod_97(_plain(match[0][:end])):
            yield match.start(), match.start() + end


def cards(text: str) -> Iterator[tuple[int, int]]:
    """Numbers of a known issuer whose check digit is right (ISO/IEC 7812-1)."""
    for match in _CARD.finditer(text):
        digits = "".join(char for char in match[0] if char.isdigit())
        if _ISSUERS.fullmatch(digits) and len(set(digits)) > 1 and has_luhn(digits):
            yield match.span()


def _plain(number: str) -> str:
    return number.replace(" ", "").replace("\u00a0", "")


def _end_of(number: str, n_wanted: int) -> int | None:
    """Where the first `n_wanted` letters and digits end; a word that follows an account number is not part of it."""
    n = 0
    for place, char in enumerate(number, 1):
        n += char.isalnum()
        if n == n_wanted:
            return place
    return None


def _has_mod_97(number: str) -> bool:
    moved = number[4:] + number[:4]
    return int("".join(str(int(char, 36)) for char in moved)) % 97 == 1
