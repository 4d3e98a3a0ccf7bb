"""Pins a recipe: everything that decides what comes out, so that a run can be repeated and compared."""

import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version

import msgspec

from goldsmith import __version__
from goldsmith.refine.recipe import FORMAT, Recipe


def lock(recipe: Recipe, pins: Sequence[Mapping[str, str]] = ()) -> dict[str, object]:
    """The recipe with all parameters spelled out, and the versions of what runs it.

    Args:
        recipe: the recipe.
        pins: for each stage the hashes of the files that it reads; without them, they are not pinned.
    """
    libraries = sorted({name for stage in recipe.stages for name in stage.libraries})
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
        "stages": [
            {"name": stage.name, "version": stage.version, "parameters": msgspec.to_builtins(stage)}
            | ({"files": dict(files)} if files else {})
            for stage, files in zip(recipe.stages, pins or [{} for _ in recipe.stages], strict=True)
        ],
        "libraries": {name: version(name) for name in libraries},
    }
