"""Exact duplicates: of documents with the same words in the same order, one is kept."""

from typing import ClassVar

from goldsmith.kit.columns import Kinds
from goldsmith.refine.model import CorpusStage
from goldsmith.refine.rules import Repeats, Rule


class ExactDuplicates(CorpusStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Drops documents that differ from another one in white space at most; the one with the smallest id is kept.

    Two texts count as the same when the 128-bit hashes (XXH3) of their words joined by single spaces are equal.
    """

    name: ClassVar[str] = "exact-duplicates"
    title: ClassVar[str] = "Exact duplicates"
    columns: ClassVar[Kinds] = {"n_copies": "int", "_same_as": "text"}
    libraries: ClassVar[tuple[str, ...]] = ("xxhash",)
    comparison: ClassVar[str] = "goldsmith.refine.comparisons.exact:ExactComparison"

    def rules(self) -> tuple[Rule, ...]:
        """Drops all but the first."""
        return (Repeats(name="same-text", original="_same_as", reason="the same text as {original}"),)


plugin = ExactDuplicates
