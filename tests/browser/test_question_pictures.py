"""The picture that the documentation shows of each question type, which has to show what the app shows today.

`make pictures` draws them again: this test with DRAW_PICTURES=1. Without it each scene is played all the same, and what
can be read on the screen is compared with what could be read when the picture was drawn, which the picture keeps.
"""

from typing import Any

import pytest
from browser_lab import VAULT, NewContext, Served
from picture_media import uploaded
from picture_scenes import SCENES, Scene
from pictures import IMAGES, is_current
from playwright.sync_api import Page, expect

from goldsmith import Client
from goldsmith.sdk.vaults import Vault
from goldsmith.trust.authorize import Role

pytestmark = pytest.mark.browser
VIEWPORT = {"width": 1440, "height": 640}
PARTS = ".body .item section, [data-question]"
BESIDE = "aside > :not([data-question])"


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
            path = IMAGES / "questions" / f"{kind}.webp"
            stale += [] if is_current(page, path, parts=PARTS, hidden=BESIDE) else [kind]

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
