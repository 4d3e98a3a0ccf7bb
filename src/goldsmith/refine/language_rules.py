"""Rules whose threshold depends on the language of a document."""

from collections.abc import Mapping, Sequence
from typing import Literal

from goldsmith.kit.columns import Batch
from goldsmith.refine.rules import Rule, Verdict, as_words


class LanguageBound(Rule, frozen=True, kw_only=True):
    """Drops what lies below a minimum or above a maximum of its language.

    Attributes:
        number: the column with the number that is compared.
        language: the column with the language; a document of a language without a threshold passes.
        thresholds: the number to compare with, for each language.
        side: which of the two the thresholds are.
        reason: the sentence for people; `{value}`, `{threshold}` and `{language}` stand for those.
    """

    number: str
    language: str
    thresholds: Mapping[str, float]
    side: Literal["minimum", "maximum"]
    reason: str

    def verdicts(self, batch: Batch) -> Sequence[Verdict | None]:
        """Drops the rows whose value lies outside of the limit of their language; a missing value passes."""
        values: list[float | None] = batch.column(self.number).to_pylist()
        languages: list[str | None] = batch.column(self.language).to_pylist()
        return [self._verdict(value, name) for value, name in zip(values, languages, strict=True)]

    def _verdict(self, value: float | None, language: str | None) -> Verdict | None:
        threshold = None if language is None else self.thresholds.get(language)
        if value is None or threshold is None:
            return None
        if not (value < threshold if self.side == "minimum" else value > threshold):
            return None
        reason = self.reason.format(value=as_words(value), threshold=as_words(threshold), language=language)
        evidence: dict[str, object] = {"language": language, self.number: value}
        return Verdict(action="drop", reason=reason, value=value, threshold=threshold, evidence=evidence)
