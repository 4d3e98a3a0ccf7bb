"""The one door into a vault: who asks, whether they are engaged there, and whether their role allows it."""

import asyncio
import contextlib
from functools import partial

from goldsmith.errors import Forbidden, NotFound, StorageError, Unauthenticated
from goldsmith.people.flows.sign_in import SIGNED_OUT, identify, note_use
from goldsmith.people.model import Identity, pseudonym
from goldsmith.server.callers import Access, Caller
from goldsmith.server.cookies import bearer_token, cookie_name, cookie_value
from goldsmith.server.state import AppRequest, Services, services_of
from goldsmith.trust.authorize import Action, authorize
from goldsmith.trust.tokens import hash_token, token_kind


async def enter(request: AppRequest, slug: str, action: Action) -> Access:
    """The caller's access to a vault, once it is known that they may do `action` there.

    Raises:
        Unauthenticated: nobody is signed in.
        NotFound: there is no such vault, or the caller is not engaged there; the two look the same.
        Forbidden: the caller's role does not allow the action.
    """
    access = (await caller(request)).accesses.get(slug)
    if access is None:
        raise NotFound("There is no such vault.")
    if not authorize(access.role, action):
        raise Forbidden(f"Your role here is {access.role}, which does not allow this ({action}).")
    return access


async def caller(request: AppRequest) -> Caller:
    """Who asks: by the bearer token when there is one, else by the session's cookie.

    Raises:
        Unauthenticated: neither is there, or it is unknown, revoked or expired.
    """
    services = services_of(request)
    headers = request.scope["headers"]
    token = bearer_token(headers)
    if token is None:
        token = cookie_value(headers, cookie_name(services.settings))
    if token is None:
        raise Unauthenticated(SIGNED_OUT)
    known = services.sessions.recall(hash_token(token), services.home.clock.now())
    return known or await _look_up(services, token)


async def session_caller(request: AppRequest) -> Caller:
    """Who asks, when it has to be a person who signed in: an API token cannot change how one gets in.

    Raises:
        Unauthenticated: nobody is signed in.
        Forbidden: an API token was sent.
    """
    found = await caller(request)
    if not found.has_session:
        raise Forbidden("An API token cannot do this.", hint="Sign in in the browser and do it there.")
    return found


async def identity_of(services: Services, token: str) -> Identity:
    """Whom a token stands for just now, as the directory says.

    Raises:
        Unauthenticated: it is unknown, revoked or expired.
    """
    return await asyncio.to_thread(_read_identity, services, token, services.home.clock.now())


async def _look_up(services: Services, token: str) -> Caller:
    if token_kind(token) is None:  # a guess costs no database
        raise Unauthenticated(SIGNED_OUT)
    begun_in = services.sessions.round
    now = services.home.clock.now()
    identity = await identity_of(services, token)
    if identity.is_stale:
        # A full disk must not keep people from reading what they have.
        with contextlib.suppress(StorageError):
            await services.home.directory.database.write_async(partial(note_use, identity=identity))
    found = Caller(identity=identity, accesses=_accesses(services, identity))
    services.sessions.remember(found, now=now, begun_in=begun_in)
    return found


def _read_identity(services: Services, token: str, now: int) -> Identity:
    with services.home.directory.database.read() as connection:
        return identify(connection, token, now, services.lifetimes)


def _accesses(services: Services, identity: Identity) -> dict[str, Access]:
    home = services.home
    here = set(home.vault_slugs())
    return {
        one.vault: Access(
            vault=home.vault(one.vault),
            role=one.role,
            actor=pseudonym(home.directory.key, identity.person_id, one.vault),
            person_id=identity.person_id,
            skills=one.skills,
        )
        for one in identity.engagements
        if one.vault in here
    }
