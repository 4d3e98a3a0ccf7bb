"""Says how probably each block is part of the main text: the mean of a logistic regression and of boosted trees.

`judges.json` beside this file holds both. `benchmarks/extracting/training.py` makes it from pages that people marked,
and says how good it is on sites that it has not seen.
"""

import functools
from importlib.resources import files
from typing import NamedTuple

import msgspec
import numpy as np

from goldsmith.kit.jit import in_place
from goldsmith.refine.extraction import containers
from goldsmith.refine.extraction.features import N_FEATURES
from goldsmith.refine.extraction.measures import F64, SIZE
from goldsmith.refine.extraction.tags import I64

MOST_TEXT = 600
"""Characters of a block that count towards how sure the page's blocks are; a long block is not more than that."""

SHARE_OF_SUREST = 0.6
LOWEST, HIGHEST = 0.1, 0.55
"""A block is kept from this share of its page's own level of probability on, within these bounds: on an unusual page
all probabilities are low, and one fixed threshold would keep nothing of it."""

AGAINST, IN_FAVOUR = 1.5, 0.5
"""Log-odds against a block in comments, navigation or asides of a page that names its article, and in favour of one in
the fullest element that clearly says it is the article: pages say so more reliably than a few pages can teach."""


class Written(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file of the judges; trees lie node by node, a leaf has the feature -1 and its value as threshold."""

    made_by: str
    intercept: float
    weights: tuple[float, ...]
    start: float
    roots: tuple[int, ...]
    feature: tuple[int, ...]
    threshold: tuple[float, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]


class Judges(NamedTuple):
    """Both judges, ready to run; the fields are those of the file."""

    intercept: float
    weights: F64
    start: float
    roots: I64
    feature: I64
    threshold: F64
    left: I64
    right: I64


@functools.cache
def judges() -> Judges:
    """The judges of `judges.json`."""
    raw = files("goldsmith.refine.extraction").joinpath("judges.json").read_bytes()
    return as_judges(msgspec.json.decode(raw, type=Written))


def as_judges(written: Written) -> Judges:
    """The judges of a file.

    Raises:
        ValueError: they were made for other features than those of this version.
    """
    if len(written.weights) != N_FEATURES:
        raise ValueError(f"the judges know {len(written.weights)} features of blocks, not the {N_FEATURES} measured")
    return Judges(
        written.intercept,
        np.array(written.weights),
        written.start,
        np.array(written.roots, np.int64),
        np.array(written.feature, np.int64),
        np.array(written.threshold),
        np.array(written.left, np.int64),
        np.array(written.right, np.int64),
    )


def probabilities(known: Judges, features: F64) -> F64:
    """For each row of `features`, (n, `N_FEATURES`), the probability in (0, 1) that the block is main text."""
    odds = np.empty(len(features))
    _run_trees(known, features, odds)
    linear = features @ known.weights + known.intercept
    return informed((_as_share(linear) + _as_share(odds)) / 2, features)


def informed(probability: F64, features: F64) -> F64:
    """The probabilities after what the page itself says about the elements that the blocks stand in."""
    at = N_FEATURES - containers.N_FEATURES
    levels = features[:, at : at + 6].argmax(axis=1) - 1
    is_outside = (levels < 0) & (levels.max(initial=0) >= 1)
    is_inside = (levels >= containers.CLEAR) & (features[:, at + 14] == 1)
    certain = np.clip(probability, 1e-9, 1 - 1e-9)
    return _as_share(np.log(certain / (1 - certain)) - AGAINST * is_outside + IN_FAVOUR * is_inside)


def kept(probability: F64, numbers: F64) -> F64:
    """Which blocks are kept, as 1 and 0: those that are sure enough for their page.

    The page's level is the mean probability of its text, weighted by probability.
    """
    weights = np.minimum(numbers[:, SIZE], MOST_TEXT) * probability
    whole = float(weights.sum())
    level = float((weights * probability).sum()) / whole if whole > 0 else 1.0
    threshold = min(HIGHEST, max(LOWEST, SHARE_OF_SUREST * level))
    return np.where(probability > threshold, 1.0, 0.0)


def _as_share(odds: F64) -> F64:
    return 1 / (1 + np.exp(-np.clip(odds, -50, 50)))


@in_place
def _run_trees(known: Judges, features: F64, odds: F64) -> None:
    for row in range(len(features)):
        total = known.start
        for root in known.roots:
            node = root
            while known.feature[node] >= 0:
                is_left = features[row, known.feature[node]] <= known.threshold[node]
                node = known.left[node] if is_left else known.right[node]
            total += known.threshold[node]
        odds[row] = total
