"""Passwords: which are accepted, and how they are kept (argon2id)."""

import functools
import unicodedata
from importlib import resources

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from goldsmith.errors import InputError

MIN_LENGTH = 12
MAX_LENGTH = 128

# 32 MiB and three passes: above the OWASP minimum of 19 MiB and two, and small enough for a server of 250 MiB.
_HASHER = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
# Compared with when there is nothing to compare, so that an unknown person takes as long as a wrong password.
_NOBODY = "$argon2id$v=19$m=32768,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
_MIN_OWN_PART = 4  # a shorter name or local part is found in too many innocent words
_MIN_REST = 8
_MIN_DISTINCT = 5


def check_password(password: str, *, email: str | None, name: str) -> None:
    """Accept a new password, or say why not.

    Raises:
        InputError: it is shorter than 12 or longer than 128 characters, very common,
            or the person's own name or e-mail.
    """
    text = _normalized(password)
    if not MIN_LENGTH <= len(text) <= MAX_LENGTH:
        raise InputError(f"a password has {MIN_LENGTH} to {MAX_LENGTH} characters, this one has {len(text)}.")
    folded = text.casefold()
    if folded in _common() or len(set(folded)) < _MIN_DISTINCT:
        raise InputError("this password is among the first that anybody would try.", hint="Three random words do well.")
    if any(own in folded and len(folded) - len(own) < _MIN_REST for own in _own_parts(email, name)):
        raise InputError(
            "this password is little more than your own name or e-mail.", hint="Three random words do well."
        )


def hash_password(password: str) -> str:
    """The password as an argon2id hash with its salt and costs in it."""
    return _HASHER.hash(_normalized(password))


def verify_password(password: str, stored: str | None) -> bool:
    """Whether `password` is the one behind `stored`; takes as long when nothing is stored, and is then False."""
    try:
        return _HASHER.verify(stored or _NOBODY, _normalized(password)) and stored is not None
    except (VerificationError, InvalidHashError, InputError):
        return False


def needs_rehash(stored: str) -> bool:
    """Whether `stored` was made with other costs than today's, so that it should be made anew at the next sign-in."""
    try:
        return _HASHER.check_needs_rehash(stored)
    except InvalidHashError:
        return True


@functools.cache
def _common() -> frozenset[str]:
    """The commonest passwords of at least twelve characters; shorter ones are refused by their length."""
    words = resources.files("goldsmith.trust").joinpath("common_passwords.txt").read_text("utf-8")
    return frozenset(words.split())


def _normalized(password: str) -> str:
    """One form for what different keyboards send for the same characters (NFKC), bounded before any costly work."""
    if len(password) > 4 * MAX_LENGTH:
        raise InputError(f"a password has at most {MAX_LENGTH} characters.")
    text = unicodedata.normalize("NFKC", password)
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise InputError("the password holds half of a character; type it again.")
    return text


def _own_parts(email: str | None, name: str) -> set[str]:
    parts = {name, "".join(name.split()), *name.split()}
    if email:
        parts |= {email, email.partition("@")[0]}
    folded = {unicodedata.normalize("NFKC", part).casefold() for part in parts}
    return {part for part in folded if len(part) >= _MIN_OWN_PART}
