"""docs/plugins.md: every plugin of every kind with its parameters."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

from goldsmith.models import model as models
from goldsmith.quality import consensus
from goldsmith.refine import recipe
from goldsmith.releases import exports
from goldsmith.tasks import schemas
from tools.pages.markdown import attributes_of, one_line, page, summary_of, table

INTRODUCTION = """\
A plugin is one file that ends in `plugin = TheClass`. It is found by its place in the source tree, or, in a package of
your own, by an entry point of the group named here. Its fields are its parameters. Each kind has *laws*: property tests
in `tests/laws` that run on every plugin of the kind. A plugin that does not load stops the start."""

HEADING = ("parameter", "value", "default", "meaning")


class Kind(NamedTuple):
    """One kind of plugin."""

    title: str
    folder: str
    group: str
    plugins: Callable[[], Mapping[str, type]]


KINDS = (
    Kind("Question types", "tasks/types", schemas.GROUP, schemas.question_types),
    Kind("Readers", "refine/readers", "goldsmith.reader", recipe.source_types),
    Kind("Stages", "refine/stages", "goldsmith.stage", recipe.stage_types),
    Kind("Sinks", "refine/sinks", "goldsmith.sink", recipe.sink_types),
    Kind("Aggregators", "quality/aggregators", consensus.GROUP, consensus.aggregators),
    Kind("Model annotators", "models/annotators", models.GROUP, models.model_annotators),
    Kind("Exporters", "releases/exporters", exports.GROUP, exports.exporters),
)


def render() -> str:
    """The page."""
    return page("Plugins", INTRODUCTION, *map(_kind, KINDS))


def own_plugins(kind: Kind) -> dict[str, type]:
    """The plugins that Goldsmith itself brings, by name."""
    return {name: plugin for name, plugin in kind.plugins().items() if plugin.__module__.startswith("goldsmith.")}


def _kind(kind: Kind) -> str:
    where = f"In `src/goldsmith/{kind.folder}/`; entry-point group `{kind.group}`."
    parts = [f"## {kind.title}", where, *(_plugin(name, plugin) for name, plugin in own_plugins(kind).items())]
    return "\n\n".join(parts)


def _plugin(name: str, plugin: type) -> str:
    parts = [f"### `{name}`", summary_of(plugin)]
    _, found = msgspec.json.schema_components([plugin], ref_template="{name}")
    components: dict[str, dict[str, Any]] = {name.split(".")[-1]: schema for name, schema in found.items()}
    own = components.pop(plugin.__name__)
    if rows := _parameters(plugin, own["properties"]):
        parts.append(table(HEADING, rows).strip())
    questions = {one.__name__ for one in schemas.question_types().values()}
    parts += [_component(other, schema) for other, schema in components.items() if other not in questions]
    return "\n\n".join(parts)


def _parameters(plugin: type, properties: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, str, str, str]]:
    meanings = attributes_of(plugin)
    fields = {field.encode_name: field for field in msgspec.structs.fields(plugin)}
    return [
        (f"`{name}`", _value(properties[name]), _default(field), meanings.get(field.name, ""))
        for name, field in fields.items()
    ]


def _component(name: str, schema: Mapping[str, Any]) -> str:
    required = schema.get("required", [])
    fields = [f"`{field}`" + ("" if field in required else " (optional)") for field in schema.get("properties", {})]
    return f"Each {name} has {', '.join(fields)}."


def _value(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).split(".")[-1]
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(_value(choice) for choice in schema["anyOf"])
    if "prefixItems" in schema:
        return f"list ({', '.join(_value(part) for part in schema['prefixItems'])})"
    if schema.get("type") == "array":
        return f"list of {_value(schema.get('items', {})) or 'anything'}"
    bounds = [f"{sign} {schema[key]}" for key, sign in _BOUNDS.items() if key in schema]
    return " ".join([str(schema.get("type", "anything")), *bounds])


_BOUNDS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return "required"
    if field.default is not msgspec.NODEFAULT:
        return f"`{one_line(msgspec.json.encode(field.default).decode())}`"
    factory: Callable[[], object] = field.default_factory
    return f"`{msgspec.json.encode(factory()).decode()}`"
