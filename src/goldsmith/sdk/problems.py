"""From what a server answers to the error that a caller catches."""

import functools
from collections.abc import Mapping

import msgspec

from goldsmith import errors
from goldsmith.errors import GoldsmithError, ServerError
from goldsmith.sdk.wire import Problem
from goldsmith.store.jobs import JobFault

_PROBLEM = "application/problem+json"
_OF_THE_SERVER = frozenset({ServerError.code, GoldsmithError.code})


def error_of(*, status: int, content_type: str, body: bytes) -> GoldsmithError:
    """The error for an answer that is not a success: the class with the problem's code, else a `ServerError`."""
    if content_type.partition(";")[0].strip() != _PROBLEM:
        return ServerError(
            f"The server answered with status {status} and no reason; it is not a Goldsmith server, or a proxy is "
            "in front of it. Check its address.",
            http_status=status,
        )
    problem = msgspec.json.decode(body, type=Problem)
    return coded_error(problem.code, problem.detail, hint=problem.hint or "", status=status)


def error_of_job(fault: JobFault) -> GoldsmithError:
    """The error with which a job failed."""
    return coded_error(fault.code, fault.detail)


def coded_error(code: str, message: str, *, hint: str = "", status: int = 500) -> GoldsmithError:
    """The error of the class with this code; codes that stand for no class make a `ServerError`."""
    kind = _kinds().get(code)
    if kind is None or code in _OF_THE_SERVER:
        return ServerError(f"{message} {hint}".strip(), problem_code=code, http_status=status)
    return kind(message, hint=hint)


@functools.cache
def _kinds() -> Mapping[str, type[GoldsmithError]]:
    found = vars(errors).values()
    return {kind.code: kind for kind in found if isinstance(kind, type) and issubclass(kind, GoldsmithError)}
