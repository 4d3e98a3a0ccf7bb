"""Polygons, masks and keypoints made and changed with the mouse alone, undone, done again, and saved."""

from collections.abc import Callable
from typing import Any

import pytest
from browser_lab import NewContext, Served
from picture_media import BODY, HOUSE, uploaded
from picture_scenes import SCENES, click, drag
from playwright.sync_api import Page, expect
from question_lab import Desk, labelling

pytestmark = pytest.mark.browser
NEAR = 4
"""How many pixels of the photo a place may be off: the photo is drawn smaller than it is."""


def test_a_polygon_is_drawn_changed_and_cut_by_mouse(served: Served, new_context: NewContext) -> None:
    def make(page: Page) -> None:
        click(page, *HOUSE, HOUSE[0])
        drag(page, HOUSE[2], (640, 90))
        page.get_by_role("button", name="Hole in the chosen one").click()
        click(page, (600, 250), (680, 250), (640, 300), (600, 250))

    answer = _made(served, new_context, "polygons", make, steps=3)
    (polygon,) = answer
    assert _are_near(polygon["points"], [*HOUSE[:2], (640, 90), *HOUSE[3:]])
    (hole,) = polygon["holes"]
    assert _are_near(hole, [(600, 250), (680, 250), (640, 300)])


def test_a_mask_is_painted_and_erased_by_mouse(served: Served, new_context: NewContext) -> None:
    pixels: list[int] = []

    def make(page: Page) -> None:
        drag(page, (330, 340), (470, 340))
        pixels.append(_n_pixels(page))
        page.get_by_role("button", name="Eraser").click()
        drag(page, (400, 320), (400, 360))
        pixels.append(_n_pixels(page))

    (mask,) = _made(served, new_context, "masks", make, steps=2)
    assert pixels[0] > pixels[1] > 0
    assert sum(mask["counts"][1::2]) == pixels[1]
    assert sum(mask["counts"]) == mask["size"][0] * mask["size"][1]


def test_keypoints_are_set_moved_and_hidden_by_mouse(served: Served, new_context: NewContext) -> None:
    def make(page: Page) -> None:
        click(page, *BODY.values())
        drag(page, BODY["hip"], (170, 330))
        page.get_by_role("button", name="Hip is hidden").click()

    (body,) = _made(served, new_context, "keypoints", make, steps=len(BODY) + 2)
    assert set(body["points"]) == set(BODY)
    for name, place in {**BODY, "hip": (170, 330)}.items():
        assert _are_near([body["points"][name][:2]], [place]), name
    assert {name for name, (_, _, seen) in body["points"].items() if seen == 1} == {"hip"}


def _made(
    served: Served, new_context: NewContext, kind: str, make: Callable[[Page], None], *, steps: int
) -> list[dict[str, Any]]:
    """What is stored once `make` has answered, all of it was undone in `steps` and done again."""
    rows = [{"id": "1", "photo": uploaded(served)["photo.png"]}]
    with labelling(served, new_context, SCENES[kind].schema(kind), rows) as desk:
        desk.page.wait_for_load_state("networkidle")
        make(desk.page)
        _undo_and_redo(desk, steps)
        desk.submit(1)
        return desk.stored("1")["answer"]


def _undo_and_redo(desk: Desk, steps: int) -> None:
    regions = desk.question("answer").get_by_role("list", name="Regions").get_by_role("listitem")
    expect(regions).to_have_count(1)
    before = regions.first.inner_text()
    undo = desk.page.get_by_role("button", name="undo", exact=True)
    for _ in range(steps):
        undo.click()
    expect(regions).to_have_count(0)
    desk.press(*["Control+Shift+z"] * steps)
    expect(regions).to_have_text([before], use_inner_text=True)


def _n_pixels(page: Page) -> int:
    shown = page.locator('[data-question="answer"]').get_by_text("pixels").first.inner_text()
    return int("".join(letter for letter in shown if letter.isdigit()))


def _are_near(points: list[list[float]], wanted: list[tuple[float, float]]) -> bool:
    """Whether these are the places, wherever a ring of them is said to begin."""
    return len(points) == len(wanted) and all(
        any(abs(x - a) <= NEAR and abs(y - b) <= NEAR for x, y, *_ in points) for a, b in wanted
    )
