"""Repeated body: the passages of a text that stand in it before are taken out, when they are most of it."""

from collections.abc import Mapping, Sequence
from typing import ClassVar
from unicodedata import unidata_version

from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.rules import Bound, Rule


class RepeatedBody(DocumentStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Takes out the second copy of a body that a text has twice, whatever stands between the copies.

    Copies are found word by word; they can be broken by words that differ. What goes is recorded and can be put back.

    Attributes:
        min_words: the fewest words of a passage that counts as repeated; a letter of a script without spaces between
            words, such as Chinese, is half of one.
        min_share: which share of a text, counted without the copies, has to stand in it again, in [0, 1]; verses,
            forms and tables that repeat a smaller part are left as they are.
        take_out: whether copies are taken out; else they are only measured.
        max_share: the greatest share of a text that may stand in it again; a text with more is dropped. `null` lifts
            the limit.
    """

    name: ClassVar[str] = "repeated-body"
    title: ClassVar[str] = "Repeated body"
    version: ClassVar[str] = f"1+unicode{unidata_version}"
    columns: ClassVar[Kinds] = {
        "text": "text",
        "repeated_body_passages": "int",
        "repeated_body_share": "float",
        "repeated_body_spans": "text",
    }
    changes: ClassVar[Mapping[str, str]] = {"repeated_body_passages": "passages that stand in the text before"}
    spans: ClassVar[frozenset[str]] = frozenset({"repeated_body_spans"})
    thresholds: ClassVar[frozenset[str]] = frozenset({"max_share"})
    libraries: ClassVar[tuple[str, ...]] = ("numba", "numpy", "pyarrow")

    min_words: int = 40
    min_share: float = 0.6
    take_out: bool = True
    max_share: float | None = None

    def __post_init__(self) -> None:
        if self.min_words < 1:
            raise ValueError("`min_words` has to be at least 1")
        if not 0 <= self.min_share <= 1:
            raise ValueError("`min_share` has to lie between 0 and 1")
        if self.max_share is not None and not 0 <= self.max_share <= 1:
            raise ValueError("`max_share` has to lie between 0 and 1")

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """The texts without copies, how many passages went, their share of the text, and all of them, as JSON."""
        from goldsmith.refine.structure.repeats import without_repeats  # noqa: PLC0415 - loads the compiler's library

        done = without_repeats(batch, min_words=self.min_words, min_share=self.min_share, take=self.take_out)
        return {
            "text": done.texts,
            "repeated_body_passages": done.counts,
            "repeated_body_share": done.shares,
            "repeated_body_spans": done.spans,
        }

    def rules(self) -> tuple[Rule, ...]:
        """Drops what has its body twice, when that is asked for."""
        if self.max_share is None:
            return ()
        most = Bound(
            name="body-repeated",
            number="repeated_body_share",
            side="maximum",
            threshold=self.max_share,
            label="share of a text that stands in it again",
            unit="of it stands in it again",
            is_share=True,
            reason="{value} of the text stands in it again, above the maximum of {threshold}",
        )
        return (most,)


plugin = RepeatedBody
