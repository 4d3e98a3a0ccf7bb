"""The main text of web pages beside that of other extractors; how right it is, `benchmarks/extraction.py` says."""

from collections.abc import Sequence
from functools import partial

from benchmarks.extracting.peers import goldsmith
from benchmarks.refining.figures import Contestant, Step, cpu_seconds, size_of
from benchmarks.refining.peers.extractors import PEERS
from benchmarks.refining.processes import Peers

GOALS = {"trafilatura, fast": "2"}


def step(pages: Sequence[str], peers: Peers) -> Step:
    """All pages, one after the other."""
    run = partial(cpu_seconds, partial(_extract, pages))
    ours = Contestant("goldsmith", size_of(pages), run, is_ours=True)
    theirs = peers.contestants(tuple(PEERS), size_of(pages))
    return Step("HTML main text", [ours, *theirs.found], theirs.missing, GOALS)


def _extract(pages: Sequence[str]) -> None:
    for page in pages:
        _ = goldsmith(page)
