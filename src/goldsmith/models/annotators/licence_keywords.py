"""Licence keywords: recognises licence texts by phrases, and copyright holders by their lines."""

from collections.abc import Iterable, Iterator

from goldsmith.models.copyright_holders import copyright_holders, holder_tables
from goldsmith.models.licence_texts import recognised, text_tables
from goldsmith.models.model import ModelAnnotator, ModelItem, Prediction


class LicenceKeywords(ModelAnnotator, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="licence-keywords"):
    """Answers with the licence whose phrases occur in the text, and marks the names in its copyright lines.

    It abstains where a text reads like a licence but has the phrases of none it knows, and where a short notice names
    two licences.

    Attributes:
        question: the choice question to answer.
        holder_question: the spans question to answer; without one no names are marked.
        holder_label: the label of a marked name.
        text_field: the item's field with the text.
    """

    question: str = "licence"
    holder_question: str | None = None
    holder_label: str = "holder"
    text_field: str = "text"

    def knowledge(self) -> object:
        """The phrases of the licences and the patterns of copyright lines."""
        return [text_tables(), holder_tables()]

    def predict(self, items: Iterable[ModelItem]) -> Iterator[Prediction | None]:
        """For each item in order, its licence and its copyright holders, or None."""
        return map(self._predicted, items)

    def _predicted(self, item: ModelItem) -> Prediction | None:
        text = item.payload.get(self.text_field)
        found = recognised(text) if isinstance(text, str) else None
        if found is None or not isinstance(text, str):
            return None
        answers: dict[str, object] = {self.question: found.family}
        if self.holder_question is not None:
            answers[self.holder_question] = [
                {"start": holder.start, "end": holder.end, "label": self.holder_label}
                for holder in copyright_holders(text)
            ]
        return Prediction(answers, found.evidence)


plugin = LicenceKeywords
