"""A fitted consensus made small: it judges one task from its votes, wherever it is sent, without the others."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from goldsmith.errors import VotesError
from goldsmith.quality.calibration import Calibration
from goldsmith.quality.routing.live import LiveConsensus
from goldsmith.quality.routing.policies import Routing
from goldsmith.quality.votes import Floats

# Any: JSON.

_ARRAYS = ("prior", "answering", "newcomer", "trust", "temperature", "error_share")


class Judgement(NamedTuple):
    """What the votes of one task come to.

    Attributes:
        label: the likeliest class.
        confidence: its calibrated probability.
        is_contested: whether it is below the target and has stood still over the last votes.
    """

    label: str
    confidence: float
    is_contested: bool


class Judge:
    """What a `LiveConsensus` believes of classes and annotators, for one task at a time.

    It gives what `LiveConsensus.add` gives, up to rounding to 32 bits, and takes microseconds.

    Attributes:
        classes: all classes there are.

    Args:
        classes: all classes there are, in the order of their codes.
        annotators: the names of the annotators that were there when it was fitted, in the order of their codes.
        arrays: the numbers; see `judge_of`.

    Raises:
        VotesError: the arrays do not fit together.

    Example:
        >>> from goldsmith.quality.votes import Votes
        >>> live = LiveConsensus.from_votes(Votes.from_columns(list("aabb"), list("xyxy"), list("0011")))
        >>> judge_of(live).judge([("x", "1"), ("y", "1")], Routing()).label
        '1'
    """

    def __init__(self, classes: Sequence[str], annotators: Sequence[str], arrays: Mapping[str, Floats]) -> None:
        m, k, n = len(arrays["prior"]), len(classes), len(annotators)
        shapes = {"prior": (m, k), "answering": (m, n, k, k), "newcomer": (k, k), "trust": (n + 1,)}
        for name, shape in shapes.items():
            if arrays[name].shape != shape:
                raise VotesError(f"the judge's {name} has the shape {arrays[name].shape} instead of {shape}.")
        self.classes = tuple(classes)
        self._arrays = {name: arrays[name] for name in _ARRAYS}
        self._annotators = tuple(annotators)
        self._class_of = {name: code for code, name in enumerate(classes)}
        self._annotator_of = {name: code for code, name in enumerate(annotators)}
        nothing_known = np.zeros(len(arrays["temperature"]), np.int64)
        self._calibration = Calibration(
            temperature_=arrays["temperature"], error_share_=arrays["error_share"], n_gold_=nothing_known
        )

    def judge(self, votes: Sequence[tuple[str, str]], policy: Routing) -> Judgement | None:
        """What the votes of a task come to; None where there are none, or one is for a class that is not known.

        Args:
            votes: annotator and label of each vote, in the order in which they came, one of each annotator.
            policy: what counts as contested.
        """
        if not votes or any(label not in self._class_of for _, label in votes):
            return None
        states = self._states(votes, min(policy.window + 1, len(votes)))
        now = states[-1]
        best = int(np.argmax(now))
        confidence = float(now[best])
        is_still = len(votes) > policy.window and bool((np.abs(states[:-1] - now) < policy.stillness).all())
        return Judgement(self.classes[best], confidence, is_still and confidence < policy.target)

    def packed(self) -> dict[str, Any]:
        """Everything as JSON; see `Judge.unpacked`."""
        numbers = {
            name: {"shape": list(one.shape), "float32": base64.b64encode(one.astype("<f4").tobytes()).decode()}
            for name, one in self._arrays.items()
        }
        return {"classes": list(self.classes), "annotators": list(self._annotators), "arrays": numbers}

    @classmethod
    def unpacked(cls, packed: Mapping[str, Any]) -> "Judge":
        """The judge that `packed` gave."""
        arrays: dict[str, Floats] = {
            name: np.frombuffer(base64.b64decode(one["float32"]), "<f4").reshape(one["shape"]).astype(np.float64)
            for name, one in packed["arrays"].items()
        }
        return cls(packed["classes"], packed["annotators"], arrays)

    def _states(self, votes: Sequence[tuple[str, str]], n: int) -> Floats:
        """float64[n, n_classes], calibrated, after each of the last `n` votes."""
        arrays, n_classes = self._arrays, len(self.classes)
        prior, answering = arrays["prior"], arrays["answering"]
        logs = np.empty((len(votes), *prior.shape))
        trusted = np.zeros((len(votes), n_classes))
        counted = np.zeros((len(votes), n_classes))
        for i, (annotator, name) in enumerate(votes):
            label, code = self._class_of[name], self._annotator_of.get(annotator, -1)
            logs[i] = answering[:, code, label] if code >= 0 else arrays["newcomer"][label]
            trusted[i, label], counted[i, label] = arrays["trust"][code], 1.0  # the newcomer's trust stands last
        joint = prior + np.cumsum(logs, axis=0)[-n:]
        joint = np.exp(joint - joint.max(axis=2, keepdims=True))
        models = joint / joint.sum(axis=2, keepdims=True)
        trusted, counted = np.cumsum(trusted, axis=0)[-n:], np.cumsum(counted, axis=0)[-n:]
        has_trust = trusted.sum(axis=1, keepdims=True) > 0
        vote = np.where(has_trust, trusted, counted)
        vote /= vote.sum(axis=1, keepdims=True)
        blended = (models.sum(axis=1) + vote) / (len(prior) + 1)
        return self._calibration.apply(blended, np.arange(len(votes) - n + 1, len(votes) + 1))


def judge_of(live: LiveConsensus) -> Judge:
    """What `live` believes of classes and annotators since its last refit.

    Raises:
        VotesError: it was never fitted.
    """
    tables, known = live.tables_, live.calibration_
    if tables is None:
        raise VotesError("nothing was fitted yet; give the consensus votes first.")
    arrays = {
        "prior": tables.prior,
        "answering": tables.answering,
        "newcomer": tables.newcomer,
        "trust": np.append(tables.trust, tables.newcomer_trust),
        "temperature": known.temperature_,
        "error_share": known.error_share_,
    }
    return Judge(live.votes.classes, live.votes.annotator_names, arrays)
