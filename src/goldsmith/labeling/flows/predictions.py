"""Predictions that an import brings along: a column with a model's answers, which become annotations of that model."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from goldsmith.errors import GoldsmithError, InputError, RowError
from goldsmith.labeling.flows.annotations import Author, ModelAnswer, check_partial, submit_models
from goldsmith.labeling.handover import ImportRow
from goldsmith.labeling.model import Annotator, LoadedProject, check_project_name
from goldsmith.labeling.store import items, known_answers
from goldsmith.labeling.wire import Rejected
from goldsmith.labeling.workbench import Workbench
from goldsmith.store.units import UnitOfWork

_CHUNK = 500
_MOST_SHOWN = 100


class PredictionSource(NamedTuple):
    """Which column holds predictions, and of which model in which version they are."""

    column: str
    name: str
    version: str


class Predictions:
    """Takes predictions out of rows that are imported, and stores them once their items are there."""

    def __init__(self, bench: Workbench, project: LoadedProject, source: PredictionSource, *, actor: str) -> None:
        """Prepare to take predictions from a column.

        Raises:
            InputError: the name or the version of the model is empty, too long, or holds control characters.
        """
        self._bench, self._project, self._actor = bench, project, actor
        self._column = source.column
        try:
            name, version = check_project_name(source.name), check_project_name(source.version)
        except InputError as error:
            raise InputError(f"The predictions need the name and the version of a model: {error}") from error
        self._annotator = Annotator(kind="model", name=name, version=version)
        self._waiting: dict[int, object] = {}
        self.n_stored = 0
        self.rejected: list[Rejected] = []

    def taken_from(self, rows: Iterable[ImportRow]) -> Iterator[ImportRow]:
        """The rows without their predictions: who answers must not find them in the item."""
        for row in rows:
            if self._column in row.payload:
                payload = dict(row.payload)
                self._waiting[row.line] = payload.pop(self._column)
                yield msgspec.structs.replace(row, payload=payload)
            else:
                yield row

    def store(self, lines: Iterable[tuple[int, str]]) -> None:
        """Store the predictions of rows that have been imported, by their lines and the ids of their items."""
        found = [(line, name, self._waiting.pop(line)) for line, name in lines if line in self._waiting]
        self._waiting.clear()  # what is left belongs to rows that were refused
        for start in range(0, len(found), _CHUNK):
            part = found[start : start + _CHUNK]
            self.n_stored += self._bench.vault.database.write(lambda unit, of=part: self._store(unit, of))

    def _store(self, unit: UnitOfWork, part: list[tuple[int, str, object]]) -> int:
        connection = unit.connection
        ids = known_answers.items_by_external_id(connection, self._project.id, [name for _, name, _ in part])
        payloads = {
            row["item_id"]: row["payload"] for row in items.payloads(connection, self._project.id, [*ids.values()])
        }
        given: dict[str, ModelAnswer] = {}
        for line, name, value in part:
            item_id = ids.get(name)
            if item_id is None or value is None or value == "":
                continue
            payload = msgspec.json.decode(payloads[item_id], type=dict[str, Any])
            try:
                answers = check_partial(self._project.schema, _object(value), payload)
                given[item_id] = ModelAnswer(item_id=item_id, answers=answers, payload=payload)
            except GoldsmithError as error:
                if len(self.rejected) < _MOST_SHOWN:
                    self.rejected.append(Rejected(line=line, reason=f"its prediction was left out: {error}"))
        annotator_id = self._bench.annotator_id(connection, self._annotator, unit.now)
        author = Author(actor=self._actor, annotator_id=annotator_id)
        return submit_models(
            unit, self._bench, self._project, author=author, annotator=self._annotator, given=given.values()
        )


def _object(value: object) -> dict[str, Any]:
    """The answers by question; a cell of a table holds them as JSON."""
    try:
        return (
            msgspec.json.decode(value, type=dict[str, Any])
            if isinstance(value, str)
            else msgspec.convert(value, dict[str, Any])
        )
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise RowError('it has to be an object such as {"question": "answer"}.') from error
