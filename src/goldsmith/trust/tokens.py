"""Tokens: `gsm_<kind>_<random letters><checksum>`, shown once and kept as a SHA-256.

The prefix lets secret scanners find a leaked token; the checksum lets anybody reject a mistyped one without a database.
A fast hash is enough to keep them, since nobody can guess 178 random bits.
"""

import re
import secrets
import string
import zlib
from enum import StrEnum

from goldsmith.kit.digest import sha256_hex

_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_CHECKSUM_LENGTH = 6
_SHOWN_LENGTH = 12
_FORM = re.compile(r"gsm_([a-z]{1,16})_([0-9A-Za-z]+)", re.ASCII)


class TokenKind(StrEnum):
    """What a token opens."""

    API = "api"
    LINK = "link"
    SESSION = "session"

    @property
    def n_letters(self) -> int:
        """How many random base62 letters it has: 30 carry 178 bits, 43 carry 256."""
        return 30 if self is TokenKind.API else 43


def make_token(kind: TokenKind) -> str:
    """A new token of this kind from the system's randomness."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(kind.n_letters))
    return f"gsm_{kind}_{letters}{_checksum(f'gsm_{kind}_{letters}')}"


def token_kind(token: str) -> TokenKind | None:
    """The kind of a well-formed token with a right checksum; None for everything else."""
    form = _FORM.fullmatch(token)
    if form is None or form[1] not in set(TokenKind):
        return None
    kind = TokenKind(form[1])
    is_whole = len(form[2]) == kind.n_letters + _CHECKSUM_LENGTH
    is_right = token[-_CHECKSUM_LENGTH:] == _checksum(token[:-_CHECKSUM_LENGTH])
    return kind if is_whole and is_right else None


def hash_token(token: str) -> str:
    """What is kept of a token: its SHA-256 as 64 hexadecimal digits."""
    return sha256_hex(token.encode(errors="surrogatepass"))


def shown_prefix(token: str) -> str:
    """The first twelve characters, by which a person tells tokens apart in a list."""
    return token[:_SHOWN_LENGTH]


def _checksum(text: str) -> str:
    value, letters = zlib.crc32(text.encode()), ""
    for _ in range(_CHECKSUM_LENGTH):
        value, rest = divmod(value, len(_ALPHABET))
        letters = _ALPHABET[rest] + letters
    return letters
