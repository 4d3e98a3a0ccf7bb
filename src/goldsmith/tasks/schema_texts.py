"""Schemas as people write them: YAML, with the line of what is wrong."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

import msgspec

from goldsmith.errors import RecipeError, SchemaError
from goldsmith.kit.yaml_lines import Keys, read_yaml
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


def verdict_on_values(raw: dict[str, Any]) -> SchemaVerdict:  # Any: see SchemaVerdict
    """The values as text, and whether they are a schema."""
    text = schema_text(raw)
    fault = _fault(raw)
    if fault is None:
        return SchemaVerdict(text=text, schema=raw)
    return SchemaVerdict(text=text, schema=raw, fault=fault.what, place=fault.place, line=_line_in(text, fault.place))


def verdict_on_text(text: str) -> SchemaVerdict:
    """What a YAML or JSON text says, and whether that is a schema."""
    try:
        value = _value(text)
    except RecipeError as error:
        found = _LINED.fullmatch(str(error))
        line, what = (int(found["line"]), found["what"]) if found else (1, str(error))
        return SchemaVerdict(text=text, schema=None, fault=what, line=line)
    fault = _fault(value)
    values = cast("dict[str, Any]", value) if isinstance(value, dict) else None
    if fault is None:
        return SchemaVerdict(text=text, schema=values)
    return SchemaVerdict(
        text=text, schema=values, fault=fault.what, place=fault.place, line=_line_in(text, fault.place)
    )


class _Fault(NamedTuple):
    place: str
    what: str


def _value(text: str) -> object:
    """JSON is read as such: a tree of options can be larger than what is read as YAML."""
    if text.lstrip().startswith("{"):
        try:
            return msgspec.json.decode(text)
        except msgspec.DecodeError:
            pass  # YAML may begin with a brace too, and its errors name the line
    return read_yaml(text, origin="schema").value


def _fault(value: object) -> _Fault | None:
    try:
        _ = parse_schema(value)
    except SchemaError as error:
        found = _PLACED.fullmatch(str(error))
        return _Fault(found["place"], found["what"]) if found else _Fault("$", str(error))
    return None


def _line_in(text: str, place: str) -> int | None:
    """The line of a place; None where the text is too large to be read with its lines."""
    try:
        read = read_yaml(text, origin="schema")
    except RecipeError:
        return None
    keys: Keys = tuple(found["name"] or int(found["place"]) for found in _KEY.finditer(place))
    return read.line_of(*keys)
