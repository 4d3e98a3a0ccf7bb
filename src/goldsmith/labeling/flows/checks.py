"""What adjudication says of reviewers, and what suggestions do to those who see them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping

from goldsmith.labeling.model import LoadedProject
from goldsmith.labeling.review_wire import PullRow, ReviewerRow
from goldsmith.labeling.store import checks
from goldsmith.labeling.wire import AnnotatorName
from goldsmith.quality.intervals import difference_interval, wilson_interval

MOST_PAIRS = 20_000
_MOST_DECISIONS = 50_000


@dataclass(slots=True)
class _Record:
    """What one reviewer did, and what became of it."""

    reviewer: AnnotatorName
    decided: dict[str, int] = field(default_factory=lambda: {"accepted": 0, "fixed": 0, "returned": 0})
    drawn: list[bool] = field(default_factory=list[bool])
    escalated: list[bool] = field(default_factory=list[bool])
    needless: list[bool] = field(default_factory=list[bool])


def reviewer_rows(connection: Connection, project: LoadedProject) -> list[ReviewerRow]:
    """How often adjudicators decided as each reviewer had, by reviewer.

    Decisions that were drawn at random are a sample, and have an interval; those that were escalated are counted only.
    """
    records: dict[str, _Record] = {}
    rows = checks.decisions(connection, project.id, _MOST_DECISIONS)
    finals = {row["item_id"]: row for row in rows if row["purpose"] == "adjudicate" and row["applies"]}
    for row in rows:
        if row["purpose"] != "review":
            continue
        name = AnnotatorName(id=row["reviewer_id"], kind=row["kind"], name=row["name"], version=row["version"] or None)
        record = records.setdefault(row["reviewer_id"], _Record(name))
        record.decided[row["decision"]] += 1
        final = finals.get(row["item_id"])
        if final is None or final["leaf_seq"] < row["leaf_seq"]:
            continue
        if row["decision"] == "returned":
            record.needless.append(row["said"] == final["answers"])
        elif row["is_drawn"] and row["applies"]:
            record.drawn.append(row["answers"] == final["answers"])
        else:
            record.escalated.append(row["answers"] == final["answers"])
    return [_reviewer(one) for one in sorted(records.values(), key=lambda one: one.reviewer.name)]


def pull_rows(connection: Connection, project: LoadedProject) -> list[PullRow]:
    """How much more often people agree with a suggestion that they were shown, by question.

    Who sees one is drawn for each item and annotator, so the difference is the pull of the suggestion and nothing else.
    One that was drawn to be shown and was not, as by a program that draws no suggestions, is in neither arm: it aided
    nobody, and among the unaided it would undo the draw.
    """
    pairs = checks.suggested(connection, project.id, MOST_PAIRS)
    found: list[PullRow] = []
    for question in project.schema.questions:
        arms: dict[bool, list[bool]] = {True: [], False: []}
        for was_shown, said, suggested in _answers(pairs):
            if question.name in suggested:
                own = said.get(question.name)
                agrees = own is not None and question.distance(own, suggested[question.name]) == 0
                arms[was_shown].append(agrees)
        if arms[True] or arms[False]:
            found.append(_pull(question.name, arms))
    return found


def _reviewer(record: _Record) -> ReviewerRow:
    interval = wilson_interval(sum(record.drawn), len(record.drawn))
    return ReviewerRow(
        reviewer=record.reviewer,
        n_accepted=record.decided["accepted"],
        n_fixed=record.decided["fixed"],
        n_returned=record.decided["returned"],
        n_checked=len(record.drawn),
        n_upheld=sum(record.drawn),
        agreement=interval.estimate,
        low=interval.low,
        high=interval.high,
        n_escalated=len(record.escalated),
        n_escalated_upheld=sum(record.escalated),
        n_returns_checked=len(record.needless),
        n_returns_needless=sum(record.needless),
    )


def _answers(pairs: Sequence[RowMapping]) -> Iterator[tuple[bool, Mapping[str, Any], Mapping[str, Any]]]:
    for row in pairs:
        was_shown = _was_shown(msgspec.json.decode(row["assistance"], type=dict[str, Any]), row["annotator_id"])
        if was_shown is None:
            continue
        said = msgspec.json.decode(row["answers"], type=dict[str, Any])
        suggested = msgspec.json.decode(row["suggested"], type=dict[str, Any])
        yield was_shown, said, suggested


def _was_shown(assistance: Mapping[str, Any], model_id: str) -> bool | None:
    """Whether what a model said was shown; None where it should have been by the draw, or where nothing was drawn."""
    is_shown = model_id in assistance.get("shown", ())
    match assistance["is_offered"]:
        case True:
            return True if is_shown else None
        case False:
            return None if is_shown else False
        case _:
            return None


def _pull(question: str, arms: Mapping[bool, Sequence[bool]]) -> PullRow:
    shown = wilson_interval(sum(arms[True]), len(arms[True]))
    unaided = wilson_interval(sum(arms[False]), len(arms[False]))
    pull = difference_interval(shown, unaided)
    return PullRow(
        question=question,
        n_shown=shown.n,
        agreement_shown=shown.estimate,
        low_shown=shown.low,
        high_shown=shown.high,
        n_unaided=unaided.n,
        agreement_unaided=unaided.estimate,
        low_unaided=unaided.low,
        high_unaided=unaided.high,
        pull=pull.estimate,
        low=pull.low,
        high=pull.high,
        note="" if pull.estimate is not None else "not measured: both with and without suggestions are needed",
    )
