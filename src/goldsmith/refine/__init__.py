"""Refining: raw files become documents that are kept, dropped with a reason, or failed with one.

Programs call this package itself, which is `goldsmith.refine(recipe, documents)`; see `goldsmith.refine.library`.

from pathlib import Path
from goldsmith.refine import load_recipe, places_here, refine

recipe = load_recipe(Path("recipe.yaml").read_text(), origin="recipe.yaml")
report = refine(recipe, Path("out"), places=places_here(Path()))
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

from goldsmith.refine.flows import places_here, redecide, refine
from goldsmith.refine.locks import lock
from goldsmith.refine.model import Places, Progress
from goldsmith.refine.recipe import Recipe, load_recipe
from goldsmith.refine.reports import RefineReport

__all__ = [
    "Places",
    "Progress",
    "Recipe",
    "RefineReport",
    "load_recipe",
    "lock",
    "places_here",
    "redecide",
    "refine",
]


class _Callable(ModuleType):
    """This package as a function, too: an import of any module in it would hide one of its name in `goldsmith`."""

    def __call__(self, *args: Any, **parameters: Any) -> Any:  # Any: `goldsmith/__init__.pyi` says the types
        return import_module("goldsmith.refine.library").refine(*args, **parameters)


sys.modules[__name__].__class__ = _Callable
