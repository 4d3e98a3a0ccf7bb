"""C4 quality: keeps the lines of a text that are sentences, and drops what has too few of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar
from unicodedata import unidata_version

from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.rules import Bound, Rule, check_limits, with_limits
from goldsmith.refine.statistics.line_rules import LineRules, Reason

_COLUMNS: Mapping[Reason, str] = {
    "long-word": "c4_long_word_lines",
    "unfinished": "c4_unfinished_lines",
    "short": "c4_short_lines",
    "javascript": "c4_javascript_lines",
    "policy": "c4_policy_lines",
}
_BOUNDS = {
    "max_placeholder_lines": Bound(
        name="placeholder-text",
        number="c4_placeholder_lines",
        side="maximum",
        threshold=0,
        label="lines with \u201clorem ipsum\u201d",
        unit="lines with \u201clorem ipsum\u201d",
        reason="{value} lines with \u201clorem ipsum\u201d, above the maximum of {threshold}",
    ),
    "max_curly_lines": Bound(
        name="curly-brackets",
        number="c4_curly_lines",
        side="maximum",
        threshold=0,
        label="lines with an opening curly bracket",
        unit="lines with an opening curly bracket",
        reason="{value} lines with an opening curly bracket, above the maximum of {threshold}",
    ),
    "min_sentences": Bound(
        name="few-sentences",
        number="c4_sentences",
        side="minimum",
        threshold=0,
        label="sentences in the lines that stayed",
        unit="sentences",
        reason="{value} sentences in the lines that stayed, below the minimum of {threshold}",
    ),
}
"""What each limit does, in the order in which the limits decide."""

_PHRASES = {"placeholder-text": "lorem ipsum", "curly-brackets": "{"}
"""What shows why a rule stops a text."""


class C4Quality(DocumentStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Leaves out lines that are no sentences, and drops texts with too few sentences left; `null` lifts a limit.

    It rewrites the text: lines lose the white space at their ends, empty lines and citations such as `[1]` go.

    Attributes:
        min_words_in_line: the fewest words of a line, cut at white space.
        max_word_length: the most code points of a word; a line with a longer one is left out.
        only_finished_lines: whether a line has to end in one of `. ? ! " '`, and not in three stops. FineWeb says no.
        remove_citations: whether `[1]`, `[edit]` and `[citation needed]` are taken out.
        leave_out_javascript: whether lines that mention JavaScript are left out.
        leave_out_policies: whether lines about terms of use, privacy and cookies are left out.
        max_placeholder_lines: the most lines with "lorem ipsum".
        max_curly_lines: the most lines with an opening curly bracket.
        min_sentences: the fewest sentences in the lines that stay.

    Source: Raffel et al. 2020, "Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer",
    section 2.2. Lines stay as by `C4QualityFilter` of datatrove 0.10. Departures: sentences are counted by their marks
    (a full stop before white space that follows no single letter, `!`, `?`, `…`, and the marks of Chinese, Japanese,
    Arabic and Hindi) instead of by a trained model; the list of bad words, which datatrove keeps apart, is not used.
    """

    name: ClassVar[str] = "c4-quality"
    title: ClassVar[str] = "C4 quality"
    version: ClassVar[str] = f"1+unicode{unidata_version}"
    columns: ClassVar[Kinds] = {
        "text": "text",
        **dict.fromkeys(_COLUMNS.values(), "int"),
        "c4_citations": "int",
        "c4_placeholder_lines": "int",
        "c4_curly_lines": "int",
        "c4_sentences": "int",
    }
    changes: ClassVar[Mapping[str, str]] = {
        "c4_long_word_lines": "lines with a very long word left out",
        "c4_unfinished_lines": "lines that do not end like a sentence left out",
        "c4_short_lines": "lines with few words left out",
        "c4_javascript_lines": "lines about JavaScript left out",
        "c4_policy_lines": "lines about terms and cookies left out",
        "c4_citations": "citations taken out",
    }
    thresholds: ClassVar[frozenset[str]] = frozenset(_BOUNDS)
    libraries: ClassVar[tuple[str, ...]] = ("numba", "numpy", "pyarrow")

    min_words_in_line: int = 3
    max_word_length: int = 1000
    only_finished_lines: bool = True
    remove_citations: bool = True
    leave_out_javascript: bool = True
    leave_out_policies: bool = True
    max_placeholder_lines: int | None = 0
    max_curly_lines: int | None = 0
    min_sentences: int | None = 5

    def __post_init__(self) -> None:
        check_limits(self._limits("min_words_in_line", "max_word_length"))

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """The lines that stay, how many were left out for which reason, and what the limits are about."""
        from goldsmith.refine.statistics.columns import c4_columns  # noqa: PLC0415 - loads the compiler's library

        rules = LineRules(
            min_words=self.min_words_in_line,
            max_word_length=self.max_word_length,
            only_finished=self.only_finished_lines,
            citations=self.remove_citations,
            javascript=self.leave_out_javascript,
            policies=self.leave_out_policies,
        )
        return c4_columns(batch, rules, _COLUMNS)

    def rules(self) -> tuple[Rule, ...]:
        """Drops outside of the limits that are set."""
        return with_limits(_BOUNDS, self._limits())

    def spans_of(self, rule: str, text: str, columns: Mapping[str, object]) -> Iterable[tuple[int, int]]:
        """The lines that stayed with a phrase or a bracket; lines that were left out have no place in the text."""
        from goldsmith.refine.evidence.lines import lines_with  # noqa: PLC0415 - loads the compiler's library

        del columns
        phrase = _PHRASES.get(rule)
        return () if phrase is None else lines_with(text, phrase)

    def _limits(self, *others: str) -> dict[str, float | None]:
        return {field: getattr(self, field) for field in (*_BOUNDS, *others)}


plugin = C4Quality
