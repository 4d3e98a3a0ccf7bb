"""The one thread of this process that writes a database: waiting requests share a transaction and its fsync."""

import asyncio
import contextlib
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError, DataError, DBAPIError, IntegrityError, NotSupportedError, ProgrammingError

from goldsmith.errors import StorageError
from goldsmith.kit.clock import Clock
from goldsmith.store.units import LogTables, UnitOfWork

# Any: the queue holds requests of every result type; each caller knows its own.

T = TypeVar("T")
Work = Callable[[UnitOfWork], T]

_OUR_OWN_FAULTS = (IntegrityError, ProgrammingError, DataError, NotSupportedError)
_AGAIN = "Send it again."
_PAUSE_S = 5.0
_ATTEMPTS = 5  # a unit of work that collides with one of another process is tried this often
_COLLISIONS = {
    "40001",  # serialization failure
    "40P01",  # deadlock
    "23505",  # both inserted the same row: the second finds it when it runs again
}

BATCH = 32  # requests that may share one fsync; 8 clients never fill it, and a full one stays under 20 ms


class _Request:
    """One waiting request, and where its outcome goes: a thread's future or an event loop's."""

    __slots__ = ("error", "future", "loop", "result", "work")

    def __init__(
        self,
        work: Work[Any],
        future: "Future[Any] | asyncio.Future[Any]",
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self.work = work
        self.future = future
        self.loop = loop
        self.result: Any = None
        self.error: BaseException | None = None

    def deliver(self) -> None:
        if self.future.done():  # the caller went away; what was committed stays committed
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


class GroupWriter:
    """Runs units of work in order, many to a commit; a caller gets its result when its own work is durable.

    A batch runs without savepoints, since they cost a third of the throughput. When one of its requests fails, the
    whole batch is rolled back and each request runs again in a transaction of its own, so a work function must not
    change anything but the database.
    """

    def __init__(self, engine: Engine, log: LogTables, clock: Clock) -> None:
        self._engine = engine
        self._connection = engine.connect()
        self._used_at = time.monotonic()
        self._log = log
        self._clock = clock
        self._waiting: queue.SimpleQueue[_Request | None] = queue.SimpleQueue()
        self._gate = threading.Lock()  # keeps a request from queueing behind the last one, where nobody would run it
        self._is_closed = False
        self._thread = threading.Thread(target=self._loop, name="goldsmith-writer", daemon=True)
        self._thread.start()

    def run(self, work: Work[T]) -> T:
        """The result of `work` once it is durable; called from a thread."""
        future: Future[T] = Future()
        self._add(_Request(work, future))
        return future.result()

    async def run_async(self, work: Work[T]) -> T:
        """The result of `work` once it is durable; called from an event loop."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._add(_Request(work, future, loop))
        return await future

    def close(self) -> None:
        """Finish what waits, then stop the thread; what comes later is refused."""
        with self._gate:
            if not self._is_closed:
                self._is_closed = True
                self._waiting.put(None)
        self._thread.join()

    def _add(self, request: _Request) -> None:
        with self._gate:
            if self._is_closed:
                raise StorageError("The home is being closed; nothing of this request was stored.", hint=_AGAIN)
            self._waiting.put(request)

    def _loop(self) -> None:
        is_last = False
        while not is_last:
            batch, is_last = self._next_batch()
            if batch:
                self._commit(batch)
                _deliver(batch)
        self._connection.close()

    def _next_batch(self) -> tuple[list[_Request], bool]:
        batch: list[_Request] = []
        while len(batch) < BATCH:
            try:
                request = self._waiting.get(block=not batch)
            except queue.Empty:
                break
            if request is None:
                return batch, True
            batch.append(request)
        return batch, False

    def _commit(self, batch: list[_Request]) -> None:
        error = self._try_together(batch)
        if error is None:
            return
        if len(batch) == 1 and not _is_collision(error):
            batch[0].error = as_storage_error(error)
        elif _is_in_doubt(error):  # it may have been committed: to run it again could do it twice
            for request in batch:
                request.error = as_storage_error(error)
        else:
            for request in batch:
                self._run_alone(request)

    def _run_alone(self, request: _Request) -> None:
        for attempt in range(_ATTEMPTS):
            request.result = None
            error = self._try_together([request])
            if error is None or not _is_collision(error) or attempt == _ATTEMPTS - 1:
                request.error = None if error is None else as_storage_error(error)
                return

    def _live_connection(self) -> Connection:
        """The connection; after a pause a checked one from the pool, since the server may have closed it meanwhile."""
        if time.monotonic() - self._used_at > _PAUSE_S:
            self._connection.close()
            self._connection = self._engine.connect()
        self._used_at = time.monotonic()
        return self._connection

    def _try_together(self, batch: list[_Request]) -> BaseException | None:
        """Run a batch in one transaction; why nothing of it was stored, or None when all was."""
        try:
            connection = self._live_connection()
            with connection.begin():
                unit = UnitOfWork(connection, self._clock.now(), self._log)
                for request in batch:
                    request.result = request.work(unit)
                unit.flush()
        except BaseException as error:  # noqa: BLE001 - handed to the caller, whose error it is
            return error
        return None


def _is_collision(error: BaseException) -> bool:
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _COLLISIONS


def _is_in_doubt(error: BaseException) -> bool:
    """Whether the connection broke, so that nobody knows what was committed."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


def as_storage_error(error: BaseException) -> BaseException:
    """`error`, or a StorageError when it says that the disk or the database refused, not that a statement is wrong."""
    if not isinstance(error, DatabaseError) or isinstance(error, _OUR_OWN_FAULTS):
        return error
    reason = " ".join(str(error.orig).split())
    if _is_in_doubt(error):
        return StorageError(f"The connection broke: {reason}. This request may be stored or not.", hint=_AGAIN)
    return StorageError(
        f"The database refused: {reason}. Nothing of this request was stored.",
        hint="Free disk space and send it again." if "full" in reason or "disk" in reason else _AGAIN,
    )


def _deliver(batch: list[_Request]) -> None:
    by_loop: dict[asyncio.AbstractEventLoop, list[_Request]] = {}
    for request in batch:
        if request.loop is None:
            request.deliver()
        else:
            by_loop.setdefault(request.loop, []).append(request)
    for loop, requests in by_loop.items():
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits there any more
            loop.call_soon_threadsafe(_deliver_all, requests)


def _deliver_all(requests: list[_Request]) -> None:
    for request in requests:
        request.deliver()
