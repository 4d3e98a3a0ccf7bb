"""Infer the consensus of every question of every item from the answers, and measure how good it is."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from goldsmith.labeling.handover import Inferred, Measured
from goldsmith.labeling.quality_wire import QuestionQuality
from goldsmith.labeling.wire import AnnotatorName
from goldsmith.tasks.schemas import parse_schema
from goldsmith.worker.computing.reports import Reporter
from goldsmith.worker.frames import write_frames
from goldsmith.worker.inferring.classes import Asked, class_quality, find_classes, inferred_classes
from goldsmith.worker.inferring.columns import answer_columns, known_answers
from goldsmith.worker.inferring.doubts import doubts
from goldsmith.worker.inferring.nearest import infer_nearest
from goldsmith.worker.inferring.routes import Routed, Wishes, planned, route_classes

_NO_PLAN = "nothing can be foretold until some items have two answers"


class Parameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the task gets.

    Attributes:
        schema: what is asked.
        answers: the file of the answers by item.
        known: the file of what is known of items.
        inferred: where to write the consensus by item.
        annotators: who answered.
        target_confidence: from which confidence on a label counts as certain.
        overlap: first answers of people for an item.
        max_overlap: the most; None where every item gets the first ones only.
        n_items: items of the project.
        n_people_answers: answers of people so far.
    """

    schema: dict[str, Any]
    answers: str
    known: str
    inferred: str
    annotators: list[AnnotatorName]
    target_confidence: float
    overlap: int = 1
    max_overlap: int | None = None
    n_items: int = 0
    n_people_answers: int = 0


@dataclass(slots=True)
class _Findings:
    """What is found, question by question."""

    by_item: dict[str, list[Inferred]] = field(default_factory=dict[str, list[Inferred]])
    qualities: list[QuestionQuality] = field(default_factory=list[QuestionQuality])
    routed: dict[str, Routed] = field(default_factory=dict[str, Routed])
    agreeing: dict[str, list[int]] = field(default_factory=dict[str, list[int]])


def run(parameters: dict[str, Any], reporter: Reporter) -> dict[str, Any]:
    """Write the consensus by item; what was measured of the questions, and how often annotators agree with it."""
    given = msgspec.convert(parameters, Parameters)
    questions = parse_schema(given.schema).questions
    names = [question.name for question in questions]
    columns = answer_columns(Path(given.answers), names)
    known = known_answers(Path(given.known), names)
    annotators = {one.id: one for one in given.annotators}
    wishes = _wishes(given)
    findings = _Findings()
    for i, question in enumerate(questions):
        reporter.report(i, len(questions), f"inferring {question.name}")
        column = columns[question.name]
        if column.values:
            _infer(Asked(question, column, known[question.name], annotators, given.target_confidence), wishes, findings)
    reporter.report(len(questions), len(questions), "planning")
    n = write_frames(Path(given.inferred), (findings.by_item[item] for item in sorted(findings.by_item)))
    return {"n_items": n, "measured": msgspec.to_builtins(_measured(findings, wishes))}


def _infer(asked: Asked, wishes: Wishes, findings: _Findings) -> None:
    if asked.question.class_of(asked.column.values[0]) is None:
        found, quality = infer_nearest(asked)
    else:
        classes = find_classes(asked)
        routed = route_classes(asked, classes, wishes)
        found = inferred_classes(asked, classes, contested=routed.contested)
        doubted = doubts(asked, classes, contested=routed.contested)
        quality = class_quality(asked, classes, shown=doubted.shown, n_suspects=doubted.n)
        findings.routed[asked.question.name] = routed
        _count_agreement(findings.agreeing, asked, {one.item_id: one.value for one in found})
    for one in found:
        findings.by_item.setdefault(one.item_id, []).append(one)
    findings.qualities.append(quality)


def _wishes(given: Parameters) -> Wishes:
    return Wishes(
        overlap=given.overlap,
        max_overlap=given.max_overlap,
        target=given.target_confidence,
        n_items=given.n_items,
        n_people_answers=given.n_people_answers,
    )


def _measured(findings: _Findings, wishes: Wishes) -> Measured:
    """The measures of all questions, and the plan for the one whose labels are least sure."""
    expected = {one.question: one.expected_accuracy for one in findings.qualities}
    sure = {name: expected[name] or 0.0 for name, routed in findings.routed.items() if routed.live is not None}
    leading = min(sure, key=lambda name: sure[name], default="")
    points = planned(findings.routed[leading], wishes) if leading else []
    note = f"by the least sure question, {leading}" if len(sure) > 1 else ""
    return Measured(
        measures=[measure for one in findings.qualities for measure in one.agreement],
        agreement_of={name: right / total for name, (right, total) in sorted(findings.agreeing.items())},
        quality=findings.qualities,
        live_models={name: routed.judge for name, routed in findings.routed.items() if routed.judge is not None},
        plan=points,
        plan_note=note if points else _NO_PLAN,
    )


def _count_agreement(agreeing: dict[str, list[int]], asked: Asked, consensus: dict[str, str]) -> None:
    """Count, for each annotator, the answers that equal the consensus of an item others answered too."""
    question, column = asked.question, asked.column
    n_of: dict[str, int] = {}
    for item in column.items:
        n_of[item] = n_of.get(item, 0) + 1
    for item, annotator, value in zip(column.items, column.annotators, column.values, strict=True):
        if n_of[item] > 1:
            tally = agreeing.setdefault(annotator, [0, 0])
            tally[0] += question.class_of(value) == question.class_of(msgspec.json.decode(consensus[item]))
            tally[1] += 1
