"""Near duplicates: of documents that share most of their word sequences, one is kept."""

from typing import ClassVar

from goldsmith.kit.columns import Kinds
from goldsmith.refine.model import CorpusStage
from goldsmith.refine.rules import Resembles, Rule


class NearDuplicates(CorpusStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Drops documents whose word sequences overlap with those of a kept document (Jaccard) by the threshold or more.

    Candidates come from MinHash bands, and each is verified by the exact Jaccard index of the two sets of sequences.
    Words are runs of letters and digits in lower case; each Chinese, Japanese, Thai or Khmer character is a word.
    Of each cluster the longest document is kept (of equals the smallest id), then the longest that is not like it.

    Attributes:
        threshold: the Jaccard index, in [0, 1], from which on two documents count as one.
        words: words in a sequence.
        bands: groups of hashes; two documents are compared when one group is equal in both.
        rows: hashes in a group.

    Source: Broder 1997, "On the resemblance and containment of documents"; 112 hashes over 5 words as in FineWeb. Two
    departures: 16 bands of 7 rows instead of 14 of 8, so that a pair at the threshold of .8 is compared with a
    probability of .977 instead of .924; and candidates are verified, so every dropped document is like a kept one by
    the threshold or more.
    """

    name: ClassVar[str] = "near-duplicates"
    title: ClassVar[str] = "Near duplicates"
    version: ClassVar[str] = "2"
    columns: ClassVar[Kinds] = {"n_near_copies": "int", "near_duplicate_jaccard": "float", "_like": "text"}
    libraries: ClassVar[tuple[str, ...]] = ("numba", "numpy", "pyarrow")
    comparison: ClassVar[str] = "goldsmith.refine.comparisons.near:NearComparison"

    threshold: float = 0.8
    words: int = 5
    bands: int = 16
    rows: int = 7

    def __post_init__(self) -> None:
        if not 0 < self.threshold <= 1:
            raise ValueError("`threshold` has to be above 0 and at most 1")
        for field in ("words", "bands", "rows"):
            if not 1 <= getattr(self, field) <= 256:
                raise ValueError(f"`{field}` has to lie between 1 and 256")

    def rules(self) -> tuple[Rule, ...]:
        """Drops what is like a kept document."""
        like = Resembles(
            name="near-duplicate",
            original="_like",
            number="near_duplicate_jaccard",
            threshold=self.threshold,
            label="Jaccard index with the likest document",
            unit="with the likest document",
            is_share=True,
            reason="Jaccard index {value} with {original}",
        )
        return (like,)


plugin = NearDuplicates
