"""Recipes without a source of their own: what to do with any folder of documents of one kind."""

from importlib import resources
from pathlib import Path

import msgspec

from goldsmith.errors import NotFound
from goldsmith.kit.nearest import nearest
from goldsmith.refine.recipe import Recipe, load_recipe
from goldsmith.refine.stores import scheme_of

_SOURCE = "FOLDER"


def preset_names() -> list[str]:
    """The names of all presets."""
    files = resources.files(__name__).iterdir()
    return sorted(file.name.removesuffix(".yaml") for file in files if file.name.endswith(".yaml"))


def preset_text(name: str) -> str:
    """The text of a preset, in which `FOLDER` stands for its source.

    Raises:
        NotFound: there is no preset of this name.
    """
    names = preset_names()
    if name not in names:
        raise NotFound(f"There is no preset {name!r}; {nearest(name, names)}")
    return resources.files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")


def preset_recipe(name: str, source: str) -> Recipe:
    """The recipe of a preset for a folder, a file, a glob or an address such as `s3://bucket/folder`.

    Raises:
        NotFound: there is no preset of this name.
    """
    text = preset_text(name)
    absolute = source if scheme_of(source) else str(Path(source).absolute())
    place = msgspec.json.encode(absolute).decode()  # a JSON text is a YAML text
    return load_recipe(text.replace(_SOURCE, place), origin=f"{name}.yaml")
