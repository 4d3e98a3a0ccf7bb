"""Annotators of known accuracy, whose answers go through the inference as those of a project do."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np

from goldsmith.labeling.handover import Answer, Inferred, KnownAnswer, Measured
from goldsmith.tasks.questions import Question
from goldsmith.tasks.schemas import check_answers, example_schema, schema_json
from goldsmith.worker.computing import infer
from goldsmith.worker.frames import read_frames, write_frames

N_ITEMS = 120
_AT = 1_760_000_000_000_000


class Simulated(NamedTuple):
    """What came of the answers.

    Attributes:
        truth: by item, the true answer.
        answers: by item, what each annotator answered.
        consensus: by item, what was inferred.
        measures: agreement by name.
    """

    truth: dict[str, Any]
    answers: dict[str, list[Any]]
    consensus: dict[str, Any]
    measures: dict[str, float]


class Silence:
    """Hears progress and says nothing."""

    def report(self, done: int, total: int | None, message: str) -> None:
        """Hear it."""


def simulated(kind: type[Question], folder: Path, *, accuracy: float, n_annotators: int = 5) -> Simulated:
    """Annotators who give the true answer with a probability, and else another answer of the type's example."""
    example, rng = kind.example(), np.random.default_rng(7)
    schema, name = example_schema(example), example.question.name
    pool = [
        check_answers(schema, {**example.earlier_answers, name: answer}, example.item) for answer in example.answers
    ]
    truth, answers, rows = dict[str, Any](), dict[str, list[Any]](), list[Answer]()
    for i in range(N_ITEMS):
        item, right = f"item-{i:03}", int(rng.integers(len(pool)))
        truth[item], answers[item] = pool[right][name], []
        for annotator in range(n_annotators):
            wrong = (right + int(rng.integers(1, len(pool)))) % len(pool)
            given = pool[right if rng.random() < accuracy else wrong]
            answers[item].append(given[name])
            rows.append(Answer(item, item, f"annotator-{annotator}", json.dumps(given), _AT + i * 60_000_000, 3000))
    consensus, measured = _inferred(schema_json(schema), rows, folder)
    return Simulated(
        truth,
        answers,
        {one.item_id: json.loads(one.value) for one in consensus if one.question == name},
        {one.name: one.value for one in measured.measures if one.question == name and one.value is not None},
    )


def _inferred(schema: dict[str, Any], rows: list[Answer], folder: Path) -> tuple[list[Inferred], Measured]:
    write_frames(folder / "answers", rows)
    write_frames(folder / "known", list[KnownAnswer]())
    names = sorted({one.annotator_id for one in rows})
    parameters = {
        "schema": schema,
        **{name: str(folder / name) for name in ("answers", "known", "inferred")},
        "annotators": [{"id": name, "kind": "person", "name": name, "version": None} for name in names],
        "target_confidence": 0.95,
        "overlap": len(names),
        "n_items": N_ITEMS,
        "n_people_answers": len(rows),
    }
    result = infer.run(parameters, Silence())
    found = [one for of_item in read_frames(folder / "inferred", list[Inferred]) for one in of_item]
    return found, msgspec.convert(result["measured"], Measured)
