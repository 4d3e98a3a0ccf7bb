"""FineWeb2 quality: drops texts that are unlike good ones of their language, by the limits of that language."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar
from unicodedata import unidata_version

import msgspec

from goldsmith.kit.columns import Batch, Kinds
from goldsmith.kit.nearest import nearest
from goldsmith.refine.language_rules import LanguageBound
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.rules import Rule
from goldsmith.refine.stages.fineweb_quality import FinewebQuality
from goldsmith.refine.stages.gopher_quality import GopherQuality
from goldsmith.refine.stages.gopher_repetition import GopherRepetition
from goldsmith.refine.statistics.fineweb2_limits import COLUMNS, LIMITS, NO_TEXT, limits_by_language
from goldsmith.refine.statistics.language_limits import known_limits
from goldsmith.refine.statistics.tokenisers import Tokeniser, check_tokeniser, libraries_of


class Fineweb2Quality(DocumentStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Compares a text with what is usual in its language: repetition, line ends, word lengths and stop words.

    It needs the column `language`, so the stage `language` comes before it. All languages that it names but `sh` have
    limits; texts of other languages pass. Of several scripts of a language the one with the most letters counts.

    Chinese, Japanese, Thai, Lao, Burmese, Khmer and Tibetan put no spaces between words. No tokeniser here knows their
    words, so that limits on word lengths and word sequences do not hold for them; stop words are searched in the text.

    Attributes:
        tokens: what counts as a word: `words` follows Unicode's word boundaries, with punctuation as tokens, as the
            tokenisers that FineWeb2's limits were made with; `split` cuts at white space; `spacy` cuts as
            spaCy does (`pip install spacy`), by the rules of each text's language.
        limits: limits of your own by language, such as `{deu_Latn: {max_newlines: 0.3}}`; `null` lifts one. Under `all`
            they hold for every language. Their names: `max_repeated_lines`, `max_top_2_words` to `max_top_4_words`,
            `max_repeated_5_words` to `max_repeated_10_words`, `min_ended_lines`, `max_repeated_characters`,
            `max_newlines`, `min_words`, `max_words`, `min_mean_word_length`, `max_mean_word_length`, `max_hashes`,
            `max_ellipses`, `max_bullet_lines`, `max_ellipsis_lines`, `min_alphabetic_words`, `min_stop_words`.

    Source: Penedo et al. 2025, "FineWeb2: One Pipeline to Scale Them All, Adapting Pre-Training Data Processing to
    Every Language"; the limits of its repository, those of Gopher and FineWeb for English. Numbers are computed as by
    the filters of datatrove 0.10, bit by bit if the tokens are the same. Departures: the tokeniser; Korean stop words
    are searched in the text too; every number is computed, without an early exit; the least language scores are left
    out, since they belong to another model.
    """

    name: ClassVar[str] = "fineweb2-quality"
    title: ClassVar[str] = "FineWeb2 quality"
    version: ClassVar[str] = f"1+fineweb-2@d0defb24+unicode{unidata_version}"
    columns: ClassVar[Kinds] = COLUMNS
    thresholds: ClassVar[frozenset[str]] = frozenset({"limits"})
    libraries: ClassVar[tuple[str, ...]] = ("numba", "numpy", "pyarrow")

    tokens: Tokeniser = "words"
    limits: Mapping[str, Mapping[str, float | None]] = msgspec.field(default_factory=dict[str, dict[str, float | None]])

    def __post_init__(self) -> None:
        check_tokeniser(self.tokens)
        languages = ["all", *known_limits().languages] if self.limits else []
        for language, own in self.limits.items():
            if language not in languages:
                raise ValueError(f"`limits` has no language {language!r}; {nearest(language, languages)}")
            for name, value in own.items():
                if name not in LIMITS:
                    raise ValueError(f"`limits.{language}` has no limit {name!r}; {nearest(name, LIMITS)}")
                if value is not None and value < 0:
                    raise ValueError(f"`limits.{language}.{name}` cannot be negative")

    def chosen_libraries(self) -> tuple[str, ...]:
        """The library of the tokeniser, if it is not one of ours."""
        return libraries_of(self.tokens)

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """The language whose limits hold, and every number that a limit is about; none for other languages."""
        from goldsmith.refine.statistics.fineweb2_columns import fineweb2_columns  # noqa: PLC0415 - loads the compiler's library

        return fineweb2_columns(batch, self.tokens)

    def rules(self) -> tuple[Rule, ...]:
        """Drops texts without a line, and those outside of the limits of their language."""
        return (NO_TEXT, *(self._bound(name) for name in LIMITS))

    def spans_of(self, rule: str, text: str, columns: Mapping[str, object]) -> Iterable[tuple[int, int]]:
        """The lines, words and symbols that the filters of Gopher and FineWeb show for the same rule."""
        match rule:
            case "unfinished-lines":
                return FinewebQuality(tokens=self.tokens).spans_of(rule, text, {})
            case "repeated-characters":
                return FinewebQuality(tokens=self.tokens).spans_of("repeated-lines", text, {})
            case "long-words":
                longest = self._bound("max_mean_word_length").thresholds.get(str(columns["fineweb2_language"]))
                return GopherQuality(tokens=self.tokens, max_mean_word_length=longest).spans_of(rule, text, {})
            case _ if rule.startswith(("repeated-", "top-")):
                return GopherRepetition(tokens=self.tokens).spans_of(rule, text, {})
            case _:
                return GopherQuality(tokens=self.tokens).spans_of(rule, text, {})

    def _bound(self, name: str) -> LanguageBound:
        limit = LIMITS[name]
        chosen: dict[str, float | None] = {**limits_by_language(name)}
        if name in self.limits.get("all", {}):
            chosen = dict.fromkeys(chosen, self.limits["all"][name])
        chosen |= {language: own[name] for language, own in self.limits.items() if name in own and language != "all"}
        return LanguageBound(
            name=limit.rule,
            number=limit.column,
            language="fineweb2_language",
            thresholds={language: value for language, value in chosen.items() if value is not None},
            side=limit.side,
            reason=limit.reason,
        )


plugin = Fineweb2Quality
