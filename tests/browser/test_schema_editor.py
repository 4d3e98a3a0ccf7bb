"""A schema is changed by clicking and as YAML, and what is open goes on under the old one."""

import re

import pytest
from browser_lab import DELIVERY, PRODUCT, SCHEMA, VAULT, NewContext, Served
from playwright.sync_api import expect

from goldsmith import Client

pytestmark = pytest.mark.browser


def test_questions_are_changed_while_somebody_labels(served: Served, new_context: NewContext) -> None:
    with Client(served.url, served.token()) as client:
        project = client.vault(VAULT).create_project("Reviews", SCHEMA)
        project.import_rows([{"id": str(i), "review": f"Review {i}"} for i in range(40)], id_column="id")
        context = new_context()
        page, labelling = context.new_page(), context.new_page()
        page.goto(served.link)
        page.get_by_role("link", name="Reviews").first.click()
        page.get_by_role("link", name="Settings", exact=True).first.click()
        settings = page.url
        labelling.goto(settings.replace("/settings", "/label"))
        expect(labelling.get_by_role("button", name=DELIVERY)).to_be_visible()

        page.get_by_role("button", name="Change the questions").click()
        page.get_by_label("Another question:").select_option("rating")
        page.get_by_role("button", name="Add question").click()
        page.keyboard.type("How sure are you?")
        preview = page.get_by_role("complementary", name="Preview")
        expect(preview.get_by_role("group", name="How sure are you?")).to_have_count(2)
        page.keyboard.press("Alt+ArrowUp")
        expect(page.locator("[data-question-form] legend").first).to_contain_text("Rate on a scale")
        page.keyboard.press("Alt+ArrowDown")
        changes = page.get_by_role("region", name="What this changes")
        expect(changes).to_contain_text("New: How sure are you?")
        expect(changes).to_contain_text("As before: What is the review about?")
        expect(changes.get_by_role("status")).to_have_text(re.compile("^0 items are asked again"))

        page.get_by_role("button", name="As YAML").click()
        text = page.get_by_label("The schema as YAML")
        sound = text.input_value()
        text.fill(sound.replace("type: rating", "type: ratin"))
        expect(page.get_by_text("$.questions[1].type")).to_be_visible()
        save = page.get_by_role("region", name="Schema", exact=True).get_by_role("button", name="Save as a new version")
        expect(save).to_be_disabled()
        text.fill(sound.replace("How sure are you?", "How certain are you?"))
        expect(changes).to_contain_text("New: How certain are you?")
        save.click()
        expect(page.get_by_role("heading", name="Schema version 2")).to_be_visible()

        labelling.keyboard.press("2")
        labelling.keyboard.press("Enter")
        expect(labelling.get_by_test_id("save-state")).to_have_text("saved ✓")
        labelling.reload()
        expect(labelling.get_by_role("heading", name="How certain are you?")).to_be_visible()
        done = [annotation for item in project.items() for annotation in project.item(item.id).annotations]
        assert [(one.schema_version, one.answers) for one in done] == [(1, {"about": PRODUCT})]
