"""Server processes: started on a core of their own, watched for memory and processor time, stopped by their id."""

import os
import re
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Self

import httpx
import msgspec

HAS_PROC = Path("/proc/self/stat").exists()
TICK_S = 1 / os.sysconf("SC_CLK_TCK")
MIB = 1 << 20


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """Memory of a process and its descendants, in MiB; `pss` counts each shared page once."""

    pss_mib: float
    rss_mib: float
    n_processes: int


class ServerError(Exception):
    """Raised when a server does not start; carries the end of its log."""


class ServerProcess:
    """A server that was started here, with everything it prints kept in a file."""

    def __init__(self, command: list[str], *, folder: Path, environment: dict[str, str], core: int | None) -> None:
        self.log = folder / "server.log"
        own_cores = _pin(core)
        try:
            with self.log.open("w") as log:
                self._process = subprocess.Popen(
                    command,
                    cwd=folder,
                    env={**os.environ, **environment},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        finally:
            if own_cores is not None:
                os.sched_setaffinity(0, own_cores)

    @property
    def pid(self) -> int:
        """The id of the process that was started."""
        return self._process.pid

    def wait_until_it_answers(self, url: str, *, within_s: float) -> None:
        """Return once `url` answers with anything but a server error.

        Raises:
            ServerError: the process ended, or did not answer in time.
        """
        end = time.monotonic() + within_s
        while time.monotonic() < end:
            if self._process.poll() is not None:
                raise ServerError(f"the server ended with code {self._process.returncode}:\n{self.last_words()}")
            try:
                if httpx.get(url, timeout=5, trust_env=False).status_code < 500:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        raise ServerError(f"the server did not answer at {url} in {within_s:.0f} s:\n{self.last_words()}")

    def last_words(self) -> str:
        """The end of what the server printed."""
        return self.log.read_text(errors="replace")[-2000:]

    def stop(self) -> None:
        """End the process and the group it leads; politely first."""
        for sign in (signal.SIGTERM, signal.SIGKILL):
            if self._process.poll() is None:
                os.killpg(self._process.pid, sign)
                try:
                    self._process.wait(timeout=20)
                except subprocess.TimeoutExpired:
                    continue


class MemoryWatch:
    """Notes the highest memory (PSS) of a process tree while a block runs, transient children included."""

    def __init__(self, pid: int, every_s: float = 0.25) -> None:
        self._pid = pid
        self._every_s = every_s
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.peak_mib = 0.0

    def __enter__(self) -> Self:
        """Start watching."""
        if HAS_PROC:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop watching."""
        self._ended.set()
        if HAS_PROC:
            self._thread.join()

    def _watch(self) -> None:
        while True:
            self.peak_mib = max(self.peak_mib, sum(_proportional_bytes(pid) for pid in tree_of(self._pid)) / MIB)
            if self._ended.wait(self._every_s):
                return


def memory_of(root: int) -> Memory | None:
    """Memory of a process tree at this moment; None where the system does not tell."""
    if not HAS_PROC:
        return None
    pids = tree_of(root)
    rss = sum(_resident_bytes(pid) for pid in pids)
    pss = sum(_proportional_bytes(pid) for pid in pids)
    return Memory(pss_mib=round(pss / MIB, 1), rss_mib=round(rss / MIB, 1), n_processes=len(pids))


def cpu_seconds_of(root: int) -> float:
    """Processor seconds (user and system) that a process tree has used so far, its ended children included."""
    if not HAS_PROC:
        return 0.0
    return sum(sum(map(int, _stat(pid)[11:15])) for pid in tree_of(root)) * TICK_S


def tree_of(root: int) -> list[int]:
    """The ids of a process and all its descendants that are alive."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (stat := _stat(int(entry.name))):
            children.setdefault(int(stat[1]), []).append(int(entry.name))
    found = [root]
    for pid in found:  # grows while it is walked: breadth first
        found += children.get(pid, [])
    return [pid for pid in found if _stat(pid)]


def cores() -> tuple[int | None, int | None]:
    """A core for the server and one for the client; None for both where that cannot be chosen."""
    if not hasattr(os, "sched_getaffinity"):
        return None, None
    usable = sorted(os.sched_getaffinity(0))
    return (usable[0], usable[-1]) if len(usable) > 1 else (None, None)


def _pin(core: int | None) -> set[int] | None:
    """Run what is started from here on `core`; returns the cores to go back to."""
    if core is None:
        return None
    kept = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    return kept


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the state on; empty when the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return []


def _resident_bytes(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def _proportional_bytes(pid: int) -> int:
    try:
        match = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(match[1]) * 1024 if match else 0
