"""Whether the server answers, and its counters."""

from litestar import Response, get

from goldsmith.errors import Forbidden
from goldsmith.kit.clock import SECOND
from goldsmith.people.wire import Health
from goldsmith.server.access import caller
from goldsmith.server.security import LOOPBACK_HOSTS, host_name
from goldsmith.server.state import AppRequest, services_of
from goldsmith.trust.authorize import Role

_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_FORWARDED = frozenset({b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip"})


@get("/healthz")
async def get_health() -> Health:
    """That the server answers."""
    return Health(status="ok")


@get("/metrics", media_type="text/plain; version=0.0.4; charset=utf-8")
async def get_metrics(request: AppRequest) -> Response[str]:
    """The counters of the server for Prometheus: for this very machine, or for an owner's token."""
    if not _is_local(request):
        accesses = (await caller(request)).accesses.values()
        if not any(access.role is Role.OWNER for access in accesses):
            raise Forbidden("Only an owner sees the counters of the server.")
    services = services_of(request)
    uptime_s = (services.home.clock.now() - services.started_at) / SECOND
    return Response(services.metrics.render(uptime_s=uptime_s))


def _is_local(request: AppRequest) -> bool:
    """Whether a program on this machine asks directly; what a proxy passes on comes from anywhere."""
    client = request.scope["client"]
    if client is None or client[0] not in _LOOPBACK:
        return False
    headers = dict(request.scope["headers"])
    host = host_name(headers.get(b"host", b"").decode("latin-1"))
    return host in LOOPBACK_HOSTS and _FORWARDED.isdisjoint(headers)
