"""The base of all question types, and the parts that several of them share."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from typing import ClassVar

import msgspec

from goldsmith.errors import AnswerError
from goldsmith.kit.nearest import nearest
from goldsmith.tasks.conditions import MAX_CONDITIONS, Condition

NAME_RULE = re.compile(r"[a-z][a-z0-9_]{0,63}")
MAX_OPTIONS = 1000
MAX_LABEL_LENGTH = 500
MAX_HELP_LENGTH = 10_000
MAX_EXAMPLES = 50
MAX_VALUE_LENGTH = 200
RESERVED_KEYS = frozenset("sfcg")
"""Keys that the labelling screen uses itself: skip, flag, comment, go to."""

_SHOWN_LENGTH = 60
_UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp"})  # controls, lone surrogates, line ends; joiners (Cf) are writing


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """A question with an item and answers that fit: what the laws, the documentation and the previews use.

    Attributes:
        question: a question of the type.
        item: a payload that the question can be asked about.
        answers: at least three answers that `question.check` accepts, all different once normalised.
        earlier: questions that have to be asked before it.
        earlier_answers: their answers, to which each of `answers` fits.
    """

    question: "Question"
    item: Mapping[str, object]
    answers: tuple[object, ...]
    earlier: tuple["Question", ...] = ()
    earlier_answers: Mapping[str, object] = {}


class HelpExample(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A worked example that is shown with a question's help.

    Attributes:
        text: what somebody had before them.
        answer: what the right answer was.
        note: why.
    """

    text: str
    answer: str | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("the `text` of an example is empty")
        for name in ("text", "answer", "note"):
            text: str = getattr(self, name) or ""
            if len(text) > MAX_HELP_LENGTH:
                raise ValueError(f"`{name}` has {len(text)} characters; at most {MAX_HELP_LENGTH} are shown")


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """One thing asked about every item: the base of all question types.

    A type is a subclass in its own file of `tasks/types`; its fields are its parameters. Rules about a parameter's
    value belong into `__post_init__`, as a `ValueError` that says what is wrong.

    Attributes:
        name: the key of the answer, a lower-case name.
        label: what the annotator reads.
        help: a longer explanation, in Markdown.
        required: whether an annotation without this answer is refused.
        when: what has to hold of earlier questions for this one to be asked.
        examples: worked examples, shown with the help.
    """

    widget: ClassVar[str] = ""
    """Name of the component in `web/src/widgets` that asks it."""

    title: ClassVar[str] = ""
    """What the type is called where a person picks one."""

    field_types: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """By parameter that names a field, the types of field it can be; one that is left out can be of any type."""

    asides: ClassVar[frozenset[str]] = frozenset()
    """Keys of an answer that are no judgement: they follow from the rest, or tell how it was made."""

    name: str
    label: str
    help: str | None = None
    required: bool = True
    when: tuple[Condition, ...] = ()
    examples: tuple[HelpExample, ...] = ()

    def __post_init__(self) -> None:
        check_name(self.name)
        check_text("label", self.label, MAX_LABEL_LENGTH)
        if self.help is not None and len(self.help) > MAX_HELP_LENGTH:
            raise ValueError(f"`help` has {len(self.help)} characters; at most {MAX_HELP_LENGTH} are shown")
        if len(self.when) > MAX_CONDITIONS:
            raise ValueError(f"`when` has {len(self.when)} conditions; at most {MAX_CONDITIONS} are allowed")
        if len(self.examples) > MAX_EXAMPLES:
            raise ValueError(f"`examples` has {len(self.examples)} entries; at most {MAX_EXAMPLES} are shown")

    @classmethod
    def example(cls) -> Example:
        """A question of this type with an item and answers."""
        raise NotImplementedError

    def fields_used(self) -> Mapping[str, str]:
        """The item's fields it needs: the parameter that names the field, and the field's name."""
        return {}

    def questions_used(self) -> Mapping[str, tuple[str, str]]:
        """The questions it needs before it: the parameter that names one, its name and the type it has to have."""
        return {}

    def reading(self) -> Mapping[str, object]:
        """The parameters on which the meaning of an answer hangs: where one changes, its answers say something else."""
        return {**self.fields_used(), **{name: used for name, (used, _) in self.questions_used().items()}}

    def check(self, answer: object, item: Mapping[str, object]) -> object:
        """`answer` in its one normal form.

        Args:
            answer: what was sent, of any shape.
            item: the payload of the item it answers.

        Raises:
            AnswerError: it does not fit; the message names the question, the value and the way out.
        """
        raise NotImplementedError

    def check_among(self, answer: object, answers: Mapping[str, object]) -> None:
        """Refuse a normal answer that does not fit the other answers of the annotation.

        Args:
            answer: this question's.
            answers: all normal answers by question.

        Raises:
            AnswerError: it does not fit; the message says to what.
        """
        del answer, answers

    def is_answered(self, answer: object) -> bool:
        """Whether `answer` says anything; what does not is left out, and refused where an answer is required."""
        return answer is not None

    def distance(self, a: object, b: object) -> float:
        """How different two normal answers to one item are: 0 equal, 1 as different as can be; symmetric."""
        raise NotImplementedError

    def class_of(self, answer: object) -> str | None:
        """The class a normal answer votes for, or None when the type has no classes."""
        del answer
        return None

    def classes(self) -> tuple[str, ...]:
        """The classes that answers can vote for; none where they are not known beforehand, or there are no classes."""
        return ()

    @property
    def is_categorical(self) -> bool:
        """Whether its answers are votes for classes."""
        return bool(self.classes())

    def answer_of(self, label: str) -> object:
        """The normal answer that votes for the class `label`: the inverse of `class_of`."""
        return label

    def picked(self, answer: object) -> Collection[object]:
        """The values of a normal answer that the `is` of a condition can name."""
        del answer
        return ()

    def check_condition(self, condition: Condition) -> None:
        """Refuse a condition on this question that none of its answers could meet.

        Raises:
            ValueError: it names an unknown value, or asks this type of question what it cannot tell.
        """
        if condition.is_answered is None:
            raise ValueError(f"of {self.name!r} only `is_answered` can be asked, since {self._kind()} has no values")

    def meets(self, condition: Condition, answer: object) -> bool:
        """Whether a normal answer, None for none, meets a condition on this question."""
        if condition.is_answered is not None:
            return (answer is not None) == condition.is_answered
        if answer is None:
            return False
        if condition.is_ is not None:
            return not set(condition.is_).isdisjoint(self.picked(answer))
        return condition.admits(answer)

    def refuse_bounds(self, condition: Condition) -> None:
        """Refuse a condition that asks for a number where answers are no numbers.

        Raises:
            ValueError: it has a bound.
        """
        if condition.at_least is not None or condition.at_most is not None:
            raise ValueError(f"the answer to {self.name!r} is no number; use `is` or `is_answered`")

    def refuse_unknown_values(self, condition: Condition, values: Collection[str]) -> None:
        """Refuse a condition that names a value which is none of `values`.

        Raises:
            ValueError: its `is` has another value.
        """
        for value in condition.is_ or ():
            if value not in values:
                raise ValueError(f"{shown(value)} is no answer to {self.name!r}; {nearest(str(value), values)}")

    def refuse(self, reason: str) -> AnswerError:
        """The error that says why an answer does not fit this question."""
        return AnswerError(f"question {self.name!r}: {reason}")

    def _kind(self) -> str:
        return f"a question of the type {self.__struct_config__.tag}"


class Option(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that can be picked.

    Attributes:
        value: what is stored.
        label: what the annotator reads.
        help: when to pick it.
        key: one letter or digit that picks it; without one the screen gives out keys itself.
    """

    value: str
    label: str
    help: str | None = None
    key: str | None = None

    def __post_init__(self) -> None:
        check_text("value", self.value, MAX_VALUE_LENGTH)
        check_text("label", self.label, MAX_LABEL_LENGTH)
        if self.help is not None and len(self.help) > MAX_HELP_LENGTH:
            raise ValueError(f"`help` has {len(self.help)} characters; at most {MAX_HELP_LENGTH} are shown")
        if self.key is not None and not (len(self.key) == 1 and self.key.isalnum()):
            raise ValueError(f"`key` has to be one letter or digit, not {self.key!r}")
        if self.key is not None and self.key.lower() in RESERVED_KEYS:
            raise ValueError(f"`key` {self.key!r} is used by the labelling screen; take another")


def check_name(name: str) -> None:
    """Refuse a name that could not be a key everywhere (in JSON, a column, an address).

    Raises:
        ValueError: it is not 1 to 64 lower-case letters, digits and underscores that start with a letter.
    """
    if NAME_RULE.fullmatch(name) is None:
        raise ValueError(
            f"the name {shown(name)} has to be 1 to 64 lower-case letters, digits or underscores, the first a letter"
        )


def check_text(parameter: str, text: str, max_length: int) -> None:
    """Refuse a text that a person could not read or tell from another.

    Raises:
        ValueError: it is empty, too long, begins or ends in white space, or holds control characters.
    """
    if not text:
        raise ValueError(f"`{parameter}` is empty")
    if len(text) > max_length:
        raise ValueError(f"`{parameter}` has {len(text)} characters; at most {max_length} are allowed")
    if text != text.strip():
        raise ValueError(f"`{parameter}` {shown(text)} begins or ends with white space")
    if any(unicodedata.category(character) in _UNSEEN for character in text):
        raise ValueError(f"`{parameter}` {shown(text)} contains a character that cannot be seen")


def check_options(parameter: str, options: Iterable[Option]) -> None:
    """Refuse options that cannot be told apart.

    Raises:
        ValueError: there are none or too many, or two share a value or a key.
    """
    listed = list(options)
    if not listed:
        raise ValueError(f"`{parameter}` is empty; give at least one")
    if len(listed) > MAX_OPTIONS:
        raise ValueError(f"`{parameter}` has {len(listed)} entries; at most {MAX_OPTIONS} are allowed")
    _refuse_repeats(f"value in `{parameter}`", (option.value for option in listed))
    _refuse_repeats(f"key in `{parameter}`", (option.key.lower() for option in listed if option.key is not None))


def shown(value: object) -> str:
    """`value` as it appears in a message: its literal, shortened."""
    text = repr(value)
    return text if len(text) <= _SHOWN_LENGTH else f"{text[: _SHOWN_LENGTH - 1]}…"


def _refuse_repeats(what: str, values: Iterable[str]) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise ValueError(f"the {what} {shown(value)} occurs twice")
        seen.add(value)
