"""Infer a question whose answers are compared by how far they are apart: the best answer, and how far each one errs."""

from collections.abc import Mapping

import numpy as np

from goldsmith.kit.digest import canonical_json
from goldsmith.labeling.handover import Inferred
from goldsmith.labeling.quality_wire import QuestionQuality, ReliabilityOut, SkillRow
from goldsmith.labeling.wire import AnnotatorName
from goldsmith.quality.agreement import distance_agreement
from goldsmith.quality.distances import Distances, NearestAnswer, NearestConsensus, distances_between
from goldsmith.worker.inferring.classes import N_RESAMPLES, SEED, Asked, measure_row

METHOD = "nearest-answer"
_MIN_ANSWERS = 30
_TOO_FEW = "too few answers to say"
_CALIBRATION = "answers of this kind have an expected distance to the truth, no probability"


def infer_nearest(asked: Asked) -> tuple[list[Inferred], QuestionQuality]:
    """The best answer to each item, weighed by how far annotators err, and how good the answers are."""
    question, column = asked.question, asked.column
    groups = [(item, part) for item, part in column.by_item()]
    answers = [dict(zip(column.annotators[part], column.values[part], strict=True)) for _, part in groups]
    given = distances_between(answers, question.distance)
    found = NearestAnswer().fit(given)
    inferred = [
        Inferred(
            item,
            question.name,
            canonical_json(found.answers_[t]).decode(),
            None,
            _agreement(found, t),
            part.stop - part.start,
            METHOD,
        )
        for t, (item, part) in enumerate(groups)
    ]
    values = [list(one.values()) for one in answers]
    rng = np.random.default_rng(SEED)
    measure = distance_agreement(values, question.distance, rng=rng, n_resamples=N_RESAMPLES)
    quality = QuestionQuality(
        question=question.name,
        title=question.label,
        kind="distance",
        classes=[],
        method=METHOD,
        why="",
        n_items=len(groups),
        n_answers=len(column.items),
        n_gold=0,
        n_sure=0,
        expected_accuracy=None,
        calibration=_CALIBRATION,
        reliability=ReliabilityOut(source=None, note=_CALIBRATION, n=0, bins=[], measures=[]),
        agreement=[measure_row(question, measure)],
        confusion=[],
        annotators=_rows(given, found, asked.annotators),
        suspects=[],
        n_suspects=0,
    )
    return inferred, quality


def _agreement(found: NearestConsensus[object], task: int) -> float | None:
    distance = float(found.expected_distance_[task])
    return None if np.isnan(distance) else round(1 - distance, 6)


def _rows(
    given: Distances[object], found: NearestConsensus[object], annotators: Mapping[str, AnnotatorName]
) -> list[SkillRow]:
    """How near each annotator's answers are to the best ones."""
    n_answers = np.bincount(given.annotator, minlength=len(given.annotator_names))
    nobody = dict.fromkeys(("low", "high", "spammer_score", "spammer_low", "spammer_high", "median_s"))
    return [
        SkillRow(
            annotator=annotators.get(name) or AnnotatorName(id=name, kind="person", name=name, version=None),
            n_answers=int(n_answers[a]),
            n_gold=0,
            is_by_gold=False,
            accuracy=round(1 - float(found.error_[a]), 6) if n_answers[a] >= _MIN_ANSWERS else None,
            verdict="nearness to the best answers" if n_answers[a] >= _MIN_ANSWERS else _TOO_FEW,
            is_warning=False,
            is_far_in_speed=False,
            drift=None,
            drift_since=None,
            alike=[],
            confusion=[],
            **nobody,
        )
        for a, name in enumerate(given.annotator_names)
    ]
