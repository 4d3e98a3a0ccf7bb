"""Whole annotations of schemas with conditions and questions that depend on each other."""

from dataclasses import dataclass
from typing import Any

Json = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotations:
    """Annotations of one item under one schema: those that fit, in whatever form they are sent, and others."""

    schema: dict[str, Json]
    item: dict[str, Json]
    good: list[Json]
    bad: list[Json]


def options(*values: str) -> list[dict[str, str]]:
    return [{"value": value, "label": value.title()} for value in values]


FAULTS: dict[str, Json] = {
    "fields": [{"name": "text", "type": "text"}],
    "questions": [
        {
            "type": "choices",
            "name": "faults",
            "label": "Faults?",
            "required": False,
            "options": options("facts", "tone"),
        },
        {"type": "rating", "name": "severity", "label": "How bad?", "when": [{"question": "faults", "is": ["facts"]}]},
        {"type": "text", "name": "reason", "label": "Why?", "when": [{"question": "severity", "at_least": 4}]},
        {
            "type": "text",
            "name": "praise",
            "label": "What is good?",
            "required": False,
            "when": [{"question": "faults", "is_answered": False}],
        },
        {
            "type": "choice",
            "name": "mild",
            "label": "Could it stay?",
            "options": options("yes", "no"),
            "when": [{"question": "severity", "at_least": 2, "at_most": 3}, {"question": "faults", "is": ["tone"]}],
        },
    ],
}
TREE: dict[str, Json] = {
    "fields": [{"name": "text", "type": "text"}],
    "questions": [
        {
            "type": "taxonomy",
            "name": "topic",
            "label": "Topic?",
            "options": [
                {"value": "animal", "label": "Animal", "options": options("dog", "cat")},
                {"value": "plant", "label": "Plant", "options": options("rose")},
            ],
        },
        {"type": "number", "name": "legs", "label": "Legs?", "when": [{"question": "topic", "is": ["animal"]}]},
        {"type": "text", "name": "name", "label": "Name?", "when": [{"question": "legs", "is": [4, 2]}]},
        {
            "type": "choice",
            "name": "breed",
            "label": "Breed?",
            "required": False,
            "options": options("husky", "poodle"),
            "when": [{"question": "topic", "is": ["dog"]}, {"question": "name", "is_answered": True}],
        },
    ],
}
RELATED: dict[str, Json] = {
    "fields": [{"name": "text", "type": "text"}],
    "questions": [
        {
            "type": "spans",
            "name": "names",
            "label": "Names?",
            "required": False,
            "field": "text",
            "labels": options("a", "b"),
        },
        {
            "type": "relations",
            "name": "ties",
            "label": "Ties?",
            "spans": "names",
            "labels": options("knows"),
            "when": [{"question": "names", "is_answered": True}],
        },
    ],
}
PREFERRED: dict[str, Json] = {
    "fields": [{"name": "one", "type": "markdown"}, {"name": "two", "type": "markdown"}],
    "questions": [
        {"type": "comparison", "name": "better", "label": "Better?", "a": "one", "b": "two"},
        {"type": "text", "name": "why", "label": "Why?", "when": [{"question": "better", "is": ["both_bad", "tie"]}]},
    ],
}
A, B = {"start": 0, "end": 3, "label": "a"}, {"start": 4, "end": 7, "label": "b"}

GROUPS = [
    Annotations(
        schema=FAULTS,
        item={"text": "The moon is a planet."},
        good=[
            {},
            {"praise": " short "},
            {"praise": "", "faults": None},
            {"faults": [], "praise": "dropped"},
            {"faults": ["tone"], "severity": 99, "reason": ["dropped"]},
            {"faults": ["tone", "facts"], "severity": 3, "mild": "yes", "reason": "dropped"},
            {"faults": ["facts"], "severity": 3},
            {"faults": ["facts"], "severity": 5, "reason": "It is none."},
        ],
        bad=[
            None,
            [],
            "x",
            {"faults": ["facts"]},
            {"faults": ["facts"], "severity": 4},
            {"faults": ["facts"], "severity": 4, "reason": "  "},
            {"faults": ["facts", "tone"], "severity": 2},
            {"faults": ["facts"], "severity": 6},
            {"severety": 4},
        ],
    ),
    Annotations(
        schema=TREE,
        item={"text": "Rex"},
        good=[
            {"topic": [["plant", "rose"]], "legs": 4},
            {"topic": [["animal", "dog"]], "legs": 3},
            {"topic": [["animal", "dog"]], "legs": 4.0, "name": "Rex", "breed": "husky"},
            {"topic": [["animal", "cat"]], "legs": 4, "name": "Tom", "breed": "husky"},
        ],
        bad=[
            {},
            {"topic": []},
            {"topic": [["animal", "dog"]]},
            {"topic": [["animal", "dog"]], "legs": 2},
            {"topic": [["animal", "dog"]], "legs": 4, "name": "Rex", "breed": "beagle"},
        ],
    ),
    Annotations(
        schema=RELATED,
        item={"text": "Ada Bob"},
        good=[
            {},
            {"ties": [{"from": A, "to": B, "label": "knows"}]},
            {"names": [], "ties": []},
            {"names": [B, A], "ties": [{"from": B, "to": A, "label": "knows"}]},
        ],
        bad=[
            {"names": [A]},
            {"names": [A], "ties": [{"from": A, "to": B, "label": "knows"}]},
            {"names": [], "ties": [{"from": A, "to": B, "label": "knows"}]},
            {"names": [A, {**B, "label": "a"}], "ties": [{"from": A, "to": B, "label": "knows"}]},
        ],
    ),
    Annotations(
        schema=PREFERRED,
        item={"one": "Yes.", "two": "No."},
        good=[
            {"better": {"preferred": "a", "first": "b"}, "why": "dropped"},
            {"better": {"preferred": "tie"}, "why": "Both are right."},
        ],
        bad=[{}, {"better": {"preferred": "tie"}}, {"better": {"preferred": "both_bad"}, "why": ""}],
    ),
]
