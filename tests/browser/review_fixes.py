"""What a reviewer changes in the first answer of each pair of `review_scenes`, in the editor of its question."""

from collections.abc import Callable
from typing import Any

from picture_media import HEIGHT, WIDTH
from playwright.sync_api import Locator, Page
from review_scenes import PAIRS

Gesture = Callable[[Page, Locator], None]
MIDDLE = (WIDTH // 2, HEIGHT // 2)
"""Where the keyboard begins on an image."""


def _keys(*keys: str) -> Gesture:
    """Press keys; what begins with a quotation mark is typed."""

    def gesture(page: Page, _question: Locator) -> None:
        for key in keys:
            page.keyboard.type(key[1:]) if key.startswith('"') else page.keyboard.press(key)

    return gesture


def _button(name: str) -> Gesture:
    return lambda _page, question: question.get_by_role("button", name=name).click()


def _read(page: Page, _question: Locator) -> None:
    """Mark the second word of the page, once its text is there."""
    page.locator("svg .caret").wait_for(state="attached")
    _keys("Control+ArrowRight", "ArrowRight", "Shift+Control+ArrowRight", "m")(page, _question)


def _level(_page: Page, question: Locator) -> None:
    question.get_by_role("group", name="Names what is good").get_by_role("button", name="3").click()


def _both(kind: str, *more: object) -> list[object]:
    """What was there, and something more."""
    return [*PAIRS[kind][0], *more]


FIXES: dict[str, tuple[Gesture, Any]] = {
    "choice": (_keys("3"), "mixed"),
    "choices": (_keys("2"), ["price", "delivery"]),
    "taxonomy": (_keys("/", '"hose', "Enter", "Escape"), [["kitchen", "kettle"], ["garden", "hose"]]),
    "rating": (_keys("7"), 7),
    "number": (_keys("Control+a", '"5'), 5),
    "date": (_keys("Control+a", '"2024-03-02'), "2024-03-02"),
    "text": (_keys("Control+End", '" Buy it.'), "A quick and quiet kettle. Buy it."),
    "text_edit": (
        _keys("Control+End", '" It is red.'),
        "Their car is over there, behind the house. It is red.",
    ),
    "spans": (
        _keys(*["Control+ArrowRight"] * 6, "Shift+Control+ArrowRight", "2"),
        _both("spans", {"start": 36, "end": 42, "label": "place"}),
    ),
    "relations": (_keys(".", "]", "1"), PAIRS["relations"][1]),
    "ranking": (_keys("Shift+ArrowDown"), [["2"], ["1"], ["3"]]),
    "best_worst": (_keys("b", "2"), {"best": "2", "worst": "3"}),
    "comparison": (
        _button("Both as good"),
        {"preferred": "tie", "acceptable": {"a": True, "b": True}, "first": "a"},
    ),
    "messages": (
        _keys("5"),
        [{"message": 1, "answers": {"helpful": 5}}, {"message": 3, "answers": {"helpful": 2}}],
    ),
    "rubric": (_level, {"safe": 1, "whole": 3, "sources": None}),
    "rubric_authoring": (
        _keys("Control+End", '" first'),
        [{"text": "Names the cause first", "weight": 1, "kind": "credit"}, PAIRS["rubric_authoring"][0][1]],
    ),
    "steps": (_keys("1"), [-1, -1, 0]),
    "boxes": (
        _keys("ArrowUp", "Enter", *["Control+ArrowRight"] * 9, *["Control+ArrowDown"] * 5, "Enter"),
        _both("boxes", {"x": MIDDLE[0], "y": MIDDLE[1], "width": 9, "height": 5, "label": "car"}),
    ),
    "polygons": (
        _keys(
            "ArrowUp", "Enter", *["Control+ArrowRight"] * 6, "Enter", *["Control+ArrowDown"] * 4, "Enter", "c",
        ),
        [
            {"points": [[480, 240], [486, 240], [486, 244]], "label": "house"},
            {"points": [[560, 200], [640, 130], [720, 200], [720, 320], [560, 320]], "label": "house"},
        ],
    ),
    "masks": (
        _keys("r", "ArrowUp", "Enter", *["Control+ArrowRight"] * 2, *["Control+ArrowDown"] * 3, "Enter"),
        _both("masks", {"size": [HEIGHT, WIDTH], "counts": [230_640, 3, 477, 3, 229_677], "label": "car"}),
    ),
    "keypoints": (
        _keys("ArrowUp", "Enter"),
        _both("keypoints", {"points": {"head": [*MIDDLE, 2]}, "label": "adult"}),
    ),
    "audio_regions": (
        _keys("ArrowRight", "i", "ArrowRight", "ArrowRight", "o"),
        _both("audio_regions", {"start_ms": 1_000, "end_ms": 3_000, "label": "agent"}),
    ),
    "document_regions": (_read, _both("document_regions", {"page": 1, "start": 9, "end": 11, "label": "party"})),
    "table_cells": (_keys("ArrowDown", " "), _both("table_cells", {"row": 1, "column": "city", "label": "wrong"})),
}  # fmt: skip
