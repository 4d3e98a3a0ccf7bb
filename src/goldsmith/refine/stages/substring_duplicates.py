"""Substring duplicates: long passages that stand somewhere else word for word are taken out, all but the first."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.model import CorpusStage
from goldsmith.refine.rules import Bound, Rule


class SubstringDuplicates(CorpusStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Takes out passages of many words that another document, or an earlier place of the same one, has word for word.

    Words are runs of letters and digits as they are written; each Chinese, Japanese, Thai or Khmer character is a word.
    Marks and spaces between them do not count. Every sequence of `words` words stays where it stands first: in the
    document with the smallest id, there furthest to the left. Hashes only propose; words are compared one by one.

    Attributes:
        words: the fewest words of a passage.
        max_share: the share of its characters, in [0, 1], that a document may lose; `null` lifts the limit. Passages
            that stand first in a document that is dropped are gone with it; at the default, next to nothing was left.

    Source: Lee et al. 2022, "Deduplicating Training Data Makes Language Models Better", section 4.1; 50 tokens as there
    and in Penedo et al. 2023, "The RefinedWeb Dataset". Departures: tokens are words, not pieces of a model's
    vocabulary; one occurrence stays.
    """

    name: ClassVar[str] = "substring-duplicates"
    title: ClassVar[str] = "Repeated passages"
    columns: ClassVar[Kinds] = {
        "text": "text",
        "repeated_passages": "int",
        "repeated_passage_share": "float",
        "repeated_passage_spans": "text",
        "_repeated_passages": "text",
    }
    spans: ClassVar[frozenset[str]] = frozenset({"repeated_passage_spans"})
    changes: ClassVar[Mapping[str, str]] = {"repeated_passages": "passages that stand elsewhere taken out"}
    libraries: ClassVar[tuple[str, ...]] = ("numba", "numpy", "pyarrow")
    comparison: ClassVar[str] = "goldsmith.refine.comparisons.substrings:SubstringComparison"

    words: int = 50
    max_share: float | None = 0.99

    def __post_init__(self) -> None:
        if not 2 <= self.words <= 10_000:
            raise ValueError("`words` has to lie between 2 and 10,000")
        if self.max_share is not None and not 0 <= self.max_share <= 1:
            raise ValueError("`max_share` has to lie between 0 and 1")

    def concluded(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """The texts without those passages, how many went, which share of the characters, and all of them as JSON."""
        from goldsmith.refine.comparisons.cuts import cut  # noqa: PLC0415 - numba, when only a recipe is read
        from goldsmith.refine.comparisons.substrings import repeats_of  # noqa: PLC0415

        columns: dict[str, list[object]] = {name: [] for name in self.columns if not name.startswith("_")}
        rows = zip(batch.column("text").to_pylist(), batch.column("_repeated_passages").to_pylist(), strict=True)
        for text, repeated in rows:
            repeats = [] if repeated is None else repeats_of(text, repeated)
            done = cut(text, repeats, "repeated-passage")
            columns["text"].append(done.text)
            columns["repeated_passages"].append(None if repeated is None else len(repeats))
            columns["repeated_passage_share"].append(None if repeated is None else done.share)
            columns["repeated_passage_spans"].append(done.taken)
        return columns

    def rules(self) -> tuple[Rule, ...]:
        """Drops what loses too much."""
        if self.max_share is None:
            return ()
        lost = Bound(
            name="mostly-repeated-passages",
            number="repeated_passage_share",
            side="maximum",
            threshold=self.max_share,
            label="characters in passages that stand elsewhere",
            unit="in passages that stand elsewhere",
            is_share=True,
            reason="{value} of the characters in passages that stand elsewhere, above the maximum of {threshold}",
        )
        return (lost,)


plugin = SubstringDuplicates
