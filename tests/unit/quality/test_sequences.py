"""Spans: tags and back, and the consensus of several people's tags."""

from collections.abc import Sequence

import numpy as np
import pytest

from goldsmith.errors import VotesError
from goldsmith.quality.sequences.bio import Span, may_follow, spans_of, tags_of
from goldsmith.quality.sequences.sequential_confusions import SequenceConsensus, SequentialConfusions
from goldsmith.quality.sequences.votes import SequenceVotes

TAGS = ["O", "B-LOC", "I-LOC", "B-PER", "I-PER"]


def simulated(*, n_texts: int = 60, seed: int = 3) -> tuple[list[dict[str, list[str]]], list[list[str]]]:
    """Five annotators: two careful ones, two who often miss a span as a whole, and one who calls every span a place."""
    rng = np.random.default_rng(seed)
    truth: list[list[str]] = []
    answers: list[dict[str, list[str]]] = []
    for _ in range(n_texts):
        spans = [Span(start, start + int(rng.integers(1, 4)), str(rng.choice(["LOC", "PER"]))) for start in (1, 5, 9)]
        truth.append(list(tags_of(spans, 13)))
        given: dict[str, list[str]] = {}
        for name, missed in (("ann", 0.02), ("bob", 0.05), ("cat", 0.6), ("dan", 0.6), ("eve", 0.1)):
            kept = [span for span in spans if rng.random() > missed]
            given[name] = list(tags_of([s._replace(type="LOC") if name == "eve" else s for s in kept], 13))
        answers.append(given)
    return answers, truth


def tags_found(found: SequenceConsensus, n_texts: int) -> list[list[str]]:
    length = found.tags_.size // n_texts
    return [[found.names[tag] for tag in found.tags_[text * length :][:length]] for text in range(n_texts)]


def test_spans_become_tags_and_spans_again():
    spans = (Span(0, 2, "PER"), Span(2, 3, "PER"), Span(4, 5, "LOC"))

    assert spans_of(tags_of(spans, 6)) == spans


@pytest.mark.parametrize(("spans", "said"), [([Span(2, 2, "x")], "inside"), ([Span(0, 9, "x")], "inside")])
def test_a_span_outside_of_the_text_is_refused(spans: list[Span], said: str):
    with pytest.raises(VotesError, match=said):
        tags_of(spans, 4)


def test_overlapping_spans_are_refused():
    with pytest.raises(VotesError, match="overlaps"):
        tags_of([Span(0, 3, "x"), Span(2, 4, "y")], 4)


def test_going_on_is_only_for_the_type_that_began():
    allowed = may_follow(5)

    assert [TAGS[tag] for tag in np.flatnonzero(allowed[1])] == ["O", "B-LOC", "I-LOC", "B-PER"]
    assert [TAGS[tag] for tag in np.flatnonzero(allowed[4])] == ["O", "B-LOC", "B-PER", "I-PER"]
    assert [TAGS[tag] for tag in np.flatnonzero(allowed[5])] == ["O", "B-LOC", "B-PER"]


def test_each_tag_is_kept_with_what_was_given_before():
    votes = SequenceVotes.from_tags([{"a": ["B-x", "I-x", "O", "B-y"]}, {"a": ["O", "O"]}])

    assert votes.before.tolist() == [3, 1, 1, 0, 3, 0]
    assert votes.ends.tolist() == [0, 4, 6]


def test_what_most_people_miss_is_found_where_their_habits_are_known():
    answers, truth = simulated()

    found = SequentialConfusions().fit(SequenceVotes.from_tags(answers))

    right = [set(spans_of(tags)) for tags in truth]
    inferred = [set(spans_of(tags)) for tags in tags_found(found, len(truth))]
    n_found = sum(len(one & other) for one, other in zip(right, inferred, strict=True))
    assert n_found / sum(map(len, right)) > 0.95
    assert n_found / sum(map(len, inferred)) > 0.95
    for text in range(len(truth)):
        assert {span for span, _ in found.spans(text)} == inferred[text]
    np.testing.assert_allclose(found.confusion_.sum(axis=-1), 1, atol=1e-12)
    np.testing.assert_allclose(found.posterior_.sum(axis=1), 1, atol=1e-12)
    np.testing.assert_allclose(found.following_.sum(axis=1), 1, atol=1e-12)
    assert found.has_converged_


def test_order_and_names_of_annotators_do_not_matter():
    answers, _ = simulated()
    renamed = [{f"{ord('z') - ord(name[0]):02}": tags for name, tags in reversed(given.items())} for given in answers]

    one = SequentialConfusions().fit(SequenceVotes.from_tags(answers))
    other = SequentialConfusions().fit(SequenceVotes.from_tags(renamed))

    np.testing.assert_allclose(one.posterior_, other.posterior_, atol=1e-8)
    assert one.tags_.tolist() == other.tags_.tolist()


def test_the_same_votes_give_the_same_and_stay_as_they_are():
    votes = SequenceVotes.from_tags(simulated()[0])
    before = votes.label.copy(), votes.before.copy()

    one, other = SequentialConfusions().fit(votes), SequentialConfusions().fit(votes)

    assert one.posterior_.tobytes() == other.posterior_.tobytes()
    assert (votes.label == before[0]).all() and (votes.before == before[1]).all()


@pytest.mark.parametrize("tags", [["O", "O"], ["B-x", "I-x"], ["B-x", "B-y"]])
def test_what_all_say_is_inferred(tags: list[str]):
    answers = [dict.fromkeys("abc", tags) for _ in range(3)]

    found = SequentialConfusions().fit(SequenceVotes.from_tags(answers))

    assert tags_found(found, 3) == [tags] * 3


def test_even_a_hundred_votes_for_invalid_tags_give_valid_ones():
    answers = [{f"a{number}": ["O", "I-x", "O"] for number in range(300)}]

    found = SequentialConfusions().fit(SequenceVotes.from_tags(answers))

    assert np.isfinite(found.posterior_).all()
    assert "I-x" not in tags_found(found, 1)[0]


def test_a_word_known_as_a_name_elsewhere_is_more_likely_one():
    known = {name: ["B-PER", "O"] for name in "abc"}
    unsure = {"a": ["B-PER", "O"], "b": ["O", "O"], "c": ["O", "O"]}
    answers, words = [*[known] * 20, unsure, unsure], [*[["kim", "ran"]] * 20, ["kim", "ran"], ["sun", "ran"]]

    found = SequentialConfusions(max_iterations=8).fit(SequenceVotes.from_tags(answers, words=words))

    assert found.posterior_[40, 0] < found.posterior_[42, 0]


UNUSABLE: list[tuple[list[dict[str, list[str]]], str]] = [
    ([], "no answers"),
    ([{}], "text 0 has no answers"),
    ([{"a": []}], "no tokens"),
    ([{"a": ["O"], "b": ["O", "O"]}], r"\[1, 2\] tokens"),
    ([{"a": ["X-x"]}], "neither O nor"),
    ([{"a": ["B-"]}], "neither O nor"),
]


@pytest.mark.parametrize(("answers", "said"), UNUSABLE)
def test_what_cannot_be_used_is_said(answers: Sequence[dict[str, list[str]]], said: str):
    with pytest.raises(VotesError, match=said):
        SequenceVotes.from_tags(answers)


def test_a_type_that_is_not_listed_is_refused():
    with pytest.raises(VotesError, match="'x' is not one of y"):
        SequenceVotes.from_tags([{"a": ["B-x"]}], types=["y"])


def test_too_few_words_are_refused():
    with pytest.raises(VotesError, match="tokens"):
        SequenceVotes.from_tags([{"a": ["O", "O"]}], words=[["one"]])
