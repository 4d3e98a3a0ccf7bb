"""Spans that 47 people marked in news, against the experts' ones."""

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from goldsmith.quality.sequences.bio import spans_of
from goldsmith.quality.sequences.sequential_confusions import SequentialConfusions
from goldsmith.quality.sequences.votes import SequenceVotes

NEWS = Path(__file__).parents[3] / "shared" / "data" / "crowd" / "conll_ner"
needs_news = pytest.mark.skipif(not NEWS.is_dir(), reason="the set of marked news is not beside this checkout")

By = dict[str, dict[int, str]]


@cache
def column(file: str, name: str) -> By:
    """One column of a file by sentence and token."""
    found: By = defaultdict(dict)
    with (NEWS / file).open(newline="") as rows:
        for row in csv.DictReader(rows):
            sentence, at = row["task"].rsplit(":", 1)
            found[sentence][int(at)] = row[name]
    return found


@cache
def answers() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
    with (NEWS / "labels.csv").open(newline="") as rows:
        for row in csv.DictReader(rows):
            sentence, at = row["task"].rsplit(":", 1)
            found[sentence][row["worker"]][int(at)] = row["label"]
    return {s: {w: [tags[i] for i in sorted(tags)] for w, tags in given.items()} for s, given in found.items()}


def f1(method: SequentialConfusions) -> float:
    words, truth = column("tokens.csv", "token_hash"), column("truth.csv", "label")
    sentences = list(answers())
    texts = [[words[s][i] for i in range(len(words[s]))] for s in sentences]
    found = method.fit(SequenceVotes.from_tags(list(answers().values()), words=texts))
    n_right = n_found = n_true = 0
    for text, sentence in enumerate(sentences):
        true = set(spans_of([truth[sentence][i] for i in range(len(truth[sentence]))]))
        inferred = {span for span, _ in found.spans(text)}
        n_right, n_found, n_true = n_right + len(true & inferred), n_found + len(inferred), n_true + len(true)
    return 2 * n_right / (n_found + n_true)


@needs_news
@pytest.mark.parametrize(("word_weight", "measured"), [(0.5, 0.7701), (0.0, 0.7514)])
def test_spans_are_as_right_as_measured(word_weight: float, measured: float):
    assert f1(SequentialConfusions(word_weight=word_weight)) == pytest.approx(measured, abs=0.001)
