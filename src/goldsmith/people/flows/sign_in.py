"""Signing in and out: one-time links, passwords, sessions, and whom a credential stands for."""

from typing import NamedTuple

from sqlalchemy import Connection

from goldsmith.errors import Forbidden, InputError, Unauthenticated
from goldsmith.kit.digest import canonical_json
from goldsmith.people.model import (
    Identity,
    Lifetimes,
    checked_email,
    extended_session,
    is_use_to_note,
)
from goldsmith.people.store import credentials
from goldsmith.people.store import people as store
from goldsmith.store.units import UnitOfWork
from goldsmith.trust.passwords import check_password, hash_password, needs_rehash, verify_password
from goldsmith.trust.tokens import TokenKind, hash_token, make_token, token_kind

WRONG_LINK = "This sign-in link is not valid: it was used, it expired, or it was not copied whole."
WRONG_PASSWORD = "The e-mail or the password is wrong."  # noqa: S105 - a message
WRONG_PRESENT_PASSWORD = "The present password is wrong."  # noqa: S105 - a message
SIGNED_OUT = "Sign in first: nobody is signed in, or the sign-in has ended."


class NewSession(NamedTuple):
    """A session just opened; the token is for the cookie and is kept nowhere."""

    token: str
    person_id: str


def make_link(unit: UnitOfWork, person_id: str, *, actor: str, client_id: str | None, lifetimes: Lifetimes) -> str:
    """A one-time sign-in link's token, for the fragment of an address.

    Args:
        unit: the transaction, of the directory.
        person_id: whom it lets in.
        actor: who gives it.
        client_id: the only client that it opens, for a link that a client's owner gives; None for the whole account.
        lifetimes: how long it works.
    """
    token = make_token(TokenKind.LINK)
    token_hash = hash_token(token)
    credentials.insert_link(
        unit.connection,
        token_hash=token_hash,
        person_id=person_id,
        client_id=client_id,
        expires_at=unit.now + lifetimes.link,
        now=unit.now,
    )
    unit.record(actor=actor, action="sign-in-link.made", object_id=person_id, content=token_hash.encode())
    return token


def sign_in_by_link(unit: UnitOfWork, token: str, lifetimes: Lifetimes) -> NewSession:
    """Open a session with a link's token, which is used up by it.

    Raises:
        Unauthenticated: the token is unknown, used or expired.
    """
    link = None
    if token_kind(token) is TokenKind.LINK:
        link = credentials.use_link(unit.connection, hash_token(token), unit.now)
    if link is None:
        raise Unauthenticated(WRONG_LINK, hint="Ask for a new link.")
    return _open_session(unit, link.person_id, client_id=link.client_id, lifetimes=lifetimes)


class Verified(NamedTuple):
    """A person whose password was right, and the hash to keep from now on when the costs have changed."""

    person_id: str
    checked_hash: str
    new_hash: str | None


def verify_sign_in(connection: Connection, email: str, password: str) -> Verified:
    """The person with this e-mail and password. Takes as long for an unknown person; run it in a thread.

    Raises:
        Unauthenticated: either is wrong; it is not said which.
    """
    try:
        person = store.find_person_by_email(connection, checked_email(email))
    except InputError:
        person = None
    stored = person.password_hash if person is not None and person.is_active else None
    if not verify_password(password, stored) or person is None or stored is None:
        raise Unauthenticated(WRONG_PASSWORD, hint="Whoever manages the vault can give a sign-in link.")
    return Verified(person.id, stored, hash_password(password) if needs_rehash(stored) else None)


def sign_in_verified(unit: UnitOfWork, verified: Verified, lifetimes: Lifetimes) -> NewSession:
    """Open a session for somebody whose password was just verified.

    Raises:
        Unauthenticated: the password was changed in between.
    """
    person = store.find_person(unit.connection, verified.person_id)
    if person is None or not person.is_active or person.password_hash != verified.checked_hash:
        raise Unauthenticated(WRONG_PASSWORD)
    if verified.new_hash is not None:
        store.set_password_hash(unit.connection, person.id, verified.new_hash)
    return _open_session(unit, person.id, client_id=None, lifetimes=lifetimes)


def sign_out(unit: UnitOfWork, token_hash: str) -> None:
    """End a session; nothing happens when it has ended before."""
    person_id = credentials.revoke_session(unit.connection, token_hash, unit.now)
    if person_id is not None:
        unit.record(actor=person_id, action="session.ended", object_id=person_id, content=token_hash.encode())


class PasswordChange(NamedTuple):
    """A new password that was checked and hashed, and the hash it replaces (None when there was none)."""

    replaces: str | None
    new_hash: str


def prepare_password(connection: Connection, identity: Identity, password: str, current: str | None) -> PasswordChange:
    """Check a new password and the present one. Costly on purpose; run it in a thread.

    Raises:
        InputError: the present password is wrong or missing, or the new one is too easy to guess.
        Forbidden: the sign-in covers one client alone, and so may not open the others with a first password.
    """
    person = store.find_person(connection, identity.person_id)
    if person is None:
        raise Unauthenticated(SIGNED_OUT)
    if person.password_hash is not None and (current is None or not verify_password(current, person.password_hash)):
        raise InputError(WRONG_PRESENT_PASSWORD)
    everywhere = store.engagements_of(connection, person.id)
    if person.password_hash is None and len(everywhere) > len(identity.engagements):
        raise Forbidden("This sign-in covers one client only, so it cannot set a password for the whole account.")
    check_password(password, email=person.email, name=person.name)
    return PasswordChange(person.password_hash, hash_password(password))


def change_password(unit: UnitOfWork, identity: Identity, change: PasswordChange) -> None:
    """Keep the new password and end the person's other sessions.

    Raises:
        InputError: the present password was changed in between.
    """
    person = store.find_person(unit.connection, identity.person_id)
    if person is None or person.password_hash != change.replaces:
        raise InputError(WRONG_PRESENT_PASSWORD)
    store.set_password_hash(unit.connection, person.id, change.new_hash)
    credentials.revoke_sessions(unit.connection, person.id, but=identity.credential, now=unit.now)
    unit.record(actor=person.id, action="password.changed", object_id=person.id, content=b"")


def identify(connection: Connection, token: str, now: int, lifetimes: Lifetimes) -> Identity:
    """Whom a session's or an API token stands for, with today's engagements.

    Raises:
        Unauthenticated: it is unknown, malformed, revoked or expired.
    """
    match token_kind(token):
        case TokenKind.SESSION:
            found = _identity_of_session(connection, hash_token(token), now, lifetimes)
        case TokenKind.API:
            found = _identity_of_token(connection, hash_token(token), now)
        case TokenKind.LINK | None:
            found = None
    if found is None:
        raise Unauthenticated(SIGNED_OUT)
    return found


def note_use(unit: UnitOfWork, identity: Identity) -> None:
    """Note that a credential was used: a session ends later, a token shows when it was used last."""
    if identity.extended_to is not None:
        credentials.extend_session(unit.connection, identity.credential, identity.extended_to)
    elif identity.kind is TokenKind.API:
        credentials.note_token_use(unit.connection, identity.credential, unit.now)


def _open_session(unit: UnitOfWork, person_id: str, *, client_id: str | None, lifetimes: Lifetimes) -> NewSession:
    token = make_token(TokenKind.SESSION)
    token_hash = hash_token(token)
    credentials.insert_session(
        unit.connection,
        token_hash=token_hash,
        person_id=person_id,
        client_id=client_id,
        expires_at=unit.now + min(lifetimes.idle, lifetimes.session),
        now=unit.now,
    )
    content = canonical_json({"client": client_id, "session": token_hash})
    unit.record(actor=person_id, action="session.opened", object_id=person_id, content=content)
    return NewSession(token, person_id)


def _identity_of_session(connection: Connection, token_hash: str, now: int, lifetimes: Lifetimes) -> Identity | None:
    session = credentials.find_session(connection, token_hash)
    if session is None or session.revoked_at is not None or session.expires_at <= now:
        return None
    later = extended_session(created_at=session.created_at, expires_at=session.expires_at, now=now, lifetimes=lifetimes)
    return Identity(
        person_id=session.person_id,
        kind=TokenKind.SESSION,
        credential=token_hash,
        client_id=session.client_id,
        expires_at=later or session.expires_at,
        engagements=store.engagements_of(connection, session.person_id, session.client_id),
        is_stale=later is not None,
        extended_to=later,
    )


def _identity_of_token(connection: Connection, token_hash: str, now: int) -> Identity | None:
    token = credentials.find_token(connection, token_hash)
    if token is None or token.revoked_at is not None or token.expires_at <= now:
        return None
    engagements = store.engagements_of(connection, token.person_id, token.client_id)
    return Identity(
        person_id=token.person_id,
        kind=TokenKind.API,
        credential=token_hash,
        client_id=token.client_id,
        expires_at=token.expires_at,
        engagements=tuple(limited for one in engagements if (limited := one.limited_to(token.role)) is not None),
        is_stale=is_use_to_note(token.last_used_at, now),
    )
