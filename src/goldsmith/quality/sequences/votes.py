"""Who marked which spans in which text, as integers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from goldsmith.errors import VotesError
from goldsmith.quality.sequences.bio import OUTSIDE, tag_names
from goldsmith.quality.votes import Int32s, Int64s


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceVotes:
    """One tag per token and annotator, sorted by token, then by annotator. Made by `SequenceVotes.from_tags`.

    Attributes:
        annotator: int32[n_votes], in 0 to n_annotators - 1.
        label: int32[n_votes], the tag given, in 0 to n_tags - 1.
        before: int32[n_votes], what the annotator gave to the token before: 0 outside, 1 + c type c, n_types + 1 for
            the first token of a text.
        starts: int64[n_tokens + 1]; the votes on token i are those from starts[i] up to, not including, starts[i + 1].
        ends: int64[n_sequences + 1]; the tokens of text s are those from ends[s] up to, not including, ends[s + 1].
        word: int32[n_tokens], equal for equal words; None when the words were not given.
        annotator_names: the name of each annotator code, sorted.
        types: the types of spans, sorted or in the order given.
    """

    annotator: Int32s
    label: Int32s
    before: Int32s
    starts: Int64s
    ends: Int64s
    word: Int32s | None
    annotator_names: tuple[str, ...]
    types: tuple[str, ...]

    @classmethod
    def from_tags(
        cls,
        answers: Sequence[Mapping[str, Sequence[str]]],
        *,
        words: Sequence[Sequence[str]] | None = None,
        types: Sequence[str] | None = None,
    ) -> "SequenceVotes":
        """Votes from the tags that each annotator gave to each text.

        Args:
            answers: for each text, by annotator, one tag for each token: `O`, `B-x` or `I-x`. Tags need not be valid.
            words: for each text, its tokens, as words to compare; lower case serves best.
            types: all types there are; those found, sorted, when not given.

        Raises:
            VotesError: there are no texts, one has no answers or no tokens, answers to one differ in length, or a tag
                is none.

        Example:
            >>> votes = SequenceVotes.from_tags([{"ann": ["B-PER", "O"], "bob": ["O", "O"]}])
            >>> votes.label.tolist(), votes.before.tolist(), votes.tags
            ([1, 0, 0, 0], [2, 2, 1, 0], ('O', 'B-PER', 'I-PER'))
        """
        lengths = [_length(text, given, words) for text, given in enumerate(answers)]
        if not lengths:
            raise VotesError("there are no answers to aggregate; collect answers first.")
        found = sorted({_type(tag) for given in answers for tags in given.values() for tag in set(tags)} - {""})
        kinds = found if types is None else list(types)
        if not set(found) <= set(kinds):
            raise VotesError(f"the type {min(set(found) - set(kinds))!r} is not one of {', '.join(kinds)}.")
        names = sorted({name for given in answers for name in given})
        code_of, tag_code = {n: c for c, n in enumerate(names)}, {t: c for c, t in enumerate(tag_names(kinds))}
        columns = [_columns(given, code_of, tag_code) for given in answers]
        n_answers = np.repeat([len(given) for given in answers], lengths)
        return cls(
            annotator=np.concatenate([column[0] for column in columns]),
            label=np.concatenate([column[1] for column in columns]),
            before=np.concatenate([column[2] for column in columns]),
            starts=np.concatenate(([0], np.cumsum(n_answers))).astype(np.int64),
            ends=np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
            word=None if words is None else _word_codes(words),
            annotator_names=tuple(names),
            types=tuple(kinds),
        )

    @property
    def tags(self) -> tuple[str, ...]:
        """The name of each tag code."""
        return tag_names(self.types)

    @property
    def n_tokens(self) -> int:
        """How many tokens all texts have."""
        return self.starts.size - 1


def _length(text: int, given: Mapping[str, Sequence[str]], words: Sequence[Sequence[str]] | None) -> int:
    lengths = {len(tags) for tags in given.values()}
    if words is not None:
        lengths.add(len(words[text]) if text < len(words) else 0)
    if not given or lengths == {0}:
        raise VotesError(f"text {text} has no answers or no tokens; leave it out.")
    if len(lengths) > 1:
        raise VotesError(f"text {text}: answers and words have {sorted(lengths)} tokens; give one tag for each token.")
    return lengths.pop()


def _type(tag: str) -> str:
    if tag == OUTSIDE:
        return ""
    if tag[:2] not in {"B-", "I-"} or not tag[2:]:
        raise VotesError(f"the tag {tag!r} is neither O nor B- or I- with a type; see goldsmith.quality.sequences.bio.")
    return tag[2:]


def _columns(
    given: Mapping[str, Sequence[str]], code_of: Mapping[str, int], tag_code: Mapping[str, int]
) -> tuple[Int32s, Int32s, Int32s]:
    names = sorted(given)
    label = np.array([[tag_code[tag] for tag in given[name]] for name in names], np.int32).T
    before = np.empty_like(label)
    before[0] = len(tag_code) // 2 + 1
    before[1:] = (label[:-1] + 1) // 2
    annotator = np.broadcast_to(np.array([code_of[name] for name in names], np.int32), label.shape)
    return annotator.ravel(), label.ravel(), before.ravel()


def _word_codes(words: Sequence[Sequence[str]]) -> Int32s:
    flat = [word for text in words for word in text]
    code_of = {word: code for code, word in enumerate(sorted(set(flat)))}
    return np.fromiter((code_of[word] for word in flat), np.int32, len(flat))
