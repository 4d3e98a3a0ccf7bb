"""Measured quality as the server sends it, made up in any size: for what a page shows, not for how it is measured."""

from collections.abc import Sequence

import numpy as np

from goldsmith.labeling.progress_wire import MeasureRow
from goldsmith.labeling.quality_wire import (
    AuditNeed,
    AuditOut,
    Plan,
    PlanPoint,
    Quality,
    QuestionQuality,
    ReliabilityBin,
    ReliabilityOut,
    Said,
    SkillRow,
    Spending,
    SpendingPoint,
    SpentRow,
    Suspect,
    SuspectReason,
)
from goldsmith.labeling.review_wire import PullRow, ReviewerRow
from goldsmith.labeling.wire import AnnotatorName

START = 1_762_000_000_000_000  # microseconds, in the first days of November 2025
DAY = 86_400_000_000
REASONS: tuple[SuspectReason, ...] = ("contested", "answer", "models", "gold")


def annotator(i: int) -> AnnotatorName:
    """The `i`-th annotator; every tenth is a program."""
    is_model = i % 10 == 9
    name = f"text-classifier-{i}" if is_model else f"brass-heron-{i:03d}"
    kind = "model" if is_model else "person"
    return AnnotatorName(id=f"a{i}", kind=kind, name=name, version="1.2" if is_model else None)


def measure(name: str, value: float | None, half: float = 0.03, *, n: int = 200, note: str = "") -> MeasureRow:
    """A measure with an interval of so much on either side."""
    low = None if value is None else max(0.0, value - half)
    high = None if value is None else min(1.0, value + half)
    return MeasureRow(question="about", name=name, value=value, low=low, high=high, n=n, note=note)


def confusion(n_classes: int, rng: np.random.Generator) -> list[list[float | None]]:
    """By true class, the shares of the classes answered, mostly the right one; the last class was never met."""
    weight = rng.random((n_classes, n_classes)) ** 6
    weight[np.diag_indices(n_classes)] = 4 * weight.sum(axis=1).clip(0.3)
    share = weight / weight.sum(axis=1, keepdims=True)
    rows: list[list[float | None]] = [[round(float(cell), 6) for cell in row] for row in share]
    return [*rows[:-1], [None] * n_classes] if n_classes > 2 else rows


def skill(i: int, n_classes: int, rng: np.random.Generator) -> SkillRow:
    """What is said of the `i`-th annotator; a few are not to be trusted."""
    accuracy = float(np.clip(rng.normal(0.85, 0.1), 0.2, 0.99))
    half, is_new, is_bad = float(rng.uniform(0.02, 0.12)), i % 7 == 6, i % 8 == 3
    said = "too few answers to say" if is_new else "answers tell what is true"
    return SkillRow(
        annotator=annotator(i),
        n_answers=int(rng.integers(5, 2_000)),
        n_gold=0 if is_new else int(rng.integers(0, 40)),
        is_by_gold=i % 3 == 0,
        accuracy=None if is_new else accuracy,
        low=None if is_new else max(0.0, accuracy - half),
        high=None if is_new else min(1.0, accuracy + half / 2),
        spammer_score=None if is_new else accuracy**2,
        spammer_low=None if is_new else accuracy**2 * 0.8,
        spammer_high=None if is_new else min(1.0, accuracy**2 * 1.2),
        verdict="answers do not depend on what is true" if is_bad else said,
        is_warning=is_bad,
        median_s=float(rng.uniform(1, 60)),
        is_far_in_speed=i % 9 == 2,
        drift="worse" if i % 11 == 4 else None,
        drift_since=START + 3 * DAY if i % 11 == 4 else None,
        alike=[f"a{i + 1}"] if i % 13 == 5 else [],
        confusion=confusion(n_classes, rng) if n_classes <= 20 else [],
    )


def suspect(i: int, item: tuple[str, str], classes: Sequence[str], rng: np.random.Generator) -> Suspect:
    """The `i`-th suspect about an item (its id and its external id)."""
    label, other = (classes[int(one)] for one in rng.permutation(len(classes))[:2])
    said = [
        Said(annotator=annotator(k), label=label if k % 2 else other, accuracy=0.9, low=0.84, high=0.95)
        for k in range(2 + i % 4)
    ]
    return Suspect(
        item_id=item[0],
        external_id=item[1],
        title=f"Review {item[1]} that annotators see differently, with a title of some length",
        reason=REASONS[i % 4],
        label=label,
        probability=float(rng.uniform(0.3, 0.6)),
        suggested=other,
        suggested_probability=float(rng.uniform(0.2, 0.5)),
        said=said,
    )


def question(
    *, classes: Sequence[str], items: Sequence[tuple[str, str]], n_annotators: int, rng: np.random.Generator
) -> QuestionQuality:
    """A question measured on an audit sample."""
    bins = [
        ReliabilityBin(confidence=c, share=c - 0.03, low=c - 0.12, high=min(1.0, c + 0.06), n=int(10 + 80 * c**3))
        for c in (0.55, 0.65, 0.75, 0.85, 0.97)
    ]
    measures = [
        measure("accuracy", 0.928),
        measure("accuracy-of-sure", 0.967, 0.02),
        measure("expected-calibration-error", 0.031, 0.01),
        measure("negative-log-likelihood", 0.214, 0.05),
        measure("brier-score", 0.118, 0.02),
    ]
    return QuestionQuality(
        question="about",
        title="What is the review about?",
        kind="classes",
        classes=list(classes),
        method="auto",
        why="mean of the Dawid-Skene models and Wawa",
        n_items=1_180,
        n_answers=3_420,
        n_gold=52,
        n_sure=760,
        expected_accuracy=0.934,
        calibration="calibrated on 52 known answers",
        reliability=ReliabilityOut(source="audit", note="", n=200, bins=bins, measures=measures),
        agreement=[measure("krippendorff-alpha", 0.71), measure("percent-agreement", 0.86)],
        confusion=confusion(len(classes), rng) if len(classes) <= 20 else [],
        annotators=[skill(i, len(classes), rng) for i in range(n_annotators)],
        suspects=[suspect(i, item, classes, rng) for i, item in enumerate(items)],
        n_suspects=len(items),
    )


def plan(at: int, n_answers: int, *, reached: float, n_points: int = 12) -> Plan:
    """A plan from so many answers on, with less and less to gain."""
    gain = 0.97 - reached
    points = [
        PlanPoint(
            n_answers=n_answers + 200 * k,
            accuracy=reached + gain * (1 - 0.75**k),
            low=reached + gain * (1 - 0.75**k) - 0.004 * (1 + k / 3),
            high=min(0.995, reached + gain * (1 - 0.75**k) + 0.004 * (1 + k / 3)),
        )
        for k in range(n_points)
    ]
    return Plan(at=at, n_answers=n_answers, points=points, note="")


def spent_rows() -> list[SpentRow]:
    """Most items are certain after two answers, and what has many is contested."""
    return [
        SpentRow(n_answers=n, n_items=600 // n, n_certain=540 // n**2, n_contested=0 if n < 5 else 20)
        for n in range(2, 9)
    ]


def spending(price_micros: int | None = 50_000) -> Spending:
    """Ten days of answers, the first plan, and the plan as of now."""
    points = [
        SpendingPoint(
            at=START + k * DAY,
            n_answers=400 + 300 * k,
            n_certain=20 + 74 * k,
            n_items=1_180,
            expected_accuracy=0.8 + 0.134 * (k / 10) ** 0.5,
        )
        for k in range(11)
    ]
    now, earlier = plan(START + 10 * DAY, 3_400, reached=0.934), plan(START, 400, reached=0.8, n_points=18)
    return Spending(
        price_micros=price_micros, currency="EUR", points=points, by_answers=spent_rows(), plan=now, earlier=earlier
    )


def reviewer(i: int) -> ReviewerRow:
    """The `i`-th reviewer; of the first 45 of 50 decisions were upheld, and the last one was never checked."""
    n, upheld = (50, 45) if i == 0 else (0, 0)
    return ReviewerRow(
        reviewer=annotator(10 * i),
        n_accepted=400 + i,
        n_fixed=30,
        n_returned=12,
        n_checked=n,
        n_upheld=upheld,
        agreement=0.9 if n else None,
        low=0.786 if n else None,
        high=0.957 if n else None,
        n_escalated=5 if n else 0,
        n_escalated_upheld=2 if n else 0,
        n_returns_checked=4 if n else 0,
        n_returns_needless=1 if n else 0,
    )


def pull(question: str, *, is_measured: bool) -> PullRow:
    """People agree with a suggestion more often when they see it, or nobody knows."""
    return PullRow(
        question=question,
        n_shown=300,
        agreement_shown=0.9,
        low_shown=0.861,
        high_shown=0.929,
        n_unaided=100 if is_measured else 0,
        agreement_unaided=0.7 if is_measured else None,
        low_unaided=0.604 if is_measured else None,
        high_unaided=0.781 if is_measured else None,
        pull=0.2 if is_measured else None,
        low=0.109 if is_measured else None,
        high=0.301 if is_measured else None,
        note="" if is_measured else "not measured: both with and without suggestions are needed",
    )


def quality(questions: list[QuestionQuality], spent: Spending) -> Quality:
    """A project with an audit sample of 200 items."""
    return Quality(
        inferred_at=START + 10 * DAY,
        is_inference_pending=False,
        target_confidence=0.95,
        questions=questions,
        audit=AuditOut(
            accuracy=measure("accuracy", 0.928, 0.027),
            powered=measure("prediction-powered", 0.931, 0.021),
            n_drawn=220,
            needs=[AuditNeed(half_width=0.02, n=412), AuditNeed(half_width=0.01, n=930)],
        ),
        spending=spent,
        reviewers=[reviewer(0), reviewer(1)],
        suggestions=[pull(one.question, is_measured=i == 0) for i, one in enumerate(questions)],
    )
