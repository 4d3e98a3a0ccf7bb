"""What the journeys of question types share: a project of one schema, somebody who labels it, and what was stored."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from browser_lab import VAULT, NewContext, Served
from playwright.sync_api import Locator, Page, expect

from goldsmith import Client
from goldsmith.sdk import Project
from goldsmith.trust.authorize import Role

SLUG = "questions"
MOST_STEPS = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """Somebody at the labelling screen of a project, whose items come in the order of their import."""

    page: Page
    project: Project

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def question(self, name: str) -> Locator:
        """The panel of a question."""
        return self.page.locator(f'[data-question="{name}"]')

    def submit(self, nth: int) -> None:
        """Send the answers to this person's `nth` item, and wait for the next one, or for the end."""
        button = self.page.get_by_role("button", name="submit")
        expect(button).not_to_have_attribute("aria-disabled", "true")
        self.page.keyboard.press("Control+Enter")
        left = self.page.get_by_text(f"your item {nth + 1}", exact=True)
        expect(left.or_(self.page.get_by_role("heading", name="Nothing waits for you here"))).to_be_visible()
        expect(self.page.get_by_test_id("save-state")).to_have_text("saved ✓")

    def undo_and_redo_all(self) -> None:
        """Undo by key until no question is answered, each answer at least once, and do it all again."""
        ticks = self.page.locator("[data-question] h2 .good")
        answered = ticks.count()
        undo = self.page.get_by_role("button", name="undo", exact=True)
        steps = 0
        while undo.is_enabled():
            self.press("Control+z")
            steps += 1
            assert steps <= MOST_STEPS, "undo does not end"
        assert steps >= answered > 0
        expect(ticks).to_have_count(0)
        self.press(*["Control+Shift+z"] * steps)
        expect(ticks).to_have_count(answered)

    def resubmit(self) -> None:
        """Open the item before after a reload, and send it as it was opened; what is stored should not change."""
        self.reload()
        self.reopen()
        self.press("Control+Enter")
        expect(self.page.get_by_text("answered before")).to_have_count(0)
        expect(self.page.get_by_test_id("save-state")).to_have_text("saved ✓")

    def wait_until_kept(self) -> None:
        """Wait until what was begun is on this device."""
        expect(self.page.get_by_test_id("save-state")).to_contain_text("kept on this device")

    def reload(self) -> None:
        """Load the page anew; the item that was begun is open again."""
        self.page.reload()
        expect(self.page.get_by_test_id("labelling")).to_be_visible()

    def reopen(self) -> None:
        """Open the item before, as it was answered."""
        self.page.get_by_role("button", name="previous").click()
        expect(self.page.get_by_text("answered before")).to_be_visible()

    def stored(self, external_id: str) -> Mapping[str, Any]:
        """The newest answers to an item, as the server has them."""
        row = next(row for row in self.project.items() if row.external_id == external_id)
        annotations = self.project.item(row.id).annotations
        superseded = {one.supersedes for one in annotations}
        return next(one.answers for one in annotations if one.id not in superseded)


@contextmanager
def labelling(
    served: Served,
    new_context: NewContext,
    schema: Mapping[str, Any],
    rows: Sequence[Mapping[str, object]],
    **options: object,
) -> Generator[Desk]:
    """An annotator at the labelling screen of a new project with these rows, whose `id` is their id."""
    with Client(served.url, served.token()) as client:
        vault = client.vault(VAULT)
        project = vault.create_project("Questions", dict(schema), policy={"order": "sequence"})
        assert project.import_rows(rows, id_column="id").n_accepted == len(rows)
        page = new_context(**options).new_page()
        page.goto(vault.add_person("Ana", Role.ANNOTATOR).sign_in_link)
        page.wait_for_url(lambda address: "sign-in" not in address)
        page.goto(f"{served.url}/v/{VAULT}/p/{SLUG}/label")
        expect(page.get_by_text("your item 1", exact=True)).to_be_visible()
        yield Desk(page=page, project=project)
