"""Errors as `application/problem+json` (RFC 9457), with the stable codes of the error tree and nothing internal."""

import logging
import re
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple, cast

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, InternalServerException, ValidationException
from litestar.types import Scope, Send

from goldsmith.errors import GoldsmithError, InputError, NotFound
from goldsmith.server.limits import RetryLater
from goldsmith.server.ranges import RangeOutside

MEDIA_TYPE = "application/problem+json"

_LOG = logging.getLogger("goldsmith.server")
_PLACE = re.compile(r"^(?P<message>.*?)(?: - at `\$?\.?(?P<path>[^`]*)`)?$", re.DOTALL)


class FieldProblem(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong at one place of what was sent."""

    path: str
    message: str


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What every failed request answers; `code` is stable, the texts are for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    hint: str | None = None
    errors: tuple[FieldProblem, ...] = ()


class Answer(NamedTuple):
    """A problem and the headers that go with it."""

    problem: Problem
    headers: Mapping[str, str]


def answer_for(error: Exception) -> Answer:
    """The problem that tells of `error`; what nobody foresaw is logged once and told without details."""
    request_id = secrets.token_hex(8)
    match error:
        case GoldsmithError() if error.status != HTTPStatus.INTERNAL_SERVER_ERROR:
            headers = _headers_of(error)
            problem = _problem(error.status, error.code, error.message, request_id=request_id)
            return Answer(msgspec.structs.replace(problem, hint=error.hint or None), headers)
        case msgspec.ValidationError() | msgspec.DecodeError():
            return Answer(_unreadable([str(error)], request_id), {})
        case ValidationException():
            return Answer(_unreadable(_messages(error), request_id), {})
        case HTTPException() if error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
            return Answer(_of_http(error, request_id), dict(error.headers or {}))
        case InternalServerException(detail="client disconnected prematurely"):  # nobody is left to read this
            return Answer(_problem(400, InputError.code, "The sender went away.", request_id=request_id), {})
        case _:
            _LOG.error("request %s failed", request_id, exc_info=error)
            detail = f"The server failed at this; its operator finds the reason in its log under {request_id}."
            return Answer(_problem(500, GoldsmithError.code, detail, request_id=request_id), {})


def as_response(_request: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    """The response for an error raised by a route."""
    problem, headers = answer_for(error)
    return Response(problem, status_code=problem.status, media_type=MEDIA_TYPE, headers=dict(headers))


async def send_problem(scope: Scope, send: Send, error: Exception) -> None:
    """Answer a request that no route ever sees."""
    problem, headers = answer_for(error)
    body = b"" if cast("Mapping[str, Any]", scope).get("method") == "HEAD" else msgspec.json.encode(problem)
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    raw += [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": problem.status, "headers": raw})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _headers_of(error: GoldsmithError) -> dict[str, str]:
    match error:
        case RetryLater():
            return {"Retry-After": str(error.retry_after_s)}
        case RangeOutside():
            return {"Content-Range": f"bytes */{error.size_bytes}"}
        case _:
            return {}


def _problem(status: int, code: str, detail: str, *, request_id: str) -> Problem:
    return Problem(
        type=f"urn:goldsmith:problem:{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
        request_id=request_id,
    )


def _unreadable(messages: list[str], request_id: str) -> Problem:
    errors = tuple(_field_problem(message) for message in messages)
    first = errors[0]
    detail = f"{first.path}: {first.message}" if first.path else first.message
    problem = _problem(InputError.status, InputError.code, detail, request_id=request_id)
    return msgspec.structs.replace(problem, errors=errors)


def _field_problem(message: str) -> FieldProblem:
    """Msgspec says ``Expected `int`, got `str` - at `$.port` ``: the path goes into a field of its own."""
    found = _PLACE.fullmatch(message)
    if found is None:
        return FieldProblem(path="", message=message)
    return FieldProblem(path=found["path"] or "", message=found["message"])


def _messages(error: ValidationException) -> list[str]:
    """What Litestar says about parameters of the path and the query, in msgspec's form."""
    extra = cast("list[dict[str, str]] | Any", error.extra)
    if not isinstance(extra, list) or not extra:
        return [error.detail]
    found = cast("list[dict[str, str]]", extra)
    if any(one.get("key") == "data" for one in found):  # the name of the body in a route's own code
        return ["A body of JSON is needed."]
    return [f"{one.get('message', error.detail)} - at `$.{one.get('key', '')}`" for one in found]


def _of_http(error: HTTPException, request_id: str) -> Problem:
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            return _problem(404, NotFound.code, "There is nothing at this address.", request_id=request_id)
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return _problem(405, InputError.code, "This address does not take this method.", request_id=request_id)
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return _problem(413, InputError.code, "The body is larger than this takes.", request_id=request_id)
        case status:
            return _problem(status, InputError.code, error.detail, request_id=request_id)
