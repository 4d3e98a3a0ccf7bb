"""The media of one vault: takes files in, knows them again, gives their bytes, has them read in limited processes."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import msgspec

from goldsmith.errors import BlobDamaged, MediaError, NotFound
from goldsmith.kit.digest import canonical_json
from goldsmith.media import store
from goldsmith.media.blobs import Blobs, Incoming
from goldsmith.media.decoders import Decoders, Task
from goldsmith.media.kinds import HEAD_BYTES, FileType, Kind, file_type_of
from goldsmith.media.model import BlobRecord, Limits, blob_label, derived_label
from goldsmith.store.homes import Home, Vault
from goldsmith.store.units import UnitOfWork
from goldsmith.trust.sealing import SealedReader

T = TypeVar("T")

THUMBNAIL_SIZES = (256, 512)
"""The small versions that every image gets as soon as it is taken in."""

BUCKETS_PER_S = 100
"""How fine the peaks of audio are."""


class MediaRoom:
    """The media of one vault."""

    def __init__(self, vault: Vault, limits: Limits) -> None:
        self.vault = vault
        self.limits = limits
        scratch = vault.folder / "scratch"
        self.blobs = Blobs(vault.folder / "blobs", scratch, vault.key)
        self.derived = Blobs(vault.folder / "derived", scratch, vault.key)
        self.decoders = Decoders()
        self._workers = ThreadPoolExecutor(2, "goldsmith-media")
        self._builder = ThreadPoolExecutor(1, "goldsmith-tiles")

    async def work(self, task: Callable[[], T]) -> T:
        """Run a task in one of two threads: who asks for much waits here, and not those who ask for other things."""
        return await asyncio.get_running_loop().run_in_executor(self._workers, task)

    async def build(self, task: Callable[[], T]) -> T:
        """Run a long task, one at a time: it may take a gigabyte."""
        return await asyncio.get_running_loop().run_in_executor(self._builder, task)

    def take_in(self, incoming: Incoming, *, actor: str) -> BlobRecord:
        """Keep a file that was received, once it has been read to its end; the same bytes again change nothing.

        Raises:
            MediaError: it is of no type that is taken, broken, or too large.
            StorageError: the disk refuses it.
        """
        incoming.end()
        known = self.find(incoming.sha256)
        if known is not None and self._is_whole(known.sha256):
            return known
        kind = file_type_of(incoming.read_head(HEAD_BYTES))
        facts = self._probe(incoming, kind)
        record = BlobRecord(
            sha256=incoming.sha256, size_bytes=incoming.size_bytes, media_type=kind.media_type, facts=facts
        )
        self.blobs.keep(incoming, blob_label(record.sha256))
        self.vault.database.write(lambda unit: _add(unit, record, actor))
        return record

    def find(self, sha256: str) -> BlobRecord | None:
        """What is known of a blob; None when the vault has no such blob."""
        with self.vault.database.read() as connection:
            return store.find_blob(connection, sha256)

    def find_for(self, sha256: str, actor: str | None) -> BlobRecord:
        """What is known of a blob that somebody may see.

        Args:
            sha256: of its bytes.
            actor: a person who sees the items that they had alone; None for who sees all of them.

        Raises:
            NotFound: there is no such blob, or it is on none of their items; the two look the same.
        """
        with self.vault.database.read() as connection:
            found = store.find_blob(connection, sha256)
            if found is None or (actor is not None and not store.was_shown_to(connection, sha256, actor)):
                raise NotFound("There is no such file.")
            return found

    def open(self, record: BlobRecord) -> SealedReader:
        """The bytes of a blob, to be read from any place. Close it.

        Raises:
            BlobDamaged: they are not what was stored.
        """
        return self.blobs.open(blob_label(record.sha256))

    def part(self, record: BlobRecord, name: str, make: Callable[[], bytes]) -> bytes:
        """What follows from a blob and is called `name`: kept from the last time, or made now."""
        label = derived_label(record.sha256, name)
        try:
            with self.derived.open(label) as reader:
                return reader.read()
        except NotFound:
            pass
        except BlobDamaged:
            self.derived.forget(label)
        content = make()
        self._keep_derived(label, content)
        return content

    def ask(self, record: BlobRecord, task: str, parameters: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        """The result of a task on a blob, and its parts.

        Raises:
            MediaError: it cannot be done with this file.
        """
        parts: list[bytes] = []
        sealed = self.blobs.find(blob_label(record.sha256))
        found = self.decoders.ask(sealed, Task(task, record.media_type, parameters), parts.append)
        return found, parts

    def close(self) -> None:
        """End the processes that read files, also those that are at it."""
        for pool in (self._workers, self._builder):
            pool.shutdown(wait=False, cancel_futures=True)
        self.decoders.close()

    def _is_whole(self, sha256: str) -> bool:
        """Whether the stored bytes are there and sound; those that are not make room for new ones."""
        label = blob_label(sha256)
        try:
            if self.blobs.digest(label) == sha256:
                return True
        except (NotFound, BlobDamaged):
            pass
        self.blobs.forget(label)
        return False

    def _probe(self, incoming: Incoming, kind: FileType) -> dict[str, Any]:
        if incoming.size_bytes > self.limits.max_bytes:
            raise MediaError(
                f"It has {incoming.size_bytes:,} bytes; at most {self.limits.max_bytes:,} are taken.",
                hint="Make it smaller, or split it.",
            )
        parts: list[bytes] = []
        limits: dict[str, Any] = msgspec.to_builtins(self.limits)
        parameters = limits | {"sizes": list(THUMBNAIL_SIZES), "buckets_per_s": BUCKETS_PER_S}
        found = self.decoders.ask(incoming.sealed, Task("probe", kind.media_type, parameters), parts.append)
        match kind.kind:
            case Kind.IMAGE:
                names = [thumbnail_name(size) for size in THUMBNAIL_SIZES]
            case Kind.AUDIO:
                names = [peaks_name(found.pop("frames_per_bucket"))]
            case Kind.PDF:
                names = []
        for name, content in zip(names, parts, strict=True):
            self._keep_derived(derived_label(incoming.sha256, name), content)
        return found

    def _keep_derived(self, label: str, content: bytes) -> None:
        with self.derived.receiving() as incoming:
            incoming.write(content)
            incoming.end()
            self.derived.keep(incoming, label)


class MediaRooms:
    """The media of each vault of a home, opened at first use."""

    def __init__(self, home: Home, limits: Limits | None = None) -> None:
        self._home = home
        self._limits = limits or Limits()
        self._lock = threading.Lock()
        self._rooms: dict[str, MediaRoom] = {}

    def of(self, slug: str) -> MediaRoom:
        """The media of a vault.

        Raises:
            NotFound: there is no such vault.
        """
        with self._lock:
            if slug not in self._rooms:
                self._rooms[slug] = MediaRoom(self._home.vault(slug), self._limits)
            return self._rooms[slug]

    def close(self) -> None:
        """End all processes that read files."""
        with self._lock:
            rooms, self._rooms = self._rooms, {}
        for room in rooms.values():
            room.close()


def thumbnail_name(size: int) -> str:
    """What a small version of an image is called."""
    return f"thumbnail {size} 1"


def peaks_name(frames_per_bucket: int) -> str:
    """What the finest peaks of audio are called."""
    return f"peaks {frames_per_bucket} 1"


def _add(unit: UnitOfWork, record: BlobRecord, actor: str) -> None:
    if store.add_blob(unit.connection, record, actor=actor, now=unit.now):
        unit.record(actor=actor, action="blob.added", object_id=record.sha256, content=canonical_json(record))
