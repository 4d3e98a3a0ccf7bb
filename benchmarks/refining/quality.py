"""The quality filters: all numbers of ours, without an early exit, against datatrove's filters with theirs."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal

from benchmarks.refining.figures import Figure, cpu_seconds
from goldsmith.kit.arrow import make_batch
from goldsmith.kit.columns import Batch
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.pipeline import annotated
from goldsmith.refine.stages.c4_quality import C4Quality
from goldsmith.refine.stages.fineweb_quality import FinewebQuality
from goldsmith.refine.stages.gopher_quality import GopherQuality
from goldsmith.refine.stages.gopher_repetition import GopherRepetition

BATCH = 256
N_RUNS = 5
CHAIN = "FineWeb chain"

Tokens = Literal["split", "words"]


def figures(texts: Sequence[str], n_peer: int) -> Iterator[Figure]:
    """Ours on all texts, datatrove on the first `n_peer`; every filter alone, then the four one after the other."""
    for tokens in ("split", "words"):
        stages = _stages(tokens)
        for stage in stages:
            yield _ours(texts, [stage], stage.title, f"goldsmith, {tokens}")
        yield _ours(texts, stages, CHAIN, f"goldsmith, {tokens}")
    if find_spec("datatrove") is None:
        return
    cuts: dict[str, Any] = {"datatrove, split": _split_tokeniser()}
    if find_spec("spacy") is not None:
        cuts["datatrove, spaCy"] = "en"
    for who, language in cuts.items():
        filters = _filters(language)
        sentences = " (sentences not cut)" if language != "en" else ""
        for step, one in filters.items():
            yield _theirs(texts[:n_peer], [one], step, who, note="early exit" + sentences)
        yield _theirs(texts[:n_peer], list(filters.values()), CHAIN, who, note="early exit" + sentences)


def _stages(tokens: Tokens) -> list[DocumentStage]:
    return [
        GopherRepetition(tokens=tokens),
        GopherQuality(tokens=tokens),
        C4Quality(only_finished_lines=False),
        FinewebQuality(tokens=tokens),
    ]


def _ours(texts: Sequence[str], stages: Sequence[DocumentStage], step: str, who: str) -> Figure:
    batches = [
        make_batch({"text": list(texts[start : start + BATCH])}, {"text": "text"})
        for start in range(0, len(texts), BATCH)
    ]
    run = partial(_run, batches, stages)
    run()  # compiles
    return Figure(step, who, len(texts), _size(texts), cpu_seconds(run, N_RUNS), "all numbers, all rules")


def _run(batches: Sequence[Batch], stages: Sequence[DocumentStage]) -> None:
    """Every number and every rule of every document, whatever stopped it before."""
    for given in batches:
        batch = given
        for stage in stages:
            batch = annotated(stage, batch)
            for rule in stage.rules():
                rule.verdicts(batch)


def _theirs(texts: Sequence[str], filters: Sequence[Any], step: str, who: str, *, note: str) -> Figure:
    document: Callable[..., Any] = import_module("datatrove.data").Document

    def run(part: Sequence[str]) -> None:
        for number, text in enumerate(part):
            each = document(text=text, id=str(number))
            for one in filters:
                if one.filter(each) is not True:
                    break

    run(texts[:3])
    import_module("datatrove.utils.text").split_into_parts.cache_clear()  # it keeps the words of the last texts
    return Figure(step, who, len(texts), _size(texts), cpu_seconds(partial(run, texts)), note)


def _filters(language: Any) -> dict[str, Any]:
    kinds = import_module("datatrove.pipeline.filters")
    return {
        GopherRepetition.title: kinds.GopherRepetitionFilter(language=language),
        GopherQuality.title: kinds.GopherQualityFilter(language=language),
        C4Quality.title: kinds.C4QualityFilter(filter_no_terminal_punct=False, language=language),
        FinewebQuality.title: kinds.FineWebQualityFilter(language=language),
    }


def _split_tokeniser() -> Any:
    base = import_module("datatrove.utils.word_tokenizers").WordTokenizer

    class Split(base):
        def word_tokenize(self, text: str) -> list[str]:
            return text.split()

        def sent_tokenize(self, text: str) -> list[str]:
            return [text]

        def span_tokenize(self, text: str) -> list[tuple[int, int]]:
            return [(0, len(text))]

    return Split()


def _size(texts: Sequence[str]) -> int:
    return sum(len(text.encode()) for text in texts)
