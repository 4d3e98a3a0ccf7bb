"""Passages that stand more than once: found exactly, kept where they stand first, put back on demand."""

import re
from collections.abc import Mapping
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goldsmith.errors import Cancelled
from goldsmith.kit.arrow import make_batch
from goldsmith.refine.comparisons import passages, substrings
from goldsmith.refine.comparisons.minhash import I64, U8, U64, word_bounds
from goldsmith.refine.comparisons.substrings import SubstringComparison
from goldsmith.refine.stages.substring_duplicates import SubstringDuplicates
from tests.unit.refine.repeated_texts import original, rows_after

WORD = re.compile("[a-zé]+|[中文ก]")
TEXTS = st.lists(st.text("aabé中文ก  .,\n", max_size=40), min_size=1, max_size=6)
PASSAGE = " ".join(f"word{number}" for number in range(60))


def plainly(texts: Mapping[str, str], length: int) -> dict[str, list[str]]:
    """The words that stay of each text, by the words of the stage's description."""
    first: dict[tuple[str, ...], tuple[str, int]] = {}
    stays: dict[str, list[str]] = {}
    for name in sorted(texts):
        words = WORD.findall(texts[name])
        gone: set[int] = set()
        for place in range(len(words) - length + 1):
            document, known = first.setdefault(tuple(words[place : place + length]), (name, place))
            if (document, known) != (name, place):
                kept = range(known, known + length) if document == name else range(0)
                gone |= set(range(place, place + length)) - set(kept)
        stays[name] = [word for place, word in enumerate(words) if place not in gone]
    return stays


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=TEXTS, length=st.integers(2, 5), seed=st.integers(0, 99))
def test_the_words_that_stay_are_those_of_plain_python_in_any_order(
    tmp_path: Path, texts: list[str], length: int, seed: int
):
    named = {f"d{number}": text for number, text in enumerate(texts)}
    shuffled = {name: named[name] for name in np.random.default_rng(seed).permutation(list(named))}

    found = rows_after(SubstringDuplicates(words=length), tmp_path, shuffled, step=1 + seed % 4)

    assert {name: WORD.findall(row["text"]) for name, row in found.items()} == plainly(named, length)
    assert {name: original(row, "repeated_passage_spans") for name, row in found.items()} == named


def test_a_passage_stays_in_the_first_document_and_goes_from_the_others(tmp_path: Path):
    texts = {
        "b": f"Before it. {PASSAGE}. After it.",
        "a": f"Something else, then {PASSAGE}!",
        "c": PASSAGE.upper(),
    }

    found = rows_after(SubstringDuplicates(), tmp_path, texts)

    assert found["a"]["text"] == texts["a"]
    assert found["b"]["text"] == "Before it. After it."
    assert found["c"]["text"] == texts["c"]
    assert found["b"]["repeated_passages"] == 1
    assert found["b"]["repeated_passage_share"] == pytest.approx((len(PASSAGE) + 2) / len(texts["b"]))
    assert msgspec.json.decode(found["b"]["repeated_passage_spans"]) == [
        {"kind": "repeated-passage", "before": PASSAGE + ". ", "after": "", "at": [11], "kept": ["a"]}
    ]


def test_a_body_that_stands_twice_in_one_document_stays_once(tmp_path: Path):
    text = f"{PASSAGE}\n{PASSAGE}\nThe end."

    assert rows_after(SubstringDuplicates(), tmp_path, {"a": text})["a"]["text"] == f"{PASSAGE}\nThe end."


def test_one_word_over_and_over_stays_as_long_as_a_passage(tmp_path: Path):
    found = rows_after(SubstringDuplicates(words=10), tmp_path, {"a": "la " * 100})

    assert found["a"]["text"].split() == ["la"] * 10


def test_chinese_characters_are_words(tmp_path: Path):
    passage = "".join(chr(0x4E00 + number) for number in range(50))
    texts = {"a": passage, "b": f"前言{passage}。后记", "c": f"序{passage[:49]}。后记"}

    found = rows_after(SubstringDuplicates(), tmp_path, texts)

    assert found["b"]["text"] == "前言后记"
    assert found["c"]["text"] == texts["c"]


def test_words_around_a_cut_do_not_become_one(tmp_path: Path):
    found = rows_after(SubstringDuplicates(words=2), tmp_path, {"a": "中文", "b": "left中文right"})

    assert found["b"]["text"] == "left right"
    assert original(found["b"], "repeated_passage_spans") == "left中文right"


def test_windows_whose_hashes_collide_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def colliding(stream: U8, firsts: I64, length: int) -> tuple[U64, I64]:
        hashes, places = passages.window_hashes(stream, firsts, length)
        return hashes % np.uint64(2), places

    monkeypatch.setattr(substrings, "window_hashes", colliding)
    texts = {"a": "one two three four five six", "b": "six two three four one", "c": "two three four five"}

    found = rows_after(SubstringDuplicates(words=3), tmp_path, texts)

    assert {name: row["text"].split() for name, row in found.items()} == {
        "a": texts["a"].split(),
        "b": ["six", "one"],
        "c": [],
    }


def test_words_lie_where_they_are_written():
    content = "Ab, ç中x ก. ".encode()

    starts, ends, firsts = word_bounds(np.frombuffer(content, np.uint8), np.array([0, 4, len(content)], np.int64))

    words = [content[start:end].decode() for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    assert words == ["Ab", "ç", "中", "x", "ก"]
    assert firsts.tolist() == [0, 1, 5]


def test_texts_shorter_than_a_passage_stay(tmp_path: Path):
    texts = {"a": "short", "b": "short", "c": ""}

    found = rows_after(SubstringDuplicates(), tmp_path, texts)

    assert {name: row["text"] for name, row in found.items()} == texts


def test_stopping_leaves_nothing_on_the_disk(tmp_path: Path):
    comparison = SubstringComparison(SubstringDuplicates(), tmp_path)
    comparison.add(make_batch({"id": ["a"], "text": [PASSAGE]}, {"id": "text", "text": "text"}))

    with pytest.raises(Cancelled):
        comparison.decide(lambda: True)
    comparison.close()
    assert list(tmp_path.iterdir()) == []


def test_a_document_of_which_nothing_is_left_is_dropped():
    (rule,) = SubstringDuplicates().rules()
    batch = make_batch({"repeated_passage_share": [1.0, 0.9, None]}, {"repeated_passage_share": "float"})

    assert [verdict is not None for verdict in rule.verdicts(batch)] == [True, False, False]
    assert SubstringDuplicates(max_share=None).rules() == ()


@pytest.mark.parametrize("wrong", [{"words": 1}, {"max_share": -0.5}])
def test_limits_that_mean_nothing_are_refused(wrong: dict[str, int]):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        SubstringDuplicates(**wrong)  # pyright: ignore[reportArgumentType]
