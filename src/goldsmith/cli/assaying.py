"""What `goldsmith consensus` prints and writes."""

from collections.abc import Mapping, Sequence
from math import isnan
from pathlib import Path
from typing import Any

import polars as pl

from goldsmith.cli.files import written_whole
from goldsmith.cli.messages import counted, printable, say
from goldsmith.cli.tables import write_table
from goldsmith.quality.assay import Assay, skills_of
from goldsmith.quality.consensus import has_room_for_matrices
from goldsmith.quality.intervals import Interval
from goldsmith.quality.measures import Measure
from goldsmith.quality.reliability import Reliability
from goldsmith.quality.report import render_assay

# Any: facts are JSON.


def write_labels(path: Path, found: Assay, tasks: Sequence[str]) -> None:
    """Write the label of each task, in this order, whole or not at all.

    Raises:
        InputError: the file's name ends in no format that is written.
    """
    place = {name: number for number, name in enumerate(found.votes.task_names)}
    order = [place[name] for name in tasks]
    labels, n_answers = found.labels, found.votes.n_answers.tolist()
    frame = pl.DataFrame(
        {
            "task": tasks,
            "label": [labels[number] for number in order],
            "confidence": [_or_none(found.confidence[number]) for number in order],
            "n_answers": [n_answers[number] for number in order],
        },
        schema={"task": pl.String, "label": pl.String, "confidence": pl.Float64, "n_answers": pl.Int64},
    )
    write_table(path, frame, "labels")


def write_report(path: Path, found: Assay, *, title: str, gold: Mapping[str, str] | None) -> None:
    """Write the report, whole or not at all."""
    skills = skills_of(found, gold) if has_room_for_matrices(found.votes) else None
    page = render_assay(found, skills, title=title)
    _ = written_whole(path, [page.encode()])


def facts_of(found: Assay) -> dict[str, Any]:
    """What was found, as JSON."""
    votes = found.votes
    facts: dict[str, Any] = {
        "votes": votes.n_votes,
        "tasks": votes.n_tasks,
        "annotators": votes.n_annotators,
        "classes": votes.n_classes,
        "repeats": votes.n_repeats,
        "method": found.method,
        "why": found.why,
        "calibrated_on": found.n_gold,
        "gold_nobody_voted_for": found.n_foreign,
        "certain": found.n_sure,
        "why_not_sure": found.why_unsure,
        "agreement": _measure(found.agreement),
    }
    return facts if found.reliability is None else {**facts, **_tested(found.reliability)}


def tell_assay(found: Assay) -> None:
    """Print what was found."""
    votes = found.votes
    who = f"{counted(votes.n_votes, 'vote')} by {counted(votes.n_annotators, 'annotator')}"
    repeats = f"; {counted(votes.n_repeats, 'earlier answer')} replaced" if votes.n_repeats else ""
    rows = [
        ("votes", f"{who} on {counted(votes.n_tasks, 'task')}, {counted(votes.n_classes, 'class')}{repeats}"),
        ("method", f"{found.method}: {found.why}" if found.why else found.method),
        ("confidence", f"not known: {found.why_unsure}" if found.why_unsure else _calibrated_on(found)),
        ("certain", f"{found.n_sure:,} of {counted(votes.n_tasks, 'task')}, at 95% or more"),
        ("agreement", _agreement(found.agreement)),
    ]
    if found.reliability is not None:
        tested = found.reliability
        rows += [
            ("accuracy", _share(tested.accuracy)),
            ("of certain", _share(tested.of_sure)),
            ("ece", _in_words(tested.ece)),
            ("nll", _in_words(tested.nll)),
            ("brier", _in_words(tested.brier)),
        ]
    for name, text in rows:
        say(printable(f"  {name:<11}{text}"))


def _calibrated_on(found: Assay) -> str:
    if not found.n_gold:
        return "calibrated to what is usual for such votes; give --gold to fit it to yours"
    foreign = f", {found.n_foreign:,} of them for labels that nobody voted for" if found.n_foreign else ""
    return f"calibrated on {counted(found.n_gold, 'known label')}{foreign}"


def _tested(tested: Reliability) -> dict[str, Any]:
    return {
        "accuracy": _interval(tested.accuracy),
        "accuracy_of_certain": _interval(tested.of_sure),
        "ece": _measure(tested.ece),
        "nll": _measure(tested.nll),
        "brier": _measure(tested.brier),
        "reliability": [{"confidence": one.mean_score, **_interval(one.share)} for one in tested.bins],
    }


def _interval(found: Interval) -> dict[str, Any]:
    return {"value": found.estimate, "low": found.low, "high": found.high, "n": found.n}


def _measure(found: Measure) -> dict[str, Any]:
    return {"value": found.value, "low": found.low, "high": found.high, "n": found.n, "note": found.note}


def _share(found: Interval) -> str:
    if found.estimate is None or found.low is None or found.high is None:
        return "not known: no such task has a known label"
    ends = f"{100 * found.low:.2f} to {100 * found.high:.2f}"
    return f"{100 * found.estimate:.2f}% ({ends}) of {counted(found.n, 'task')}"


def _in_words(found: Measure) -> str:
    if found.value is None:
        return found.note
    if found.low is None or found.high is None:
        return f"{found.value:.4f}; {found.note}"
    return f"{found.value:.4f} ({found.low:.4f} to {found.high:.4f})"


def _agreement(found: Measure) -> str:
    if found.value is None:
        return f"Krippendorff's alpha is not known: {found.note}"
    return f"Krippendorff's alpha {_in_words(found)}"


def _or_none(value: float) -> float | None:
    return None if isnan(value) else round(float(value), 6)
