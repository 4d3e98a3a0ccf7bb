"""The whole preset `web` on a folder of web pages, and beside it the chain of libraries that the field uses.

    python -m benchmarks.web FOLDER --pages 4000
    python -m benchmarks.web FOLDER --pages 4000 --peer-pages 400 --peer-python PATH
    python -m benchmarks.web FOLDER --pages 60000 --one-core --jobs 1 2

The peer's chain is trafilatura, ftfy, fastText, datatrove's filters of FineWeb and its MinHash signatures, in one
process, with the versions that the interpreter of `--peer-python` has. CPU time is of the whole tree of processes, so
other work on the machine hardly counts; memory is PSS, which counts shared pages once. Pages are chosen by a hash of
their path; the peer gets the first of the same.
"""

import argparse
import hashlib
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.processes import memory_of

PAGES = {".html", ".htm", ".xhtml"}
CHAIN = Path(__file__).with_name("peers") / "web_chain.py"
MIB = 1 << 20


class Spent(NamedTuple):
    """What a command took: seconds of processors and of the clock, and the most memory of its tree, in MiB."""

    cpu_s: float
    wall_s: float
    peak_mib: float


def main() -> None:
    parser = argparse.ArgumentParser(description="The whole preset `web` beside the chain of the field.")
    parser.add_argument("folder", type=Path, help="a folder of web pages")
    parser.add_argument("--pages", type=int, default=2000, help="pages to refine")
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, os.cpu_count() or 1], help="processes, one run each")
    parser.add_argument("--one-core", action="store_true", help="a first run that has a single core of the machine")
    parser.add_argument("--runs", type=int, default=1, help="runs of each")
    parser.add_argument("--peer-pages", type=int, default=300, help="pages for the peer")
    parser.add_argument("--peer-python", type=Path, help="an interpreter that has the peer's libraries")
    options = parser.parse_args()
    pages = chosen(options.folder, options.pages)
    if not pages:
        parser.error("there are no web pages in that folder")
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {len(pages):,} pages")
    with tempfile.TemporaryDirectory(prefix="gsweb") as scratch:
        own = compare(pages, Path(scratch), options)
        if options.peer_python is not None:
            beside(pages[: options.peer_pages], Path(scratch), options.peer_python, own)


def chosen(folder: Path, n_pages: int) -> list[Path]:
    """Up to `n_pages` pages, always the same ones."""
    found = [path for path in folder.rglob("*") if path.suffix.lower() in PAGES and path.is_file()]
    return sorted(found, key=lambda path: hashlib.sha256(str(path.relative_to(folder)).encode()).digest())[:n_pages]


def compare(pages: list[Path], scratch: Path, options: argparse.Namespace) -> float:
    """Print what each number of jobs takes; returns the MB/s of the first, by CPU time."""
    size = laid_out(pages, scratch / "all")
    speeds: list[float] = []
    print("who                 MB   CPU s   wall s   MB/s CPU   MB/s wall   peak MiB")
    alone = [on_one_core(scratch / "all") for _ in range(options.runs)] if options.one_core else []
    for spent in alone:
        show("goldsmith, 1 core", size, spent)
    for jobs in options.jobs:
        runs = [refined(scratch / "all", jobs) for _ in range(options.runs)]
        for spent in runs:
            show(f"goldsmith, {jobs} job{'s' * (jobs > 1)}", size, spent)
            speeds.append(size / 1e6 / spent.cpu_s)
        if alone:
            times = median(each.wall_s for each in alone) / median(each.wall_s for each in runs)
            print(f"{jobs} job{'s' * (jobs > 1)}: {times:.2f} times as fast by the clock as a single core")
    return speeds[0]


def beside(pages: list[Path], scratch: Path, python: Path, own: float) -> None:
    """Print what the peer's chain takes for some of the pages, without its start, and the ratio."""
    size = laid_out(pages, scratch / "some")
    empty = scratch / "none"
    laid_out(pages[:1], empty)
    start, whole = chained(empty, python), chained(scratch / "some", python)
    spent = Spent(whole.cpu_s - start.cpu_s, whole.wall_s - start.wall_s, whole.peak_mib)
    show("chain of the field", size, spent)
    print(f"goldsmith takes 1/{own / (size / 1e6 / spent.cpu_s):.1f} of the CPU time of the chain for a byte")


def refined(pages: Path, jobs: int) -> Spent:
    """What the preset takes for a folder of pages, in processes of its own."""
    goldsmith, out = Path(sys.executable).with_name("goldsmith"), pages.with_name("out")
    spent = taken([goldsmith, "refine", "--preset", "web", pages, "--out", out, "--jobs", str(jobs)])
    shutil.rmtree(out)
    return spent


def on_one_core(pages: Path) -> Spent:
    """What the preset takes with a single core, which its processes share."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        return refined(pages, 1)
    finally:
        os.sched_setaffinity(0, cores)


def chained(pages: Path, python: Path) -> Spent:
    """What the peer's chain takes for a folder of pages."""
    return taken([python.absolute(), CHAIN, pages])


def laid_out(pages: list[Path], folder: Path) -> int:
    """Copy pages into a new folder; returns their size in bytes."""
    folder.mkdir()
    for number, page in enumerate(pages):
        shutil.copyfile(page, folder / f"{number:06}.html")
    return sum(page.stat().st_size for page in pages)


def taken(command: list[str | Path]) -> Spent:
    """Run a command to its end; what it and all its children took."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    peaks = [0.0]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        watcher = threading.Thread(target=watch, args=(process, peaks))
        watcher.start()
        _, complaint = process.communicate()
        watcher.join()
    if process.returncode:
        raise SystemExit(complaint.decode())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Spent(cpu_s, time.monotonic() - start, peaks[0])


def watch(process: subprocess.Popen[bytes], peaks: list[float]) -> None:
    while process.poll() is None:
        if (memory := memory_of(process.pid)) is not None:
            peaks[0] = max(peaks[0], memory.pss_mib)
        time.sleep(0.25)


def show(who: str, size: int, spent: Spent) -> None:
    speeds = f"{size / 1e6 / spent.cpu_s:>9.2f}   {size / 1e6 / spent.wall_s:>9.2f}"
    times = f"{spent.cpu_s:>8.1f}{spent.wall_s:>9.1f}"
    print(f"{who:<18}{size / 1e6:>6.1f}{times}   {speeds}{spent.peak_mib:>11.0f}", flush=True)


if __name__ == "__main__":
    main()
