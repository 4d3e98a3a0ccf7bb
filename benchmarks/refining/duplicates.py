"""What repeats: MinHash beside Daft and rensa, then the stages that compare all documents, from text to result."""

import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, cast

from benchmarks.refining.figures import Contestant, Step, cpu_seconds, size_of
from benchmarks.refining.peers.signatures import PEERS
from benchmarks.refining.processes import Peers
from goldsmith.kit.arrow import make_batch, utf8, with_columns
from goldsmith.kit.columns import Batch
from goldsmith.refine.comparisons.minhash import as_sets, band_keys, hashers, sequences
from goldsmith.refine.engines import load_named
from goldsmith.refine.model import Comparison, CorpusStage
from goldsmith.refine.stages.exact_duplicates import ExactDuplicates
from goldsmith.refine.stages.line_duplicates import LineDuplicates
from goldsmith.refine.stages.near_duplicates import NearDuplicates
from goldsmith.refine.stages.substring_duplicates import SubstringDuplicates

BATCH = 256
STAGES = (ExactDuplicates(), NearDuplicates(), LineDuplicates(), SubstringDuplicates())
GOALS = {"Daft, text as it is": "1.3", "Daft, lower case, no marks": "1.3"}

# Any: kinds of columns.


def step(texts: Sequence[str], peers: Peers) -> Step:
    """Signatures of 112 hashes over 5 words, with the shingling."""
    note = "from text as it is: lower case, marks left out, bands"
    run = partial(_signatures, batches_of(texts))
    ours = Contestant("goldsmith", size_of(texts), partial(cpu_seconds, run), is_ours=True, note=note)
    theirs = peers.contestants(tuple(PEERS), size_of(texts))
    return Step("MinHash, 112 hashes", [ours, *theirs.found], theirs.missing, GOALS)


def whole_stages(texts: Sequence[str]) -> Iterator[Step]:
    """Every stage that compares all documents."""
    for stage in STAGES:
        run = partial(cpu_seconds, partial(compare, stage, batches_of(texts)))
        yield Step(stage.title, [Contestant("goldsmith", size_of(texts), run, is_ours=True, note="whole stage")])


def batches_of(texts: Sequence[str]) -> list[Batch]:
    """The texts as documents, a few hundred at a time."""
    named = [(f"{number:08}", text) for number, text in enumerate(texts)]
    parts = [named[start : start + BATCH] for start in range(0, len(named), BATCH)]
    kinds = {"id": "text", "text": "text"}
    return [
        make_batch({"id": [name for name, _ in part], "text": [text for _, text in part]}, cast("Any", kinds))
        for part in parts
    ]


def compare(stage: CorpusStage, batches: Sequence[Batch]) -> None:
    """All that a stage does with a corpus, without the verdicts."""
    with tempfile.TemporaryDirectory() as folder:
        comparison = cast("Comparison", load_named(stage.comparison)(stage, Path(folder)))
        for batch in batches:
            comparison.add(batch)
        columns = comparison.decide(lambda: False).columns
        comparison.close()
        start = 0
        for batch in batches:
            part = {name: values[start : start + batch.num_rows] for name, values in columns.items()}
            start += batch.num_rows
            _ = stage.concluded(with_columns(batch, part, stage.columns))


def _signatures(batches: Sequence[Batch]) -> None:
    stage = NearDuplicates()
    functions = hashers(n_bands=stage.bands, n_rows=stage.rows)
    for batch in batches:
        texts = utf8(batch, "text", is_lower=True)
        _ = band_keys(as_sets(*sequences(texts.content, texts.offsets, stage.words)), functions)
