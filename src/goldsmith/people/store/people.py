"""The directory's statements about clients, people and engagements. A client has few people: no pages are cut."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, Select, delete, func, insert, select, update

from goldsmith.kit.digest import canonical_json
from goldsmith.people.model import Engagement
from goldsmith.store.tables.directory import clients, engagements, people
from goldsmith.trust.authorize import Role


class PersonRow(NamedTuple):
    """A person as the directory keeps them."""

    id: str
    name: str
    email: str | None
    password_hash: str | None
    is_active: bool
    preferences: str | None


class ClientRow(NamedTuple):
    """A client."""

    id: str
    slug: str
    name: str


class MemberRow(NamedTuple):
    """A person engaged at a client."""

    person_id: str
    name: str
    email: str | None
    role: Role
    created_at: int
    skills: tuple[str, ...] = ()


_PERSON = select(
    people.c.id, people.c.name, people.c.email, people.c.password_hash, people.c.is_active, people.c.preferences
)
_CLIENT = select(clients.c.id, clients.c.slug, clients.c.name)
_MEMBER = select(
    people.c.id, people.c.name, people.c.email, engagements.c.role, engagements.c.created_at, engagements.c.skills
).join(engagements, engagements.c.person_id == people.c.id)


def find_person(connection: Connection, person_id: str) -> PersonRow | None:
    """A person by id."""
    return _person(connection, _PERSON.where(people.c.id == person_id))


def find_person_by_email(connection: Connection, email: str) -> PersonRow | None:
    """A person by the address they sign in with."""
    return _person(connection, _PERSON.where(people.c.email == email))


def insert_person(connection: Connection, *, person_id: str, name: str, email: str | None, now: int) -> None:
    """Add a person who has no password yet."""
    connection.execute(
        insert(people).values(id=person_id, created_at=now, name=name, email=email, password_hash=None, is_active=1)
    )


def set_password_hash(connection: Connection, person_id: str, password_hash: str) -> None:
    """Replace a person's password."""
    connection.execute(update(people).where(people.c.id == person_id).values(password_hash=password_hash))


def set_preferences(connection: Connection, person_id: str, preferences: str) -> None:
    """Replace what a person prefers, as canonical JSON."""
    connection.execute(update(people).where(people.c.id == person_id).values(preferences=preferences))


def find_client(connection: Connection, slug: str) -> ClientRow | None:
    """A client by the name of its vault."""
    found = connection.execute(_CLIENT.where(clients.c.slug == slug)).first()
    return None if found is None else ClientRow(*found)


def insert_client(connection: Connection, client: ClientRow, *, now: int) -> None:
    """Add a client."""
    connection.execute(insert(clients).values(id=client.id, created_at=now, slug=client.slug, name=client.name))


def engagements_of(connection: Connection, person_id: str, client_id: str | None = None) -> tuple[Engagement, ...]:
    """Where a person is engaged, by vault; at one client alone when it is given."""
    statement = (
        select(clients.c.id, clients.c.slug, clients.c.name, engagements.c.role, engagements.c.skills)
        .join(engagements, engagements.c.client_id == clients.c.id)
        .where(engagements.c.person_id == person_id)
        .order_by(clients.c.slug)
    )
    if client_id is not None:
        statement = statement.where(clients.c.id == client_id)
    return tuple(
        Engagement(client_id=row[0], vault=row[1], client_name=row[2], role=Role(row[3]), skills=_skills(row[4]))
        for row in connection.execute(statement)
    )


def members(connection: Connection, client_id: str) -> Sequence[MemberRow]:
    """The people engaged at a client, the first one first."""
    first = (engagements.c.created_at, engagements.c.id)
    return _members(connection, _MEMBER.where(engagements.c.client_id == client_id).order_by(*first))


def find_member(connection: Connection, client_id: str, person_id: str) -> MemberRow | None:
    """One person engaged at a client."""
    statement = _MEMBER.where(engagements.c.client_id == client_id, engagements.c.person_id == person_id)
    return next(iter(_members(connection, statement)), None)


def first_owner(connection: Connection, client_id: str | None = None) -> str | None:
    """The id of the person who has been an owner for longest, at one client or at any."""
    statement = (
        select(engagements.c.person_id)
        .join(people, people.c.id == engagements.c.person_id)
        .where(engagements.c.role == Role.OWNER, people.c.is_active == 1)
        .order_by(engagements.c.created_at, engagements.c.id)
        .limit(1)
    )
    if client_id is not None:
        statement = statement.where(engagements.c.client_id == client_id)
    return connection.execute(statement).scalar()


def count_owners(connection: Connection, client_id: str) -> int:
    """How many owners a client has."""
    statement = select(func.count()).where(engagements.c.client_id == client_id, engagements.c.role == Role.OWNER)
    return connection.execute(statement).scalar_one()


def insert_engagement(
    connection: Connection, *, engagement_id: str, person_id: str, client_id: str, role: Role, now: int
) -> None:
    """Engage a person at a client."""
    connection.execute(
        insert(engagements).values(
            id=engagement_id, created_at=now, person_id=person_id, client_id=client_id, role=role
        )
    )


def set_role(connection: Connection, client_id: str, person_id: str, role: Role) -> None:
    """Give an engaged person another role."""
    connection.execute(
        update(engagements)
        .where(engagements.c.client_id == client_id, engagements.c.person_id == person_id)
        .values(role=role)
    )


def set_skills(connection: Connection, client_id: str, person_id: str, skills: tuple[str, ...]) -> None:
    """Say what an engaged person is able to do there."""
    connection.execute(
        update(engagements)
        .where(engagements.c.client_id == client_id, engagements.c.person_id == person_id)
        .values(skills=canonical_json(skills).decode())
    )


def delete_engagement(connection: Connection, client_id: str, person_id: str) -> None:
    """End an engagement; the log keeps that it was."""
    connection.execute(
        delete(engagements).where(engagements.c.client_id == client_id, engagements.c.person_id == person_id)
    )


def _person(
    connection: Connection, statement: Select[str, str, str | None, str | None, int, str | None]
) -> PersonRow | None:
    found = connection.execute(statement).first()
    return None if found is None else PersonRow(found[0], found[1], found[2], found[3], found[4] == 1, found[5])


def _members(connection: Connection, statement: Select[str, str, str | None, str, int, str]) -> list[MemberRow]:
    return [
        MemberRow(row[0], row[1], row[2], Role(row[3]), row[4], _skills(row[5]))
        for row in connection.execute(statement)
    ]


def _skills(stored: str) -> tuple[str, ...]:
    return msgspec.json.decode(stored, type=tuple[str, ...])
