"""Regions on images: made by keyboard alone and by mouse, undone, saved, and the same when the item is opened again."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browser_lab import VAULT, NewContext, Served
from PIL import Image
from playwright.sync_api import Page, expect

from goldsmith import Client
from goldsmith.sdk import Project

pytestmark = pytest.mark.browser
WIDTH, HEIGHT = 320, 240
LABELS = [{"value": "car", "label": "Car"}, {"value": "van", "label": "Van"}]
POINTS = [{"value": "nose", "label": "Nose"}, {"value": "tail", "label": "Tail"}]


def _question(kind: str, **more: object) -> dict[str, Any]:
    return {"type": kind, "name": kind, "label": f"Mark {kind}", "field": "photo", "labels": LABELS, **more}


KEYBOARD_MAKES: list[tuple[dict[str, Any], list[str], dict[str, Any]]] = [
    (
        _question("boxes"),
        [*["ArrowUp", "Enter"], *["Control+ArrowRight"] * 9, *["Control+ArrowDown"] * 5, "Enter"],
        {"x": 160, "y": 120, "width": 9, "height": 5, "label": "car"},
    ),
    (
        _question("polygons"),
        [*["ArrowUp", "Enter"], *["Control+ArrowRight"] * 6, "Enter", *["Control+ArrowDown"] * 4, "Enter", "c"],
        {"points": [[160, 120], [166, 120], [166, 124]], "label": "car"},
    ),
    (
        _question("masks"),
        ["r", "ArrowUp", "Enter", *["Control+ArrowRight"] * 2, *["Control+ArrowDown"] * 3, "Enter"],
        {"size": [HEIGHT, WIDTH], "counts": [38520, 3, 237, 3, 38037], "label": "car"},
    ),
    (
        _question("keypoints", points=POINTS, edges=[["nose", "tail"]]),
        ["ArrowUp", "Enter", "o", *["Control+ArrowLeft"] * 8, "Enter"],
        {"points": {"nose": [160, 120, 1], "tail": [152, 120, 2]}, "label": "car"},
    ),
]


def test_regions_of_images_by_keyboard_then_by_mouse(served: Served, new_context: NewContext, tmp_path: Path) -> None:
    with Client(served.url, served.token()) as client:
        schema = {"fields": [{"name": "photo", "type": "image"}], "questions": [made[0] for made in KEYBOARD_MAKES]}
        project = client.vault(VAULT).create_project("Photos", schema)
        assert project.import_files([_picture(tmp_path / "photo.png")]).n_accepted == 1
        page = new_context().new_page()
        page.goto(served.link)
        page.get_by_role("link", name="Photos", exact=True).click()
        page.get_by_role("heading", name="Why not finished").wait_for()
        page.keyboard.press("g")
        page.keyboard.press("l")
        for question, keys, _ in KEYBOARD_MAKES:
            _mark_by_keyboard(page, str(question["label"]), keys)
            page.keyboard.press("Space")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_test_id("save-state")).to_have_text("saved ✓")
        assert _answers(project) == {question["name"]: [region] for question, _, region in KEYBOARD_MAKES}

        page.reload()
        page.get_by_role("button", name="previous").click()
        boxes = page.get_by_role("group", name="Mark boxes")
        expect(boxes.get_by_role("listitem")).to_have_count(1)
        _draw_a_box(page)
        expect(boxes.get_by_role("listitem")).to_have_count(2)
        page.keyboard.press("Control+Enter")
        expect(page.get_by_test_id("save-state")).to_have_text("saved ✓")
        first, second = _answers(project)["boxes"]
        assert {first["label"], second["label"]} == {"car"}
        assert KEYBOARD_MAKES[0][2] in (first, second)


def _picture(path: Path) -> Path:
    Image.fromarray(np.tile(np.arange(WIDTH, dtype=np.uint8), (HEIGHT, 1))).save(path)
    return path


def _mark_by_keyboard(page: Page, label: str, keys: list[str]) -> None:
    """Make one region, undo what was done last, and do it again."""
    group = page.get_by_role("group", name=label)
    expect(page.get_by_role("application")).to_be_focused()
    for key in keys:
        page.keyboard.press(key)
    regions = group.get_by_role("list", name="Regions").get_by_role("listitem")
    expect(regions).to_have_count(1)
    before = regions.first.inner_text()
    page.keyboard.press("Control+z")
    expect(regions).not_to_have_text([before], use_inner_text=True)
    page.keyboard.press("Control+Shift+z")
    expect(regions).to_have_text([before], use_inner_text=True)


def _draw_a_box(page: Page) -> None:
    box = page.get_by_role("application").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 90, steps=4)
    page.mouse.up()


def _answers(project: Project) -> dict[str, Any]:
    """What was answered last about the only item."""
    (item,) = [json.loads(line) for line in b"".join(project.export()).splitlines()]
    answers: dict[str, Any] = item["annotations"][-1]["answers"]
    return answers
