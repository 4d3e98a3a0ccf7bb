"""The consensus of comparisons: strengths, habits of annotators, and what cannot be ranked."""

from itertools import product

import numpy as np
import pytest

from goldsmith.errors import VotesError
from goldsmith.quality.comparisons.davidson import Davidson, DavidsonStrengths
from goldsmith.quality.comparisons.descent import minimum
from goldsmith.quality.comparisons.groups import beating_groups, connected_groups, ranks_within
from goldsmith.quality.comparisons.luce import Choices, Luce
from goldsmith.quality.comparisons.scores import eigenvector_scores, mean_win_rates, pagerank_scores, wins
from goldsmith.quality.comparisons.votes import OUTCOMES, Comparisons
from goldsmith.quality.votes import Floats

Row = tuple[str, str, str, str]
ITEMS = [f"i{number}" for number in range(8)]


def comparisons_of(rows: list[Row]) -> Comparisons:
    return Comparisons.from_columns(*([row[column] for row in rows] for column in range(4)))


def simulated(*, n: int = 4000, seed: int = 0) -> list[Row]:
    """Stronger items have higher numbers; of four annotators one ties often, one guesses, one favours the left."""
    rng = np.random.default_rng(seed)
    rows: list[Row] = []
    for _ in range(n):
        left, right = (int(item) for item in rng.permutation(8)[:2])
        who = int(rng.integers(4))
        gap = 0.0 if who == 1 else 0.6 * (left - right)
        scores = np.exp([gap / 2 + (who == 2), -gap / 2 - (who == 2), 1.5 if who == 0 else -0.5])
        outcome = OUTCOMES[int(rng.choice(3, p=scores / scores.sum()))]
        rows.append((ITEMS[left], ITEMS[right], ["ties", "guesses", "leans", "plain"][who], outcome))
    return rows


def by_annotator(found: DavidsonStrengths, values: Floats) -> dict[str, float]:
    return dict(zip(found.annotator_names, values.tolist(), strict=True))


def test_strengths_and_habits_are_found():
    found = Davidson().fit(comparisons_of(simulated()))

    assert found.has_converged_
    assert found.rank_.tolist() == [8, 7, 6, 5, 4, 3, 2, 1]
    ties, sides = by_annotator(found, found.annotator_tie_), by_annotator(found, found.annotator_side_)
    abilities = by_annotator(found, found.annotator_ability_)
    assert min(ties["ties"] - ties[name] for name in ("guesses", "leans", "plain")) > 1.5
    assert min(sides["leans"] - sides[name] for name in ("guesses", "ties", "plain")) > 1.2
    assert abilities["guesses"] < 0.2 * min(abilities[name] for name in ("ties", "leans", "plain"))


def test_knowing_the_annotators_foretells_held_out_outcomes_better():
    rows = simulated()
    seen, held_out = comparisons_of(rows[:3000]), comparisons_of(rows[3000:])

    plain = Davidson(tie_spread=None, ability_spread=None, side_spread=None).fit(seen)
    full = Davidson().fit(seen)

    assert full.log_losses(held_out).mean() < plain.log_losses(held_out).mean() - 0.05
    assert plain.annotator_ability_.tolist() == [1] * 4
    assert not plain.annotator_tie_.any() and not plain.annotator_side_.any()


def test_items_and_annotators_that_were_not_seen_are_average_ones():
    found = Davidson().fit(comparisons_of([("a", "b", "x", "left"), ("b", "a", "x", "right")]))

    loss = found.log_losses(comparisons_of([("new", "other", "y", outcome) for outcome in OUTCOMES]))

    np.testing.assert_allclose(np.exp(-loss).sum(), 1)


def test_strengths_are_where_the_slope_is_flat():
    rows = simulated(n=300)
    given = comparisons_of(rows)

    best = Davidson(tolerance=1e-9).fit(given)

    for tolerance in (1e-3, 1e-5):
        rough = Davidson(tolerance=tolerance).fit(given)
        assert rough.n_iterations_ < best.n_iterations_
    np.testing.assert_allclose(Davidson(tolerance=1e-7).fit(given).strength_, best.strength_, atol=1e-4)


def test_order_and_names_of_annotators_do_not_matter():
    rows = simulated(n=500)
    other = [(left, right, who[::-1], outcome) for left, right, who, outcome in reversed(rows)]

    one, two = Davidson().fit(comparisons_of(rows)), Davidson().fit(comparisons_of(other))

    np.testing.assert_allclose(one.strength_, two.strength_, atol=1e-4)
    for name, value in by_annotator(one, one.annotator_tie_).items():
        assert by_annotator(two, two.annotator_tie_)[name[::-1]] == pytest.approx(value, abs=1e-4)


def test_swapped_sides_give_the_same_strengths_and_the_opposite_side():
    rows = simulated(n=500)
    swap = {"left": "right", "right": "left", "tie": "tie"}
    swapped = [(right, left, who, swap[outcome]) for left, right, who, outcome in rows]

    one, other = Davidson().fit(comparisons_of(rows)), Davidson().fit(comparisons_of(swapped))

    np.testing.assert_allclose(one.strength_, other.strength_, atol=1e-4)
    assert one.side_ == pytest.approx(-other.side_, abs=1e-4)


def test_the_same_comparisons_give_the_same_and_stay_as_they_are():
    given = comparisons_of(simulated(n=200))
    before = given.outcome.copy()

    assert Davidson().fit(given).strength_.tobytes() == Davidson().fit(given).strength_.tobytes()
    assert (given.outcome == before).all()


def test_what_was_never_compared_is_not_ranked():
    rows: list[Row] = [("a", "b", "x", "left"), ("c", "d", "x", "right"), ("d", "e", "x", "right")]

    found = Davidson().fit(comparisons_of(rows))

    assert found.group_.tolist() == [0, 0, 1, 1, 1]
    assert found.rank_.tolist() == [1, 2, 3, 2, 1]
    assert found.strength_[:2].sum() == pytest.approx(0)
    assert found.strength_[2:].sum() == pytest.approx(0)


def test_who_never_lost_stands_apart_where_strengths_have_no_bound():
    given = Choices.from_sets([[0, 1], [1, 2], [2, 1], [2, 3]], n_items=5)

    found = Luce().fit(given)

    assert found.group_.tolist() == [0, 1, 1, 2, 3]
    assert found.rank_.tolist() == [1, 1, 1, 1, 1]
    np.testing.assert_allclose(found.strength_, 0, atol=1e-9)


def test_a_set_across_groups_counts_within_its_own():
    given = Choices.from_sets([[0, 1, 2], [0, 1], [1, 0]], n_items=3)

    found = Luce().fit(given)

    assert found.group_.tolist() == [0, 0, 1]
    np.testing.assert_allclose(found.strength_, [np.log(2) / 2, -np.log(2) / 2, 0], atol=1e-8)


@pytest.mark.parametrize("seed", range(20))
def test_groups_that_beat_each_other_are_those_that_reach_each_other(seed: int):
    rng = np.random.default_rng(seed)
    wins = [(int(a), int(b)) for a, b in rng.integers(0, 9, (int(rng.integers(4, 22)), 2)) if a != b]
    reaches = np.eye(9, dtype=bool)
    for winner, loser in wins:
        reaches[winner, loser] = True
    for middle, one, other in product(range(9), repeat=3):
        reaches[one, other] |= reaches[one, middle] and reaches[middle, other]

    group = beating_groups(9, wins)

    assert ((group[:, None] == group) == (reaches & reaches.T)).all()


def test_chains_of_pairs_join_groups():
    assert connected_groups(5, [(3, 1), (1, 0), (4, 2)]).tolist() == [0, 0, 1, 0, 1]


def test_level_strengths_share_the_better_rank():
    ranks = ranks_within(np.array([1.0, 3.0, 1.0, 2.0]), np.zeros(4, np.int32))

    assert ranks.tolist() == [3, 1, 3, 2]


def test_a_curved_valley_is_followed_to_its_end():
    def valley(at: Floats) -> tuple[float, Floats]:
        x, y = at.tolist()
        slope = np.array([-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)])
        return (1 - x) ** 2 + 100 * (y - x * x) ** 2, slope

    found = minimum(valley, np.array([-1.2, 1.0]), tolerance=1e-8, max_iterations=200)

    assert found.has_converged
    np.testing.assert_allclose(found.at, [1, 1], atol=1e-6)
    assert not minimum(valley, np.array([-1.2, 1.0]), tolerance=1e-8, max_iterations=3).has_converged


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "no comparisons"),
        ([("a", "a", "x", "left")], "compared with itself"),
        ([("a", "b", "x", "both")], "not one of left, right, tie"),
    ],
)
def test_comparisons_that_cannot_be_used_are_refused(rows: list[Row], said: str):
    with pytest.raises(VotesError, match=said):
        comparisons_of(rows)


def test_columns_of_different_length_are_refused():
    with pytest.raises(VotesError, match=r"\[1, 2\] rows"):
        Comparisons.from_columns(["a", "b"], ["b"], ["x"], ["tie"])


@pytest.mark.parametrize(
    ("sets", "said"), [([], "no choices"), ([[0]], "fewer than two"), ([[0, 0]], "twice"), ([[0, 9]], "outside")]
)
def test_choices_that_cannot_be_used_are_refused(sets: list[list[int]], said: str):
    with pytest.raises(VotesError, match=said):
        Choices.from_sets(sets, n_items=3)


def test_scores_of_what_was_not_compared_are_none_made_up():
    given = comparisons_of([("a", "b", "x", "left"), ("b", "c", "x", "tie")])

    assert wins(given).tolist() == [[0, 1, 0], [0, 0, 0.5], [0, 0.5, 0]]
    assert mean_win_rates(wins(given)).tolist() == [1, 0.25, 0.5]
    assert np.isnan(mean_win_rates(np.zeros((2, 2)))).all()
    assert pagerank_scores(wins(given)).sum() == pytest.approx(1)
    assert eigenvector_scores(np.zeros((4, 4))).tolist() == [0.5] * 4
