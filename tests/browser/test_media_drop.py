"""Pictures that are dropped or chosen in the browser become a project, and one of them is labelled."""

from pathlib import Path

import pytest
from browser_lab import VAULT, NewContext, Served
from PIL import Image
from playwright.sync_api import expect

from goldsmith import Client

pytestmark = pytest.mark.browser


def _picture(path: Path, colour: str) -> Path:
    Image.new("RGB", (64, 48), colour).save(path)
    return path


def test_chosen_pictures_become_a_project_that_is_labelled(
    served: Served, new_context: NewContext, tmp_path: Path
) -> None:
    red, blue = _picture(tmp_path / "red.png", "red"), _picture(tmp_path / "blue.png", "blue")
    broken = tmp_path / "broken.png"
    _ = broken.write_bytes(red.read_bytes()[:60])
    page = new_context().new_page()
    page.goto(served.link)
    page.get_by_role("link", name="New project").first.click()
    page.locator("input[type=file]").set_input_files([red, blue, broken])
    expect(page.get_by_label("The files are shown as")).to_have_value("image")
    expect(page.get_by_role("listitem").filter(has_text="red.png").locator("img")).to_have_js_property(
        "naturalWidth", 64
    )
    page.get_by_label("Name of the project").fill("Colours")
    page.get_by_label("What do you ask?").fill("Which colour is it?")
    page.get_by_label("Entry 1", exact=True).fill("Red")
    page.get_by_label("Entry 2", exact=True).fill("Blue")
    page.get_by_role("button", name="Create the project and import").click()
    report = page.get_by_role("region", name="What was imported")
    expect(report.locator("dl > div").filter(has_text="Accepted").get_by_role("definition")).to_have_text("2")
    expect(report.get_by_role("row").filter(has_text="broken.png")).to_be_visible()

    page.get_by_role("link", name="Label", exact=True).first.click()
    expect(page.get_by_role("button", name="Red")).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("save-state")).to_have_text("saved ✓")

    page.get_by_role("link", name="Items", exact=True).click()
    green = _picture(tmp_path / "green.png", "green")
    page.locator("input[type=file]").set_input_files([red, green])
    brought = page.get_by_role("region", name="What was imported")
    expect(brought.get_by_role("row").filter(has_text="red.png").get_by_role("cell")).to_have_text(
        ["red.png", "0", "1", "0", "0"]
    )
    expect(brought.get_by_role("row").filter(has_text="green.png").get_by_role("cell")).to_have_text(
        ["green.png", "1", "0", "0", "0"]
    )
    with Client(served.url, served.token()) as client:
        project = client.vault(VAULT).project("colours")
        items = [project.item(item.id) for item in project.items()]
        assert sorted(item.payload["image"]["name"] for item in items) == ["blue.png", "green.png", "red.png"]
        assert [one.answers for item in items for one in item.annotations] == [{"which_colour_is_it": "Red"}]
