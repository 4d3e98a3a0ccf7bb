"""The verdicts that browser and server share. `python -m tests.cases.answers` writes `answers.json` anew."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from goldsmith.errors import AnswerError
from goldsmith.tasks.questions import Question
from goldsmith.tasks.schemas import Schema, check_answers, example_schema, parse_schema, question_types, schema_json
from goldsmith.tasks.types.rubric import Rubric
from tests.cases.annotation_groups import GROUPS, Annotations
from tests.cases.answer_groups import COMPARED, PLAIN, Group
from tests.cases.region_groups import IMAGES, OTHERS, TEXTS

FILE = Path(__file__).parent / "answers.json"
ALL = (*PLAIN, *COMPARED, *TEXTS, *IMAGES, *OTHERS)


def cases() -> dict[str, list[dict[str, Any]]]:
    """Every answer and every annotation with its verdict.

    An answer has its `question` and the `item` it is about; `is_answered` says whether it says anything, `ok` whether
    it fits, `normal` is its normal form, `score` that of a rubric. `only_server` marks what a browser need not tell.
    """
    return {
        "answers": [
            _answer(group, answer, is_good=is_good)
            for group in ALL
            for is_good, answers in ((True, group.good), (False, group.bad))
            for answer in answers
        ],
        "annotations": [
            _annotation(group, answers, is_good=is_good)
            for group in GROUPS
            for is_good, listed in ((True, group.good), (False, group.bad))
            for answers in listed
        ],
    }


def text() -> bytes:
    """The content of the file: a case a line."""
    parts = [
        b'"%b": [\n%b\n]' % (name.encode(), b",\n".join(msgspec.json.encode(case) for case in listed))
        for name, listed in cases().items()
    ]
    return b"{\n%b\n}\n" % b",\n".join(parts)


def _answer(group: Group, answer: object, *, is_good: bool) -> dict[str, Any]:
    question, item = _question(group)
    case: dict[str, Any] = {
        "type": group.type,
        "question": schema_json(Schema(fields=(), questions=(question,)))["questions"][0],
        "item": item,
        "answer": answer,
        "is_answered": answer is not None and question.is_answered(answer),
    }
    if group.only_server:
        case["only_server"] = True
    try:
        normal = question.check(answer, item)
    except AnswerError:
        normal = None
    if (normal is not None) != is_good:
        raise ValueError(f"{group.type}: {answer!r} is listed as {'good' if is_good else 'bad'}, and it is not")
    case["ok"] = is_good
    if is_good:
        case["normal"] = normal
    if is_good and isinstance(question, Rubric):
        case["score"] = question.score(normal, item)
    return case


def _annotation(group: Annotations, answers: object, *, is_good: bool) -> dict[str, Any]:
    schema = parse_schema(group.schema)
    case: dict[str, Any] = {"schema": schema_json(schema), "item": group.item, "answers": answers}
    try:
        normal = check_answers(schema, answers, group.item)
    except AnswerError:
        normal = None
    if (normal is not None) != is_good:
        raise ValueError(f"{answers!r} is listed as {'good' if is_good else 'bad'}, and it is not")
    return {**case, "ok": True, "normal": normal} if is_good else {**case, "ok": False}


def _question(group: Group) -> tuple[Question, Mapping[str, object]]:
    kind = question_types()[group.type]
    example = kind.example()
    raw = {**schema_json(example_schema(example))["questions"][-1], **group.question}
    return msgspec.convert({key: value for key, value in raw.items() if value is not None}, kind), {
        **example.item,
        **group.item,
    }


if __name__ == "__main__":
    FILE.write_bytes(text())
