"""The picture that the documentation shows of each question type, which has to show what the app shows today.

`make pictures` draws them again: this test with DRAW_PICTURES=1. Without it each scene is played all the same, and what
can be read on the screen is compared with what could be read when the picture was drawn, which the picture keeps.
"""

import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from browser_lab import VAULT, NewContext, Served
from picture_media import uploaded
from picture_scenes import SCENES, Scene
from PIL import Image
from playwright.sync_api import FloatRect, Page, expect

from goldsmith import Client
from goldsmith.sdk.vaults import Vault
from goldsmith.trust.authorize import Role

pytestmark = pytest.mark.browser
FOLDER = Path(__file__).parents[2] / "docs" / "images" / "questions"
VIEWPORT = {"width": 1440, "height": 640}
MOST_BYTES = 40_000
DESCRIPTION = 0x010E  # the EXIF tag of what an image shows
MARGIN = 16


def test_the_picture_of_each_question_type_shows_what_the_app_shows(served: Served, new_context: NewContext) -> None:
    with Client(served.url, served.token()) as client:
        vault = client.vault(VAULT)
        files = uploaded(served)
        page = new_context(viewport=VIEWPORT, color_scheme="light", reduced_motion="reduce", locale="en-GB").new_page()
        page.goto(vault.add_person("Ana", Role.ANNOTATOR).sign_in_link)
        page.wait_for_url(lambda address: "sign-in" not in address)
        stale: list[str] = []
        for kind, scene in SCENES.items():
            slug = _create_project(vault, kind, scene, files)
            page.goto(f"{served.url}/v/{VAULT}/p/{slug}/label")
            _play(page, scene)
            words, path = _words(page), FOLDER / f"{kind}.webp"
            if os.environ.get("DRAW_PICTURES") == "1":
                _draw(page, path, words)
            stale += [] if _words_of(path) == words else [kind]

    assert stale == [], "`make pictures` draws the pictures of these types as they are now; then look at them"


def _create_project(vault: Vault, kind: str, scene: Scene, files: dict[str, dict[str, Any]]) -> str:
    """A project of one item; its part of the address."""
    words = kind.split("_")
    project = vault.create_project(" ".join(["Picture", *words]), scene.schema(kind))
    row = {name: files.get(value, value) if isinstance(value, str) else value for name, value in scene.payload.items()}
    assert project.import_rows([{"id": "1", **row}], id_column="id").n_accepted == 1
    return "-".join(["picture", *words])


def _play(page: Page, scene: Scene) -> None:
    """Answer the question of a scene."""
    expect(page.locator("[data-question]").first).to_be_visible()
    page.wait_for_load_state("networkidle")  # images, waves and pages come after the questions
    scene.answer(page)
    expect(page.locator('[data-question="answer"] h2 .good')).to_have_count(1)


def _words(page: Page) -> list[str]:
    """The lines on the screen, whatever side or place chance gave them."""
    shown = [one.inner_text() for one in page.locator(".body .item section, [data-question]").all()]
    return sorted({line.strip() for text in shown for line in text.splitlines() if line.strip()})


def _words_of(path: Path) -> list[str]:
    """What could be read when a picture was drawn."""
    with Image.open(path) as picture:
        return json.loads(picture.getexif()[DESCRIPTION])


def _draw(page: Page, path: Path, words: list[str]) -> None:
    """Write the item and the panel, without the guideline and what is empty below them."""
    page.evaluate(
        "document.querySelectorAll('aside > :not([data-question])').forEach((one) => (one.style.display = 'none'))"
    )
    boxes = [one.bounding_box() for one in page.locator(".body .item section, [data-question]").all()]
    body = page.locator(".screen .body").bounding_box()
    assert body is not None
    end = max(box["y"] + box["height"] for box in boxes if box is not None) + MARGIN
    clip: FloatRect = {**body, "height": min(body["height"], end - body["y"])}
    exif = Image.Exif()
    exif[DESCRIPTION] = json.dumps(words)
    path.parent.mkdir(exist_ok=True)
    with Image.open(io.BytesIO(page.screenshot(clip=clip, animations="disabled", caret="hide"))) as shot:
        shot.convert("RGB").save(path, "WEBP", quality=72, method=6, exif=exif)
    assert path.stat().st_size <= MOST_BYTES, path.name
