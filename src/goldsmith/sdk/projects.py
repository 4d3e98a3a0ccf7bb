"""One project: its items, the work on them, its progress and its releases."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from goldsmith.kit.ids import NewId, Uuid7
from goldsmith.labeling.lease_wire import Lease, LeaseExtended, LeaseRequest, Leases, NewAnnotation
from goldsmith.labeling.progress_wire import Progress
from goldsmith.labeling.project_wire import NewGuideline, NewPolicy, NewSchema, ProjectFull
from goldsmith.labeling.quality_wire import (
    GoldLine,
    GoldReport,
    GoldRow,
    GoldRows,
    NewGold,
    NewGoldRows,
    Quality,
)
from goldsmith.labeling.wire import AuditDrawn, ImportReport, Item, ItemPage, ItemRow, NewAudit, Receipt
from goldsmith.releases.wire import ReleaseCard, ReleaseRows, ReleaseView
from goldsmith.sdk.downloads import download
from goldsmith.sdk.reviewing import Reviewing
from goldsmith.sdk.transport import Query, Transport
from goldsmith.sdk.uploads import MEDIA_TYPES, FileFormat, encoded_rows, file_parts, format_of
from goldsmith.sdk.waiting import OnProgress, wait_for
from goldsmith.sdk.wire import NewAnnotate, ReleaseMade
from goldsmith.store.jobs import Job

Values = dict[str, Any]  # Any: schemas, policies and answers are the user's own JSON, which the server checks

_PAGE = 500
_MOST_GOLD = 5_000


class Project(Reviewing):
    """A project in a vault. Made by `Vault.project` and `Vault.create_project`."""

    def __init__(self, transport: Transport, vault_path: str, reference: str, *, new_id: NewId | None = None) -> None:
        self._transport = transport
        self.reference = reference
        self._vault_path = vault_path
        self._path = f"{vault_path}/projects/{quote(reference, safe='')}"
        self._new_id = new_id or Uuid7()

    def __repr__(self) -> str:
        return f"Project({self.reference!r})"

    def show(self) -> ProjectFull:
        """The project with its schema, guideline and policy."""
        return self._transport.get(self._path, ProjectFull)

    def progress(self) -> Progress:
        """How far it is, what is left and why, and how good it is."""
        return self._transport.get(f"{self._path}/progress", Progress)

    def quality(self) -> Quality:
        """How good its labels are: reliability, annotators, agreement, suspects, the audit, and what more would cost.

        Example:
            >>> for suspect in project.quality().questions[0].suspects:  # doctest: +SKIP
            ...     print(suspect.external_id, suspect.label, suspect.suggested)
        """
        return self._transport.get(f"{self._path}/quality", Quality)

    def give_gold(self, rows: Iterable[tuple[str, Values]], *, note: str = "") -> GoldReport:
        """Store known answers as gold, by the id of each row; what cannot be stored is named, the rest is stored.

        Gold calibrates confidence and measures annotators, hidden among other items; releases have its answers.

        Example:
            >>> report = project.give_gold([("t1", {"mood": "good"})], note="by Ada")  # doctest: +SKIP
        """
        reports: list[GoldReport] = []
        waiting = iter(rows)
        while part := [GoldLine(id=name, answers=answers) for name, answers in islice(waiting, _MOST_GOLD)]:
            new = NewGoldRows(rows=part, note=note)
            report = self._transport.send(
                "POST", f"{self._path}/known-answers", GoldReport, body=new, is_repeatable=True
            )
            n_before = sum(one.n_read for one in reports)
            moved = [msgspec.structs.replace(one, row=one.row + n_before) for one in report.rejected]
            reports.append(msgspec.structs.replace(report, rejected=moved))
        return GoldReport(
            n_read=sum(one.n_read for one in reports),
            n_stored=sum(one.n_stored for one in reports),
            n_unchanged=sum(one.n_unchanged for one in reports),
            n_rejected=sum(one.n_rejected for one in reports),
            rejected=[rejected for one in reports for rejected in one.rejected],
        )

    def decide(self, item_id: str, answers: Values, *, note: str = "") -> Item:
        """Decide the label of an item that you have looked at; it stays so whatever annotators answer.

        Example:
            >>> item = project.decide(suspect.item_id, {"mood": "bad"}, note="irony")  # doctest: +SKIP
        """
        new = NewGold(answers=answers, origin="review", note=note)
        return self._transport.send("PUT", self._known_path(item_id), Item, body=new)

    def forget_known(self, item_id: str, *, question: str | None = None) -> None:
        """Take back what is known of an item, of one question or of all; the next inference decides again."""
        path = self._known_path(item_id)
        asked = "" if question is None else f"?question={quote(question, safe='')}"
        self._transport.send("DELETE", f"{path}{asked}", type(None))

    def known_answers(self) -> Iterator[GoldRow]:
        """The known answers, page by page: gold, and what reviewers decided."""
        cursor: str | None = None
        while True:
            wanted: Query = {"cursor": cursor, "limit": _PAGE}
            page = self._transport.get(f"{self._path}/known-answers", GoldRows, wanted)
            yield from page.rows
            cursor = page.next
            if cursor is None:
                return

    def set_schema(self, schema: Values) -> ProjectFull:
        """Give it a new version of its schema."""
        return self._transport.send("PUT", f"{self._path}/schema", ProjectFull, body=NewSchema(schema=schema))

    def set_guideline(self, guideline: str) -> ProjectFull:
        """Give it a new version of its guideline, in Markdown."""
        new = NewGuideline(guideline=guideline)
        return self._transport.send("PUT", f"{self._path}/guideline", ProjectFull, body=new)

    def set_policy(self, policy: Values) -> ProjectFull:
        """Give it a new version of its policy; what is not said gets its default."""
        return self._transport.send("PUT", f"{self._path}/policy", ProjectFull, body=NewPolicy(policy=policy))

    def items(self, **query: str) -> Iterator[ItemRow]:
        """The items, page by page.

        Args:
            query: `where` (a filter, see docs/items.md), `sort` (position, need, confidence, answers, updated,
                priority, id; several with commas), `direction` (asc, desc), `state` (all, open, certain …), `q` (words
                of the text), `label` (`question:value`).

        Example:
            >>> least_certain = next(project.items(sort="confidence"))  # doctest: +SKIP
            >>> unsure = project.items(where="confidence < 0.8 and by = ada")  # doctest: +SKIP
        """
        cursor: str | None = None
        while True:
            page = self.item_page(query, cursor=cursor)
            yield from page.rows
            cursor = page.next
            if cursor is None:
                return

    def item_page(
        self, query: Mapping[str, str] | None = None, *, cursor: str | None = None, limit: int = _PAGE
    ) -> ItemPage:
        """One page of items, filtered and sorted as in `items`; its `next` is the cursor of the page after it."""
        wanted: Query = {**(query or {}), "cursor": cursor, "limit": limit}
        return self._transport.get(f"{self._path}/items", ItemPage, wanted)

    def item(self, item_id: str) -> Item:
        """An item with its content, its answers and its consensus."""
        return self._transport.get(f"{self._path}/items/{quote(item_id, safe='')}", Item)

    def import_file(
        self, path: Path | str, *, form: FileFormat | None = None, id_column: str | None = None
    ) -> ImportReport:
        """Import a file as items. The same rows again import nothing.

        Args:
            path: a CSV file, JSON lines, or a JSON array of objects.
            form: what it is, when its name does not end in .csv, .tsv, .jsonl, .ndjson or .json.
            id_column: the column with the id of each row; without it a row's id is made from its content.

        Raises:
            InputError: it cannot be read, or is not what its name says.

        Example:
            >>> report = project.import_file("reviews.csv", id_column="id")  # doctest: +SKIP
        """
        file = Path(path)
        known = form or format_of(file)
        return self._import(file_parts(file), known, id_column)

    def import_rows(self, rows: Iterable[Mapping[str, object]], *, id_column: str | None = None) -> ImportReport:
        """Import rows as items, as they come; the same rows again import nothing.

        Example:
            >>> report = project.import_rows({"text": line} for line in open("lines.txt"))  # doctest: +SKIP
        """
        return self._import(encoded_rows(rows), "jsonl", id_column)

    def import_files(self, paths: Iterable[Path | str], *, id_column: str | None = None) -> ImportReport:
        """Import images, audio and PDF files as items, one for each; folders with all that is inside them.

        The same bytes again import nothing, so an import that was stopped is run again and goes on. A file that cannot
        be used is named in the report, and the others are imported. A table among the files (CSV, JSON lines, JSON)
        makes the items instead: the cells in the columns of the project's media fields name the files.

        Args:
            paths: files, folders, or one ZIP archive.
            id_column: the column of a table with the id of each row.

        Raises:
            InputError: something is not there, or the project has no field for files.

        Example:
            >>> report = project.import_files(["photos"])  # doctest: +SKIP
        """
        given = [Path(path) for path in paths]
        if len(given) == 1 and given[0].suffix.lower() == ".zip":
            return self._transport.upload(
                f"{self._path}/files",
                ImportReport,
                parts=file_parts(given[0]),
                content_type="application/zip",
                query={"id_column": id_column},
            )
        from goldsmith.sdk.media import FileImport  # noqa: PLC0415 - loads the readers of tables, which few commands need

        fields = self.show().schema["fields"]
        importing = FileImport(
            self._transport, self._vault_path, fields, lambda rows, column: self.import_rows(rows, id_column=column)
        )
        return importing.run(given, id_column=id_column)

    def takes_files(self) -> bool:
        """Whether it has a field for images, audio or PDF files."""
        return any(field.get("type") in {"image", "audio", "pdf"} for field in self.show().schema["fields"])

    def export(self) -> Iterator[bytes]:
        """All items with their answers and consensus as they are now: parts of JSON lines, as they arrive."""
        with self._transport.stream(f"{self._path}/export.jsonl") as parts:
            yield from parts

    def lease(self, n: int = 1, *, is_audit: bool = False) -> Leases:
        """What you hold after asking for `n` items (1 to 10), or why there is nothing for you."""
        wanted = LeaseRequest(n=n, purpose="audit" if is_audit else "label")
        return self._transport.send("POST", f"{self._path}/leases", Leases, body=wanted, is_repeatable=True)

    def extend(self, lease: Lease) -> int:
        """Keep an item for longer; the new end of the lease in microseconds UTC."""
        path = f"{self._vault_path}/leases/{lease.id}/heartbeat"
        return self._transport.send("POST", path, LeaseExtended, is_repeatable=True).leased_until

    def give_back(self, lease: Lease) -> None:
        """Give an item back; somebody else gets it at once."""
        self._transport.send("DELETE", f"{self._vault_path}/leases/{lease.id}", type(None))

    def submit(
        self,
        lease: Lease,
        answers: Values,
        *,
        active_ms: int = 0,
        supersedes: str | None = None,
        is_audit: bool = False,
    ) -> Receipt:
        """Store answers to a leased item; once the receipt is here they are durable.

        The annotation's id is made here once, so sending it again after a lost connection stores it once.

        Raises:
            AnswerError: an answer does not fit its question.

        Example:
            >>> for lease in project.lease(5).leases:  # doctest: +SKIP
            ...     project.submit(lease, {"mood": "good"})
        """
        return self._submit(
            msgspec.structs.replace(
                self._annotation(lease, is_audit=is_audit),
                answers=answers,
                active_ms=active_ms,
                supersedes=supersedes,
            )
        )

    def skip(self, lease: Lease, reason: str, *, is_audit: bool = False) -> Receipt:
        """Say that you will not answer a leased item, and why, so that somebody can help with it."""
        new = self._annotation(lease, is_audit=is_audit)
        return self._submit(msgspec.structs.replace(new, outcome="skipped", reason=reason))

    def infer(self, on_progress: OnProgress | None = None) -> Job:
        """Infer the consensus anew, and wait for it."""
        return self._done(self._post_job("infer"), on_progress)

    def annotate(self, models: list[dict[str, Values]], on_progress: OnProgress | None = None) -> Job:
        """Let model annotators answer, and wait for them.

        Example:
            >>> project.annotate([{"licence-keywords": {"question": "licence"}}])  # doctest: +SKIP
        """
        body = NewAnnotate(models=models)
        return self._done(self._post_job("annotate", body), on_progress)

    def draw_audit(self, n: int, *, seed: int) -> AuditDrawn:
        """Draw `n` items at random for the audit sample, from which the accuracy is estimated."""
        return self._transport.send("POST", f"{self._path}/audit", AuditDrawn, body=NewAudit(n=n, seed=seed))

    def release(self, on_progress: OnProgress | None = None) -> ReleaseMade:
        """Freeze the project into a signed release, and wait for it; when nothing has changed it is the last one.

        Example:
            >>> made = project.release()  # doctest: +SKIP
            >>> project.download_release(made.release, Path("reviews-v1"))  # doctest: +SKIP
        """
        done = self._done(self._post_job("releases"), on_progress)
        return msgspec.convert(done.result, ReleaseMade)

    def releases(self) -> list[ReleaseCard]:
        """The releases, the newest first."""
        return self._transport.get(f"{self._path}/releases", ReleaseRows).rows

    def show_release(self, version: str) -> ReleaseView:
        """A release with its certificate, its files and how to verify it."""
        return self._transport.get(self._release_path(version), ReleaseView)

    def download_release(self, version: str, folder: Path | str) -> ReleaseView:
        """Fetch all files of a release into a new folder, which appears as a whole or not at all.

        Raises:
            Conflict: something is at `folder` already.
            VerificationError: a file arrived otherwise than it is listed.
        """
        shown = self.show_release(version)
        download(self._transport, f"{self._release_path(version)}/files", shown.files, Path(folder))
        return shown

    def _known_path(self, item_id: str) -> str:
        return f"{self._path}/items/{quote(item_id, safe='')}/known-answers"

    def _annotation(self, lease: Lease, *, is_audit: bool) -> NewAnnotation:
        return NewAnnotation(
            id=self._new_id(),
            item_id=lease.item_id,
            lease_id=lease.id,
            schema_version=lease.schema_version,
            guideline_version=lease.guideline_version,
            policy_version=lease.policy_version,
            purpose="audit" if is_audit else "label",
        )

    def _submit(self, new: NewAnnotation) -> Receipt:
        return self._transport.send("POST", f"{self._path}/annotations", Receipt, body=new, is_repeatable=True)

    def _import(self, parts: Iterable[bytes], form: FileFormat, id_column: str | None) -> ImportReport:
        return self._transport.upload(
            f"{self._path}/items",
            ImportReport,
            parts=parts,
            content_type=MEDIA_TYPES[form],
            query={"format": form, "id_column": id_column},
        )

    def _post_job(self, what: str, body: object = None) -> Job:
        return self._transport.send("POST", f"{self._path}/{what}", Job, body=body, is_repeatable=True)

    def _done(self, job: Job, on_progress: OnProgress | None) -> Job:
        return wait_for(self._transport, f"{self._vault_path}/jobs/{job.id}", job, on_progress)

    def _release_path(self, version: str) -> str:
        return f"{self._path}/releases/{quote(version, safe='')}"
