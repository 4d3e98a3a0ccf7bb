"""Boilerplate lines: menus, notices, buttons and teasers that stand around a text are taken out."""

from collections.abc import Mapping, Sequence
from typing import ClassVar
from unicodedata import unidata_version

from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.rules import Bound, Rule
from goldsmith.refine.structure.kinds import BOILERPLATE, Boilerplate


def _column(kind: str) -> str:
    return f"boilerplate_{kind.replace('-', '_')}"


class BoilerplateLines(DocumentStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Takes out lines that are no part of a text, in fourteen languages; what went is recorded and can be put back.

    A line is known by its phrases: by a notice anywhere in it, by what it begins with, or because it is made of nothing
    but such phrases. Words that texts have as well, such as *Home* or *Share*, only count in the company of others.
    Copyright lines count at the foot of a text, tags and categories at its head and foot. Prose is left alone: a line
    of more than 80 words is never taken.

    The languages are English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian, Turkish, Arabic,
    Chinese, Japanese and Korean; texts in others lose what is in one of these.

    Attributes:
        kinds: what is taken out.
        max_share: the greatest share of its characters, in [0, 1], that a text may have in such lines; a text with more
            is dropped. `null` lifts the limit.
    """

    name: ClassVar[str] = "boilerplate-lines"
    title: ClassVar[str] = "Boilerplate lines"
    version: ClassVar[str] = f"1+unicode{unidata_version}"
    columns: ClassVar[Kinds] = {
        "text": "text",
        **{_column(kind): "int" for kind in BOILERPLATE},
        "boilerplate_share": "float",
        "boilerplate_spans": "text",
    }
    changes: ClassVar[Mapping[str, str]] = {
        "boilerplate_cookies": "lines about cookies",
        "boilerplate_sharing": "lines that ask to share or follow",
        "boilerplate_newsletter": "lines about newsletters",
        "boilerplate_sign_in": "lines about signing in",
        "boilerplate_paywall": "lines that bar the way to the rest",
        "boilerplate_comments": "lines of a box of comments",
        "boilerplate_advertising": "lines about advertising",
        "boilerplate_read_more": "links to the rest of a text",
        "boilerplate_related": "lines that lead to other articles",
        "boilerplate_copyright": "copyright lines",
        "boilerplate_labels": "tags and categories",
        "boilerplate_navigation": "lines of menus",
    }
    spans: ClassVar[frozenset[str]] = frozenset({"boilerplate_spans"})
    thresholds: ClassVar[frozenset[str]] = frozenset({"max_share"})
    libraries: ClassVar[tuple[str, ...]] = ("numba", "numpy", "pyarrow")

    kinds: tuple[Boilerplate, ...] = BOILERPLATE
    max_share: float | None = None

    def __post_init__(self) -> None:
        if self.max_share is not None and not 0 <= self.max_share <= 1:
            raise ValueError("`max_share` has to lie between 0 and 1")

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """The texts without those lines, how many went of each kind, their share, and what stood where, as JSON."""
        from goldsmith.refine.structure.boilerplate import boilerplate_lines  # noqa: PLC0415 - loads the compiler

        done = boilerplate_lines(batch, self.kinds)
        return {
            "text": done.texts,
            **{_column(kind): counts for kind, counts in done.counts.items()},
            "boilerplate_share": done.shares,
            "boilerplate_spans": done.spans,
        }

    def rules(self) -> tuple[Rule, ...]:
        """Drops what is mostly boilerplate, when that is asked for."""
        if self.max_share is None:
            return ()
        most = Bound(
            name="mostly-boilerplate",
            number="boilerplate_share",
            side="maximum",
            threshold=self.max_share,
            label="characters in lines of boilerplate",
            unit="in lines of boilerplate",
            is_share=True,
            reason="{value} of its characters were in lines of boilerplate, above the maximum of {threshold}",
        )
        return (most,)


plugin = BoilerplateLines
