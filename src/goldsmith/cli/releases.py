"""`goldsmith release`."""

from pathlib import Path
from typing import Annotated

import typer

from goldsmith.cli.doors import connected
from goldsmith.cli.following import following
from goldsmith.cli.hints import verify_command
from goldsmith.cli.messages import counted, one_line, say, say_json, say_rows, say_table
from goldsmith.cli.options import DEFAULT_VAULT, HomeOption, JsonOption, ProjectOption, VaultOption, new_app, where
from goldsmith.kit.clock import as_iso

app = new_app("Releases: make, show and download them.")

VersionArgument = Annotated[str, typer.Argument(help="The release, such as v1.", metavar="VERSION")]


@app.command("make")
def make_release(
    *,
    project: ProjectOption = None,
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    as_json: JsonOption = False,
) -> None:
    """Freeze a project into a signed release. When nothing has changed it is the last one."""
    with connected(where(home, vault), runs_jobs=True) as door:
        opened = door.project(project)
        with following(door, is_quiet=as_json) as show:
            made = opened.release(show)
        shown = opened.show_release(made.release)
    command = verify_command(made.folder, shown)
    if as_json:
        say_json({"release": made, "certificate": shown.certificate, "verify": command})
        return
    if not made.is_new:
        say(f"Nothing has changed since {made.release}; no new release was made.")
    say(one_line(shown.certificate.summary))
    say(f"  folder   {made.folder}")
    say(f"  content  {made.content_root}")
    say(f"  verify   {command}")


@app.command("list")
def list_releases(
    *,
    project: ProjectOption = None,
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    as_json: JsonOption = False,
) -> None:
    """List the releases of a project, the newest first."""
    with connected(where(home, vault)) as door:
        cards = door.project(project).releases()
    if as_json:
        say_rows(cards)
        return
    if not cards:
        say("There is no release yet. Make one with `goldsmith release make`.")
        return
    rows = [
        (card.version, as_iso(card.created_at)[:10], f"{card.n_items:,}", card.content_root, card.accuracy_text)
        for card in cards
    ]
    say_table(("version", "made", "items", "content", "accuracy"), rows)


@app.command("show")
def show_release(
    version: VersionArgument,
    *,
    project: ProjectOption = None,
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    as_json: JsonOption = False,
) -> None:
    """Show a release's certificate, and how to verify it."""
    with connected(where(home, vault)) as door:
        shown = door.project(project).show_release(version)
    if as_json:
        say_json(shown)
        return
    certificate = shown.certificate
    say(one_line(certificate.summary))
    for one in certificate.who:
        say(f"  {counted(one.n_answers, 'answer')} by the {one.kind} {one_line(one.version or one.name)}")
    for one in certificate.agreement:
        say(f"  {one.name} of {one_line(one.question)}: {one_line(one.text)}")
    say(f"  accuracy: {one_line(certificate.accuracy.text)}")
    for limit in certificate.known_limits:
        say(f"  known limit: {one_line(limit)}")
    if shown.changes is not None and shown.since is not None:
        changes = shown.changes
        say(
            f"  since {shown.since}: {changes.n_added:,} items added, {changes.n_removed:,} removed, "
            f"{changes.n_changed:,} changed"
        )
    say(f"  content {certificate.content_root}, signed by {certificate.signed_by}")
    say("Verify it inside its folder:")
    say(f"  {shown.verify_commands[0]}")


@app.command("download")
def download_release(
    version: VersionArgument,
    *,
    out: Annotated[Path | None, typer.Option(help="The new folder; PROJECT-VERSION by default.", metavar="DIR")] = None,
    project: ProjectOption = None,
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    as_json: JsonOption = False,
) -> None:
    """Fetch all files of a release into a new folder, which can then be verified."""
    with connected(where(home, vault)) as door:
        opened = door.project(project)
        folder = out or Path(f"{opened.reference}-{version}")
        shown = opened.download_release(version, folder)
    command = verify_command(str(folder), shown)
    if as_json:
        say_json({"version": version, "folder": str(folder), "n_files": len(shown.files), "verify": command})
        return
    say(f"{counted(len(shown.files), 'file')} in {folder}. Verify them:")
    say(f"  {command}")
