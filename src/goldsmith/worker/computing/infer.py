"""Infer the consensus of every question of every item from the answers, and measure agreement."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from goldsmith.kit.digest import canonical_json
from goldsmith.labeling.handover import Answer, Inferred
from goldsmith.labeling.wire import MeasureRow
from goldsmith.quality.agreement import distance_agreement, krippendorff_alpha, percent_agreement
from goldsmith.quality.calibration import UNKNOWN, fit_calibration
from goldsmith.quality.choosing import suited_aggregator
from goldsmith.quality.measures import Measure
from goldsmith.quality.medoid import medoid
from goldsmith.quality.track_records import unchecked_at_most
from goldsmith.quality.votes import Votes
from goldsmith.tasks.questions import Question
from goldsmith.tasks.schemas import parse_schema
from goldsmith.worker.computing.reports import Reporter
from goldsmith.worker.frames import read_frames, write_frames

_SEED = 20_251_121
_N_RESAMPLES = 400
_MEDOID_METHOD = "nearest to the others"


class Parameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the task gets: the schema, the answers by item, where to write the consensus by item."""

    schema: dict[str, Any]
    answers: str
    inferred: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """The answers to one question: columns of equal length, sorted by item."""

    items: list[str]
    externals: list[str]
    annotators: list[str]
    values: list[object]


def run(parameters: dict[str, Any], reporter: Reporter) -> dict[str, Any]:
    """Write the consensus by item; the measures, and how often each annotator agrees with it."""
    given = msgspec.convert(parameters, Parameters)
    schema = parse_schema(given.schema)
    columns = _columns(Path(given.answers), [question.name for question in schema.questions])
    by_item: dict[str, list[Inferred]] = {}
    measures: list[MeasureRow] = []
    agreeing: dict[str, list[int]] = {}
    for i, question in enumerate(schema.questions):
        reporter.report(i, len(schema.questions), f"inferring {question.name}")
        column = columns[question.name]
        if not column.values:
            continue
        is_categorical = question.class_of(column.values[0]) is not None
        found = _infer_classes(question, column) if is_categorical else _infer_nearest(question, column)
        for one in found:
            by_item.setdefault(one.item_id, []).append(one)
        measures += _measures(question, column, is_categorical=is_categorical)
        if is_categorical:
            _count_agreement(agreeing, column, {one.item_id: one.value for one in found})
    n = write_frames(Path(given.inferred), (by_item[item] for item in sorted(by_item)))
    return {
        "n_items": n,
        "measured": {
            "measures": msgspec.to_builtins(measures),
            "agreement_of": {name: right / total for name, (right, total) in sorted(agreeing.items())},
        },
    }


def _columns(path: Path, questions: Sequence[str]) -> dict[str, _Given]:
    """The answers to each question by item and annotator; of an annotator's two answers to an item, the later one."""
    found = {name: _Given(items=[], externals=[], annotators=[], values=[]) for name in questions}
    last = {(row.external_id, row.annotator_id): row for row in read_frames(path, Answer)}
    for _, row in sorted(last.items()):
        for name, value in msgspec.json.decode(row.answers, type=dict[str, object]).items():
            if name in found:
                column = found[name]
                column.items.append(row.item_id)
                column.externals.append(row.external_id)
                column.annotators.append(row.annotator_id)
                column.values.append(value)
    return found


def _votes(question: Question, column: _Given) -> tuple[Votes, dict[str, str]]:
    """The votes of a question, named by external id so that ties fall alike in every home, and the item ids."""
    item_of = dict(zip(column.externals, column.items, strict=True))
    labels = [str(question.class_of(value)) for value in column.values]
    return Votes.from_columns(column.externals, column.annotators, labels), item_of


def _infer_classes(question: Question, column: _Given) -> list[Inferred]:
    votes, item_of = _votes(question, column)
    aggregator = suited_aggregator(votes, seed=_SEED)
    fitted = aggregator.fit(votes)
    usual = fit_calibration(fitted.posterior_, votes.n_answers, np.full(votes.n_tasks, UNKNOWN, np.int32))
    calibrated = usual.apply(fitted.posterior_, votes.n_answers)
    confidence = unchecked_at_most(calibrated[np.arange(votes.n_tasks), fitted.labels_], votes)
    counts = votes.counts()
    n_answers = votes.n_answers
    labels = [int(label) for label in fitted.labels_]
    return [
        Inferred(
            item_of[name],
            question.name,
            canonical_json(votes.classes[label]).decode(),
            None if np.isnan(confidence[i]) else round(float(confidence[i]), 6),
            float(counts[i, label] / n_answers[i]) if n_answers[i] > 1 else None,
            int(n_answers[i]),
            str(aggregator.__struct_config__.tag),
        )
        for i, (name, label) in enumerate(zip(votes.task_names, labels, strict=True))
    ]


def _infer_nearest(question: Question, column: _Given) -> list[Inferred]:
    found: list[Inferred] = []
    for item, answers in _groups(column):
        chosen = medoid(answers, question.distance)
        value = canonical_json(answers[chosen.index]).decode()
        found.append(Inferred(item, question.name, value, None, chosen.agreement, len(answers), _MEDOID_METHOD))
    return found


def _groups(column: _Given) -> Iterator[tuple[str, list[object]]]:
    start = 0
    for i in range(1, len(column.items) + 1):
        if i == len(column.items) or column.items[i] != column.items[start]:
            yield column.items[start], column.values[start:i]
            start = i


def _measures(question: Question, column: _Given, *, is_categorical: bool) -> list[MeasureRow]:
    rng = np.random.default_rng(_SEED)
    if not is_categorical:
        answers = [values for _, values in _groups(column)]
        return [_row(question, distance_agreement(answers, question.distance, rng=rng, n_resamples=_N_RESAMPLES))]
    counts = _votes(question, column)[0].counts()
    return [
        _row(question, krippendorff_alpha(counts, rng=rng, n_resamples=_N_RESAMPLES)),
        _row(question, percent_agreement(counts, rng=rng, n_resamples=_N_RESAMPLES)),
    ]


def _row(question: Question, measure: Measure) -> MeasureRow:
    return MeasureRow(
        question=question.name,
        name=measure.name,
        value=measure.value,
        low=measure.low,
        high=measure.high,
        n=measure.n,
        note=measure.note,
    )


def _count_agreement(agreeing: dict[str, list[int]], column: _Given, consensus: dict[str, str]) -> None:
    """Count, for each annotator, the answers that equal the consensus of an item others answered too."""
    n_of: dict[str, int] = {}
    for item in column.items:
        n_of[item] = n_of.get(item, 0) + 1
    for item, annotator, value in zip(column.items, column.annotators, column.values, strict=True):
        if n_of[item] > 1:
            tally = agreeing.setdefault(annotator, [0, 0])
            tally[0] += canonical_json(value).decode() == consensus[item]
            tally[1] += 1
