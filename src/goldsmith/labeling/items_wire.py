"""What the routes of the item list take and give: saved views, bulk actions, and the history of one item."""

from typing import Any, Literal

import msgspec

from goldsmith.labeling.wire import Item, Wire

BulkKind = Literal[
    "priority",
    "skill",
    "tag",
    "untag",
    "ask",
    "return",
    "known",
    "set-aside",
    "remove",
    "restore",
    "release-leases",
]


class ViewBody(Wire, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a saved view shows.

    Attributes:
        where: a filter, as in the list of items.
        sort: the order, as in the list of items.
        columns: names of the columns that the table shows; empty for the usual ones.
        layout: a table, or a gallery of the items' pictures.
    """

    where: str = ""
    sort: str = "position"
    columns: list[str] = msgspec.field(default_factory=list[str])
    layout: Literal["table", "gallery"] = "table"


class NewView(ViewBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A view to save."""

    name: str
    is_shared: bool = False


class View(ViewBody, frozen=True, kw_only=True):
    """A saved view."""

    id: str
    name: str
    is_shared: bool
    is_own: bool
    created_at: int


class Views(Wire, frozen=True, kw_only=True):
    """The views that the caller can use, by name."""

    rows: list[View]


class Selection(Wire, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which items: those with these ids, or all that fit a filter."""

    items: list[str] | None = None
    where: str | None = None


class NewBulk(Wire, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something to do to many items.

    Attributes:
        kind: `priority`, `skill`, `tag` and `untag` set what the fields below say; `ask` asks for `n` more answers of
            people, `return` for one more than there are; `known` makes the consensus the known answer; `set-aside`
            leaves items out of the queue and of releases, `remove` out of lists too, `restore` takes both back;
            `release-leases` frees what annotators hold.
        selection: which items.
        priority: -1,000 to 1,000; more comes first.
        skill: the skill that annotators need; null for none.
        tags: tags to add, or to take away.
        n: how many more answers.
    """

    kind: BulkKind
    selection: Selection
    priority: int = 0
    skill: str | None = None
    tags: list[str] = msgspec.field(default_factory=list[str])
    n: int = 1


class Bulk(Wire, frozen=True, kw_only=True):
    """A bulk action, and what became of it.

    Attributes:
        selection: the filter, or how many items were chosen, in words.
        n_changed: items that it changed; the others were as asked already.
        n_restored: items that undoing it has brought back.
        n_kept: items that had changed since, which undoing it has left alone.
        job_id: the job that does it, when it concerns many items.
    """

    id: str
    created_at: int
    created_by: str
    kind: BulkKind
    parameters: dict[str, Any]
    selection: str
    n_changed: int
    n_unchanged: int
    undone_at: int | None
    undone_by: str | None
    n_restored: int | None
    n_kept: int | None
    kept: list[str] = msgspec.field(default_factory=list[str])
    job_id: str | None = None


class BulkPage(Wire, frozen=True, kw_only=True):
    """A page of bulk actions, newest first."""

    rows: list[Bulk]
    next: str | None


class ItemEvent(Wire, frozen=True, kw_only=True):
    """One thing that happened to an item.

    Attributes:
        kind: `imported`, `answered`, `skipped`, `audited`, `changed` (an answer was), `leased`, `known`,
            `unknown` (a known answer was taken back), or `bulk`; `accepted`, `fixed`, `returned` and `adjudicated` for
            reviews; `commented`, `resolved` and `reopened` for threads; `contested`, `upheld` and `overturned` for
            contests of what is known.
        actor: the pseudonym of who did it, where somebody did.
        detail: what is to be said of it: an annotation's id, the end of a lease, a bulk action's kind and values, whose
            answer was reviewed (`of`), what was said (`text`).
    """

    at: int
    kind: str
    actor: str | None
    detail: dict[str, Any]


class ItemHistory(Wire, frozen=True, kw_only=True):
    """An item with everything that happened to it, and its neighbours in a filter."""

    item: Item
    events: list[ItemEvent]
    previous: str | None
    next: str | None
    tags: list[str]
    skill: str | None
    priority: int
    aside: Literal["set_aside", "removed"] | None
    wanted: int
    current: list[str]


class FieldNames(Wire, frozen=True, kw_only=True):
    """A name that items can be filtered by, with its most frequent values."""

    name: str
    values: list[str]


class FilterNames(Wire, frozen=True, kw_only=True):
    """What the items of a project can be filtered by, besides its questions: columns, annotators, tags, reasons."""

    rows: list[FieldNames]
