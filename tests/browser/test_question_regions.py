"""Marks in texts with their relations, stretches of sound, regions of a PDF and cells of a table: by key, by mouse."""

import io
from typing import Any

import httpx
import numpy as np
import pytest
import soundfile
from browser_lab import VAULT, NewContext, Served
from picture_media import pdf
from playwright.sync_api import FloatRect, expect
from question_lab import Desk, labelling

pytestmark = pytest.mark.browser
TEXT = "Ada Lovelace met Charles Babbage in London."
ADA_HASH = "7674021617159190"  # of her name: the start of its SHA-256
ADA, CHARLES = {"start": 0, "end": 12, "label": "person"}, {"start": 17, "end": 32, "label": "person"}
LABELS = {
    "names": [{"value": "person", "label": "Person"}, {"value": "place", "label": "Place"}],
    "ties": [{"value": "met", "label": "met"}, {"value": "in", "label": "was in"}],
    "turns": [{"value": "agent", "label": "Agent"}, {"value": "caller", "label": "Caller"}],
    "parts": [{"value": "party", "label": "Party"}],
    "faults": [{"value": "wrong", "label": "Wrong"}, {"value": "missing", "label": "Missing"}],
}
SURE = {"type": "rating", "name": "sure", "label": "How sure?", "low": 1, "high": 3, "required": False}
SCHEMA: dict[str, Any] = {
    "fields": [
        {"name": "text", "type": "text"},
        {"name": "call", "type": "audio"},
        {"name": "contract", "type": "pdf"},
        {"name": "sales", "type": "table"},
    ],
    "questions": [
        {"type": "spans", "name": "names", "label": "Who?", "field": "text", "attributes": [SURE]},
        {"type": "relations", "name": "ties", "label": "How?", "spans": "names", "symmetric": ["met"]},
        {"type": "audio_regions", "name": "turns", "label": "Who speaks?", "field": "call", "transcript": True},
        {"type": "document_regions", "name": "parts", "label": "Parties?", "field": "contract"},
        {"type": "table_cells", "name": "faults", "label": "Faults?", "field": "sales"},
    ],
}
for _question in SCHEMA["questions"]:
    _question["labels"] = LABELS[_question["name"]]


def _sound() -> bytes:
    """Eight seconds of a tone, as WAV."""
    buffer = io.BytesIO()
    soundfile.write(buffer, np.sin(np.arange(64_000) / 5).astype(np.float32) / 2, 8_000, format="WAV")
    return buffer.getvalue()


def _rows(served: Served) -> list[dict[str, object]]:
    headers = {"Authorization": f"Bearer {served.token()}", "Content-Type": "application/octet-stream"}
    with httpx.Client(headers=headers, timeout=60) as client:
        address = f"{served.url}/api/vaults/{VAULT}/blobs"
        files = {"call.wav": _sound(), "contract.pdf": pdf(("Contract of sale", "Between Ada and Charles"), height=842)}
        call, contract = (
            client.post(address, params={"name": name}, content=content).raise_for_status().json()
            for name, content in files.items()
        )
    sales = [["city", "price"], ["Rome", "-4"], ["", "7"]]
    return [{"id": f"r{i}", "text": TEXT, "call": call, "contract": contract, "sales": sales} for i in (1, 2)]


def test_every_kind_of_region_is_made_by_keyboard_alone_and_by_mouse(served: Served, new_context: NewContext) -> None:
    with labelling(served, new_context, SCHEMA, _rows(served)) as desk:
        warnings: list[str] = []
        desk.page.on("console", lambda message: warnings.append(message.text) if message.type == "warning" else None)
        _mark_by_keyboard(desk)
        desk.undo_and_redo_all()
        desk.wait_until_kept()
        desk.reload()
        expect(desk.question("faults").get_by_role("listitem")).to_have_count(2)
        desk.submit(1)
        given = desk.stored("r1")
        ada, charles = given["names"]
        assert ada == {**ADA, "hash": ADA_HASH, "attributes": {"sure": 3}}
        assert {name: charles[name] for name in CHARLES} == CHARLES
        assert given["ties"] == [{"from": ADA, "to": CHARLES, "label": "met"}]
        assert given["turns"] == [{"start_ms": 1000, "end_ms": 3050, "label": "caller", "text": "Good morning."}]
        assert given["faults"] == [
            {"row": 0, "column": "price", "label": "wrong"},
            {"row": 1, "column": "city", "label": "missing"},
        ]
        stretch, box = given["parts"]
        assert (stretch["page"], stretch["start"], box["page"]) == (1, 0, 1)
        assert box["width"] == pytest.approx(595 / 4 + 10, abs=0.02)

        _mark_by_mouse(desk)
        desk.submit(2)
        mouse = desk.stored("r2")
        assert [(one["start"], one["end"], one["label"]) for one in mouse["names"]] == [
            (0, 3, "person"),
            (36, 42, "place"),
        ]
        ada, london = ({"start": one["start"], "end": one["end"], "label": one["label"]} for one in mouse["names"])
        assert mouse["ties"] == [{"from": ada, "to": london, "label": "in"}]
        (turn,) = mouse["turns"]
        assert (turn["start_ms"], turn["end_ms"]) == (pytest.approx(2000, abs=60), pytest.approx(4000, abs=60))
        assert [one["page"] for one in mouse["parts"]] == [1]
        assert mouse["faults"] == [{"row": 1, "column": "city", "label": "wrong"}]

        desk.reopen()
        expect(desk.question("turns").get_by_role("listitem")).to_have_count(1)
        assert [text for text in warnings if "svelte.dev" in text] == []


def _mark_by_keyboard(desk: Desk) -> None:
    expect(desk.page.get_by_role("textbox", name="text")).to_be_focused()
    desk.press("Shift+Control+ArrowRight", "Shift+Control+ArrowRight", "1", ";", "3", ";")
    desk.press("ArrowRight", "Control+ArrowRight", "Shift+Control+ArrowRight", "Shift+Control+ArrowRight", "2")
    desk.press("Control+z", "Control+Shift+z", "]", "]", "1")
    expect(desk.question("names").get_by_role("listitem")).to_have_count(2)
    desk.press("Alt+ArrowDown", ".", "]", "1")
    expect(desk.question("ties").get_by_label("Relations")).to_contain_text("met")
    desk.press("Alt+ArrowDown", "ArrowRight", "i", "ArrowRight", "ArrowRight", "o", "[", "2", "n", "t")
    desk.page.keyboard.type("Good morning.")
    desk.press("Escape", "Alt+ArrowDown")
    expect(desk.page.get_by_role("application")).to_be_focused()
    expect(desk.page.locator("svg .caret")).to_be_attached()
    desk.press("Shift+Control+ArrowRight", "m", "n", "Shift+ArrowRight")
    expect(desk.question("parts").get_by_role("listitem")).to_have_count(2)
    desk.press("Alt+ArrowDown", "ArrowRight", " ", "ArrowDown", "ArrowLeft", "2", " ")
    expect(desk.question("faults").get_by_role("listitem")).to_have_count(2)


def _mark_by_mouse(desk: Desk) -> None:
    page = desk.page
    for n, (word, label) in enumerate((("Ada", "Person"), ("London", "Place")), 1):
        page.mouse.dblclick(*_middle_of(desk, word))
        desk.question("names").get_by_role("button", name=label, exact=False).first.click()
        expect(desk.question("names").get_by_role("listitem")).to_have_count(n)
    ties = desk.question("ties")
    for name in ("Person Ada", "Place London", "was in"):
        ties.get_by_role("button", name=name).click()
    expect(ties.get_by_label("Relations")).to_contain_text("was in")
    wave = page.get_by_role("group", name="call.wav, 0:08.000").bounding_box()
    assert wave is not None
    _drag(desk, wave, (0.25, 0.5), (0.5, 0.5))
    expect(desk.question("turns").get_by_role("listitem")).to_have_count(1)
    leaf = page.get_by_role("application")
    leaf.scroll_into_view_if_needed()
    expect(page.locator("svg .caret")).to_be_attached()
    desk.question("parts").get_by_role("button", name="Party").click()
    desk.press("b")
    sheet = leaf.bounding_box()
    assert sheet is not None
    _drag(desk, sheet, (0.1, 0.1), (0.6, 0.3))
    expect(desk.question("parts").get_by_role("listitem")).to_have_count(1)
    page.get_by_role("gridcell").nth(2).click()
    expect(desk.question("faults").get_by_role("listitem")).to_have_count(1)


def _middle_of(desk: Desk, word: str) -> tuple[float, float]:
    """The place on the screen of a word of the text."""
    x, y = desk.page.get_by_role("textbox", name="text").evaluate(
        """(box, word) => {
            const texts = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
            while (texts.nextNode()) {
                const at = texts.currentNode.data.indexOf(word);
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(texts.currentNode, at);
                range.setEnd(texts.currentNode, at + word.length);
                const { x, y, width, height } = range.getBoundingClientRect();
                return [x + width / 2, y + height / 2];
            }
            return [0, 0];
        }""",
        word,
    )
    return x, y


def _drag(desk: Desk, box: FloatRect, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag between two places of a box, given as shares of its width and height."""
    (x, y), (to_x, to_y) = ((box["x"] + box["width"] * a, box["y"] + box["height"] * b) for a, b in (start, end))
    mouse = desk.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move((x + to_x) / 2, (y + to_y) / 2)
    mouse.move(to_x, to_y)
    mouse.up()
