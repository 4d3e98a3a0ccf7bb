"""Audit samples: items drawn at random and answered anew, to estimate how often the consensus is right."""

import msgspec
from sqlalchemy import Connection

from goldsmith.errors import InputError
from goldsmith.labeling.flows.progress import NOT_ESTIMATED
from goldsmith.labeling.model import LoadedProject
from goldsmith.labeling.progress_wire import Accuracy, MeasureRow
from goldsmith.labeling.quality_wire import AuditNeed, AuditOut
from goldsmith.labeling.store import audits, items
from goldsmith.labeling.wire import AuditDrawn, NewAudit
from goldsmith.quality.intervals import Interval, wilson_interval
from goldsmith.store.units import UnitOfWork

_WISHED = (0.01, 0.02, 0.03, 0.05)
_USUAL_ACCURACY = 0.9
"""What is assumed where nothing is audited or inferred yet."""

_NOTHING = Interval(estimate=None, low=None, high=None, n=0)


def draw(unit: UnitOfWork, project: LoadedProject, new: NewAudit, *, actor: str) -> AuditDrawn:
    """Add `new.n` items, drawn at random without replacement from those not yet drawn, to the audit sample.

    Raises:
        InputError: fewer than 1 or more than the undrawn items were asked for, or the seed is negative.
    """
    ids = items.ids_outside_audit(unit.connection, project.id)
    if not 1 <= new.n <= len(ids):
        raise InputError(f"n must be 1 to {len(ids)}, the items that are not in the audit sample yet, not {new.n}.")
    if not 0 <= new.seed < 2**63:
        raise InputError(f"seed must be 0 to {2**63 - 1}, not {new.seed}.")
    import numpy as np  # noqa: PLC0415 - a sixth of a second for every server that starts

    drawn = np.random.default_rng(new.seed).choice(len(ids), size=new.n, replace=False).tolist()
    rows: list[dict[str, object]] = [
        {"item_id": ids[i], "created_at": unit.now, "project_id": project.id, "seed": new.seed} for i in drawn
    ]
    items.insert_audit_items(unit.connection, rows)
    content = msgspec.json.encode({"n": new.n, "seed": new.seed})
    unit.record(actor=actor, action="audit.drawn", object_id=project.id, content=content)
    return AuditDrawn(n_drawn=new.n, n_items=len(ids), seed=new.seed)


def audit_quality(connection: Connection, project: LoadedProject, *, expected: float | None) -> AuditOut:
    """The accuracy by the audit sample, beside it the estimate that confidence sharpens, and what a better one takes.

    Args:
        connection: to the vault.
        project: the project.
        expected: how right its labels are expected to be, for as long as nothing is audited.
    """
    import numpy as np  # noqa: PLC0415 - a sixth of a second for every server that starts

    from goldsmith.quality.audit import audit_report, audit_size  # noqa: PLC0415 - loads numpy

    judged = _judged(connection, project)
    n_drawn = audits.n_drawn(connection, project.id)
    rows = items.confidences(connection, project.id)
    if not rows:
        none = _measure("accuracy", _NOTHING, NOT_ESTIMATED)
        return AuditOut(
            accuracy=none, powered=msgspec.structs.replace(none, name="prediction-powered"), n_drawn=0, needs=[]
        )
    place = {row["id"]: i for i, row in enumerate(rows)}
    confidences = np.array([np.nan if row["confidence"] is None else row["confidence"] for row in rows], np.float64)
    audited = np.array([place[item_id] for item_id in judged], np.int64)
    report = audit_report(
        len(rows), audited, np.array([*judged.values()], np.bool_), confidences=confidences if len(judged) else None
    )
    assumed = report.accuracy.estimate if report.accuracy.estimate is not None else expected
    assumed = _USUAL_ACCURACY if assumed is None else assumed
    needs = [AuditNeed(half_width=one, n=audit_size(len(rows), half_width=one, expected=assumed)) for one in _WISHED]
    sharpened = report.predicted
    return AuditOut(
        accuracy=_measure("accuracy", report.accuracy, "" if judged else NOT_ESTIMATED),
        powered=_measure(
            "prediction-powered",
            _NOTHING if sharpened is None else sharpened.accuracy,
            NOT_ESTIMATED if sharpened is None else sharpened.note,
        ),
        n_drawn=n_drawn,
        needs=needs,
    )


def accuracy(connection: Connection, project: LoadedProject) -> Accuracy:
    """How often the consensus equals the auditors' answers, with a Wilson interval corrected for the finite project.

    An item counts as right when the consensus of every question with classes equals the audit answer; an item that the
    auditors have not answered yet does not count.
    """
    judged = _judged(connection, project)
    n, n_right = len(judged), sum(judged.values())
    n_drawn = audits.n_drawn(connection, project.id)
    if n == 0:
        return Accuracy(text=NOT_ESTIMATED, n_drawn=n_drawn)
    n_items = items.last_position(connection, project.id) + 1
    found = wilson_interval(n_right, n, n_population=n_items)
    text = f"{found.estimate:.1%} (95% interval {found.low:.1%} to {found.high:.1%}) from {n} audited items"
    return Accuracy(text=text, estimate=found.estimate, low=found.low, high=found.high, n=n, n_drawn=n_drawn)


def _judged(connection: Connection, project: LoadedProject) -> dict[str, bool]:
    """Whether the consensus of each audited item is right; without items whose answers have no classes."""
    questions = [question for question in project.schema.questions if question.required]
    found: dict[str, bool] = {}
    for row in audits.judged(connection, project.id):
        answers = msgspec.json.decode(row["answers"], type=dict[str, object])
        said = msgspec.json.decode(row["consensus"] or "{}", type=dict[str, object])
        asked = [q for q in questions if q.class_of(answers.get(q.name)) is not None]
        if asked:
            found[row["item_id"]] = all(q.distance(answers[q.name], said.get(q.name)) == 0 for q in asked)
    return found


def _measure(name: str, found: Interval, note: str) -> MeasureRow:
    return MeasureRow(
        question="", name=name, value=found.estimate, low=found.low, high=found.high, n=found.n, note=note
    )
