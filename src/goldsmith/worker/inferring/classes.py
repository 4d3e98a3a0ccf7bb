"""Infer a question with classes: the consensus with calibrated confidence, and how good it is."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from goldsmith.kit.digest import canonical_json
from goldsmith.labeling.handover import Inferred
from goldsmith.labeling.progress_wire import MeasureRow
from goldsmith.labeling.quality_wire import QuestionQuality, ReliabilityBin, ReliabilityOut, Suspect
from goldsmith.labeling.wire import AnnotatorName
from goldsmith.quality.agreement import krippendorff_alpha, percent_agreement
from goldsmith.quality.annotators import AlikePair, alike_annotators, beliefs, independent_weights
from goldsmith.quality.assay import Assay, assay
from goldsmith.quality.calibration import NO_CLASS, UNKNOWN, fit_calibration
from goldsmith.quality.measures import Measure
from goldsmith.quality.reliability import Reliability, reliability_of
from goldsmith.quality.votes import Floats, Int32s, Votes
from goldsmith.tasks.questions import Question
from goldsmith.worker.inferring.columns import AnswerColumns, Known
from goldsmith.worker.inferring.skills import SkillsFound, confusion_of, skill_rows

SEED = 20_251_121
N_RESAMPLES = 400
_N_FOLDS = 5
_MIN_GOLD_TO_MEASURE = 20
_MIN_SHARED_PAIRS = 2  # annotators


class Asked(NamedTuple):
    """One question with its answers, what is known, and who answered."""

    question: Question
    column: AnswerColumns
    known: Known
    annotators: Mapping[str, AnnotatorName]
    target: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassesFound:
    """What came of a question with classes.

    Attributes:
        assay: the consensus of the votes.
        gold: the known classes by external id.
        skills: what the answers say of the annotators.
        measures: agreement.
    """

    assay: Assay
    gold: dict[str, str]
    skills: SkillsFound
    measures: list[MeasureRow]


def find_classes(asked: Asked) -> ClassesFound:
    """The consensus, the skills and the agreement of a question with classes."""
    column = asked.column
    labels = [_class_of(asked.question, value) for value in column.values]
    votes = Votes.from_columns(column.externals, column.annotators, labels, classes=_classes(asked.question, labels))
    gold = {name: _class_of(asked.question, value) for name, value in asked.known.gold.items()}
    answered = set(column.externals)
    gold = {name: label for name, label in gold.items() if name in answered}
    found = assay(votes, gold=gold, seed=SEED)
    pairs = _alike(found, gold)
    if pairs:  # who copies, or is one of a family of programs, counts once
        votes = replace(votes, weight=independent_weights(votes, pairs))
        found = assay(votes, gold=gold, seed=SEED)
    skills = skill_rows(found, column, gold=gold, pairs=pairs, annotators=asked.annotators)
    rng = np.random.default_rng(SEED)
    counts = votes.counts()
    measures = [
        measure_row(asked.question, krippendorff_alpha(counts, rng=rng, n_resamples=N_RESAMPLES)),
        measure_row(asked.question, percent_agreement(counts, rng=rng, n_resamples=N_RESAMPLES)),
    ]
    return ClassesFound(assay=found, gold=gold, skills=skills, measures=measures)


def inferred_classes(asked: Asked, found: ClassesFound, *, contested: Container[str]) -> list[Inferred]:
    """The consensus of each item; `contested` has the external ids of those that more answers do not settle."""
    votes, confidence = found.assay.votes, found.assay.confidence
    counts, n_answers = votes.counts(), votes.n_answers
    item_of = asked.column.item_of
    labels = [int(label) for label in found.assay.consensus.labels_]
    return [
        Inferred(
            item_of[name],
            asked.question.name,
            canonical_json(asked.question.answer_of(votes.classes[label])).decode(),
            None if np.isnan(confidence[i]) else round(float(confidence[i]), 6),
            float(counts[i, label] / n_answers[i]) if n_answers[i] > 1 else None,
            int(n_answers[i]),
            found.assay.method,
            is_contested=name in contested,
        )
        for i, (name, label) in enumerate(zip(votes.task_names, labels, strict=True))
    ]


def class_quality(asked: Asked, found: ClassesFound, *, shown: list[Suspect], n_suspects: int) -> QuestionQuality:
    """How good the labels of the question are, with those that most need a second look."""
    votes, confidence = found.assay.votes, found.assay.confidence
    is_known = ~np.isnan(confidence)
    return QuestionQuality(
        question=asked.question.name,
        title=asked.question.label,
        kind="classes",
        classes=list(votes.classes),
        method=found.assay.method,
        why=found.assay.why,
        n_items=votes.n_tasks,
        n_answers=votes.n_votes,
        n_gold=found.assay.n_gold,
        n_sure=int((confidence[is_known] >= asked.target).sum()),
        expected_accuracy=round(float(confidence[is_known].mean()), 6) if is_known.any() else None,
        calibration=_calibration(found.assay),
        reliability=_reliability(asked, found),
        agreement=found.measures,
        confusion=confusion_of(found.skills),
        annotators=found.skills.rows,
        suspects=shown,
        n_suspects=n_suspects,
    )


def measure_row(question: Question, measure: Measure) -> MeasureRow:
    """A measure as it goes over the wire."""
    return MeasureRow(
        question=question.name,
        name=measure.name,
        value=measure.value,
        low=measure.low,
        high=measure.high,
        n=measure.n,
        note=measure.note,
    )


def _classes(question: Question, labels: Sequence[str]) -> list[str] | None:
    """All classes there are where votes for one alone would look as if nothing else could have been answered."""
    voted = set(labels)
    return sorted(voted | set(question.classes())) if len(voted) == 1 else None


def _class_of(question: Question, value: object) -> str:
    return str(question.class_of(value))


def _alike(found: Assay, gold: Mapping[str, str]) -> tuple[AlikePair, ...]:
    """Who makes the same errors too often."""
    votes = found.votes
    if votes.n_annotators < _MIN_SHARED_PAIRS or votes.n_classes < 2:
        return ()
    calibrated = replace(found.consensus, posterior_=found.posterior)
    known = beliefs(votes, gold=of_voted_classes(votes, gold), consensus=calibrated)
    return alike_annotators(votes, known).pairs_


def of_voted_classes(votes: Votes, gold: Mapping[str, str]) -> dict[str, str]:
    """The known classes that somebody voted for."""
    return {name: label for name, label in gold.items() if label in set(votes.classes)}


def _calibration(found: Assay) -> str:
    if found.n_gold:
        foreign = f", of which {found.n_foreign} have answers that nobody gave" if found.n_foreign else ""
        return f"calibrated on {found.n_gold} known answers{foreign}"
    return "calibrated as on 13 sets of real answers, since no answer of this project is known"


def _reliability(asked: Asked, found: ClassesFound) -> ReliabilityOut:
    """On the audit sample where there is one, else on gold, whose own labels never calibrate what is measured by it."""
    votes = found.assay.votes
    audit = {name: _class_of(asked.question, value) for name, value in asked.known.audit.items()}
    known = votes.codes_of(audit)
    if (known != UNKNOWN).any():
        return _reliability_out(asked, "audit", found.assay.posterior, found=found, known=known)
    known = votes.codes_of(found.gold)
    n = int((known != UNKNOWN).sum())
    if n < _MIN_GOLD_TO_MEASURE:
        way_out = f"audit some items, or give {_MIN_GOLD_TO_MEASURE} known answers."
        note = f"{n} known answers are too few to measure by: {way_out}"
        return ReliabilityOut(source=None, note=note, n=n, bins=[], measures=[])
    return _reliability_out(asked, "gold", cross_calibrated(found.assay, known), found=found, known=known)


def cross_calibrated(found: Assay, known: Int32s) -> Floats:
    """float64[n_tasks, n_classes], the posterior, that of each fifth of the gold calibrated by the other four."""
    posterior = found.posterior.copy()
    gold = np.flatnonzero(known != UNKNOWN)
    fold = np.random.default_rng(SEED).permutation(len(gold)) % _N_FOLDS
    raw, n_answers = found.consensus.posterior_, found.votes.n_answers
    for one in range(_N_FOLDS):
        mine = gold[fold == one]
        others = known.copy()
        others[mine] = UNKNOWN
        posterior[mine] = fit_calibration(raw, n_answers, others).apply(raw[mine], n_answers[mine])
    return posterior


def _reliability_out(
    asked: Asked, source: str, posterior: Floats, *, found: ClassesFound, known: Int32s
) -> ReliabilityOut:
    rng = np.random.default_rng(SEED)
    measured = reliability_of(posterior, found.assay.consensus.labels_, known, rng=rng, n_resamples=N_RESAMPLES)
    n, n_foreign = int((known != UNKNOWN).sum()), int((known == NO_CLASS).sum())
    note = f"{n_foreign} of them are classes that nobody answered" if n_foreign else ""
    return ReliabilityOut(
        source="audit" if source == "audit" else "gold",
        note=note,
        n=n,
        bins=[
            ReliabilityBin(
                confidence=one.mean_score,
                share=one.share.estimate or 0.0,
                low=one.share.low or 0.0,
                high=1.0 if one.share.high is None else one.share.high,
                n=one.share.n,
            )
            for one in measured.bins
        ],
        measures=_measures(asked.question, measured),
    )


def _measures(question: Question, measured: Reliability) -> list[MeasureRow]:
    shares = {"accuracy": measured.accuracy, "accuracy-of-sure": measured.of_sure}
    rows = [
        MeasureRow(
            question=question.name,
            name=name,
            value=one.estimate,
            low=one.low,
            high=one.high,
            n=one.n,
            note="" if one.n else "no such label has a known answer.",
        )
        for name, one in shares.items()
    ]
    return [*rows, *(measure_row(question, one) for one in (measured.ece, measured.nll, measured.brier))]
