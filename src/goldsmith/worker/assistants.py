"""When the assistant of a project learns anew: a text classifier that answers as a program beside the people."""

from typing import Any

from goldsmith.labeling.model import LoadedProject, is_categorical
from goldsmith.labeling.store import annotations
from goldsmith.labeling.workbench import Workbench

MIN_ANSWERS = 10
GROWTH = 1.2
"""It learns anew when people have given a fifth more answers: each time, it may answer every item again."""


class Assistants:
    """Which assistants are due. What it knows is lost with the process; then each learns once more."""

    def __init__(self) -> None:
        self._learnt_from: dict[str, int] = {}

    def models_due(self, bench: Workbench, project_id: str) -> list[dict[str, dict[str, Any]]]:
        """The models that shall answer now: none where the policy has no assistant or too little is new."""
        with bench.vault.database.read() as connection:
            project = bench.project(connection, project_id)
            if not project.policy.assistant:
                return []
            n_answers = sum(
                row["n"] for row in annotations.answer_counts(connection, project_id) if row["kind"] == "person"
            )
        if n_answers < max(MIN_ANSWERS, GROWTH * self._learnt_from.get(project_id, 0)):
            return []
        self._learnt_from[project_id] = n_answers
        return models_for(project)


def models_for(project: LoadedProject) -> list[dict[str, dict[str, Any]]]:
    """A text classifier for each question with classes, reading the first field."""
    text_field = project.schema.fields[0].name
    return [
        {"text-classifier": {"question": question.name, "text_field": text_field, "min_answered": MIN_ANSWERS}}
        for question in project.schema.questions
        if is_categorical(question)
    ]
