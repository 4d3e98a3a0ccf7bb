"""`goldsmith suspects`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from goldsmith.cli.messages import say_json
from goldsmith.cli.options import JsonOption, new_app
from goldsmith.cli.suspecting import facts_of, tell_suspects, write_suspects
from goldsmith.quality.assay import assay, skills_of
from goldsmith.quality.suspects import Suspects, suspect_answers, suspect_labels
from goldsmith.quality.suspects.probability_files import read_probabilities
from goldsmith.quality.vote_files import read_labels, read_votes

app = new_app()


@app.command()
def suspects(
    votes: Annotated[
        Path,
        typer.Argument(
            help="A file with the columns task, annotator and label: CSV, JSONL or Parquet.", metavar="VOTES"
        ),
    ],
    *,
    labels: Annotated[
        Path | None,
        typer.Option(
            help="The labels to check: a file with the columns task and label. Without it, single answers are checked.",
            metavar="FILE",
        ),
    ] = None,
    gold: Annotated[
        Path | None, typer.Option(help="Known labels to calibrate on: a file with task and label.", metavar="FILE")
    ] = None,
    probabilities: Annotated[
        Path | None,
        typer.Option(
            help="What a classifier says that has not seen these labels: a file with task and a column for each class.",
            metavar="FILE",
        ),
    ] = None,
    model: Annotated[
        list[str] | None,
        typer.Option(help="An annotator that is a model; may be given more than once.", metavar="ANNOTATOR"),
    ] = None,
    limit: Annotated[int, typer.Option(help="How many suspects at most.", min=1)] = 50,
    out: Annotated[
        Path | None,
        typer.Option(help="Write the suspects with the evidence: .csv, .jsonl or .parquet.", metavar="FILE"),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seeds ties and intervals; the same seed, the same result.", min=0)] = 0,
    as_json: JsonOption = False,
) -> None:
    """Rank labels or answers that are likely wrong, with the evidence.

    A label is as suspect as the calibrated consensus of the votes, and of a classifier where there is one, is against
    it. Beside it stand the label that it should be and who answered what, the most reliable annotators first.
    """
    found = _found(votes, labels, gold, probabilities, models=model or (), limit=limit, seed=seed)
    if out is not None:
        write_suspects(out, found)
    if as_json:
        say_json(facts_of(found))
    else:
        tell_suspects(found, "answer" if labels is None else "label")


def _found(
    votes: Path,
    labels: Path | None,
    gold: Path | None,
    probabilities: Path | None,
    *,
    models: Sequence[str],
    limit: int,
    seed: int,
) -> Suspects:
    """The suspects among the labels of a file, or among single answers without one."""
    given = read_votes(votes)
    known = None if gold is None else read_labels(gold)
    to_check = None if labels is None else read_labels(labels)
    by_classifier = None if probabilities is None else read_probabilities(probabilities, given)
    assayed = assay(given, gold=known, seed=seed)
    skills, posterior = skills_of(assayed, known, seed=seed), assayed.posterior
    if to_check is None:
        return suspect_answers(given, posterior, skills=skills, models=models, probabilities=by_classifier, limit=limit)
    return suspect_labels(
        given, posterior, to_check, skills=skills, models=models, probabilities=by_classifier, limit=limit
    )
