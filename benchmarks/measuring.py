"""Puts one server under the load and takes its figures."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from benchmarks.connections import RefusedError
from benchmarks.figures import CycleFigures, Figures, quantile_ms
from benchmarks.peers import LABELS, SEED, Cycle, Page, Peer, Place, Session, make_texts
from benchmarks.processes import MemoryWatch, cpu_seconds_of, memory_of

MOST_ERRORS = 50
PAGE_REPEATS = 20


class Load(NamedTuple):
    """How much of everything."""

    n_items: int
    clients: tuple[int, ...]
    seconds: float


def measure(peer: Peer, place: Place, load: Load, *, database_pid: int | None) -> Figures:
    """Start the server, put it under the load, stop it; say each step on the way."""
    _say(peer, f"starting ({place.store})")
    started = time.perf_counter()
    try:
        pid = peer.start(place)
        return _measured(peer, place, load, pids=(pid, database_pid), start_s=time.perf_counter() - started)
    finally:
        peer.stop()


def _measured(peer: Peer, place: Place, load: Load, *, pids: tuple[int, int | None], start_s: float) -> Figures:
    server = pids[0]
    memory_started = memory_of(server)
    texts = make_texts(load.n_items)
    _say(peer, f"importing {load.n_items:,} texts")
    with MemoryWatch(server) as import_memory:
        import_s = _seconds_of(lambda: peer.load(texts))
    memory_imported = memory_of(server)
    cycles: list[CycleFigures] = []
    with MemoryWatch(server) as cycles_memory:
        for n_clients in load.clients:
            _say(peer, f"{n_clients} at work for {load.seconds:.0f} s")
            cycles.append(asyncio.run(_cycles(peer, n_clients, load.seconds, pids)))
    _say(peer, "opening the item list")
    page, page_times = asyncio.run(_repeat(peer.first_page, PAGE_REPEATS))
    _say(peer, "exporting")
    with MemoryWatch(server) as export_memory:
        export_started = time.perf_counter()
        export_bytes = peer.export()
        export_s = time.perf_counter() - export_started
    return Figures(
        peer=peer.name,
        version=peer.version(),
        store=place.store,
        n_items=load.n_items,
        start_s=round(start_s, 2),
        import_s=round(import_s, 3),
        cycles=cycles,
        page_rows=page.n_rows,
        page_bytes=page.n_bytes,
        page_calls=page.n_calls,
        page_p50_ms=quantile_ms(page_times, 0.5),
        page_p95_ms=quantile_ms(page_times, 0.95),
        export_s=round(export_s, 3),
        export_bytes=export_bytes,
        memory_started=memory_started,
        memory_imported=memory_imported,
        memory_ended=memory_of(server),
        peak_import_mib=round(import_memory.peak_mib, 1),
        peak_cycles_mib=round(cycles_memory.peak_mib, 1),
        peak_export_mib=round(export_memory.peak_mib, 1),
        notes=peer.notes,
    )


async def _cycles(peer: Peer, n_clients: int, seconds: float, pids: tuple[int, int | None]) -> CycleFigures:
    sessions = [peer.session(index) for index in range(n_clients)]
    run = _Run(random.Random(SEED))  # noqa: S311 - a load, not a secret
    for session in sessions:  # not counted: connections, statement caches
        await run.cycle(session)
    warmed_up = len(run.done)
    before = [cpu_seconds_of(pid) if pid is not None else 0.0 for pid in pids]
    client_before, started = time.process_time(), time.perf_counter()
    await asyncio.gather(*(run.until(session, started + seconds) for session in sessions))
    elapsed, client_cpu = time.perf_counter() - started, time.process_time() - client_before
    used = [cpu_seconds_of(pid) - was if pid is not None else 0.0 for pid, was in zip(pids, before, strict=True)]
    for session in sessions:
        await session.close()
    counted = run.done[warmed_up:]
    n = max(1, len(counted))
    return CycleFigures(
        n_clients=n_clients,
        seconds=round(elapsed, 2),
        n_cycles=len(counted),
        cycles_per_s=round(len(counted) / elapsed, 2),
        **_quantiles(counted),
        n_given_twice=len(run.done) - len({cycle.item for cycle in run.done}),
        errors=run.errors,
        server_cpu_ms=round(1000 * used[0] / n, 3),
        database_cpu_ms=None if pids[1] is None else round(1000 * used[1] / n, 3),
        client_cpu_share=round(client_cpu / elapsed, 3),
    )


def _quantiles(cycles: Sequence[Cycle]) -> dict[str, float]:
    times = {
        "lease": [cycle.lease_s for cycle in cycles],
        "submit": [cycle.submit_s for cycle in cycles],
        "cycle": [cycle.lease_s + cycle.submit_s for cycle in cycles],
    }
    shares = {"p50": 0.5, "p99": 0.99}
    return {
        f"{what}_{name}_ms": quantile_ms(seconds, share)
        for what, seconds in times.items()
        for name, share in shares.items()
    }


class _Run:
    """The cycles and errors of one run, from all its clients."""

    def __init__(self, labels: random.Random) -> None:
        self._labels = labels
        self.done: list[Cycle] = []
        self.errors: list[str] = []

    async def cycle(self, session: Session) -> None:
        try:
            self.done.append(await session.cycle(self._labels.choice(LABELS)))
        except (RefusedError, OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            self.errors.append(f"{type(error).__name__}: {error}"[:300])

    async def until(self, session: Session, end: float) -> None:
        while time.perf_counter() < end and len(self.errors) < MOST_ERRORS:
            await self.cycle(session)


async def _repeat(action: Callable[[], Awaitable[Page]], times: int) -> tuple[Page, list[float]]:
    seconds: list[float] = []
    while True:
        started = time.perf_counter()
        result = await action()
        seconds.append(time.perf_counter() - started)
        if len(seconds) == times:
            return result, seconds


def _seconds_of(action: Callable[[], None]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _say(peer: Peer, what: str) -> None:
    print(f"  {peer.name}: {what}", flush=True)
