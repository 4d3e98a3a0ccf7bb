"""Pins a recipe: everything that decides what comes out, so that a run can be repeated and compared."""

import platform
from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib.metadata import version

import msgspec

from goldsmith import __version__
from goldsmith.refine.model import Stage
from goldsmith.refine.recipe import FORMAT, Recipe


def fingerprint(stages: Sequence[Stage], pins: Sequence[Mapping[str, str]]) -> bytes:
    """A hash of all that decides about the results of stages: parameters, files, and the versions of what runs them."""
    libraries = sorted({name for stage in stages for name in (*stage.libraries, *stage.chosen_libraries())})
    known = {
        "goldsmith": __version__,
        "python": platform.python_version(),
        "stages": _pinned(stages, pins),
        "libraries": {name: version(name) for name in libraries},
    }
    return sha256(msgspec.json.encode(known)).digest()


def lock(recipe: Recipe, pins: Sequence[Mapping[str, str]] = ()) -> dict[str, object]:
    """The recipe with all parameters spelled out, and the versions of what runs it.

    Args:
        recipe: the recipe.
        pins: for each stage the hashes of the files that it reads; without them, they are not pinned.
    """
    libraries = sorted({name for stage in recipe.stages for name in (*stage.libraries, *stage.chosen_libraries())})
    return {
        "format": FORMAT,
        "name": recipe.name,
        "title": recipe.title,
        "recipe_sha256": recipe.sha256,
        "goldsmith": __version__,
        "python": platform.python_version(),
        "source": [
            {"kind": source.kind, "version": source.version, "parameters": msgspec.to_builtins(source)}
            for source in recipe.sources
        ],
        "stages": _pinned(recipe.stages, pins or [{} for _ in recipe.stages]),
        "sinks": [
            {"name": sink.name, "version": sink.version, "parameters": msgspec.to_builtins(sink)}
            for sink in recipe.sinks
        ],
        "libraries": {name: version(name) for name in libraries},
    }


def _pinned(stages: Sequence[Stage], pins: Sequence[Mapping[str, str]]) -> Sequence[Mapping[str, object]]:
    return [
        {"name": stage.name, "version": stage.version, "parameters": msgspec.to_builtins(stage)}
        | ({"files": dict(files)} if files else {})
        for stage, files in zip(stages, pins, strict=True)
    ]
