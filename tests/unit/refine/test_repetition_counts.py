"""Characters of repeated word sequences, against plain code, with tokens that no tokeniser of ours would cut."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from goldsmith.kit.arrow import make_batch, utf8
from goldsmith.refine.statistics.repetitions import REPEATED_LENGTHS, TOP_LENGTHS, count_repetitions, earlier_sequences
from goldsmith.refine.statistics.tokens import Tokens

WORDS = st.lists(st.sampled_from(["a", "b", "ab", "ba", "a b", "b a", "é", "中", "longer words"]), max_size=60)


def laid_out(words: Sequence[str]) -> tuple[str, Tokens]:
    """A text with a tab after each word, and where the words are in its bytes."""
    text = "".join(f"{word}\t" for word in words)
    lengths = np.array([len(word.encode()) for word in words], np.int64)
    starts = np.cumsum(lengths + 1) - lengths - 1
    return text, Tokens(starts, starts + lengths, np.array([0, len(words)], np.int64))


def top(words: Sequence[str], length: int) -> int:
    """The length of the most frequent sequence, its words joined by spaces, times how often it comes."""
    sequences = [" ".join(words[start : start + length]) for start in range(len(words) - length + 1)]
    best = Counter(sequences).most_common(1)  # of equals the first
    return len(best[0][0]) * best[0][1] if best else 0


def repeated(words: Sequence[str], length: int) -> int:
    """The length of all sequences that came before, where the search goes on behind such a one."""
    seen: set[str] = set()
    found = start = 0
    while start + length <= len(words):
        sequence = "".join(words[start : start + length])
        if sequence in seen:
            found += len(sequence)
            start += length
        else:
            seen.add(sequence)
            start += 1
    return found


@given(words=WORDS)
@example(["a b", "a", "b a", "a b", "a", "b a"])
@example(["ab", "a", "b", "a", "ba", "b"] * 4)
def test_repetitions_are_those_of_plain_code_even_if_words_have_spaces(words: list[str]):
    text, tokens = laid_out(words)
    found = count_repetitions(utf8(make_batch({"text": [text]}, {"text": "text"}), "text"), tokens)[:, 0].tolist()

    expected = [top(words, length) for length in TOP_LENGTHS] + [repeated(words, length) for length in REPEATED_LENGTHS]
    assert found == (expected if len(words) > 1 else [0] * len(expected))


@given(words=WORDS)
def test_every_sequence_is_led_to_the_first_that_is_the_same(words: list[str]):
    text, tokens = laid_out(words)
    texts = utf8(make_batch({"text": [text]}, {"text": "text"}), "text")
    sequences = [" ".join(words[start : start + 2]) for start in range(len(words) - 1)]

    assert earlier_sequences(texts, tokens, 2, False).tolist() == [sequences.index(each) for each in sequences]
