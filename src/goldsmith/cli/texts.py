"""Files that commands read: recipes, schemas, guidelines."""

from importlib import resources
from pathlib import Path
from typing import Any, cast

from goldsmith.errors import InputError, NotFound
from goldsmith.kit.nearest import nearest
from goldsmith.kit.yaml_lines import read_yaml
from goldsmith.refine.presets import preset_names, preset_recipe
from goldsmith.refine.recipe import Recipe, load_recipe

DEMO = "which-licence"


def read_text(path: Path, what: str) -> str:
    """The text of a file.

    Raises:
        InputError: it is not there, cannot be read, or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"The {what} {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"The {what} {path} is not UTF-8: {error.reason} at byte {error.start}.") from error


def read_values(path: Path, what: str) -> dict[str, Any]:  # Any: the server checks what the file says
    """The mapping in a YAML or JSON file.

    Raises:
        RecipeError: it is neither; names the line.
        InputError: it is not a mapping, or cannot be read.
    """
    value = read_yaml(read_text(path, what), origin=str(path)).value
    if not isinstance(value, dict):
        raise InputError(f"The {what} {path} is not a mapping of names to values.")
    return cast("dict[str, Any]", value)


def read_recipe(path: Path) -> Recipe:
    """The recipe in a file.

    Raises:
        InputError: it cannot be read.
        RecipeError: it is no recipe; names the line.
    """
    if path.is_dir():
        raise InputError(f"The recipe {path} is a folder.", hint="Name a YAML file.")
    return load_recipe(read_text(path, "recipe"), origin=str(path))


def bundled_recipes() -> list[Recipe]:
    """The recipes that come with Goldsmith, by name."""
    folder = resources.files("goldsmith.refine").joinpath("recipes")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)
    return [load_recipe(file.read_text(encoding="utf-8"), origin=file.name) for file in files]


def presets() -> list[Recipe]:
    """The recipes without a source that come with Goldsmith, for a folder `documents`."""
    return [preset_recipe(name, "documents") for name in preset_names()]


def bundled_recipe(name: str) -> Recipe:
    """A recipe or a preset that comes with Goldsmith.

    Raises:
        NotFound: there is none of this name.
    """
    found = {recipe.name: recipe for recipe in (*bundled_recipes(), *presets())}
    if name not in found:
        raise NotFound(f"There is no recipe {name!r}; {nearest(name, found)}")
    return found[name]
