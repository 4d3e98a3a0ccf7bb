"""What a new version of a schema means for answers made under an older one."""

from collections.abc import Mapping
from typing import Literal, NamedTuple, cast

import msgspec

from goldsmith.errors import AnswerError
from goldsmith.tasks.forms import checked_answers
from goldsmith.tasks.questions import Question
from goldsmith.tasks.schemas import Schema

Effect = Literal["new", "gone", "reworded", "changed", "remade"]
"""What happens to a question: it is new or gone; only texts and orders of it differ; whether answers still fit depends
on them; all answers to it have to be made again."""

_WORDING = frozenset({"label", "help", "examples", "low_label", "high_label", "style", "multiline", "key"})
"""Parameters that no answer depends on."""


class QuestionChange(msgspec.Struct, frozen=True, kw_only=True):
    """What happens to one question.

    Attributes:
        question: its name.
        effect: in a word.
        why: in a sentence, for who has to decide.
    """

    question: str
    effect: Effect
    why: str


class Migrated(NamedTuple):
    """An annotation under a new schema.

    Attributes:
        answers: what of it is left, in its normal form; every answer that fits, where one does not.
        question: the first question whose answer does not fit, or that lacks one; None where all is well.
        reason: why, in a sentence; empty where all is well.
    """

    answers: dict[str, object]
    question: str | None = None
    reason: str = ""


def changes_between(old: Schema, new: Schema) -> list[QuestionChange]:
    """What happens to each question, in the order of the new schema, those that are gone last."""
    before = {question.name: question for question in old.questions}
    found: list[QuestionChange] = []
    for question in new.questions:
        was = before.pop(question.name, None)
        change = _new(question) if was is None else _change(was, question)
        if change is not None:
            found.append(change)
    gone = [QuestionChange(question=name, effect="gone", why="it is asked no more") for name in before]
    return found + gone


def can_affect(changes: list[QuestionChange]) -> bool:
    """Whether any annotation can be affected; where none can, none has to be looked at."""
    return any(change.effect in {"new", "changed", "remade"} for change in changes)


def migrated(
    old: Schema, new: Schema, answers: Mapping[str, object], item: Mapping[str, object], *, is_partial: bool = False
) -> Migrated:
    """What one annotation made under an old schema says under a new one.

    Args:
        old: the schema it was made under.
        new: the schema of now.
        answers: in their normal form under the old one.
        item: the payload of its item.
        is_partial: whether it may leave required questions open, as models do.
    """
    before = {question.name: question for question in old.questions}
    kept: dict[str, object] = {}
    failed: tuple[str, str] | None = None
    for question in new.questions:
        was, answer = before.get(question.name), answers.get(question.name)
        if was is None or answer is None:
            continue
        why = _why_remade(was, question)
        if why is None:
            kept[question.name] = answer
        elif failed is None:
            failed = (question.name, why)
    while True:
        try:
            checked = checked_answers(new.questions, kept, item, is_partial=is_partial or failed is not None)
        except AnswerError as error:
            name = _failing(new, kept, item, is_partial=is_partial or failed is not None)
            failed = failed or (name, str(error))
            _ = kept.pop(name, None)
        else:
            return Migrated(checked) if failed is None else Migrated(checked, *failed)


def _failing(new: Schema, answers: Mapping[str, object], item: Mapping[str, object], *, is_partial: bool) -> str:
    """The question at which checking stops."""
    for n in range(1, len(new.questions) + 1):
        try:
            _ = checked_answers(new.questions[:n], answers, item, is_partial=is_partial)
        except AnswerError:
            return new.questions[n - 1].name
    raise AssertionError("all questions are well, and the schema is not")


def _new(question: Question) -> QuestionChange | None:
    if not question.required:
        return QuestionChange(question=question.name, effect="reworded", why="it is new, and may be left open")
    where = " where its conditions hold" if question.when else ""
    return QuestionChange(question=question.name, effect="new", why=f"it is new, and has to be answered{where}")


def _change(was: Question, now: Question) -> QuestionChange | None:
    if was == now:
        return None
    why = _why_remade(was, now)
    if why is not None:
        return QuestionChange(question=now.name, effect="remade", why=why)
    differing = sorted(name for name in now.__struct_fields__ if getattr(was, name) != getattr(now, name))
    if set(differing) <= _WORDING or all(_is_harmless(name, was, now) for name in differing):
        return QuestionChange(question=now.name, effect="reworded", why=f"{_listed(differing)} changed, no answer did")
    why = f"{_listed(differing)} changed: answers that do not fit have to be made again"
    return QuestionChange(question=now.name, effect="changed", why=why)


def _why_remade(was: Question, now: Question) -> str | None:
    """Why every answer to a question has lost its meaning; None where it has not."""
    kind, other = was.__struct_config__.tag, now.__struct_config__.tag
    if kind != other:
        return f"its type was {kind} and is {other}"
    before, after = was.reading(), now.reading()
    differing = [name for name in after.keys() | before.keys() if before.get(name) != after.get(name)]
    return f"{_listed(sorted(differing))} changed, so that its answers meant something else" if differing else None


def _is_harmless(parameter: str, was: Question, now: Question) -> bool:
    """Whether the change of a parameter can make no answer unfit: a wording, a wider choice, one demand less."""
    if parameter in _WORDING:
        return True
    if parameter == "required":
        return not now.required
    if parameter in {"options", "labels", "points"}:
        return _values(getattr(was, parameter)) <= _values(getattr(now, parameter))
    return False


def _values(options: object) -> set[tuple[str, ...]]:
    """The paths of all options, of which most are one value long."""
    found: set[tuple[str, ...]] = set()
    level: list[tuple[tuple[str, ...], object]] = [((), option) for option in cast("tuple[object, ...]", options)]
    while level:
        above, option = level.pop()
        path = (*above, str(getattr(option, "value", "")))
        found.add(path)
        level += [(path, below) for below in getattr(option, "options", ())]
    return found


def _listed(names: list[str]) -> str:
    return " and ".join(f"`{name}`" for name in names)
