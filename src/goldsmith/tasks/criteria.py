"""Criteria of rubrics: what they weigh, and the score that levels of them make."""

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from goldsmith.tasks.questions import MAX_HELP_LENGTH, MAX_LABEL_LENGTH, MAX_VALUE_LENGTH, check_text
from goldsmith.tasks.values import as_list, as_object, finite_number, whole_number

MAX_CRITERIA = 200
MAX_LEVELS = 100
MAX_WEIGHT = 1_000_000
CREDIT, GATE, PENALTY = "credit", "gate", "penalty"
KINDS = (CREDIT, GATE, PENALTY)
Kind = Literal["credit", "gate", "penalty"]


class Criterion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that an answer is graded by.

    Attributes:
        name: the key of its level in the answer.
        label: what the annotator reads.
        help: a longer explanation, in Markdown.
        weight: how much it counts.
        kind: whether it adds to the score, has to be met for there to be any, or takes from it.
        levels: the highest level, 1 for met or not met; a criterion is met at its highest level.
        not_applicable: whether it can be said that it does not apply.
    """

    name: str
    label: str
    help: str | None = None
    weight: int | float = 1
    kind: Kind = "credit"
    levels: int = 1
    not_applicable: bool = False

    def __post_init__(self) -> None:
        check_text("name", self.name, MAX_VALUE_LENGTH)
        check_text("label", self.label, MAX_LABEL_LENGTH)
        if self.help is not None and len(self.help) > MAX_HELP_LENGTH:
            raise ValueError(f"`help` has {len(self.help)} characters; at most {MAX_HELP_LENGTH} are shown")
        weight = finite_number(self.weight)
        if weight is None or not 0 < weight <= MAX_WEIGHT:
            raise ValueError(f"`weight` has to be above 0 and at most {MAX_WEIGHT}, not {self.weight}")
        if not 1 <= self.levels <= MAX_LEVELS:
            raise ValueError(f"`levels` has to be 1 to {MAX_LEVELS}, not {self.levels}")


def criteria_in(value: object) -> list[Criterion]:
    """The criteria that an item lists, such as those an annotator has written; without names they are numbered.

    Raises:
        ValueError: they are no criteria; the message says what is wrong with which.
    """
    listed = as_list(value)
    if not listed or len(listed) > MAX_CRITERIA:
        raise ValueError(f"they have to be a list of 1 to {MAX_CRITERIA}")
    found: list[Criterion] = []
    for i, entry in enumerate(listed):
        parts = as_object(entry)
        if parts is None:
            raise ValueError(f"criterion {i + 1} is no object")
        try:
            found.append(_criterion(parts, i))
        except ValueError as error:
            raise ValueError(f"criterion {i + 1}: {error}") from None
    if len({one.name for one in found}) < len(found):
        raise ValueError("two of them share a name")
    return found


def score_of(criteria: Iterable[Criterion], levels: Mapping[str, int | None]) -> float:
    """The score of graded criteria, in [0, 1].

    It is 0 where a gate is not met. Else it is the weighted mean of the credit criteria's shares of their highest
    levels, 1 where there are none, less the penalties' shares, each weighed by the sum of the credit criteria's
    weights. What does not apply counts for nothing.

    Example:
        >>> both = Criterion(name="a", label="A", weight=3), Criterion(name="b", label="B", kind="penalty")
        >>> round(score_of(both, {"a": 1, "b": 1}), 3)
        0.667
    """
    whole = gained = lost = 0.0
    for criterion in criteria:
        level = levels.get(criterion.name)
        if level is None:
            continue
        share = level / criterion.levels
        if criterion.kind == GATE and share < 1:
            return 0.0
        if criterion.kind == CREDIT:
            whole += criterion.weight
            gained += criterion.weight * share
        elif criterion.kind == PENALTY:
            lost += criterion.weight * share
    score = (gained - lost) / whole if whole else 1.0 - min(1.0, lost)
    return min(1.0, max(0.0, score))


def _criterion(parts: Mapping[str, object], place: int) -> Criterion:
    name, label = parts.get("name", str(place + 1)), parts.get("label", parts.get("text"))
    weight, levels = finite_number(parts.get("weight", 1)), whole_number(parts.get("levels", 1))
    kind = next((one for one in KINDS if one == parts.get("kind", CREDIT)), None)
    about = parts.get("help")
    if weight is None or levels is None or kind is None:
        raise ValueError(f"its `weight` or `levels` is no number, or its `kind` none of {', '.join(KINDS)}")
    if label is None or not all(isinstance(text, str | None) for text in (name, label, about)):
        raise ValueError("its `name`, its `label` or `text`, and its `help` have to be texts")
    return Criterion(
        name=str(name),
        label=str(label).strip(),
        help=None if about is None else str(about),
        weight=weight,
        kind="gate" if kind == GATE else "penalty" if kind == PENALTY else "credit",
        levels=levels,
        not_applicable=parts.get("not_applicable") is True,
    )
