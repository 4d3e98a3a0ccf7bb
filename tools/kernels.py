"""Compiles the numerical kernels: that they do is a gate, and the tests' processes need not each do it again."""

import sys
import tempfile
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

import goldsmith
from goldsmith.quality.agreement import LEVELS, measured_agreement
from goldsmith.quality.annotators import alike_annotators, average_run_length, beliefs, drifts, independent_weights
from goldsmith.quality.comparisons.luce import Choices, Luce
from goldsmith.quality.consensus import aggregators
from goldsmith.quality.routing import LiveConsensus, Routing, plan
from goldsmith.quality.sequences.sequential_confusions import SequentialConfusions
from goldsmith.quality.sequences.votes import SequenceVotes
from goldsmith.quality.texts.rover import Rover
from goldsmith.quality.texts.votes import TextVotes
from goldsmith.quality.votes import Votes
from goldsmith.refine.classifying.models import encoded
from goldsmith.refine.classifying.training import Example, train
from goldsmith.refine.model import CorpusStage
from goldsmith.refine.recipe import stage_types

ROOT = Path(__file__).resolve().parent.parent
PAGE = "<html><body><nav><a href='/'>Home</a></nav><main><h1>A title</h1><p>{text}</p></main></body></html>"


def main() -> int:
    """Use each kernel once; returns 0."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("*.md"))]
    pages = [*texts, *(PAGE.format(text=text) for text in texts)]
    with tempfile.TemporaryDirectory() as folder:
        test_set = Path(folder) / "questions.txt"
        test_set.write_text(texts[0], encoding="utf-8")
        more: dict[str, dict[str, object]] = {"contamination": {"test_sets": [str(test_set)]}}
        for name, stage in stage_types().items():
            if "numba" in stage.libraries:
                use(name, more.get(name, {}), pages, compares=issubclass(stage, CorpusStage))
        use_preset(Path(folder) / "pages", pages)
        use_classifier(Path(folder) / "model", texts)
    votes = Votes.from_columns(["1", "1", "2", "2"], ["a", "b", "a", "b"], ["x", "x", "y", "x"], classes=["x", "y"])
    for method in aggregators().values():
        method().fit(votes)
    use_measures()
    use_routing(votes)
    SequentialConfusions().fit(SequenceVotes.from_tags([{"a": ["B-x", "O"], "b": ["O", "O"]}], words=[["one", "two"]]))
    Rover().fit(TextVotes.from_texts([{"a": "one two", "b": "one too"}]))
    Luce().fit(Choices.from_sets([[0, 1], [1, 0]], n_items=2))
    return 0


def use_preset(folder: Path, texts: Sequence[str]) -> None:
    """Refine web pages that are files: bytes come in, and their main texts are found."""
    folder.mkdir()
    for number, text in enumerate(texts):
        (folder / f"{number}.html").write_text(text, encoding="utf-8")
    goldsmith.refine("web", folder, jobs=1)


def use_classifier(path: Path, texts: Sequence[str]) -> None:
    """Learn to tell texts apart, and tell them apart."""
    lines = [line for text in texts for line in text.splitlines() if line]
    examples = [Example(line, str(len(line) > 80)) for line in lines]
    path.write_bytes(encoded(train(examples, keep=["True"])))
    use("classifier", {"model": str(path)}, lines, compares=False)


def use_measures() -> None:
    """Measure agreement and annotators once."""
    tasks = [str(number) for number in range(20)]
    labels = [str(number % 2) for number in range(40)] + ["0"] * 20
    votes = Votes.from_columns(tasks * 3, [name for name in "abc" for _ in tasks], labels)
    known = beliefs(votes, gold=dict(zip(tasks, labels, strict=False)))
    rng = np.random.default_rng(0)
    for level in LEVELS:
        measured_agreement(votes, rng=rng, level=level, n_resamples=1)
    drifts(votes, np.arange(float(votes.n_votes)), known, rng=rng)
    average_run_length(0.5, threshold=1.0, rng=rng, n_runs=1)
    independent_weights(votes, alike_annotators(votes, known).pairs_)


def use_routing(votes: Votes) -> None:
    """Route, take a vote and plan once."""
    live = LiveConsensus.from_votes(votes)
    live.add("3", "a", "x")
    live.refit()
    live.route(Routing())
    plan(live, [1], Routing())


def use(name: str, parameters: dict[str, object], texts: Sequence[str], *, compares: bool) -> None:
    """Let one stage look at the texts."""
    recipe = [{name: parameters}]
    arrow: Any = import_module("pyarrow")  # Any: it has no types
    table = arrow.table({"id": [str(number) for number in range(len(texts))], "text": texts})
    if compares:
        goldsmith.refine(recipe, table, jobs=1)
    else:
        goldsmith.refine_batches(recipe)(table)


if __name__ == "__main__":
    sys.exit(main())
