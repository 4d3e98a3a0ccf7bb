"""Signing in by a one-time link or a password, and signing out."""

import asyncio
from functools import partial

from litestar import Response, post
from litestar.params import JSONBody

from goldsmith.people.flows.sign_in import (
    NewSession,
    Verified,
    sign_in_by_link,
    sign_in_verified,
    sign_out,
    verify_sign_in,
)
from goldsmith.people.wire import Me, SignInByLink, SignInByPassword
from goldsmith.server.access import identity_of
from goldsmith.server.cookies import cookie_name, cookie_value, set_cookie
from goldsmith.server.routes.me import view_of
from goldsmith.server.state import AppRequest, Services, services_of
from goldsmith.trust.tokens import hash_token

_LINKS = "link"


@post("/api/sign-in/link", status_code=200)
async def sign_in_with_link(request: AppRequest, data: JSONBody[SignInByLink]) -> Response[Me]:
    """Sign in with the token from a one-time link, which is used up by it."""
    services = services_of(request)
    address = _address(request)
    services.limits.take(address, _LINKS, services.home.clock.now())
    work = partial(sign_in_by_link, token=data.token, lifetimes=services.lifetimes)
    session = await services.home.directory.database.write_async(work)
    services.limits.succeeded(address, _LINKS)
    return await _signed_in(request, services, session)


@post("/api/sign-in/password", status_code=200)
async def sign_in_with_password(request: AppRequest, data: JSONBody[SignInByPassword]) -> Response[Me]:
    """Sign in with an e-mail and a password."""
    services = services_of(request)
    address, account = _address(request), data.email.strip().casefold()
    services.limits.take(address, account, services.home.clock.now())
    async with services.limits.hashing:
        verified = await asyncio.to_thread(_verify, services, data)
    work = partial(sign_in_verified, verified=verified, lifetimes=services.lifetimes)
    session = await services.home.directory.database.write_async(work)
    services.limits.succeeded(address, account)
    return await _signed_in(request, services, session)


@post("/api/sign-out", status_code=204)
async def end_session(request: AppRequest) -> Response[None]:
    """Sign out: the session ends on the server too. Nothing happens to somebody who is not signed in."""
    services = services_of(request)
    await _end_session_of_cookie(request, services)
    return Response(None, status_code=204, headers={"Set-Cookie": set_cookie(services.settings, "", 0)})


async def _signed_in(request: AppRequest, services: Services, session: NewSession) -> Response[Me]:
    """Answer with a new session; one that the browser had before ends, so that no two are left behind."""
    await _end_session_of_cookie(request, services)
    me = await view_of(services, await identity_of(services, session.token))
    cookie = set_cookie(services.settings, session.token, services.settings.session_hours * 3600)
    return Response(me, status_code=200, headers={"Set-Cookie": cookie})


async def _end_session_of_cookie(request: AppRequest, services: Services) -> None:
    token = cookie_value(request.scope["headers"], cookie_name(services.settings))
    if token is None:
        return
    token_hash = hash_token(token)
    await services.home.directory.database.write_async(partial(sign_out, token_hash=token_hash))
    services.sessions.forget(token_hash)


def _verify(services: Services, data: SignInByPassword) -> Verified:
    with services.home.directory.database.read() as connection:
        return verify_sign_in(connection, data.email, data.password)


def _address(request: AppRequest) -> str:
    client = request.scope["client"]
    return client[0] if client else "unknown"
