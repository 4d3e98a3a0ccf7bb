"""The rule that drops documents with items of test sets, and says which."""

from collections.abc import Sequence

from goldsmith.kit.columns import Batch
from goldsmith.refine.rules import NumberRule, Verdict

MAX_SHOWN = 8
"""Passages that a verdict shows."""


class HoldsItems(NumberRule, frozen=True, kw_only=True):
    """Drops a document that has enough of a test item; the number is the share of the item that it has.

    Attributes:
        matches: the column with the passages, as JSON, best first.
        kinds: the ways in which an item is found that this rule is about.
        reason: the sentence for people; `{item}` stands for the item, `{value}` for the share.
    """

    matches: str
    kinds: tuple[str, ...]
    reason: str

    def is_dropped(self, value: float) -> bool:
        """Whether so much of an item is too much."""
        return value >= self.threshold

    def verdicts(self, batch: Batch) -> Sequence[Verdict | None]:
        """Drops the rows with enough of an item."""
        pairs = zip(batch.column(self.number).to_pylist(), batch.column(self.matches).to_pylist(), strict=True)
        return [None if value is None or not self.is_dropped(value) else self._drop(value, raw) for value, raw in pairs]

    def _drop(self, value: float, raw: str) -> Verdict:
        from goldsmith.refine.evidence.places import records_of  # noqa: PLC0415 - numpy, when only a recipe is read

        rows = [row for row in records_of(raw) if row["kind"] in self.kinds]
        reason = self.reason.format(item=rows[0]["item"], value=f"{value:.0%}")
        items = list(dict.fromkeys(row["item"] for row in rows))
        evidence: dict[str, object] = {"items": items[:MAX_SHOWN], "n_items": len(items), "passages": rows[:MAX_SHOWN]}
        return Verdict(action="drop", reason=reason, value=value, threshold=self.threshold, evidence=evidence)
