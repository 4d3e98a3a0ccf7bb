"""docs/settings.md: every setting with its variable, default and meaning."""

import typing
from pathlib import Path

import msgspec

from goldsmith.settings import Settings, variable_of
from tools.pages.markdown import page, table

INTRODUCTION = """\
Goldsmith reads its settings once, when it starts, from variables of the environment. An unknown `GOLDSMITH_*` name
stops the start and names the closest known one. No setting is needed: the defaults serve one machine safely. Options of
a command, such as `--home` and `--port`, go before the variables."""

HEADING = ("variable", "value", "default", "what it sets")


def render() -> str:
    """The page."""
    fields = msgspec.structs.fields(Settings)
    rows = [
        (f"`{variable_of(field.name)}`", _values(field.type), _default(field.default), _description(field.type))
        for field in fields
    ]
    return page("Settings", INTRODUCTION, table(HEADING, rows))


def _values(kind: object) -> str:
    schema = msgspec.json.schema(str if _is_path(kind) else kind)
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "anyOf" in schema:
        schema = next(choice for choice in schema["anyOf"] if choice.get("type") != "null")
    match schema["type"]:
        case "integer":
            return f"a whole number from {schema.get('minimum')} to {schema.get('maximum')}"
        case "array":
            return "texts, separated by commas"
        case _:
            return "a path" if _is_path(kind) else "a text"


def _default(value: object) -> str:
    if value is None or value == ():
        return "not set"
    return f"`{value}`"


def _description(kind: object) -> str:
    notes = [note for note in typing.get_args(kind) if isinstance(note, msgspec.Meta)]
    return " ".join(note.description for note in notes if note.description)


def _plain(kind: object) -> object:
    return typing.get_args(kind)[0] if typing.get_origin(kind) is typing.Annotated else kind


def _is_path(kind: object) -> bool:
    return _plain(kind) in {Path, Path | None}
