"""Says how probably each block is part of the main text: the mean of a logistic regression and of boosted trees.

`judges.json` beside this file holds both. `benchmarks/extracting/training.py` makes it from pages that people marked,
and says how good it is on sites that it has not seen.
"""

# ruff: noqa: PLR0913, PLR0917 - compiled code takes arrays by their place

import functools
import math
from importlib.resources import files
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.jit import in_place, inlined
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


_LEVELS = N_FEATURES - containers.N_FEATURES
_IS_FULLEST = _LEVELS + 14
"""The columns of features that say what the page itself says of the elements around a block."""


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
    """Both judges, ready to run.

    Attributes:
        intercept, weights: the logistic regression.
        start: what the trees start from.
        roots, depths: of each tree, its root, and how many steps it is from there to its deepest leaf.
        feature, threshold: of each node, the feature that it looks at, and what that is compared with.
        following: of node `i` the next one at `2 i` for values up to the threshold, and at `2 i + 1` for those above; a
            leaf is followed by itself, so that each way through a tree has the same number of steps: a processor
            guesses no branch wrong.
        values: of each node, what it adds when it is a leaf.
    """

    intercept: float
    weights: F64
    start: float
    roots: I64
    depths: I64
    feature: I64
    threshold: F64
    following: I64
    values: F64


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
    feature, threshold = np.array(written.feature, np.int64), np.array(written.threshold)
    is_leaf, nodes = feature < 0, np.arange(len(feature))
    children = np.stack([np.where(is_leaf, nodes, written.left), np.where(is_leaf, nodes, written.right)], axis=1)
    return Judges(
        written.intercept,
        np.array(written.weights),
        written.start,
        np.array(written.roots, np.int64),
        np.array([_depth(children, root) for root in written.roots], np.int64),
        np.where(is_leaf, 0, feature),
        np.where(is_leaf, np.inf, threshold),
        children.ravel(),
        np.where(is_leaf, threshold, 0.0),
    )


def _depth(children: NDArray[np.int64], node: int) -> int:
    below = {int(child) for child in children[node]} - {node}
    return 1 + max(_depth(children, child) for child in below) if below else 0


def probabilities(known: Judges, features: F64, bounds: I64) -> F64:
    """For each row of `features`, (n, `N_FEATURES`), the probability in (0, 1) that the block is main text.

    It takes into account what the page itself says about the elements that the blocks stand in.

    Args:
        known: the judges.
        features: the blocks of all pages.
        bounds: of each page its first block, and the end of the last.
    """
    found = np.empty(len(features))
    _judge(features, bounds, known.intercept, known.weights, known.start, *known[3:], found)
    return found


def kept(probability: F64, numbers: F64, bounds: I64) -> NDArray[np.bool_]:
    """Which blocks are kept: those that are sure enough for their page.

    The page's level is the mean probability of its text, weighted by probability.
    """
    found = np.empty(len(probability), np.bool_)
    _keep(probability, numbers, bounds, found)
    return found


@in_place
def _keep(probability: F64, numbers: F64, bounds: I64, found: NDArray[np.bool_]) -> None:
    for page in range(len(bounds) - 1):
        whole = level = 0.0
        for block in range(bounds[page], bounds[page + 1]):
            weight = min(numbers[block, SIZE], MOST_TEXT) * probability[block]
            whole += weight
            level += weight * probability[block]
        threshold = min(HIGHEST, max(LOWEST, SHARE_OF_SUREST * (level / whole if whole > 0 else 1.0)))
        for block in range(bounds[page], bounds[page + 1]):
            found[block] = probability[block] > threshold


@in_place
def _judge(
    features: F64,
    bounds: I64,
    intercept: float,
    weights: F64,
    start: float,
    roots: I64,
    depths: I64,
    feature: I64,
    threshold: F64,
    following: I64,
    values: F64,
    found: F64,
) -> None:
    for page in range(len(bounds) - 1):
        first, stop, highest = bounds[page], bounds[page + 1], -1
        for row in range(first, stop):
            highest = max(highest, _level(features, row))
            found[row] = start
        for tree in range(len(roots)):  # all rows in one tree after the other: each way has one length, and is guessed
            for row in range(first, stop):
                found[row] += _grown(features, row, roots[tree], depths[tree], feature, threshold, following, values)
        for row in range(first, stop):
            linear = intercept
            for column in range(len(weights)):
                linear += features[row, column] * weights[column]
            certain = min(max((_as_share(linear) + _as_share(found[row])) / 2, 1e-9), 1 - 1e-9)
            odds, level = math.log(certain / (1 - certain)), _level(features, row)
            if level < 0 and highest >= 1:
                odds -= AGAINST
            elif level >= containers.CLEAR and features[row, _IS_FULLEST] == 1:
                odds += IN_FAVOUR
            found[row] = _as_share(odds)


@inlined
def _grown(
    features: F64, row: int, root: int, depth: int, feature: I64, threshold: F64, following: I64, values: F64
) -> float:
    """What a tree says of a row."""
    node, place = np.uint64(root), np.uint64(row)
    for _ in range(depth):
        is_above = not features[place, np.uint64(feature[node])] <= threshold[node]
        node = np.uint64(following[np.uint64(2) * node + np.uint64(is_above)])
    return float(values[node])


@inlined
def _level(features: F64, row: int) -> int:
    """How clearly the elements around a block say that they hold the article: -1 to 4."""
    for level in range(6):
        if features[row, _LEVELS + level] > 0:
            return level - 1
    return -1


@inlined
def _as_share(odds: float) -> float:
    return 1 / (1 + math.exp(-min(max(odds, -50.0), 50.0)))
