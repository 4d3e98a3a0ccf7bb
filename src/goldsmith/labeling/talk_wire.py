"""What people say about items beside answering them: threads of comments, and contests of gold."""

from typing import Any, Literal

from goldsmith.labeling.wire import Json, Wire


class Anchor(Wire, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a thread is about inside an item: a question, and the region of its answer that is meant."""

    question: str
    region: Json | None = None


class NewThread(Wire, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A thread with its first comment; `id` is made by the client and names both.

    Attributes:
        annotation: the key (from a lease) or the id of the answers that it is about: their annotator sees it.
        anchor: the question, or the region of it, that it is about.
    """

    id: str
    text: str
    annotation: str | None = None
    anchor: Anchor | None = None


class NewComment(Wire, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A comment to a thread; `id` is made by the client, so that sending it twice stores it once."""

    id: str
    text: str


class ThreadChange(Wire, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether a thread is resolved."""

    state: Literal["open", "resolved"]


class Comment(Wire, frozen=True, kw_only=True):
    """A comment.

    Attributes:
        voice: whether it was said as an annotator or as a reviewer.
        author: the pseudonym, for those who see all annotations.
    """

    id: str
    voice: Literal["annotator", "reviewer"]
    is_yours: bool
    author: str | None
    text: str
    created_at: int


class Thread(Wire, frozen=True, kw_only=True):
    """Comments about an item, about answers to it, or about a region.

    Attributes:
        is_about_you: whether your answers are meant.
        is_return: whether it began with answers that came back.
    """

    id: str
    item_id: str
    external_id: str
    title: str
    anchor: Anchor | None
    state: Literal["open", "resolved"]
    is_about_you: bool
    is_return: bool
    created_at: int
    changed_at: int
    comments: list[Comment]


class ThreadRows(Wire, frozen=True, kw_only=True):
    """The threads of an item."""

    rows: list[Thread]


class ThreadPage(Wire, frozen=True, kw_only=True):
    """A page of threads, the one that changed last first."""

    rows: list[Thread]
    next: str | None


class NewContest(Wire, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That the known answers of an item are wrong, and why; `id` is made by the client."""

    id: str
    reason: str


class Contest(Wire, frozen=True, kw_only=True):
    """A contest of gold.

    Attributes:
        state: `open` until an adjudicator has decided, then `changed` or `upheld`.
        resolution: what the adjudicator said to it.
    """

    id: str
    item_id: str
    external_id: str
    title: str
    reason: str
    state: Literal["open", "changed", "upheld"]
    created_at: int
    resolved_at: int | None
    resolution: str | None
    is_yours: bool


class ContestCounts(Wire, frozen=True, kw_only=True):
    """How many contests there are, by what became of them."""

    open: int
    changed: int
    upheld: int


class ContestRows(Wire, frozen=True, kw_only=True):
    """Contests, newest first, at most 500.

    Attributes:
        counts: of all that the caller may see, in whatever state and however many.
    """

    rows: list[Contest]
    counts: ContestCounts


class GoldFeedback(Wire, frozen=True, kw_only=True):
    """Gold that you answered otherwise than it is known."""

    item_id: str
    title: str
    question: str
    yours: Any
    known: Any
    note: str
    is_contested: bool
    answered_at: int


class GoldFeedbackRows(Wire, frozen=True, kw_only=True):
    """Gold that you answered otherwise, newest first; `is_shown` says whether the policy shows it at all."""

    rows: list[GoldFeedback]
    is_shown: bool
