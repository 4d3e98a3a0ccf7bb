"""`goldsmith refine`."""

from pathlib import Path
from typing import Annotated

import typer

from goldsmith.cli.lazy import DefaultGroup, loaded
from goldsmith.cli.options import DEFAULT_VAULT, HomeOption, JsonOption, VaultOption, new_app, where

StrictOption = Annotated[bool, typer.Option(help="End with exit code 3 when a document failed.")]

app = new_app("Refine the documents of a recipe, and nothing else.", group=DefaultGroup)


@app.command(DefaultGroup.default)
def refine(
    recipe: Annotated[
        str,
        typer.Argument(
            help="The recipe, a YAML file; with --preset the folder, file or address to refine.", metavar="RECIPE"
        ),
    ],
    *,
    preset: Annotated[
        str | None, typer.Option(help="Take a recipe that comes with Goldsmith, such as `web`.", metavar="NAME")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="A folder of your own for the result; no home is needed then.", metavar="DIR")
    ] = None,
    also: Annotated[
        list[str] | None,
        typer.Option(help="Write kept documents in this form, too: `jsonl`, `hf-datasets`.", metavar="SINK"),
    ] = None,
    strict: StrictOption = False,
    engine: Annotated[
        str, typer.Option(help="Where stages run: `local`, or `ray` for all nodes of a Ray cluster.", metavar="NAME")
    ] = "local",
    jobs: Annotated[
        int | None, typer.Option(help="Processes to use with --out; without it, one for each core.", min=1)
    ] = None,
    journal: Annotated[
        bool, typer.Option(help="Keep what makes the next run into DIR compute only what is new.")
    ] = True,
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    as_json: JsonOption = False,
) -> None:
    """Refine the documents of a recipe, and nothing else.

    The result is a folder: what was kept, dropped and failed as Parquet, each with its reason, and a report. After a
    kill the same command goes on where it was.
    """
    place = where(home, vault)
    refining = loaded("refining")
    refined = refining.refine_recipe(
        recipe,
        preset,
        also=also or (),
        out=out,
        place=place,
        using=refining.Using(engine, jobs, journal),
        is_quiet=as_json,
    )
    refining.tell_refined(refined, strict=strict, as_json=as_json)


@app.command()
def redecide(
    folder: Annotated[Path, typer.Argument(help="The folder of a finished run.", metavar="FOLDER")],
    recipe: Annotated[Path, typer.Argument(help="Its recipe, with other thresholds.", metavar="RECIPE")],
    *,
    out: Annotated[
        Path | None, typer.Option(help="Where the result goes; without it, into the same folder.", metavar="DIR")
    ] = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Decide anew with other thresholds, without computing scores again.

    The result is what `goldsmith refine` with this recipe would have written; only duplicates are compared again.
    """
    refining = loaded("refining")
    refined = refining.redecide_folder(folder, recipe, out=out, is_quiet=as_json)
    refining.tell_refined(refined, strict=strict, as_json=as_json)


@app.command()
def audit(
    folder: Annotated[Path, typer.Argument(help="The folder of a finished run.", metavar="FOLDER")],
    *,
    read: Annotated[bool, typer.Option("--read", help="Measure the filters by the answers so far.")] = False,
    n: Annotated[int, typer.Option("--n", help="How many documents to draw.", min=1)] = 300,
    seed: Annotated[int, typer.Option(help="Another seed draws other documents.", min=0)] = 0,
    overlap: Annotated[int, typer.Option(help="How many people answer for each document.", min=1, max=100)] = 1,
    blind: Annotated[bool, typer.Option("--blind", help="Hide the verdict from those who answer.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Draw anew, in place of an earlier audit.")] = False,
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    as_json: JsonOption = False,
) -> None:
    """Measure how right the filters of a run are, by the answers of people.

    Without --read, documents are drawn, most of them near the thresholds, and become a labelling project. With it, the
    answers give the precision and recall of every filter, as it is and with other thresholds, with intervals.
    """
    audits, place = loaded("refine_audits"), where(home, vault)
    if read:
        audits.read_answers(folder, place, as_json=as_json)
        return
    audits.draw_audit(folder, place, n=n, seed=seed, overlap=overlap, is_blind=blind, again=again, as_json=as_json)


@app.command()
def train(
    source: Annotated[
        str, typer.Argument(help="A project's short name, or a file of JSON lines (.jsonl, .jsonl.gz).", metavar="FROM")
    ],
    *,
    keep: Annotated[list[str], typer.Option(help="A label of wanted texts; give several.", metavar="LABEL")],
    out: Annotated[Path, typer.Option(help="Where the classifier goes.", metavar="FILE")],
    leave_out: Annotated[
        list[str] | None, typer.Option(help="A label to learn nothing from, such as cannot-say.", metavar="LABEL")
    ] = None,
    question: Annotated[
        str | None, typer.Option(help="The project's choice question, when there are several.", metavar="NAME")
    ] = None,
    text_field: Annotated[str, typer.Option(help="Where the text is.", metavar="NAME")] = "text",
    label_field: Annotated[str, typer.Option(help="Where the label is in a file.", metavar="NAME")] = "label",
    group_field: Annotated[
        str | None,
        typer.Option(help="What texts have in common that are measured together, such as a site.", metavar="NAME"),
    ] = None,
    seed: Annotated[int, typer.Option(help="Divides the texts for measuring.", min=0)] = 0,
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    as_json: JsonOption = False,
) -> None:
    """Train a classifier of wanted texts, for the stage `classifier`, on labelled ones.

    It learns from the consensus of a project, such as an audit, or from a file with a text and a label in each line.
    """
    training = loaded("refine_training")
    wanted = training.Wanted(
        keep=keep,
        leave_out=leave_out or [],
        question=question,
        text_field=text_field,
        label_field=label_field,
        group_field=group_field,
    )
    training.train_classifier(source, wanted, out, where(home, vault), seed=seed, is_json=as_json)


@app.command()
def show(
    folder: Annotated[Path, typer.Argument(help="The folder of a finished run.", metavar="FOLDER")],
    *,
    stage: Annotated[str | None, typer.Option(help="Documents that this stage stopped.", metavar="NAME")] = None,
    rule: Annotated[str | None, typer.Option(help="Documents that this rule stopped.", metavar="NAME")] = None,
    name: Annotated[
        str | None, typer.Option("--id", help="The document with this id, kept or not.", metavar="ID")
    ] = None,
    limit: Annotated[int, typer.Option(help="The most documents to show.", min=1, metavar="N")] = 10,
    skip: Annotated[int, typer.Option(help="Documents to pass over first.", min=0, metavar="N")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Show documents of a finished run: what stopped them, and where in their texts.

    Without a choice these are all that were dropped or failed. The places that show the reason are marked.
    """
    loaded("showing").show_chosen(folder, stage, rule, name, limit=limit, skip=skip, as_json=as_json)
