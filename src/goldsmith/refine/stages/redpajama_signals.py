"""RedPajama signals: the quality signals of RedPajama-V2 that need no model."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Literal
from unicodedata import unidata_version

import msgspec

from goldsmith.kit.columns import Batch, Kinds
from goldsmith.kit.nearest import nearest
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.rules import Bound, Rule

_COUNTS = ("ccnet_length", "ccnet_nlines", "rps_doc_num_sentences", "rps_doc_word_count")
_SHARES = (
    "rps_doc_frac_lines_end_with_ellipsis",
    "rps_doc_frac_no_alph_words",
    "rps_doc_frac_all_caps_words",
    "rps_doc_frac_unique_words",
    "rps_doc_curly_bracket",
    "rps_doc_lorem_ipsum",
    *(f"rps_doc_frac_chars_dupe_{n}grams" for n in range(5, 11)),
    "rps_lines_ending_with_terminal_punctution_mark",
    "rps_lines_start_with_bulletpoint",
    "rps_lines_uppercase_letter_fraction",
    "rps_lines_numerical_chars_fraction",
)
_OTHERS = (
    "rps_doc_mean_word_length",
    "rps_doc_symbol_to_word_ratio",
    "rps_doc_unigram_entropy",
    *(f"rps_doc_frac_chars_top_{n}gram" for n in range(2, 5)),
    "rps_lines_javascript_counts",
    "rps_lines_num_words",
)


class RedpajamaSignals(DocumentStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Gives each text the signals of RedPajama-V2 under their names there; it drops only by limits that you set.

    Words are those of the text in lower case, without ASCII's punctuation, decomposed (NFD) and cut at white space;
    `frac_no_alph_words`, `frac_all_caps_words` and `symbol_to_word_ratio` are about runs of letters and runs of other
    characters in the text as it is. Of the signals of lines it is the mean over the lines.

    Attributes:
        minimum: the least value of a signal, such as `{rps_doc_word_count: 50}`.
        maximum: the greatest value of a signal, such as `{rps_doc_frac_chars_dupe_10grams: 0.1}`.

    Source: Weber et al. 2024, "RedPajama: an Open Dataset for Training Large Language Models"; what the repository
    togethercomputer/RedPajama-Data computes for version 2, to the last decimal. Left out are signals of models
    (`ccnet_perplexity`, `rps_doc_ml_*`, `rps_doc_*_importance`) and of foreign lists (`rps_doc_stop_word_fraction`,
    `rps_doc_ldnoobw_words`, `rps_doc_ut1_blacklist`).
    """

    name: ClassVar[str] = "redpajama-signals"
    title: ClassVar[str] = "RedPajama signals"
    version: ClassVar[str] = f"1+unicode{unidata_version}"
    columns: ClassVar[Kinds] = {
        **dict.fromkeys(_COUNTS, "int"),
        **dict.fromkeys((*_SHARES, *_OTHERS), "float"),
    }
    thresholds: ClassVar[frozenset[str]] = frozenset({"minimum", "maximum"})
    libraries: ClassVar[tuple[str, ...]] = ("numba", "numpy", "pyarrow")

    minimum: Mapping[str, float] = msgspec.field(default_factory=dict[str, float])
    maximum: Mapping[str, float] = msgspec.field(default_factory=dict[str, float])

    def __post_init__(self) -> None:
        for field, limits in (("minimum", self.minimum), ("maximum", self.maximum)):
            for signal in limits:
                if signal not in self.columns:
                    raise ValueError(f"`{field}` has no signal {signal!r}; {nearest(signal, self.columns)}")

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """Every signal of each text."""
        from goldsmith.refine.statistics.redpajama import redpajama_columns  # noqa: PLC0415 - loads the compiler's library

        return redpajama_columns(batch)

    def rules(self) -> tuple[Rule, ...]:
        """Drops outside of the limits that are set."""
        return (*_bounds("minimum", self.minimum), *_bounds("maximum", self.maximum))


def _bounds(side: Literal["minimum", "maximum"], limits: Mapping[str, float]) -> Iterator[Bound]:
    beyond = "below the minimum" if side == "minimum" else "above the maximum"
    for signal, limit in limits.items():
        yield Bound(
            name=f"{side}-{signal.replace('_', '-')}",
            number=signal,
            side=side,
            threshold=limit,
            label=signal,
            unit=signal,
            is_share=signal in _SHARES,
            reason=f"{signal} is {{value}}, {beyond} of {{threshold}}",
        )


plugin = RedpajamaSignals
