"""How good a project's labels are: what the last inference measured, the audit beside it, and what was spent."""

import msgspec
from sqlalchemy import Connection

from goldsmith.labeling.flows.audits import audit_quality
from goldsmith.labeling.flows.checks import pull_rows, reviewer_rows
from goldsmith.labeling.model import LoadedProject
from goldsmith.labeling.quality_wire import (
    Plan,
    Quality,
    QuestionQuality,
    Spending,
    SpendingPoint,
    SpentRow,
    Suspect,
)
from goldsmith.labeling.store import answer_lists, items, known_answers, projects, qualities

_MOST_POINTS = 200
_LONG_AGO = 2 / 3
"""A plan is compared with what happened once there are half as many answers again as when it was made."""


def quality(connection: Connection, project: LoadedProject) -> Quality:
    """How good the labels of each question are, and by how many answers they became so."""
    inference = projects.inference(connection, project.id)
    found = qualities.quality(connection, project.id)
    questions = [] if found is None else msgspec.json.decode(found["questions"], type=list[QuestionQuality])
    expected = [one.expected_accuracy for one in questions if one.expected_accuracy is not None]
    last_seq = answer_lists.last_seq(connection, project.id)
    return Quality(
        inferred_at=None if inference is None else inference["created_at"],
        is_inference_pending=last_seq > (-1 if inference is None else inference["up_to_seq"]),
        target_confidence=project.policy.target_confidence,
        questions=_with_titles(connection, questions),
        audit=audit_quality(connection, project, expected=min(expected, default=None)),
        spending=_spending(connection, project, None if found is None else found["plan"]),
        reviewers=reviewer_rows(connection, project),
        suggestions=pull_rows(connection, project),
    )


def _with_titles(connection: Connection, questions: list[QuestionQuality]) -> list[QuestionQuality]:
    """The questions with the titles of their suspects, without those that a reviewer has decided meanwhile."""
    ids = sorted({one.item_id for question in questions for one in question.suspects})
    titles = qualities.titles(connection, ids)
    reviewed = {
        (row["item_id"], row["question"])
        for row in known_answers.of_items(connection, ids)
        if row["origin"] in known_answers.DECIDED
    }

    def kept(question: QuestionQuality) -> list[Suspect]:
        return [
            msgspec.structs.replace(one, title=titles.get(one.item_id, ""))
            for one in question.suspects
            if (one.item_id, question.question) not in reviewed
        ]

    found: list[QuestionQuality] = []
    for question in questions:
        suspects = kept(question)
        n_left = question.n_suspects - (len(question.suspects) - len(suspects))
        found.append(msgspec.structs.replace(question, suspects=suspects, n_suspects=n_left))
    return found


def _spending(connection: Connection, project: LoadedProject, plan: str | None) -> Spending:
    rows = qualities.points(connection, project.id)
    step = -(-len(rows) // _MOST_POINTS) or 1
    kept = rows[::-1][::step][::-1]  # the newest one is always among them
    points = [
        SpendingPoint(
            at=row["created_at"],
            n_answers=row["n_answers"],
            n_certain=row["n_certain"],
            n_items=row["n_items"],
            expected_accuracy=row["expected_accuracy"],
        )
        for row in kept
    ]
    n_answers = points[-1].n_answers if points else 0
    before = qualities.newest_plan(connection, project.id, most_answers=_LONG_AGO * n_answers)
    now = None if plan is None else msgspec.json.decode(plan, type=Plan)
    earlier = None if before is None else msgspec.json.decode(before["plan"], type=Plan)
    price = project.policy.answer_price_micros
    return Spending(
        price_micros=price or None,
        currency=project.policy.currency,
        points=points,
        by_answers=[SpentRow(**row) for row in items.by_answers(connection, project.id)],
        plan=now if now is not None and now.points else None,
        earlier=earlier,
    )
