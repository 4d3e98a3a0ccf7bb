"""Truncation: texts that end in the middle, or before a door, are marked."""

from collections.abc import Mapping, Sequence
from typing import ClassVar
from unicodedata import unidata_version

import msgspec

from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.rules import Bound, Rule


class Truncation(DocumentStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Says how surely a text lacks its end, and why; it drops nothing unless it is told to.

    Boilerplate below the text is passed over, but a paywall or *read more* there counts, so the stage belongs before
    `boilerplate-lines`. The scores order what the end is like: `paywall` 1, `read-more` (after an ellipsis or an open
    sentence) 0.95, `broken-off` (in the middle of a phrase, where the other paragraphs end with marks) 0.9,
    `unfinished` (no mark, where the others have one) 0.8, `ellipsis` 0.6, `unmarked` (no mark, and the others have none
    either) 0.4. Headings, items of lists, table rows and code are no ends of prose. Texts of scripts without end marks,
    such as Thai, are only marked for paywalls, *read more* and ellipses.

    Attributes:
        max_score: the highest score that passes, in [0, 1]; `null` lets all pass.
    """

    name: ClassVar[str] = "truncation"
    title: ClassVar[str] = "Truncated texts"
    version: ClassVar[str] = f"1+unicode{unidata_version}"
    columns: ClassVar[Kinds] = {
        "truncation_score": "float",
        "truncation_kind": "text",
        "truncation_spans": "text",
    }
    spans: ClassVar[frozenset[str]] = frozenset({"truncation_spans"})
    thresholds: ClassVar[frozenset[str]] = frozenset({"max_score"})
    libraries: ClassVar[tuple[str, ...]] = ("numba", "numpy", "pyarrow")

    max_score: float | None = None

    def __post_init__(self) -> None:
        if self.max_score is not None and not 0 <= self.max_score <= 1:
            raise ValueError("`max_score` has to lie between 0 and 1")

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """How surely each text lacks its end, what its end is like, and where its last line stands, as JSON."""
        from goldsmith.refine.structure.endings import SCORES, ends_of  # noqa: PLC0415 - loads the compiler's library

        ends = ends_of(batch)
        spans = [None if end is None else [{"kind": end.kind, "start": end.start, "end": end.stop}] for end in ends]
        return {
            "truncation_score": [0.0 if end is None else SCORES[end.kind] for end in ends],
            "truncation_kind": [None if end is None else end.kind for end in ends],
            "truncation_spans": [None if span is None else msgspec.json.encode(span).decode() for span in spans],
        }

    def rules(self) -> tuple[Rule, ...]:
        """Drops what surely lacks its end, when that is asked for."""
        if self.max_score is None:
            return ()
        most = Bound(
            name="truncated",
            number="truncation_score",
            side="maximum",
            threshold=self.max_score,
            label="signs that the end is missing",
            unit="for a missing end",
            is_share=True,
            reason="a score of {value} for a missing end, above the maximum of {threshold}",
        )
        return (most,)


plugin = Truncation
