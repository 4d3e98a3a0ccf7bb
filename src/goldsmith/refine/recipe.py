"""Reads recipes: which sources are read, through which stages, with which parameters. Light: runs nothing."""

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

import msgspec
from msgspec.inspect import StructType, multi_type_info

from goldsmith.errors import RecipeError
from goldsmith.kit.digest import sha256_hex
from goldsmith.kit.nearest import nearest
from goldsmith.kit.plugins import load_plugins
from goldsmith.kit.yaml_lines import Keys, Lines, read_yaml
from goldsmith.refine import readers, sinks, stages
from goldsmith.refine.model import Source, Stage
from goldsmith.refine.sinks import Sink

FORMAT = 1
"""The version of the recipe format that this code reads."""

REQUIRED = ("goldsmith", "name", "source", "stages")
OWN = (*REQUIRED, "sinks", "title")
OTHERS = ("project", "models", "release")
"""Sections that a recipe may have for what comes after refining; they are handed on as they are."""

FIRST_STAGE = "decode"

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_AT = re.compile(r" - at `\$\.?(.*)`\Z")
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`\Z")
_NO_CHOICE = re.compile(r"Invalid enum value '(.*)'")
_MISSING = re.compile(r"Object missing required field `(.*)`\Z")

Plugin = TypeVar("Plugin", Source, Stage, Sink)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A recipe that was read and found good.

    Attributes:
        name: a short name for folders and addresses.
        title: the name for people.
        sources: where documents come from, in order.
        stages: what happens to them, in order.
        sinks: the forms in which kept documents are written beside Parquet.
        extra: the other sections as plain values, such as `project`; whoever needs them reads them.
        origin: what errors call the recipe.
        text: the recipe as it was written.
        sha256: the SHA-256 of that text in UTF-8.
    """

    name: str
    title: str
    sources: tuple[Source, ...]
    stages: tuple[Stage, ...]
    sinks: tuple[Sink, ...]
    extra: Mapping[str, object]
    origin: str
    text: str
    sha256: str
    lines: Lines

    def line_of(self, *path: str | int) -> int:
        """The line, from 1, of a value such as `("project", "schema", "questions", 0)`."""
        return self.lines.line_of(*path)

    def error(self, problem: str, *path: str | int) -> RecipeError:
        """An error about the value at `path`, which names the recipe and the line."""
        return RecipeError(f"{self.origin}:{self.line_of(*path)}: {problem}")


@functools.cache
def stage_types() -> Mapping[str, type[Stage]]:
    """All stages that recipes can name."""
    return cast("Mapping[str, type[Stage]]", load_plugins(stages, "goldsmith.stage"))


@functools.cache
def source_types() -> Mapping[str, type[Source]]:
    """All kinds of source that recipes can name."""
    return cast("Mapping[str, type[Source]]", load_plugins(readers, "goldsmith.reader"))


@functools.cache
def sink_types() -> Mapping[str, type[Sink]]:
    """All forms of kept documents that recipes can name."""
    return cast("Mapping[str, type[Sink]]", load_plugins(sinks, "goldsmith.sink"))


def load_recipe(text: str, *, origin: str) -> Recipe:
    """The recipe in `text`, with every name and parameter checked.

    Args:
        text: YAML.
        origin: what errors call the recipe, such as its file's name.

    Raises:
        RecipeError: it is no YAML or no recipe; the message names the line and the nearest name that is known.
    """
    lines = read_yaml(text, origin=origin)
    reader = _Reader(lines, origin)
    top = reader.sections()
    recipe_name = reader.name(top["name"])
    title = top.get("title", recipe_name)
    if not isinstance(title, str) or not title.strip():
        raise reader.error("`title` has to be a text", "title")
    return Recipe(
        name=recipe_name,
        title=title.strip(),
        sources=reader.sources(top["source"]),
        stages=reader.stages(top["stages"]),
        sinks=reader.sinks(top["sinks"]) if "sinks" in top else (),
        extra={key: value for key, value in top.items() if key in OTHERS},
        origin=origin,
        text=text,
        sha256=sha256_hex(text.encode()),
        lines=lines,
    )


def with_sinks(recipe: Recipe, names: Sequence[str]) -> Recipe:
    """The recipe with the sinks of these names, as if it had been written so.

    Raises:
        RecipeError: there is no such sink, or the recipe names sinks of its own.
    """
    if not names:
        return recipe
    if recipe.sinks:
        raise recipe.error("the recipe names its sinks itself; add yours there.", "sinks")
    added = msgspec.json.encode(names).decode()  # a JSON text is a YAML text
    return load_recipe(f"{recipe.text.rstrip()}\nsinks: {added}\n", origin=recipe.origin)


class _Reader:
    """Checks the values of one recipe."""

    __slots__ = ("_lines", "_origin")

    def __init__(self, lines: Lines, origin: str) -> None:
        self._lines = lines
        self._origin = origin

    def error(self, problem: str, *path: str | int) -> RecipeError:
        end = "" if problem.endswith((".", "?")) else "."
        return RecipeError(f"{self._origin}:{self._lines.line_of(*path)}: {problem}{end}")

    def sections(self) -> Mapping[str, object]:
        if not isinstance(self._lines.value, dict):
            raise self.error(f"a recipe is a mapping with the sections {', '.join(REQUIRED)}")
        top = cast("dict[str, object]", self._lines.value)
        for key in top:
            if key not in OWN + OTHERS:
                raise self.error(f"unknown section {key!r}; {nearest(key, OWN + OTHERS)}", key)
        missing = [key for key in REQUIRED if key not in top]
        if missing:
            raise RecipeError(f"{self._origin}: the section {missing[0]!r} is missing.")
        if top["goldsmith"] != FORMAT or isinstance(top["goldsmith"], bool):
            raise self.error(f"`goldsmith` has to be {FORMAT}, the version of the recipe format", "goldsmith")
        return top

    def name(self, value: object) -> str:
        if not isinstance(value, str) or _NAME.fullmatch(value) is None:
            raise self.error("`name` has to be 1 to 64 lower-case letters, digits and dashes", "name")
        return value

    def sources(self, value: object) -> tuple[Source, ...]:
        found: list[Source] = []
        for place, entry in enumerate(self._list(value, "source")):
            if not isinstance(entry, dict) or "kind" not in entry:
                raise self.error("a source is a mapping with its `kind`", "source", place)
            parameters = cast("dict[str, object]", entry)
            kind = parameters["kind"]
            known = source_types()
            if not isinstance(kind, str) or kind not in known:
                raise self.error(f"unknown source {kind!r}; {nearest(str(kind), known)}", "source", place, "kind")
            rest = {key: each for key, each in parameters.items() if key != "kind"}
            found.append(self._build(known[kind], rest, kind, ("source", place)))
        return tuple(found)

    def stages(self, value: object) -> tuple[Stage, ...]:
        found: list[Stage] = []
        for place, entry in enumerate(self._list(value, "stages")):
            name, parameters = self._named(entry, "stages", place)
            known = stage_types()
            if name not in known:
                raise self.error(f"unknown stage {name!r}; {nearest(name, known)}", "stages", place)
            if (name == FIRST_STAGE) != (place == 0):
                raise self.error(f"the first stage, and only the first, has to be {FIRST_STAGE!r}", "stages", place)
            found.append(self._build(known[name], parameters, name, ("stages", place, name)))
        return tuple(found)

    def sinks(self, value: object) -> tuple[Sink, ...]:
        found: dict[str, Sink] = {}
        for place, entry in enumerate(self._list(value, "sinks")):
            name, parameters = self._named(entry, "sinks", place)
            known = sink_types()
            if name not in known:
                raise self.error(f"unknown sink {name!r}; {nearest(name, known)}", "sinks", place)
            if name in found:
                raise self.error(f"the sink {name!r} stands twice", "sinks", place)
            found[name] = self._build(known[name], parameters, name, ("sinks", place, name))
        return tuple(found.values())

    def _named(self, entry: object, section: str, place: int) -> tuple[str, Mapping[str, object]]:
        if isinstance(entry, str):
            return entry, {}
        if isinstance(entry, dict) and len(cast("dict[str, object]", entry)) == 1:
            (name, parameters), *_ = cast("dict[str, object]", entry).items()
            if parameters is None or isinstance(parameters, dict):
                return name, cast("dict[str, object]", parameters or {})
            raise self.error(f"the parameters of {name!r} have to be a mapping", section, place, name)
        one = section.removesuffix("s")
        raise self.error(f"a {one} is written `- name: {{parameter: value}}`", section, place)

    def _list(self, value: object, section: str) -> list[object]:
        if not isinstance(value, list) or not value:
            raise self.error(f"`{section}` has to be a list with at least one entry", section)
        return cast("list[object]", value)

    def _build(self, plugin: type[Plugin], parameters: Mapping[str, object], name: str, path: Keys) -> Plugin:
        try:
            return msgspec.convert(parameters, plugin)
        except msgspec.ValidationError as error:
            raise self._explained(str(error), plugin, name, path) from error

    def _explained(self, problem: str, plugin: type[Plugin], name: str, path: Keys) -> RecipeError:
        known = plugin.__struct_fields__
        if unknown := _UNKNOWN.match(problem):
            hint = nearest(unknown[1], known)
            return self.error(f"{name!r} has no parameter {unknown[1]!r}; {hint}", *path, unknown[1])
        if missing := _MISSING.match(problem):
            return self.error(f"{name!r} needs the parameter {missing[1]!r}", *path)
        where = _AT.search(problem)
        keys = re.findall(r"[^.\[\]]+", where[1]) if where else []
        parameter = f" {'.'.join(keys)!r}" if keys else ""
        said = _AT.sub("", problem)
        if keys and (chosen := _NO_CHOICE.match(said)):
            hint = nearest(chosen[1], _choices(plugin, keys[0]))
            return self.error(f"{name!r}: {keys[0]!r} cannot be {chosen[1]!r}; {hint}", *path, keys[0])
        inside: Keys = tuple(int(key) if key.isdigit() else key for key in keys)
        return self.error(
            f"{name!r}: parameter{parameter}: {said[:1].lower()}{said[1:]}" if keys else f"{name!r}: {said}",
            *path,
            *inside,
        )


def _choices(plugin: type[msgspec.Struct], field: str) -> list[str]:
    """What a parameter, or each entry of one that is a list, can be."""
    (kind,) = multi_type_info([plugin])
    given = next(each.type for each in cast("StructType", kind).fields if each.name == field)
    entry = getattr(given, "item_type", given)
    return [str(value) for value in getattr(entry, "values", ())]
