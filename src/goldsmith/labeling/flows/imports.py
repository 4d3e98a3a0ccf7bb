"""Import rows as items: the same rows again import nothing, and one bad row stops no good one."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import cast

import msgspec

from goldsmith.errors import RowError
from goldsmith.kit.digest import canonical_json, sha256_hex
from goldsmith.labeling.flows.finding import index_new
from goldsmith.labeling.flows.predictions import Predictions, PredictionSource
from goldsmith.labeling.flows.projects import current_policy
from goldsmith.labeling.handover import ImportRow
from goldsmith.labeling.media_values import media_fields, resolved
from goldsmith.labeling.model import MAX_ID_LENGTH, LoadedProject, title_of
from goldsmith.labeling.policies import Policy
from goldsmith.labeling.store import items, projects
from goldsmith.labeling.wire import ImportReport, Rejected
from goldsmith.labeling.workbench import Workbench
from goldsmith.media.model import BlobRecord
from goldsmith.media.store import find_blob, link_blobs
from goldsmith.store.units import UnitOfWork

CHUNK = 1_000  # rows a transaction: a lease that waits behind one waits some 30 ms
_CHUNK_BYTES = 8 << 20  # of payloads in a transaction, unless a single one is larger
_LEARNS_AT = 5_000  # new rows, and again each time they are four times as many
_MAX_REJECTED_SHOWN = 100
_MAX_PAYLOAD_BYTES = 16 << 20
_MAX_DEPTH = 64


@dataclass(slots=True)
class _Tally:
    n_read: int = 0
    n_accepted: int = 0
    n_duplicate: int = 0
    n_changed: int = 0
    n_rejected: int = 0
    rejected: list[Rejected] = field(default_factory=list[Rejected])

    def reject(self, line: int, reason: str, *, is_change: bool = False) -> None:
        if is_change:
            self.n_changed += 1
        else:
            self.n_rejected += 1
        if len(self.rejected) < _MAX_REJECTED_SHOWN:
            self.rejected.append(Rejected(line=line, reason=reason))

    def report(self) -> ImportReport:
        return ImportReport(
            n_read=self.n_read,
            n_accepted=self.n_accepted,
            n_duplicate=self.n_duplicate,
            n_changed=self.n_changed,
            n_rejected=self.n_rejected,
            rejected=self.rejected,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    line: int
    external_id: str
    digest: str
    payload: str
    title: str
    blobs: tuple[str, ...]
    has_own_id: bool


class Importer:
    """Imports rows chunk by chunk; what a chunk brought in is durable when `add` returns."""

    def __init__(self, bench: Workbench, project: LoadedProject, *, actor: str) -> None:
        self._bench = bench
        self._project = project
        self._actor = actor
        self._tally = _Tally()
        self._learns_at = _LEARNS_AT
        self._shown = [shown.name for shown in project.schema.fields]
        self._media = media_fields(project.schema)
        self._known_blobs: dict[str, BlobRecord] = {}

    def chunks(self, rows: Iterable[ImportRow]) -> Iterator[list[_Ready]]:
        """The usable rows, up to a thousand at a time; the others are counted and told."""
        ready: list[_Ready] = []
        size = 0
        for row in rows:
            self._tally.n_read += 1
            try:
                ready.append(self._ready(row))
                size += len(ready[-1].payload)
            except RowError as error:
                self._tally.reject(row.line, str(error))
            if len(ready) == CHUNK or size >= _CHUNK_BYTES:
                yield ready
                ready, size = [], 0
        if ready:
            yield ready

    def add(self, chunk: list[_Ready]) -> None:
        """Store a chunk of `chunks`."""
        database = self._bench.vault.database
        self._count(chunk, database.write(lambda unit: self._store(unit, chunk)))
        if self._tally.n_accepted >= self._learns_at:
            database.learn()
            self._learns_at = 4 * self._tally.n_accepted

    def report(self) -> ImportReport:
        """What was imported so far."""
        return self._tally.report()

    def _ready(self, row: ImportRow) -> _Ready:
        if row.fault:
            raise RowError(row.fault)
        if not any(row.payload.get(name) for name in self._shown):
            raise RowError(f"it has nothing in {' or '.join(repr(name) for name in self._shown)}.")
        if _depth(row.payload) > _MAX_DEPTH:
            raise RowError(f"its values are nested more than {_MAX_DEPTH} deep.")
        content = resolved(row.payload, self._media, self._blob)
        payload = canonical_json(content.payload)
        if len(payload) > _MAX_PAYLOAD_BYTES:
            raise RowError(f"it has {len(payload):,} bytes; at most {_MAX_PAYLOAD_BYTES:,} fit into an item.")
        digest = sha256_hex(payload)
        external_id = content.identity[:32] if row.external_id is None else row.external_id
        if not external_id or len(external_id) > MAX_ID_LENGTH or "\x00" in external_id:
            raise RowError(f"its id must have 1 to {MAX_ID_LENGTH} characters and no NUL.")
        return _Ready(
            line=row.line,
            external_id=external_id,
            digest=digest,
            payload=payload.decode(),
            title=title_of(content.payload, self._project.schema),
            blobs=content.blobs,
            has_own_id=row.external_id is not None,
        )

    def _blob(self, sha256: str) -> BlobRecord | None:
        """What the vault knows of a blob; remembered, since a table may name the same file in many rows."""
        found = self._known_blobs.get(sha256)
        if found is None:
            with self._bench.vault.database.read() as connection:
                found = find_blob(connection, sha256)
            if found is not None:
                if len(self._known_blobs) >= CHUNK:
                    self._known_blobs.clear()
                self._known_blobs[sha256] = found
        return found

    def _store(self, unit: UnitOfWork, chunk: list[_Ready]) -> dict[str, str]:
        """Insert the rows that are new; the digests that were there before, by id."""
        connection = unit.connection
        policy = self._policy(unit)
        known = items.existing_digests(connection, self._project.id, [row.external_id for row in chunk])
        position = items.last_position(connection, self._project.id)
        rows: list[dict[str, object]] = []
        contents: list[dict[str, object]] = []
        shown: list[tuple[str, str]] = []
        seen = set(known)
        for row in chunk:
            if row.external_id in seen:
                continue
            seen.add(row.external_id)
            position += 1
            item_id = self._bench.new_id()
            rows.append(self._values(row, policy, item_id=item_id, position=position, now=unit.now))
            contents.append({"item_id": item_id, "created_at": unit.now, "payload": row.payload})
            shown += [(item_id, sha256) for sha256 in row.blobs]
        if rows:
            items.insert_items(connection, rows, contents)
            link_blobs(connection, shown, now=unit.now)
            new = [
                (int(str(row["position"])), str(row["external_id"]), str(content["payload"]))
                for row, content in zip(rows, contents, strict=True)
            ]
            index_new(connection, self._project, new, now=unit.now)
            listing = hashlib.sha256("".join(str(row["content_sha256"]) for row in rows).encode()).digest()
            unit.record(actor=self._actor, action="items.imported", object_id=self._project.id, content=listing)
        return known

    def _policy(self, unit: UnitOfWork) -> Policy:
        """The policy of now. Who changes it waits for us and then brings our rows in line, and other imports wait."""
        version = projects.policy_version(unit.connection, self._project.id, locks=True)
        if version == self._project.policy_version:
            return self._project.policy
        return current_policy(unit.connection, self._project.id)

    def _values(self, row: _Ready, policy: Policy, *, item_id: str, position: int, now: int) -> dict[str, object]:
        wanted = policy.wanted(is_certain=False)
        return {
            "id": item_id,
            "created_at": now,
            "updated_at": now,
            "project_id": self._project.id,
            "external_id": row.external_id,
            "content_sha256": row.digest,
            "position": position,
            "title": row.title,
            "wanted": wanted,
            "n_people": 0,
            "n_models": 0,
            "queue_rank": policy.rank(position=position, external_id=row.external_id, confidence=None),
            "is_open": int(wanted > 0),
            "is_certain": 0,
            "is_contested": 0,
        }

    def _count(self, chunk: list[_Ready], known: dict[str, str]) -> None:
        seen = dict(known)
        for row in chunk:
            before = seen.get(row.external_id)
            if before is None:
                self._tally.n_accepted += 1
                seen[row.external_id] = row.digest
            elif before == row.digest or not row.has_own_id:  # the same bytes under another name
                self._tally.n_duplicate += 1
            else:
                reason = f"id {row.external_id[:80]!r} is there with other content; give the new text a new id."
                self._tally.reject(row.line, reason, is_change=True)


def _depth(value: object) -> int:
    """How deep lists and objects are nested in a value that came from JSON, counted no further than needed."""
    depth, layer = 0, [value]
    while layer and depth <= _MAX_DEPTH:
        layer = [part for one in layer for part in _parts(one)]
        depth += 1
    return depth


def _parts(value: object) -> Iterable[object]:
    match value:
        case dict():
            return cast("dict[str, object]", value).values()
        case list():
            return cast("list[object]", value)
        case _:
            return ()


def import_rows(
    bench: Workbench,
    project: LoadedProject,
    rows: Iterable[ImportRow],
    *,
    actor: str,
    predictions: PredictionSource | None = None,
) -> ImportReport:
    """Import rows from a thread, such as a job's, and what a model predicts of them where a column holds that.

    Raises:
        InputError: the predictions' model has no usable name or version.
    """
    importer = Importer(bench, project, actor=actor)
    if predictions is None:
        for chunk in importer.chunks(rows):
            importer.add(chunk)
        return importer.report()
    taken = Predictions(bench, project, predictions, actor=actor)
    for chunk in importer.chunks(taken.taken_from(rows)):
        importer.add(chunk)
        taken.store((row.line, row.external_id) for row in chunk)
    report = importer.report()
    rejected = sorted([*report.rejected, *taken.rejected], key=lambda one: one.line)[:_MAX_REJECTED_SHOWN]
    return msgspec.structs.replace(report, n_predictions=taken.n_stored, rejected=rejected)
