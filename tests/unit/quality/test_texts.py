"""The consensus of texts: words to compare, their alignment, and votes weighted by how well each annotator writes."""

import numpy as np
import pytest

from goldsmith.errors import VotesError
from goldsmith.quality.texts.alignments import edits
from goldsmith.quality.texts.rover import Rover
from goldsmith.quality.texts.votes import TextVotes
from goldsmith.quality.texts.words import text_of, words_of

WORDS = ["the", "old", "man", "went", "over", "to", "his", "green", "boat", "and", "saw", "that", "fish", "had", "gone"]


def simulated(*, n_tasks: int = 40, seed: int = 1) -> tuple[list[dict[str, str]], list[str]]:
    """Two who write nearly all words as they are, and three who get four of ten wrong, in the same way."""
    rng = np.random.default_rng(seed)
    answers: list[dict[str, str]] = []
    truth: list[str] = []
    for _ in range(n_tasks):
        text = [str(word) for word in rng.choice(WORDS, 10)]
        given = {name: " ".join(w for w in text if rng.random() > 0.02) for name in ("ann", "bob")}
        for name in ("cat", "dan", "eve"):
            given[name] = " ".join(word[::-1] if rng.random() < 0.4 else word for word in text)
        answers.append(given)
        truth.append(" ".join(text))
    return answers, truth


def error(found: tuple[str, ...], truth: list[str]) -> float:
    code_of = {word: code for code, word in enumerate({w for text in (*found, *truth) for w in text.split()})}
    codes = [np.array([code_of[w] for w in text.split()], np.int32) for text in (*found, *truth)]
    apart = [edits(one, other) for one, other in zip(codes[: len(truth)], codes[len(truth) :], strict=True)]
    return sum(apart) / sum(len(text.split()) for text in truth)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Air-tight , vessels!", ["airtight", "vessels"]),
        ("- It's", ["its"]),
        ("他在東京。", ["他", "在", "東", "京"]),
        ("สวัส", ["ส", "ว", "ส"]),
        ("...", []),
        ("", []),
    ],
)
def test_texts_become_words_to_compare(text: str, keys: list[str]):
    assert [word.key for word in words_of(text)] == keys


@pytest.mark.parametrize("text", ["It is, as he said - good.", "他在東京。", "(well) then"])
def test_words_become_the_text_again(text: str):
    assert text_of([word.written for word in words_of(text)]).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(("one", "other", "n"), [("kitten", "sitting", 3), ("", "abc", 3), ("abc", "abc", 0)])
def test_edits_are_counted(one: str, other: str, n: int):
    codes = [np.frombuffer(text.encode("utf-32-le"), np.int32) for text in (one, other)]

    assert edits(codes[0], codes[1]) == edits(codes[1], codes[0]) == n


def test_few_careful_annotators_outvote_many_careless_ones():
    answers, truth = simulated()
    votes = TextVotes.from_texts(answers)

    alike, weighted = Rover(n_iterations=1).fit(votes), Rover(pseudo_words=20).fit(votes)

    assert error(weighted.texts_, truth) < 0.03
    assert error(alike.texts_, truth) > 0.06
    by_name = dict(zip(votes.annotator_names, weighted.error_.tolist(), strict=True))
    assert max(by_name["ann"], by_name["bob"]) < 0.1
    assert min(by_name["cat"], by_name["dan"], by_name["eve"]) > 0.3


def test_what_all_write_is_inferred_as_it_is_written():
    text = "He said: it's 5 o'clock (or so)."

    found = Rover().fit(TextVotes.from_texts([dict.fromkeys("abc", text)] * 3))

    assert found.texts_ == (text,) * 3
    assert found.support_.tolist() == [1, 1, 1]


def test_spelling_is_voted_on_apart_from_the_word():
    found = Rover().fit(TextVotes.from_texts([{"a": "Paris, he says", "b": "paris he says", "c": "Paris, she says"}]))

    assert found.texts_ == ("Paris, he says",)


def test_unspaced_scripts_are_merged_by_characters():
    found = Rover().fit(TextVotes.from_texts([{"a": "我住在東京", "b": "我住在东京", "c": "他住在東京"}]))

    assert found.texts_ == ("我住在東京",)


def test_order_and_names_of_annotators_do_not_matter():
    answers, _ = simulated()
    renamed = [{f"{ord('z') - ord(name[0]):02}": text for name, text in reversed(given.items())} for given in answers]

    one, other = (Rover().fit(TextVotes.from_texts(given)) for given in (answers, renamed))

    assert one.texts_ == other.texts_
    np.testing.assert_allclose(one.error_, other.error_[::-1], atol=1e-12)


def test_the_same_votes_give_the_same_and_stay_as_they_are():
    votes = TextVotes.from_texts(simulated()[0])
    before = votes.key.copy()

    assert Rover().fit(votes).texts_ == Rover().fit(votes).texts_
    assert (votes.key == before).all()


def test_texts_that_share_no_words_are_not_merged():
    answers = [{"a": "a dog barks", "b": "one cat sleeps there", "c": "one cat slept there", "d": "nothing to see"}]

    found = Rover(most_apart=0.7).fit(TextVotes.from_texts(answers))

    assert found.texts_[0] in {"one cat sleeps there", "one cat slept there"}
    assert not found.is_merged_[0]


def test_the_only_answer_is_taken_as_it_is():
    found = Rover().fit(TextVotes.from_texts([{"a": " as  it is "}, {"a": ""}]))

    assert found.texts_ == (" as  it is ", "")


def test_empty_texts_agree_on_nothing_written():
    found = Rover().fit(TextVotes.from_texts([{"a": "", "b": "", "c": "word"}]))

    assert found.texts_ == ("",)


@pytest.mark.parametrize(("answers", "said"), [([], "no answers"), ([{"a": "x"}, {}], "task 1 has no answers")])
def test_what_cannot_be_used_is_said(answers: list[dict[str, str]], said: str):
    with pytest.raises(VotesError, match=said):
        TextVotes.from_texts(answers)
