"""The data lead decides in the browser what is reviewed, what is gold, and who sees suggestions."""

import pytest
from browser_lab import SCHEMA, VAULT, NewContext, Served
from playwright.sync_api import expect

from goldsmith import Client

pytestmark = pytest.mark.browser


def test_a_policy_with_review_gold_and_suggestions_is_saved(served: Served, new_context: NewContext) -> None:
    with Client(served.url, served.token()) as client:
        project = client.vault(VAULT).create_project("Reviews", SCHEMA, policy={"review_after": 3, "review": "all"})
        page = new_context().new_page()
        page.goto(served.link)
        expect(page.get_by_role("navigation", name="Main")).to_be_visible()
        page.goto(f"{served.url}/v/{VAULT}/p/{project.reference}/settings")
        page.get_by_label("Which items are reviewed").select_option("sample")
        page.get_by_label("Share that is reviewed").fill("0.25")
        page.get_by_label("Who reviews").select_option("everybody")
        page.get_by_label("Answers before the review").fill("")
        page.get_by_label("Share that is decided once more").fill("0.1")
        share = page.get_by_label("Share of gold among the items")
        share.fill("0.05")
        page.get_by_label("Gold items for one person, at most").fill("40")
        page.get_by_label("Show people what models answered").check()
        page.get_by_label("Share without suggestions").fill("0.3")
        page.get_by_role("button", name="Save as a new version").nth(1).click()
        expect(page.get_by_text("version 2", exact=True)).to_be_visible()

        shown = project.show()
        policy = shown.policy
        assert shown.policy_version == 2
        assert (policy.review, policy.review_share, policy.review_by, policy.review_after) == (
            "sample",
            0.25,
            "everybody",
            None,
        )
        assert (policy.adjudicate_share, policy.gold_share, policy.gold_per_annotator) == (0.1, 0.05, 40)
        assert (policy.suggestions, policy.unaided_share) == ("models", 0.3)

        share.fill("0.95")
        page.get_by_role("button", name="Save as a new version").nth(1).click()
        assert share.evaluate("one => one.validity.rangeOverflow")
        assert project.show().policy_version == 2
