"""`goldsmith route`."""

from pathlib import Path
from typing import Annotated

import typer

from goldsmith.cli.messages import say_json
from goldsmith.cli.options import JsonOption, new_app
from goldsmith.cli.route_telling import facts_of, purse_of, tell_routes, write_queue
from goldsmith.quality.routing import LiveConsensus, Routing, plan
from goldsmith.quality.vote_files import read_answers, read_labels, read_tasks

app = new_app()


@app.command()
def route(
    votes: Annotated[
        Path,
        typer.Argument(
            help="A file with the columns task, annotator and label: CSV, JSONL or Parquet.", metavar="VOTES"
        ),
    ],
    *,
    tasks: Annotated[
        Path | None,
        typer.Option(help="All tasks, also those without an answer: a file with the column task.", metavar="FILE"),
    ] = None,
    gold: Annotated[
        Path | None,
        typer.Option(help="Known labels to calibrate on: a file with the columns task and label.", metavar="FILE"),
    ] = None,
    target: Annotated[float, typer.Option(help="The calibrated confidence at which a task is done.")] = 0.95,
    cap: Annotated[int, typer.Option(help="The most answers that a task gets.")] = 10,
    start: Annotated[
        int | None, typer.Option(help="Answers that every task gets; 2, or 3 from five classes on, when not given.")
    ] = None,
    budget: Annotated[
        list[str] | None,
        typer.Option(help="Money to spend from now on, or answers without --price; may be given more than once."),
    ] = None,
    price: Annotated[str | None, typer.Option(help="What an answer costs, such as 0.05.")] = None,
    currency: Annotated[str, typer.Option(help="The currency of the price, for show.")] = "EUR",
    out: Annotated[Path | None, typer.Option(help="Write the queue: .csv, .jsonl or .parquet.", metavar="FILE")] = None,
    seed: Annotated[int, typer.Option(help="Orders level tasks and draws the plan.", min=0)] = 0,
    as_json: JsonOption = False,
) -> None:
    """Say which tasks need another answer, and what a budget of answers buys.

    Tasks with few answers come first, then those whose label is least sure for the answers it has. A task is done when
    it is certain, capped, or contested: then more answers change nothing, and an expert should look.
    """
    policy = Routing(start=start, target=target, cap=cap)
    purse = purse_of(budget or [], price=price, currency=currency)
    answers = read_answers(votes)
    given = answers.votes()
    known = None if gold is None else read_labels(gold)
    named = [] if tasks is None else read_tasks(tasks)
    live = LiveConsensus.from_votes(given, arrival=answers.arrivals(given), gold=known)
    answered = set(given.task_names)
    found = live.route(policy, unanswered=[name for name in named if name not in answered], seed=seed)
    n_unanswered = len(found.tasks) - given.n_tasks
    forecasts = plan(live, purse.n_answers(found), policy, n_unanswered=n_unanswered, seed=seed)
    if out is not None:
        write_queue(out, live, found)
    if as_json:
        say_json(facts_of(live, found, forecasts, purse))
    else:
        tell_routes(live, found, forecasts, purse)
