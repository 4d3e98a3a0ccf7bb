"""The routes, one file per noun; `ALL_ROUTES` is what the application serves."""

from litestar.types import ControllerRouterHandler

from goldsmith.server.routes import health, me, people, sign_in, tokens

ALL_ROUTES: tuple[ControllerRouterHandler, ...] = (
    sign_in.sign_in_with_link,
    sign_in.sign_in_with_password,
    sign_in.end_session,
    me.get_me,
    me.set_password,
    tokens.list_tokens,
    tokens.create_token,
    tokens.revoke_token,
    people.list_people,
    people.admit_person,
    people.set_role,
    people.remove_person,
    people.create_sign_in_link,
    people.get_outbox_key,
    health.get_health,
    health.get_metrics,
)
