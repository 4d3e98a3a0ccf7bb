"""What the jobs answer, as the client reads it."""

from typing import Any

import msgspec

from goldsmith.labeling.wire import ImportReport


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """What a failed request answers; `code` is stable, the texts are for people."""

    detail: str
    code: str
    hint: str | None = None


class ReleaseMade(msgspec.Struct, frozen=True, kw_only=True):
    """The result of a release job.

    Attributes:
        release: the version.
        folder: where it lies on the server's machine.
        is_new: whether it was made by this job; else nothing had changed, and it is the last one.
    """

    release: str
    folder: str
    content_root: str
    n_items: int
    is_new: bool


class Refined(msgspec.Struct, frozen=True, kw_only=True):
    """What refining did: read = kept + dropped + failed."""

    n_read: int
    n_kept: int
    n_dropped: int
    n_failed: int
    folder: str
    report: str


class ModelAnswers(msgspec.Struct, frozen=True, kw_only=True):
    """What a model annotator answered in a run, and how many of these answers were new."""

    version: str
    n_answers: int
    n_new: int


class RunResult(msgspec.Struct, frozen=True, kw_only=True, rename={"imported": "import"}):
    """The result of a recipe's job."""

    refine: Refined
    project: str
    imported: ImportReport
    models: dict[str, ModelAnswers] = {}
    release: ReleaseMade | None = None


class NewJob(msgspec.Struct, frozen=True, kw_only=True):
    """A recipe to run, or only to refine."""

    kind: str
    recipe: str
    origin: str
    base: str | None


class NewAnnotate(msgspec.Struct, frozen=True, kw_only=True):
    """Which model annotators shall answer, each with its parameters."""

    models: list[dict[str, dict[str, Any]]]  # Any: each model has its own parameters
