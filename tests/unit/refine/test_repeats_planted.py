"""Copies planted right at the threshold, in scripts with and without spaces, are found; nothing else is."""

import itertools
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from goldsmith.kit.arrow import make_batch
from goldsmith.refine.comparisons.near import NearComparison
from goldsmith.refine.model import Cluster
from goldsmith.refine.stages.near_duplicates import NearDuplicates

N_PAIRS = 150
N_WORDS = 200
N_REPLACED = 17
"""Words replaced in one passage: of 196 sequences on each side 175 stay, a Jaccard index of 175 / 217 = .806."""

SCRIPTS: dict[str, tuple[str, list[str]]] = {
    "latin": (" ", [f"word{number}" for number in range(3000)]),
    "chinese": ("", [chr(0x4E00 + number) for number in range(3000)]),
    "japanese": ("", [chr(0x3042 + number) for number in range(80)]),
}


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    rng = np.random.default_rng(11)
    found: dict[str, str] = {}
    for name, (space, letters) in SCRIPTS.items():
        for number in range(N_PAIRS):
            words: list[str] = [letters[place] for place in rng.integers(0, len(letters), N_WORDS)]
            start = int(rng.integers(4, N_WORDS - N_REPLACED - 4))
            new: list[str] = [letters[place] for place in rng.integers(0, len(letters), N_REPLACED)]
            copy = words[:start] + new + words[start + N_REPLACED :]
            found[f"{name}-{number:03}-a"], found[f"{name}-{number:03}-b"] = space.join(words), space.join(copy)
            half: list[str] = words[: N_WORDS // 2] + [
                letters[place] for place in rng.integers(0, len(letters), N_WORDS // 2)
            ]
            found[f"{name}-{number:03}-other"] = space.join(half)  # far below the threshold
    return found


def clusters_of(folder: Path, texts: Iterable[tuple[str, str]], *, step: int) -> tuple[Cluster, ...]:
    items = list(texts)
    comparison = NearComparison(NearDuplicates(), folder)
    for start in range(0, len(items), step):
        part = items[start : start + step]
        columns = {"id": [name for name, _ in part], "text": [text for _, text in part]}
        comparison.add(make_batch(columns, {"id": "text", "text": "text"}))
    found = comparison.decide(lambda: False).clusters
    comparison.close()
    return found


def test_pairs_at_the_threshold_are_found_and_no_others(tmp_path: Path, texts: dict[str, str]):
    clusters = clusters_of(tmp_path, texts.items(), step=100)

    found = {(*each.kept, *(member.id for member in each.members)) for each in clusters}
    for script in SCRIPTS:
        planted = {(f"{script}-{number:03}-a", f"{script}-{number:03}-b") for number in range(N_PAIRS)}
        n_found = sum(tuple(sorted(each)) in planted for each in found)
        assert n_found >= 0.95 * N_PAIRS, script
    assert all(len(each) == 2 and "other" not in "".join(each) for each in found)
    likeness = [member.likeness for each in clusters for member in each.members]
    assert min(likeness) >= 0.8
    assert np.median(likeness) == pytest.approx(175 / 217)


def test_order_and_batches_change_nothing(tmp_path: Path, texts: dict[str, str]):
    items = list(itertools.islice(texts.items(), 240))
    shuffled: list[tuple[str, str]] = [items[place] for place in np.random.default_rng(3).permutation(len(items))]

    assert clusters_of(tmp_path, shuffled, step=7) == clusters_of(tmp_path, items, step=240)
