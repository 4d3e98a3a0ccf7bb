"""The person who is signed in, and their password."""

import asyncio
from functools import partial

from litestar import get, put
from litestar.params import JSONBody

import goldsmith
from goldsmith.errors import Unauthenticated
from goldsmith.people.flows.preferences import preferences_of, set_preferences
from goldsmith.people.flows.sign_in import SIGNED_OUT, PasswordChange, change_password, prepare_password
from goldsmith.people.model import Identity
from goldsmith.people.store import people as store
from goldsmith.people.wire import EngagementView, Me, NewPassword, Preferences
from goldsmith.server.access import caller, session_caller
from goldsmith.server.state import AppRequest, Services, services_of


@get("/api/me")
async def get_me(request: AppRequest) -> Me:
    """Who is signed in, and at which clients they work."""
    return await view_of(services_of(request), (await caller(request)).identity)


@put("/api/me/password", status_code=204)
async def set_password(request: AppRequest, data: JSONBody[NewPassword]) -> None:
    """Set or change the password, and end the person's other sessions."""
    services = services_of(request)
    identity = (await session_caller(request)).identity
    services.limits.take(identity.person_id, "password", services.home.clock.now())
    async with services.limits.hashing:
        change = await asyncio.to_thread(_prepare, services, identity, data)
    await services.home.directory.database.write_async(partial(change_password, identity=identity, change=change))
    services.sessions.forget_person(identity.person_id)
    services.limits.succeeded(identity.person_id, "password")


@put("/api/me/preferences", status_code=204)
async def put_preferences(request: AppRequest, data: JSONBody[Preferences]) -> None:
    """Replace how the signed-in person likes the browser app: its language and its keys."""
    services = services_of(request)
    identity = (await session_caller(request)).identity
    work = partial(set_preferences, preferences=data, identity=identity)
    await services.home.directory.database.write_async(work)


async def view_of(services: Services, identity: Identity) -> Me:
    """What the person behind an identity is told about themself."""
    person = await asyncio.to_thread(_find_person, services, identity.person_id)
    if person is None:
        raise Unauthenticated(SIGNED_OUT)
    return Me(
        person_id=person.id,
        name=person.name,
        email=person.email,
        has_password=person.password_hash is not None,
        engagements=tuple(
            EngagementView(vault=one.vault, client_name=one.client_name, role=one.role) for one in identity.engagements
        ),
        preferences=preferences_of(person),
        version=goldsmith.__version__,
        segmenter=None if services.segmenter is None else services.segmenter.name,
    )


def _find_person(services: Services, person_id: str) -> store.PersonRow | None:
    with services.home.directory.database.read() as connection:
        return store.find_person(connection, person_id)


def _prepare(services: Services, identity: Identity, data: NewPassword) -> PasswordChange:
    with services.home.directory.database.read() as connection:
        return prepare_password(connection, identity, data.password, data.current)
