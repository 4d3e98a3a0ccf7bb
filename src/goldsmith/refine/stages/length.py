"""Length: drops texts that are too short to say anything or too long to be read."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.rules import Bound, Rule


class Length(DocumentStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Counts the characters of a text, and drops it outside of the bounds.

    Attributes:
        min_characters: the fewest Unicode code points that a text may have.
        max_characters: the most that it may have; without it there is no upper bound.
    """

    name: ClassVar[str] = "length"
    title: ClassVar[str] = "Length"
    columns: ClassVar[Kinds] = {"n_characters": "int"}
    thresholds: ClassVar[frozenset[str]] = frozenset({"min_characters", "max_characters"})

    min_characters: int = 1
    max_characters: int | None = None

    def __post_init__(self) -> None:
        if self.min_characters < 0:
            raise ValueError("`min_characters` cannot be negative")
        if self.max_characters is not None and self.max_characters < self.min_characters:
            raise ValueError(f"`max_characters` is below `min_characters` ({self.min_characters})")

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """How many code points each text has."""
        return {"n_characters": [len(text) for text in batch.column("text").to_pylist()]}

    def rules(self) -> tuple[Rule, ...]:
        """Drops below the minimum and above the maximum."""
        shortest = Bound(
            name="too-short",
            number="n_characters",
            side="minimum",
            threshold=self.min_characters,
            label="length in characters",
            unit="characters",
            reason="length {value}, below the minimum of {threshold} characters",
        )
        if self.max_characters is None:
            return (shortest,)
        longest = Bound(
            name="too-long",
            number="n_characters",
            side="maximum",
            threshold=self.max_characters,
            label="length in characters",
            unit="characters",
            reason="length {value}, above the maximum of {threshold} characters",
        )
        return (shortest, longest)


plugin = Length
