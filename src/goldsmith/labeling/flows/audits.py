"""Audit samples: items drawn at random and answered anew, to estimate how often the consensus is right."""

import msgspec
from sqlalchemy import Connection

from goldsmith.errors import InputError
from goldsmith.labeling.flows.progress import NOT_ESTIMATED
from goldsmith.labeling.model import LoadedProject
from goldsmith.labeling.quality_wire import AuditOut
from goldsmith.labeling.store import audits, items
from goldsmith.labeling.wire import Accuracy, AuditDrawn, MeasureRow, NewAudit
from goldsmith.quality.intervals import wilson_interval
from goldsmith.store.units import UnitOfWork


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


def audit_quality(connection: Connection, project: LoadedProject) -> AuditOut:
    """The accuracy of the consensus by the audit sample, beside it the estimate that uses its confidence."""
    found = accuracy(connection, project)
    note = "" if found.n else NOT_ESTIMATED
    row = MeasureRow(
        question="", name="accuracy", value=found.estimate, low=found.low, high=found.high, n=found.n, note=note
    )
    nothing = msgspec.structs.replace(row, name="prediction-powered", value=None, low=None, high=None)
    return AuditOut(accuracy=row, powered=nothing, n_drawn=found.n_drawn, needs=[])


def accuracy(connection: Connection, project: LoadedProject) -> Accuracy:
    """How often the consensus equals the auditors' answers, with a Wilson interval corrected for the finite project.

    An item counts as right when the consensus of every question with classes equals the audit answer; an item that the
    auditors have not answered yet does not count.
    """
    questions = [question for question in project.schema.questions if question.required]
    n = n_right = 0
    for row in audits.judged(connection, project.id):
        answers = msgspec.json.decode(row["answers"], type=dict[str, object])
        said = msgspec.json.decode(row["consensus"] or "{}", type=dict[str, object])
        asked = [q for q in questions if q.class_of(answers.get(q.name)) is not None]
        if asked:
            n += 1
            n_right += all(q.distance(answers[q.name], said.get(q.name)) == 0 for q in asked)
    n_drawn = audits.n_drawn(connection, project.id)
    if n == 0:
        return Accuracy(text=NOT_ESTIMATED, n_drawn=n_drawn)
    n_items = items.last_position(connection, project.id) + 1
    found = wilson_interval(n_right, n, n_population=n_items)
    text = f"{found.estimate:.1%} (95% interval {found.low:.1%} to {found.high:.1%}) from {n} audited items"
    return Accuracy(text=text, estimate=found.estimate, low=found.low, high=found.high, n=n, n_drawn=n_drawn)
