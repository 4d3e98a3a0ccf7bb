"""Review, adjudicate, talk and steer the queue of a project: the part of `Project` that looks at the work of others."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

from goldsmith.kit.ids import NewId
from goldsmith.labeling.lease_wire import Lease, LeaseRequest, Leases, StandingAnswers
from goldsmith.labeling.project_wire import ProjectFull
from goldsmith.labeling.review_wire import Decision, NewReview, ReviewEvent, ReviewPage, ReviewReceipt
from goldsmith.labeling.steering_wire import (
    LeaseRow,
    LeaseRows,
    NewAssignment,
    NewPause,
    NewRelease,
    NewRouting,
    Released,
    Routed,
    WhyItem,
)
from goldsmith.labeling.talk_wire import (
    Anchor,
    Contest,
    ContestRows,
    NewComment,
    NewContest,
    NewThread,
    Thread,
    ThreadChange,
    ThreadPage,
    ThreadRows,
)
from goldsmith.sdk.transport import Query, Transport

Values = dict[str, Any]  # Any: answers are the user's own JSON, which the server checks
T = TypeVar("T")

_PAGE = 100


class Reviewing:
    """What people do in a project beside answering its items. Part of `Project`."""

    _transport: Transport
    _path: str
    _new_id: NewId

    def lease_reviews(self, n: int = 1) -> Leases:
        """Up to `n` items (1 to 10) whose answers of others you are to review, or why there are none.

        Example:
            >>> for lease in project.lease_reviews().leases:  # doctest: +SKIP
            ...     project.accept(lease, lease.answers[0])
        """
        return self._look(LeaseRequest(n=n, purpose="review"))

    def lease_adjudications(self, n: int = 1, *, item_id: str | None = None) -> Leases:
        """Up to `n` contested items (1 to 10) that you have not answered, reviewed or contested; one may be named.

        Example:
            >>> contest = next(one for one in project.contests() if one.state == "open")  # doctest: +SKIP
            >>> lease = project.lease_adjudications(item_id=contest.item_id).leases[0]  # doctest: +SKIP
        """
        return self._look(LeaseRequest(n=n, purpose="adjudicate", item=item_id))

    def accept(self, lease: Lease, answers: StandingAnswers, *, active_ms: int = 0) -> ReviewReceipt:
        """Decide that somebody's answers stand; they are the label from now on."""
        return self._decide(lease, "accepted", answers, active_ms=active_ms)

    def fix(self, lease: Lease, of: StandingAnswers, answers: Values, *, comment: str = "") -> ReviewReceipt:
        """Decide by answers of your own; those of the annotator stay as they were."""
        return self._decide(lease, "fixed", of, answers=answers, comment=comment)

    def return_answers(self, lease: Lease, answers: StandingAnswers, comment: str) -> ReviewReceipt:
        """Give answers back to whoever gave them, with a comment on what shall be done otherwise."""
        return self._decide(lease, "returned", answers, comment=comment)

    def adjudicate(
        self, lease: Lease, answers: Values, *, taken: Mapping[str, StandingAnswers] | None = None, comment: str = ""
    ) -> ReviewReceipt:
        """Decide a contested item; `taken` says from whose answers the value of a question was taken."""
        keys = {question: one.key for question, one in (taken or {}).items()}
        return self._decide(lease, "adjudicated", None, answers=answers, comment=comment, taken=keys)

    def reviews(self) -> Iterator[ReviewEvent]:
        """What was decided about the project's answers, the newest first, page by page."""
        cursor: str | None = None
        while True:
            wanted: Query = {"cursor": cursor, "limit": _PAGE}
            page = self._transport.get(f"{self._path}/reviews", ReviewPage, wanted)
            yield from page.rows
            cursor = page.next
            if cursor is None:
                return

    def pause(self, reason: str = "") -> ProjectFull:
        """Hand out no new items until `resume`; answers under way are kept."""
        return self._put("pause", ProjectFull, NewPause(is_paused=True, reason=reason))

    def resume(self) -> ProjectFull:
        """Hand out items again."""
        return self._put("pause", ProjectFull, NewPause(is_paused=False))

    def route(self, item_ids: Sequence[str], *, priority: int | None = None, skill: str | None = None) -> Routed:
        """Give up to 5,000 items a priority (-1,000 to 1,000), or the skill that they ask for; "" asks for none.

        Example:
            >>> project.route([row.id for row in project.items(q="urgent")], priority=10)  # doctest: +SKIP
        """
        return self._put("routing", Routed, NewRouting(item_ids=list(item_ids), priority=priority, skill=skill))

    def assign(self, item_id: str, annotator: str | None, *, reason: str = "") -> None:
        """Keep an item for an annotator, by their pseudonym; None lets everybody have it again."""
        self._put(
            f"items/{quote(item_id, safe='')}/assignment",
            type(None),
            NewAssignment(annotator=annotator, reason=reason),
        )

    def end_leases(self, item_id: str, reason: str, *, annotator: str | None = None) -> Released:
        """End the leases of an item that others hold; what they send all the same is kept."""
        body = NewRelease(reason=reason, annotator=annotator)
        return self._transport.send("POST", f"{self._item(item_id)}/release", Released, body=body)

    def leases(self) -> list[LeaseRow]:
        """Who holds which items just now."""
        return self._transport.get(f"{self._path}/leases", LeaseRows).rows

    def why(self, item_id: str, *, purpose: str = "label", annotator: str | None = None) -> WhyItem:
        """Whether you, or an annotator, get an item, and what stands in the way."""
        wanted: Query = {"purpose": purpose, "annotator": annotator}
        return self._transport.get(f"{self._item(item_id)}/why", WhyItem, wanted)

    def threads(self, item_id: str) -> list[Thread]:
        """The comments on an item that you may see."""
        return self._transport.get(f"{self._item(item_id)}/threads", ThreadRows).rows

    def open_threads(self) -> Iterator[Thread]:
        """The open threads of the project that you may see, the one that changed last first, page by page."""
        cursor: str | None = None
        while True:
            wanted: Query = {"cursor": cursor, "limit": _PAGE}
            page = self._transport.get(f"{self._path}/threads", ThreadPage, wanted)
            yield from page.rows
            cursor = page.next
            if cursor is None:
                return

    def comment(
        self, item_id: str, text: str, *, about: StandingAnswers | None = None, anchor: Anchor | None = None
    ) -> Thread:
        """Begin a thread on an item, on somebody's answers, or on a region of an answer."""
        key = None if about is None else about.key
        new = NewThread(id=self._new_id(), text=text, annotation=key, anchor=anchor)
        return self._transport.send("POST", f"{self._item(item_id)}/threads", Thread, body=new, is_repeatable=True)

    def reply(self, thread: Thread, text: str) -> Thread:
        """Add a comment to a thread."""
        new = NewComment(id=self._new_id(), text=text)
        path = f"{self._path}/threads/{thread.id}/comments"
        return self._transport.send("POST", path, Thread, body=new, is_repeatable=True)

    def resolve(self, thread: Thread) -> Thread:
        """Say that a thread is done with; a further comment opens it again."""
        return self._put(f"threads/{thread.id}", Thread, ThreadChange(state="resolved"))

    def contest(self, item_id: str, reason: str) -> Contest:
        """Say that what is known of an item is wrong; it measures nobody until somebody else has decided."""
        new = NewContest(id=self._new_id(), reason=reason)
        return self._transport.send("POST", f"{self._item(item_id)}/contests", Contest, body=new, is_repeatable=True)

    def contests(self) -> list[Contest]:
        """The contests of gold that you may see, newest first."""
        return self._transport.get(f"{self._path}/contests", ContestRows).rows

    def _look(self, wanted: LeaseRequest) -> Leases:
        return self._transport.send("POST", f"{self._path}/leases", Leases, body=wanted, is_repeatable=True)

    def _decide(
        self,
        lease: Lease,
        decision: Decision,
        of: StandingAnswers | None,
        *,
        answers: Values | None = None,
        comment: str = "",
        taken: dict[str, str] | None = None,
        active_ms: int = 0,
    ) -> ReviewReceipt:
        new = NewReview(
            id=self._new_id(),
            item_id=lease.item_id,
            purpose="adjudicate" if decision == "adjudicated" else "review",
            decision=decision,
            annotation=None if of is None else of.key,
            answers=answers or {},
            taken=taken or {},
            comment=comment,
            lease_id=lease.id,
            active_ms=active_ms,
            schema_version=lease.schema_version,
            guideline_version=lease.guideline_version,
            policy_version=lease.policy_version,
        )
        return self._transport.send("POST", f"{self._path}/reviews", ReviewReceipt, body=new, is_repeatable=True)

    def _put(self, place: str, kind: type[T], body: object) -> T:
        return self._transport.send("PUT", f"{self._path}/{place}", kind, body=body)

    def _item(self, item_id: str) -> str:
        return f"{self._path}/items/{quote(item_id, safe='')}"
