"""What programs hand over as a recipe and as documents, whatever form it has."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from os import PathLike, fspath
from pathlib import Path
from typing import Any, NamedTuple, cast

import msgspec
import yaml

from goldsmith.errors import InputError
from goldsmith.kit.yaml_lines import read_yaml
from goldsmith.refine.model import Stage
from goldsmith.refine.presets import preset_names, preset_text
from goldsmith.refine.recipe import FIRST_STAGE, FORMAT, Recipe, load_recipe
from goldsmith.refine.stores import scheme_of

GivenRecipe = Recipe | str | PathLike[str] | Mapping[str, object] | Sequence[object]
"""A recipe, its text or path, the name of a preset, its values, or only its stages."""

ROWS: Mapping[str, object] = {"kind": "rows"}
"""A source of rows that a program hands over."""

_NAME = "refined"


class Documents(NamedTuple):
    """Documents that a program hands over: the source that reads them, and the rows, if they are rows."""

    source: Mapping[str, object]
    rows: Iterator[Mapping[str, object]] | None


def recipe_of(given: GivenRecipe, source: Mapping[str, object] | None) -> Recipe:
    """The recipe, with another source if one is given.

    Raises:
        InputError: it is none of what a recipe can be, or it has no source.
        RecipeError: it is no recipe.
    """
    if isinstance(given, Recipe):
        return given if source is None else _with_source(given.text, given.origin, source)
    if isinstance(given, Mapping):
        values = {"goldsmith": FORMAT, "name": _NAME, **given}
        return _loaded(values, "the recipe", source)
    if not isinstance(given, str | PathLike):
        return _loaded({"goldsmith": FORMAT, "name": _NAME, "stages": _stages(given)}, "the recipe", source)
    text, origin = _text(given)
    return load_recipe(text, origin=origin) if source is None else _with_source(text, origin, source)


def base_of(given: GivenRecipe) -> Path:
    """The folder where the relative paths of a recipe start: its own, or the current one."""
    is_file = isinstance(given, PathLike) or (isinstance(given, str) and not _is_text(given))
    return Path(fspath(cast("str", given))).absolute().parent if is_file else Path.cwd()


def documents_of(given: object, *, text_field: str, id_field: str) -> Documents:
    """The source of documents that are a path, paths, rows, or a table of Arrow or of a library that speaks it.

    Raises:
        InputError: it is none of these.
    """
    fields = {"text_field": text_field, "id_field": id_field}
    if isinstance(given, str | PathLike):
        return Documents(_files([cast("str", given)], fields), None)
    table = _batches(given)
    if table is not None:
        return Documents({**ROWS, **fields}, _rows(table, text_field, id_field))
    if not isinstance(given, Iterable) or isinstance(given, Mapping | bytes):
        kinds = "a folder, paths, rows as mappings, or a table of Arrow"
        raise InputError(f"documents cannot be {type(cast('object', given)).__name__}; give {kinds}.")
    entries = iter(cast("Iterable[object]", given))
    first = next(entries, None)
    if isinstance(first, str | PathLike):
        return Documents(_files([cast("str", first), *cast("Iterator[str]", entries)], fields), None)
    if first is not None and not isinstance(first, Mapping):
        raise InputError(f"a row has to be a mapping of names to values, not {type(first).__name__}.")
    rows = entries if first is None else itertools.chain([cast("object", first)], entries)
    return Documents({**ROWS, **fields}, cast("Iterator[Mapping[str, object]]", rows))


def _text(given: str | PathLike[str]) -> tuple[str, str]:
    if isinstance(given, str) and _is_text(given):
        return given, "the recipe"
    if given in preset_names():
        return preset_text(str(given)), f"{given}.yaml"
    path = Path(given)
    try:
        return path.read_text(encoding="utf-8"), str(path)
    except (OSError, UnicodeDecodeError) as error:
        known = ", ".join(preset_names())
        problem = f"the recipe {path} cannot be read: {error}."
        raise InputError(problem, hint=f"Give a path, a text, stages, or a preset: {known}.") from error


def _is_text(given: str) -> bool:
    return "\n" in given


def _with_source(text: str, origin: str, source: Mapping[str, object]) -> Recipe:
    values = read_yaml(text, origin=origin).value
    if not isinstance(values, dict):
        return load_recipe(text, origin=origin)  # which says what is wrong
    return _loaded(cast("dict[str, object]", values), origin, source)


def _loaded(values: Mapping[str, object], origin: str, source: Mapping[str, object] | None) -> Recipe:
    if source is None and "source" not in values:
        raise InputError(f"{origin} has no source.", hint="Hand over documents, or name a source.")
    sources = {} if source is None else {"source": [dict(source)]}
    plain: object = msgspec.to_builtins({**values, **sources}, str_keys=True)
    return load_recipe(yaml.safe_dump(plain, sort_keys=False, allow_unicode=True), origin=origin)


def _stages(given: Iterable[object]) -> list[object]:
    """Stages as recipes write them, the first of which decodes."""
    stages: list[object] = [
        {stage.name: msgspec.to_builtins(stage)} if isinstance(stage, Stage) else stage for stage in given
    ]
    names = [next(iter(cast("dict[str, object]", stage)), "") if isinstance(stage, dict) else stage for stage in stages]
    return stages if names[:1] == [FIRST_STAGE] else [FIRST_STAGE, *stages]


def _files(paths: Iterable[str | PathLike[str]], fields: Mapping[str, object]) -> Mapping[str, object]:
    texts = [fspath(path) for path in paths]
    absolute = [text if scheme_of(text) else str(Path(text).expanduser().absolute()) for text in texts]
    return {"kind": "files", "paths": absolute, **fields}


def _batches(given: object) -> Iterator[Any] | None:
    """The record batches of a table, dataset, reader, or of anything that hands over an Arrow stream."""
    arrow: Any = import_module("pyarrow")  # Any: it has no types
    if isinstance(given, arrow.RecordBatch):
        return iter([given])
    if isinstance(given, arrow.Table):
        return iter(cast("Any", given).to_batches())
    table: Any = given
    with suppress(ImportError):  # not every build of Arrow has data sets
        if isinstance(given, import_module("pyarrow.dataset").Dataset):
            return iter(table.to_batches())
    if hasattr(given, "__arrow_c_stream__"):
        return iter(arrow.RecordBatchReader.from_stream(given))
    return None


def _rows(batches: Iterator[Any], text_field: str, id_field: str) -> Iterator[Mapping[str, object]]:
    arrow_rows: Any = import_module("goldsmith.refine.arrow_rows")  # Any: loaded when it is needed
    for batch in batches:
        names = arrow_rows.useful_columns(batch.schema, text_field, id_field)
        yield from arrow_rows.rows_of(batch.select(names))
