"""A real job loop beside a test's server, and waiting for what it does."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from goldsmith.worker.loop import JobLoop

LIMIT_S = 90


@contextmanager
def jobs_run(served) -> Iterator[JobLoop]:
    """The home's job loop, until the end of the block."""
    loop = JobLoop(served.home, served.services.benches.of, lambda: {"acme": "Acme", "globex": "Globex"})
    loop.start()
    try:
        yield loop
    finally:
        loop.close()


def wait_until(is_so: Callable[[], object]) -> None:
    """Look again and again until it is so."""
    never, until = threading.Event(), time.monotonic() + LIMIT_S
    while not is_so():
        assert time.monotonic() < until, "it did not happen in time"
        never.wait(0.03)


def finished(desk, loop: JobLoop, answer) -> dict:
    """The job that an answer announces, once it has ended."""
    assert answer.status_code == 202, answer.text
    path = f"{desk.vault_path}/jobs/{answer.json()['id']}"
    loop.notify()
    wait_until(lambda: desk.client.get(path).json()["finished_at"] is not None)
    return desk.client.get(path).json()


def released(desk, loop: JobLoop) -> dict:
    """The result of a new release."""
    job = finished(desk, loop, desk.client.post(f"{desk.path}/releases", json={}))
    assert job["state"] == "done", job
    return job["result"]
