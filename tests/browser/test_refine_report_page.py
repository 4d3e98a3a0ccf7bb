"""The report of a run in a real browser: from a reason to a document and the place in its text, also by keyboard."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, ViewportSize, expect

from goldsmith.refine import Places, load_recipe, refine

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
PHONE = ViewportSize(width=390, height=844)
RECIPE = """\
goldsmith: 1
name: shown
source: [{kind: files, paths: [in]}]
stages:
  - decode
  - repair
  - length: {min_characters: 40}
  - gopher-repetition
  - near-duplicates
"""
REASON = "gopher-repetition.repeated-lines"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a report with documents that were kept, changed, dropped for several reasons, and failed."""
    base = tmp_path_factory.mktemp("shown")
    (base / "in").mkdir()
    words = " ".join(f"word{n}" for n in range(300))
    texts = {
        "repeats": "The same line comes again and again.\n" * 30 + words,
        "other-repeats": "Another line that is there too often.\n" * 30 + words[::-1],
        "long-line": "x" * 3000,
        "one": words,
        "other": words + " and more",
        "mended": "Das ist schÃ¶n, und das auch. " * 3,
    }
    for name, text in texts.items():
        (base / f"in/{name}.txt").write_text(text, encoding="utf-8")
    (base / "in/short.txt").write_text("short")
    (base / "in/broken.txt").write_bytes(b"PK\x03\x04\0\0")
    places = Places(base=base, doc_folders=(), packages=lambda: ())
    refine(load_recipe(RECIPE, origin="shown.yaml"), base / "out", places=places)
    return (base / "out" / "report.html").as_uri()


def to_the_mark(place: Page | FrameLocator) -> None:
    place.get_by_role("link", name="Repeated lines", exact=True).click()
    rule = place.locator(f"[id='{REASON}']")
    rule.get_by_text("files/repeats.txt").click()
    mark = rule.locator("details[open] mark.r0.r1").filter(has_text="The same").first
    expect(mark).to_be_visible()
    assert mark.evaluate("mark => getComputedStyle(mark).backgroundColor") == "rgb(247, 227, 161)"
    rule.locator("details[open]").get_by_label("Repeated line characters").check()
    assert mark.evaluate("mark => getComputedStyle(mark).backgroundColor") == "rgb(247, 227, 161)"


def test_a_reason_leads_to_a_document_with_the_place_marked(browser: Browser, report: str) -> None:
    page = browser.new_page(viewport={"width": 1024, "height": 768}, reduced_motion="reduce")
    page.goto(report)
    to_the_mark(page)
    page.close()


def test_it_works_where_scripts_forms_and_origins_are_forbidden(browser: Browser, report: str, tmp_path: Path) -> None:
    (tmp_path / "app.html").write_text(f'<iframe sandbox="" src="{report}" width="900" height="700"></iframe>')
    page = browser.new_page(reduced_motion="reduce")
    page.goto((tmp_path / "app.html").as_uri())
    to_the_mark(page.frame_locator("iframe"))
    page.close()


def test_the_keyboard_opens_a_document_and_chooses_a_reason(browser: Browser, report: str) -> None:
    page = browser.new_page(viewport=PHONE, reduced_motion="reduce")
    page.goto(f"{report}#{REASON}")
    rule = page.locator(f"[id='{REASON}']")
    rule.locator("summary").filter(has_text="files/repeats.txt").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    first = rule.locator("details[open] input").first
    expect(first).to_be_focused()
    expect(first).to_be_checked()
    page.keyboard.press("ArrowDown")
    expect(rule.locator("details[open] input").nth(1)).to_be_checked()
    page.close()


def test_with_everything_open_nothing_sticks_out_and_all_can_use_it(browser: Browser, report: str) -> None:
    faults: list[str] = []
    for theme in ("light", "dark"):
        context = browser.new_context(viewport=PHONE, color_scheme=theme, bypass_csp=True, reduced_motion="reduce")
        page = context.new_page()
        page.goto(report)
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        if AXE.is_file():
            page.add_script_tag(path=AXE)
            found = page.evaluate("async () => (await axe.run(document, { resultTypes: ['violations'] })).violations")
            faults += [f"{fault['id']} {fault['nodes'][0]['html'][:200]}" for fault in found]
        context.close()
    assert faults == []
