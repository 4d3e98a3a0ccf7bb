"""Schemas as people write them: YAML, with the line of what is wrong."""

import re
from collections.abc import Mapping
from typing import Any, cast

import msgspec

from goldsmith.errors import RecipeError, SchemaError
from goldsmith.kit.yaml_lines import Keys, Lines, read_yaml
from goldsmith.tasks.schemas import parse_schema

_PLACED = re.compile(r"(?P<place>\$[^:\s]*): (?P<what>.*)", re.DOTALL)
_KEY = re.compile(r"\.(?P<name>\w+)|\[(?P<place>\d+)\]")
_LINED = re.compile(r"schema:(?P<line>\d+): (?P<what>.*)", re.DOTALL)


class SchemaVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """A schema as text and as values, and what is wrong with it.

    Attributes:
        text: the schema in YAML.
        schema: the values of the text, whether they make a schema or not; None where it is no YAML, or no mapping.
        fault: what is wrong; None for a schema that can be used.
        place: where that is, such as `$.questions[1].options`.
        line: the line of the text where that is, from 1.
    """

    text: str
    schema: dict[str, Any] | None  # Any: the user's own values, which need not make a schema
    fault: str | None = None
    place: str | None = None
    line: int | None = None


def schema_text(raw: Mapping[str, object]) -> str:
    """The YAML of a schema's values, whether they make a schema or not."""
    return msgspec.yaml.encode(dict(raw)).decode()


def schema_verdict(text: str) -> SchemaVerdict:
    """What a YAML (or JSON) text says, and whether that is a schema."""
    try:
        read = read_yaml(text, origin="schema")
    except RecipeError as error:
        found = _LINED.fullmatch(str(error))
        line, what = (int(found["line"]), found["what"]) if found else (1, str(error))
        return SchemaVerdict(text=text, schema=None, fault=what, line=line)
    values = cast("dict[str, Any]", read.value) if isinstance(read.value, dict) else None
    try:
        _ = parse_schema(values if values is not None else cast("object", read.value))
    except SchemaError as error:
        found = _PLACED.fullmatch(str(error))
        place, what = (found["place"], found["what"]) if found else ("$", str(error))
        return SchemaVerdict(text=text, schema=values, fault=what, place=place, line=_line(read, place))
    return SchemaVerdict(text=text, schema=values)


def _line(read: Lines, place: str) -> int:
    keys: Keys = tuple(found["name"] or int(found["place"]) for found in _KEY.finditer(place))
    return read.line_of(*keys)
