"""The classifier: what it learns, how honestly it is measured, and what the stage makes of it."""

import hashlib
import zlib
from pathlib import Path

import msgspec
import numpy as np
import pyarrow.parquet as pq
import pytest

from goldsmith.errors import InputError
from goldsmith.kit.arrow import make_batch
from goldsmith.refine import Places, load_recipe, redecide, refine
from goldsmith.refine.classifying.matrices import lowered, matrix_of
from goldsmith.refine.classifying.models import Loaded, encoded, loaded, packed, read_model, sha256_of
from goldsmith.refine.classifying.scoring import N_SHOWN, scores_of
from goldsmith.refine.classifying.training import BITS, Example, train

GOOD = ("The river rises in the hills.", "Farmers move their sheep in spring.", "Mills grind flour for the bakers.")
BAD = ("Click here to win free prizes!", "Best casino bonus, play now!", "Subscribe and share this page!")


def examples(n: int = 40) -> list[Example]:
    rng = np.random.default_rng(5)

    def text(sentences: tuple[str, ...]) -> str:
        return f"{rng.integers(10**6)} " + " ".join(rng.choice(sentences) for _ in range(4))

    return [Example(text(GOOD), "good") for _ in range(n)] + [Example(text(BAD), "bad") for _ in range(n)]


@pytest.fixture(scope="module")
def model():
    return train(examples(), keep=["good"])


@pytest.fixture(scope="module")
def path(model, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("classifier") / "good.model"
    path.write_bytes(encoded(model))
    return path


def scored(path: Path, *texts: str):
    return scores_of(lowered(texts), loaded(str(path), sha256_of(path)))


def test_it_tells_wanted_texts_from_others_and_shows_the_words_against_them(path):
    text = "Mills grind flour here. Best casino bonus!"
    good, bad, mixed, empty = scored(path, " ".join(GOOD), " ".join(BAD), text, "")
    assert good.probability > 0.8
    assert bad.probability < 0.2
    assert bad.probability < mixed.probability < good.probability
    assert {text[word.start : word.stop] for word in mixed.against} & {"casino", "bonus", "Best"}
    assert all(word.weight < 0 for word in mixed.against)
    assert empty == (None, ())


def test_the_same_examples_in_any_order_give_the_same_bytes(model):
    assert encoded(train(examples()[::-1], keep=["good"])) == encoded(model)


def test_it_is_measured_on_texts_that_it_has_not_learnt_from():
    rng = np.random.default_rng(1)
    words = [f"{word:x}" for word in range(1000, 3000)]
    noise = [Example(" ".join(rng.choice(words, 30)), label) for label in ["a", "b"] * 60]
    copies = train(noise * 2, keep=["a"]).quality.auc
    assert copies.low < 0.5 < copies.high
    grouped = [each._replace(text=f"{each.text} site{n // 2}", group=str(n // 2)) for n, each in enumerate(noise)]
    assert train(grouped, keep=["a"]).quality.auc.estimate < 0.7


def test_the_quality_says_what_each_minimum_would_do(model):
    quality = model.quality
    assert quality.auc.estimate > 0.95
    assert quality.auc.low <= quality.auc.estimate <= quality.auc.high
    assert [each.min_score for each in quality.operating] == sorted(each.min_score for each in quality.operating)
    assert all(one.n_kept >= other.n_kept for one, other in zip(quality.operating, quality.operating[1:], strict=False))
    assert sum(each.wanted.n for each in quality.calibration) == 80


def test_a_label_that_is_less_sure_counts_less():
    texts = [Example("alpha beta gamma", "a"), Example("alpha beta gamma delta", "b", 0.01)] * 1
    more = examples() + [Example(f"alpha {n}", label, weight) for n in range(9) for label, weight in
                         (("good", 1.0), ("bad", 0.05))]  # fmt: skip
    trained = train(more, keep=["good"])
    even = train([each._replace(weight=1.0) for each in more], keep=["good"])
    rows = matrix_of([texts[0].text], limit=100, bits=BITS)
    assert (rows @ weights_of(trained))[0] + trained.offset > (rows @ weights_of(even))[0] + even.offset


def weights_of(model) -> np.ndarray:
    return np.frombuffer(zlib.decompress(model.weights), "<f4")


def test_scoring_and_training_see_the_same_features():
    texts = [*GOOD, "Ünïcode ÀÉ 中文の文章 3.14 and 42", "x", "  \n ", "ab", "a" * 50, "İstanbul ΟΔΟΣ"]
    weights = np.random.default_rng(2).normal(size=1 << 12).astype(np.float32)
    scores = scores_of(lowered(texts), Loaded(weights, 0.25, 12, 40))
    odds = matrix_of(texts, limit=40, bits=12) @ weights + 0.25
    assert [each.probability for each in scores] == pytest.approx((1 / (1 + np.exp(-odds))).tolist(), abs=1e-6)
    assert all(len(each.against) <= N_SHOWN for each in scores)
    assert all(each.against == tuple(sorted(each.against)) for each in scores)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda found: b"no classifier", "is no classifier"),
        (lambda found: encoded(msgspec.structs.replace(found, format=9)), "format 9"),
        (lambda found: encoded(msgspec.structs.replace(found, weights=b"zip")), "is broken"),
        (lambda found: encoded(msgspec.structs.replace(found, weights=packed(np.zeros(4, np.float32)))), "131,072"),
        (lambda found: encoded(msgspec.structs.replace(found, bits=40)), "out of range"),
    ],
)
def test_a_file_that_is_no_classifier_is_refused(model, tmp_path, change, problem):
    (tmp_path / "x").write_bytes(change(model))
    with pytest.raises(InputError, match=problem):
        read_model(tmp_path / "x")


def test_too_few_labels_and_unknown_ones_are_told():
    with pytest.raises(InputError, match="no text has the label 'goood'"):
        train(examples(), keep=["goood"])
    with pytest.raises(InputError, match="needs 5 of each"):
        train(examples(3), keep=["good"])
    with pytest.raises(InputError, match="copies"):
        train([each._replace(text="same") for each in examples()], keep=["good"])


RECIPE = """\
goldsmith: 1
name: test
source:
  - {kind: files, paths: [in]}
stages:
  - decode
  - classifier: {model: good.model, min_score: MIN}
"""


def recipe_of(least: float):
    return load_recipe(RECIPE.replace("MIN", str(least)), origin="test.yaml")


@pytest.fixture
def base(path, tmp_path):
    (tmp_path / "good.model").write_bytes(path.read_bytes())
    (tmp_path / "in").mkdir()
    for name, texts in (("good", GOOD), ("bad", BAD), ("mixed", (GOOD[0], BAD[1]))):
        (tmp_path / "in" / f"{name}.txt").write_text(" ".join(texts))
    return tmp_path


def places(base: Path) -> Places:
    return Places(base=base, doc_folders=(), packages=lambda: ())


def rows(out: Path, kind: str) -> dict[str, dict]:
    return {Path(row["id"]).stem: row for row in pq.read_table(out / kind).to_pylist()}


def test_a_recipe_drops_what_scores_too_low_and_pins_the_classifier(base):
    refine(recipe_of(0.5), base / "out", places=places(base))
    bad = rows(base / "out", "dropped")["bad"]
    assert (bad["stage"], bad["rule"]) == ("classifier", "low-score")
    spans = msgspec.json.decode(bad["evidence"])["spans"]
    assert {bad["text"][start:end] for start, end in spans} <= set(
        bad["text"].replace("!", " ").replace(",", " ").split()
    )
    assert spans
    lock = msgspec.json.decode((base / "out" / "recipe.lock.json").read_bytes())
    sha256 = hashlib.sha256((base / "good.model").read_bytes()).hexdigest()
    assert lock["stages"][1]["files"] == {"good.model": sha256}


def test_other_minimums_decide_anew_without_the_classifier(base):
    refine(recipe_of(0.5), base / "out", places=places(base))
    refine(recipe_of(0.999), base / "fresh", places=places(base))
    (base / "good.model").unlink()
    redecide(base / "out", recipe_of(0.999), base / "again")
    assert rows(base / "again", "dropped") == rows(base / "fresh", "dropped")
    assert len(rows(base / "again", "dropped")) == 3


def test_a_classifier_that_is_not_there_stops_the_run_at_once(base):
    (base / "good.model").unlink()
    with pytest.raises(InputError, match="refine train"):
        refine(recipe_of(0.5), base / "out", places=places(base))
    without = load_recipe(RECIPE.replace("{model: good.model, min_score: MIN}", "{}"), origin="test.yaml")
    with pytest.raises(InputError, match="needs a `model`"):
        refine(without, base / "out", places=places(base))


def test_a_classifier_that_changes_during_a_run_ends_it(base, path):
    bound = recipe_of(0.5).stages[1].bound(places(base))
    batch = make_batch({"text": ["a text"]}, {"text": "text"})
    assert bound.annotate(batch)["classifier_score"][0] is not None
    (base / "good.model").write_bytes(encoded(train(examples(20), keep=["good"])))
    loaded.cache_clear()
    with pytest.raises(InputError, match="was changed"):
        bound.annotate(batch)
