"""The page of items by keyboard: filter, choose, change, undo, save a view, open an item with its history."""

import numpy as np
import pytest
from browser_lab import SCHEMA, VAULT, NewContext, Served, reviews
from playwright.sync_api import expect

from goldsmith import Client

pytestmark = pytest.mark.browser


def test_items_are_filtered_chosen_changed_and_brought_back_by_key(served: Served, new_context: NewContext) -> None:
    with Client(served.url, served.token()) as client:
        project = client.vault(VAULT).create_project("Reviews", SCHEMA)
        rows = [{**row, "lang": ("de", "en")[i % 2]} for i, row in enumerate(reviews(60, np.random.default_rng(1)))]
        project.import_rows(rows, id_column="id")
    page = new_context().new_page()
    page.goto(served.link)
    expect(page.get_by_role("link", name="Reviews", exact=True)).to_be_visible()
    page.goto(f"{served.url}/v/{VAULT}/p/reviews/items")
    expect(page.get_by_text("60 items")).to_be_visible()

    page.keyboard.press("f")
    page.keyboard.type("field.lang")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("de")
    page.keyboard.press("Enter")
    expect(page.get_by_text("30 items fit")).to_be_visible()
    expect(page).to_have_url(f"{served.url}/v/{VAULT}/p/reviews/items?where=field.lang+%3D+de")

    page.get_by_role("heading", name="Items").focus()
    for key in ("j", "x", "j", "j", "Shift+X"):
        page.keyboard.press(key)
    expect(page.get_by_text("3 chosen")).to_be_visible()
    page.get_by_role("textbox", name="Value").fill("odd")
    page.keyboard.press("Enter")
    expect(page.get_by_text("3 items changed")).to_be_visible()
    page.get_by_role("heading", name="Items").focus()
    page.keyboard.press("u")
    expect(page.get_by_text("3 items are as they were.")).to_be_visible()

    page.get_by_text("Save this view").click()
    page.get_by_label("Name of the view").fill("German")
    page.keyboard.press("Enter")
    expect(page.get_by_role("option", name="German")).to_be_attached()

    page.get_by_role("heading", name="Items").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    first = page.get_by_role("heading", level=1).inner_text()
    page.keyboard.press("k")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(first)
    page.keyboard.press("Escape")
    expect(page.get_by_text("30 items fit")).to_be_visible()
