"""`goldsmith project`."""

from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from goldsmith.cli.doors import connected
from goldsmith.cli.following import following
from goldsmith.cli.messages import counted, one_line, say, say_json, say_rows, say_table
from goldsmith.cli.options import DEFAULT_VAULT, HomeOption, JsonOption, ProjectOption, VaultOption, new_app, where
from goldsmith.cli.qualities import read_gold, tell_gold, tell_quality
from goldsmith.cli.steering import ProjectArgument, list_reviews, pause_project, resume_project
from goldsmith.cli.texts import read_text, read_values
from goldsmith.cli.values import choice_schema, model_of, settings_of
from goldsmith.errors import InputError
from goldsmith.labeling.progress_wire import Progress

app = new_app("Projects: make, show, steer and measure them.")


@app.command("list")
def list_projects(*, home: HomeOption = None, vault: VaultOption = DEFAULT_VAULT, as_json: JsonOption = False) -> None:
    """List the projects, the newest first."""
    with connected(where(home, vault)) as door:
        cards = door.vault.projects()
    if as_json:
        say_rows(cards)
        return
    if not cards:
        say("There is no project yet. Make one with `goldsmith project create`, or run a recipe.")
        return
    heading = ("project", "name", "items", "answered", "certain", "need people", "release")
    say_table(
        heading,
        [
            (
                card.slug,
                one_line(card.name, 40),
                f"{card.n_items:,}",
                f"{card.n_answered:,}",
                f"{card.n_certain:,}",
                f"{card.n_need_people:,}",
                card.latest_release or "",
            )
            for card in cards
        ],
    )


@app.command("show")
def show_project(
    project: ProjectArgument = None,
    *,
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    as_json: JsonOption = False,
) -> None:
    """Show how far it is, what is left and why, and how good."""
    with connected(where(home, vault)) as door:
        opened = door.project(project)
        shown, progress = opened.show(), opened.progress()
    if as_json:
        say_json({"project": shown, "progress": progress})
        return
    say(f"{one_line(shown.name)} ({shown.slug})")
    _tell(progress)


@app.command("create")
def create_project(
    name: Annotated[str, typer.Argument(help="What people call it.")],
    *,
    schema: Annotated[
        Path | None, typer.Option(help="A YAML or JSON file with `fields` and `questions`.", metavar="FILE")
    ] = None,
    field: Annotated[str, typer.Option(help="The column to show, for a project of one choice question.")] = "text",
    question: Annotated[str | None, typer.Option(help="That question.", metavar="TEXT")] = None,
    option: Annotated[list[str] | None, typer.Option(help="An answer to it; give several.", metavar="TEXT")] = None,
    guideline: Annotated[Path | None, typer.Option(help="How to answer, a Markdown file.", metavar="FILE")] = None,
    policy: Annotated[
        list[str] | None, typer.Option("--set", help="A part of the policy, such as overlap=2.", metavar="NAME=VALUE")
    ] = None,
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    as_json: JsonOption = False,
) -> None:
    """Make a project, from a schema file or with one choice question.

    For example: goldsmith project create Reviews --question "How does it sound?" --option good --option bad
    """
    wanted = _schema(schema, field, question, option or [])
    text = "" if guideline is None else read_text(guideline, "guideline")
    with connected(where(home, vault), makes_home=True) as door:
        made = door.vault.create_project(name, wanted, guideline=text, policy=settings_of(policy or [])).show()
    if as_json:
        say_json(made)
        return
    say(f"Made the project {made.slug}. Fill it with: goldsmith import FILE --project {made.slug}")


@app.command("infer")
def infer_project(
    project: ProjectArgument = None,
    *,
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    as_json: JsonOption = False,
) -> None:
    """Infer the consensus anew. A server does that by itself when answers come in."""
    with connected(where(home, vault), runs_jobs=True) as door:
        opened = door.project(project)
        with following(door, is_quiet=as_json) as show:
            opened.infer(show)
        progress = opened.progress()
    if as_json:
        say_json(progress)
        return
    _tell(progress)


@app.command("annotate")
def annotate_project(
    project: ProjectArgument = None,
    *,
    model: Annotated[
        list[str],
        typer.Option(
            help="A model annotator with its parameters, such as text-classifier:question=mood.", metavar="MODEL"
        ),
    ],
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    as_json: JsonOption = False,
) -> None:
    """Let model annotators answer the items. They are named as programs wherever their answers go."""
    models = [model_of(text) for text in model]
    with connected(where(home, vault), runs_jobs=True) as door:
        opened = door.project(project)
        with following(door, is_quiet=as_json) as show:
            result = opened.annotate(models, show).result or {}
            opened.infer(show)
        progress = opened.progress()
    if as_json:
        say_json({**result, "progress": progress})
        return
    for name, answered in result["models"].items():
        say(f"  {answered['n_answers']:,} by the program {name} ({answered['n_new']:,} new)")
    _tell(progress)


@app.command("policy")
def change_policy(
    project: ProjectArgument = None,
    *,
    changes: Annotated[
        list[str] | None, typer.Option("--set", help="What to change, such as overlap=2.", metavar="NAME=VALUE")
    ] = None,
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    as_json: JsonOption = False,
) -> None:
    """Show the policy, or change parts of it.

    It says how many answers an item gets, from whom, and in which order.
    """
    wanted = settings_of(changes or [])
    with connected(where(home, vault)) as door:
        opened = door.project(project)
        shown = opened.show()
        if wanted:
            shown = opened.set_policy({**msgspec.to_builtins(shown.policy), **wanted})
    if as_json:
        say_json({"policy": shown.policy, "policy_version": shown.policy_version})
        return
    say(f"Policy of {shown.slug}, version {shown.policy_version}:")
    for name, value in msgspec.to_builtins(shown.policy).items():
        say(f"  {name} = {msgspec.json.encode(value).decode()}")


@app.command("audit")
def draw_audit(
    project: ProjectArgument = None,
    *,
    n: Annotated[int, typer.Option("--n", help="How many items to draw.", min=1)] = 50,
    seed: Annotated[int, typer.Option(help="What the draw depends on; the same seed draws the same items.")] = 1,
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    as_json: JsonOption = False,
) -> None:
    """Draw an audit sample, to estimate the accuracy from.

    Experts answer it with `goldsmith label --audit` or in the browser.
    """
    with connected(where(home, vault)) as door:
        drawn = door.project(project).draw_audit(n, seed=seed)
    if as_json:
        say_json(drawn)
        return
    say(f"Drew {drawn.n_drawn:,} of {counted(drawn.n_items, 'item')} with seed {drawn.seed}.")


@app.command("quality")
def show_quality(
    project: ProjectArgument = None,
    *,
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    as_json: JsonOption = False,
) -> None:
    """Show how good the labels are, who gave them, which to look at again, and what more answers would bring."""
    with connected(where(home, vault)) as door:
        found = door.project(project).quality()
    if as_json:
        say_json(found)
        return
    tell_quality(found)


@app.command("gold")
def give_gold(
    file: Annotated[
        Path, typer.Argument(help="Known answers: a column `id` and one for each question.", metavar="FILE")
    ],
    *,
    project: ProjectOption = None,
    note_text: Annotated[str, typer.Option("--note", help="Where they come from.", metavar="TEXT")] = "",
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    as_json: JsonOption = False,
) -> None:
    """Store known answers as gold: they calibrate confidence and measure annotators, hidden among other items."""
    rows = read_gold(file)
    with connected(where(home, vault)) as door:
        report = door.project(project).give_gold(rows, note=note_text)
    if as_json:
        say_json(report)
    else:
        tell_gold(report)
    if report.n_rejected:
        raise typer.Exit(1)


app.command("pause")(pause_project)
app.command("resume")(resume_project)
app.command("reviews")(list_reviews)


def _schema(file: Path | None, field: str, question: str | None, options: list[str]) -> dict[str, Any]:
    if file is not None and question is None and not options:
        return read_values(file, "schema")
    if file is not None or question is None or not options:
        raise InputError("Give either --schema FILE, or --question TEXT with an --option TEXT for each answer.")
    return choice_schema(field, question, options)


def _tell(progress: Progress) -> None:
    say(
        f"  {counted(progress.n_items, 'item')}, {progress.n_answered:,} answered by people, "
        f"{progress.n_certain:,} certain, {progress.n_in_release:,} in the last release"
    )
    for reason in progress.not_finished:
        say(f"  {reason.n:,} {one_line(reason.text)}")
    for one in progress.annotators:
        agreement = "" if one.agreement is None else f", {one.agreement:.0%} like the consensus"
        who = f"the program {one.version or one.name}" if one.kind == "model" else one.name
        say(f"  {counted(one.n_answers, 'answer')} by {one_line(who, 60)}{agreement}")
    for measure in progress.measures:
        value = (
            one_line(measure.note)
            if measure.value is None
            else f"{measure.value:.2f}{_between(measure.low, measure.high)}"
        )
        say(f"  {measure.name} of {measure.question}: {value}")
    say(f"  accuracy: {one_line(progress.accuracy.text)}")


def _between(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f" ({low:.2f} to {high:.2f})"
