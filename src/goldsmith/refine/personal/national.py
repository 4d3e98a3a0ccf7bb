"""Numbers that states give to people: each with its check digits, and where those are weak with a word beside it."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from goldsmith.refine.personal.checksums import has_luhn, has_verhoeff, weighted

_BEFORE = 48
_RUN = re.compile(r"[A-Z\dx][A-Z\dx .\-+/\u00a0]{8,}")
_FEWEST_DIGITS = 6


class _Number(NamedTuple):
    """A kind of number: its form, what its digits have to fulfil, and the words one of which stands before it."""

    form: re.Pattern[str]
    is_sound: Callable[[str], bool]
    words: re.Pattern[str] | None = None


def ids(text: str) -> Iterator[tuple[int, int]]:
    """Numbers of Brazil, China, France, Germany, India, Italy, Netherlands, Poland, Spain, Sweden, UK and US."""
    windows = list(_windows(text))
    for number in _NUMBERS:
        for start, end in windows:
            for match in number.form.finditer(text, start, end):
                plain = re.sub(r"[\s.\-/\u00a0]", "", match[0]).upper()
                if not number.is_sound(plain):
                    continue
                before = text[max(0, match.start() - _BEFORE) : match.start()]
                if number.words is None or number.words.search(before):
                    yield match.span()


def _windows(text: str) -> Iterator[tuple[int, int]]:
    """Where digits stand close together: all forms lie inside, and what follows them is seen too."""
    for run in _RUN.finditer(text):
        if sum(map(str.isdigit, run[0])) >= _FEWEST_DIGITS:
            yield run.start(), min(len(text), run.end() + 2)


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.,-])(?:{pattern})(?![\w]|[.,-]\d)")


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern})[^\n]{{0,24}}$", re.IGNORECASE)


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        return date(year, month, day) <= date(2100, 1, 1)
    except ValueError:
        return False


def _brazil(digits: str) -> bool:
    if len(set(digits)) == 1:
        return False
    for n in (9, 10):
        rest = weighted(digits[:n], range(n + 1, 1, -1)) * 10 % 11 % 10
        if rest != int(digits[n]):
            return False
    return True


def _china(number: str) -> bool:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    is_born = _is_date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    return is_born and "10X98765432"[weighted(number[:17], weights) % 11] == number[17]


def _france(number: str) -> bool:
    body = number[:13].replace("2A", "19").replace("2B", "18")
    return body.isdigit() and 97 - int(body) % 97 == int(number[13:])


def _germany(digits: str) -> bool:
    product = 10
    for char in digits[:10]:
        product = ((int(char) + product) % 10 or 10) * 2 % 11
    return digits[0] != "0" and (11 - product) % 10 == int(digits[10])


def _india(digits: str) -> bool:
    return digits[0] not in "01" and has_verhoeff(digits)


def _italy(code: str) -> bool:
    odd = dict(zip("0123456789", (1, 0, 5, 7, 9, 13, 15, 17, 19, 21), strict=True))
    letters = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
    odd |= dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", letters, strict=True))
    even = {char: int(char) if char.isdigit() else ord(char) - ord("A") for char in odd}
    total = sum(odd[char] if place % 2 == 0 else even[char] for place, char in enumerate(code[:15]))
    return chr(ord("A") + total % 26) == code[15]


def _netherlands(digits: str) -> bool:
    return digits != "0" * 9 and weighted(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def _poland(digits: str) -> bool:
    month = int(digits[2:4])
    century = {0: 1900, 2: 2000, 4: 2100, 8: 1800}.get(month // 20 * 2, 1900)
    is_born = _is_date(century + int(digits[:2]), month % 20, int(digits[4:6]))
    return is_born and (10 - weighted(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10) % 10 == int(digits[10])


def _spain(number: str) -> bool:
    body = number[:-1].replace("X", "0", 1).replace("Y", "1", 1).replace("Z", "2", 1)
    return body.isdigit() and "TRWAGMYFPDXBNJZSQVHLCKE"[int(body) % 23] == number[-1]


def _sweden(digits: str) -> bool:
    short = digits[-10:].replace("+", "")
    return _is_date(2000 + int(short[:2]), int(short[2:4]), int(short[4:6]) % 60) and has_luhn(short)


def _united_states(digits: str) -> bool:
    return digits[:3] not in {"000", "666"} and digits[0] != "9" and digits[3:5] != "00" and digits[5:] != "0000"


def _always(number: str) -> bool:
    return bool(number)


_NUMBERS = (
    _Number(_form(r"\d{3}\.\d{3}\.\d{3}-\d{2}"), _brazil),
    _Number(_form(r"\d{11}"), _brazil, _words(r"\bCPF\b")),
    _Number(_form(r"[1-9]\d{5}(?:19|20)\d{9}[\dXx]"), _china),
    _Number(_form(r"[12]\s?\d{2}\s?\d{2}\s?(?:\d{2}|2[AB])\s?\d{3}\s?\d{3}\s?\d{2}"), _france),
    _Number(_form(r"\d{2} ?\d{3} ?\d{3} ?\d{3}"), _germany, _words(r"steuer|\bIdNr\b|identifikationsnummer|tax id")),
    _Number(_form(r"[2-9]\d{3} ?\d{4} ?\d{4}"), _india, _words(r"aadhaar|aadhar|आधार|\bUID\b")),
    _Number(_form(r"[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]"), _italy),
    _Number(_form(r"\d{9}"), _netherlands, _words(r"\bBSN\b|burgerservicenummer|sofinummer")),
    _Number(_form(r"\d{11}"), _poland, _words(r"pesel")),
    _Number(_form(r"(?:\d{8}|[XYZ]\d{7})-?[A-HJ-NP-TV-Z]"), _spain),
    _Number(_form(r"(?:19|20)?\d{6}[-+]\d{4}"), _sweden),
    _Number(
        _form(r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]"),
        _always,
        _words(r"national insurance|\bNI(?:NO)?\b"),
    ),
    _Number(_form(r"\d{3}-\d{2}-\d{4}"), _united_states, _words(r"\bSSN\b|social security|\bsoc\.? sec")),
)
