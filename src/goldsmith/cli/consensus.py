"""`goldsmith consensus`."""

from pathlib import Path
from typing import Annotated

import typer

from goldsmith.cli.assaying import facts_of, tell_assay, write_labels, write_report
from goldsmith.cli.messages import say_json
from goldsmith.cli.options import JsonOption, new_app
from goldsmith.quality.assay import AUTO, assay
from goldsmith.quality.vote_files import read_answers, read_labels

app = new_app()


@app.command()
def consensus(
    votes: Annotated[
        Path,
        typer.Argument(
            help="A file with the columns task, annotator and label: CSV, JSONL or Parquet.", metavar="VOTES"
        ),
    ],
    *,
    truth: Annotated[
        Path | None,
        typer.Option(help="Known labels to measure by: a file with the columns task and label.", metavar="FILE"),
    ] = None,
    gold: Annotated[
        Path | None,
        typer.Option(help="Known labels to calibrate on, likewise; not counted in --truth.", metavar="FILE"),
    ] = None,
    method: Annotated[str, typer.Option(help="The method; 'auto' takes what suits the votes.")] = AUTO,
    out: Annotated[
        Path | None,
        typer.Option(help="Write task, label, confidence, n_answers: .csv, .jsonl or .parquet.", metavar="FILE"),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write a report to look at, one HTML file.", metavar="FILE")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seeds ties and intervals; the same seed, the same result.", min=0)] = 0,
    as_json: JsonOption = False,
) -> None:
    """Infer the label of every task from votes, with calibrated confidence.

    The confidence is fitted to the known labels of --gold, and to what is usual for such votes without them. Known
    labels are not shown to the method.
    """
    answers = read_answers(votes)
    known = None if gold is None else read_labels(gold)
    true = None if truth is None else read_labels(truth)
    found = assay(answers.votes(), method=method, gold=known, truth=true, seed=seed)
    if out is not None:
        write_labels(out, found, answers.tasks_in_order())
    if report is not None:
        write_report(report, found, title=votes.name, gold=known)
    if as_json:
        say_json(facts_of(found))
    else:
        tell_assay(found)
