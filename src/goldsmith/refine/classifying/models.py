"""A trained classifier as one file: plain numbers and words in MessagePack, nothing that runs."""

import functools
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from goldsmith.errors import InputError
from goldsmith.kit.digest import sha256_hex

FORMAT = 1
"""The version of the file's format, and of the features: another one counts other things."""

MIN_BITS, MAX_BITS = 10, 22
_MAX_FILE_BYTES = 64 << 20
_HINT = "Make one with `goldsmith refine train`."


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """A share with its 95 % interval; no numbers where nothing could be measured."""

    estimate: float | None
    low: float | None
    high: float | None
    n: int


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """Texts with much the same score: what the score says, and how many were wanted."""

    mean_score: float
    wanted: Measured


class Operating(msgspec.Struct, frozen=True, kw_only=True):
    """What the filter would do with one `min_score`: right among what is kept, and kept among what is right.

    Attributes:
        min_score: the score from which a text is kept.
        n_kept: texts that it would keep.
        precision: of these, the share that is wanted.
        recall: of the wanted ones, the share that is kept.
    """

    min_score: float
    n_kept: int
    precision: Measured
    recall: Measured


class Quality(msgspec.Struct, frozen=True, kw_only=True):
    """How good the classifier is on texts that it had not learnt from, by cross-validation.

    Attributes:
        n_folds: how many parts the texts were divided into.
        auc: how often a wanted text has a higher score than an unwanted one.
        brier_score_error: mean squared difference between the score and what was true, in [0, 1].
        operating: what different `min_score` would do.
        calibration: whether scores mean what they say.
    """

    n_folds: int
    auc: Measured
    brier_score_error: float
    operating: tuple[Operating, ...]
    calibration: tuple[Calibration, ...]


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """A trained classifier.

    Attributes:
        keep: the labels of the texts that are wanted; its score is the probability of one of them.
        labels: the labels that it has seen, with how often.
        bits: its weights are two to the power of this.
        max_characters: how much of a text it reads, from the beginning.
        offset: what is added to the weights.
        weights: float32, compressed with zlib: what each feature says for a text, in log-odds.
        seed: what the texts were divided with.
        quality: how good it is.
    """

    format: int = FORMAT
    goldsmith: str
    keep: tuple[str, ...]
    labels: dict[str, int]
    bits: int
    max_characters: int
    offset: float
    weights: bytes
    seed: int
    quality: Quality


class Loaded(NamedTuple):
    """A classifier that can score.

    Attributes:
        weights: float32[2 ** bits].
        offset: in log-odds.
        bits: the logarithm of how many weights there are.
        limit: characters of a text that are read.
    """

    weights: NDArray[np.float32]
    offset: float
    bits: int
    limit: int


def packed(weights: NDArray[np.float32]) -> bytes:
    """Weights as they stand in the file."""
    return zlib.compress(np.ascontiguousarray(weights, "<f4").tobytes(), 6)


def encoded(model: Model) -> bytes:
    """The file."""
    return msgspec.msgpack.encode(model, order="deterministic")


def read_model(path: Path) -> Model:
    """The classifier in a file, checked.

    Raises:
        InputError: there is no such file, or it is no classifier that this version reads.
    """
    content = _content(path)
    try:
        model = msgspec.msgpack.decode(content, type=Model)
    except msgspec.DecodeError as error:
        raise InputError(f"{path} is no classifier: {error}.", hint=_HINT) from error
    if model.format != FORMAT:
        raise InputError(f"{path} has the format {model.format}, and this version reads {FORMAT}; train it again.")
    if not MIN_BITS <= model.bits <= MAX_BITS or model.max_characters < 1:
        raise InputError(f"{path} is no classifier: its numbers are out of range.")
    _ = _weights(path, model)
    return model


def sha256_of(path: Path) -> str:
    """The SHA-256 of a classifier's file.

    Raises:
        InputError: there is no such file.
    """
    return sha256_hex(_content(path))


@functools.lru_cache(maxsize=4)
def loaded(path: str, sha256: str) -> Loaded:
    """The classifier in a file, ready to score; it is read once.

    Raises:
        InputError: the file has changed, or is no classifier.
    """
    if sha256_of(Path(path)) != sha256:
        raise InputError(f"{path} was changed while it was used.")
    model = read_model(Path(path))
    return Loaded(_weights(Path(path), model), model.offset, model.bits, model.max_characters)


def as_json(model: Model) -> Mapping[str, object]:
    """What is said of a classifier: all but its weights."""
    told = msgspec.to_builtins(model)
    return {name: value for name, value in told.items() if name != "weights"}


def _weights(path: Path, model: Model) -> NDArray[np.float32]:
    size = 4 << model.bits
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(model.weights, size)
    except zlib.error as error:
        raise InputError(f"{path} is broken: {error}.") from error
    weights = np.frombuffer(content, "<f4") if len(content) == size else np.zeros(0, np.float32)
    if not len(weights) or not np.isfinite(weights).all() or not np.isfinite(model.offset):
        raise InputError(f"{path} is broken: it does not hold {1 << model.bits:,} weights.")
    return weights.astype(np.float32)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_FILE_BYTES + 1)
    except OSError as error:
        raise InputError(f"the classifier {path} cannot be read: {error.strerror}.", hint=_HINT) from error
    if len(content) > _MAX_FILE_BYTES:
        raise InputError(f"{path} is no classifier: it has more than {_MAX_FILE_BYTES:,} bytes.")
    return content
