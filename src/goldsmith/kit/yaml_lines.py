"""Reads YAML as plain values that remember their lines, so that an error can point at the one that is wrong."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

import yaml

from goldsmith.errors import RecipeError

Keys = tuple[str | int, ...]

MAX_CHARACTERS = 1 << 20
MAX_VALUES = 50_000
"""Values after aliases are followed: a few nested aliases could otherwise stand for billions of values."""

_TAG = "tag:yaml.org,2002:"
_PLAIN = {"str", "int", "float", "bool", "null", "map", "seq"}
_SCALARS = {
    "bool": ("tTfF", r"true|True|TRUE|false|False|FALSE"),
    "null": ("~nN", r"~|null|Null|NULL|"),
    "int": ("-+0123456789", r"[-+]?[0-9]+"),
    "float": ("-+.0123456789", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Plain values (dict, list, str, int, float, bool, None) and the line on which each of them begins."""

    value: object
    lines: Mapping[Keys, int]

    def line_of(self, *path: str | int) -> int:
        """The line, from 1, of the value at `path`; of the nearest value around it when there is none."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return self.lines[()]


class _Loader(yaml.SafeLoader):
    """Knows the scalars of YAML 1.2 only: `no` is a word (and a language), `12:30` a text, and dates are texts."""

    yaml_implicit_resolvers = {  # noqa: RUF012  # the parser looks for this name, by the first character of a scalar
        character: [
            (_TAG + name, re.compile(rf"(?:{pattern})\Z"))
            for name, (first, pattern) in _SCALARS.items()
            if character in first
        ]
        for character in ("", *"~-+.0123456789tTfFnN")
    }


def read_yaml(text: str, *, origin: str) -> Lines:
    """The values of a YAML text with their lines.

    Args:
        text: the YAML text, one document of at most 1 MiB.
        origin: what errors call it, such as the file's name.

    Raises:
        RecipeError: it is no YAML, empty or too large, or it holds a tag that makes objects, a key twice or an alias
            that contains itself.
    """
    if len(text) > MAX_CHARACTERS:
        raise RecipeError(f"{origin} has {len(text):,} characters; a recipe has at most {MAX_CHARACTERS:,}.")
    try:
        root = cast("yaml.Node | None", yaml.compose(text, Loader=_Loader))  # pyright: ignore[reportUnknownMemberType]
        if root is None:
            raise RecipeError(f"{origin} is empty.")
        lines: dict[Keys, int] = {}
        return Lines(value=_Builder(origin, lines).build(root, ()), lines=lines)
    except yaml.YAMLError as error:
        raise RecipeError(_explain(error, origin)) from error
    except RecursionError as error:
        raise RecipeError(f"{origin} is nested too deeply to be read.") from error


def _explain(error: yaml.YAMLError, origin: str) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"{origin}:{error.problem_mark.line + 1}: this is not YAML: {error.problem or error.context}."
    return f"{origin} is not YAML: {' '.join(str(error).split())}."


class _Builder:
    """Turns composed nodes into values, and notes the line of each."""

    __slots__ = ("_above", "_lines", "_origin")

    def __init__(self, origin: str, lines: dict[Keys, int]) -> None:
        self._origin = origin
        self._lines = lines
        self._above: list[yaml.Node] = []

    def build(self, node: yaml.Node, path: Keys) -> object:
        if any(node is above for above in self._above):
            raise self._error(node, "an alias stands inside the value that it stands for")
        if len(self._lines) >= MAX_VALUES:
            raise self._error(node, f"more than {MAX_VALUES:,} values once its aliases are followed")
        tag = node.tag.removeprefix(_TAG)
        if tag not in _PLAIN:
            raise self._error(node, f"the tag {node.tag.replace(_TAG, '!!')!r} makes objects; write plain values")
        self._lines[path] = node.start_mark.line + 1
        self._above.append(node)
        try:
            if isinstance(node, yaml.MappingNode):
                return {key: self.build(value, (*path, key)) for key, value in self._pairs(node)}
            if isinstance(node, yaml.SequenceNode):
                return [self.build(value, (*path, place)) for place, value in enumerate(node.value)]
            return self._scalar(tag, cast("yaml.ScalarNode", node))
        finally:
            del self._above[-1]

    def _pairs(self, node: yaml.MappingNode) -> Iterator[tuple[str, yaml.Node]]:
        seen: set[str] = set()
        for key, value in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
            if not isinstance(key, yaml.ScalarNode):
                raise self._error(key, "a key has to be a word")
            name = cast("str", key.value)
            if name in seen:
                raise self._error(key, f"the key {name!r} stands twice")
            seen.add(name)
            yield name, value

    def _scalar(self, tag: str, node: yaml.ScalarNode) -> object:
        text = cast("str", node.value)
        try:
            match tag:
                case "null":
                    return None
                case "bool":
                    return text.lower() == "true"
                case "int":
                    return int(text)
                case "float":
                    return float(text)
                case _:
                    return text
        except ValueError as error:
            raise self._error(node, f"{text[:40]!r} is not what its tag !!{tag} says") from error

    def _error(self, node: yaml.Node, problem: str) -> RecipeError:
        return RecipeError(f"{self._origin}:{node.start_mark.line + 1}: {problem}.")
