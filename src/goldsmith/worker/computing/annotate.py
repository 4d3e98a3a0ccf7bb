"""Let model annotators answer items; each writes its answers into a file of its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from goldsmith.errors import InputError
from goldsmith.kit.nearest import nearest
from goldsmith.models.model import ModelAnnotator, ModelItem, model_annotators
from goldsmith.worker.computing.reports import Reporter
from goldsmith.worker.frames import read_frames, write_frames


class Parameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the task gets: the models (name to parameters), the items, and the folder to write into."""

    models: list[dict[str, dict[str, Any]]]
    items: str
    folder: str


class Answered(msgspec.Struct, frozen=True, array_like=True):
    """A model's answers to one item."""

    item_id: str
    answers: dict[str, Any]


class _Items:
    """The items of a file, read anew at each pass."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __iter__(self) -> Iterator[ModelItem]:
        return read_frames(self._path, ModelItem)


class _Made(NamedTuple):
    """What one model wrote: under which version, where, and how many answers."""

    version: str
    path: Path
    n: int


def run(parameters: dict[str, Any], reporter: Reporter) -> dict[str, Any]:
    """Write one file for each model; for each its name, version, file, and how many items it answered.

    A model that stands twice in the list, such as for two questions, is one annotator: its answers are put together.
    """
    given = msgspec.convert(parameters, Parameters)
    items = _Items(Path(given.items))
    models = [parse_model(entry) for entry in given.models]
    made: dict[str, list[_Made]] = {}
    for i, model in enumerate(models):
        reporter.report(i, len(models), f"{model.name} is answering")
        fitted = model.fit(items)
        path = Path(given.folder) / f"answers-{i}.frames"
        n = write_frames(path, _answers(fitted, items))
        made.setdefault(fitted.name, []).append(_Made(fitted.version, path, n))
    return {"models": [_as_one(name, parts, items) for name, parts in made.items()]}


def parse_model(entry: dict[str, dict[str, Any]]) -> ModelAnnotator:
    """The model annotator that an entry such as `{"licence-keywords": {"question": "licence"}}` describes.

    Raises:
        InputError: the entry has not exactly one name, the name is unknown, or a parameter does not fit.
    """
    if len(entry) != 1:
        raise InputError(f"A model is one name with its parameters, not {sorted(entry)}.")
    ((name, values),) = entry.items()
    known = model_annotators()
    if name not in known:
        raise InputError(f"There is no model annotator {name!r}; {nearest(name, known)}")
    try:
        return msgspec.convert(values or {}, known[name])
    except msgspec.ValidationError as error:
        raise InputError(f"Model annotator {name!r}: {error}") from error


def _as_one(name: str, parts: list[_Made], items: _Items) -> dict[str, Any]:
    first, *others = parts
    if not others:
        return {"name": name, "version": first.version, "path": str(first.path), "n": first.n}
    path = first.path.with_suffix(".joined")
    n = write_frames(path, _joined(parts, items))
    version = "+".join([first.version, *(other.version.rpartition("-")[2] for other in others)])
    return {"name": name, "version": version, "path": str(path), "n": n}


def _joined(parts: list[_Made], items: _Items) -> Iterator[Answered]:
    """The answers of several files item by item; each file holds some of the items, in their order."""
    readers = [read_frames(part.path, Answered) for part in parts]
    heads = [next(reader, None) for reader in readers]
    for item in items:
        answers: dict[str, Any] = {}
        for i, reader in enumerate(readers):
            head = heads[i]
            if head is not None and head.item_id == item.id:
                answers |= head.answers
                heads[i] = next(reader, None)
        if answers:
            yield Answered(item.id, answers)


def _answers(model: ModelAnnotator, items: _Items) -> Iterator[Answered]:
    for item, predicted in zip(items, model.predict(items), strict=True):
        if predicted is not None:
            yield Answered(item.id, predicted.answers)
