"""Files in the body of a request: one, or several as a form sends them. None is ever plain on the disk."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, cast

from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header  # pyright: ignore[reportUnknownVariableType]

from goldsmith.errors import InputError, MediaError
from goldsmith.labeling.media_rows import is_table
from goldsmith.media.blobs import Incoming
from goldsmith.media.model import MAX_NAME_LENGTH
from goldsmith.media.rooms import MediaRoom
from goldsmith.server.state import AppRequest

MAX_FORM_FILES = 10_000
MAX_TABLE_BYTES = 64 << 20

Event = MultipartSegment | bytes | bytearray | None

# Any: how an item refers to a file is JSON whose keys depend on the kind of file.


@dataclass(slots=True)
class ReceivedFiles:
    """What a form has sent: how an item refers to each file, or why there is none."""

    values: dict[str, dict[str, Any]]
    faults: dict[str, InputError]

    def take(self, name: str) -> dict[str, Any]:
        """How an item refers to a file.

        Raises:
            InputError: it could not be used.
        """
        if name in self.faults:
            raise self.faults[name]
        return self.values[name]

    @property
    def names(self) -> list[str]:
        """The names of all files, sorted."""
        return sorted([*self.values, *self.faults])


def checked_name(name: str) -> str:
    """A file's name without outer white space.

    Raises:
        InputError: it is too long or holds control characters.
    """
    trimmed = name.strip()
    if len(trimmed) > MAX_NAME_LENGTH or not trimmed.isprintable():
        raise InputError(f"A file's name has at most {MAX_NAME_LENGTH:,} characters that can be shown.")
    return trimmed


async def receive(request: AppRequest, incoming: Incoming, max_bytes: int) -> None:
    """The body of a request as one file.

    Raises:
        MediaError: it is larger than it may be.
    """
    async for part in request.stream():
        await asyncio.to_thread(incoming.write, part)
        check_size(incoming, max_bytes)


def check_size(incoming: Incoming, max_bytes: int) -> None:
    """Refuse a file that has become too large.

    Raises:
        MediaError: it is larger than it may be.
    """
    if incoming.size_bytes > max_bytes:
        raise MediaError(f"It has more than {max_bytes:,} bytes.", hint="Make it smaller, or split it.")


class FormReceiver:
    """Takes in the files of a form, each as soon as it has come."""

    def __init__(self, room: MediaRoom, *, actor: str) -> None:
        self._room = room
        self._actor = actor
        self.received = ReceivedFiles({}, {})
        self.tables: dict[str, bytes] = {}

    async def receive(self, request: AppRequest) -> None:
        """Take in all files of a request.

        Raises:
            InputError: the body is no form, two files have one name, or a file is too large.
        """
        events = _events(request)
        async for event in events:
            if isinstance(event, MultipartSegment):
                await self._one(event, events)

    async def _one(self, segment: MultipartSegment, events: AsyncIterator[Event]) -> None:
        name = self._new_name(segment)
        with self._room.blobs.receiving() as incoming:
            async for event in events:
                if not isinstance(event, (bytes, bytearray)):
                    break
                await asyncio.to_thread(incoming.write, bytes(event))
                check_size(incoming, MAX_TABLE_BYTES if is_table(name) else self._room.limits.max_bytes)
            if is_table(name):
                incoming.end()
                self.tables[name] = await asyncio.to_thread(incoming.read_head, MAX_TABLE_BYTES)
            else:
                await self.take(name, incoming)

    async def take(self, name: str, incoming: Incoming) -> None:
        """Take in one file that has come; why it cannot be used is kept with its name."""
        try:
            record = await self._room.work(lambda: self._room.take_in(incoming, actor=self._actor))
            self.received.values[name] = record.reference(name)
        except InputError as error:
            self.received.faults[name] = error

    def _new_name(self, segment: MultipartSegment) -> str:
        name = checked_name(segment.filename or "")
        if not name:
            raise InputError("A part of the form has no file name.", hint="Send files alone, each with its name.")
        if name in self.received.values or name in self.received.faults or name in self.tables:
            raise InputError(f"The form holds {name[:100]!r} twice.", hint="Give each file its own name.")
        if len(self.received.names) >= MAX_FORM_FILES:
            raise InputError(f"A form holds at most {MAX_FORM_FILES:,} files.", hint="Send the others in a second one.")
        return name


async def _events(request: AppRequest) -> AsyncIterator[Event]:
    """What the parser finds in the body: for each part its head, its bytes, and None at its end."""
    _, options = cast("tuple[str, dict[str, str]]", parse_options_header(request.headers.get("content-type", "")))
    try:
        parser = PushMultipartParser(options.get("boundary", ""), max_segment_count=MAX_FORM_FILES, strict=True)
        async for chunk in request.stream():
            for event in parser.parse(chunk) if chunk else ():
                yield event
        parser.close()
    except MultipartError as error:
        raise InputError(f"The body is not a form with files: {error}.") from error
