"""What the API takes and gives about people, sign-in and tokens."""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from goldsmith.people.model import MAX_TOKEN_DAYS
from goldsmith.trust.authorize import Role

ShortText = Annotated[str, Meta(min_length=1, max_length=200)]
Secret = Annotated[str, Meta(min_length=1, max_length=512)]
ActionName = Annotated[str, Meta(pattern=r"^[a-z][A-Za-z0-9.-]{0,59}$")]
_PRESS = r"(mod\+)?(alt\+)?(shift\+)?([^\s\x00-\x1f]|[A-Z][A-Za-z0-9]{1,19})"
KeyName = Annotated[str, Meta(max_length=60, pattern=f"^({_PRESS}( {_PRESS})?|(mod\\+)?(alt\\+)?(shift\\+)? )$")]
"""A press such as `a`, `Enter`, `mod+shift+z` or a space, or two after one another, such as `g i`."""

OwnKeys = Annotated[dict[ActionName, Annotated[tuple[KeyName, ...], Meta(max_length=4)]], Meta(max_length=200)]
Email = Annotated[str, Meta(min_length=3, max_length=254)]


class SignInByLink(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The token from the fragment of a one-time sign-in link."""

    token: Secret


class SignInByPassword(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An e-mail and a password."""

    email: Email
    password: Secret


class EngagementView(msgspec.Struct, frozen=True, kw_only=True):
    """One of the caller's clients."""

    vault: str
    client_name: str
    role: Role


class Language(StrEnum):
    """The languages of the browser app, as BCP 47 names them."""

    ENGLISH = "en"
    GERMAN = "de"
    SPANISH = "es"
    FRENCH = "fr"
    CHINESE = "zh"
    ARABIC = "ar"


class KeyMap(StrEnum):
    """Which keys do what in the browser app: those of Goldsmith, of another program, or one's own."""

    GOLDSMITH = "goldsmith"
    LABEL_STUDIO = "label-studio"
    CVAT = "cvat"
    PRODIGY = "prodigy"
    OWN = "own"


class Preferences(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a person likes the browser app.

    Attributes:
        language: None for that of the browser.
        key_map: where keys come from.
        own_keys: for `own`, the keys of each action that has others than in Goldsmith's map; none switch it off.
    """

    language: Language | None = None
    key_map: KeyMap = KeyMap.GOLDSMITH
    own_keys: OwnKeys = {}


class Me(msgspec.Struct, frozen=True, kw_only=True):
    """Who is signed in, and what the server has for them.

    Attributes:
        version: the server's.
        segmenter: the name of the model that marks things in images; None where the operator has put none in.
    """

    person_id: str
    name: str
    email: str | None
    has_password: bool
    engagements: tuple[EngagementView, ...]
    preferences: Preferences
    version: str
    segmenter: str | None


class NewPassword(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new password; the present one is needed where there is one."""

    password: Secret
    current: Secret | None = None


class TokenView(msgspec.Struct, frozen=True, kw_only=True):
    """An API token without its text."""

    id: str
    name: str
    prefix: str
    vault: str
    role: Role
    created_at: int
    expires_at: int
    last_used_at: int | None


class TokenRows(msgspec.Struct, frozen=True, kw_only=True):
    """The caller's tokens, the newest first."""

    rows: tuple[TokenView, ...]


class TokenRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An API token to make."""

    name: ShortText
    vault: ShortText
    role: Role
    expires_in_days: Annotated[int, Meta(ge=1, le=MAX_TOKEN_DAYS)]


class MadeTokenView(TokenView, frozen=True, kw_only=True):
    """An API token just made; its text is shown this once."""

    token: str


class PersonView(msgspec.Struct, frozen=True, kw_only=True):
    """A person engaged at the client.

    Attributes:
        pseudonym: what the vault calls this person; only told to those who steer the work.
    """

    person_id: str
    name: str
    email: str | None
    role: Role
    created_at: int
    pseudonym: str | None = None
    skills: tuple[str, ...] = ()


class PersonRows(msgspec.Struct, frozen=True, kw_only=True):
    """The people engaged at the client, the first one first."""

    rows: tuple[PersonView, ...]


class NewPerson(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person to admit."""

    name: ShortText
    role: Role
    email: Email | None = None


class AdmittedView(msgspec.Struct, frozen=True, kw_only=True):
    """A person just admitted, and the one-time link to send them."""

    person_id: str
    sign_in_link: str


class LinkView(msgspec.Struct, frozen=True, kw_only=True):
    """A one-time sign-in link to send to somebody."""

    sign_in_link: str


class RoleChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The role that somebody gets, and the skills they have; without skills these stay as they are."""

    role: Role
    skills: list[ShortText] | None = None


class OutboxKey(msgspec.Struct, frozen=True, kw_only=True):
    """The key that encrypts what the caller's browser keeps until it is stored; for memory only."""

    key: str
    key_id: str


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """That the server answers."""

    status: str
