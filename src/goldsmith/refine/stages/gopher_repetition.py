"""Gopher repetition: drops texts that repeat their lines, paragraphs and word sequences."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar
from unicodedata import unidata_version

from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.rules import Bound, Rule
from goldsmith.refine.statistics.tokenisers import Tokeniser, check_tokeniser, libraries_of

_TOP_LENGTHS = (2, 3, 4)
_REPEATED_LENGTHS = (5, 6, 7, 8, 9, 10)
_PIECES = {
    "max_repeated_paragraphs": ("repeated_paragraphs", "its paragraphs repeat"),
    "max_repeated_paragraph_characters": (
        "repeated_paragraph_characters",
        "its characters stand in paragraphs that repeat",
    ),
    "max_repeated_lines": ("repeated_lines", "its lines repeat"),
    "max_repeated_line_characters": ("repeated_line_characters", "its characters stand in lines that repeat"),
}


class GopherRepetition(DocumentStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Measures how much of a text repeats earlier lines, paragraphs and word sequences, and drops what is above limits.

    `null` lifts a limit. All shares are of the code points of the text, except those of lines and of paragraphs.

    Attributes:
        tokens: what counts as a word: `split` cuts at white space; `words` follows Unicode's word boundaries, with
            punctuation as tokens and each Chinese, Japanese, Thai, Lao, Burmese or Khmer letter as a word;
            `spacy` cuts as spaCy and so datatrove do (`pip install spacy`), by the rules of each text's language.
        max_repeated_paragraphs: the greatest share of paragraphs (between empty lines) that stood before.
        max_repeated_paragraph_characters: the greatest share of characters in those.
        max_repeated_lines: the greatest share of lines that stood before.
        max_repeated_line_characters: the greatest share of characters in those.
        max_top_sequences: for sequences of 2, 3 and 4 words, the length of the most frequent one times how often it
            comes, as a share; where it overlaps with itself, that can be above 1.
        max_repeated_sequences: for sequences of 5, 6, 7, 8, 9 and 10 words, the greatest share of characters in
            sequences that stood before.

    Source: Rae et al. 2021, "Scaling Language Models: Methods, Analysis & Insights from Training Gopher", table A1.
    Computed as by `GopherRepetitionFilter` of datatrove 0.10, bit by bit if the tokens are the same. Departures: every
    number is computed, without an early exit; an empty text has no shares and passes.
    """

    name: ClassVar[str] = "gopher-repetition"
    title: ClassVar[str] = "Gopher repetition"
    version: ClassVar[str] = f"1+unicode{unidata_version}"
    columns: ClassVar[Kinds] = {
        **{column: "float" for column, _ in _PIECES.values()},
        **{f"top_{length}_words": "float" for length in _TOP_LENGTHS},
        **{f"repeated_{length}_words": "float" for length in _REPEATED_LENGTHS},
    }
    thresholds: ClassVar[frozenset[str]] = frozenset({*_PIECES, "max_top_sequences", "max_repeated_sequences"})
    libraries: ClassVar[tuple[str, ...]] = ("numba", "numpy", "pyarrow")

    tokens: Tokeniser = "split"
    max_repeated_paragraphs: float | None = 0.3
    max_repeated_paragraph_characters: float | None = 0.2
    max_repeated_lines: float | None = 0.3
    max_repeated_line_characters: float | None = 0.2
    max_top_sequences: tuple[float | None, ...] = (0.20, 0.18, 0.16)
    max_repeated_sequences: tuple[float | None, ...] = (0.15, 0.14, 0.13, 0.12, 0.11, 0.10)

    def __post_init__(self) -> None:
        check_tokeniser(self.tokens)
        limits: dict[str, tuple[float | None, ...]] = {field: (getattr(self, field),) for field in _PIECES}
        limits |= {"max_top_sequences": self.max_top_sequences, "max_repeated_sequences": self.max_repeated_sequences}
        for field, given in limits.items():
            if any(limit is not None and limit < 0 for limit in given):
                raise ValueError(f"`{field}` cannot be negative")
        if len(self.max_top_sequences) != len(_TOP_LENGTHS):
            raise ValueError("`max_top_sequences` has to have 3 values: for 2, 3 and 4 words")
        if len(self.max_repeated_sequences) != len(_REPEATED_LENGTHS):
            raise ValueError("`max_repeated_sequences` has to have 6 values: for 5, 6, 7, 8, 9 and 10 words")

    def chosen_libraries(self) -> tuple[str, ...]:
        """The library of the tokeniser, if it is not one of ours."""
        return libraries_of(self.tokens)

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """Every share that a limit is about."""
        from goldsmith.refine.statistics.columns import repetition_columns  # noqa: PLC0415 - loads the compiler's library

        return repetition_columns(batch, self.tokens)

    def rules(self) -> tuple[Rule, ...]:
        """Drops above the limits that are set."""
        limits: dict[str, float | None] = {field: getattr(self, field) for field in _PIECES}
        return (
            *(_limit(*_PIECES[field], limit) for field, limit in limits.items() if limit is not None),
            *(
                _limit(f"top_{length}_words", f"its characters are its most frequent {length} words", limit)
                for length, limit in zip(_TOP_LENGTHS, self.max_top_sequences, strict=True)
                if limit is not None
            ),
            *(
                _limit(f"repeated_{length}_words", f"its characters repeat {length} words in a row", limit)
                for length, limit in zip(_REPEATED_LENGTHS, self.max_repeated_sequences, strict=True)
                if limit is not None
            ),
        )

    def spans_of(self, rule: str, text: str, columns: Mapping[str, object]) -> Iterable[tuple[int, int]]:
        """The lines, paragraphs and word sequences that stood before; of top sequences, wherever they stand."""
        from goldsmith.refine.evidence.lines import lines_of, paragraphs_of, repeated  # noqa: PLC0415 - as above
        from goldsmith.refine.evidence.words import repeated_sequences, top_sequence  # noqa: PLC0415 - as above

        del columns
        if "paragraph" in rule:
            return repeated(text, paragraphs_of(text))
        if "line" in rule:
            return repeated(text, lines_of(text))
        kind, length, _ = rule.split("-")
        return (top_sequence if kind == "top" else repeated_sequences)(text, self.tokens, int(length))


def _limit(column: str, claim: str, threshold: float) -> Bound:
    return Bound(
        name=column.replace("_", "-"),
        number=column,
        side="maximum",
        threshold=threshold,
        label=f"share: {claim.replace('its ', '')}",
        unit=f"of {claim}",
        is_share=not column.startswith("top"),
        reason=f"{{value}} of {claim}, above the maximum of {{threshold}}",
    )


plugin = GopherRepetition
