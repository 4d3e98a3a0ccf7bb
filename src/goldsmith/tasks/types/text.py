"""Text: write an answer."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, cast

from goldsmith.kit.nearest import nearest
from goldsmith.tasks.languages import LANGUAGES, other_language
from goldsmith.tasks.questions import Example, Question, shown
from goldsmith.tasks.texts import is_encodable, normal_text, text_distance

MAX_LENGTH = 1_000_000


class Text(Question, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="text"):
    r"""A question whose answer is a text in Unicode's form NFC, with `\n` as line end, without white space around it.

    Attributes:
        min_length: the fewest characters (code points).
        max_length: the most characters.
        multiline: whether it may have several lines.
        languages: the codes (ISO 639-1) of the languages that it may be written in; any where none is named. Only a
            text that is clearly in another one is refused.
    """

    widget: ClassVar[str] = "Text"
    title: ClassVar[str] = "Write a text"

    min_length: int = 1
    max_length: int = 10_000
    multiline: bool = False
    languages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 1 <= self.max_length <= MAX_LENGTH:
            raise ValueError(f"`max_length` has to be 1 to {MAX_LENGTH}, not {self.max_length}")
        if not 0 <= self.min_length <= self.max_length:
            raise ValueError(f"`min_length` has to be 0 to `max_length`, {self.max_length}, not {self.min_length}")
        unknown = next((code for code in self.languages if code not in LANGUAGES), None)
        if unknown is not None:
            raise ValueError(f"`languages` names {shown(unknown)}, which cannot be told; {nearest(unknown, LANGUAGES)}")
        if len(set(self.languages)) < len(self.languages):
            raise ValueError("`languages` names one twice")

    @classmethod
    def example(cls) -> Example:
        """A summary in a sentence."""
        question = cls(name="summary", label="What happened, in one sentence?", max_length=200)
        item = {"text": "After two days of rain the river left its bed and the school had to close."}
        answers = (
            "The river flooded and the school closed.",
            "The school closed because the river flooded.",
            "It rained for two days.",
        )
        return Example(question=question, item=item, answers=answers)

    def check(self, answer: object, item: Mapping[str, object]) -> str:
        """The text in its normal form."""
        del item
        if not isinstance(answer, str) or not is_encodable(answer):
            raise self.refuse(f"{shown(answer)} is not a text.")
        text = normal_text(answer)
        if not self.min_length <= len(text) <= self.max_length:
            raise self.refuse(f"the text has {len(text)} characters; write {self.min_length} to {self.max_length}.")
        if not self.multiline and "\n" in text:
            raise self.refuse(f"{shown(text)} has several lines; write it in one.")
        seen = other_language(text, self.languages) if self.languages else None
        if seen is not None:
            raise self.refuse(f"the text is written in another language ({seen}); write it in {_any(self.languages)}.")
        return text

    def is_answered(self, answer: object) -> bool:
        """Whether there is more than white space."""
        return answer is not None and not (isinstance(answer, str) and not normal_text(answer))

    def distance(self, a: object, b: object) -> float:
        """The share of words, or of characters in short texts, that has to be edited."""
        return text_distance(cast("str", a), cast("str", b))


def _any(codes: Sequence[str]) -> str:
    return codes[0] if len(codes) == 1 else f"{', '.join(codes[:-1])} or {codes[-1]}"


plugin = Text
