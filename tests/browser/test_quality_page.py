"""How good a project's labels are, in a real browser: real answers measured by the real inference, reviewed by key."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import numpy as np
import pytest
import quality_lab as lab
from browser_lab import (
    DELIVERY,
    PRODUCT,
    SCHEMA,
    VAULT,
    NewContext,
    Served,
    reviews,
    serving,
    truth_of,
    way_in,
    write_csv,
)
from playwright.sync_api import Browser, Page, Response, Route, ViewportSize, expect

from goldsmith import Client
from goldsmith.labeling.quality_wire import AuditOut, Quality, ReliabilityOut
from goldsmith.trust.authorize import Role

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
PHONE = ViewportSize(width=390, height=844)
PROJECT = f"/v/{VAULT}/p/reviews"
PATH = f"{PROJECT}/quality"
N_ITEMS = 60
N_AUDITED = 20
SHARES_RIGHT = {"Ada": 0.97, "Bo": 0.9, "Cy": 0.8, "Di": 0.5}
LONG_CLASSES = [f"Rückmeldungen zu Lieferung und Produkt aus Filiale {i} und allen anderen" for i in range(20)]


def _within(share: float, low: float, high: float) -> str:
    """A share with its interval, as the page writes it."""
    return f"{share:.1%} ({100 * low:.1f}\N{EN DASH}{high:.1%})"


def _client_of(served: Served, owner: Client, name: str, role: Role) -> Client:
    """A person with this role, as a program of theirs calls the server."""
    link = owner.vault(VAULT).add_person(name, role).sign_in_link
    with httpx.Client(base_url=served.url, headers={"Origin": served.url}) as browser:
        assert browser.post("/api/sign-in/link", json={"token": link.partition("#")[2]}).status_code == 200
        new = {"name": "test", "vault": VAULT, "role": role.value, "expires_in_days": 1}
        return Client(served.url, browser.post("/api/tokens", json=new).json()["token"])


def _answer(served: Served, owner: Client) -> None:
    """Everybody answers everything, as carefully as they are; an expert audits some of it."""
    rng = np.random.default_rng(2)
    for name, share in SHARES_RIGHT.items():
        with _client_of(served, owner, name, Role.ANNOTATOR) as client:
            project = client.vault(VAULT).project("reviews")
            while leases := project.lease(10).leases:
                for lease in leases:
                    right = truth_of(bytes(lease.payload).decode())
                    wrong = PRODUCT if right == DELIVERY else DELIVERY
                    project.submit(lease, {"about": right if rng.random() < share else wrong}, active_ms=2_500)
    project = owner.vault(VAULT).project("reviews")
    project.draw_audit(N_AUDITED, seed=1)
    while leases := project.lease(10, is_audit=True).leases:
        for lease in leases:
            project.submit(lease, {"about": truth_of(bytes(lease.payload).decode())}, is_audit=True)


@pytest.fixture(scope="module")
def measured(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Any]]:
    """A served home with a project that four people of different care have answered."""
    with serving(tmp_path_factory.mktemp("measured") / "home") as served:
        with Client(served.url, served.token()) as owner:
            vault = owner.vault(VAULT)
            vault.create_project("Empty", SCHEMA)
            policy = {"overlap": len(SHARES_RIGHT), "answer_price_micros": 50_000}
            project = vault.create_project("Reviews", SCHEMA, policy=policy)
            project.import_rows(reviews(N_ITEMS, np.random.default_rng(1)), id_column="id")
            _answer(served, owner)
            project.infer()
        yield served, way_in(browser, served)


def _fetched(page: Page, path: str) -> Any:
    return page.evaluate("async (path) => (await fetch(path)).json()", f"/api/vaults/{VAULT}/projects/reviews{path}")


def _sent(answer: Response) -> dict[str, Any]:
    return json.loads(answer.request.post_data or "{}")


def _opened(page: Page, served: Served, path: str = PATH) -> Page:
    page.goto(served.url + path)
    expect(page.get_by_role("heading", name="Does confidence mean what it says?")).to_be_visible()
    return page


def _shown(page: Page, served: Served, quality: Quality) -> Page:
    """The page with this quality in the place of what the server says."""

    def answer(route: Route) -> None:
        route.fulfill(content_type="application/json", body=msgspec.json.encode(quality))

    page.route("**/projects/reviews/quality", answer)
    return _opened(page, served)


def _little() -> Quality:
    """Nothing is known yet but that somebody has answered."""
    rng = np.random.default_rng(4)
    nothing = lab.measure("accuracy", None, n=0, note="not estimated: no audit sample is answered.")
    audit = AuditOut(accuracy=nothing, powered=nothing, n_drawn=0, needs=[])
    asked = lab.question(classes=[DELIVERY, PRODUCT], items=[], n_annotators=0, rng=rng)
    unmeasured = ReliabilityOut(source=None, note="No answer is known.", n=0, bins=[], measures=[])
    asked = msgspec.structs.replace(
        asked, reliability=unmeasured, confusion=[], expected_accuracy=None, annotators=[lab.skill(6, 2, rng)]
    )
    spent = msgspec.structs.replace(lab.spending(None), points=[], plan=None, earlier=None)
    return msgspec.structs.replace(lab.quality([asked], spent), audit=audit)


def _far_too_much() -> Quality:
    rng = np.random.default_rng(3)
    items = [(f"item-{i}", f"r{i:04d}") for i in range(1_000)]
    asked = lab.question(classes=LONG_CLASSES, items=items, n_annotators=500, rng=rng)
    other = msgspec.structs.replace(
        lab.question(classes=LONG_CLASSES[:3], items=items[:2], n_annotators=3, rng=rng),
        question="other",
        title="Another question with a title that is long as well, and then goes on",
    )
    return lab.quality([asked, other], lab.spending())


def test_it_shows_what_the_inference_measured(measured: tuple[Served, Any], new_context: NewContext) -> None:
    served, cookies = measured
    page = new_context(storage_state=cookies).new_page()
    page.goto(served.url + PROJECT)
    expect(page.get_by_role("link", name="Quality")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("q")
    expect(page.get_by_role("heading", name="Quality", exact=True)).to_be_focused()
    found = _fetched(page, "/quality")
    question, audit = found["questions"][0], found["audit"]["accuracy"]
    title = page.locator("header").filter(has=page.get_by_role("heading", name="Quality", exact=True))
    expect(title).to_contain_text(f"{question['expected_accuracy']:.1%} expected accuracy")
    expect(title).to_contain_text(f"audited {_within(audit['value'], audit['low'], audit['high'])}")
    expect(page.get_by_role("img", name="Reliability diagram")).to_be_visible()
    expect(page.get_by_text(f"Measured on {N_AUDITED} items of the audit sample.")).to_be_visible()
    table = page.get_by_role("region", name="Annotators")
    expect(table.get_by_role("row")).to_have_count(1 + len(SHARES_RIGHT))
    expect(table.get_by_text("2.5 s")).to_have_count(len(SHARES_RIGHT))
    page.get_by_role("button", name="Ada").click()
    matrix = page.get_by_role("region", name="What Ada confuses with what")
    expect(matrix.get_by_role("rowheader", name=DELIVERY)).to_be_visible()
    page.get_by_role("region", name="What is confused with what").get_by_role("link", name=PRODUCT).click()
    expect(page).to_have_url(re.compile(f"/items\\?label=about%3A{PRODUCT}$"))


def test_a_suspect_is_decided_by_key_and_taken_back(measured: tuple[Served, Any], new_context: NewContext) -> None:
    served, cookies = measured
    page = _opened(new_context(storage_state=cookies).new_page(), served)
    first, second = _fetched(page, "/quality")["questions"][0]["suspects"][:2]
    options = page.get_by_role("listbox", name="Suspects").get_by_role("option")
    n_suspects = options.count()
    page.keyboard.press("1")  # outside the review no key decides
    page.keyboard.press("j")
    expect(options.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(options.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("article", name=f"Suspect {first['external_id']}")).to_contain_text(first["title"][:30])
    other, key = (PRODUCT, "2") if first["label"] == DELIVERY else (DELIVERY, "1")
    with page.expect_response(lambda answer: answer.request.method == "PUT") as put:
        page.keyboard.press(key)
    assert _sent(put.value) == {"answers": {"about": other}, "origin": "review", "note": ""}
    expect(options).to_have_count(n_suspects - 1)
    expect(page.get_by_role("status").filter(has_text=f"is {other}.")).to_be_visible()
    expect(options.nth(0)).to_be_focused()
    expect(page.get_by_role("article", name=f"Suspect {second['external_id']}")).to_be_visible()
    (consensus,) = _fetched(page, f"/items/{first['item_id']}")["consensus"]
    assert (consensus["value"], consensus["method"]) == (other, "known")
    known = {row["external_id"]: row for row in _fetched(page, "/known-answers")["rows"]}
    assert set(known) == {first["external_id"]}
    assert known[first["external_id"]]["origin"] == "review"
    with page.expect_response(lambda answer: answer.request.method == "DELETE") as forgotten:
        page.keyboard.press("u")
    assert forgotten.value.ok
    expect(options).to_have_count(n_suspects)
    expect(options.nth(0)).to_be_focused()
    assert _fetched(page, "/known-answers")["rows"] == []
    with page.expect_response(lambda answer: answer.request.method == "PUT") as kept:
        page.keyboard.press("Enter")
    assert _sent(kept.value)["answers"] == {"about": first["label"]}
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        page.get_by_role("button", name="undo").click()


def test_a_decision_that_was_not_stored_comes_back(measured: tuple[Served, Any], new_context: NewContext) -> None:
    served, cookies = measured
    page = _opened(new_context(storage_state=cookies).new_page(), served)
    options = page.get_by_role("listbox", name="Suspects").get_by_role("option")
    n_suspects = options.count()
    page.route("**/known-answers", lambda route: route.abort())
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The label is as it was, and the suspect is back in the list.")).to_be_visible()
    expect(options).to_have_count(n_suspects)


def test_an_auditor_sees_suspects_and_decides_nothing(measured: tuple[Served, Any], new_context: NewContext) -> None:
    served, _ = measured
    with Client(served.url, served.token()) as owner:
        link = owner.vault(VAULT).add_person("Una", Role.AUDITOR).sign_in_link
    page = new_context().new_page()
    page.goto(link)
    expect(page.get_by_role("link", name="Reviews", exact=True)).to_be_visible()
    _opened(page, served)
    page.keyboard.press("j")
    expect(page.get_by_role("option").nth(0)).to_be_focused()
    expect(page.get_by_text("Owners and managers decide about suspects.")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="Decide")).to_have_count(0)
    assert _fetched(page, "/known-answers")["rows"] == []


def test_known_answers_come_from_a_file_and_from_an_item(
    measured: tuple[Served, Any], new_context: NewContext, tmp_path: Path
) -> None:
    served, cookies = measured
    page = new_context(storage_state=cookies).new_page()
    rows = [{"id": "r0001", "about": DELIVERY}, {"id": "r0002", "about": "Nonsense"}, {"id": "gone", "about": PRODUCT}]
    page.goto(f"{served.url}{PROJECT}/settings")
    gold = page.locator("#gold")
    gold.get_by_label("File").set_input_files(write_csv(tmp_path / "gold.csv", rows, ("id", "about")))
    expect(gold.get_by_label("Identifier")).to_have_value("id")
    gold.get_by_role("button", name="Store as known").click()
    expect(gold.get_by_role("status")).to_have_text("3 rows read: 1 stored, 0 unchanged, 2 rejected.")
    expect(gold.get_by_role("row").filter(has_text="gone")).to_contain_text("3")
    (row,) = _fetched(page, "/known-answers")["rows"]
    assert (row["external_id"], row["value"], row["origin"]) == ("r0001", DELIVERY, "given")
    page.goto(f"{served.url}{PROJECT}/items?item={row['item_id']}")
    chosen = page.get_by_role("complementary", name="The chosen item")
    expect(chosen.get_by_text(f"Known: {DELIVERY}")).to_be_visible()
    chosen.get_by_text("Set known answer").click()
    chosen.get_by_role("combobox").select_option(PRODUCT)
    chosen.get_by_role("button", name="Store as known").click()
    expect(chosen.get_by_role("status")).to_have_text(f"Stored: {PRODUCT} is known.")
    assert _fetched(page, "/known-answers")["rows"][0]["value"] == PRODUCT
    chosen.get_by_role("button", name="No longer known").click()
    expect(chosen.get_by_role("status")).to_contain_text("No longer known.")
    expect(chosen.get_by_text("Known: ")).to_have_count(0)
    assert _fetched(page, "/known-answers")["rows"] == []


def test_a_policy_says_how_many_answers_and_what_they_cost(
    measured: tuple[Served, Any], new_context: NewContext
) -> None:
    served, cookies = measured
    page = new_context(storage_state=cookies).new_page()
    page.goto(f"{served.url}/v/{VAULT}/p/empty/settings")
    page.get_by_label("Adaptive").check()
    page.get_by_label("First answers").fill("3")
    page.get_by_label("At most").fill("7")
    page.get_by_label("Price of an answer").fill("0.05")
    page.get_by_label("Currency").fill("chf")
    with page.expect_response(lambda answer: answer.request.method == "PUT") as put:
        page.locator("form").filter(has=page.get_by_label("At most")).get_by_role("button").click()
    assert put.value.ok
    policy = put.value.json()["policy"]
    wanted = {"overlap": 3, "max_overlap": 7, "answer_price_micros": 50_000, "currency": "CHF"}
    assert {name: policy[name] for name in wanted} == wanted
    page.reload()
    expect(page.get_by_label("Price of an answer")).to_have_value("0.05")
    page.get_by_label("Fixed").check()
    expect(page.get_by_label("For each item")).to_have_value("3")


def test_a_pause_holds_back_new_items_until_the_project_goes_on(
    measured: tuple[Served, Any], new_context: NewContext
) -> None:
    served, cookies = measured
    page = new_context(storage_state=cookies).new_page()
    page.goto(served.url + PROJECT)
    page.get_by_label("Reason, if there is one").fill("The guideline is being rewritten.")
    with page.expect_request(lambda sent: sent.method == "PUT") as put:
        page.get_by_role("button", name="Pause the project").click()
    assert put.value.post_data_json == {"is_paused": True, "reason": "The guideline is being rewritten."}
    expect(page.get_by_role("heading", name="Paused")).to_be_visible()
    page.goto(f"{served.url}{PROJECT}/label")
    expect(page.get_by_text("This project is paused")).to_be_visible()
    page.goto(served.url + PROJECT)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("button", name="Pause the project")).to_be_visible()


def test_answers_that_are_compared_by_distance_are_opened_not_decided(
    measured: tuple[Served, Any], new_context: NewContext
) -> None:
    served, cookies = measured
    page = new_context(storage_state=cookies).new_page()
    (item, *_) = _fetched(_opened(page, served), "/items?limit=1")["rows"]
    rng = np.random.default_rng(6)
    asked = lab.question(
        classes=[DELIVERY, PRODUCT], items=[(item["id"], item["external_id"])], n_annotators=2, rng=rng
    )
    by_distance = msgspec.structs.replace(
        asked, question="what", title="What is it about?", kind="distance", classes=[], confusion=[]
    )
    _shown(page, served, lab.quality([asked, by_distance], lab.spending()))
    page.get_by_role("button", name="What is it about?").click()
    expect(page.get_by_text("an expected distance to the truth instead of a probability")).to_be_visible()
    expect(page.get_by_role("img", name="Reliability diagram")).to_have_count(0)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="Decide")).to_have_count(0)
    page.get_by_role("link", name="Open in Items").click()
    chosen = page.get_by_role("complementary", name="The chosen item")
    expect(chosen.get_by_role("heading", name=item["external_id"])).to_be_visible()
    assert _fetched(page, "/known-answers")["rows"] == []


def test_the_planner_reads_its_curve_at_a_budget(measured: tuple[Served, Any], new_context: NewContext) -> None:
    served, cookies = measured
    page = new_context(storage_state=cookies).new_page()
    rng = np.random.default_rng(5)
    _shown(
        page, served, lab.quality([lab.question(classes=[DELIVERY], items=[], n_annotators=3, rng=rng)], lab.spending())
    )
    planner = page.locator("#planner")
    planner.get_by_label("With a further budget in EUR").fill("20")  # 400 answers: the third point of the plan
    third = lab.plan(0, 3_400, reached=0.934).points[2]
    share = _within(third.accuracy, third.low, third.high)
    expect(planner.locator("output")).to_have_text(f"With €20.00 more (400 answers): {share}")
    planner.get_by_role("spinbutton").fill("100000")
    expect(planner.locator("output")).to_contain_text("The plan ends at 5,600 answers")
    foretold = lab.plan(0, 400, reached=0.8, n_points=18).points[15]
    expect(planner).to_contain_text(f"for 3,400 answers: {foretold.accuracy:.1%}")
    expect(planner).to_contain_text(f"Now, after 3,400: 93.4%. Audit: {_within(0.928, 0.901, 0.955)}.")
    expect(page.get_by_text("Now €0.2237 for each certain item: €170.00 for 3,400 answers and")).to_be_visible()


def test_reviewers_and_suggestions_are_measured_with_intervals(
    measured: tuple[Served, Any], new_context: NewContext
) -> None:
    served, cookies = measured
    page = new_context(storage_state=cookies).new_page()
    asked = lab.question(classes=[DELIVERY, PRODUCT], items=[], n_annotators=3, rng=np.random.default_rng(5))
    _shown(page, served, lab.quality([asked], lab.spending()))
    reviewers = page.locator("#reviewers")
    checked, unchecked = reviewers.get_by_role("row").nth(1), reviewers.get_by_role("row").nth(2)
    expect(checked).to_contain_text(_within(0.9, 0.786, 0.957))
    expect(checked).to_contain_text("45 of 50 drawn at random")
    expect(checked.get_by_role("cell", name="2 of 5")).to_be_visible()
    expect(checked.get_by_role("img", name=re.compile("Agreement with adjudication"))).to_be_visible()
    expect(unchecked).to_contain_text("not measured: no decision was drawn and adjudicated")
    suggestions = page.locator("#suggestions")
    expect(suggestions).to_contain_text("People agree with a suggestion more often when they see it")
    for words in (_within(0.9, 0.861, 0.929), "300 first answers", _within(0.7, 0.604, 0.781), "+20.0%"):
        expect(suggestions).to_contain_text(words)
    expect(suggestions.get_by_role("img")).to_have_count(3)
    suggestions.get_by_role("link", name="Items that models have answered").click()
    expect(page).to_have_url(re.compile("/items\\?where=models"))
    expect(page.get_by_text(f"{N_ITEMS} items").or_(page.get_by_text("No item"))).to_be_visible()


def test_a_project_without_answers_leads_to_labelling(measured: tuple[Served, Any], new_context: NewContext) -> None:
    served, cookies = measured
    page = new_context(storage_state=cookies).new_page()
    page.goto(f"{served.url}/v/{VAULT}/p/empty/quality")
    expect(page.get_by_role("heading", name="Nothing is measured yet")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Label").click()
    expect(page).to_have_url(re.compile("/p/empty/label$"))


def _states(page: Page, served: Served) -> Iterator[str]:
    """The page as it is, with next to nothing, and with far too much."""
    _opened(page, served)
    page.get_by_role("region", name="Annotators").get_by_role("button", expanded=False).first.click()
    yield "usual"
    for name, quality in (("little", _little()), ("much", _far_too_much())):
        page.unroute_all()
        _shown(page, served, quality)
        yield name


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_serious_accessibility_fault(measured: tuple[Served, Any], new_context: NewContext, theme: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (make web)")
    served, cookies = measured
    page = new_context(bypass_csp=True, storage_state=cookies, color_scheme=theme).new_page()
    page.add_init_script(path=AXE)
    faults: list[str] = []
    for name in _states(page, served):
        found = page.evaluate("async () => (await axe.run(document, { resultTypes: ['violations'] })).violations")
        serious = [fault for fault in found if fault["impact"] in {"serious", "critical"}]
        faults += [f"{name}: {fault['id']} at {fault['nodes'][0]['target']}" for fault in serious]
    assert faults == []


def test_it_fits_a_phone(measured: tuple[Served, Any], new_context: NewContext, tmp_path: Path) -> None:
    served, cookies = measured
    page = new_context(viewport=PHONE, has_touch=True, storage_state=cookies).new_page()
    widths: dict[str, int] = {}
    for name in _states(page, served):
        page.screenshot(path=tmp_path / f"{name}.png", full_page=True)
        widths[name] = page.evaluate("document.documentElement.scrollWidth")
    assert widths == dict.fromkeys(widths, PHONE["width"])
    assert set(widths) == {"usual", "little", "much"}
