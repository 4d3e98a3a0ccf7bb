"""docs/api.md: every route and every type of the HTTP interface, from the API's own description."""

import asyncio
import functools
import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, cast

import httpx
import msgspec

from goldsmith.server.app import create_app
from goldsmith.server.state import open_services
from goldsmith.settings import Settings
from goldsmith.store.homes import Home
from tools.pages.markdown import page, table

# Any: the description is plain JSON.

INTRODUCTION = """\
The HTTP interface that the browser app and the Python client use; `GET /schema` of a running server says the same as an
OpenAPI 3.1 description. All times are integer microseconds UTC, all ids are texts. Requests carry the session cookie of
a sign-in, or `Authorization: Bearer gsm_…` with an API token. Errors are [problem documents](errors.md). Lists come in
pages, `{"rows": […], "next": …}`: send `next` as `cursor` to go on."""

ROUTES = ("method and path", "query", "body", "answer", "what it does")
FIELDS = ("field", "type", "required")
_METHODS = ("get", "post", "put", "patch", "delete")
_PLACES = frozenset({"api", "vaults", "projects"})
_REF = "#/components/schemas/"


class Route(NamedTuple):
    """One operation of the description."""

    method: str
    path: str
    operation: Mapping[str, Any]

    @property
    def noun(self) -> str:
        """What it is about: the first fixed part of its path that says more than where it lies."""
        fixed = [part for part in self.path.split("/") if part and not part.startswith("{")]
        return next((part for part in fixed if part not in _PLACES), fixed[-1])


def render() -> str:
    """The page."""
    nouns: dict[str, list[Route]] = {}
    for route in routes():
        nouns.setdefault(route.noun, []).append(route)
    parts = [f"## {noun}\n\n{table(ROUTES, map(_row, found))}" for noun, found in nouns.items()]
    types = description()["components"]["schemas"]
    return page(
        "HTTP interface", INTRODUCTION, *parts, "# Types", *(_type(name, types[name]) for name in sorted(types))
    )


def render_description() -> str:
    """web/openapi.json: the description itself, from which the browser app takes its types."""
    return json.dumps(description(), indent=4, ensure_ascii=False) + "\n"


def routes() -> Iterator[Route]:
    """Every operation, in the order of the paths."""
    for path, item in sorted(description()["paths"].items()):
        for method in _METHODS:
            if method in item:
                yield Route(method.upper(), path, item[method])


@functools.cache
def description() -> dict[str, Any]:
    """The OpenAPI description that a server in a fresh home gives."""
    return asyncio.run(_ask_for_description())


async def _ask_for_description() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder, Home(Path(folder) / "home") as home:
        app = create_app(open_services(home, Settings()))
        origin = "http://127.0.0.1:8321"
        transport = httpx.ASGITransport(app=cast("Any", app))  # the two libraries name the types of ASGI differently
        async with httpx.AsyncClient(transport=transport, base_url=origin) as client:
            reply = (await client.get("/schema")).raise_for_status()
            return msgspec.json.decode(reply.content, type=dict[str, Any])


def _row(route: Route) -> tuple[str, str, str, str, str]:
    operation = route.operation
    query = [parameter for parameter in operation.get("parameters", []) if parameter["in"] == "query"]
    names = [f"`{parameter['name']}`{' (required)' if parameter.get('required') else ''}" for parameter in query]
    body = operation.get("requestBody", {}).get("content", {})
    what = operation.get("description") or operation.get("summary", "")
    return f"`{route.method} {route.path}`", ", ".join(names), _content(body), _answers(operation["responses"]), what


def _answers(responses: Mapping[str, Any]) -> str:
    found = {status: _content(answer.get("content", {})) for status, answer in responses.items() if status != "default"}
    return ", ".join(f"{status} {content}".strip() for status, content in found.items())


def _content(content: Mapping[str, Any]) -> str:
    shown = [
        _shape(described["schema"]) if media.endswith("json") and "schema" in described else f"`{media}`"
        for media, described in content.items()
    ]
    return " or ".join(shown)


def _type(name: str, schema: Mapping[str, Any]) -> str:
    title = f"## {name}"
    if "enum" in schema:
        return f"{title}\n\nOne of {', '.join(f'`{value}`' for value in schema['enum'])}."
    required = schema.get("required", [])
    rows = [
        (f"`{field}`", _shape(shape), "yes" if field in required else "no")
        for field, shape in schema.get("properties", {}).items()
    ]
    parts = [title, schema.get("description", ""), table(FIELDS, rows).strip() if rows else _shape(schema)]
    return "\n\n".join(part for part in parts if part)


def _shape(schema: Mapping[str, Any]) -> str:
    """A schema in a few words; types that have a name link to it."""
    if "$ref" in schema:
        name = str(schema["$ref"]).removeprefix(_REF)
        return f"[{name}](#{name.lower()})"
    for key in ("oneOf", "anyOf"):
        if key in schema:
            return " or ".join(_shape(choice) for choice in schema[key])
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    kind = schema.get("type", "anything")
    match kind:
        case "array":
            return f"list of {_shape(schema.get('items') or {})}"
        case "object":
            values: object = schema.get("additionalProperties")
            return (
                f"object of {_shape(cast('dict[str, Any]', values))}"
                if isinstance(values, dict) and values
                else "object"
            )
        case [*several]:
            return " or ".join(several)
        case _:
            return str(kind)
