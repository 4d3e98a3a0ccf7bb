"""The routes, one file per noun; `ALL_ROUTES` is what the application serves."""

from litestar.types import ControllerRouterHandler

from goldsmith.server.routes import me, sign_in

ALL_ROUTES: tuple[ControllerRouterHandler, ...] = (
    sign_in.sign_in_with_link,
    sign_in.sign_in_with_password,
    sign_in.end_session,
    me.get_me,
    me.set_password,
)
