"""The people of a client: who they are, whom its owner admits, what they may do; and a person's outbox key."""

import asyncio
from functools import partial

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from goldsmith.errors import NotFound
from goldsmith.people.flows.members import (
    NewMember,
    admit,
    change_role,
    change_skills,
    end_engagement,
    link_for_member,
)
from goldsmith.people.model import outbox_key, pseudonym, sign_in_address
from goldsmith.people.store import people as store
from goldsmith.people.wire import (
    AdmittedView,
    LinkView,
    NewPerson,
    OutboxKey,
    PersonRows,
    PersonView,
    RoleChange,
)
from goldsmith.server.access import enter
from goldsmith.server.cookies import base_url
from goldsmith.server.state import AppRequest, Services, services_of
from goldsmith.store.units import UnitOfWork
from goldsmith.trust.authorize import Action, authorize


@get("/api/vaults/{vault:str}/people")
async def list_people(request: AppRequest, vault: FromPath[str]) -> PersonRows:
    """The people engaged at the client, the first one first."""
    access = await enter(request, vault, Action.VIEW_PEOPLE)
    services = services_of(request)
    rows = await asyncio.to_thread(_members_of, services, vault)
    if not authorize(access.role, Action.EDIT_PROJECT):
        return PersonRows(rows=tuple(map(_view, rows)))
    return PersonRows(rows=tuple(_named(services, vault, row) for row in rows))


@post("/api/vaults/{vault:str}/people")
async def admit_person(request: AppRequest, vault: FromPath[str], data: JSONBody[NewPerson]) -> AdmittedView:
    """Admit a person, and get the one-time link with which they sign in."""
    access = await enter(request, vault, Action.MANAGE_PEOPLE)
    services = services_of(request)
    work = partial(
        admit,
        slug=vault,
        member=NewMember(data.name, data.email, data.role),
        actor=access.person_id,
        new_id=services.new_id,
        lifetimes=services.lifetimes,
    )
    admitted = await services.home.directory.database.write_async(work)
    link = sign_in_address(base_url(services.settings, request.scope["headers"]), admitted.link_token)
    return AdmittedView(person_id=admitted.person_id, sign_in_link=link)


@put("/api/vaults/{vault:str}/people/{person_id:str}")
async def set_role(
    request: AppRequest, vault: FromPath[str], person_id: FromPath[str], data: JSONBody[RoleChange]
) -> PersonView:
    """Give a person another role or other skills; it counts from their next request on."""
    access = await enter(request, vault, Action.MANAGE_PEOPLE)
    services = services_of(request)

    def work(unit: UnitOfWork) -> store.MemberRow:
        changed = change_role(unit, vault, person_id, data.role, actor=access.person_id)
        if data.skills is None:
            return changed
        return change_skills(unit, vault, person_id, data.skills, actor=access.person_id)

    member = await services.home.directory.database.write_async(work)
    services.sessions.forget_person(person_id)
    return _view(member)


@delete("/api/vaults/{vault:str}/people/{person_id:str}")
async def remove_person(request: AppRequest, vault: FromPath[str], person_id: FromPath[str]) -> None:
    """End a person's engagement, with their tokens for this vault. Their answers stay."""
    access = await enter(request, vault, Action.MANAGE_PEOPLE)
    services = services_of(request)
    work = partial(end_engagement, slug=vault, person_id=person_id, actor=access.person_id)
    await services.home.directory.database.write_async(work)
    services.sessions.forget_person(person_id)


@post("/api/vaults/{vault:str}/people/{person_id:str}/sign-in-link")
async def create_sign_in_link(request: AppRequest, vault: FromPath[str], person_id: FromPath[str]) -> LinkView:
    """Make a new one-time link for a person who lost theirs. It opens this vault alone."""
    access = await enter(request, vault, Action.MANAGE_PEOPLE)
    services = services_of(request)
    work = partial(
        link_for_member, slug=vault, person_id=person_id, actor=access.person_id, lifetimes=services.lifetimes
    )
    token = await services.home.directory.database.write_async(work)
    return LinkView(sign_in_link=sign_in_address(base_url(services.settings, request.scope["headers"]), token))


@get("/api/vaults/{vault:str}/outbox-key")
async def get_outbox_key(request: AppRequest, vault: FromPath[str]) -> OutboxKey:
    """The key with which the browser encrypts what it keeps for this vault until it is stored; for memory only."""
    access = await enter(request, vault, Action.ANSWER)
    key, key_id = outbox_key(access.vault.key, access.actor)
    return OutboxKey(key=key, key_id=key_id)


def _members_of(services: Services, slug: str) -> list[store.MemberRow]:
    with services.home.directory.database.read() as connection:
        client = store.find_client(connection, slug)
        if client is None:
            raise NotFound("There is no such vault.")
        return list(store.members(connection, client.id))


def _named(services: Services, slug: str, row: store.MemberRow) -> PersonView:
    found = pseudonym(services.home.directory.key, row.person_id, slug)
    return msgspec.structs.replace(_view(row), pseudonym=found)


def _view(row: store.MemberRow) -> PersonView:
    return PersonView(
        person_id=row.person_id,
        name=row.name,
        email=row.email,
        role=row.role,
        created_at=row.created_at,
        skills=row.skills,
    )
