"""All measures of agreement that suit what the labels of votes mean."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from goldsmith.errors import VotesError
from goldsmith.quality.agreement.alpha import ALPHA, alpha_of_values
from goldsmith.quality.agreement.cohen import mean_cohen_kappa
from goldsmith.quality.agreement.fleiss import FLEISS, fleiss_kappa
from goldsmith.quality.agreement.gwet import AC1, gwet_ac1
from goldsmith.quality.agreement.percent import PERCENT, percent_agreement
from goldsmith.quality.agreement.ratings import Level
from goldsmith.quality.measures import Measure, unmeasured
from goldsmith.quality.votes import Floats, Votes

MAX_CELLS = 50_000_000
"""Tasks times classes up to which answers are counted in a table: 200 MB."""

_BY_TABLE: tuple[tuple[str, Callable[..., Measure]], ...] = (
    (PERCENT, percent_agreement),
    (FLEISS, fleiss_kappa),
    (AC1, gwet_ac1),
)


def measured_agreement(
    votes: Votes,
    *,
    rng: np.random.Generator,
    level: Level = "nominal",
    order: Sequence[str] | None = None,
    n_resamples: int = 1000,
) -> tuple[Measure, ...]:
    """Krippendorff's alpha of a level, and for classes without order also per cent, kappas and AC1.

    Args:
        votes: the votes.
        rng: draws the resampled items.
        level: what the labels are: names, grades, or numbers.
        order: for `ordinal`, all labels from the lowest grade to the highest; labels that are numbers need none.
        n_resamples: how many resamples each interval rests on; 0 for the values alone.

    Returns:
        The alpha first; its name says its level unless that is nominal.

    Raises:
        VotesError: the level needs numbers and a label is none, or a label is missing in the order.

    Example:
        >>> votes = Votes.from_columns(list("aabbcc"), list("xyxyxy"), list("112312"))
        >>> [one.name for one in measured_agreement(votes, rng=np.random.default_rng(0), level="ordinal")]
        ['krippendorff-alpha-ordinal']
    """
    if order is not None and level != "ordinal":
        raise VotesError(f"an order of labels is for the level ordinal, not {level}; leave it out.")
    values = np.arange(votes.n_classes, dtype=np.float64) if level == "nominal" else _values(votes, level, order)
    alpha = alpha_of_values(votes.task, values[votes.label], rng=rng, n_resamples=n_resamples, level=level)
    if level != "nominal":
        return (replace(alpha, name=f"{ALPHA}-{level}"),)
    kappa = mean_cohen_kappa(votes, rng=rng, n_resamples=n_resamples)
    if votes.n_tasks * votes.n_classes > MAX_CELLS:
        crowded = f"not measured: a table of {votes.n_tasks:,} tasks and {votes.n_classes:,} classes is too large."
        return alpha, kappa, *(unmeasured(name, 0, crowded) for name, _ in _BY_TABLE)
    counts = votes.counts()
    return alpha, kappa, *(measure(counts, rng=rng, n_resamples=n_resamples) for _, measure in _BY_TABLE)


def _values(votes: Votes, level: Level, order: Sequence[str] | None) -> Floats:
    """float64[n_classes], the number that stands for each class."""
    if order is not None:
        place_of = {label: float(place) for place, label in enumerate(order)}
        if len(place_of) < len(order):
            raise VotesError("the order names a label twice; name each once.")
        missing = [label for label in votes.classes if label not in place_of]
        if missing:
            raise VotesError(f"the label {missing[0]!r} is not in the order {', '.join(order)}; name all labels.")
        return np.array([place_of[label] for label in votes.classes])
    way_out = "give their order" if level == "ordinal" else "use nominal or ordinal"
    return np.array([_number(label, level, way_out) for label in votes.classes])


def _number(label: str, level: Level, way_out: str) -> float:
    try:
        return float(label)
    except ValueError:
        raise VotesError(f"the label {label!r} is not a number, as level {level} needs; {way_out}.") from None
