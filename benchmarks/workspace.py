"""How long people wait at the labelling screen, measured in a real Chromium: the next item, and a mark among many.

    python -m benchmarks.workspace --items 100000 --answers 200 --spans 10000

From the key that submits to the frame in which the next item is drawn; and from the key that marks to the frame in
which the mark is drawn, in a text that has thousands already. One server on loopback, nothing else mocked.
"""

import argparse
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from goldsmith import Client
from goldsmith.sdk import Project

_GOLDSMITH = Path(sys.executable).with_name("goldsmith")
_FLAGS = ("--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader", "--disable-quic", "--no-first-run")
_OPTIONS = [{"value": word, "label": word.title()} for word in ("good", "bad", "neither")]
_CHOICE = {
    "fields": [{"name": "text", "type": "text"}],
    "questions": [{"type": "choice", "name": "mood", "label": "How does it sound?", "options": _OPTIONS}],
}
_SPANS = {
    "fields": [{"name": "text", "type": "text"}],
    "questions": [{"type": "spans", "name": "marks", "label": "What is named?", "field": "text", "labels": _OPTIONS}],
}
_N_MARKS = 50
_BOXES = {
    "fields": [{"name": "photo", "type": "image"}],
    "questions": [{"type": "boxes", "name": "boxes", "label": "Mark it", "field": "photo", "labels": _OPTIONS}],
}
_WATCH_ITEM = """() => {
    window.took = [];
    const item = () => document.querySelector('[role=region][aria-label^="Item"]')?.ariaLabel;
    addEventListener('keydown', (event) => {
        if (event.key !== 'Enter') return;
        const [start, before] = [performance.now(), item()];
        const look = () => requestAnimationFrame(() => {
            if ((item() ?? before) === before) look();
            else requestAnimationFrame(() => window.took.push(performance.now() - start));
        });
        look();
    }, true);
}"""
_WATCH_KEYS = """() => {
    window.took = [];
    addEventListener('keydown', (event) => {
        if (['Control', 'Shift'].includes(event.key)) return;
        const start = performance.now();
        requestAnimationFrame(() => requestAnimationFrame(() => window.took.push(performance.now() - start)));
    }, true);
}"""


def main(arguments: list[str]) -> int:
    """Measure and print a row for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--answers", type=int, default=200)
    parser.add_argument("--spans", type=int, default=10_000)
    parser.add_argument("--boxes", type=int, default=2_000)
    given = parser.parse_args(arguments)
    with (
        tempfile.TemporaryDirectory() as folder,
        _served(Path(folder) / "home") as (link, token),
        Client(url := link.partition("/sign-in#")[0], token) as client,
    ):
        vault = client.vault("default")
        rows = ({"id": str(i), "text": f"Parcel {i} came a day late, and nobody told us."} for i in range(given.items))
        choice, spans = vault.create_project("Choice", _CHOICE), vault.create_project("Spans", _SPANS)
        boxes = vault.create_project("Boxes", _BOXES)
        assert choice.import_rows(rows, id_column="id").n_accepted == given.items
        _mark_words(spans, given.spans - _N_MARKS)
        _mark_boxes(boxes, given.boxes - _N_MARKS, Path(folder))
        with _opened(link) as page:
            _print(f"next item of {given.items:,}", _next_items(page, f"{url}/v/default/p/choice/label", given.answers))
            _print(f"a mark among {given.spans:,}", _marks(page, f"{url}/v/default/p/spans/label"))
            took = _boxes(page, f"{url}/v/default/p/boxes/label")
            for key, times in took.items():
                _print(f"{key} among {given.boxes:,} boxes", times)
    return 0


def _mark_words(project: Project, n: int) -> None:
    """Store one item of `2 * n` words of which every other one is marked, as whoever is signed in answered it."""
    words = [f"word{i:05}" for i in range(2 * n)]
    text = "\n".join(" ".join(words[start : start + 100]) for start in range(0, len(words), 100))
    assert project.import_rows([{"id": "0", "text": text}, {"id": "1", "text": "end"}], id_column="id").n_accepted == 2
    [lease] = project.lease(1).leases
    marks = [{"start": 20 * i, "end": 20 * i + 9, "label": "good"} for i in range(n)]
    _ = project.submit(lease, {"marks": marks})


def _mark_boxes(project: Project, n: int, folder: Path) -> None:
    """Store a picture with `n` boxes in rows, and one without."""
    for name, shade in (("full", 128), ("empty", 255)):
        Image.new("L", (2_000, 1_500), shade).save(folder / f"{name}.png")
    assert project.import_files([folder / "full.png", folder / "empty.png"]).n_accepted == 2
    across = 50
    places = [(40 * (i % across), 30 * (i // across)) for i in range(n)]
    [lease] = project.lease(1).leases
    found = [{"x": x, "y": y, "width": 30, "height": 20, "label": "good"} for x, y in places]
    _ = project.submit(lease, {"boxes": found})


def _next_items(page: Page, address: str, n: int) -> list[float]:
    page.goto(address)
    page.get_by_text("your item 1", exact=True).wait_for()
    page.evaluate(_WATCH_ITEM)
    for i in range(n):
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        _wait(page, i + 1)
    return page.evaluate("window.took")


def _marks(page: Page, address: str) -> list[float]:
    """Open the marked item again, and mark 50 further words by key: each is selected by two keys, and marked by one."""
    page.goto(address)
    page.get_by_text("your item 1", exact=True).wait_for()
    page.get_by_role("button", name="previous").click()
    page.get_by_role("region", name="Item 0").wait_for()
    text = page.locator("[data-focus=marks]")
    text.focus()
    page.evaluate(_WATCH_KEYS)
    took: list[float] = []
    for _ in range(_N_MARKS):
        for key in ("Control+ArrowRight", "Control+ArrowRight", "Control+Shift+ArrowRight"):
            _ = _pressed(page, key)
        took.append(_pressed(page, "1"))
    return took


def _boxes(page: Page, address: str) -> dict[str, list[float]]:
    """Open the item with boxes again, and draw 50 further ones by key; each key on its own."""
    page.goto(address)
    page.get_by_text("your item 1", exact=True).wait_for()
    page.get_by_role("button", name="previous").click()
    page.get_by_text("answered before").wait_for()
    page.get_by_role("application").focus()
    page.evaluate(_WATCH_KEYS)
    took: dict[str, list[float]] = {}
    for i in range(_N_MARKS):
        for key in (
            f"Arrow{'Left' if i % 2 else 'Up'}",
            "Enter",
            "Control+ArrowRight",
            "Control+ArrowDown",
            "Enter",
            "Control+z",
            "Control+Shift+z",
        ):
            took.setdefault(key, []).append(_pressed(page, key))
    return took


def _pressed(page: Page, key: str) -> float:
    """How long it took until what a key asks for was drawn, in milliseconds."""
    page.keyboard.press(key)
    _wait(page, 1)
    return page.evaluate("window.took.pop()")


def _wait(page: Page, n: int) -> None:
    """Wait for the `n`-th measurement; the page's own rules forbid to wait inside it."""
    while page.evaluate("window.took.length") < n:
        page.wait_for_timeout(5)


def _print(what: str, took: list[float]) -> None:
    ranked = sorted(took)
    p95 = ranked[min(len(ranked) - 1, round(0.95 * len(ranked)))]
    middle = statistics.median(ranked)
    print(f"{what}: median {middle:.0f} ms, p95 {p95:.0f} ms, most {ranked[-1]:.0f} ms (n = {len(ranked)})")


@contextmanager
def _served(home: Path) -> Generator[tuple[str, str]]:
    """The owner's sign-in link and token."""
    command = [_GOLDSMITH, "serve", "--home", home, "--port", "0", "--no-open"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        link = next(line for line in server.stdout if "/sign-in#" in line).strip()
        made = subprocess.run(
            [_GOLDSMITH, "token", "create", "--home", home], capture_output=True, text=True, check=True
        )
        try:
            yield link, made.stdout.strip()
        finally:
            server.send_signal(signal.SIGTERM)


@contextmanager
def _opened(link: str) -> Generator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(_FLAGS))
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(link)
        page.wait_for_url(lambda address: "sign-in" not in address)
        yield page
        browser.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
