"""E-mail addresses, telephone numbers and public IP addresses."""

import re
from collections.abc import Iterator, Sequence
from ipaddress import ip_address

import phonenumbers

_EMAIL = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}(?![\w-]|\.\w)"
)
_RESERVED = re.compile(r"(?:^|[@.])(?:example(?:\.(?:com|org|net|edu))?|test|invalid|localhost|local)$", re.IGNORECASE)
"""Names that stand for no host (RFC 2606, RFC 6762): addresses in documentation."""

_FILE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|css|js|html?|pdf|txt|zip)$", re.IGNORECASE)

_PHONE = re.compile(r"(?<![\w.,/+-])(?:\+|00)?\(?\d[\d\u00a0 ().\-/]{5,22}\d(?![\w/]|[.,-]\d)")
_CALL = re.compile(
    r"(?:\b(?:tel(?:efono|éfono|efon|ephone)?|phone|call|mobile?|mob|cell|fax|handy|telefoon|móvil|portable|tél)"
    r"|电话|電話|手机|手機|전화|☎|📞)[^\n\d+(]{0,16}$",
    re.IGNORECASE,
)
_BEFORE = 32

_IPV4 = re.compile(r"(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)")
_IPV6 = re.compile(r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\w:])")
_VERSION = re.compile(r"(?:\bv|version|release|build|section|§|chapter|\bver\.?)[^\n\w]{0,3}$", re.IGNORECASE)


def emails(text: str) -> Iterator[tuple[int, int]]:
    """Addresses whose host can exist."""
    if "@" not in text:
        return
    for match in _EMAIL.finditer(text):
        name, _, host = match[0].partition("@")
        is_sound = ".." not in name and not name.endswith(".")
        if is_sound and _RESERVED.search(host) is None and _FILE.search(host) is None:
            yield match.span()


def phones(text: str, regions: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Numbers that are valid where they say they are; without a country code, only beside a word such as *phone*."""
    for match in _PHONE.finditer(text):
        raw = match[0]
        n_digits = sum(char.isdigit() for char in raw)
        if not 7 <= n_digits <= 15:
            continue
        if raw.startswith(("+", "00")):
            is_phone = _is_valid("+" + raw.removeprefix("00").removeprefix("+"), None)
        else:
            before = text[max(0, match.start() - _BEFORE) : match.start()]
            is_phone = _CALL.search(before) is not None and any(_is_valid(raw, region) for region in regions)
        if is_phone:
            yield match.span()


def addresses(text: str) -> Iterator[tuple[int, int]]:
    """IP addresses that are routed in public; the number of a version or a section is none."""
    for pattern in (_IPV4, _IPV6):
        for match in pattern.finditer(text):
            before = text[max(0, match.start() - _BEFORE) : match.start()]
            if _is_public(match[0]) and _VERSION.search(before) is None:
                yield match.span()


def _is_valid(number: str, region: str | None) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False


def _is_public(address: str) -> bool:
    try:
        return ip_address(address).is_global
    except ValueError:
        return False
