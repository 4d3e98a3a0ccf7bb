"""The main text of marked pages: precision, recall, F1 and speed, beside the extractors that are installed.

`python -m benchmarks.extraction ../shared/data/web-articles`. To see the peers, run it with an interpreter that has
them: a virtual environment with this project, `trafilatura` and `readability-lxml`. All run in one process, one after
the other, and their CPU time counts. Our model was trained on pages of that folder, so its F1 there is flattered; what
it reaches on sites it has not seen is what `python -m benchmarks.extracting.training` prints.
"""

import argparse
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple, cast

from benchmarks.extracting.marked import Page, Score, load, score
from benchmarks.extracting.peers import Extractor, installed

_WARM_UP = 3
_MEGABYTE = 1_000_000


class Row(NamedTuple):
    """One extractor's figures; the speed is in megabytes of UTF-8 HTML per second of CPU time."""

    name: str
    score: Score
    speed: float


def measure(name: str, extract: Extractor, pages: Iterable[Page]) -> Row:
    """Run one extractor over all pages."""
    held = list(pages)
    for page in held[:_WARM_UP]:
        _ = extract(page.html)
    start = time.process_time()
    texts: Mapping[str, str] = {page.name: extract(page.html) for page in held}
    spent = time.process_time() - start
    size = sum(len(page.html.encode()) for page in held)
    return Row(name, score(held, texts), size / _MEGABYTE / max(spent, 1e-9))


def as_lines(rows: Iterable[Row]) -> Iterable[str]:
    """The table as lines of text."""
    yield f"{'extractor':36} {'precision':>9} {'recall':>7} {'F1':>7} {'MB/s CPU':>9}"
    for row in rows:
        found = row.score
        yield f"{row.name:36} {found.precision:9.4f} {found.recall:7.4f} {found.f1:7.4f} {row.speed:9.1f}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("folder", type=Path, help="with ground-truth.json and html/")
    pages = load(cast("Path", parser.parse_args().folder))
    print(f"{len(pages)} pages")
    for line in as_lines(measure(name, extract, pages) for name, extract in installed()):
        print(line, flush=True)


if __name__ == "__main__":
    main()
