"""The caller's own API tokens."""

import asyncio
from functools import partial

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from goldsmith.people.flows.tokens import WantedToken, make_api_token, revoke_api_token
from goldsmith.people.model import Identity
from goldsmith.people.store import credentials
from goldsmith.people.wire import MadeTokenView, TokenRequest, TokenRows, TokenView
from goldsmith.server.access import session_caller
from goldsmith.server.state import AppRequest, Services, services_of


@get("/api/tokens")
async def list_tokens(request: AppRequest) -> TokenRows:
    """The caller's API tokens that were not revoked, the newest first."""
    identity = (await session_caller(request)).identity
    rows = await asyncio.to_thread(_tokens_of, services_of(request), identity)
    return TokenRows(rows=tuple(_view(row) for row in rows))


@post("/api/tokens")
async def create_token(request: AppRequest, data: JSONBody[TokenRequest]) -> MadeTokenView:
    """Make an API token for one vault; its text is shown this once."""
    identity = (await session_caller(request)).identity
    services = services_of(request)
    wanted = WantedToken(data.name, data.vault, data.role, data.expires_in_days)
    work = partial(make_api_token, wanted=wanted, identity=identity, new_id=services.new_id)
    made = await services.home.directory.database.write_async(work)
    return MadeTokenView(**msgspec.structs.asdict(_view(made.row)), token=made.token)


@delete("/api/tokens/{token_id:str}")
async def revoke_token(request: AppRequest, token_id: FromPath[str]) -> None:
    """End a token: the next request with it fails."""
    identity = (await session_caller(request)).identity
    services = services_of(request)
    work = partial(revoke_api_token, token_id=token_id, identity=identity)
    services.sessions.forget(await services.home.directory.database.write_async(work))


def _tokens_of(services: Services, identity: Identity) -> list[credentials.TokenRow]:
    with services.home.directory.database.read() as connection:
        return list(credentials.tokens_of(connection, identity.person_id, identity.client_id))


def _view(row: credentials.TokenRow) -> TokenView:
    return TokenView(
        id=row.id,
        name=row.name,
        prefix=row.prefix,
        vault=row.vault,
        role=row.role,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
    )
