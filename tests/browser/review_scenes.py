"""Two answers to a question of each type that differ, and one schema and item that ask them all."""

from collections.abc import Mapping
from typing import Any

from picture_media import HEIGHT, WIDTH
from picture_scenes import SCENES

# Each pair: what one annotator answers, and what another one does.
PAIRS: dict[str, tuple[Any, Any]] = {
    "choice": ("good", "mixed"),
    "choices": (["price"], ["price", "quality"]),
    "taxonomy": ([["kitchen", "kettle"]], [["garden", "hose"]]),
    "rating": (2, 6),
    "number": (2, 3),
    "date": ("2024-02-29", "2024-03-01"),
    "text": ("A quick and quiet kettle.", "A quick and hot, but quiet kettle."),
    "text_edit": ("Their car is over there, behind the house.", "There car is over there, behind the house."),
    "spans": (
        [{"start": 0, "end": 12, "label": "person"}, {"start": 17, "end": 32, "label": "person"}],
        [
            {"start": 0, "end": 12, "label": "person"},
            {"start": 17, "end": 32, "label": "person"},
            {"start": 36, "end": 42, "label": "place"},
        ],
    ),
    "relations": (
        [],
        [
            {
                "from": {"start": 0, "end": 12, "label": "person"},
                "to": {"start": 17, "end": 32, "label": "person"},
                "label": "met",
            }
        ],
    ),
    "ranking": ([["1"], ["2"], ["3"]], [["2"], ["1", "3"]]),
    "best_worst": ({"best": "1", "worst": "3"}, {"best": "2", "worst": "3"}),
    "comparison": (
        {"preferred": "a", "strength": 2, "acceptable": {"a": True, "b": True}, "first": "a"},
        {"preferred": "b", "strength": 1, "acceptable": {"a": True, "b": False}, "first": "a"},
    ),
    "messages": (
        [{"message": 1, "answers": {"helpful": 4}}, {"message": 3, "answers": {"helpful": 2}}],
        [{"message": 1, "answers": {"helpful": 4}}, {"message": 3, "answers": {"helpful": 5}}],
    ),
    "rubric": ({"safe": 1, "whole": 2, "sources": None}, {"safe": 1, "whole": 3, "sources": 0}),
    "rubric_authoring": (
        [
            {"text": "Names the cause", "weight": 1, "kind": "credit"},
            {"text": "Is short", "weight": 1, "kind": "credit"},
        ],
        [
            {"text": "Names the cause", "weight": 1, "kind": "credit"},
            {"text": "Is kind", "weight": 2, "kind": "credit"},
        ],
    ),
    "steps": ([1, -1, 0], [1, -1, -1]),
    "boxes": (
        [{"x": 296, "y": 252, "width": 208, "height": 152, "label": "car"}],
        [
            {"x": 296, "y": 252, "width": 208, "height": 152, "label": "car"},
            {"x": 736, "y": 262, "width": 188, "height": 152, "label": "van"},
        ],
    ),
    "polygons": (
        [{"points": [[560, 320], [560, 200], [640, 130], [720, 200], [720, 320]], "label": "house"}],
        [{"points": [[560, 320], [560, 200], [640, 130], [720, 320]], "label": "house"}],
    ),
    "masks": (
        [{"size": [HEIGHT, WIDTH], "counts": [144_300, 90, HEIGHT * WIDTH - 144_390], "label": "car"}],
        [{"size": [HEIGHT, WIDTH], "counts": [144_300, 120, 360, 120, HEIGHT * WIDTH - 144_900], "label": "car"}],
    ),
    "keypoints": (
        [{"points": {"head": [150, 190, 2], "hip": [150, 310, 2]}, "label": "adult"}],
        [{"points": {"head": [150, 190, 2], "hip": [150, 310, 1]}, "label": "child"}],
    ),
    "audio_regions": (
        [{"start_ms": 600, "end_ms": 3_100, "label": "agent", "text": "Good morning"}],
        [
            {"start_ms": 600, "end_ms": 3_100, "label": "agent", "text": "Good evening"},
            {"start_ms": 3_900, "end_ms": 5_600, "label": "caller", "text": "Hello"},
        ],
    ),
    "document_regions": (
        [{"page": 1, "start": 0, "end": 8, "label": "party"}],
        [
            {"page": 1, "start": 0, "end": 8, "label": "party"},
            {"page": 1, "x": 60, "y": 60, "width": 100, "height": 30, "label": "price"},
        ],
    ),
    "table_cells": (
        [{"row": 0, "column": "price", "label": "wrong"}],
        [{"row": 0, "column": "price", "label": "missing"}],
    ),
}


def schema_of_all() -> dict[str, Any]:
    """One schema that asks a question of each type, named as its type; fields have their type's name before theirs."""
    fields = {_place(kind, name): type_ for kind, scene in SCENES.items() for name, type_ in scene.fields.items()}
    questions = [_question(kind, scene.question) for kind, scene in SCENES.items()]
    return {"fields": [{"name": name, "type": type_} for name, type_ in fields.items()], "questions": questions}


def item_of_all(files: Mapping[str, Any]) -> dict[str, Any]:
    """The item that `schema_of_all` asks about."""
    return {
        _place(kind, name): files.get(value, value) if isinstance(value, str) else value
        for kind, scene in SCENES.items()
        for name, value in scene.payload.items()
    }


def _question(kind: str, question: Mapping[str, Any]) -> dict[str, Any]:
    places = {part: _place(kind, question[part]) for part in ("field", "a", "b") if part in question}
    spans = {"spans": "spans"} if "spans" in question else {}
    return {"type": kind, "name": kind, **question, **places, **spans}


def _place(kind: str, field: str) -> str:
    """Scenes share their fields; only the text that is corrected is another one than the text with people."""
    return "wrong_text" if kind == "text_edit" else field
