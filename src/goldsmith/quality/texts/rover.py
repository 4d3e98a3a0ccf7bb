"""Weighted ROVER: words of several texts are aligned, and each place is voted on."""

from dataclasses import dataclass
from typing import Annotated, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from goldsmith.quality.consensus import LEVEL
from goldsmith.quality.texts.alignments import GAP, Answers, aligned, distances, edits, unlikeness
from goldsmith.quality.texts.votes import TextVotes
from goldsmith.quality.texts.words import text_of
from goldsmith.quality.votes import Floats, Int32s, Int64s

NonNegative = Annotated[float, msgspec.Meta(ge=0)]
Positive = Annotated[float, msgspec.Meta(gt=0)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextConsensus:
    """The inferred text of every task. Attributes end in `_` because they are inferred.

    Attributes:
        texts_: the text of each task.
        support_: float64[n_tasks], in [0, 1], the mean share of the weight that the chosen words have at their places;
            not calibrated, and 1 for the only answer.
        is_merged_: bool[n_tasks], whether words were voted on; False where one answer was chosen as a whole.
        error_: float64[n_annotators], above 0, the expected edits for each word of an annotator.
        n_iterations_: how often all tasks were decided.
    """

    texts_: tuple[str, ...]
    support_: Floats
    is_merged_: NDArray[np.bool_]
    error_: Floats
    n_iterations_: int


class Rover(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Texts are aligned word by word, and an annotator's words count by the inverse of their errors.

    Errors are the edits between an annotator's texts and the consensus, shrunk towards those of all; both are inferred
    in turn. Texts that hardly share a word are no versions of one text, and a patchwork of them is none either: there
    the answer nearest to all others is taken as it is. Words are compared in lower case and without punctuation; how
    the chosen word is written is voted on too. Where words have no spaces, characters are aligned.

    Attributes:
        pseudo_words: how many words at everyone's error rate are added to those of each annotator.
        most_apart: the mean distance between answers above which one is chosen as a whole.
        n_iterations: how often all tasks are decided; the first time all annotators count alike.

    Source: Fiscus (1997), "A post-processing system to yield reduced word error rates: Recognizer Output Voting Error
    Reduction (ROVER)", ASRU. Departures: the most central text comes first; words that share letters are cheaper to
    align; votes are weighted by the inverse of each annotator's error, as estimated from the distances to the consensus
    (Braylan and Lease 2020, "Modeling and aggregation of complex annotations via annotation distances", WWW).

    Example:
        >>> votes = TextVotes.from_texts([{"a": "The cat sat.", "b": "the cap sat", "c": "The cat sat down."}])
        >>> Rover().fit(votes).texts_
        ('The cat sat.',)
    """

    pseudo_words: NonNegative = 100.0
    most_apart: Share = 0.8
    n_iterations: Annotated[int, msgspec.Meta(ge=1)] = 4

    def fit(self, votes: TextVotes) -> TextConsensus:
        """The consensus of `votes`. Time O(n_iterations * sum over answers of places * words)."""
        tasks = [_task(votes, task) for task in range(votes.starts.size - 1)]
        weight, error = np.ones(len(votes.annotator_names)), np.ones(len(votes.annotator_names))
        decided: list[_Decided] = []
        for _ in range(self.n_iterations):
            decided = [self._decide(task, weight[task.annotator]) for task in tasks]
            error = self._errors(tasks, decided, weight.size)
            weight = error.min() / error
        return TextConsensus(
            texts_=tuple(_text(votes, task, found) for task, found in zip(tasks, decided, strict=True)),
            support_=np.array([found.support for found in decided]),
            is_merged_=np.array([found.whole is None for found in decided]),
            error_=error,
            n_iterations_=self.n_iterations,
        )

    def _decide(self, task: "_Task", weight: Floats) -> "_Decided":
        n = weight.size
        mean = task.apart @ weight / weight.sum()
        order = np.array(sorted(range(n), key=lambda i: (round(float(mean[i]), 9), task.rank[i])), np.int64)
        if n == 1 or float(task.apart.sum()) / (n * (n - 1)) > self.most_apart:
            whole = int(order[0])
            support = 1.0 if n == 1 else 1 - float(mean[whole] * weight.sum() / (weight.sum() - weight[whole]))
            first, last = int(task.answers.ends[whole]), int(task.answers.ends[whole + 1])
            return _Decided(np.arange(first, last), support, whole)
        places = aligned(task.answers, weight, order)
        return _vote(places, task, weight, order)

    def _errors(self, tasks: "list[_Task]", decided: "list[_Decided]", n_annotators: int) -> Floats:
        """float64[n_annotators], edits for each word, at least one edit in the words there are and those added."""
        n_edits, n_words = np.zeros(n_annotators), np.zeros(n_annotators)
        for task, found in zip(tasks, decided, strict=True):
            text = task.answers.key[found.words]
            for i, who in enumerate(task.annotator.tolist()):
                given = task.answers.key[task.answers.ends[i] : task.answers.ends[i + 1]]
                n_edits[who] += edits(given, text)
                n_words[who] += max(given.size, text.size, 1)
        everyone = (n_edits.sum() + 1) / (n_words.sum() + 1)
        return (n_edits + self.pseudo_words * everyone + everyone) / (n_words + self.pseudo_words + 1)


class _Task(NamedTuple):
    answers: Answers
    annotator: Int32s
    written: Int32s
    apart: Floats
    rank: list[str]
    first_answer: int


class _Decided(NamedTuple):
    """The words chosen, by their place in the task's words; `whole` is the answer that was taken as it is."""

    words: Int64s
    support: float
    whole: int | None


def _task(votes: TextVotes, task: int) -> _Task:
    first, last = int(votes.starts[task]), int(votes.starts[task + 1])
    ends = votes.ends[first : last + 1]
    found, key = np.unique(votes.key[ends[0] : ends[-1]], return_inverse=True)
    codes: list[int] = found.tolist()
    texts = [votes.keys[code] for code in codes]
    letters = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.int32)
    letter_ends = np.cumsum([0, *map(len, texts)]).astype(np.int64)
    answers = Answers(key.astype(np.int32), ends - ends[0], unlikeness(letters, letter_ends))
    return _Task(
        answers,
        votes.annotator[first:last],
        votes.written[ends[0] : ends[-1]],
        distances(answers.key, answers.ends),
        list(votes.texts[first:last]),
        first,
    )


def _vote(places: Int64s, task: _Task, weight: Floats, order: Int64s) -> _Decided:
    """At each place the word, or the gap, with the most weight; of level ones that of the most central text."""
    chosen: list[int] = []
    shares: list[float] = []
    key, written = task.answers.key.tolist(), task.written.tolist()
    ranked: list[int] = order.tolist()
    counts: list[float] = weight.tolist()
    total = sum(counts[i] for i in ranked)
    for place in places.tolist():
        by_key = _weights([(key[place[i]] if place[i] != GAP else GAP, counts[i]) for i in ranked])
        best = _heaviest(by_key)
        if best == GAP:
            continue
        those = [i for i in ranked if place[i] != GAP and key[place[i]] == best]
        spelling = _heaviest(_weights([(written[place[i]], counts[i]) for i in those]))
        chosen.append(next(place[i] for i in those if written[place[i]] == spelling))
        shares.append(by_key[best] / total)
    return _Decided(np.array(chosen, np.int64), float(np.mean(shares)) if shares else 1.0, None)


def _weights(votes: list[tuple[int, float]]) -> dict[int, float]:
    found: dict[int, float] = {}
    for code, weight in votes:
        found[code] = found.get(code, 0.0) + weight
    return found


def _heaviest(weights: dict[int, float]) -> int:
    most = max(weights.values())
    return next(code for code, weight in weights.items() if weight >= most - LEVEL)


def _text(votes: TextVotes, task: _Task, found: _Decided) -> str:
    if found.whole is not None:
        return votes.texts[task.first_answer + found.whole]
    return text_of([votes.spellings[code] for code in task.written[found.words].tolist()])
