"""Messages: ask the same about every message of a conversation."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

from goldsmith.errors import AnswerError
from goldsmith.tasks.forms import checked_answers, refuse_clashes, refuse_unknown
from goldsmith.tasks.payloads import roles_of
from goldsmith.tasks.questions import Example, Option, Question, check_text, shown
from goldsmith.tasks.regions import MAX_ATTRIBUTES, Attribute, readings_of
from goldsmith.tasks.types.choice import Choice
from goldsmith.tasks.types.rating import Rating
from goldsmith.tasks.values import as_list, as_object, whole_number

MAX_ROLE_LENGTH = 50


class Messages(Question, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="messages"):
    """A question whose answer has the answers to a few questions for each message of a conversation.

    Attributes:
        field: the item's field with the conversation.
        roles: whose messages are asked about.
        ask: what is asked about each of them.
    """

    widget: ClassVar[str] = "Messages"
    title: ClassVar[str] = "Rate each message"
    field_types: ClassVar[Mapping[str, tuple[str, ...]]] = {"field": ("chat",)}

    field: str
    ask: tuple[Attribute, ...]
    roles: tuple[str, ...] = ("assistant",)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 1 <= len(self.ask) <= MAX_ATTRIBUTES:
            raise ValueError(f"`ask` has to have 1 to {MAX_ATTRIBUTES} questions, not {len(self.ask)}")
        refuse_clashes("ask", self.ask)
        if not self.roles or len(set(self.roles)) != len(self.roles):
            raise ValueError(f"`roles` has to name one role or more, each once, not {shown(list(self.roles))}")
        for role in self.roles:
            check_text("roles", role, MAX_ROLE_LENGTH)

    @classmethod
    def example(cls) -> Example:
        """How helpful the replies of an assistant are."""
        tones = tuple(Option(value=word, label=word.title()) for word in ("friendly", "curt"))
        ask = (Rating(name="helpful", label="Helpful?"), Choice(name="tone", label="Tone?", options=tones))
        question = cls(name="replies", label="How is each reply?", field="chat", ask=ask)
        chat = [
            {"role": "user", "content": "Where is my parcel?"},
            {"role": "assistant", "content": "It is in Bonn."},
            {"role": "user", "content": "When will it come?"},
            {"role": "assistant", "content": "No idea."},
        ]
        ratings = ((5, "friendly", 1, "curt"), (4, "friendly", 2, "curt"), (3, "curt", 3, "curt"))
        answers = tuple(
            [
                {"message": 1, "answers": {"helpful": one, "tone": tone}},
                {"message": 3, "answers": {"helpful": other, "tone": other_tone}},
            ]
            for one, tone, other, other_tone in ratings
        )
        return Example(question=question, item={"chat": chat}, answers=answers)

    def fields_used(self) -> Mapping[str, str]:
        """The conversation."""
        return {"field": self.field}

    def reading(self) -> Mapping[str, object]:
        """The conversation, whose messages are asked about, and what the meaning of each answer hangs on."""
        return {**self.fields_used(), "roles": sorted(self.roles), "ask": readings_of(self.ask)}

    def check(self, answer: object, item: Mapping[str, object]) -> list[dict[str, Any]]:
        """The answers by message, in the order of the conversation."""
        roles, listed = roles_of(item, self.field), as_list(answer)
        if roles is None:
            raise self.refuse(f"the item has no conversation in {self.field!r}; skip it with a reason.")
        if listed is None:
            raise self.refuse(f'{shown(answer)} is not a list; send one {{"message": 1, "answers": {{…}}}} a message.')
        asked = [i for i, role in enumerate(roles) if role in self.roles]
        given: dict[int, Mapping[str, object]] = {}
        for entry in listed:
            parts = as_object(entry)
            answers = as_object(parts.get("answers")) if parts is not None else None
            if parts is None or answers is None or set(parts) != {"message", "answers"}:
                raise self.refuse(f'{shown(entry)} is not {{"message": 1, "answers": {{…}}}}.')
            message = whole_number(parts["message"])
            if message is None or message not in asked:
                who = " or ".join(self.roles)
                raise self.refuse(f"message {shown(parts['message'])} (counted from 0) is none of the {who}'s.")
            if message in given:
                raise self.refuse(f"message {message} is answered twice; send its answers once.")
            given[message] = answers
        return [{"message": i, "answers": self._checked(i, given.get(i, {}), item)} for i in asked]

    def distance(self, a: object, b: object) -> float:
        """The mean over the messages and questions; an answer that only one of both has counts 1."""
        first, second = _by_message(a), _by_message(b)
        found = [self._distance(first.get(i, {}), second.get(i, {})) for i in sorted(first.keys() | second.keys())]
        return sum(found) / len(found) if found else 0.0

    def _distance(self, first: Mapping[str, object], second: Mapping[str, object]) -> float:
        total = sum(
            question.distance(first[question.name], second[question.name])
            if question.name in first and question.name in second
            else float(question.name in first or question.name in second)
            for question in self.ask
        )
        return total / len(self.ask)

    def _checked(self, message: int, answers: Mapping[str, object], item: Mapping[str, object]) -> dict[str, object]:
        try:
            refuse_unknown(self.ask, answers, "question")
            return checked_answers(self.ask, answers, item)
        except AnswerError as error:
            raise self.refuse(f"message {message} (counted from 0): {error}") from None


def _by_message(answer: object) -> dict[int, Mapping[str, object]]:
    return {entry["message"]: entry["answers"] for entry in cast("Sequence[Mapping[str, Any]]", answer)}


plugin = Messages
