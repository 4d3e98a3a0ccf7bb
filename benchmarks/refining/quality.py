"""The quality filters: all numbers of ours, without an early exit, against datatrove's filters with theirs."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Literal

from benchmarks.refining.figures import Contestant, Size, Step, cpu_seconds, size_of
from benchmarks.refining.processes import Peers
from goldsmith.kit.arrow import make_batch
from goldsmith.kit.columns import Batch
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.pipeline import annotated
from goldsmith.refine.stages.c4_quality import C4Quality
from goldsmith.refine.stages.fineweb_quality import FinewebQuality
from goldsmith.refine.stages.gopher_quality import GopherQuality
from goldsmith.refine.stages.gopher_repetition import GopherRepetition

BATCH = 256
GOALS = {"datatrove, spaCy": "40"}

Tokens = Literal["words", "split"]


def step(prose: Sequence[str], peers: Peers) -> Step:
    """All filters one after the other."""
    ours = [_ours(prose, stages_of(tokens), f"goldsmith, {tokens}") for tokens in ("words", "split")]
    theirs = peers.contestants(("datatrove, spaCy", "datatrove, split"), size_of(prose), note="early exit")
    return Step("Gopher, C4 and FineWeb", [*ours, *theirs.found], theirs.missing, GOALS)


def each_filter(prose: Sequence[str]) -> Iterator[Step]:
    """Every filter of ours alone."""
    for tokens in ("words", "split"):
        for stage in stages_of(tokens):
            yield Step(stage.title, [_ours(prose, [stage], f"goldsmith, {tokens}")])


def stages_of(tokens: Tokens) -> list[DocumentStage]:
    return [
        GopherRepetition(tokens=tokens),
        GopherQuality(tokens=tokens),
        C4Quality(only_finished_lines=False),
        FinewebQuality(tokens=tokens),
    ]


def _ours(texts: Sequence[str], stages: Sequence[DocumentStage], who: str) -> Contestant:
    batches = [
        make_batch({"text": list(texts[start : start + BATCH])}, {"text": "text"})
        for start in range(0, len(texts), BATCH)
    ]
    size: Size = size_of(texts)
    run = partial(_run, batches, stages)
    return Contestant(who, size, partial(cpu_seconds, run), is_ours=True, note="all numbers, all rules")


def _run(batches: Sequence[Batch], stages: Sequence[DocumentStage]) -> None:
    """Every number and every rule of every document, whatever stopped it before."""
    for given in batches:
        batch = given
        for stage in stages:
            batch = annotated(stage, batch)
            for rule in stage.rules():
                rule.verdicts(batch)
