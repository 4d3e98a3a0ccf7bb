"""The language of a person: chosen once, the same on every device, written in its own direction."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browser_lab import VAULT, NewContext, Served, reviews
from playwright.sync_api import expect

from goldsmith import Client

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
SCHEMA = {
    "fields": [{"name": "review", "type": "text"}],
    "questions": [{"type": "text", "name": "gist", "label": "Gist?", "max_length": 200}],
}
PROJECT = f"/v/{VAULT}/p/reviews"
PLACES = (
    "/",
    PROJECT,
    f"{PROJECT}/items",
    f"{PROJECT}/label",
    f"{PROJECT}/quality",
    f"{PROJECT}/settings",
    "/settings",
)


def test_a_chosen_language_follows_the_person_and_input_methods_trigger_no_keys(
    served: Served, new_context: NewContext
) -> None:
    with Client(served.url, served.token()) as client:
        project = client.vault(VAULT).create_project("Reviews", SCHEMA)
        project.import_rows(reviews(8, np.random.default_rng(1)), id_column="id")
    context = new_context(locale="de-AT", bypass_csp=True)
    page = context.new_page()
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(served.link)
    expect(page.get_by_role("link", name="Reviews", exact=True)).to_be_visible()
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["de", "ltr"]
    assert {url.split("/language-")[1][:2] for url in fetched if "/language-" in url} == {"de"}

    page.goto(f"{served.url}/settings")
    with page.expect_response(lambda response: response.request.method == "PUT"):  # the account has it now
        page.get_by_role("combobox", name="Sprache").select_option("ar")
    expect(page.get_by_role("heading", name="اللغة")).to_be_visible()
    other = new_context(locale="de-AT", storage_state=context.storage_state(), bypass_csp=True).new_page()
    other.add_init_script(path=AXE)
    other.goto(served.url)
    other.evaluate("localStorage.clear()")
    faults: list[str] = []
    for place in PLACES:
        other.goto(served.url + place)
        expect(other.locator("html[lang=ar][dir=rtl]")).to_be_attached()
        expect(other.locator("h1, h2").first).to_be_visible()
        found = other.evaluate("async () => (await axe.run(document, { resultTypes: ['violations'] })).violations")
        faults += [f"{place}: {one['id']}" for one in found if one["impact"] in {"serious", "critical"}]
        assert other.evaluate("document.documentElement.scrollWidth <= innerWidth"), place
    assert faults == []

    other.goto(f"{served.url}{PROJECT}/label")
    box = other.get_by_role("textbox")
    box.focus()
    keyboard: Any = other.context.new_cdp_session(other)
    keyboard.send("Input.imeSetComposition", {"text": "s", "selectionStart": 1, "selectionEnd": 1})
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Process", "windowsVirtualKeyCode": 229})
    expect(other.get_by_text("عنصرك رقم 1")).to_be_visible()
    keyboard.send("Input.insertText", {"text": "是"})
    expect(box).to_have_value("是")
    expect(other.get_by_text("عنصرك رقم 1")).to_be_visible()
