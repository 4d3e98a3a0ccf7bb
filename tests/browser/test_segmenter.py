"""A segmenter that the operator has put in marks things in images, and reaches nothing but its own files."""

from pathlib import Path

import pytest
from browser_lab import VAULT, NewContext, serving
from picture_media import uploaded
from playwright.sync_api import expect

from goldsmith import Client
from goldsmith.trust.authorize import Role

pytestmark = pytest.mark.browser
SCRIPT = """
import { half } from './model/half.mjs';

const refused = (address) => fetch(address).then(() => 'reached', () => 'refused');

self.onmessage = async ({ data: { id, width, height, points } }) => {
  const reached = await Promise.all(['/api/me', 'http://127.0.0.1:9/', './model/weights.bin'].map(refused));
  const [{ x, y }] = points;
  if (reached.join() !== 'refused,refused,reached') self.postMessage({ id, error: reached.join() });
  else if (y > height / 2) self.postMessage({ id, error: 'nothing is known of the lower half' });
  else self.postMessage({ id, mask: half(width, height, x) });
};
"""
MODEL = """
export function half(width, height, x) {
  const mask = new Uint8Array(width * height);
  for (let i = 0; i < mask.length; i += 1) mask[i] = (i % width < width / 2) === (x < width / 2) ? 1 : 0;
  return mask;
}
"""


@pytest.fixture
def segmenter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Says that half of the picture belongs together; fails where it reaches more than it may."""
    folder = tmp_path / "halves"
    (folder / "model").mkdir(parents=True)
    (folder / "segmenter.js").write_text(SCRIPT)
    (folder / "model" / "half.mjs").write_text(MODEL)
    (folder / "model" / "weights.bin").write_bytes(b"\1\2")
    monkeypatch.setenv("GOLDSMITH_SEGMENTER", str(folder))


def test_the_operators_segmenter_fills_a_mask_and_says_what_it_cannot(
    segmenter: None, tmp_path: Path, new_context: NewContext
) -> None:
    question = {
        "type": "masks",
        "name": "parts",
        "label": "Parts",
        "field": "image",
        "labels": [{"value": "part", "label": "Part"}],
    }
    with serving(tmp_path / "home") as served, Client(served.url, served.token()) as client:
        vault = client.vault(VAULT)
        schema = {"fields": [{"name": "image", "type": "image"}], "questions": [question]}
        project = vault.create_project("Things", schema)
        assert project.import_rows([{"image": uploaded(served)["photo.png"]}]).n_accepted == 1
        page = new_context().new_page()
        page.goto(vault.add_person("Ana", Role.ANNOTATOR).sign_in_link)
        page.wait_for_url(lambda address: "sign-in" not in address)
        page.goto(f"{served.url}/v/{VAULT}/p/{project.reference}/label")
        stage = page.get_by_role("application").or_(page.locator("canvas")).first
        expect(page.get_by_text("your item 1", exact=True)).to_be_visible()
        place = stage.bounding_box()
        assert place is not None
        page.keyboard.press("1")
        page.keyboard.press("m")
        page.mouse.click(place["x"] + 0.4 * place["width"], place["y"] + 0.8 * place["height"])
        failed = "The segmenter of this server failed: nothing is known of the lower half"
        expect(page.get_by_text(failed)).to_be_attached()
        page.mouse.click(place["x"] + 0.4 * place["width"], place["y"] + 0.3 * place["height"])
        expect(page.get_by_role("button", name="Delete Part 230400 pixels")).to_be_visible()
        page.keyboard.press("Control+Enter")
        expect(page.get_by_test_id("save-state")).to_have_text("saved ✓")
        ((stored,),) = [project.item(item.id).annotations for item in project.items()]
        (mask,) = stored.answers["parts"]
        height, width = mask["size"]
        assert mask["counts"][:2] == [0, height * width // 2]
