"""The kinds of jobs there are, and what each does with its parameters."""

from collections.abc import Callable
from typing import Any

from goldsmith.errors import InputError
from goldsmith.kit.nearest import nearest
from goldsmith.worker.contexts import JobContext
from goldsmith.worker.work.annotate import annotate
from goldsmith.worker.work.bulk import change_items
from goldsmith.worker.work.infer import infer
from goldsmith.worker.work.release import release
from goldsmith.worker.work.run import refine, run

Work = Callable[[JobContext, dict[str, Any]], dict[str, Any]]

_KINDS: dict[str, Work] = {
    "run": lambda context, given: run(context, given["recipe"], origin=given["origin"], base=given["base"]),
    "refine": lambda context, given: refine(context, given["recipe"], origin=given["origin"], base=given["base"]),
    "annotate": lambda context, given: annotate(context, given["project"], given["models"]),
    "infer": lambda context, given: infer(context, given["project"]),
    "bulk": lambda context, given: change_items(context, given["project"], given["bulk"], given["selection"]),
    "release": lambda context, given: release(context, given["project"]),
}


def work_of(kind: str) -> Work:
    """What a kind of job does.

    Raises:
        InputError: there is no such kind.
    """
    if kind not in _KINDS:
        raise InputError(f"There is no kind of job {kind!r}; {nearest(kind, _KINDS)}")
    return _KINDS[kind]
