"""What repeats: MinHash beside Daft and rensa, then the stages that compare all documents, from text to result."""

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from benchmarks.refining.figures import Figure, cpu_runs, spread_of
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
N_RUNS = 5
SIGNATURES = "MinHash, 112 hashes"
STAGES = (ExactDuplicates(), NearDuplicates(), LineDuplicates(), SubstringDuplicates())

_WORD = re.compile(r"\w+")

# Any: the peers' objects, which have no types here.


def figures(texts: Sequence[str], n_peer: int) -> Iterator[Figure]:
    """Signatures of ours and of the peers that are installed, each with its shingling; then the whole stages."""
    batches = batches_of(texts)
    yield _figure(texts, (SIGNATURES, "goldsmith", "lower case, no marks, bands"), partial(_signatures, batches))
    for name, make in (("daft", _daft), ("rensa", _rensa)):
        if find_spec(name) is not None:
            for who, call, note in make(texts[:n_peer]):
                yield _figure(texts[:n_peer], (SIGNATURES, who, note), call)
    for stage in STAGES:
        yield _figure(texts, (stage.title, "goldsmith", "whole stage"), partial(compare, stage, batches))


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


def _daft(texts: Sequence[str]) -> Iterator[tuple[str, Callable[[], object], str]]:
    daft: Any = import_module("daft")
    frame = daft.from_pydict({"text": list(texts)}).collect()
    column = daft.col("text")
    lowered = column.normalize(remove_punct=True, lowercase=True, nfd_unicode=False, white_space=False)
    for who, given, note in (("daft", column, "text as it is"), ("daft, lower", lowered, "lower case, no marks")):
        values = given.minhash(num_hashes=112, ngram_size=5, hash_function="xxhash3_64")
        yield who, partial(_collect, frame, values), note


def _collect(frame: Any, values: Any) -> None:
    frame.select(values).collect()


def _rensa(texts: Sequence[str]) -> Iterator[tuple[str, Callable[[], object], str]]:
    rensa: Any = import_module("rensa")

    def sign() -> None:
        for text in texts:
            words = _WORD.findall(text.lower())
            signature = rensa.RMinHash(num_perm=112, seed=1)
            signature.update([" ".join(words[start : start + 5]) for start in range(max(1, len(words) - 4))])
            signature.digest()

    yield "rensa", sign, "lower case, no marks, shingles by Python"


def _figure(texts: Sequence[str], named: tuple[str, str, str], call: Callable[[], object]) -> Figure:
    step, who, note = named
    call()  # compiles
    runs = cpu_runs(call, N_RUNS)
    size = sum(len(text.encode()) for text in texts)
    return Figure(step, who, len(texts), size, sorted(runs)[len(runs) // 2], f"{note}; {spread_of(runs)}")
