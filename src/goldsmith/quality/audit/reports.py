"""What an audit of labels has found, and how large it would have to be to find out more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from goldsmith.errors import VotesError
from goldsmith.quality.audit.planning import audit_size
from goldsmith.quality.audit.predicted import Predicted, prediction_powered
from goldsmith.quality.intervals import Interval, wilson_interval
from goldsmith.quality.stratified import Cell, stratified_share
from goldsmith.quality.votes import Floats, Int32s, Int64s

Method = Literal["wilson", "stratified", "census"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """How many items to audit for an interval as narrow as was wished.

    Attributes:
        half_width: half the width of the interval that was wished, such as 0.01.
        n_needed: items to audit in all, the present ones among them; None where the audit says nothing yet.
        n_more: of these, not audited yet.
    """

    half_width: float
    n_needed: int | None
    n_more: int | None

    @property
    def text(self) -> str:
        """The same in words."""
        wished = f"±{100 * self.half_width:g} points"
        if self.n_needed is None:
            return f"how many to audit for {wished} can be said once some items are audited"
        if not self.n_more:
            return f"the audit is large enough for {wished}"
        return f"for {wished}, audit about {self.n_more:,} more, {self.n_needed:,} in all"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """The accuracy of labels, from a random sample of them that experts answered anew.

    Attributes:
        accuracy: the share of right labels with its interval; no numbers where nothing was audited.
        method: how the interval was made: Wilson's or a stratified one, both corrected for the finite population, or a
            census, which is exact.
        n_population: items there are.
        n_audited: items that were audited.
        n_right: of these, right.
        predicted: the estimate that the confidences of all items sharpen; None without confidences or audited items,
            and where parts were sampled at rates of their own.
        power: how many to audit for a narrower interval.
    """

    accuracy: Interval
    method: Method
    n_population: int
    n_audited: int
    n_right: int
    predicted: Predicted | None
    power: Power

    @property
    def text(self) -> str:
        """The accuracy in words."""
        found = self.accuracy
        if found.estimate is None or found.low is None or found.high is None:
            return "not estimated: nothing was audited"
        of = f"from {self.n_audited:,} audited of {self.n_population:,} items"
        return f"{found.estimate:.1%} (95% interval {found.low:.1%} to {found.high:.1%}) {of}"


def audit_report(
    n_population: int,
    audited: Int64s,
    is_right: NDArray[np.bool_],
    *,
    confidences: Floats | None = None,
    part: Int32s | None = None,
    half_width: float = 0.01,
) -> AuditReport:
    """What an audit found: the accuracy with a 95% interval, sharpened by confidences, and the size of the next audit.

    Args:
        n_population: items there are.
        audited: int64[n_audited], the places of the audited items among all, each once; drawn at random without
            replacement, from all items or, where `part` is given, from each part.
        is_right: bool[n_audited], whether the experts' answer equals the label.
        confidences: float64[n_population], the confidence of every label, in [0, 1]; not a number where there is none.
        part: int32[n_population], which part each item belongs to, where parts were sampled at rates of their own.
        half_width: the interval that is wished, plus or minus so much; the power line says what it takes.

    Raises:
        VotesError: the numbers contradict each other, or the arrays do not fit together.

    Source: `wilson_interval`, `stratified_share`, `prediction_powered` and `audit_size`. The size is that of a simple
    random sample from a population as right as the middle of the interval is.

    Example:
        >>> found = audit_report(1000, np.arange(100), np.arange(100) < 95)
        >>> found.text
        '95.0% (95% interval 89.2% to 97.8%) from 100 audited of 1,000 items'
        >>> found.power.text
        'for ±1 points, audit about 601 more, 701 in all'
    """
    _check(n_population, audited, is_right, confidences=confidences, part=part)
    n, n_right = len(audited), int(is_right.sum())
    if part is None:
        accuracy = wilson_interval(n_right, n, n_population=n_population)
    else:
        accuracy = stratified_share(_cells(part, audited, is_right))
    is_simple = part is None and n > 0
    method: Method = "wilson" if part is None else "stratified"
    return AuditReport(
        accuracy=accuracy,
        method="census" if n == n_population else method,
        n_population=n_population,
        n_audited=n,
        n_right=n_right,
        predicted=prediction_powered(confidences, audited, is_right) if is_simple and confidences is not None else None,
        power=_power(accuracy, n_population, n, half_width),
    )


def _power(accuracy: Interval, n_population: int, n: int, half_width: float) -> Power:
    if accuracy.low is None or accuracy.high is None:
        return Power(half_width=half_width, n_needed=None, n_more=None)
    if (accuracy.high - accuracy.low) / 2 <= half_width:
        return Power(half_width=half_width, n_needed=n, n_more=0)
    middle = (accuracy.low + accuracy.high) / 2
    needed = max(n + 1, audit_size(n_population, half_width=half_width, expected=middle))
    return Power(half_width=half_width, n_needed=needed, n_more=needed - n)


def _cells(part: Int32s, audited: Int64s, is_right: NDArray[np.bool_]) -> Sequence[Cell]:
    names, place = np.unique(part, return_inverse=True)
    n_population = np.bincount(place, minlength=len(names))
    n_sampled = np.bincount(place[audited], minlength=len(names))
    n_right = np.bincount(place[audited[is_right]], minlength=len(names))
    rows: list[list[int]] = np.stack((n_population, n_sampled, n_right), axis=1).tolist()
    return [Cell(n_population=each, n_sampled=sampled, n_right=right) for each, sampled, right in rows]


def _check(
    n_population: int,
    audited: Int64s,
    is_right: NDArray[np.bool_],
    *,
    confidences: Floats | None,
    part: Int32s | None,
) -> None:
    if len(audited) != len(is_right):
        raise VotesError(f"there are {len(audited)} audited items and {len(is_right)} findings; give one for each.")
    has_wrong_place = len(audited) and not 0 <= int(audited.min()) <= int(audited.max()) < n_population
    if has_wrong_place or len(np.unique(audited)) < len(audited):
        raise VotesError(f"audited items have to be different places from 0 to {n_population - 1}.")
    for what, column in (("confidences", confidences), ("parts", part)):
        if column is not None and len(column) != n_population:
            raise VotesError(f"there are {n_population} items and {len(column)} {what}; give one for each item.")
