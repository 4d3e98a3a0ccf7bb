"""Transcripts of seven people a clip, against what was read aloud."""

import csv
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from goldsmith.quality.distances import NearestAnswer, distances_between
from goldsmith.quality.texts.alignments import edits
from goldsmith.quality.texts.rover import Rover
from goldsmith.quality.texts.votes import TextVotes

SETS = Path(__file__).parents[3] / "shared" / "data" / "crowd"
needs_sets = pytest.mark.skipif(not SETS.is_dir(), reason="the sets of real answers are not beside this checkout")


@cache
def answers(name: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    with (SETS / name / "labels.csv").open(newline="") as rows:
        for row in csv.DictReader(rows):
            found[row["task"]][row["worker"]] = row["label"]
    return found


def word_error(name: str, texts: tuple[str, ...]) -> float:
    """Edits for each word read, in lower case and without punctuation."""
    with (SETS / name / "truth.csv").open(newline="") as rows:
        truth = {row["task"]: row["label"] for row in csv.DictReader(rows)}
    code_of: dict[str, int] = {}

    def codes(text: str) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
        words = re.sub(r"[^\w\s']", " ", text.lower()).split()
        return np.array([code_of.setdefault(word, len(code_of)) for word in words], np.int32)

    pairs = [(codes(text), codes(truth[task])) for task, text in zip(answers(name), texts, strict=True)]
    return sum(edits(one, true) for one, true in pairs) / sum(true.size for _, true in pairs)


@needs_sets
@pytest.mark.parametrize(
    ("name", "alike", "weighted"),
    [
        ("crowdspeech_dev_clean", 0.0567, 0.0509),
        ("crowdwsa_t1", 0.5094, 0.5066),
        ("crowdwsa_j1", 0.6049, 0.6116),
    ],
)
def test_merged_texts_are_as_right_as_measured(name: str, alike: float, weighted: float):
    votes = TextVotes.from_texts(list(answers(name).values()))

    assert word_error(name, Rover(n_iterations=1).fit(votes).texts_) == pytest.approx(alike, abs=0.0005)
    assert word_error(name, Rover().fit(votes).texts_) == pytest.approx(weighted, abs=0.0005)


@needs_sets
@pytest.mark.parametrize(
    ("name", "nearest", "weighted"),
    [
        ("crowdspeech_dev_clean", 0.0594, 0.0547),
        ("crowdwsa_t1", 0.5245, 0.5085),
        ("crowdwsa_j1", 0.6271, 0.6212),
    ],
)
def test_the_best_answers_by_distance_are_as_right_as_measured(name: str, nearest: float, weighted: float):
    code_of: dict[str, int] = {}

    def distance(one: str, other: str) -> float:
        codes = [
            np.array(
                [code_of.setdefault(word, len(code_of)) for word in re.sub(r"[^\w\s']", " ", text.lower()).split()],
                np.int32,
            )
            for text in (one, other)
        ]
        return edits(*codes) / max(codes[0].size, codes[1].size, 1)

    given = distances_between(list(answers(name).values()), distance)

    assert word_error(name, NearestAnswer(max_iterations=1, pseudo_answers=1e9).fit(given).answers_) == pytest.approx(
        nearest, abs=0.0005
    )
    assert word_error(name, NearestAnswer().fit(given).answers_) == pytest.approx(weighted, abs=0.001)
