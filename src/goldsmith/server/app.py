"""Puts the server together: routes, problems, the API's description, and the outermost layer."""

from collections.abc import Sequence

from litestar import Litestar
from litestar.datastructures import State
from litestar.types import ControllerRouterHandler, ExceptionHandlersMap

from goldsmith.server.edge import with_edge
from goldsmith.server.events import EventLog
from goldsmith.server.openapi import openapi_config
from goldsmith.server.problems import as_response
from goldsmith.server.routes import ALL_ROUTES
from goldsmith.server.security import Guard
from goldsmith.server.state import AppRequest, Services
from goldsmith.server.static import StaticFiles

MAX_BODY_BYTES = 1 << 20


def create_app(services: Services, routes_extra: Sequence[ControllerRouterHandler] = ()) -> Litestar:
    """The application that serves a home.

    Args:
        services: what every request may use.
        routes_extra: further routes, beside all of Goldsmith's own.
    """
    events = EventLog(services.home.clock, is_on=services.settings.log_level in {"debug", "info"})
    handlers: ExceptionHandlersMap = {Exception: as_response}  # pyright: ignore[reportUnknownVariableType]
    app = Litestar(
        route_handlers=[*ALL_ROUTES, *routes_extra],
        state=State({"services": services}),
        request_class=AppRequest,
        request_max_body_size=MAX_BODY_BYTES,
        exception_handlers=handlers,
        openapi_config=openapi_config(),
        logging_config=None,
        on_shutdown=[events.write, services.media.close],
    )
    app.asgi_handler = with_edge(
        app.asgi_handler,
        guard=Guard(services.settings),
        static=StaticFiles(),
        metrics=services.metrics,
        events=events,
    )
    return app
