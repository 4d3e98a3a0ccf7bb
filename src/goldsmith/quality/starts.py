"""Random starts that depend on what was answered, not on the order or the names of those who answered."""

import numpy as np
import xxhash
from numpy.typing import NDArray

from goldsmith.quality.votes import Floats, Votes

Keys = NDArray[np.uint64]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FACTORS = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


def task_keys(votes: Votes, *, seed: int) -> Keys:
    """uint64[n_tasks], a hash of each task's name."""
    return _hashes(votes.task_names, seed)


def class_keys(votes: Votes, *, seed: int) -> Keys:
    """uint64[n_classes], a hash of each class's name."""
    return _hashes(votes.classes, seed + 1)


def annotator_keys(votes: Votes, *, seed: int) -> Keys:
    """uint64[n_annotators], a hash of what each annotator answered to which tasks; equal answers have equal keys."""
    keys = np.zeros(votes.n_annotators, np.uint64)
    answers = task_keys(votes, seed=seed)[votes.task] ^ class_keys(votes, seed=seed)[votes.label]
    np.add.at(keys, votes.annotator, _mixed(answers))
    return keys


def uniforms(keys: Keys, n_each: int, *, skip: int = 0) -> Floats:
    """float64[n_keys, n_each] in (0, 1), as good as drawn at random, always the same for the same key.

    The first `skip` draws of each key are left out.

    Source: Steele, Lea and Flood (2014), "Fast splittable pseudorandom number generators", figure 14 (SplitMix64).
    """
    places = np.arange(skip + 1, skip + n_each + 1, dtype=np.uint64) * _STEP
    mixed = _mixed(keys[:, np.newaxis] + places)
    return ((mixed >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def _hashes(names: tuple[str, ...], seed: int) -> Keys:
    encoded = (name.encode("utf-8", "surrogatepass") for name in names)
    hashes = (xxhash.xxh3_64_intdigest(name, seed=seed % 2**64) for name in encoded)
    return np.fromiter(hashes, np.uint64, len(names))


def _mixed(keys: Keys) -> Keys:
    keys = (keys ^ (keys >> np.uint64(30))) * _FACTORS[0]
    keys = (keys ^ (keys >> np.uint64(27))) * _FACTORS[1]
    return keys ^ (keys >> np.uint64(31))
