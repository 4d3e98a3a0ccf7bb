"""How far a project is, what is left and why, and how good it is as far as that is known."""

import msgspec
from sqlalchemy import Connection

from goldsmith.labeling.flows.counting import Counted
from goldsmith.labeling.flows.inference import annotator_rows
from goldsmith.labeling.handover import Measured
from goldsmith.labeling.model import LoadedProject
from goldsmith.labeling.progress_wire import Accuracy, NotFinished, Progress, ReviewCounts
from goldsmith.labeling.store import answer_lists, projects

NOT_ESTIMATED = "not estimated: no audit sample"


def progress(connection: Connection, project: LoadedProject, accuracy: Accuracy, counted: Counted) -> Progress:
    """The overview of a project, of which `counted` says what is there."""
    counts, annotators = counted.items, counted.annotators
    release = projects.latest_release(connection, project.id)
    inference = projects.inference(connection, project.id)
    measured = None if inference is None else msgspec.json.decode(inference["measures"], type=Measured)
    n_people = sum(row.n_answers for row in annotators if row.kind == "person")
    last_seq = answer_lists.last_seq(connection, project.id)
    return Progress(
        n_items=counts["n_items"],
        n_answered=counts["n_answered"],
        n_certain=counts["n_certain"],
        n_need_people=counts["n_need_people"],
        n_in_release=0 if release is None else release["n_items"],
        n_annotations=sum(row.n_answers for row in annotators),
        n_people_annotations=n_people,
        confidence_histogram=counted.histogram,
        target_confidence=project.policy.target_confidence,
        not_finished=_not_finished(counts, project),
        annotators=annotator_rows(annotators, measured),
        measures=[] if measured is None else measured.measures,
        accuracy=accuracy,
        inferred_at=None if inference is None else inference["created_at"],
        is_inference_pending=last_seq > (-1 if inference is None else inference["up_to_seq"]),
        review=ReviewCounts(**{name: counts[name] for name in ReviewCounts.__struct_fields__}),
        counted_at=counted.at,
    )


def _not_finished(counts: dict[str, int], project: LoadedProject) -> list[NotFinished]:
    reasons: list[NotFinished] = []
    n_first = counts["n_need_people"] - counts["n_second"]
    if n_first:
        text = "waiting for a person's answer"
        reasons.append(NotFinished(reason="first-answer", n=n_first, text=text, filter={"state": "open"}))
    if counts["n_second"]:
        is_adaptive = project.policy.max_overlap is not None
        text = (
            "waiting for one more answer" if is_adaptive else f"waiting for another of {project.policy.overlap} answers"
        )
        reasons.append(NotFinished(reason="more-answers", n=counts["n_second"], text=text, filter={"state": "open"}))
    if counts["n_contested"]:
        text = "contested: the answers disagree"
        entry = NotFinished(reason="contested", n=counts["n_contested"], text=text, filter={"state": "contested"})
        reasons.append(entry)
    waiting = {"to_review": "waiting for a reviewer", "in_rework": "returned to its annotator"}
    for name, text in waiting.items():
        if counts[name]:
            state = name.replace("_", "-")
            reasons.append(NotFinished(reason=state, n=counts[name], text=text, filter={"state": state}))
    n_uncertain = counts["n_items"] - counts["n_certain"]
    if n_uncertain:
        text = f"less certain than {project.policy.target_confidence:.0%}"
        entry = NotFinished(reason="uncertain", n=n_uncertain, text=text, filter={"state": "uncertain"})
        reasons.append(entry)
    return reasons
