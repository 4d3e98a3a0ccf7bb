"""Pins a recipe: everything that decides what comes out, so that a run can be repeated and compared."""

import platform
from importlib.metadata import version

import msgspec

from goldsmith import __version__
from goldsmith.refine.recipe import FORMAT, Recipe


def lock(recipe: Recipe) -> dict[str, object]:
    """The recipe with all parameters spelled out, and the versions of what runs it."""
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
            for stage in recipe.stages
        ],
        "libraries": {name: version(name) for name in libraries},
    }
