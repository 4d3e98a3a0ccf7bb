"""Who wrote which text for which task, as integers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from goldsmith.errors import VotesError
from goldsmith.quality.texts.words import words_of
from goldsmith.quality.votes import Int32s, Int64s


@dataclass(frozen=True, slots=True, kw_only=True)
class TextVotes:
    """One text per task and annotator. Made by `TextVotes.from_texts`.

    Attributes:
        annotator: int32[n_answers], in 0 to n_annotators - 1, ascending within a task.
        starts: int64[n_tasks + 1]; the answers to task t are those from starts[t] up to, not including, starts[t + 1].
        key: int32[n_words], equal for words that count as equal; ascending as their texts do.
        written: int32[n_words], equal for words written alike.
        ends: int64[n_answers + 1]; the words of answer i are those from ends[i] up to, not including, ends[i + 1].
        texts: each answer as it was given.
        annotator_names: the name of each annotator code, sorted.
        keys: the text of each key.
        spellings: the text of each code in `written`.
    """

    annotator: Int32s
    starts: Int64s
    key: Int32s
    written: Int32s
    ends: Int64s
    texts: tuple[str, ...]
    annotator_names: tuple[str, ...]
    keys: tuple[str, ...]
    spellings: tuple[str, ...]

    @classmethod
    def from_texts(cls, answers: Sequence[Mapping[str, str]]) -> "TextVotes":
        """Votes from each task's texts by annotator.

        Raises:
            VotesError: there are no tasks, or one has no answers.

        Example:
            >>> votes = TextVotes.from_texts([{"ann": "The cat.", "bob": "the cat"}])
            >>> votes.keys, votes.key.tolist()
            (('cat', 'the'), [1, 0, 1, 0])
        """
        if not answers:
            raise VotesError("there are no answers to aggregate; collect answers first.")
        for task, given in enumerate(answers):
            if not given:
                raise VotesError(f"task {task} has no answers; leave it out.")
        names = sorted({name for given in answers for name in given})
        code_of = {name: code for code, name in enumerate(names)}
        who = [code_of[name] for given in answers for name in sorted(given)]
        texts = [given[name] for given in answers for name in sorted(given)]
        words = [words_of(text) for text in texts]
        flat = [word for of_text in words for word in of_text]
        keys, spellings = _codes(word.key for word in flat), _codes(word.written for word in flat)
        return cls(
            annotator=np.array(who, np.int32),
            starts=_ends(len(given) for given in answers),
            key=np.array([keys[word.key] for word in flat], np.int32),
            written=np.array([spellings[word.written] for word in flat], np.int32),
            ends=_ends(len(of_text) for of_text in words),
            texts=tuple(texts),
            annotator_names=tuple(names),
            keys=tuple(keys),
            spellings=tuple(spellings),
        )


def _codes(texts: Iterable[str]) -> dict[str, int]:
    return {text: code for code, text in enumerate(sorted(set(texts)))}


def _ends(lengths: Iterable[int]) -> Int64s:
    return np.cumsum([0, *lengths]).astype(np.int64)
