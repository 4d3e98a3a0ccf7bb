"""Says whether the scores of a finished run are those that a recipe asks for, so that only its rules have to run."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import msgspec

from goldsmith.errors import Conflict, InputError, NotFound
from goldsmith.refine.locks import lock
from goldsmith.refine.model import CorpusStage, Stage
from goldsmith.refine.outputs import LOCK_JSON
from goldsmith.refine.recipe import Recipe

AGAIN = "Run the whole recipe again with `goldsmith refine`."

# Any: parameters are plain JSON; each stage has its own.


class _LockedStage(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    version: str
    parameters: dict[str, Any]
    files: dict[str, str] = msgspec.field(default_factory=dict[str, str])


class _Lock(msgspec.Struct, frozen=True, kw_only=True):
    source: list[dict[str, Any]]
    stages: list[_LockedStage]
    libraries: dict[str, str]


def check_scores(out: Path, recipe: Recipe) -> None:
    """Make sure that the documents in the folder `out` have the scores that `recipe` would give them.

    Only parameters that stages name as thresholds may differ, and those of stages that compare documents with each
    other, since these compare anew.

    Raises:
        Conflict: the recipe asks for other scores; the message names the stage and the parameter.
        InputError: a stage stands twice, or changes texts after documents were compared.
        NotFound: `out` is not the folder of a finished run.
    """
    was, now = _read_lock(out), msgspec.json.decode(msgspec.json.encode(lock(recipe)), type=_Lock)
    if was.source != now.source:
        _differs("its sources are others")
    names = [stage.name for stage in recipe.stages]
    if [stage.name for stage in was.stages] != names:
        _differs(f"its stages are {', '.join(names)}, and were {', '.join(stage.name for stage in was.stages)}")
    for stage, before, after in zip(recipe.stages, was.stages, now.stages, strict=True):
        if not isinstance(stage, CorpusStage):
            _check_parameters(stage, before, after)
            _check_libraries(stage, was.libraries, now.libraries)
    _check_order(recipe.stages)


def stored_pins(out: Path) -> Sequence[Mapping[str, str]]:
    """For each stage of the run in the folder `out` the hashes of the files that it read.

    Raises:
        NotFound: `out` is not the folder of a finished run.
    """
    return [stage.files for stage in _read_lock(out).stages]


def _read_lock(out: Path) -> _Lock:
    try:
        return msgspec.json.decode((out / LOCK_JSON).read_bytes(), type=_Lock)
    except FileNotFoundError as error:
        raise NotFound(f"{out} holds no refined documents; run `goldsmith refine` first.") from error


def _check_parameters(stage: Stage, before: _LockedStage, after: _LockedStage) -> None:
    if before.version != after.version:
        _differs(f"{stage.name} has version {after.version}, and had {before.version}")
    for name in sorted({*before.parameters, *after.parameters} - stage.thresholds):
        if before.parameters.get(name) != after.parameters.get(name):
            allowed = ", ".join(sorted(stage.thresholds)) or "nothing"
            _differs(f"`{name}` of {stage.name} decides about scores (only {allowed} can differ)")


def _check_libraries(stage: Stage, were: Mapping[str, str], are: Mapping[str, str]) -> None:
    for name in (*stage.libraries, *stage.chosen_libraries()):
        if were.get(name) != are.get(name):
            _differs(f"{stage.name} uses {name} {are.get(name)}, and used {were.get(name)}")


def _check_order(stages: Sequence[Stage]) -> None:
    names = [stage.name for stage in stages]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"{twice[0]} stands twice in the recipe, so only one set of its scores is known.", hint=AGAIN)
    has_compared = False
    for stage in stages:
        has_compared = has_compared or isinstance(stage, CorpusStage)
        if has_compared and "text" in stage.columns:
            problem = f"{stage.name} changes texts after they were compared, and the texts compared were not kept."
            raise InputError(problem, hint=AGAIN)


def _differs(problem: str) -> NoReturn:
    raise Conflict(f"The recipe asks for other scores than those there are: {problem}.", hint=AGAIN)
