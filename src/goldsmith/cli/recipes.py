"""`goldsmith recipes`: the recipes that come with Goldsmith, to read and to begin one's own from."""

from typing import Annotated

import typer

from goldsmith.cli.messages import say, say_rows, say_table
from goldsmith.cli.options import JsonOption, new_app
from goldsmith.cli.texts import bundled_recipe, bundled_recipes, presets

app = new_app("The recipes that come with Goldsmith.")


@app.command("list")
def list_recipes(as_json: JsonOption = False) -> None:
    """List the recipes that come with Goldsmith, and the presets of `goldsmith refine --preset`."""
    rows = [{"name": recipe.name, "title": recipe.title, "kind": "recipe"} for recipe in bundled_recipes()]
    rows += [{"name": recipe.name, "title": recipe.title, "kind": "preset"} for recipe in presets()]
    if as_json:
        say_rows(rows)
        return
    say_table(("name", "title", "kind"), [(row["name"], row["title"], row["kind"]) for row in rows])


@app.command("show")
def show_recipe(name: Annotated[str, typer.Argument(help="The recipe's name.")]) -> None:
    """Print a recipe, to begin your own from: add `> mine.yaml`."""
    say(bundled_recipe(name).text.rstrip())
