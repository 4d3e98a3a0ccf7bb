"""Talk about items: threads on an item, on somebody's answers or on a region, which are resolved and opened again.

An annotator sees the threads they began and those about their own answers; whoever else speaks there is "reviewer" or
"annotator". Reviewers see all.
"""

import base64
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, RowMapping

from goldsmith.errors import Conflict, InputError, NotFound
from goldsmith.kit.digest import canonical_json, sha256_hex
from goldsmith.kit.ids import is_uuid
from goldsmith.labeling.flows.annotations import Author
from goldsmith.labeling.model import MAX_COMMENT_LENGTH, LoadedProject, answers_key
from goldsmith.labeling.review_wire import NewReview
from goldsmith.labeling.store import items, reviews, threads
from goldsmith.labeling.talk_wire import Anchor, Comment, NewComment, NewThread, Thread, ThreadPage, ThreadRows
from goldsmith.labeling.workbench import Workbench
from goldsmith.store.units import UnitOfWork

MAX_PAGE = 100
_MAX_ANCHOR = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads or writes: as an annotator they see what concerns them, as a reviewer everything.

    Attributes:
        is_reviewer: whether they review in this project.
        sees_names: whether they may know the pseudonyms of others.
    """

    annotator_id: str
    is_reviewer: bool
    sees_names: bool

    @property
    def seen_by(self) -> str | None:
        """Whose threads are shown: all of them when it is None."""
        return None if self.is_reviewer else self.annotator_id


def start(
    unit: UnitOfWork, project: LoadedProject, item_id: str, new: NewThread, *, author: Author, reader: Reader
) -> Thread:
    """Begin a thread about an item; the same id again gives the thread as it is.

    Raises:
        InputError: the id is no UUID, the text is empty or too long, or the anchor is.
        NotFound: the project has no such item, or an annotator never had it before them; or there are no such answers.
        Conflict: the id was stored before with other content.
    """
    _check(new.id, new.text)
    anchor = _anchor(project, new.anchor)
    digest = _digest(new.id, item_id, new.text, anchor or "")
    before = threads.comment(unit.connection, new.id)
    if before is not None:
        return _repeated(unit.connection, project, before, digest=digest, reader=reader)
    items.item(unit.connection, project.id, item_id)
    if not reader.is_reviewer and not threads.knows_item(
        unit.connection, item_id=item_id, annotator_id=reader.annotator_id
    ):
        raise NotFound(f"There is no item {item_id[:80]!r} in this project.")
    values = {
        "id": new.id,
        "created_at": unit.now,
        "changed_at": unit.now,
        "project_id": project.id,
        "item_id": item_id,
        "author_id": reader.annotator_id,
        "about_id": _about(unit.connection, item_id, new, reader),
        "review_id": None,
        "anchor": anchor,
        "state": "open",
    }
    threads.add_thread(unit.connection, values)
    _say(unit, thread_id=new.id, comment=new, author=author, digest=digest, is_reviewer=reader.is_reviewer)
    return show(unit.connection, project, new.id, reader)


def reply(
    unit: UnitOfWork, project: LoadedProject, thread_id: str, new: NewComment, *, author: Author, reader: Reader
) -> Thread:
    """Add a comment to a thread; one that was resolved is open again. The same id again adds nothing.

    Raises:
        InputError: the id is no UUID, or the text is empty or too long.
        NotFound: there is no such thread, or it is not for the caller's eyes.
        Conflict: the id was stored before with other content.
    """
    _check(new.id, new.text)
    digest = _digest(new.id, thread_id, new.text, "")
    show(unit.connection, project, thread_id, reader)
    before = threads.comment(unit.connection, new.id)
    if before is not None:
        return _repeated(unit.connection, project, before, digest=digest, reader=reader)
    _say(unit, thread_id=thread_id, comment=new, author=author, digest=digest, is_reviewer=reader.is_reviewer)
    threads.touch(unit.connection, thread_id, unit.now, state="open")
    return show(unit.connection, project, thread_id, reader)


def change(
    unit: UnitOfWork, project: LoadedProject, thread_id: str, state: str, *, author: Author, reader: Reader
) -> Thread:
    """Resolve a thread, or open it again.

    Raises:
        NotFound: there is no such thread, or it is not for the caller's eyes.
    """
    before = show(unit.connection, project, thread_id, reader)
    if before.state != state:
        action = "thread.resolved" if state == "resolved" else "thread.opened"
        unit.record(actor=author.actor, action=action, object_id=thread_id, content=b"")
        threads.touch(unit.connection, thread_id, unit.now, state=state)
    return show(unit.connection, project, thread_id, reader)


def show(connection: Connection, project: LoadedProject, thread_id: str, reader: Reader) -> Thread:
    """One thread.

    Raises:
        NotFound: there is no such thread, or it is not for the caller's eyes.
    """
    row = threads.thread(connection, project.id, thread_id)
    if row is None or (not reader.is_reviewer and reader.annotator_id not in {row["author_id"], row["about_id"]}):
        raise NotFound("There is no such thread.")
    return _views(connection, [row], reader)[0]


def of_item(
    connection: Connection, project: LoadedProject, item_id: str, reader: Reader, *, only_own: bool = False
) -> ThreadRows:
    """The threads of an item that the caller may see; with `only_own` those that any annotator would see of theirs.

    Whoever labels asks for their own alone, so that a reviewer who labels answers as blindly as everybody else.

    Raises:
        NotFound: the project has no such item.
    """
    items.item(connection, project.id, item_id)
    seen_by = reader.annotator_id if only_own else reader.seen_by
    return ThreadRows(rows=_views(connection, threads.of_item(connection, item_id, seen_by=seen_by), reader))


def page(
    connection: Connection, project: LoadedProject, reader: Reader, *, state: str, cursor: str | None, limit: int
) -> ThreadPage:
    """A page of the threads of a project that the caller may see.

    Raises:
        InputError: the state, the limit or the cursor is not a possible one.
    """
    if state not in {"open", "resolved"}:
        raise InputError(f"state must be open or resolved, not {state[:40]!r}.")
    if not 1 <= limit <= MAX_PAGE:
        raise InputError(f"limit must be 1 to {MAX_PAGE}, not {limit}.")
    before = None if cursor is None else _place(cursor)
    rows = threads.newest(connection, project.id, state=state, seen_by=reader.seen_by, before=before, limit=limit + 1)
    shown = rows[:limit]
    next_cursor = None
    if len(rows) > limit:
        place = [shown[-1]["changed_at"], shown[-1]["id"]]
        next_cursor = base64.urlsafe_b64encode(msgspec.json.encode(place)).decode()
    return ThreadPage(rows=_views(connection, shown, reader), next=next_cursor)


def say_why_returned(
    unit: UnitOfWork, bench: Workbench, project: LoadedProject, *, author: Author, new: NewReview, about_id: str
) -> None:
    """Put the comment of a return into the thread about these answers, which the annotator sees."""
    open_ones = [
        row
        for row in threads.of_item(unit.connection, new.item_id, seen_by=about_id)
        if row["review_id"] is not None and row["about_id"] == about_id
    ]
    thread_id = open_ones[-1]["id"] if open_ones else bench.new_id()
    if not open_ones:
        values = {
            "id": thread_id,
            "created_at": unit.now,
            "changed_at": unit.now,
            "project_id": project.id,
            "item_id": new.item_id,
            "author_id": author.annotator_id,
            "about_id": about_id,
            "review_id": new.id,
            "anchor": None,
            "state": "open",
        }
        threads.add_thread(unit.connection, values)
    comment = NewComment(id=bench.new_id(), text=new.comment.strip())
    digest = _digest(comment.id, thread_id, comment.text, "")
    _say(unit, thread_id=thread_id, comment=comment, author=author, digest=digest, is_reviewer=True)
    threads.touch(unit.connection, thread_id, unit.now, state="open")


def _say(
    unit: UnitOfWork,
    *,
    thread_id: str,
    comment: NewThread | NewComment,
    author: Author,
    digest: str,
    is_reviewer: bool,
) -> None:
    content = bytes.fromhex(digest)
    leaf = unit.record(actor=author.actor, action="comment.added", object_id=comment.id, content=content)
    threads.add_comment(
        unit.connection,
        {
            "id": comment.id,
            "created_at": unit.now,
            "thread_id": thread_id,
            "author_id": author.annotator_id,
            "voice": "reviewer" if is_reviewer else "annotator",
            "body": comment.text,
            "content_sha256": digest,
            "leaf_seq": leaf.seq,
        },
    )


def _repeated(
    connection: Connection, project: LoadedProject, before: RowMapping, *, digest: str, reader: Reader
) -> Thread:
    if before["author_id"] != reader.annotator_id or before["content_sha256"] != digest:
        raise Conflict(
            f"Comment {before['id']} was stored before with other content, which stays as it is.",
            hint="Send this one under a new id; then both are kept.",
        )
    return show(connection, project, before["thread_id"], reader)


def _about(connection: Connection, item_id: str, new: NewThread, reader: Reader) -> str | None:
    """Whose answers a thread is about."""
    if new.annotation is None:
        return None if reader.is_reviewer else reader.annotator_id
    for row in reviews.answers_ever(connection, item_id):
        if new.annotation in {row["id"], answers_key(reader.annotator_id, item_id, row["id"])}:
            if not reader.is_reviewer and row["annotator_id"] != reader.annotator_id:
                break
            return row["annotator_id"]
    raise NotFound(f"Nobody gave the answers {new.annotation[:40]!r} to this item.")


def _anchor(project: LoadedProject, anchor: Anchor | None) -> str | None:
    if anchor is None:
        return None
    names = [question.name for question in project.schema.questions]
    if anchor.question not in names:
        raise InputError(f"There is no question {anchor.question[:80]!r}; the project asks {', '.join(names)}.")
    text = canonical_json(anchor).decode()
    if len(text) > _MAX_ANCHOR:
        raise InputError(f"An anchor has at most {_MAX_ANCHOR:,} characters of JSON; this one has {len(text):,}.")
    return text


def _check(comment_id: str, text: str) -> None:
    if not is_uuid(comment_id):
        raise InputError(f"id must be a lower-case UUID that the client makes, not {comment_id[:80]!r}.")
    if not text.strip():
        raise InputError("The comment is empty; write something.")
    if len(text) > MAX_COMMENT_LENGTH or "\x00" in text:
        raise InputError(f"A comment has at most {MAX_COMMENT_LENGTH:,} characters, and no NUL among them.")


def _digest(*parts: str) -> str:
    return sha256_hex(canonical_json(list(parts)))


def _place(cursor: str) -> tuple[int, str]:
    try:
        return msgspec.json.decode(
            base64.b64decode(cursor.encode(), altchars=b"-_", validate=True), type=tuple[int, str]
        )
    except (msgspec.DecodeError, ValueError) as error:
        raise InputError("The cursor is not one that this server gave; start again without it.") from error


def _views(connection: Connection, rows: list[RowMapping], reader: Reader) -> list[Thread]:
    said: dict[str, list[Comment]] = {row["id"]: [] for row in rows}
    for row in threads.comments_of(connection, [*said]) if said else []:
        said[row["thread_id"]].append(
            Comment(
                id=row["id"],
                voice=row["voice"],
                is_yours=row["author_id"] == reader.annotator_id,
                author=row["name"] if reader.sees_names else None,
                text=row["body"],
                created_at=row["created_at"],
            )
        )
    return [
        Thread(
            id=row["id"],
            item_id=row["item_id"],
            external_id=row["external_id"],
            title=row["title"],
            anchor=None if row["anchor"] is None else msgspec.json.decode(row["anchor"], type=Anchor),
            state=row["state"],
            is_about_you=row["about_id"] == reader.annotator_id,
            is_return=row["review_id"] is not None,
            created_at=row["created_at"],
            changed_at=row["changed_at"],
            comments=said[row["id"]],
        )
        for row in rows
    ]
