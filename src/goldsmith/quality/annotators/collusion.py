"""Collusion: pairs of annotators who give the same wrong answers more often than each by themselves would."""

from dataclasses import dataclass
from math import exp, lgamma, log, log1p

import numpy as np
from numpy.typing import NDArray

from goldsmith.errors import VotesError
from goldsmith.kit.jit import compiled
from goldsmith.quality.annotators.beliefs import Beliefs
from goldsmith.quality.annotators.common_errors import CommonErrors, common_errors
from goldsmith.quality.pairs import SharedVotes, shared_votes
from goldsmith.quality.votes import Floats, Int64s, Votes

FALSE_DISCOVERY_RATE = 0.01
"""Of the pairs that are named, so many at most are named wrongly, on average."""

MIN_SHARED = 10
"""Pairs that share fewer tasks are not looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlikePair:
    """Two annotators who are wrong together too often.

    Attributes:
        first: the code of one.
        second: the code of the other, higher.
        n_shared: how many tasks both answered of which something is known.
        n_same_wrong: on how many of them both gave the same wrong answer; a fraction where the truth is unsure.
        expected: how many were to be expected.
        excess: what share of their errors they have in common beyond that, in (0, 1]: 1 for copies.
        p_value: how probable so many are by chance, at most.
    """

    first: int
    second: int
    n_shared: int
    n_same_wrong: float
    expected: float
    excess: float
    p_value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Alikes:
    """All pairs that are wrong together too often.

    Attributes:
        pairs_: the most improbable first.
        groups_: annotators who are connected by such pairs, each group sorted, the largest group first.
        n_compared_: how many pairs share enough tasks to be compared.
    """

    pairs_: tuple[AlikePair, ...]
    groups_: tuple[tuple[int, ...], ...]
    n_compared_: int


def alike_annotators(
    votes: Votes,
    known: Beliefs,
    *,
    false_discovery_rate: float = FALSE_DISCOVERY_RATE,
    min_shared: int = MIN_SHARED,
) -> Alikes:
    """Who copies from whom, or from the same source: colluding people, and programs of one family.

    Counted is on how many tasks two annotators give the same wrong answer. Expected is what their confusion matrices
    predict, made higher on tasks where others give that answer too: a hard task misleads people who never met. Nobody
    with fewer than 10 gold answers or 30 answers is judged. Where copies give a quarter of the answers and
    more, the consensus takes their errors for the truth: then about 100 tasks with gold are needed to find them.
    Time is O(n_votes * answers per task * n_classes ** 2), whatever the number of annotators.

    Args:
        votes: the votes.
        known: what is known of the truth; the votes of both are taken out of a consensus before they are judged.
        false_discovery_rate: of the pairs named, at most this share is named wrongly, on average; in (0, 1).
        min_shared: pairs that share fewer tasks are not compared.

    Raises:
        VotesError: the rate is not between 0 and 1.

    Source: the count of common errors is in the spirit of Wesolowsky (2000), "Detecting excessive similarity in answers
    on multiple choice exams", Journal of Applied Statistics 27, with confusion matrices for answers' probabilities; the
    tail of a sum of unequal chances is bounded by the binomial one (Hoeffding 1956, Annals of Mathematical Statistics
    27); many pairs as in Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57.

    Example:
        >>> from goldsmith.quality.annotators.beliefs import beliefs
        >>> rng, names = np.random.default_rng(0), "abcdef"
        >>> given = rng.integers(0, 4, (60, 6)) * (rng.random((60, 6)) < 0.4)
        >>> given[:, 1] = given[:, 0]
        >>> rows = [(f"{t}", names[a], f"{given[t, a]}") for t in range(60) for a in range(6)]
        >>> votes = Votes.from_columns(*zip(*rows, strict=True))
        >>> alike_annotators(votes, beliefs(votes, gold={f"{t}": "0" for t in range(60)})).groups_
        ((0, 1),)
    """
    if not 0 < false_discovery_rate < 1:
        raise VotesError(f"the rate of false discoveries is {false_discovery_rate}; it has to lie between 0 and 1.")
    shared = shared_votes(votes)
    counted = common_errors(votes, known, shared, min_shared=min_shared)
    may_judge = known.suffice(votes)[shared.annotators].all(axis=1)
    compared = np.flatnonzero((counted.n >= min_shared) & may_judge)
    p_values = np.ones(len(compared))
    _tails(counted, compared, p_values)
    named = np.flatnonzero(discovered(p_values, false_discovery_rate))
    order = named[np.argsort(p_values[named], kind="stable")]
    pairs = tuple(_pair(shared, counted, int(compared[i]), float(p_values[i])) for i in order)
    return Alikes(pairs_=pairs, groups_=_groups(pairs), n_compared_=len(compared))


def discovered(p_values: Floats, rate: float) -> NDArray[np.bool_]:
    """bool[n], which p-values are low enough for a false discovery rate.

    Source: Benjamini and Hochberg (1995), "Controlling the false discovery rate", equation 1.

    Example:
        >>> discovered(np.array([0.001, 0.5, 0.02]), 0.05).tolist()
        [True, False, True]
    """
    ordered = np.sort(p_values)
    low = np.flatnonzero(ordered <= rate * np.arange(1, len(ordered) + 1) / max(1, len(ordered)))
    return p_values <= ordered[low[-1]] if low.size else np.zeros(len(p_values), np.bool_)


@compiled
def _tails(counted: CommonErrors, compared: Int64s, p_values: Floats) -> None:
    """Fill in how probable so many common errors are at most."""
    for at in range(len(compared)):
        pair = compared[at]
        n, seen = counted.n[pair], np.floor(counted.same_wrong[pair] + 1e-9)
        chance = counted.expected[pair] / n
        if seen <= counted.expected[pair]:
            continue
        if chance <= 0 or chance >= 1:
            p_values[at] = 0.0 if chance <= 0 else 1.0
            continue
        term = exp(
            lgamma(n + 1) - lgamma(seen + 1) - lgamma(n - seen + 1) + seen * log(chance) + (n - seen) * log1p(-chance)
        )
        total, x = term, seen
        while x < n and term > total * 1e-12:
            term *= (n - x) / (x + 1) * chance / (1 - chance)
            total += term
            x += 1
        p_values[at] = min(1.0, total)


def _pair(shared: SharedVotes, counted: CommonErrors, pair: int, p_value: float) -> AlikePair:
    first, second = shared.annotators[pair].tolist()
    same, expected, wrong = (float(column[pair]) for column in counted[1:])
    excess = (same - expected) / (wrong - expected) if wrong > expected else 1.0
    return AlikePair(
        first=first,
        second=second,
        n_shared=int(counted.n[pair]),
        n_same_wrong=same,
        expected=expected,
        excess=min(1.0, max(excess, 1e-6)),
        p_value=p_value,
    )


def _groups(pairs: tuple[AlikePair, ...]) -> tuple[tuple[int, ...], ...]:
    """The annotators that pairs connect."""
    head: dict[int, int] = {}

    def find(one: int) -> int:
        while head.setdefault(one, one) != one:
            head[one] = head[head[one]]
            one = head[one]
        return one

    for pair in pairs:
        head[find(pair.first)] = find(pair.second)
    groups: dict[int, list[int]] = {}
    for one in sorted(head):
        groups.setdefault(find(one), []).append(one)
    return tuple(sorted((tuple(group) for group in groups.values()), key=lambda group: (-len(group), group)))
