"""What is far larger than usual is still labelled: a line of a megabyte, and a picture of 200 megapixels."""

import io
import re
from pathlib import Path

import pytest
from browser_lab import VAULT, NewContext, Served
from PIL import Image
from playwright.sync_api import expect
from question_lab import labelling

from goldsmith import Client

pytestmark = pytest.mark.browser
LINE_CHARACTERS = 1_000_000
WIDTH, HEIGHT = 20_000, 10_000
LABELS = [{"value": "car", "label": "Car"}, {"value": "van", "label": "Van"}]


def test_a_line_of_a_megabyte_is_shown_and_marked(served: Served, new_context: NewContext) -> None:
    words = (f"w{number * 7919 % 99_991}" for number in range(LINE_CHARACTERS // 5))
    line = " ".join(["Ada", *words])[:LINE_CHARACTERS]
    question = {"type": "spans", "name": "names", "label": "Who?", "field": "text", "labels": LABELS}
    schema = {"fields": [{"name": "text", "type": "text"}], "questions": [question]}
    with labelling(served, new_context, schema, [{"id": "long", "text": line}]) as desk:
        expect(desk.page.get_by_role("textbox", name="text")).to_be_focused()
        desk.press("Shift+Control+ArrowRight", "1")
        expect(desk.question("names").get_by_role("listitem")).to_have_count(1)
        assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        desk.submit(1)
        assert [(one["start"], one["end"]) for one in desk.stored("long")["names"]] == [(0, 3)]


def test_a_picture_of_200_megapixels_is_shown_by_tiles_and_marked(
    served: Served, new_context: NewContext, tmp_path: Path
) -> None:
    with Client(served.url, served.token()) as client:
        question = {"type": "boxes", "name": "boxes", "label": "Mark", "field": "photo", "labels": LABELS}
        schema = {"fields": [{"name": "photo", "type": "image"}], "questions": [question]}
        project = client.vault(VAULT).create_project("Huge", schema)
        assert project.import_files([_picture(tmp_path / "huge.png")]).n_accepted == 1
        page = new_context().new_page()
        page.goto(served.link)
        expect(page.get_by_role("navigation", name="Main")).to_be_visible()
        whole: list[str] = []
        page.on("request", lambda asked: whole.append(asked.url) if re.search("/blobs/[0-9a-f]+$", asked.url) else None)
        with page.expect_response(lambda answer: "/tiles/" in answer.url and answer.ok):
            page.goto(f"{served.url}/v/{VAULT}/p/{project.reference}/label")
        stage = page.get_by_role("application")
        expect(stage).to_be_focused()
        for key in ["ArrowUp", "Enter", "ArrowRight", "ArrowDown", "Enter"]:
            page.keyboard.press(key)
        expect(page.get_by_role("list", name="Regions").get_by_role("listitem")).to_have_count(1)
        shown = Image.open(io.BytesIO(stage.screenshot())).convert("L")
        assert {40, 220} <= {grey for _, grey in shown.getcolors() or []}
        page.keyboard.press("Control+Enter")
        expect(page.get_by_test_id("save-state")).to_have_text("saved ✓")
        (item,) = project.items()
        (box,) = project.item(item.id).annotations[0].answers["boxes"]
        assert box["x"] == WIDTH // 2
        assert whole == []


def _picture(path: Path) -> Path:
    """Dark to the left of the middle, light to the right of it; a file of some hundred kilobytes."""
    picture = Image.new("L", (WIDTH, HEIGHT), 40)
    picture.paste(220, (WIDTH // 2, 0, WIDTH, HEIGHT))
    picture.save(path, compress_level=1)
    return path
