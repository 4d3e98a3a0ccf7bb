"""Fixtures that every test may use: a real PostgreSQL, a real Chromium, reproducible randomness."""

import logging
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import numpy as np
import pytest
from playwright.sync_api import Browser, sync_playwright

from tools.browsers import find_chromium
from tools.postgresql import find_postgresql, throwaway_cluster

NO_POSTGRESQL = "no PostgreSQL server is installed (Debian: apt-get install postgresql)"
NO_CHROMIUM = "no Chromium is installed (Debian: apt-get install chromium)"
SEED = 20_261_121
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
BROWSER_START_MS = 60_000
TAKE_LONG = ("journeys", "browser")

# Property tests draw the same examples in every run: a red build is red again on the next machine.
hypothesis.settings.register_profile("goldsmith", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.load_profile("goldsmith")

_skips = pytest.StashKey[Counter[str]]()


@pytest.fixture(scope="session", autouse=True)
def _quiet_environment() -> Iterator[None]:
    """No telemetry, and no setting of the person who runs the tests."""
    kept = dict(os.environ)
    os.environ["DO_NOT_TRACK"] = "1"
    for name in [name for name in os.environ if name.startswith("GOLDSMITH_")]:
        del os.environ[name]
    yield
    os.environ.clear()
    os.environ.update(kept)


@pytest.fixture(autouse=True)
def _restored_logging() -> Iterator[None]:
    """The root logger as it was: commands set it up for the whole process."""
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    yield
    root.setLevel(level)
    root.handlers[:] = handlers


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The URL of a throwaway server's `postgres` database, as a user who may create databases."""
    programs = find_postgresql()
    if programs is None:
        pytest.skip(NO_POSTGRESQL)
    with throwaway_cluster(programs) as cluster:
        yield cluster.url


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The Chromium to drive, for `playwright.chromium.launch(executable_path=...)`."""
    found = find_chromium()
    if found is None:
        pytest.skip(NO_CHROMIUM)
    return found


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    """Chromium without a window, for one module: while it runs, no other event loop can in this thread."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS, timeout=BROWSER_START_MS)
        yield browser
        browser.close()


@pytest.fixture
def rng() -> np.random.Generator:
    """A generator that gives every test the same numbers in every run."""
    return np.random.default_rng(SEED)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """After they were shuffled, put those that take long in front, so that no core waits for the last of them."""
    items.sort(key=lambda item: item.path.parent.name not in TAKE_LONG)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    reports: list[pytest.TestReport] = terminalreporter.stats.get("skipped", [])
    config.stash[_skips] = Counter(_reason(report) for report in reports)


def pytest_unconfigure(config: pytest.Config) -> None:
    """The last line of a whole run says what was not tested, and why."""
    is_whole_run = config.args_source == pytest.Config.ArgsSource.TESTPATHS and not config.option.collectonly
    if not is_whole_run or _skips not in config.stash:
        return
    said = [f"{n} skipped: {reason}" for reason, n in sorted(config.stash[_skips].items())]
    print("; ".join(said) or "Nothing was skipped.")


def _reason(report: pytest.TestReport) -> str:
    match report.longrepr:
        case (_, _, str() as reason):
            return reason.removeprefix("Skipped: ")
        case other:
            return str(other)
