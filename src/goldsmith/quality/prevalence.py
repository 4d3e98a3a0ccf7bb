"""How common something is, from what an imperfect detector finds: before what it found is removed, and after."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.errors import VotesError

F64 = NDArray[np.float64]

N_DRAWS = 4_000
"""Draws of the rates; the ends of an interval then repeat to about a hundredth of its width."""

MIN_POWER = 0.05
"""How much more often a detector has to find what is there than what is not; below it nothing can be said."""


class Counted(NamedTuple):
    """How many of how many."""

    n_found: int
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Detector:
    """How well a detector finds what is there, and how rarely it finds what is not.

    Attributes:
        recall: cases made on purpose, and how many of them it found.
        false_alarms: cases without anything, and how many of them it found; none when this was not measured, and then
            all that it finds counts as there.
    """

    recall: Counted
    false_alarms: Counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is left of the documents that the detector has seen.

    Attributes:
        n: documents that are kept.
        n_found: of those, documents in which it still finds something.
        n_mended: of those, documents from which all that it found was taken out.
    """

    n: int
    n_found: int
    n_mended: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Prevalence:
    """A share of documents in [0, 1] with the ends of its interval; all three None when nothing can be said."""

    estimate: float | None
    low: float | None
    high: float | None


_NOTHING = 1e-12
_UNKNOWN = Prevalence(estimate=None, low=None, high=None)


def prevalence(found: Counted, detector: Detector, *, rng: np.random.Generator, confidence: float = 0.95) -> Prevalence:
    """The share of documents that have it, from those in which a detector found it.

    Args:
        found: documents seen, and those in which it found something.
        detector: how good it is.
        rng: draws the rates.
        confidence: how often such an interval holds the true share, in (0, 1).

    Raises:
        VotesError: the numbers contradict each other.

    Source: Rogan and Gladen 1978, "Estimating prevalence from the results of a screening test": (p - f) / (r - f) for
    the share p that was found, the recall r and the rate f of false alarms, cut to [0, 1]. The three rates are drawn
    from their posteriors under the prior of Jeffreys and the ends are quantiles of what follows (propagation by Monte
    Carlo); an end that the counts cannot exclude is 0 or 1.

    Example:
        >>> exact = Detector(recall=Counted(200, 200), false_alarms=Counted(0, 0))
        >>> round(prevalence(Counted(50, 1000), exact, rng=np.random.default_rng(0)).estimate, 3)
        0.05
    """
    if not _is_possible(found, detector, confidence):
        return _UNKNOWN
    drawn = _drawn(found, detector, rng)
    shares = _share(drawn)
    estimate = _share(_at(found, detector))
    return _interval(float(estimate[0]), shares, confidence, can_be_none=found.n_found == 0)


def prevalence_after(
    found: Counted, kept: Kept, detector: Detector, *, rng: np.random.Generator, confidence: float = 0.95
) -> Prevalence:
    """The share of kept documents that still have it: those that were found and kept, and those that were missed.

    Args:
        found: documents seen before anything was removed, and those in which the detector found something.
        kept: what is left of them.
        detector: how good it is.
        rng: draws the rates.
        confidence: how often such an interval holds the true share, in (0, 1).

    Raises:
        VotesError: the numbers contradict each other.

    Source: Bayes' rule on the estimate of `prevalence`: of what was found, the share pr / (pr + (1 - p) f) has it; of
    what was not, p (1 - r) / (p (1 - r) + (1 - p) (1 - f)), whatever else decided which of them are kept.
    """
    if not _is_possible(found, detector, confidence) or not kept.n:
        return _UNKNOWN
    if kept.n_found + kept.n_mended > kept.n:
        raise VotesError(f"{kept.n_found} found and {kept.n_mended} mended of {kept.n} documents cannot be.")
    right, missed = _left(_at(found, detector))
    n_unseen = kept.n - kept.n_found - kept.n_mended
    estimate = float((kept.n_found * right + n_unseen * missed)[0]) / kept.n
    right, missed = _left(_drawn(found, detector, rng))
    n_left = rng.binomial(kept.n_found, right) + rng.binomial(n_unseen, missed)
    return _interval(estimate, n_left / kept.n, confidence, can_be_none=False)


class _Rates(NamedTuple):
    found: F64
    recall: F64
    false_alarms: F64


def _is_possible(found: Counted, detector: Detector, confidence: float) -> bool:
    """Whether anything can be said.

    Raises:
        VotesError: the numbers contradict each other.
    """
    for name, (n_found, n) in (("", found), (" probes", detector.recall), (" clean ones", detector.false_alarms)):
        if not 0 <= n_found <= n:
            raise VotesError(f"{n_found} found of {n}{name} cannot be; check the counts.")
    if not 0 < confidence < 1:
        raise VotesError(f"the confidence {confidence} has to lie between 0 and 1.")
    at = _at(found, detector) if found.n and detector.recall.n else None
    return at is not None and float((at.recall - at.false_alarms)[0]) >= MIN_POWER


def _at(found: Counted, detector: Detector) -> _Rates:
    return _Rates(*(np.array([n_found / n if n else 0.0]) for n_found, n in _counts(found, detector)))


def _drawn(found: Counted, detector: Detector, rng: np.random.Generator) -> _Rates:
    return _Rates(
        *(
            rng.beta(n_found + 0.5, n - n_found + 0.5, N_DRAWS) if n else np.zeros(N_DRAWS)
            for n_found, n in _counts(found, detector)
        )
    )


def _counts(found: Counted, detector: Detector) -> tuple[Counted, Counted, Counted]:
    return found, detector.recall, detector.false_alarms


def _share(rates: _Rates) -> F64:
    """The estimate of Rogan and Gladen; a draw in which the detector has no power says nothing and counts as 1 or 0."""
    power = np.maximum(rates.recall - rates.false_alarms, _NOTHING)
    return np.clip((rates.found - rates.false_alarms) / power, 0.0, 1.0)


class _Left(NamedTuple):
    """The share that has it of the documents that were found, and of those that were not."""

    right: F64
    missed: F64


def _left(rates: _Rates) -> _Left:
    share = _share(rates)
    true_finds, false_finds = share * rates.recall, (1 - share) * rates.false_alarms
    missed, passed = share * (1 - rates.recall), (1 - share) * (1 - rates.false_alarms)
    return _Left(
        true_finds / np.maximum(true_finds + false_finds, _NOTHING), missed / np.maximum(missed + passed, _NOTHING)
    )


def _interval(estimate: float, draws: F64, confidence: float, *, can_be_none: bool) -> Prevalence:
    low, high = np.quantile(draws, [(1 - confidence) / 2, (1 + confidence) / 2]).tolist()
    low = 0.0 if can_be_none else low
    return Prevalence(estimate=estimate, low=min(low, estimate), high=max(high, estimate))
