"""Compiled kernels that verify candidates, connect what is like, and choose what is kept of each cluster.

Compiled code is cached by the file that it is in: what one kernel calls stands in the same file, or it would go stale.
"""

from typing import NamedTuple

import numpy as np

from goldsmith.kit.jit import compiled, in_place
from goldsmith.refine.comparisons.minhash import F64, I64, U64, Sets


class Forest(NamedTuple):
    """Which texts are connected, and the highest Jaccard index that was found for each, or -1."""

    parents: I64
    likest: F64


@in_place
def jaccard(sets: Sets, first: int, second: int) -> float:
    """The size of the intersection of two sets, divided by that of their union; 0 for two empty ones."""
    hashes = sets.hashes
    a, a_stop = sets.starts[first], sets.starts[first + 1]
    b, b_stop = sets.starts[second], sets.starts[second + 1]
    n_union = (a_stop - a) + (b_stop - b)
    n_common = 0
    while a < a_stop and b < b_stop:
        if hashes[a] == hashes[b]:
            n_common += 1
            a += 1
            b += 1
        elif hashes[a] < hashes[b]:
            a += 1
        else:
            b += 1
    return n_common / (n_union - n_common) if n_union > n_common else 0.0


@in_place
def root_of(parents: I64, node: int) -> int:
    """The representative of the tree that `node` is in; paths are halved on the way."""
    while parents[node] != node:
        parents[node] = parents[parents[node]]
        node = parents[node]
    return node


@compiled
def buckets_of(keys: U64, order: I64) -> I64:
    """Where each bucket of equal keys begins in `order`, which sorts `keys`; the end of the last one follows."""
    n_texts = len(order)
    bounds = np.empty(n_texts + 1, np.int64)
    n_bounds = 0
    for place in range(n_texts):
        if place == 0 or keys[order[place]] != keys[order[place - 1]]:
            bounds[n_bounds] = place
            n_bounds += 1
    bounds[n_bounds] = n_texts
    return bounds[: n_bounds + 1].copy()


@in_place
def connect(sets: Sets, members: I64, forest: Forest, threshold: float) -> None:
    """Verify the texts of one bucket against each other, and connect those that are like.

    Two texts that are connected already are not compared again, so a bucket of copies costs one comparison for each.

    Args:
        sets: the word sequences of all texts.
        members: the texts of the bucket, `int64`.
        forest: what is known of all texts; its arrays are changed in place.
        threshold: the Jaccard index from which on two texts are like, in (0, 1].
    """
    for place in range(1, len(members)):
        text = members[place]
        for earlier in range(place):
            other = members[earlier]
            if root_of(forest.parents, text) == root_of(forest.parents, other):
                continue
            likeness = jaccard(sets, text, other)
            forest.likest[text] = max(forest.likest[text], likeness)
            forest.likest[other] = max(forest.likest[other], likeness)
            if likeness >= threshold:
                forest.parents[root_of(forest.parents, other)] = root_of(forest.parents, text)


@compiled
def connect_to_leaders(sets: Sets, members: I64, forest: Forest, threshold: float) -> None:
    """As `connect`, for a bucket so large that each text is only compared with the first of each group found in it."""
    leaders = np.empty(len(members), np.int64)
    n_leaders = 0
    for place in range(len(members)):
        text = members[place]
        is_like = False
        for each in range(n_leaders):
            leader = leaders[each]
            if root_of(forest.parents, text) == root_of(forest.parents, leader):
                is_like = True
                break
            likeness = jaccard(sets, text, leader)
            forest.likest[text] = max(forest.likest[text], likeness)
            forest.likest[leader] = max(forest.likest[leader], likeness)
            if likeness >= threshold:
                forest.parents[root_of(forest.parents, text)] = root_of(forest.parents, leader)
                is_like = True
                break
        if not is_like:
            leaders[n_leaders] = text
            n_leaders += 1


@compiled
def cover(sets: Sets, members: I64, threshold: float) -> tuple[I64, F64]:
    """What is kept of a cluster: each text in turn, unless it is like one that is kept already.

    Args:
        sets: the word sequences of all texts.
        members: the texts of the cluster, `int64`, the most wanted first.
        threshold: the Jaccard index from which on two texts are like, in (0, 1].

    Returns:
        The place in `members` of the kept text that each text is likest to, `int64`, its own place if it is kept;
        and their Jaccard index, `float64`, for a kept text that with the likest other kept one, or -1.
    """
    keeper = np.arange(len(members))
    likeness = np.full(len(members), -1.0)
    for place in range(1, len(members)):
        best, best_place = -1.0, place
        for earlier in range(place):
            if keeper[earlier] == earlier:
                value = jaccard(sets, members[place], members[earlier])
                if value > best:
                    best, best_place = value, earlier
        likeness[place] = best
        if best >= threshold:
            keeper[place] = best_place
        elif best > likeness[best_place]:
            likeness[best_place] = best
    return keeper, likeness


@compiled
def roots_of(parents: I64) -> I64:
    """The representative of each text's tree, `int64`."""
    roots = np.empty(len(parents), np.int64)
    for text in range(len(parents)):
        roots[text] = root_of(parents, text)
    return roots
