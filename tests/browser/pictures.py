"""Pictures of the app for the documentation, each of which keeps in its EXIF what could be read when it was drawn."""

import io
import json
import os
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from playwright.sync_api import FloatRect, Page

IMAGES = Path(__file__).parents[2] / "docs" / "images"
MOST_BYTES = 40_000
MARGIN = 16
_DESCRIPTION = 0x010E  # the EXIF tag of what an image shows


def is_current(page: Page, path: Path, *, parts: str, hidden: str = "") -> bool:
    """Whether a picture shows what can be read in some parts of the screen; with DRAW_PICTURES=1 it is drawn first.

    What is hidden beside the parts does not stand in the way of the picture.
    """
    words = _words(page, parts)
    if os.environ.get("DRAW_PICTURES") == "1":
        _draw(page, path, words, parts=parts, hidden=hidden)
    with Image.open(path) as picture:
        return json.loads(picture.getexif()[_DESCRIPTION]) == words


def _words(page: Page, parts: str) -> list[str]:
    """The lines on the screen, whatever side or place chance gave them."""
    shown = [one.inner_text() for one in page.locator(parts).all()]
    return sorted({line.strip() for text in shown for line in text.splitlines() if line.strip()})


def _draw(page: Page, path: Path, words: Sequence[str], *, parts: str, hidden: str) -> None:
    """Write the item and what stands beside it, without what is hidden and what is empty below them."""
    if hidden:
        page.evaluate(
            "hidden => document.querySelectorAll(hidden).forEach((one) => (one.style.display = 'none'))", hidden
        )
    boxes = [one.bounding_box() for one in page.locator(parts).all()]
    body = page.locator(".screen .body").bounding_box()
    assert body is not None
    end = max(box["y"] + box["height"] for box in boxes if box is not None) + MARGIN
    clip: FloatRect = {**body, "height": min(body["height"], end - body["y"])}
    exif = Image.Exif()
    exif[_DESCRIPTION] = json.dumps(words)
    path.parent.mkdir(exist_ok=True)
    with Image.open(io.BytesIO(page.screenshot(clip=clip, animations="disabled", caret="hide"))) as shot:
        shot.convert("RGB").save(path, "WEBP", quality=72, method=6, exif=exif)
    assert path.stat().st_size <= MOST_BYTES, path.name
