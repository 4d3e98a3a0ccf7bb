"""Every page of the app, walked key by key, at every width: reached, seen, named, large enough, and never a trap."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser_lab import VAULT, NewContext, Served, serving, way_in
from pages_lab import DESKS, Filled, fill
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

pytestmark = pytest.mark.browser
WEB = Path(__file__).parents[2] / "web"
AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
WALK = Path(__file__).with_name("walk.js")
P = "/v/:vault/p/:project"
MAX_STOPS = 400
MAX_STOPS_INSIDE = 8  # a date, a player of sound and a frame have stops of their own
Ready = Callable[[Page], Locator]


def _heading(name: str) -> Ready:
    return lambda page: page.get_by_role("heading", name=name)


def _screen(name: str) -> Ready:
    return lambda page: page.get_by_test_id(name).get_by_role("group").or_(page.get_by_role("heading", level=2))


# A page of the table of routes, the project that is shown there, and what shows that it is ready.
CASES: list[tuple[str, str, Ready]] = [
    ("/", "", lambda page: page.get_by_role("link", name="Reviews", exact=True)),
    ("/settings", "", _heading("API tokens")),
    ("/v/:vault", "", lambda page: page.get_by_role("link", name="Reviews", exact=True)),
    ("/v/:vault/new", "", _heading("Drop your data here")),
    ("/v/:vault/jobs", "", lambda page: page.get_by_role("link", name="Open release v1")),
    ("/v/:vault/people", "", _heading("Invite somebody")),
    ("/v/:vault/reports", "", lambda page: page.get_by_role("link", name="web", exact=True)),
    ("/v/:vault/reports/:name", "", lambda page: page.frame_locator("iframe").get_by_role("heading")),
    (P, "reviews", _heading("Why not finished")),
    (f"{P}/items", "reviews", lambda page: page.get_by_text("40 items")),
    (f"{P}/items/:item", "reviews", _heading("Answers")),
    (f"{P}/label", "reviews", _screen("labelling")),
    *((f"{P}/label", desk, _screen("labelling")) for desk in DESKS),
    (f"{P}/audit", "reviews", lambda page: page.get_by_role("heading")),
    (f"{P}/review", "reviews", lambda page: page.get_by_test_id("reviewing").get_by_role("region")),
    (f"{P}/adjudicate", "reviews", lambda page: page.get_by_text("they differ")),
    (f"{P}/checks", "reviews", lambda page: page.get_by_role("button", name="This known answer is wrong")),
    (f"{P}/quality", "reviews", _heading("What more would bring")),
    (f"{P}/releases", "reviews", lambda page: page.get_by_role("link", name="v1", exact=True)),
    (f"{P}/releases/:version", "reviews", _heading("Verify it yourself")),
    (f"{P}/settings", "reviews", _heading("Policy")),
    (f"{P}/settings", "verdicts", lambda page: page.get_by_role("button", name="Change the questions")),
]


@pytest.fixture(scope="module")
def home(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Filled, Any]]:
    """A served home in which every page has something to show, and the owner's way in."""
    with serving(tmp_path_factory.mktemp("every") / "home") as served:
        filled = fill(served)
        yield served, filled, way_in(browser, served)


def test_every_route_has_a_case() -> None:
    routes = re.findall(r"^ {2}\['(/[^']*)', ", (WEB / "src" / "routes.ts").read_text(), re.MULTILINE)
    assert {case[0] for case in CASES} == set(routes)


def test_every_page_is_walked_by_keyboard_and_fits_every_width(
    home: tuple[Served, Filled, Any], new_context: NewContext
) -> None:
    served, filled, cookies = home
    signed_out, owner, manager = (
        _armed(new_context(bypass_csp=True, reduced_motion="reduce", **more))
        for more in ({}, {"storage_state": cookies}, {})
    )
    signed_out.goto(f"{served.url}/sign-in")
    expect(signed_out.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    faults = [f"sign in: {fault}" for fault in _faults_of(signed_out)]
    manager.goto(filled.manager_link)
    expect(manager.get_by_role("link", name="Reviews", exact=True)).to_be_visible()
    for pattern, project, ready in CASES:
        page = manager if pattern == f"{P}/adjudicate" else owner  # the owner has decided about that answer
        page.goto(served.url + _address(pattern, project, filled.item))
        expect(ready(page).first).to_be_visible()
        if (pattern, project) == (f"{P}/settings", "verdicts"):
            page.get_by_role("button", name="Change the questions").click()
            expect(page.get_by_role("complementary", name="Preview")).to_be_visible()
        faults += [f"{pattern} of {project}: {fault}" for fault in _faults_of(page)]
    assert faults == [], "\n".join(faults)


def test_the_editors_from_right_to_left(home: tuple[Served, Filled, Any], new_context: NewContext) -> None:
    served, _, cookies = home
    page = _armed(new_context(bypass_csp=True, storage_state=cookies, reduced_motion="reduce", locale="ar"))
    faults: list[str] = []
    for project in ("reviews", *DESKS):
        page.goto(f"{served.url}/v/{VAULT}/p/{project}/label")
        expect(page.locator("html[dir=rtl]").get_by_test_id("labelling")).to_be_visible()
        faults += [f"{project}: {fault}" for fault in _faults_at_widths(page)]
    assert faults == [], "\n".join(faults)


def test_what_opens_on_a_page_is_walked_too(home: tuple[Served, Filled, Any], new_context: NewContext) -> None:
    served, _, cookies = home
    page = _armed(new_context(bypass_csp=True, storage_state=cookies, reduced_motion="reduce"))
    page.goto(f"{served.url}/v/{VAULT}/p/reviews/items")
    page.get_by_role("row").nth(1).click()
    expect(
        page.get_by_role("complementary", name="The chosen item").get_by_role("heading", name="Answers")
    ).to_be_visible()
    page.locator("main details").evaluate_all("all => all.forEach(one => (one.open = true))")
    faults = [f"what is folded: {fault}" for fault in _faults_of(page)]
    page.goto(f"{served.url}/v/{VAULT}/p/reviews/items")
    menu = page.get_by_role("banner").locator("details")
    menu.locator("summary").click()
    expect(menu.get_by_role("link", name="Reviews")).to_be_visible()
    gone = ("not reached", "other stops")  # the menu closes behind who goes on, and is not there on the way back
    found = [fault for fault in _faults_of(page) if not any(words in fault for words in gone)]
    faults += [f"the menu of projects: {fault}" for fault in found]
    expect(menu).not_to_have_attribute("open", "")
    assert faults == [], "\n".join(faults)


def test_no_page_asks_for_what_an_annotator_may_not_see(
    home: tuple[Served, Filled, Any], new_context: NewContext
) -> None:
    served, filled, _ = home
    page = new_context().new_page()
    refused: list[str] = []
    page.on("response", lambda answer: refused.append(answer.url) if answer.status == 403 else None)
    page.goto(filled.annotator_link)
    expect(page.get_by_role("link", name="Reviews", exact=True)).to_be_visible()
    page.goto(f"{served.url}/v/{VAULT}/p/reviews")
    expect(page.get_by_role("heading", name="Why not finished")).to_be_visible()
    page.goto(f"{served.url}/v/{VAULT}/p/reviews/label")
    expect(page.get_by_test_id("labelling")).to_be_visible()
    assert refused == []


def test_what_an_input_method_takes_reaches_no_field(home: tuple[Served, Filled, Any], new_context: NewContext) -> None:
    served, _, cookies = home
    page = new_context(storage_state=cookies).new_page()
    page.goto(f"{served.url}/v/{VAULT}/p/texts/settings")
    page.get_by_role("button", name="Change the questions").click()
    options = page.get_by_label(re.compile(r"^Entry \d+$"))
    expect(options.last).to_be_visible()
    n = options.count()
    edited = options.nth(n - 1)
    edited.focus()
    keyboard: Any = page.context.new_cdp_session(page)
    keyboard.send("Input.imeSetComposition", {"text": "shi", "selectionStart": 3, "selectionEnd": 3})
    taken = {"type": "rawKeyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    keyboard.send("Input.dispatchKeyEvent", taken)
    keyboard.send("Input.insertText", {"text": "是"})
    keyboard.send("Input.dispatchKeyEvent", taken)  # as Safari sends it: after the composition has ended
    expect(edited).to_have_value(re.compile("是$"))
    expect(options).to_have_count(n)
    page.keyboard.press("Enter")
    expect(options).to_have_count(n + 1)


def _address(pattern: str, project: str, item: str) -> str:
    parts = {"vault": VAULT, "project": project, "item": item, "version": "v1", "name": "web"}
    return re.sub(r":(\w+)", lambda found: parts[found[1]], pattern)


def _armed(context: BrowserContext) -> Page:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (make web)")
    page = context.new_page()
    page.add_init_script(path=AXE)
    page.add_init_script(path=WALK)
    return page


def _faults_of(page: Page) -> Iterator[str]:
    """What is wrong at any width, and for whom a keyboard is all."""
    yield from _faults_at_widths(page)
    yield from _walk(page)


def _faults_at_widths(page: Page) -> Iterator[str]:
    """What is wrong at a desk and on a phone, in light and dark; at 320 pixels, and at 200 % of a small window."""
    for width, height, scheme in ((1440, 900, "light"), (390, 844, "dark")):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        yield from (f"{scheme}, {width}: {fault}" for fault in page.evaluate("walk.faults()"))
    for width, height in ((1024, 768), (640, 400), (390, 844), (320, 640)):
        page.set_viewport_size({"width": width, "height": height})
        if page.evaluate("walk.isWide()"):
            yield f"{width}: scrolls sideways"
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")


def _walk(page: Page) -> Iterator[str]:
    """Tab to the end of the page and back: all that can be reached is reached in its order, and seen."""
    n = page.evaluate("walk.begin()")
    there: list[int] = []
    yield from _press_through(page, "Tab", there)
    if there != sorted(there):
        yield f"the order of the page is not kept: {there}"
    missed = [page.evaluate("walk.name", at) for at in range(n) if at not in there]
    yield from (f"not reached: {name}" for name in missed if name is not None)
    back: list[int] = []
    for fault in _press_through(page, "Shift+Tab", back):
        if "no focus" not in fault:
            yield f"backwards: {fault}"
    if set(back) != set(there):
        yield f"backwards: other stops than forwards: {sorted(set(back) ^ set(there))}"


def _press_through(page: Page, key: str, stops: list[int]) -> Iterator[str]:
    n_same = 0
    for _ in range(MAX_STOPS):
        page.keyboard.press(key)
        here = page.evaluate("walk.here()")
        if here["at"] < 0 and here["faults"] == []:
            if stops:
                return
            continue  # from the first stop backwards the way leads over the page itself
        if len(stops) > 1 and here["at"] == stops[0] != stops[-1]:  # the browser goes round
            return
        if stops and stops[-1] == here["at"]:
            n_same += 1
            if n_same > MAX_STOPS_INSIDE:
                yield f"a trap at {page.evaluate('walk.name', here['at'])}"
                return
            continue
        n_same = 0
        yield from here["faults"]
        stops.append(here["at"])
    yield "the walk has no end"
