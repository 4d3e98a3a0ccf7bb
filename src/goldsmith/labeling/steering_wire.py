"""What steers the queue beside the policy: pauses, priorities, skills, and items kept for somebody."""

from typing import Literal

from goldsmith.labeling.wire import AnnotatorName, Wire


class NewPause(Wire, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether a project is paused, and why."""

    is_paused: bool
    reason: str = ""


class NewRouting(Wire, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What some items get: a priority, the skill that they ask for, or both; what is not said stays.

    Attributes:
        item_ids: 1 to 5,000 items of the project.
        priority: -1,000 to 1,000; the higher comes first, whatever the order inside one priority. New items have 0.
        skill: the tag that an annotator has to have; an empty one lets everybody answer.
    """

    item_ids: list[str]
    priority: int | None = None
    skill: str | None = None


class Routed(Wire, frozen=True, kw_only=True):
    """How many items were changed; the others were like that already."""

    n_items: int
    n_changed: int


class NewAssignment(Wire, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For whom an item is kept, by their pseudonym; None lets everybody have it again."""

    annotator: str | None
    reason: str = ""


class NewRelease(Wire, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why the leases of an item end; only those of one annotator when a pseudonym is named."""

    reason: str
    annotator: str | None = None


class Released(Wire, frozen=True, kw_only=True):
    """How many leases ended. Answers under way are kept all the same when they come."""

    n_leases: int


class LeaseRow(Wire, frozen=True, kw_only=True):
    """Who holds an item just now."""

    id: str
    item_id: str
    external_id: str
    title: str
    annotator: AnnotatorName
    purpose: Literal["label", "audit", "review", "adjudicate"]
    since: int
    leased_until: int


class LeaseRows(Wire, frozen=True, kw_only=True):
    """Who holds what, the lease that ends first first."""

    rows: list[LeaseRow]


class Reason(Wire, frozen=True, kw_only=True):
    """One reason why somebody gets an item or does not."""

    code: str
    text: str
    is_obstacle: bool


class WhyItem(Wire, frozen=True, kw_only=True):
    """Whether somebody gets an item, and why.

    Attributes:
        gets: whether nothing stands in the way.
        n_before: how many open items come before it in the queue, counted up to 10,000; None where it is in no queue.
    """

    gets: bool
    text: str
    reasons: list[Reason]
    n_before: int | None
