"""The directory's statements about what people show: sign-in links, sessions and API tokens."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, Select, insert, select, update

from goldsmith.store.tables.directory import clients, people, sessions, sign_in_links, tokens
from goldsmith.trust.authorize import Role


class LinkRow(NamedTuple):
    """Whom a one-time sign-in link lets in, and the one client that it opens; None for the whole account."""

    person_id: str
    client_id: str | None


class SessionRow(NamedTuple):
    """A session of somebody who may still sign in."""

    created_at: int
    person_id: str
    client_id: str | None
    expires_at: int
    revoked_at: int | None


class TokenRow(NamedTuple):
    """An API token, with the vault that it opens."""

    id: str
    created_at: int
    prefix: str
    name: str
    person_id: str
    client_id: str
    vault: str
    role: Role
    expires_at: int
    last_used_at: int | None
    revoked_at: int | None


_TOKEN = select(
    tokens.c.id,
    tokens.c.created_at,
    tokens.c.prefix,
    tokens.c.name,
    tokens.c.person_id,
    tokens.c.client_id,
    clients.c.slug,
    tokens.c.role,
    tokens.c.expires_at,
    tokens.c.last_used_at,
    tokens.c.revoked_at,
).join(clients, clients.c.id == tokens.c.client_id)


def insert_link(
    connection: Connection, *, token_hash: str, person_id: str, client_id: str | None, expires_at: int, now: int
) -> None:
    """Keep a sign-in link."""
    connection.execute(
        insert(sign_in_links).values(
            token_hash=token_hash,
            created_at=now,
            person_id=person_id,
            client_id=client_id,
            expires_at=expires_at,
            used_at=None,
        )
    )


def use_link(connection: Connection, token_hash: str, now: int) -> LinkRow | None:
    """Mark a link as used and give it back; None when it is unknown, used or expired, or its person may not sign in."""
    statement = (
        update(sign_in_links)
        .where(
            sign_in_links.c.token_hash == token_hash,
            sign_in_links.c.used_at.is_(None),
            sign_in_links.c.expires_at > now,
            sign_in_links.c.person_id.in_(select(people.c.id).where(people.c.is_active == 1)),
        )
        .values(used_at=now)
        .returning(sign_in_links.c.person_id, sign_in_links.c.client_id)
    )
    found = connection.execute(statement).first()
    return None if found is None else LinkRow(*found)


def insert_session(
    connection: Connection, *, token_hash: str, person_id: str, client_id: str | None, expires_at: int, now: int
) -> None:
    """Keep a session."""
    connection.execute(
        insert(sessions).values(
            token_hash=token_hash,
            created_at=now,
            person_id=person_id,
            client_id=client_id,
            expires_at=expires_at,
            revoked_at=None,
        )
    )


def find_session(connection: Connection, token_hash: str) -> SessionRow | None:
    """The session behind a hash, unless its person may no longer sign in."""
    statement = (
        select(
            sessions.c.created_at,
            sessions.c.person_id,
            sessions.c.client_id,
            sessions.c.expires_at,
            sessions.c.revoked_at,
        )
        .join(people, people.c.id == sessions.c.person_id)
        .where(sessions.c.token_hash == token_hash, people.c.is_active == 1)
    )
    found = connection.execute(statement).first()
    return None if found is None else SessionRow(*found)


def extend_session(connection: Connection, token_hash: str, expires_at: int) -> None:
    """Move the end of a session that still runs."""
    connection.execute(
        update(sessions)
        .where(sessions.c.token_hash == token_hash, sessions.c.revoked_at.is_(None), sessions.c.expires_at < expires_at)
        .values(expires_at=expires_at)
    )


def revoke_session(connection: Connection, token_hash: str, now: int) -> str | None:
    """End a session; the id of whose it was, or None when there is nothing to end."""
    statement = (
        update(sessions)
        .where(sessions.c.token_hash == token_hash, sessions.c.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(sessions.c.person_id)
    )
    return connection.execute(statement).scalar()


def revoke_sessions(connection: Connection, person_id: str, *, but: str, now: int) -> None:
    """End all sessions of a person except the one whose hash is `but`."""
    connection.execute(
        update(sessions)
        .where(sessions.c.person_id == person_id, sessions.c.token_hash != but, sessions.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def insert_token(connection: Connection, token: TokenRow, token_hash: str) -> None:
    """Keep an API token."""
    connection.execute(
        insert(tokens).values(
            id=token.id,
            created_at=token.created_at,
            token_hash=token_hash,
            prefix=token.prefix,
            name=token.name,
            person_id=token.person_id,
            client_id=token.client_id,
            role=token.role,
            expires_at=token.expires_at,
            last_used_at=None,
            revoked_at=None,
        )
    )


def find_token(connection: Connection, token_hash: str) -> TokenRow | None:
    """The token behind a hash, unless its person may no longer sign in."""
    statement = _TOKEN.join(people, people.c.id == tokens.c.person_id)
    found = _tokens(connection, statement.where(tokens.c.token_hash == token_hash, people.c.is_active == 1))
    return found[0] if found else None


def tokens_of(connection: Connection, person_id: str, client_id: str | None) -> Sequence[TokenRow]:
    """The tokens of a person that were not revoked, the newest first; of one client alone when it is given."""
    statement = _TOKEN.where(tokens.c.person_id == person_id, tokens.c.revoked_at.is_(None))
    if client_id is not None:
        statement = statement.where(tokens.c.client_id == client_id)
    return _tokens(connection, statement.order_by(tokens.c.id.desc()))


def note_token_use(connection: Connection, token_hash: str, now: int) -> None:
    """Set when a token was last used."""
    connection.execute(update(tokens).where(tokens.c.token_hash == token_hash).values(last_used_at=now))


def revoke_token(
    connection: Connection, token_id: str, *, person_id: str, client_id: str | None, now: int
) -> str | None:
    """End a person's token, of one client alone when it is given; its hash, or None when there is no such token."""
    statement = update(tokens).where(
        tokens.c.id == token_id, tokens.c.person_id == person_id, tokens.c.revoked_at.is_(None)
    )
    if client_id is not None:
        statement = statement.where(tokens.c.client_id == client_id)
    return connection.execute(statement.values(revoked_at=now).returning(tokens.c.token_hash)).scalar()


def revoke_tokens_at(connection: Connection, person_id: str, client_id: str, now: int) -> None:
    """End all tokens that a person made for a client."""
    connection.execute(
        update(tokens)
        .where(tokens.c.person_id == person_id, tokens.c.client_id == client_id, tokens.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def _tokens(
    connection: Connection,
    statement: Select[str, int, str, str, str, str, str, str, int, int | None, int | None],
) -> list[TokenRow]:
    return [TokenRow(*row[:7], Role(row[7]), *row[8:]) for row in connection.execute(statement)]
