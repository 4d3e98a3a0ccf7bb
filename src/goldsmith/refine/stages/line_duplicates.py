"""Line duplicates: lines that many documents have, such as navigation and notices, are taken out."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.model import CorpusStage
from goldsmith.refine.rules import Bound, Rule


class LineDuplicates(CorpusStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Takes out lines that more documents have than allowed, and drops documents that lose too much by it.

    Two lines count as the same when the 128-bit hashes (XXH3) of their words in lower case, joined by single spaces,
    are equal. What was taken out is recorded with its place, with the number of documents that have it and with the
    one that keeps it, so that every line can be shown and put back.

    Attributes:
        max_documents: the most documents that may have a line.
        min_characters: the fewest characters of a line that is compared; a letter of a script without spaces between
            words, such as Chinese or Thai, counts as two.
        keep: `first` leaves the line where it stands first in the document with the smallest id; `none` nowhere.
        max_share: the share of its characters, in [0, 1], that a document may lose; `null` lifts the limit.

    Source: Wenzek et al. 2020, "CCNet", section 3.1, which keeps the first of equal paragraphs; more than six documents
    as in Grattafiori et al. 2024, "The Llama 3 Herd of Models", section 3.1.1. Departures: figures, punctuation and
    accents count, since a line that differs in them says something else; short lines are left alone.
    """

    name: ClassVar[str] = "line-duplicates"
    title: ClassVar[str] = "Repeated lines"
    columns: ClassVar[Kinds] = {
        "text": "text",
        "shared_lines": "int",
        "repeated_line_share": "float",
        "repeated_line_spans": "text",
        "_shared_lines": "text",
    }
    spans: ClassVar[frozenset[str]] = frozenset({"repeated_line_spans"})
    changes: ClassVar[Mapping[str, str]] = {"shared_lines": "lines that many documents have taken out"}
    libraries: ClassVar[tuple[str, ...]] = ("numpy", "pyarrow", "xxhash")
    comparison: ClassVar[str] = "goldsmith.refine.comparisons.lines:LineComparison"

    max_documents: int = 6
    min_characters: int = 30
    keep: Literal["first", "none"] = "first"
    max_share: float | None = 0.5

    def __post_init__(self) -> None:
        if self.max_documents < 1 or self.min_characters < 1:
            raise ValueError("`max_documents` and `min_characters` have to be at least 1")
        if self.max_share is not None and not 0 <= self.max_share <= 1:
            raise ValueError("`max_share` has to lie between 0 and 1")

    def concluded(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """The texts without those lines, how many went, which share of the characters, and all of them as JSON."""
        from goldsmith.refine.comparisons.cuts import cut  # noqa: PLC0415 - numpy, when only a recipe is read
        from goldsmith.refine.comparisons.lines import repeats_of  # noqa: PLC0415

        columns: dict[str, list[object]] = {name: [] for name in self.columns if not name.startswith("_")}
        rows = zip(batch.column("text").to_pylist(), batch.column("_shared_lines").to_pylist(), strict=True)
        for text, repeated in rows:
            repeats = [] if repeated is None else repeats_of(text, repeated)
            done = cut(text, repeats, "repeated-line")
            columns["text"].append(done.text)
            columns["shared_lines"].append(None if repeated is None else sum(len(each.kept) for each in repeats))
            columns["repeated_line_share"].append(None if repeated is None else done.share)
            columns["repeated_line_spans"].append(done.taken)
        return columns

    def rules(self) -> tuple[Rule, ...]:
        """Drops what loses too much."""
        if self.max_share is None:
            return ()
        lost = Bound(
            name="mostly-repeated-lines",
            number="repeated_line_share",
            side="maximum",
            threshold=self.max_share,
            label="characters in lines that many documents have",
            unit="in lines that many documents have",
            is_share=True,
            reason="{value} of the characters in lines that many documents have, above the maximum of {threshold}",
        )
        return (lost,)


plugin = LineDuplicates
