"""The job that infers the consensus of a project."""

from pathlib import Path
from typing import Any

import msgspec

from goldsmith.labeling.flows.inference import (
    annotator_names,
    project_size,
    read_answers,
    read_known,
    snapshot,
    store_inference,
)
from goldsmith.labeling.flows.refits import finish_refit
from goldsmith.labeling.handover import Inferred, Measured
from goldsmith.tasks.schemas import schema_json
from goldsmith.worker.contexts import JobContext
from goldsmith.worker.frames import read_frames, write_frames


def infer(context: JobContext, project: str) -> dict[str, Any]:
    """Infer and store the consensus; how many answers went in and how many items came out.

    Answers that fit the schema no more, where a change of it was cut off, are retired first.
    """
    finish_refit(context.bench, project)
    taken = snapshot(context.bench, project)
    answers, known, inferred = (context.scratch / f"{name}.frames" for name in ("answers", "known", "inferred"))
    context.report(0, None, "collecting answers")
    n_answers = write_frames(answers, read_answers(context.bench, taken.project.id))
    write_frames(known, read_known(context.bench, taken.project.id))
    annotators, size = annotator_names(context.bench, taken.project.id), project_size(context.bench, taken.project.id)
    policy = taken.project.policy
    result = context.compute(
        "infer",
        {
            "schema": schema_json(taken.project.schema),
            "answers": str(answers),
            "known": str(known),
            "inferred": str(inferred),
            "annotators": msgspec.to_builtins(annotators),
            "target_confidence": policy.target_confidence,
            "overlap": policy.overlap,
            "max_overlap": policy.max_overlap,
            "n_items": size.n_items,
            "n_people_answers": size.n_people_answers,
        },
    )
    context.report(0, result["n_items"], "storing the consensus")
    measured = msgspec.convert(result["measured"], Measured)
    n_items = store_inference(context.bench, taken, read_frames(Path(inferred), list[Inferred]), measured)
    return {"n_answers": n_answers, "n_items": n_items}
