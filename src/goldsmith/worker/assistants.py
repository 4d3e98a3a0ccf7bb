"""When the assistant of a project learns anew: a text classifier that answers as a program beside the people."""

from typing import Any, NamedTuple

from goldsmith.labeling.model import LoadedProject
from goldsmith.labeling.store import answer_lists
from goldsmith.labeling.workbench import Workbench
from goldsmith.tasks.types.choice import Choice

MIN_ANSWERS = 10
GROWTH = 1.2
"""It learns anew when people have given a fifth more answers: each time, it may answer every item again."""


class Lesson(NamedTuple):
    """What an assistant shall learn now: the models that answer then, and how many answers they learn from."""

    models: list[dict[str, dict[str, Any]]]
    n_answers: int


class Assistants:
    """Which assistants are due. What it knows is lost with the process; then each learns once more."""

    def __init__(self) -> None:
        self._learnt_from: dict[str, int] = {}

    def lesson(self, bench: Workbench, project_id: str) -> Lesson | None:
        """What shall be learnt now; None where the policy has no assistant or too little is new."""
        with bench.vault.database.read() as connection:
            project = bench.project(connection, project_id)
            if not project.policy.assistant:
                return None
            n_answers = sum(
                row["n"] for row in answer_lists.answer_counts(connection, project_id) if row["kind"] == "person"
            )
        if n_answers < max(MIN_ANSWERS, GROWTH * self._learnt_from.get(project_id, 0)):
            return None
        return Lesson(models_for(project), n_answers)

    def learnt(self, project_id: str, lesson: Lesson) -> None:
        """Remember a lesson whose answers are stored; one that was broken off is given again."""
        self._learnt_from[project_id] = lesson.n_answers


def models_for(project: LoadedProject) -> list[dict[str, dict[str, Any]]]:
    """A text classifier for each choice, reading the first field."""
    text_field = project.schema.fields[0].name
    return [
        {"text-classifier": {"question": question.name, "text_field": text_field, "min_answered": MIN_ANSWERS}}
        for question in project.schema.questions
        if isinstance(question, Choice)
    ]
