"""The outermost layer: checks each request, sends it to the API or the browser app, adds headers, counts it.

It runs for every request, so it is one plain function that makes one closure.
"""

import time
from typing import Any, cast

from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from goldsmith.server.events import EventLog
from goldsmith.server.metrics import Metrics
from goldsmith.server.problems import send_problem
from goldsmith.server.security import Guard
from goldsmith.server.static import StaticFiles

_API_PATHS = frozenset({"/api", "/healthz", "/metrics", "/schema"})
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})


def with_edge(api: ASGIApp, *, guard: Guard, static: StaticFiles, metrics: Metrics, events: EventLog) -> ASGIApp:
    """`api` behind the checks, beside the browser app's files."""

    async def edge(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008, "reason": "There are no web sockets here."})
            return
        started = time.perf_counter()
        path, method = scope["path"], scope["method"]
        is_api = path.startswith("/api/") or path in _API_PATHS
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                present = list(message["headers"])
                message["headers"] = present + guard.extra_headers(present, is_api=is_api)
            await send(message)

        refusal = guard.refusal(scope)
        try:
            if refusal is not None:
                await send_problem(scope, send_with_headers, refusal)
            elif is_api:
                await api(scope, receive, send_with_headers)
            else:
                await static(scope, send_with_headers)
        finally:
            route = _route_of(scope, is_api=is_api)
            seconds = time.perf_counter() - started
            known_method = method if method in _METHODS else "other"
            metrics.count(known_method, route, status, seconds)
            if events.is_on:
                events.add(known_method, route, status, seconds)

    return edge


def _route_of(scope: HTTPScope, *, is_api: bool) -> str:
    """The route's path with the names of its parameters, never what stood in their places."""
    if not is_api:
        return "app"
    template = cast("dict[str, Any]", scope).get("path_template")  # set by the router once it has found a route
    return template if isinstance(template, str) else "unknown"
