"""A real Chromium, and a real server as its own process."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from browser_lab import WAIT_MS, NewContext, Served, serving
from playwright.sync_api import Browser, BrowserContext, expect


@pytest.fixture(scope="session")
def _built_app() -> None:
    """Browser tests need the app; `expect` waits as long as everything else."""
    package = find_spec("goldsmith")
    assert package is not None and package.origin is not None
    if not (Path(package.origin).parent / "_ui" / "index.html").is_file():
        pytest.skip("the browser app is not built (make web)")
    expect.set_options(timeout=WAIT_MS)


@pytest.fixture
def new_context(_built_app: None, browser: Browser) -> Iterator[NewContext]:
    """Makes browser contexts as `Browser.new_context` does; a page's error in any of them fails the test."""
    opened: list[BrowserContext] = []
    faults: list[str] = []

    def make(**options: object) -> BrowserContext:
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        context.set_default_timeout(WAIT_MS)
        context.on("weberror", lambda fault: faults.append(str(fault.error)))
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()
    assert faults == []


@pytest.fixture
def served(_built_app: None, browser: Browser, tmp_path: Path) -> Iterator[Served]:
    """A server of a new home, for one test."""
    with serving(tmp_path / "home") as running:
        yield running
