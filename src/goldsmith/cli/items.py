"""`goldsmith items`."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import typer

from goldsmith.cli.doors import connected
from goldsmith.cli.files import written_whole
from goldsmith.cli.messages import counted, note, one_line, printable, say, say_json, say_table
from goldsmith.cli.options import DEFAULT_VAULT, HomeOption, JsonOption, ProjectOption, VaultOption, new_app, where
from goldsmith.cli.steering import assign_item, explain_item, route_items
from goldsmith.labeling.wire import Item, ItemRow

app = new_app("Items: list, show, route and export them.")

SORTS = ("position", "need", "confidence", "answers", "updated", "priority", "id")
State = Literal[
    "all",
    "open",
    "certain",
    "uncertain",
    "answered",
    "unanswered",
    "contested",
    "skipped",
    "known",
    "commented",
    "unresolved",
    "to-review",
    "in-rework",
    "to-adjudicate",
    "settled",
    "set-aside",
    "removed",
]

_TITLE = 48


@app.command("list")
def list_items(
    *,
    project: ProjectOption = None,
    sort: Annotated[
        str, typer.Option(help=f"What to sort by: {', '.join(SORTS)}; several with commas, `-` turns one round.")
    ] = "position",
    descending: Annotated[bool, typer.Option("--descending", help="The largest first.")] = False,
    conditions: Annotated[
        str, typer.Option("--where", help="Only items that fit this filter; see docs/items.md.", metavar="FILTER")
    ] = "",
    state: Annotated[State, typer.Option(help="Only items in this state.")] = "all",
    q: Annotated[str, typer.Option("--q", help="Only items whose text holds these words.", metavar="TEXT")] = "",
    label: Annotated[str | None, typer.Option(help="Only items with this consensus.", metavar="QUESTION:VALUE")] = None,
    limit: Annotated[int, typer.Option(help="How many at most.", min=1, max=500)] = 20,
    cursor: Annotated[str | None, typer.Option(help="The `next` of the page before, to go on.", metavar="TEXT")] = None,
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    as_json: JsonOption = False,
) -> None:
    """List items, sorted and filtered."""
    query: dict[str, str] = {"sort": sort, "direction": "desc" if descending else "asc", "state": state}
    query |= {"where": conditions} if conditions else {}
    query |= {"q": q} if q else {}
    query |= {"label": label} if label is not None else {}
    with connected(where(home, vault)) as door:
        page = door.project(project).item_page(query, limit=limit, cursor=cursor)
    if as_json:
        say_json(page)
        return
    say_table(("id", "text", "people", "programs", "confidence", "consensus"), [_row(row) for row in page.rows])
    if page.next is not None:
        total = "" if page.total is None and not page.at_least else f" of {page.total or page.at_least or 0:,}"
        total += "" if page.total is not None or not page.at_least else " or more"
        note(f"{counted(len(page.rows), 'item')}{total}; `--limit` shows more, `--json` also says how to go on")


@app.command("show")
def show_item(
    item_id: Annotated[str, typer.Argument(help="The item's id, as `items list` shows it.", metavar="ID")],
    *,
    project: ProjectOption = None,
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    as_json: JsonOption = False,
) -> None:
    """Show an item: its content, its answers and its consensus."""
    with connected(where(home, vault)) as door:
        item = door.project(project).item(item_id)
    if as_json:
        say_json(item)
        return
    for line in _lines(item):
        say(printable(line))


@app.command("export")
def export_items(
    *,
    project: ProjectOption = None,
    out: Annotated[
        Path | None, typer.Option(help="The file to write; standard output when it is not given.", metavar="FILE")
    ] = None,
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
) -> None:
    """Write all items with their answers as JSON lines.

    That is how things stand now, with the consensus. For data that others can check, make a release.
    """
    with connected(where(home, vault)) as door:
        parts = door.project(project).export()
        if out is None:
            for part in parts:
                sys.stdout.buffer.write(part)
            sys.stdout.flush()
            return
        n_bytes = written_whole(out, parts)
    say(f"Wrote {out}, {n_bytes:,} bytes.")


app.command("route")(route_items)
app.command("assign")(assign_item)
app.command("why")(explain_item)


def _row(row: ItemRow) -> tuple[str, str, str, str, str, str]:
    confidence = "" if row.confidence is None else f"{row.confidence:.0%}"
    said = ", ".join(f"{name}={_short(value)}" for name, value in (row.consensus or {}).items())
    contested = " (contested)" if row.is_contested else ""
    text = one_line(row.title, _TITLE)
    return row.id, text, str(row.n_people), str(row.n_models), confidence, one_line(said, _TITLE) + contested


def _lines(item: Item) -> Iterator[str]:
    yield f"item {item.id}, external id {item.external_id}"
    for name, value in item.payload.items():
        yield f"{name}: {value if isinstance(value, str) else _short(value)}"
    for said in item.consensus:
        value, n = _short(said.value), counted(said.n_answers, "answer")
        confidence = "" if said.confidence is None else f", {said.confidence:.0%} certain"
        yield f"consensus on {said.question}: {value}{confidence}, from {n}"
    for one in item.annotations:
        who = (
            f"the program {one.annotator.version or one.annotator.name}"
            if one.annotator.kind == "model"
            else one.annotator.name
        )
        yield f"{who}: {_short(one.answers) if one.outcome == 'answered' else f'skipped, {one.reason}'}"


def _short(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
