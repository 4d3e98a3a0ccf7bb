"""How common something is, by an imperfect detector: the interval covers the truth in simulations."""

from itertools import product

import numpy as np
import pytest

from goldsmith.errors import VotesError
from goldsmith.quality.prevalence import Counted, Detector, Kept, prevalence, prevalence_after

N_CORPORA = 400
PERFECT = Detector(recall=Counted(500, 500), false_alarms=Counted(0, 1000))


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def test_what_a_perfect_detector_finds_is_the_share():
    found = prevalence(Counted(50, 1000), PERFECT, rng=rng())

    assert found.estimate == pytest.approx(0.05)
    assert found.low is not None and found.high is not None
    assert 0.03 < found.low < 0.05 < found.high < 0.07


def test_missed_documents_are_added_and_false_alarms_are_taken_off():
    blind = Detector(recall=Counted(400, 500), false_alarms=Counted(0, 0))
    jumpy = Detector(recall=Counted(500, 500), false_alarms=Counted(20, 1000))

    assert prevalence(Counted(80, 1000), blind, rng=rng()).estimate == pytest.approx(0.1)
    assert prevalence(Counted(80, 1000), jumpy, rng=rng()).estimate == pytest.approx(0.06 / 0.98)


def test_after_everything_found_is_dropped_the_missed_ones_are_left():
    blind = Detector(recall=Counted(400, 500), false_alarms=Counted(0, 0))

    left = prevalence_after(Counted(80, 1000), Kept(n=920, n_found=0, n_mended=0), blind, rng=rng())

    assert left.estimate == pytest.approx(20 / 920)
    assert left.low is not None and left.high is not None
    assert left.low < 20 / 920 < left.high


def test_mended_documents_count_as_clean_and_kept_finds_as_contaminated():
    both = prevalence_after(Counted(80, 1000), Kept(n=1000, n_found=30, n_mended=50), PERFECT, rng=rng())

    assert both.estimate == pytest.approx(0.03)


def test_nothing_can_be_said_without_documents_probes_or_power():
    useless = Detector(recall=Counted(10, 500), false_alarms=Counted(20, 1000))

    untried = Detector(recall=Counted(0, 0), false_alarms=Counted(0, 9))

    for found, detector in ((Counted(0, 0), PERFECT), (Counted(3, 9), untried), (Counted(3, 9), useless)):
        assert prevalence(found, detector, rng=rng()).estimate is None
        assert prevalence_after(found, Kept(n=5, n_found=0, n_mended=0), detector, rng=rng()).low is None


def test_counts_that_contradict_each_other_are_refused():
    with pytest.raises(VotesError, match="11 found of 10"):
        prevalence(Counted(11, 10), PERFECT, rng=rng())
    with pytest.raises(VotesError, match="3 found and 3 mended of 5"):
        prevalence_after(Counted(4, 10), Kept(n=5, n_found=3, n_mended=3), PERFECT, rng=rng())


def test_the_same_seed_gives_the_same_interval():
    assert prevalence(Counted(5, 900), PERFECT, rng=rng()) == prevalence(Counted(5, 900), PERFECT, rng=rng())


def test_intervals_cover_the_truth_before_and_after_in_simulated_corpora():
    draws = np.random.default_rng(11)
    grid = list(product((0.002, 0.01, 0.05, 0.2), (0.7, 0.95), (0.0, 0.01), (500, 3000)))
    covered = np.zeros(2)
    for number in range(N_CORPORA):
        rate, recall, false_rate, n = grid[number % len(grid)]
        n_true = int(draws.binomial(n, rate))
        n_hit, n_false = int(draws.binomial(n_true, recall)), int(draws.binomial(n - n_true, false_rate))
        detector = Detector(
            recall=Counted(int(draws.binomial(300, recall)), 300),
            false_alarms=Counted(int(draws.binomial(400, false_rate)), 400),
        )
        found, kept = Counted(n_hit + n_false, n), Kept(n=n - n_hit - n_false, n_found=0, n_mended=0)
        before = prevalence(found, detector, rng=draws)
        after = prevalence_after(found, kept, detector, rng=draws)
        for place, (truth, said) in enumerate(((rate, before), ((n_true - n_hit) / kept.n, after))):
            covered[place] += said.low is not None and said.high is not None and said.low <= truth <= said.high

    assert (covered / N_CORPORA).min() >= 0.93
