"""Commands that steer who gets which items: pauses, priorities, skills, and items that are kept for somebody."""

from itertools import islice
from typing import Annotated, Literal

import typer

from goldsmith.cli.doors import connected
from goldsmith.cli.messages import counted, one_line, say, say_json, say_rows, say_table
from goldsmith.cli.options import DEFAULT_VAULT, HomeOption, JsonOption, ProjectOption, VaultOption, where
from goldsmith.errors import InputError
from goldsmith.kit.clock import as_iso
from goldsmith.labeling.review_wire import ReviewEvent
from goldsmith.labeling.steering_wire import WhyItem

ProjectArgument = Annotated[
    str | None, typer.Argument(help="The project's short name; not needed when there is only one.", metavar="PROJECT")
]
ItemArgument = Annotated[str, typer.Argument(help="The item's id, as `items list` shows it.", metavar="ID")]
ReasonOption = Annotated[str, typer.Option(help="Why, for the log.", metavar="TEXT")]
AnnotatorOption = Annotated[str | None, typer.Option(help="An annotator's pseudonym.", metavar="NAME")]

_ASSIGNED_TO = "`--to NAME` says for whom an item is kept; `--to-all` gives it to everybody again."


def pause_project(
    project: ProjectArgument = None,
    *,
    reason: ReasonOption = "",
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    as_json: JsonOption = False,
) -> None:
    """Hand out no new items until `project resume`; answers under way are kept."""
    with connected(where(home, vault)) as door:
        shown = door.project(project).pause(reason)
    if as_json:
        say_json(shown)
        return
    say(f"{shown.slug} is paused. Answers under way are kept; go on with: goldsmith project resume {shown.slug}")


def resume_project(
    project: ProjectArgument = None,
    *,
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    as_json: JsonOption = False,
) -> None:
    """Hand out items again."""
    with connected(where(home, vault)) as door:
        shown = door.project(project).resume()
    if as_json:
        say_json(shown)
        return
    say(f"{shown.slug} hands out items again.")


def list_reviews(
    project: ProjectArgument = None,
    *,
    limit: Annotated[int, typer.Option(help="How many at most.", min=1)] = 20,
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    as_json: JsonOption = False,
) -> None:
    """List what reviewers and adjudicators decided, the newest first."""
    with connected(where(home, vault)) as door:
        events = list(islice(door.project(project).reviews(), limit))
    if as_json:
        say_rows(events)
        return
    if not events:
        say("Nothing has been reviewed yet.")
        return
    say_table(("when", "item", "reviewer", "decision", "comment"), [_row(event) for event in events])


def route_items(
    ids: Annotated[list[str], typer.Argument(help="Ids of items, as `items list` shows them.", metavar="ID...")],
    *,
    project: ProjectOption = None,
    priority: Annotated[
        int | None, typer.Option(help="The higher comes first; new items have 0.", min=-1_000, max=1_000)
    ] = None,
    skill: Annotated[
        str | None, typer.Option(help='The skill that an annotator has to have; "" asks for none.', metavar="NAME")
    ] = None,
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    as_json: JsonOption = False,
) -> None:
    """Give items a priority, or the skill that they ask for."""
    if priority is None and skill is None:
        raise InputError("Say what the items get: `--priority N`, `--skill NAME`, or both.")
    with connected(where(home, vault)) as door:
        routed = door.project(project).route(ids, priority=priority, skill=skill)
    if as_json:
        say_json(routed)
        return
    same = routed.n_items - routed.n_changed
    say(f"Changed {counted(routed.n_changed, 'item')}" + (f"; {same:,} had that already." if same else "."))


def assign_item(
    item_id: ItemArgument,
    *,
    to: AnnotatorOption = None,
    to_all: Annotated[bool, typer.Option("--to-all", help="Let everybody have it again.")] = False,
    project: ProjectOption = None,
    reason: ReasonOption = "",
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    as_json: JsonOption = False,
) -> None:
    """Keep an item for one annotator, or let everybody have it again."""
    if (to is None) != to_all:
        raise InputError(f"Say for whom it is: {_ASSIGNED_TO}")
    with connected(where(home, vault)) as door:
        door.project(project).assign(item_id, to, reason=reason)
    if as_json:
        say_json({"item_id": item_id, "annotator": to})
        return
    say(f"{item_id} is for everybody again." if to is None else f"{item_id} is kept for {one_line(to)}.")


def explain_item(
    item_id: ItemArgument,
    *,
    annotator: AnnotatorOption = None,
    purpose: Annotated[Literal["label", "audit", "review", "adjudicate"], typer.Option(help="What for.")] = "label",
    project: ProjectOption = None,
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    as_json: JsonOption = False,
) -> None:
    """Say whether you, or an annotator, get an item, and what stands in the way."""
    with connected(where(home, vault)) as door:
        why = door.project(project).why(item_id, purpose=purpose, annotator=annotator)
    if as_json:
        say_json(why)
        return
    _tell(why)


def _row(event: ReviewEvent) -> tuple[str, str, str, str, str]:
    decision = event.decision if event.applies else f"{event.decision} (without effect)"
    return (
        as_iso(event.created_at),
        event.item_id,
        one_line(event.reviewer.name, 30),
        decision,
        one_line(event.comment, 48),
    )


def _tell(why: WhyItem) -> None:
    say(one_line(why.text))
    for reason in why.reasons:
        say(f"  {'-' if reason.is_obstacle else '+'} {one_line(reason.text)}")
    if why.n_before is not None:
        say(f"  {counted(why.n_before, 'open item')} before it{' or more' if why.n_before >= 10_000 else ''}")
