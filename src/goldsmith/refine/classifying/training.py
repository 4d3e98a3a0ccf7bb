"""Trains a classifier on labelled texts, and measures it on texts that it has not learnt from."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, cast

import numpy as np
import xxhash
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from goldsmith import __version__
from goldsmith.errors import InputError
from goldsmith.kit.nearest import nearest
from goldsmith.quality.binary_scores import Platt, area_under_curve, platt_of, reliability
from goldsmith.quality.intervals import Interval, wilson_interval
from goldsmith.refine.classifying.matrices import matrix_of
from goldsmith.refine.classifying.models import Calibration, Measured, Model, Operating, Quality, packed

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MIN_EXAMPLES = 5
"""Texts that are wanted, and texts that are not, without which nothing is learnt."""

BITS = 17
"""As many weights as fit with their counts into a processor's second cache: a third faster than 18, and as good."""

MAX_CHARACTERS = 20_000
N_FOLDS = 5
MIN_SCORES = (0.1, 0.25, 0.5, 0.75, 0.9)
"""What the quality is told for."""

_STRENGTH = 10.0
_MAX_STEPS = 5000


class Example(NamedTuple):
    """A labelled text.

    Attributes:
        text: the text.
        label: its label.
        weight: how sure the label is, above 0 and up to 1.
        group: texts of one group, such as of one site, stay together when the classifier is measured.
    """

    text: str
    label: str
    weight: float = 1.0
    group: str = ""


def train(
    examples: Iterable[Example],
    *,
    keep: Sequence[str],
    seed: int = 0,
    max_characters: int = MAX_CHARACTERS,
) -> Model:
    """A classifier of texts whose label is one of `keep` against all others; the same examples give the same one.

    Logistic regression on hashed words, pairs of words and character sequences. Its score is a probability: it is
    calibrated (Platt) on texts that were scored by classifiers that had not seen them. Copies of a text, and texts of
    one group, fall into one part, so that nothing is measured on what was learnt; an example without text is left out.

    Args:
        examples: labelled texts, in any order.
        keep: the labels of the texts that are wanted.
        seed: divides the texts into parts.
        max_characters: how much of a text is read.

    Raises:
        InputError: too few texts are wanted or not wanted, or no text has a label of `keep`.
    """
    known = sorted(each for each in examples if each.text.strip() and each.weight > 0)
    labels = Counter(each.label for each in known)
    _check(labels, keep)
    is_right = np.array([each.label in keep for each in known])
    weights = np.array([each.weight for each in known])
    rows = matrix_of([each.text for each in known], limit=max_characters, bits=BITS)
    parts = _parts(known, is_right, seed)
    scores = np.zeros(len(known))
    for part in range(N_FOLDS):
        there = parts == part
        learnt = _learn(rows[~there], is_right[~there], weights[~there])
        scores[there] = rows[there][:, learnt.columns] @ learnt.weights + learnt.offset
    line = platt_of(scores, is_right, weights)
    whole = _learn(rows, is_right, weights)
    spread = np.zeros(1 << BITS, np.float32)
    spread[whole.columns] = line.slope * whole.weights
    return Model(
        goldsmith=__version__,
        keep=tuple(sorted(set(keep))),
        labels=dict(sorted(labels.items())),
        bits=BITS,
        max_characters=max_characters,
        offset=line.slope * whole.offset + line.offset,
        weights=packed(spread),
        seed=seed,
        quality=_quality(_calibrated(scores, is_right, weights, parts), is_right),
    )


class _Learnt(NamedTuple):
    """Weights of the columns that some text has, and what is added to them."""

    columns: NDArray[np.int64]
    weights: Floats
    offset: float


def _check(labels: Counter[str], keep: Sequence[str]) -> None:
    for label in keep:
        if label not in labels:
            raise InputError(f"no text has the label {label!r}; {nearest(label, labels)}")
    n_right = sum(n for label, n in labels.items() if label in keep)
    n_wrong = labels.total() - n_right
    if min(n_right, n_wrong) < MIN_EXAMPLES:
        raise InputError(
            f"{n_right:,} texts are wanted and {n_wrong:,} are not; a classifier needs {MIN_EXAMPLES} of each.",
            hint="Label more, or name other labels as those to keep.",
        )


def _parts(examples: Sequence[Example], is_right: Bools, seed: int) -> NDArray[np.int64]:
    """int64[n], which part each text is in; copies and groups share one, and each part has its share of both kinds."""
    names = [each.group or " ".join(each.text.split()) for each in examples]
    digests = [xxhash.xxh3_64_intdigest(name.encode("utf-8", "replace"), seed) for name in names]
    right = {digest for digest, is_one in zip(digests, is_right.tolist(), strict=True) if is_one}
    part_of: dict[int, int] = {}
    for kind in (right, set(digests) - right):
        part_of |= {digest: place % N_FOLDS for place, digest in enumerate(sorted(kind))}
    return np.array([part_of[digest] for digest in digests], np.int64)


def _learn(rows: Any, is_right: Bools, weights: Floats) -> _Learnt:  # Any: a sparse matrix, which has no types
    if is_right.all() or not is_right.any():
        raise InputError(
            "the texts that are wanted, or those that are not, are all copies or of one group; label different ones."
        )
    columns: NDArray[np.int64] = np.unique(rows.indices).astype(np.int64)
    options: dict[str, Any] = {"solver": "liblinear", "dual": True, "random_state": 0, "max_iter": _MAX_STEPS}
    model = cast("Any", LogisticRegression(C=_STRENGTH, **options))  # Any: has no types
    fitted = model.fit(rows[:, columns], is_right, sample_weight=weights)
    return _Learnt(columns, np.asarray(fitted.coef_[0], np.float64), float(fitted.intercept_[0]))


def _calibrated(scores: Floats, is_right: Bools, weights: Floats, parts: NDArray[np.int64]) -> Floats:
    """Each score as a probability, by the line that fits the scores of the other parts."""
    probabilities = np.zeros(len(scores))
    for part in range(N_FOLDS):
        there = parts == part
        line: Platt = platt_of(scores[~there], is_right[~there], weights[~there])
        probabilities[there] = line(scores[there])
    return probabilities


def _quality(probabilities: Floats, is_right: Bools) -> Quality:
    return Quality(
        n_folds=N_FOLDS,
        auc=_measured(area_under_curve(probabilities, is_right)),
        brier_score_error=float(((probabilities - is_right) ** 2).mean()),
        operating=tuple(_operating(score, probabilities >= score, is_right) for score in MIN_SCORES),
        calibration=tuple(
            Calibration(mean_score=each.mean_score, wanted=_measured(each.share))
            for each in reliability(probabilities, is_right)
        ),
    )


def _operating(min_score: float, is_kept: Bools, is_right: Bools) -> Operating:
    n_kept, n_both = int(is_kept.sum()), int((is_kept & is_right).sum())
    return Operating(
        min_score=min_score,
        n_kept=n_kept,
        precision=_measured(wilson_interval(n_both, n_kept)),
        recall=_measured(wilson_interval(n_both, int(is_right.sum()))),
    )


def _measured(interval: Interval) -> Measured:
    return Measured(estimate=interval.estimate, low=interval.low, high=interval.high, n=interval.n)
