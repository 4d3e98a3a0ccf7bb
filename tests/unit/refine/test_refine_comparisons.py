import itertools
import re
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldsmith.errors import Cancelled
from goldsmith.kit.arrow import make_batch, utf8
from goldsmith.refine.comparisons import near
from goldsmith.refine.comparisons.clusters import cover, jaccard
from goldsmith.refine.comparisons.exact import ExactComparison
from goldsmith.refine.comparisons.minhash import as_sets, band_keys, hashers, sequences
from goldsmith.refine.comparisons.near import NearComparison
from goldsmith.refine.model import Compared, Comparison
from goldsmith.refine.stages.exact_duplicates import ExactDuplicates
from goldsmith.refine.stages.near_duplicates import NearDuplicates

VOCABULARY = [f"word{n}" for n in range(4000)]
Texts = dict[str, str]


def compared(comparison: Comparison, texts: Texts, *, step: int = 100) -> Compared:
    items = list(texts.items())
    for start in range(0, len(items), step):
        part = items[start : start + step]
        columns = {"id": [name for name, _ in part], "text": [text for _, text in part]}
        comparison.add(make_batch(columns, {"id": "text", "text": "text"}))
    found = comparison.decide(lambda: False)
    comparison.close()
    return found


def near_copies(folder: Path, texts: Texts, stage: NearDuplicates | None = None) -> dict[str, tuple[str, float]]:
    """The kept document that each dropped one is like, and how much."""
    found = compared(NearComparison(stage or NearDuplicates(), folder), texts)
    rows = zip(texts, found.columns["_like"], found.columns["near_duplicate_jaccard"], strict=True)
    return {name: (str(kept), float(str(value))) for name, kept, value in rows if kept is not None}


def shingles(text: str, length: int) -> set[tuple[str, ...]]:
    words = re.findall(r"[^\W_]+", text.lower())
    taken = min(length, len(words))
    return {tuple(words[start : start + taken]) for start in range(len(words) - taken + 1)} if words else set()


def true_jaccard(a: str, b: str, length: int = 5) -> float:
    first, second = shingles(a, length), shingles(b, length)
    return len(first & second) / len(first | second) if first | second else 0.0


def article(rng: np.random.Generator, n_words: int = 200) -> list[str]:
    return [VOCABULARY[place] for place in rng.integers(0, len(VOCABULARY), n_words)]


def edited(rng: np.random.Generator, words: Sequence[str], share: float) -> str:
    changed = list(words)
    for place in rng.choice(len(words), int(share * len(words)), replace=False):
        changed[place] = f"new{rng.integers(10**9)}"
    return " ".join(changed)


@given(st.lists(st.text("aB1 .,-äß\u00a0中文ก_'\n", max_size=60), min_size=2, max_size=5), st.integers(1, 6))
def test_the_kernel_and_plain_python_agree_on_jaccard(texts: list[str], length: int):
    lowered = utf8(make_batch({"text": texts}, {"text": "text"}), "text", is_lower=True)
    sets = as_sets(*sequences(lowered.content, lowered.offsets, length))

    for first, second in itertools.combinations(range(len(texts)), 2):
        spaced = [re.sub(r"([中文ก])", r" \1 ", texts[place]) for place in (first, second)]
        assert jaccard(sets, first, second) == pytest.approx(true_jaccard(spaced[0], spaced[1], length))


def test_equal_bands_are_as_frequent_as_the_theory_says(rng: np.random.Generator):
    texts: list[str] = []
    for _ in range(300):
        words = article(rng)
        texts += [" ".join(words), edited(rng, words, 0.03)]
    lowered = utf8(make_batch({"text": texts}, {"text": "text"}), "text", is_lower=True)
    sets = as_sets(*sequences(lowered.content, lowered.offsets, 5))

    keys = band_keys(sets, hashers(n_bands=14, n_rows=8))

    likeness = np.array([jaccard(sets, place, place + 1) for place in range(0, len(texts), 2)])
    equal = (keys[0::2] == keys[1::2]).mean()
    assert equal == pytest.approx((likeness**8).mean(), abs=0.03)


def test_planted_copies_are_found_and_nothing_else(tmp_path: Path, rng: np.random.Generator):
    texts: Texts = {}
    planted: list[tuple[str, str]] = []
    for number in range(150):
        words, original = article(rng), f"{number:03}-original"
        texts[original] = " ".join(words)
        for copy, share in enumerate((0.0, 0.01, 0.02, 0.2)):
            texts[f"{number:03}-copy{copy}"] = edited(rng, words, share)
            if true_jaccard(texts[original], texts[f"{number:03}-copy{copy}"]) >= 0.8:
                planted.append((original, f"{number:03}-copy{copy}"))

    found = compared(NearComparison(NearDuplicates(), tmp_path), texts)

    cluster_of = {
        name: place
        for place, cluster in enumerate(found.clusters)
        for name in (*cluster.kept, *(member.id for member in cluster.members))
    }
    for cluster in found.clusters:
        assert len({name[:3] for name in cluster.kept} | {member.id[:3] for member in cluster.members}) == 1
        for member in cluster.members:
            assert member.likeness == pytest.approx(true_jaccard(texts[member.id], texts[member.kept]))
            assert member.likeness >= 0.8
    together = sum(cluster_of.get(a, -1) == cluster_of.get(b, -2) for a, b in planted)
    assert together >= 0.97 * len(planted) > 300


def test_every_dropped_document_is_like_a_kept_one_and_no_two_kept_ones_are_alike(
    tmp_path: Path, rng: np.random.Generator
):
    words = article(rng, 120)
    texts = {"v000": " ".join(words)}
    for step in range(1, 40):  # a chain: each is like the one before, the last is unlike the first
        words[step * 3] = f"step{step}"
        texts[f"v{step:03}"] = " ".join(words)

    found = near_copies(tmp_path, texts)

    kept = [name for name in texts if name not in found]
    assert len(kept) > 2
    for name, (of, likeness) in found.items():
        assert of in kept
        assert true_jaccard(texts[name], texts[of]) == pytest.approx(likeness)
        assert likeness >= 0.8
    assert all(true_jaccard(texts[a], texts[b]) < 0.8 for a, b in itertools.combinations(kept, 2))


def test_the_longest_is_kept_and_of_equals_the_smallest_id(tmp_path: Path, rng: np.random.Generator):
    base = " ".join(article(rng))

    found = near_copies(tmp_path, {"c": base, "b": base.upper(), "a": base + " more", "d": base + " more"})

    assert {name: kept for name, (kept, _) in found.items()} == {"b": "a", "c": "a", "d": "a"}


def test_texts_without_words_are_like_nothing(tmp_path: Path):
    assert near_copies(tmp_path, {"a": "", "b": "", "c": "…", "d": "…", "e": " \n"}) == {}


def test_no_documents_have_no_copies(tmp_path: Path):
    assert near_copies(tmp_path, {}) == {}


def test_short_texts_are_compared_whole(tmp_path: Path):
    found = near_copies(tmp_path, {"a": "Two words", "b": "two, words!", "c": "two other"})

    assert set(found) == {"b"} or set(found) == {"a"}


def test_a_bucket_too_large_for_all_pairs_still_finds_its_groups(
    tmp_path: Path, rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(near, "MAX_BUCKET", 5)
    first, second = article(rng), article(rng)
    texts = {f"a{n}": edited(rng, first, 0.005) for n in range(20)} | {
        f"b{n}": edited(rng, second, 0.005) for n in range(20)
    }

    found = near_copies(tmp_path, texts)

    assert len(found) == 38
    assert all(name[0] == kept[0] for name, (kept, _) in found.items())


def test_a_cover_keeps_what_is_not_like_a_kept_one():
    contents = [list(range(10)), list(range(1, 11)), list(range(5, 15)), list(range(100, 110))]
    hashes = np.array([value for content in contents for value in content], np.uint64)
    sets = as_sets(hashes, np.array([0, 10, 20, 30, 40], np.int64))

    keeper, likeness = cover(sets, np.arange(4), 0.8)

    assert keeper.tolist() == [0, 0, 2, 3]
    assert likeness.tolist() == pytest.approx([5 / 15, 9 / 11, 5 / 15, 0.0])


@given(st.sets(st.integers(0, 19)), st.integers(0, 100))
def test_documents_that_are_forgotten_are_as_if_never_seen(forgotten: set[int], seed: int):
    rng = np.random.default_rng(seed)
    first = [article(rng, 60) for _ in range(4)]
    texts = {f"{number:02}": edited(rng, first[number % 4], 0.04) for number in range(20)}
    left = {name: text for number, (name, text) in enumerate(texts.items()) if number not in forgotten}
    with TemporaryDirectory() as folder:
        comparison = NearComparison(NearDuplicates(), Path(folder))
        comparison.forget(sorted(forgotten))
        found = compared(comparison, texts)
        expected = compared(NearComparison(NearDuplicates(), Path(folder)), left)

    assert found.clusters == expected.clusters
    assert list(found.columns["n_near_copies"]) == list(expected.columns["n_near_copies"])
    assert list(found.columns["near_duplicate_jaccard"]) == list(expected.columns["near_duplicate_jaccard"])
    assert list(found.columns["_like"]) == list(expected.columns["_like"])


def test_stopping_while_comparing_says_so(tmp_path: Path, rng: np.random.Generator):
    text = " ".join(article(rng))
    comparison = NearComparison(NearDuplicates(), tmp_path)
    comparison.add(make_batch({"id": ["a", "b"], "text": [text, text]}, {"id": "text", "text": "text"}))

    with pytest.raises(Cancelled):
        comparison.decide(lambda: True)
    comparison.close()
    assert list(tmp_path.iterdir()) == []


def test_exact_copies_differ_in_white_space_at_most(tmp_path: Path):
    texts = {"b": "one two\nthree", "a": "one  two three ", "c": "One two three", "d": "one two three four"}

    found = compared(ExactComparison(ExactDuplicates(), tmp_path), texts, step=1)

    assert dict(zip(texts, found.columns["_same_as"], strict=True)) == {"b": "a", "a": None, "c": None, "d": None}
    assert dict(zip(texts, found.columns["n_copies"], strict=True)) == {"b": 0, "a": 1, "c": 0, "d": 0}
    (cluster,) = found.clusters
    assert cluster.kept == ("a",)
    assert [member.id for member in cluster.members] == ["b"]
