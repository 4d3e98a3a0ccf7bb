"""What the browser tests share: a served home, texts that a classifier can learn from, the labelling screen's words."""

import csv
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, BrowserContext, Page, expect

WAIT_MS = 60_000
JOB_MS = 240_000  # a model that learns for the first time, on a machine that others use too
NewContext = Callable[..., BrowserContext]
VAULT = "default"
DELIVERY = "Delivery"
PRODUCT = "Product"
SCHEMA: dict[str, Any] = {
    "fields": [{"name": "review", "type": "text"}],
    "questions": [
        {
            "type": "choice",
            "name": "about",
            "label": "What is the review about?",
            "required": True,
            "options": [{"value": DELIVERY, "label": DELIVERY}, {"value": PRODUCT, "label": PRODUCT}],
        }
    ],
}

_GOLDSMITH = Path(sys.executable).with_name("goldsmith")
_OPENINGS = {
    DELIVERY: ("The parcel", "My order", "The courier", "The package", "The shipment"),
    PRODUCT: ("The kettle", "This lamp", "The keyboard", "The jacket", "This blender"),
}
_MIDDLES = {
    DELIVERY: (
        "was delivered three days late",
        "arrived at the wrong address",
        "was left outside in the rain",
        "came a day earlier than the tracking said",
        "got stuck at the depot for a week",
        "was handed to a neighbour by the driver",
    ),
    PRODUCT: (
        "broke after two weeks of daily use",
        "feels solid and well made",
        "has a switch that squeaks",
        "is lighter and quieter than my old one",
        "smells of cheap plastic when warm",
        "looks exactly like the colour in the picture",
    ),
}
_ENDINGS = {
    DELIVERY: (
        "and nobody answered the tracking hotline.",
        "although I paid for express shipping.",
        "and the driver was friendly about it.",
        "so the parcel shop had to send it back.",
    ),
    PRODUCT: (
        "and the material still looks new.",
        "so the quality is not worth the price.",
        "and the battery lasts all day.",
        "but the handle gets too hot.",
    ),
}


def reviews(n: int, rng: np.random.Generator) -> list[dict[str, str]]:
    """`n` different reviews, half about the delivery and half about the product, mixed; `kind` is the truth."""
    rows = [_review(i, (DELIVERY, PRODUCT)[i % 2], rng) for i in range(n)]
    return [rows[int(i)] for i in rng.permutation(n)]


def _review(i: int, kind: str, rng: np.random.Generator) -> dict[str, str]:
    parts = [str(rng.choice(choices[kind])) for choices in (_OPENINGS, _MIDDLES, _ENDINGS)]
    stars = int(rng.integers(1, 6))
    return {"id": f"r{i:04d}", "review": f"{' '.join(parts)} Order {7_000 + 13 * i}, {stars} of 5 stars.", "kind": kind}


def truth_of(text: str) -> str:
    """What a person answers who has read the review."""
    return DELIVERY if any(middle in text for middle in _MIDDLES[DELIVERY]) else PRODUCT


def write_csv(path: Path, rows: Sequence[dict[str, str]], columns: Sequence[str]) -> Path:
    """A CSV file with these columns of the rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def goldsmith(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """What the command line says and how it ends."""
    return subprocess.run([_GOLDSMITH, *arguments], capture_output=True, text=True, check=False, timeout=120)


@dataclass(frozen=True, kw_only=True, slots=True)
class Served:
    """A server that runs as its own process, and the one-time link that it printed."""

    url: str
    link: str
    home: Path

    def token(self) -> str:
        """A new API token of the owner."""
        made = goldsmith("token", "create", "--home", self.home)
        assert made.returncode == 0, made.stderr
        return made.stdout.strip()


@contextmanager
def serving(home: Path) -> Iterator[Served]:
    """`goldsmith serve` on a free port until the end of the block, which must end it in order."""
    log = home.with_suffix(".log")
    command = [_GOLDSMITH, "serve", "--home", home, "--port", "0", "--no-open"]
    with log.open("w") as errors, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as server:
        assert server.stdout is not None
        try:
            said: list[str] = []
            for line in server.stdout:
                said.append(line)
                if "/sign-in#" in line:
                    break
            else:
                raise AssertionError(f"no sign-in link:\n{''.join(said)}\n{log.read_text()}")
            link = said[-1].strip()
            yield Served(url=link.partition("/sign-in#")[0], link=link, home=home)
        finally:
            server.send_signal(signal.SIGTERM)
            code = server.wait(timeout=60)
    assert code == 0, log.read_text()


def way_in(browser: Browser, served: Served) -> Any:
    """What contexts start with to be signed in as the owner: the one-time link is used up here."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(served.link)
    expect(page.get_by_role("link", name="Reviews", exact=True)).to_be_visible()
    cookies = context.storage_state()
    context.close()
    return cookies


def answer_by_keyboard(page: Page, nth: int) -> tuple[str, str]:
    """Answer the open item, this person's `nth`, with two keys, and wait for the next; its id and the answer."""
    expect(page.get_by_text(f"your item {nth}", exact=True)).to_be_visible()
    item = page.get_by_role("region", name="Item ")
    external_id = (item.get_attribute("aria-label") or "").removeprefix("Item ")
    answer = truth_of(item.inner_text())
    page.keyboard.press("1" if answer == DELIVERY else "2")
    expect(page.get_by_role("button", name=answer, pressed=True)).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"your item {nth + 1}", exact=True)).to_be_visible()
    return external_id, answer
