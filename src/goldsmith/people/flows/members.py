"""Who belongs to a client: the first owner, new people, roles, and the end of an engagement."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy.exc import IntegrityError

from goldsmith.errors import Conflict, NotFound
from goldsmith.kit.digest import canonical_json
from goldsmith.kit.ids import NewId
from goldsmith.people.flows.sign_in import make_link
from goldsmith.people.model import Lifetimes, checked_email, checked_name, checked_skills
from goldsmith.people.store import credentials
from goldsmith.people.store import people as store
from goldsmith.store.homes import Home
from goldsmith.store.units import UnitOfWork
from goldsmith.trust.authorize import Role

OPERATOR = "operator"  # whoever can read the home's files, and so stands above the directory


class Admitted(NamedTuple):
    """A person just engaged, and the token of the link with which they sign in."""

    person_id: str
    link_token: str


def ensure_owner(home: Home, slug: str, client_name: str, *, new_id: NewId, lifetimes: Lifetimes | None = None) -> str:
    """Make the client, its vault and its owner where they are missing; the token of a sign-in link for the owner.

    The owner of a further client on the same machine is the person who already owns one there.

    Args:
        home: the opened home.
        slug: the name of the vault.
        client_name: what people call the client.
        new_id: makes identifiers.
        lifetimes: how long the link works.
    """
    home.create_vault(slug)
    name = checked_name(client_name, what="A client's name")

    def work(unit: UnitOfWork) -> str:
        client = _ensure_client(unit, slug, name, new_id)
        owner = store.first_owner(unit.connection, client.id)
        if owner is None:
            owner = store.first_owner(unit.connection) or _add_person(unit, "Owner", None, new_id)
            _engage(unit, person_id=owner, client=client, role=Role.OWNER, actor=OPERATOR, new_id=new_id)
        return make_link(unit, owner, actor=OPERATOR, client_id=None, lifetimes=lifetimes or Lifetimes())

    return home.directory.database.write(work)


class NewMember(NamedTuple):
    """Whom to admit to a client, and as what."""

    name: str
    email: str | None
    role: Role


def admit(
    unit: UnitOfWork, slug: str, member: NewMember, *, actor: str, new_id: NewId, lifetimes: Lifetimes
) -> Admitted:
    """Add a person, engage them at a client and make the link with which they sign in there.

    Raises:
        InputError: the name or the e-mail is malformed.
        Conflict: the e-mail belongs to somebody who signs in here already.
    """
    client = _client(unit, slug)
    name = checked_name(member.name, what="A person's name")
    email = None if member.email is None else checked_email(member.email)
    try:
        person_id = _add_person(unit, name, email, new_id)
    except IntegrityError as error:
        raise Conflict(
            "This e-mail cannot be used for a new person.", hint="Leave it out: the link is enough to sign in."
        ) from error
    _engage(unit, person_id=person_id, client=client, role=member.role, actor=actor, new_id=new_id)
    return Admitted(person_id, make_link(unit, person_id, actor=actor, client_id=client.id, lifetimes=lifetimes))


def link_for_member(unit: UnitOfWork, slug: str, person_id: str, *, actor: str, lifetimes: Lifetimes) -> str:
    """A new sign-in link's token for a person of this client; it opens this client alone.

    Raises:
        NotFound: nobody of this id is engaged here.
    """
    client, _ = _member(unit, slug, person_id)
    return make_link(unit, person_id, actor=actor, client_id=client.id, lifetimes=lifetimes)


def change_role(unit: UnitOfWork, slug: str, person_id: str, role: Role, *, actor: str) -> store.MemberRow:
    """Give a person of this client another role; the person as they then are.

    Raises:
        NotFound: nobody of this id is engaged here.
        Conflict: the client would be left without an owner.
    """
    client, member = _member(unit, slug, person_id)
    if member.role is role:
        return member
    _keep_an_owner(unit, client, member)
    store.set_role(unit.connection, client.id, person_id, role)
    content = canonical_json({"client": client.id, "from": member.role, "to": role})
    unit.record(actor=actor, action="engagement.role-changed", object_id=person_id, content=content)
    return member._replace(role=role)


def change_skills(unit: UnitOfWork, slug: str, person_id: str, skills: Iterable[str], *, actor: str) -> store.MemberRow:
    """Say what a person of this client is able to do; the person as they then are.

    Raises:
        NotFound: nobody of this id is engaged here.
        InputError: a skill is no tag, or there are too many.
    """
    client, member = _member(unit, slug, person_id)
    found = checked_skills(skills)
    if member.skills == found:
        return member
    store.set_skills(unit.connection, client.id, person_id, found)
    content = canonical_json({"client": client.id, "skills": found})
    unit.record(actor=actor, action="engagement.skills-changed", object_id=person_id, content=content)
    return member._replace(skills=found)


def end_engagement(unit: UnitOfWork, slug: str, person_id: str, *, actor: str) -> None:
    """End a person's work for this client, with the tokens that they made for it.

    Raises:
        NotFound: nobody of this id is engaged here.
        Conflict: the client would be left without an owner.
    """
    client, member = _member(unit, slug, person_id)
    _keep_an_owner(unit, client, member)
    store.delete_engagement(unit.connection, client.id, person_id)
    credentials.revoke_tokens_at(unit.connection, person_id, client.id, unit.now)
    content = canonical_json({"client": client.id, "role": member.role})
    unit.record(actor=actor, action="engagement.ended", object_id=person_id, content=content)


def _keep_an_owner(unit: UnitOfWork, client: store.ClientRow, member: store.MemberRow) -> None:
    if member.role is Role.OWNER and store.count_owners(unit.connection, client.id) == 1:
        raise Conflict("This is the only owner.", hint="Make somebody else an owner first.")


def _client(unit: UnitOfWork, slug: str) -> store.ClientRow:
    client = store.find_client(unit.connection, slug)
    if client is None:
        raise NotFound(f"There is no vault {slug!r}.")
    return client


def _member(unit: UnitOfWork, slug: str, person_id: str) -> tuple[store.ClientRow, store.MemberRow]:
    client = _client(unit, slug)
    member = store.find_member(unit.connection, client.id, person_id)
    if member is None:
        raise NotFound("There is no such person here.")
    return client, member


def _ensure_client(unit: UnitOfWork, slug: str, name: str, new_id: NewId) -> store.ClientRow:
    client = store.find_client(unit.connection, slug)
    if client is None:
        client = store.ClientRow(new_id(), slug, name)
        store.insert_client(unit.connection, client, now=unit.now)
        unit.record(actor=OPERATOR, action="client.added", object_id=client.id, content=slug.encode())
    return client


def _add_person(unit: UnitOfWork, name: str, email: str | None, new_id: NewId) -> str:
    person_id = new_id()
    store.insert_person(unit.connection, person_id=person_id, name=name, email=email, now=unit.now)
    return person_id


def _engage(
    unit: UnitOfWork, *, person_id: str, client: store.ClientRow, role: Role, actor: str, new_id: NewId
) -> None:
    store.insert_engagement(
        unit.connection,
        engagement_id=new_id(),
        person_id=person_id,
        client_id=client.id,
        role=role,
        now=unit.now,
    )
    content = canonical_json({"client": client.id, "role": role})
    unit.record(actor=actor, action="engagement.made", object_id=person_id, content=content)
