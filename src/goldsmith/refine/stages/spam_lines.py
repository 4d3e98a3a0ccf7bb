"""Spam lines: salads of keywords, lists of links and repeated adverts are taken out; what is mostly spam is dropped."""

from collections.abc import Mapping, Sequence
from typing import ClassVar
from unicodedata import unidata_version

from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.rules import Bound, Rule
from goldsmith.refine.structure.kinds import SPAM, Spam


class SpamLines(DocumentStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Takes out lines that somebody put into a text for search engines; what went is recorded and can be put back.

    A salad is a line of which most is made of at least three different phrases of adult sites, gambling, or trades such
    as pills, copies and loans: at the first and last five lines of a text; elsewhere it takes five. Prose about these
    subjects has other words between them and stays. The phrases are those of sixteen languages. In texts with Chinese,
    short lines go with a number or account (WeChat, QQ, telephone) that the text advertises at least three times. Lists
    of links are rows of lines that are little but at least eight links to five hosts.

    Attributes:
        kinds: what is looked for.
        take_out: whether such lines are taken out; else they are only counted.
        max_share: the greatest share of its characters, in [0, 1], that a text may have in such lines; a text with more
            is dropped. `null` lifts the limit.
    """

    name: ClassVar[str] = "spam-lines"
    title: ClassVar[str] = "Spam lines"
    version: ClassVar[str] = f"1+unicode{unidata_version}"
    columns: ClassVar[Kinds] = {
        "text": "text",
        **{f"spam_{kind}": "int" for kind in SPAM},
        "spam_share": "float",
        "spam_spans": "text",
    }
    changes: ClassVar[Mapping[str, str]] = {
        "spam_adult": "lines of keywords of adult sites",
        "spam_gambling": "lines of keywords of gambling",
        "spam_sales": "lines of keywords of pills, copies, loans and the like",
        "spam_contacts": "lines that advertise an account or a number again",
        "spam_links": "lines of lists of links",
    }
    spans: ClassVar[frozenset[str]] = frozenset({"spam_spans"})
    thresholds: ClassVar[frozenset[str]] = frozenset({"max_share"})
    libraries: ClassVar[tuple[str, ...]] = ("numba", "numpy", "pyarrow")

    kinds: tuple[Spam, ...] = SPAM
    take_out: bool = True
    max_share: float | None = 0.5

    def __post_init__(self) -> None:
        if self.max_share is not None and not 0 <= self.max_share <= 1:
            raise ValueError("`max_share` has to lie between 0 and 1")

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """The texts without those lines, how many there were of each kind, their share, and all of them as JSON."""
        from goldsmith.refine.structure.spam import spam_lines  # noqa: PLC0415 - loads the compiler's library

        done = spam_lines(batch, self.kinds, take=self.take_out)
        return {
            "text": done.texts,
            **{f"spam_{kind}": counts for kind, counts in done.counts.items()},
            "spam_share": done.shares,
            "spam_spans": done.spans,
        }

    def rules(self) -> tuple[Rule, ...]:
        """Drops what is mostly spam."""
        if self.max_share is None:
            return ()
        most = Bound(
            name="mostly-spam",
            number="spam_share",
            side="maximum",
            threshold=self.max_share,
            label="characters in lines of spam",
            unit="in lines of spam",
            is_share=True,
            reason="{value} of its characters were in lines of spam, above the maximum of {threshold}",
        )
        return (most,)


plugin = SpamLines
