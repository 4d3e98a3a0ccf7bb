"""Text edit: correct a text."""

from collections.abc import Mapping
from typing import ClassVar, cast

from goldsmith.tasks.payloads import text_in
from goldsmith.tasks.questions import Example, Question, shown
from goldsmith.tasks.texts import is_encodable, normal_lines, text_distance

MAX_LENGTH = 1_000_000


class TextEdit(Question, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="text_edit"):
    r"""A question whose answer is a field's text as it should be; one that equals the original says that it is right.

    It is in Unicode's form NFC with `\n` as line end; a text that differs from the original in nothing else is the
    original.

    Attributes:
        field: the item's field that is corrected.
        min_length: the fewest characters (code points) of the corrected text.
        max_length: the most characters.
    """

    widget: ClassVar[str] = "TextEdit"
    title: ClassVar[str] = "Correct a text"
    field_types: ClassVar[Mapping[str, tuple[str, ...]]] = {"field": ("text", "markdown", "code")}

    field: str
    min_length: int = 0
    max_length: int = MAX_LENGTH

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 1 <= self.max_length <= MAX_LENGTH:
            raise ValueError(f"`max_length` has to be 1 to {MAX_LENGTH}, not {self.max_length}")
        if not 0 <= self.min_length <= self.max_length:
            raise ValueError(f"`min_length` has to be 0 to `max_length`, {self.max_length}, not {self.min_length}")

    @classmethod
    def example(cls) -> Example:
        """A transcript with mistakes."""
        question = cls(name="corrected", label="Correct what was misheard.", field="text")
        answers = ("Their car is over there.", "There car is over their.", "There car is over there.")
        return Example(question=question, item={"text": "There car is over their."}, answers=answers)

    def fields_used(self) -> Mapping[str, str]:
        """The text that is corrected."""
        return {"field": self.field}

    def check(self, answer: object, item: Mapping[str, object]) -> str:
        """The corrected text."""
        original = text_in(item, self.field)
        if original is None:
            raise self.refuse(f"the item has no text in {self.field!r} to correct; skip it with a reason.")
        if not isinstance(answer, str) or not is_encodable(answer):
            raise self.refuse(f"{shown(answer)} is not a text.")
        text = normal_lines(answer)
        if text == normal_lines(original):
            return original
        if not self.min_length <= len(text) <= self.max_length:
            raise self.refuse(
                f"the text has {len(text)} characters; it may have {self.min_length} to {self.max_length}."
            )
        return text

    def distance(self, a: object, b: object) -> float:
        """The share of words, or of characters in short texts, by which the corrected texts differ."""
        return text_distance(cast("str", a), cast("str", b))


plugin = TextEdit
