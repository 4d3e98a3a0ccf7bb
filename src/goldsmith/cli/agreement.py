"""`goldsmith agreement`."""

from pathlib import Path
from typing import Annotated

import msgspec
import numpy as np
import typer

from goldsmith.cli.messages import counted, one_line, say, say_json, say_table
from goldsmith.cli.options import JsonOption, new_app
from goldsmith.quality.agreement import Level, measured_agreement
from goldsmith.quality.measures import Measure
from goldsmith.quality.vote_files import read_votes

app = new_app()


@app.command()
def agreement(
    votes: Annotated[
        Path,
        typer.Argument(
            help="A file with the columns task, annotator and label: CSV, JSONL or Parquet.", metavar="VOTES"
        ),
    ],
    *,
    level: Annotated[
        Level,
        typer.Option(help="What the labels are: names, grades, numbers, or numbers with a true zero."),
    ] = "nominal",
    order: Annotated[
        str | None,
        typer.Option(help="For grades that are no numbers: all labels from low to high, by commas.", metavar="LABELS"),
    ] = None,
    resamples: Annotated[int, typer.Option(help="How many resamples intervals rest on; 0 for none.", min=0)] = 1000,
    seed: Annotated[int, typer.Option(help="Draws the resamples; the same seed, the same intervals.", min=0)] = 0,
    as_json: JsonOption = False,
) -> None:
    """Measure how far annotators agree, from a file of their votes.

    Krippendorff's alpha of the level; for names also per cent, Fleiss' and the mean of Cohen's kappa, and Gwet's AC1.
    Intervals are at 95% and resample tasks. Where something cannot be measured, the reason stands in its place.
    """
    given = read_votes(votes)
    labels = None if order is None else [label.strip() for label in order.split(",")]
    rng = np.random.default_rng(seed)
    found = measured_agreement(given, rng=rng, level=level, order=labels, n_resamples=resamples)
    if as_json:
        shown = {
            "votes": given.n_votes,
            "tasks": given.n_tasks,
            "annotators": given.n_annotators,
            "classes": given.n_classes,
            "repeats": given.n_repeats,
            "level": level,
        }
        say_json({**shown, "measures": msgspec.to_builtins(found)})
        return
    repeats = f"; {counted(given.n_repeats, 'earlier answer')} replaced by later ones" if given.n_repeats else ""
    who = counted(given.n_annotators, "annotator")
    say(f"{counted(given.n_votes, 'vote')} by {who} on {counted(given.n_tasks, 'task')}{repeats}")
    say_table(["measure", "value", "95% interval", "tasks", "note"], [_row(one) for one in found])


def _row(measure: Measure) -> list[str]:
    value = "-" if measure.value is None else f"{measure.value:.4f}"
    between = "-" if measure.low is None or measure.high is None else f"{measure.low:.4f} to {measure.high:.4f}"
    return [measure.name, value, between, f"{measure.n:,}", one_line(measure.note)]
