"""Every page, light and dark, at a desk and on a phone: usable by everybody, and nothing sticks out."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browser_lab import SCHEMA, VAULT, NewContext, Served, reviews, serving, truth_of, way_in, write_csv
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from goldsmith import Client

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
PHONE = ViewportSize(width=390, height=844)
THEMES = ("light", "dark")
PROJECT = f"/v/{VAULT}/p/reviews"
N_ITEMS = 120
N_ANSWERS = 24
LONG_NAME = "Rückmeldungen_der_Kundschaft_zu_Lieferung_und_Produkt_im_vierten_Quartal_aller_Filialen und noch mehr"

# What shows that a page is ready, by its address.
PAGES: dict[str, tuple[str, Callable[[Page], Locator]]] = {
    "home": ("/", lambda page: page.get_by_role("link", name="Reviews", exact=True)),
    "new": (f"/v/{VAULT}/new", lambda page: page.get_by_role("heading", name="Drop your data here")),
    "overview": (PROJECT, lambda page: page.get_by_role("heading", name="Why not finished")),
    "empty": (f"/v/{VAULT}/p/empty", lambda page: page.get_by_role("link", name="Import items")),
    "items": (f"{PROJECT}/items", lambda page: page.get_by_text(f"{N_ITEMS} items")),
    "label": (f"{PROJECT}/label", lambda page: page.get_by_text("your item 1", exact=True)),
    "quality": (f"{PROJECT}/quality", lambda page: page.get_by_role("heading", name="What more would bring")),
    "releases": (f"{PROJECT}/releases", lambda page: page.get_by_role("link", name="v1", exact=True)),
    "release": (f"{PROJECT}/releases/v1", lambda page: page.get_by_role("heading", name="Verify it yourself")),
    "jobs": (f"/v/{VAULT}/jobs", lambda page: page.get_by_role("link", name="Open release v1")),
    "people": (f"/v/{VAULT}/people", lambda page: page.get_by_role("heading", name="Invite somebody")),
    "settings": (f"{PROJECT}/settings", lambda page: page.get_by_role("heading", name="Policy")),
    "account": ("/settings", lambda page: page.get_by_role("heading", name="API tokens")),
}


@pytest.fixture(scope="module")
def filled(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Any]]:
    """A served home with answers by a person and a model, a release, an empty project, and one with a long name."""
    with serving(tmp_path_factory.mktemp("filled") / "home") as served:
        with Client(served.url, served.token()) as client:
            vault = client.vault(VAULT)
            vault.create_project(LONG_NAME, SCHEMA)
            vault.create_project("Empty", SCHEMA)
            guideline = "## What counts\n\nWhat the text **complains or is glad about**, not the stars."
            project = vault.create_project("Reviews", SCHEMA, guideline=guideline)
            project.import_rows(reviews(N_ITEMS, np.random.default_rng(1)), id_column="id")
            for _ in range(N_ANSWERS // 8):
                for lease in project.lease(8).leases:
                    project.submit(lease, {"about": truth_of(bytes(lease.payload).decode())})
            project.annotate([{"text-classifier": {"question": "about", "text_field": "review"}}])
            project.infer()
            project.release()
        yield served, way_in(browser, served)


@pytest.fixture
def new_project_file(tmp_path: Path, rng: np.random.Generator) -> Path:
    """A file for the page of a new project, so that its form and its preview show."""
    return write_csv(tmp_path / "reviews.csv", reviews(20, rng), ("id", "review"))


def _each_page(page: Page, served: Served, file: Path) -> Iterator[str]:
    for name, (path, ready) in PAGES.items():
        page.goto(served.url + path)
        expect(ready(page).first).to_be_visible()
        if name == "new":
            yield "new-empty"
            page.locator("input[type=file]").set_input_files(file)
            expect(page.get_by_label("Name of the project")).to_have_value("reviews")
        if name == "items":
            page.get_by_role("row").nth(1).click()
            chosen = page.get_by_role("complementary", name="The chosen item")
            expect(chosen.get_by_role("heading", name="Answers")).to_be_visible()
        yield name


def _in_both_themes(page: Page, name: str, folder: Path) -> Iterator[str]:
    for theme in THEMES:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.screenshot(path=folder / f"{name}-{theme}.png")
        yield theme


def _serious_faults(page: Page, place: str) -> list[str]:
    found = page.evaluate("async () => (await axe.run(document, { resultTypes: ['violations'] })).violations")
    return [
        f"{place}: {fault['id']} ({fault['impact']}) at {node['target']}: {node['failureSummary']}"
        for fault in found
        if fault["impact"] in {"serious", "critical"}
        for node in fault["nodes"]
    ]


def test_no_serious_accessibility_fault(
    filled: tuple[Served, Any], new_context: NewContext, new_project_file: Path, tmp_path: Path
) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (make web)")
    served, cookies = filled
    faults: list[str] = []
    signed_out = new_context(bypass_csp=True).new_page()
    signed_in = new_context(bypass_csp=True, storage_state=cookies).new_page()
    for page in (signed_out, signed_in):
        page.add_init_script(path=AXE)
    signed_out.goto(f"{served.url}/sign-in")
    expect(signed_out.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    for theme in _in_both_themes(signed_out, "sign-in", tmp_path):
        faults += _serious_faults(signed_out, f"sign-in, {theme}")
    for name in _each_page(signed_in, served, new_project_file):
        for theme in _in_both_themes(signed_in, name, tmp_path):
            faults += _serious_faults(signed_in, f"{name}, {theme}")
    assert faults == []


def test_every_page_fits_a_phone(
    filled: tuple[Served, Any], new_context: NewContext, new_project_file: Path, tmp_path: Path
) -> None:
    served, cookies = filled
    too_wide: dict[str, object] = {}
    signed_out = new_context(viewport=PHONE, has_touch=True).new_page()
    signed_out.goto(f"{served.url}/sign-in")
    expect(signed_out.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    for _ in _in_both_themes(signed_out, "sign-in", tmp_path):
        too_wide |= _too_wide(signed_out, "sign-in")
    page = new_context(viewport=PHONE, has_touch=True, storage_state=cookies).new_page()
    for name in _each_page(page, served, new_project_file):
        if name == "label":
            expect(page.get_by_role("button", name="submit")).to_be_in_viewport(ratio=1)
        for _ in _in_both_themes(page, name, tmp_path):
            too_wide |= _too_wide(page, name)
    assert too_wide == {}


def _too_wide(page: Page, name: str) -> dict[str, object]:
    wide = page.evaluate("document.documentElement.scrollWidth")
    return {name: wide} if wide > PHONE["width"] else {}
