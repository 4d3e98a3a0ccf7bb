"""Which language a text is in: how fast, and how often as the path of the document says."""

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from benchmarks.refining.figures import Contestant, Step, cpu_seconds, size_of
from benchmarks.refining.peers.speech import PEERS
from benchmarks.refining.processes import Peers
from goldsmith.kit.arrow import as_utf8
from goldsmith.refine.languages import identify

GOALS = {"lid.176 alone": "1"}

_IN_PATH = re.compile(r"/(?:help|html)/([a-z]{2})(?:-[A-Za-z]+)?/")


class Told(NamedTuple):
    """A text, and the language that its path names, as `/help/de/` or `/html/pt-BR/`, if it does."""

    text: str
    language: str | None


def told_by(path: Path) -> str | None:
    """The language that a path names."""
    found = _IN_PATH.search(path.as_posix())
    return found[1] if found is not None else None


def step(told: Sequence[Told], peers: Peers) -> Step:
    """Time for all texts; agreement for those whose path names a language."""
    texts = [each.text for each in told]
    packed = as_utf8(texts)  # as they lie in a batch
    named = [
        (each.language, one.code) for each, one in zip(told, identify(packed), strict=True) if each.language is not None
    ]
    agreed = sum(language == code for language, code in named)
    note = f"as its path says: {agreed} of {len(named)}" if named else "no path names a language"
    run = partial(cpu_seconds, partial(identify, packed))
    ours = Contestant("goldsmith", size_of(texts), run, is_ours=True, note=note)
    theirs = peers.contestants(tuple(PEERS), size_of(texts), note="lines cut before")
    return Step("Language", [ours, *theirs.found], theirs.missing, GOALS)
