"""API tokens: made by a person for one vault and a role within their own, shown once, revocable."""

from typing import NamedTuple

from goldsmith.errors import Forbidden, InputError, NotFound
from goldsmith.kit.clock import DAY
from goldsmith.kit.digest import canonical_json
from goldsmith.kit.ids import NewId
from goldsmith.people.model import MAX_TOKEN_DAYS, Engagement, Identity, checked_name, is_within
from goldsmith.people.store import credentials
from goldsmith.people.store import people as store
from goldsmith.store.units import UnitOfWork
from goldsmith.trust.authorize import Action, Role, authorize
from goldsmith.trust.tokens import TokenKind, hash_token, make_token, shown_prefix


class WantedToken(NamedTuple):
    """What a token shall be."""

    name: str
    vault: str
    role: Role
    expires_in_days: int


class MadeToken(NamedTuple):
    """A new token, whose text is kept nowhere, and its row."""

    token: str
    row: credentials.TokenRow


def make_api_token(unit: UnitOfWork, wanted: WantedToken, *, identity: Identity, new_id: NewId) -> MadeToken:
    """Make an API token.

    Raises:
        InputError: the name or the number of days does not fit.
        NotFound: the person is not engaged there.
        Forbidden: the role is more than the person's own, or the person's role makes no tokens.
    """
    name = checked_name(wanted.name, what="A token's name")
    if not 1 <= wanted.expires_in_days <= MAX_TOKEN_DAYS:
        raise InputError(f"A token works for 1 to {MAX_TOKEN_DAYS} days, not {wanted.expires_in_days}.")
    engagement = _engagement(unit, identity, wanted.vault)
    if not authorize(engagement.role, Action.MANAGE_OWN_TOKENS):
        raise Forbidden(f"An {engagement.role} makes no tokens.")
    if not is_within(wanted.role, engagement.role):
        raise Forbidden(f"A token cannot be {wanted.role} here: your own role is {engagement.role}.")
    token = make_token(TokenKind.API)
    row = credentials.TokenRow(
        id=new_id(),
        created_at=unit.now,
        prefix=shown_prefix(token),
        name=name,
        person_id=identity.person_id,
        client_id=engagement.client_id,
        vault=engagement.vault,
        role=wanted.role,
        expires_at=unit.now + wanted.expires_in_days * DAY,
        last_used_at=None,
        revoked_at=None,
    )
    credentials.insert_token(unit.connection, row, hash_token(token))
    content = canonical_json({"client": row.client_id, "expires_at": row.expires_at, "role": row.role})
    unit.record(actor=identity.person_id, action="token.made", object_id=row.id, content=content)
    return MadeToken(token, row)


def revoke_api_token(unit: UnitOfWork, token_id: str, *, identity: Identity) -> str:
    """End a token of this person; its hash.

    Raises:
        NotFound: the person has no such token, or revoked it before.
    """
    token_hash = credentials.revoke_token(
        unit.connection, token_id, person_id=identity.person_id, client_id=identity.client_id, now=unit.now
    )
    if token_hash is None:
        raise NotFound("There is no such token.")
    unit.record(actor=identity.person_id, action="token.revoked", object_id=token_id, content=b"")
    return token_hash


def _engagement(unit: UnitOfWork, identity: Identity, vault: str) -> Engagement:
    """The engagement as it is in this transaction, within what the identity's credential opens."""
    for engagement in store.engagements_of(unit.connection, identity.person_id, identity.client_id):
        if engagement.vault == vault:
            return engagement
    raise NotFound(f"There is no vault {vault!r}.")
