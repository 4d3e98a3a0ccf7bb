"""`goldsmith import`."""

from pathlib import Path
from typing import Annotated

import typer

from goldsmith.cli.doors import connected
from goldsmith.cli.messages import counted, note, one_line, say, say_json
from goldsmith.cli.options import DEFAULT_VAULT, HomeOption, JsonOption, ProjectOption, VaultOption, new_app, where
from goldsmith.labeling.wire import ImportReport
from goldsmith.sdk.uploads import FileFormat, is_table

app = new_app()

_MAX_SHOWN = 10


@app.command()
def import_file(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="A table (CSV, JSON lines, or a JSON array of objects); or images, audio and PDF files, folders of "
            "them, or a ZIP archive. A table beside them names the files in its columns.",
            metavar="FILE...",
        ),
    ],
    *,
    project: ProjectOption = None,
    id_column: Annotated[
        str | None,
        typer.Option(help="The column with each row's id; else it is made from the content.", metavar="NAME"),
    ] = None,
    form: Annotated[FileFormat | None, typer.Option("--format", help="When the file's name does not say it.")] = None,
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    as_json: JsonOption = False,
) -> None:
    """Import rows or media files as items; the same again imports nothing."""
    with connected(where(home, vault)) as door:
        opened = door.project(project)
        is_rows = form is not None or is_table(files[0])
        if len(files) == 1 and is_rows and not opened.takes_files():
            report = opened.import_file(files[0], form=form, id_column=id_column)
        else:
            report = opened.import_files(files, id_column=id_column)
    if as_json:
        say_json(report)
    else:
        _tell(report)
    if report.n_rejected or report.n_changed:
        raise typer.Exit(1)


def _tell(report: ImportReport) -> None:
    parts = [f"{report.n_accepted:,} imported", f"{report.n_duplicate:,} there already"]
    parts += [f"{report.n_changed:,} there with other content"] if report.n_changed else []
    parts += [f"{report.n_rejected:,} refused"] if report.n_rejected else []
    say(f"{counted(report.n_read, 'row')}: {', '.join(parts)}")
    for rejected in report.rejected[:_MAX_SHOWN]:
        note(f"  line {rejected.line:,}: {one_line(rejected.reason)}")
    n_more = report.n_rejected + report.n_changed - min(_MAX_SHOWN, len(report.rejected))
    if n_more > 0:
        note(f"  … and {n_more:,} more")
