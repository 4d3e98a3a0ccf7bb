"""Who comes back to a project whose guideline has changed is told so, and sees by key what has changed."""

import pytest
from browser_lab import DELIVERY, SCHEMA, VAULT, NewContext, Served
from playwright.sync_api import Page, expect

from goldsmith import Client
from goldsmith.trust.authorize import Role

pytestmark = pytest.mark.browser
BEFORE = "## What counts\n\nWhat the text is about, not the stars."
AFTER = "## What counts\n\nWhat the first sentence is about, not the stars."


def answer(page: Page) -> None:
    """Answer the open item with one key and send it."""
    expect(page.get_by_test_id("labelling").get_by_role("button", name=DELIVERY)).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("save-state")).to_have_text("saved ✓")


def test_a_changed_guideline_is_told_once_with_what_changed(served: Served, new_context: NewContext) -> None:
    with Client(served.url, served.token()) as client:
        vault = client.vault(VAULT)
        project = vault.create_project("News", SCHEMA, guideline=BEFORE)
        project.import_rows([{"id": f"r{i}", "review": f"It came late, {i}."} for i in range(4)], id_column="id")
        page = new_context().new_page()
        page.goto(vault.add_person("Ana", Role.ANNOTATOR).sign_in_link)
        expect(page.get_by_role("navigation", name="Main")).to_be_visible()
        page.goto(f"{served.url}/v/{VAULT}/p/{project.reference}/label")
        answer(page)
        expect(page.get_by_test_id("guideline-news")).to_have_count(0)
        project.set_guideline(AFTER)

        device = new_context(storage_state=page.context.storage_state()).new_page()
        page.close()
        device.goto(f"{served.url}/v/{VAULT}/p/{project.reference}/label")
        news = device.get_by_test_id("guideline-news")
        expect(news).to_contain_text("The guideline has changed since you last answered here (version 1, now 2).")
        device.keyboard.press("F2")
        expect(news.locator("del")).to_contain_text("text")
        expect(news.locator("ins")).to_contain_text("first sentence")
        device.keyboard.press("F2")
        expect(news.locator("ins")).to_have_count(0)
        news.get_by_role("button", name="I have read it").click()
        expect(news).to_have_count(0)
        answer(device)
        device.reload()
        expect(device.get_by_test_id("labelling").get_by_role("button", name=DELIVERY)).to_be_visible()
        expect(device.get_by_text("What the first sentence is about")).to_be_visible()
        expect(news).to_have_count(0)
