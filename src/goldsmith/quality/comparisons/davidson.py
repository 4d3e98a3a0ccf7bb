"""Davidson's model of comparisons with ties, with what each annotator adds to it."""

from dataclasses import dataclass
from typing import Annotated, NamedTuple

import msgspec
import numpy as np

from goldsmith.quality.comparisons.descent import Minimum, minimum
from goldsmith.quality.comparisons.groups import connected_groups, ranks_within
from goldsmith.quality.comparisons.votes import Comparisons
from goldsmith.quality.votes import Floats, Int32s, Int64s

Positive = Annotated[float, msgspec.Meta(gt=0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DavidsonStrengths:
    """The inferred strengths of items and habits of annotators. Attributes end in `_` because they are inferred.

    Attributes:
        strength_: float64[n_items], logarithms; 0 on average in each group. Nothing is said across groups.
        group_: int32[n_items], equal for items that a chain of comparisons joins.
        rank_: int32[n_items], 1 for the strongest of each group.
        side_: how much more the left item is favoured, a logarithm of odds.
        tie_: the logarithm of how likely a tie is between equals, relative to either of them.
        annotator_tie_: float64[n_annotators], what is added to `tie_` for the annotator.
        annotator_ability_: float64[n_annotators], above 0, what strengths are multiplied by for the annotator: near 0
            for who answers by chance, 1 for the typical one.
        annotator_side_: float64[n_annotators], what is added to `side_` for the annotator.
        n_iterations_: how many steps were made.
        has_converged_: whether it stopped because nothing was left to gain.
        items: the name of each item.
        annotator_names: the name of each annotator.
    """

    strength_: Floats
    group_: Int32s
    rank_: Int32s
    side_: float
    tie_: float
    annotator_tie_: Floats
    annotator_ability_: Floats
    annotator_side_: Floats
    n_iterations_: int
    has_converged_: bool
    items: tuple[str, ...]
    annotator_names: tuple[str, ...]

    def log_losses(self, given: Comparisons) -> Floats:
        """float64[n_comparisons], minus the logarithm of the probability of each outcome; such as of held-out ones.

        Items and annotators that were not seen are taken for average ones.
        """
        items = {name: code for code, name in enumerate(self.items)}
        annotators = {name: code for code, name in enumerate(self.annotator_names)}
        item = np.array([items.get(name, len(items)) for name in given.items])
        annotator = np.array([annotators.get(name, len(annotators)) for name in given.annotator_names])
        effects = _Effects(
            np.append(self.strength_, 0.0),
            np.append(self.annotator_tie_, 0.0),
            np.append(np.log(self.annotator_ability_), 0.0),
            np.append(self.annotator_side_, 0.0),
            np.array([self.side_, self.tie_]),
        )
        rows = _Rows(item[given.left], item[given.right], annotator[given.annotator])
        logs = _log_probabilities(_gap(effects, rows), effects, rows)
        return -logs[given.outcome, np.arange(given.outcome.size)]


class Davidson(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Strengths of items, how often and on which side annotators decide, and how much they see of the strengths.

    Left, right and tie have the probabilities of exp((d + b) / 2), exp(-(d + b) / 2) and exp(t), scaled to sum to 1,
    where d is the difference of the strengths times the annotator's ability, b their side and t their tie. What
    annotators do differs more than the items do on real comparisons, so leaving them out costs more than leaving out
    the items.

    Attributes:
        strength_spread: standard deviation of the normal prior of strengths.
        tie_spread: that of the annotators' ties; None for the same tie for all.
        ability_spread: that of the logarithms of their abilities; None for the same ability.
        side_spread: that of their sides; None for the same side.
        tolerance: stop when no entry of the gradient, for each comparison, is larger.
        max_iterations: stop after so many steps.

    Source: Davidson (1970), "On extending the Bradley-Terry model to accommodate ties in paired comparison
    experiments", JASA 65, with the order effect of Davidson and Beaver (1977), Biometrics 33; abilities as in Chen et
    al. (2013), "Pairwise ranking aggregation in a crowdsourced setting", WSDM, as a multiplier instead of a share of
    reversed answers. The mode of the posterior, found by a method that never goes up. Items that no chain of
    comparisons joins are ranked in groups of their own.

    Example:
        >>> given = Comparisons.from_columns(list("aab"), list("bcc"), list("xyx"), ["left", "left", "tie"])
        >>> Davidson().fit(given).rank_.tolist()
        [1, 2, 2]
    """

    strength_spread: Positive = 1.0
    tie_spread: Positive | None = 1.0
    ability_spread: Positive | None = 1.0
    side_spread: Positive | None = 0.5
    tolerance: Positive = 1e-7
    max_iterations: Annotated[int, msgspec.Meta(ge=1)] = 1000

    def fit(self, given: Comparisons) -> DavidsonStrengths:
        """The strengths behind the comparisons; each step takes time in proportion to their number."""
        n_items, n_annotators, n = len(given.items), len(given.annotator_names), given.outcome.size
        ends = np.cumsum([n_items, n_annotators, n_annotators, n_annotators])
        start = np.zeros(n_items + 3 * n_annotators + 2)
        rows = _Rows(given.left, given.right, given.annotator)
        spreads = (self.strength_spread, self.tie_spread, self.ability_spread, self.side_spread)
        sizes = (n_items, n_annotators, n_annotators, n_annotators)
        penalty = np.repeat([0.0 if s is None else 1 / s**2 for s in spreads], sizes)
        is_free = np.repeat([s is not None for s in spreads], sizes)

        def value_and_slope(at: Floats) -> tuple[float, Floats]:
            effects = _Effects(*np.split(at, ends))
            gap = _gap(effects, rows)
            logs = _log_probabilities(gap, effects, rows)
            loss = -float(logs[given.outcome, np.arange(n)].sum()) + float(penalty @ at[:-2] ** 2) / 2
            excess = np.exp(logs)
            excess[given.outcome, np.arange(n)] -= 1
            slope = _slope(excess, gap, effects, rows)
            slope[:-2] = np.where(is_free, slope[:-2] + penalty * at[:-2], 0.0)
            return loss / n, slope / n

        found = minimum(value_and_slope, start, tolerance=self.tolerance, max_iterations=self.max_iterations)
        return _strengths(given, _Effects(*np.split(found.at, ends)), found)


class _Effects(NamedTuple):
    """As in `DavidsonStrengths`; `common` holds everyone's side and tie."""

    strength: Floats
    tie: Floats
    log_ability: Floats
    side: Floats
    common: Floats


class _Rows(NamedTuple):
    left: Int32s | Int64s
    right: Int32s | Int64s
    annotator: Int32s | Int64s


def _gap(effects: _Effects, rows: _Rows) -> Floats:
    """How much stronger each left item is in the annotator's eyes."""
    return np.exp(effects.log_ability[rows.annotator]) * (effects.strength[rows.left] - effects.strength[rows.right])


def _log_probabilities(gap: Floats, effects: _Effects, rows: _Rows) -> Floats:
    """float64[3, n_comparisons], by outcome."""
    half = (gap + effects.common[0] + effects.side[rows.annotator]) / 2
    scores = np.stack([half, -half, effects.common[1] + effects.tie[rows.annotator]])
    highest = scores.max(axis=0)
    logs: Floats = scores - highest - np.log(np.exp(scores - highest).sum(axis=0))
    return logs


def _slope(excess: Floats, gap: Floats, effects: _Effects, rows: _Rows) -> Floats:
    """The gradient in the order of `_Effects`, from how far each outcome's probability exceeds what was seen."""
    by_half, by_tie = (excess[0] - excess[1]) / 2, excess[2]
    n_annotators = effects.tie.size
    by_strength = by_half * np.exp(effects.log_ability[rows.annotator])
    parts = (
        np.bincount(rows.left, by_strength, effects.strength.size)
        - np.bincount(rows.right, by_strength, effects.strength.size),
        np.bincount(rows.annotator, by_tie, n_annotators),
        np.bincount(rows.annotator, by_half * gap, n_annotators),
        np.bincount(rows.annotator, by_half, n_annotators),
        [by_half.sum(), by_tie.sum()],
    )
    return np.concatenate(parts)


def _strengths(given: Comparisons, effects: _Effects, found: Minimum) -> DavidsonStrengths:
    pairs = zip(given.left.tolist(), given.right.tolist(), strict=True)
    group = connected_groups(len(given.items), pairs)
    strength = effects.strength - (np.bincount(group, effects.strength) / np.bincount(group))[group]
    return DavidsonStrengths(
        strength_=strength,
        group_=group,
        rank_=ranks_within(strength, group),
        side_=float(effects.common[0]),
        tie_=float(effects.common[1]),
        annotator_tie_=effects.tie,
        annotator_ability_=np.exp(effects.log_ability),
        annotator_side_=effects.side,
        n_iterations_=found.n_iterations,
        has_converged_=found.has_converged,
        items=given.items,
        annotator_names=given.annotator_names,
    )
