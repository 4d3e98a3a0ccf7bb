"""Rules turn annotated columns into verdicts: the threshold is data, so it can be drawn, explained and changed."""

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec
from msgspec.structs import replace

from goldsmith.kit.columns import Batch

Action = Literal["drop", "fail"]


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule decided about one document that does not go on.

    Attributes:
        action: `drop` for a document that is unwanted, `fail` for one that could not be read.
        reason: why, as a sentence for people.
        value: the number that was compared, where there is one.
        threshold: the number that it was compared with.
        evidence: what shows it, such as the id of the document that it repeats.
    """

    action: Action
    reason: str
    value: float | None = None
    threshold: float | None = None
    evidence: dict[str, object] = msgspec.field(default_factory=dict[str, object])


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict as it is written beside a document: with the rule that gave it, and how far it went beyond.

    Attributes:
        margin: how far the value lies beyond the threshold, in the unit of the value; nothing without a number.
    """

    stage: str
    rule: str
    action: Action
    reason: str
    value: float | None = None
    threshold: float | None = None
    margin: float | None = None
    evidence: dict[str, object] = msgspec.field(default_factory=dict[str, object])

    @classmethod
    def of(cls, stage: str, rule: str, verdict: Verdict) -> "Stop":
        """The verdict of a rule of a stage."""
        value, threshold = verdict.value, verdict.threshold
        return cls(
            stage=stage,
            rule=rule,
            action=verdict.action,
            reason=verdict.reason,
            value=value,
            threshold=threshold,
            margin=None if value is None or threshold is None else abs(value - threshold),
            evidence=verdict.evidence,
        )


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """Decides by the columns of a document; the base of all rules.

    Attributes:
        name: what reports call it, unique within its stage.
    """

    name: str

    def verdicts(self, batch: Batch) -> Sequence[Verdict | None]:
        """One verdict for each row of `batch`; None lets the document pass."""
        raise NotImplementedError


class NumberRule(Rule, frozen=True, kw_only=True):
    """A rule that compares a number with a threshold; reports draw it as a histogram.

    Attributes:
        number: the column with the number that is compared; a document without one is not drawn.
        threshold: the number to compare with.
        label: what the documents are sorted by.
        unit: what follows the number when it stands alone.
        is_share: whether the number lies in [0, 1]; other numbers are drawn on a logarithmic axis.
    """

    number: str
    threshold: float
    label: str
    unit: str
    is_share: bool = False

    def is_dropped(self, value: float) -> bool:
        """Whether a document with this value does not pass."""
        raise NotImplementedError


class Bound(NumberRule, frozen=True, kw_only=True):
    """Drops what lies below a minimum or above a maximum.

    Attributes:
        side: which of the two the threshold is.
        reason: the sentence for people; `{value}` and `{threshold}` stand for the numbers.
    """

    side: Literal["minimum", "maximum"]
    reason: str

    def is_dropped(self, value: float) -> bool:
        """Whether `value` lies outside."""
        return value < self.threshold if self.side == "minimum" else value > self.threshold

    def verdicts(self, batch: Batch) -> Sequence[Verdict | None]:
        """Drops the rows whose value lies outside; a missing value passes."""
        from goldsmith.kit.arrow import floats  # noqa: PLC0415 - recipes are read without it

        column = batch.column(self.number)
        verdicts: list[Verdict | None] = [None] * len(column)
        values = floats(column)
        is_outside = values < self.threshold if self.side == "minimum" else values > self.threshold
        if is_outside.any():
            exact: list[float] = column.to_pylist()  # whole numbers are told as such
            for row in is_outside.nonzero()[0].tolist():
                verdicts[row] = self._drop(exact[row])
        return verdicts

    def _drop(self, value: float) -> Verdict:
        reason = self.reason.format(value=as_words(value, beside=self.threshold), threshold=as_words(self.threshold))
        evidence: dict[str, object] = {self.number: value}
        return Verdict(action="drop", reason=reason, value=value, threshold=self.threshold, evidence=evidence)


def check_limits(limits: Mapping[str, float | None]) -> None:
    """Refuse a limit below zero.

    Raises:
        ValueError: names the parameter.
    """
    for field, limit in limits.items():
        if limit is not None and limit < 0:
            raise ValueError(f"`{field}` cannot be negative")


def with_limits(bounds: Mapping[str, Bound], limits: Mapping[str, float | None]) -> tuple[Bound, ...]:
    """The bounds whose limit is set, in their order, each with its limit as threshold."""
    known = ((bound, limits[field]) for field, bound in bounds.items())
    return tuple(replace(bound, threshold=limit) for bound, limit in known if limit is not None)


class Repeats(Rule, frozen=True, kw_only=True):
    """Drops a document that is the same as another one.

    Attributes:
        original: the column with the id of the one that is kept; missing where nothing is repeated.
        reason: the sentence for people; `{original}` stands for the id.
    """

    original: str
    reason: str

    def verdicts(self, batch: Batch) -> Sequence[Verdict | None]:
        """Drops the rows that name another document."""
        return [None if kept is None else self._drop(kept) for kept in batch.column(self.original).to_pylist()]

    def _drop(self, kept: str) -> Verdict:
        return Verdict(action="drop", reason=self.reason.format(original=kept), evidence={"kept": kept})


class Resembles(NumberRule, frozen=True, kw_only=True):
    """Drops a document that is nearly the same as another one; the number says how alike they are, in [0, 1].

    Attributes:
        original: the column with the id of the one that is kept; missing where nothing is repeated.
        reason: the sentence for people; `{original}` stands for the id, `{value}` for the likeness.
    """

    original: str
    reason: str

    def is_dropped(self, value: float) -> bool:
        """Whether two documents that are so much alike count as one."""
        return value >= self.threshold

    def verdicts(self, batch: Batch) -> Sequence[Verdict | None]:
        """Drops the rows that name another document."""
        pairs = zip(batch.column(self.original).to_pylist(), batch.column(self.number).to_pylist(), strict=True)
        return [None if kept is None else self._drop(kept, value) for kept, value in pairs]

    def _drop(self, kept: str, value: float) -> Verdict:
        reason = self.reason.format(original=kept, value=as_words(value))
        evidence: dict[str, object] = {"kept": kept, self.number: value}
        return Verdict(action="drop", reason=reason, value=value, threshold=self.threshold, evidence=evidence)


class OneOf(Rule, frozen=True, kw_only=True):
    """Drops a document whose value is none of those allowed.

    Attributes:
        column: the column with the value.
        allowed: the values that pass.
        score: the column that says how sure the value is, in [0, 1].
        reason: the sentence for people; `{value}` stands for the value.
    """

    column: str
    allowed: tuple[str, ...]
    score: str
    reason: str

    def verdicts(self, batch: Batch) -> Sequence[Verdict | None]:
        """Drops the rows with another value."""
        pairs = zip(batch.column(self.column).to_pylist(), batch.column(self.score).to_pylist(), strict=True)
        return [None if value in self.allowed else self._drop(value, score) for value, score in pairs]

    def _drop(self, value: str, score: float) -> Verdict:
        evidence: dict[str, object] = {self.column: value, self.score: score, "allowed": list(self.allowed)}
        return Verdict(action="drop", reason=self.reason.format(value=value), evidence=evidence)


class Present(Rule, frozen=True, kw_only=True):
    """Drops or fails a document for which the column holds a reason.

    Attributes:
        column: the column with the reason; missing where all is well.
        action: `fail` when it could not be read, `drop` when it is unwanted.
    """

    column: str
    action: Action

    def verdicts(self, batch: Batch) -> Sequence[Verdict | None]:
        """Stops the rows that have a reason."""
        column = batch.column(self.column)
        if column.null_count == len(column):
            return [None] * len(column)
        return [None if reason is None else Verdict(action=self.action, reason=reason) for reason in column.to_pylist()]


def as_words(value: float, *, beside: float | None = None) -> str:
    """A number as people read it: whole numbers with separators, others with three decimals.

    Args:
        value: the number.
        beside: another number that it has to be told apart from; then it has as many decimals as that takes.
    """
    if beside is not None and value != beside and as_words(value) == as_words(beside):
        return next((near for digits in range(4, 17) if float(near := f"{value:.{digits}g}") != beside), repr(value))
    return f"{value:,.0f}" if float(value).is_integer() and abs(value) >= 1 else f"{value:.3f}".rstrip("0").rstrip(".")
