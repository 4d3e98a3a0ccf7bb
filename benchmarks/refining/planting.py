"""Plants copies of real texts, and finds by plain Python which pairs of them are how much alike."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

LENGTH = 5
"""Words in a sequence."""

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(f"[{_UNSPACED}]|[^\\W_{_UNSPACED}]+")

Sequences = frozenset[tuple[str, ...]]
Pair = tuple[str, str]


def planted(texts: Iterable[str], rng: np.random.Generator) -> dict[str, str]:
    """Each text, and a copy of it: every fifth one exact, others with passages or scattered words replaced.

    Of passages 5 to 20 % of the words are replaced, of scattered words .2 to 4 %, since each breaks five sequences.
    """
    found: dict[str, str] = {}
    for number, text in enumerate(texts):
        words = list(_WORD.finditer(text))
        found[f"{number:05}-original"] = text
        if number % 5 == 0:
            found[f"{number:05}-exact"] = text
        elif number % 5 < 3:
            n_edited = max(1, round(rng.uniform(0.05, 0.20) * len(words)))
            start = int(rng.integers(0, len(words) - n_edited + 1))
            found[f"{number:05}-passage"] = _edited(text, words[start : start + n_edited], rng)
        else:
            n_edited = max(1, round(rng.uniform(0.002, 0.04) * len(words)))
            places: list[int] = sorted(rng.choice(len(words), n_edited, replace=False).tolist())
            found[f"{number:05}-scattered"] = _edited(text, [words[place] for place in places], rng)
    return found


def sequences_of(text: str) -> Sequences:
    """All sequences of words, as the description of near duplicates says; of a shorter text the whole."""
    words = _WORD.findall(text.lower())
    taken = min(LENGTH, len(words))
    return (
        frozenset(tuple(words[start : start + taken]) for start in range(len(words) - taken + 1))
        if words
        else frozenset()
    )


def jaccard(a: Sequences, b: Sequences) -> float:
    """The size of the intersection divided by that of the union."""
    n_common = len(a & b)
    return n_common / (len(a) + len(b) - n_common) if a or b else 0.0


def pairs_alike(sets: Mapping[str, Sequences], threshold: float) -> dict[Pair, float]:
    """All pairs whose index reaches the threshold, without any guess.

    Two sets that do share one of the rarest `n - ceil(threshold * n) + 1` of their members, by any fixed order.

    Source: Bayardo, Ma and Srikant 2007, "Scaling Up All Pairs Similarity Search".
    """
    counts = Counter(each for members in sets.values() for each in members)
    holders: dict[tuple[str, ...], list[str]] = {}
    found: dict[Pair, float] = {}
    for name, members in sorted(sets.items()):
        ordered = sorted(members, key=lambda each: (counts[each], each))
        rarest = ordered[: len(ordered) - math.ceil(threshold * len(ordered)) + 1]
        for other in sorted({other for each in rarest for other in holders.get(each, ())}):
            smaller, larger = sorted((len(members), len(sets[other])))
            if smaller >= threshold * larger and (value := jaccard(members, sets[other])) >= threshold:
                found[other, name] = value
        for each in rarest:
            holders.setdefault(each, []).append(name)
    return found


def _edited(text: str, words: Sequence[re.Match[str]], rng: np.random.Generator) -> str:
    return "".join(_pieces(text, words, rng))


def _pieces(text: str, words: Sequence[re.Match[str]], rng: np.random.Generator) -> Iterator[str]:
    done = 0
    for word in words:
        yield text[done : word.start()]
        is_unspaced = re.match(f"[{_UNSPACED}]", word[0]) is not None
        yield chr(int(rng.integers(0x4E00, 0x9FA0))) if is_unspaced else f"new{rng.integers(10**6)}"
        done = word.end()
    yield text[done:]
