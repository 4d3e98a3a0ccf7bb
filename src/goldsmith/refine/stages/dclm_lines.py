"""DCLM lines: leaves out lines of menus and counters, and drops what had too many of them."""

from collections.abc import Mapping, Sequence
from typing import ClassVar
from unicodedata import unidata_version

from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.rules import Bound, Rule, check_limits, with_limits
from goldsmith.refine.statistics.dclm_kinds import DclmKind

_COLUMNS: Mapping[DclmKind, str] = {
    "uppercase": "dclm_uppercase_lines",
    "numeric": "dclm_numeric_lines",
    "counter": "dclm_counter_lines",
    "short": "dclm_short_lines",
    "phrase": "dclm_phrases",
}
_NO_WORDS = Bound(
    name="no-words",
    number="dclm_words",
    side="minimum",
    threshold=1,
    label="words in the lines that stayed",
    unit="words",
    reason="no word stands in the lines that stayed",
)
_BOUNDS = {
    "max_removed_words": Bound(
        name="many-words-removed",
        number="dclm_removed_words",
        side="maximum",
        threshold=0,
        label="share of words in lines that were left out",
        unit="of the words were left out",
        is_share=True,
        reason="{value} of its words stood in lines that were left out, above the maximum of {threshold}",
    ),
}


class DclmLines(DocumentStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Leaves out lines that are no prose: mostly capitals, digits, counters such as `3 likes`, single words.

    It rewrites the text; `dclm_edits` holds all that went with its place, so that it can be shown and put back.

    Attributes:
        languages: the codes of the languages that are edited; without any, all. Texts of other languages stay as they
            are; one whose language is not known is edited. The rules were made for English: by `min_words` a line of
            Chinese is one word.
        max_uppercase: the greatest share of capitals among the code points of a line; `null` lifts it.
        leave_out_numbers: whether lines made of digits are left out.
        leave_out_counters: whether lines such as `3 likes` and `1.2k followers` are left out.
        min_words: the fewest words of a line, cut at white space; empty lines stay.
        remove_phrases: whether `items in cart`, `Read more...` at the end and `Sign-in` at the beginning of a short
            line are taken out, and the line if nothing else is in it.
        short_line: the most words of a short line.
        max_removed_words: the greatest share of words that may go; `null` lifts it.

    Source: Penedo et al. 2023, "The RefinedWeb Dataset for Falcon LLM", section G.2; Li et al. 2024, "DataComp-LM",
    whose configuration `dclm_baseline_refinedweb` and code define the rules: what stays and what is dropped is what
    that code says, in which any three characters can follow `Read more`.
    """

    name: ClassVar[str] = "dclm-lines"
    title: ClassVar[str] = "DCLM lines"
    version: ClassVar[str] = f"1+unicode{unidata_version}"
    columns: ClassVar[Kinds] = {
        "text": "text",
        **dict.fromkeys(_COLUMNS.values(), "int"),
        "dclm_words": "int",
        "dclm_removed_words": "float",
        "dclm_edits": "text",
    }
    changes: ClassVar[Mapping[str, str]] = {
        "dclm_uppercase_lines": "lines of capitals left out",
        "dclm_numeric_lines": "lines of digits left out",
        "dclm_counter_lines": "counters left out",
        "dclm_short_lines": "lines with few words left out",
        "dclm_phrases": "phrases of menus taken out",
    }
    spans: ClassVar[frozenset[str]] = frozenset({"dclm_edits"})
    thresholds: ClassVar[frozenset[str]] = frozenset(_BOUNDS)
    libraries: ClassVar[tuple[str, ...]] = ("numba", "numpy", "pyarrow")

    languages: tuple[str, ...] = ("en",)
    max_uppercase: float | None = 0.5
    leave_out_numbers: bool = True
    leave_out_counters: bool = True
    min_words: int = 2
    remove_phrases: bool = True
    short_line: int = 10
    max_removed_words: float | None = 0.05

    def __post_init__(self) -> None:
        limits = ("max_uppercase", "min_words", "short_line", "max_removed_words")
        check_limits({field: getattr(self, field) for field in limits})

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """The lines that stay, what went and why, and the share of words that went."""
        from goldsmith.refine.statistics.dclm_columns import dclm_columns  # noqa: PLC0415 - loads the compiler's library
        from goldsmith.refine.statistics.dclm_edits import DclmRules  # noqa: PLC0415 - likewise

        rules = DclmRules(
            max_uppercase=self.max_uppercase,
            numeric=self.leave_out_numbers,
            counters=self.leave_out_counters,
            min_words=self.min_words,
            phrases=self.remove_phrases,
            phrase_words=self.short_line,
        )
        return dclm_columns(batch, rules, _COLUMNS, self.languages)

    def rules(self) -> tuple[Rule, ...]:
        """Drops texts without a word left, and those that lost more words than the limit."""
        return (_NO_WORDS, *with_limits(_BOUNDS, {"max_removed_words": self.max_removed_words}))


plugin = DclmLines
