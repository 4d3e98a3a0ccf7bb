"""The API's own description (OpenAPI 3.1): from the wire types, with one form for all problems."""

from typing import Any, cast

import msgspec
from litestar import Request
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import Method

import goldsmith
from goldsmith.server.problems import MEDIA_TYPE, FieldProblem, Problem

# Any: the description is plain JSON by the time it is rendered.

_REF = "#/components/schemas/{name}"
_SIGNED_IN: list[dict[str, list[str]]] = [{"session": []}, {"token": []}]
_SECURITY_OF: dict[str, list[dict[str, list[str]]]] = {
    "/healthz": [],
    "/metrics": [{}, *_SIGNED_IN],
    "/api/sign-in/link": [],
    "/api/sign-in/password": [],
    "/api/sign-out": [],
    "/api/question-types": [],
}


def openapi_config() -> OpenAPIConfig:
    """How the description is made; it is served at `/schema`."""
    return OpenAPIConfig(
        title="Goldsmith",
        version=goldsmith.__version__,
        description="Raw data in, certified training and evaluation data out.",
        path="/schema",
        render_plugins=[_Description(path="/")],
        use_handler_docstrings=True,
        operation_id_creator=_operation_id,
        security=_SIGNED_IN,
        components=Components(
            security_schemes={
                "session": SecurityScheme(type="apiKey", name="goldsmith_session", security_scheme_in="cookie"),
                "token": SecurityScheme(type="http", scheme="bearer"),
            }
        ),
    )


def _operation_id(handler: HTTPRouteHandler, _method: Method, _path: list[Any]) -> str:
    """The name of the route's function: it stays when the path or the order of routes changes."""
    return handler.handler_name


class _Description(JsonRenderPlugin):
    """Renders the description as JSON, after giving every operation its `default` answer: a problem."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:  # noqa: ARG002
        _, problems = msgspec.json.schema_components((Problem, FieldProblem), ref_template=_REF)
        components = openapi_schema["components"]
        paths = {
            path: {method: _with_problems(path, operation) for method, operation in item.items()}
            for path, item in cast("dict[str, dict[str, Any]]", openapi_schema["paths"]).items()
        }
        schemas = {**components.get("schemas", {}), **problems}
        described = {**openapi_schema, "paths": paths, "components": {**components, "schemas": schemas}}
        return msgspec.json.encode(described)


def _with_problems(path: str, operation: dict[str, Any]) -> dict[str, Any]:
    answers = {status: answer for status, answer in operation["responses"].items() if not status.startswith("4")}
    content = {MEDIA_TYPE: {"schema": {"$ref": _REF.format(name=Problem.__name__)}}}
    answers["default"] = {"description": "What went wrong, with a stable code.", "content": content}
    security: dict[str, Any] = {"security": _SECURITY_OF[path]} if path in _SECURITY_OF else {}
    return {**operation, "responses": answers, **security}
