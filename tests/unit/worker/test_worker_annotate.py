"""What model annotators hand over: one annotator for each name, whatever number of questions it answers."""

from pathlib import Path

import pytest

from goldsmith.errors import InputError
from goldsmith.models.model import ModelItem
from goldsmith.worker.computing.annotate import Answered, run
from goldsmith.worker.frames import read_frames, write_frames


class Silence:
    def report(self, done: int, total: int | None, message: str) -> None:
        pass


def items() -> list[ModelItem]:
    """Texts of two moods and two lengths; people answered the mood of the first ten, the length of the last ten."""
    found = []
    for i in range(30):
        mood, size = ("good", "bad")[i % 2], ("short", "long")[i // 2 % 2]
        answers = {"mood": mood} if i < 10 else {"size": size} if i >= 20 else {}
        found.append(ModelItem(f"item-{i:02}", {"text": f"a {mood} and {size} day " * 3}, answers))
    return found


def annotated(tmp_path: Path, models: list[dict]) -> dict:
    path = tmp_path / "items.frames"
    write_frames(path, items())
    return run({"models": models, "items": str(path), "folder": str(tmp_path)}, Silence())


def classifier(question: str) -> dict:
    return {"text-classifier": {"question": question, "text_field": "text", "min_answered": 4}}


def test_a_classifier_for_two_questions_is_one_annotator_with_both_answers(tmp_path):
    (both,) = annotated(tmp_path, [classifier("mood"), classifier("size")])["models"]
    (mood,) = annotated(tmp_path, [classifier("mood")])["models"]
    answers = {one.item_id: one.answers for one in read_frames(Path(both["path"]), Answered)}
    assert both["n"] == len(answers)
    asked = {name for given in answers.values() for name in given}
    assert asked == {"mood", "size"}
    assert max(len(given) for given in answers.values()) == 2
    alone = {one.item_id: one.answers["mood"] for one in read_frames(Path(mood["path"]), Answered)}
    assert {key: given["mood"] for key, given in answers.items() if "mood" in given} == alone
    assert list(answers) == sorted(answers)
    assert both["version"].startswith(mood["version"] + "+")


@pytest.mark.parametrize(
    ("models", "words"),
    [
        ([{"nobody": {}}], "no model annotator 'nobody'"),
        ([{"text-classifer": {}}], "did you mean 'text-classifier'?"),
        ([{}], "one name with its parameters"),
        ([classifier("mood") | {"other": {}}], "one name with its parameters"),
        ([{"text-classifier": {"question": 3, "text_field": "text"}}], "question"),
        ([{"text-classifier": {"question": "mood", "surprise": 1}}], "surprise"),
    ],
)
def test_a_model_that_cannot_be_is_refused_by_name(tmp_path, models, words):
    with pytest.raises(InputError) as caught:
        annotated(tmp_path, models)
    assert words in str(caught.value)
