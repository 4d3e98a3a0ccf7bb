"""Refining: raw files become documents that are kept, dropped with a reason, or failed with one.

from pathlib import Path
from goldsmith.refine import load_recipe, places_here, refine

recipe = load_recipe(Path("recipe.yaml").read_text(), origin="recipe.yaml")
report = refine(recipe, Path("out"), places=places_here(Path()))
"""

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
