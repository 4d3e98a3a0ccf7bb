"""FineWeb quality: drops texts made of short, repeated or unfinished lines."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar
from unicodedata import unidata_version

from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.rules import Bound, Rule, check_limits, with_limits
from goldsmith.refine.statistics.tokenisers import Tokeniser, check_tokeniser, libraries_of

_NO_LINES = Bound(
    name="no-lines",
    number="fineweb_lines",
    side="minimum",
    threshold=1,
    label="lines with text",
    unit="lines with text",
    reason="it has no line with text",
)
_BOUNDS = {
    "min_ended_lines": Bound(
        name="unfinished-lines",
        number="fineweb_ended_lines",
        side="minimum",
        threshold=0,
        label="share of lines that end like a sentence",
        unit="of the lines end like a sentence",
        is_share=True,
        reason="{value} of its lines end like a sentence, below the minimum of {threshold}",
    ),
    "max_short_lines": Bound(
        name="short-lines",
        number="fineweb_short_lines",
        side="maximum",
        threshold=0,
        label="share of short lines",
        unit="of the lines are short",
        is_share=True,
        reason="{value} of its lines are short, above the maximum of {threshold}",
    ),
    "max_repeated_characters": Bound(
        name="repeated-lines",
        number="fineweb_repeated_characters",
        side="maximum",
        threshold=0,
        label="share of characters in lines that repeat",
        unit="of the characters stand in lines that repeat",
        is_share=True,
        reason="{value} of its characters stand in lines that repeat, above the maximum of {threshold}",
    ),
    "max_newlines": Bound(
        name="list-like",
        number="fineweb_newlines_per_word",
        side="maximum",
        threshold=0,
        label="newlines for each word",
        unit="newlines for each word",
        reason="{value} newlines for each word, above the maximum of {threshold}",
    ),
}
"""What each limit does, in the order in which the limits decide."""


class FinewebQuality(DocumentStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Looks at the lines that hold more than white space, and drops texts outside of the limits; `null` lifts a limit.

    Attributes:
        tokens: what counts as a word: `split` cuts at white space; `words` follows Unicode's word boundaries, with
            punctuation as tokens and each Chinese, Japanese, Thai, Lao, Burmese or Khmer letter as a word;
            `spacy` cuts as spaCy and so datatrove do (`pip install spacy`), by the rules of each text's language.
        min_ended_lines: the least share of lines whose last character ends a sentence in some script.
        max_short_lines: the greatest share of short lines.
        short_line: the most code points of a short line.
        max_repeated_characters: the greatest share of characters (newlines left out) in lines that stood before.
        max_newlines: the most newlines for each word.

    Source: Penedo et al. 2024, "The FineWeb Datasets: Decanting the Web for the Finest Text Data at Scale", section
    3.6. Computed as by `FineWebQualityFilter` of datatrove 0.10, bit by bit if the tokens are the same. Departures:
    every number is computed, without an early exit; there is no exception for texts without any finished line.
    """

    name: ClassVar[str] = "fineweb-quality"
    title: ClassVar[str] = "FineWeb quality"
    version: ClassVar[str] = f"1+unicode{unidata_version}"
    columns: ClassVar[Kinds] = {
        "fineweb_lines": "int",
        "fineweb_ended_lines": "float",
        "fineweb_short_lines": "float",
        "fineweb_repeated_characters": "float",
        "fineweb_newlines_per_word": "float",
    }
    thresholds: ClassVar[frozenset[str]] = frozenset(_BOUNDS)
    libraries: ClassVar[tuple[str, ...]] = ("numba", "numpy", "pyarrow")

    tokens: Tokeniser = "split"
    min_ended_lines: float | None = 0.12
    max_short_lines: float | None = 0.67
    short_line: int = 30
    max_repeated_characters: float | None = 0.01
    max_newlines: float | None = 0.3

    def __post_init__(self) -> None:
        check_tokeniser(self.tokens)
        check_limits(self._limits("short_line"))

    def chosen_libraries(self) -> tuple[str, ...]:
        """The library of the tokeniser, if it is not one of ours."""
        return libraries_of(self.tokens)

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """Every number that a limit is about."""
        from goldsmith.refine.statistics.columns import line_columns  # noqa: PLC0415 - loads the compiler's library

        return line_columns(batch, self.tokens, self.short_line)

    def rules(self) -> tuple[Rule, ...]:
        """Drops texts without a line, and those outside of the limits that are set."""
        return (_NO_LINES, *with_limits(_BOUNDS, self._limits()))

    def spans_of(self, rule: str, text: str, columns: Mapping[str, object]) -> Iterable[tuple[int, int]]:
        """The lines that are short, unfinished, or stood before."""
        from goldsmith.refine.evidence import lines  # noqa: PLC0415 - loads the compiler's library

        del columns
        match rule:
            case "unfinished-lines":
                return lines.unfinished_lines(text)
            case "short-lines":
                return lines.short_lines(text, self.short_line)
            case "repeated-lines":
                return lines.repeated(text, lines.filled(text, lines.lines_of(text)))
            case _:
                return ()

    def _limits(self, *others: str) -> dict[str, float | None]:
        return {field: getattr(self, field) for field in (*_BOUNDS, *others)}


plugin = FinewebQuality
