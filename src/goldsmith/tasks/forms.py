"""Questions that are asked together, of an item or of one region: which are asked, and whether their answers fit."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from goldsmith.errors import AnswerError
from goldsmith.kit.nearest import nearest
from goldsmith.tasks.questions import Question, shown


class ConditionFault(NamedTuple):
    """A condition that cannot work: where it stands, and why."""

    question: int
    condition: int
    reason: str


def condition_faults(questions: Sequence[Question], *, before: Sequence[Question] = ()) -> Iterator[ConditionFault]:
    """The conditions that name no earlier question, or no answer to it.

    Args:
        questions: in the order they are asked.
        before: questions that are answered before all of them.
    """
    earlier = {question.name: question for question in before}
    names = {question.name for question in questions}
    for i, question in enumerate(questions):
        for j, condition in enumerate(question.when):
            asked = earlier.get(condition.question)
            if asked is None and condition.question in names:
                reason = f"{condition.question!r} does not come before {question.name!r}; move it up"
                yield ConditionFault(i, j, reason)
            elif asked is None:
                reason = f"there is no question {shown(condition.question)}; {nearest(condition.question, earlier)}"
                yield ConditionFault(i, j, reason)
            else:
                try:
                    asked.check_condition(condition)
                except ValueError as error:
                    yield ConditionFault(i, j, str(error))
        earlier[question.name] = question


def refuse_clashes(parameter: str, questions: Sequence[Question], *, before: Sequence[Question] = ()) -> None:
    """Refuse questions of a parameter that share a name, or whose conditions cannot work.

    Raises:
        ValueError: they do; the message names the question.
    """
    seen = {question.name for question in before}
    for question in questions:
        if question.name in seen:
            raise ValueError(f"the name {question.name!r} in `{parameter}` is taken")
        seen.add(question.name)
    for fault in condition_faults(questions, before=before):
        raise ValueError(f"`{parameter}`, question {questions[fault.question].name!r}: {fault.reason}")


def checked_answers(
    questions: Sequence[Question],
    given: Mapping[str, object],
    item: Mapping[str, object],
    *,
    before: Sequence[tuple[Question, object]] = (),
    is_partial: bool = False,
) -> dict[str, object]:
    """The normal answers in the order of the questions; what is not asked, or not answered, is left out.

    Args:
        questions: in the order they are asked.
        given: what was sent, by question; every name is known.
        item: the payload of the item.
        before: earlier questions that conditions may name, with their normal answers.
        is_partial: whether required questions may be left open. A question whose condition names one that was left
            open counts as asked.

    Raises:
        AnswerError: an answer does not fit, or a required one is missing.
    """
    known = {question.name: question for question in (*(question for question, _ in before), *questions)}
    answers = {question.name: answer for question, answer in before}
    checked: dict[str, object] = {}
    for question in questions:
        when = [one for one in question.when if not is_partial or one.question in answers]
        if not all(known[one.question].meets(one, answers.get(one.question)) for one in when):
            continue
        answer = given.get(question.name)
        if question.is_answered(answer):
            checked[question.name] = answers[question.name] = question.check(answer, item)
        elif question.required and not is_partial:
            raise question.refuse("it has to be answered; answer it, or skip the item with a reason.")
    for question in questions:
        if question.name in checked:
            question.check_among(checked[question.name], answers)
    return checked


def refuse_unknown(questions: Sequence[Question], given: Mapping[str, object], what: str) -> None:
    """Refuse answers to questions that there are not.

    Raises:
        AnswerError: a name is unknown.
    """
    names = [question.name for question in questions]
    for name in given:
        if name not in names:
            raise AnswerError(f"there is no {what} {shown(name)}; {nearest(str(name), names)}")
