"""What people are to the engine: engagements, identities behind a credential, pseudonyms. Plain values and rules."""

import base64
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from goldsmith.errors import InputError
from goldsmith.kit.clock import DAY, HOUR, MINUTE
from goldsmith.kit.digest import sha256_hex
from goldsmith.trust.authorize import Action, Role, authorize
from goldsmith.trust.keys import SigningKey, derive_secret
from goldsmith.trust.tokens import TokenKind

MAX_TOKEN_DAYS = 90
_MAX_NAME = 200
_MAX_EMAIL = 254
_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\[\]\\]{1,190}")
_SKILL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_MOST_SKILLS = 50
_EXTEND_AFTER = 10 * MINUTE  # a session's end is moved at most this often, so that most requests write nothing
_NOTE_USE_AFTER = MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetimes:
    """How long sign-ins last, in microseconds."""

    link: int = 15 * MINUTE
    idle: int = 12 * HOUR
    session: int = DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """A person's place at a client."""

    client_id: str
    vault: str
    client_name: str
    role: Role
    skills: tuple[str, ...] = ()

    def limited_to(self, token_role: Role) -> "Engagement | None":
        """What is left of it behind a token of this role; None for nothing."""
        role = role_of_token(token_role, self.role)
        return None if role is None else replace(self, role=role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whom a credential stands for, and where they may go just now.

    Attributes:
        kind: what was shown: a session or an API token.
        credential: the hash of what was shown.
        client_id: the one client that the credential opens; None for the whole account.
        is_stale: whether its use should be noted now.
        extended_to: the new end of a session whose use is noted.
    """

    person_id: str
    kind: TokenKind
    credential: str
    client_id: str | None
    expires_at: int
    engagements: tuple[Engagement, ...]
    is_stale: bool
    extended_to: int | None = None


def extended_session(*, created_at: int, expires_at: int, now: int, lifetimes: Lifetimes) -> int | None:
    """The new end of a session that is used at `now`; None while it would hardly move."""
    wanted = min(created_at + lifetimes.session, now + lifetimes.idle)
    is_last = wanted == created_at + lifetimes.session and wanted > expires_at
    return wanted if is_last or wanted - expires_at >= _EXTEND_AFTER else None


def is_use_to_note(last_used_at: int | None, now: int) -> bool:
    """Whether a token's last use is older than a minute."""
    return last_used_at is None or now - last_used_at >= _NOTE_USE_AFTER


def is_within(role: Role, limit: Role) -> bool:
    """Whether `role` may do nothing that `limit` may not."""
    return all(authorize(limit, action) for action in Action if authorize(role, action))


def role_of_token(token_role: Role, role_now: Role) -> Role | None:
    """What a token may still be once its maker has `role_now`: never more than either; None for nothing."""
    if is_within(token_role, role_now):
        return token_role
    return role_now if is_within(role_now, token_role) else None


def pseudonym(directory_key: SigningKey, person_id: str, vault_slug: str) -> str:
    """The name by which a vault knows a person: always the same there, and unrelated to their name elsewhere."""
    return "person-" + derive_secret(directory_key.secret(), "pseudonym", f"{vault_slug}/{person_id}")[:6].hex()


def outbox_key(vault_key: SigningKey, actor: str) -> tuple[str, str]:
    """The key (base64, 32 bytes) that encrypts what a person's browser keeps for this vault, and the key's id."""
    secret = derive_secret(vault_key.secret(), "outbox", actor)
    return base64.b64encode(secret).decode(), "outbox:" + sha256_hex(secret)[:16]


def sign_in_address(base_url: str, link_token: str) -> str:
    """The link for somebody to open; the token stands in the fragment, which browsers send to no server."""
    return f"{base_url.rstrip('/')}/sign-in#{link_token}"


def checked_name(name: str, *, what: str) -> str:
    """A name without surrounding white space.

    Raises:
        InputError: it is empty, longer than 200 characters or holds control characters.
    """
    text = unicodedata.normalize("NFC", name).strip()
    is_printable = all(unicodedata.category(letter) not in {"Cc", "Cs", "Zl", "Zp"} for letter in text)
    if not text or len(text) > _MAX_NAME or not is_printable:
        raise InputError(f"{what} has 1 to {_MAX_NAME} characters on one line.")
    return text


def checked_skills(skills: Iterable[str]) -> tuple[str, ...]:
    """Skill tags, each once, sorted.

    Raises:
        InputError: there are too many, or one is not 1 to 40 lower-case letters, digits and inner dashes.
    """
    found = tuple(sorted(set(skills)))
    if len(found) > _MOST_SKILLS:
        raise InputError(f"A person has at most {_MOST_SKILLS} skills, not {len(found)}.")
    for skill in found:
        if _SKILL.fullmatch(skill) is None:
            raise InputError(f"A skill is a tag such as thai or contract-law, not {skill[:60]!r}.")
    return found


def checked_email(email: str) -> str:
    """An e-mail address in the one form in which it is kept and compared: lower case.

    Raises:
        InputError: it is not an address.
    """
    text = unicodedata.normalize("NFKC", email).strip().casefold()
    if len(text) > _MAX_EMAIL or not text.isprintable() or _EMAIL.fullmatch(text) is None:
        raise InputError("This is not an e-mail address.", hint="Write one such as maria@example.org.")
    return text
