"""From nothing to a certified release by clicking, with no documentation read."""

import csv
import re
from pathlib import Path
from urllib.parse import urljoin

import numpy as np
import pytest
from browser_lab import (
    DELIVERY,
    JOB_MS,
    PRODUCT,
    NewContext,
    Served,
    answer_by_keyboard,
    goldsmith,
    reviews,
    truth_of,
    write_csv,
)
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser
N_TEXTS = 500
N_ANSWERS = 10


def test_a_newcomers_first_ten_minutes(
    served: Served, new_context: NewContext, tmp_path: Path, rng: np.random.Generator
) -> None:
    page = new_context(accept_downloads=True).new_page()
    table = write_csv(tmp_path / "shop_reviews.csv", reviews(N_TEXTS, rng), ("id", "review"))

    page.goto(served.link)
    page.get_by_role("link", name="New project").first.click()
    _make_a_project(page, table)
    page.get_by_role("link", name="Label", exact=True).first.click()
    for nth in range(1, N_ANSWERS + 1):
        answer_by_keyboard(page, nth)
    expect(page.get_by_test_id("save-state")).to_have_text("saved ✓")

    page.get_by_role("link", name="Overview", exact=True).click()
    _see_progress_and_agreement(page)
    page.get_by_role("button", name="Make a release").click()
    page.get_by_role("link", name="Releases", exact=True).click()
    page.get_by_role("link", name="v1", exact=True).click(timeout=JOB_MS)
    fingerprint = _read_the_certificate(page)
    _download_and_check_the_csv(page, tmp_path / "downloaded.csv")
    release = _download_the_release(page, tmp_path / "release")
    page.close()

    sound = goldsmith("verify", release)
    assert sound.returncode == 0, sound.stdout + sound.stderr
    assert fingerprint in sound.stdout
    _change_one_byte(release / "items.jsonl")
    changed = goldsmith("verify", release)
    assert changed.returncode == 8
    assert "items.jsonl" in changed.stdout + changed.stderr


def _make_a_project(page: Page, table: Path) -> None:
    expect(page.get_by_role("heading", name="Drop your data here")).to_be_visible()
    files = page.evaluate_handle(
        """([name, text]) => {
            const files = new DataTransfer();
            files.items.add(new File([text], name, { type: 'text/csv' }));
            return files;
        }""",
        [table.name, table.read_text(encoding="utf-8")],
    )
    page.get_by_role("region", name="File", exact=True).dispatch_event("drop", {"dataTransfer": files})
    expect(page.get_by_label("review", exact=True)).to_be_checked()
    expect(page.get_by_label("Name of the project")).to_have_value("shop reviews")
    create = page.get_by_role("button", name="Create the project and import")
    expect(create).to_be_disabled()
    page.get_by_label("What do you ask?").fill("What is the review about?")
    page.get_by_label("Entry 1", exact=True).fill(DELIVERY)
    page.get_by_label("Entry 2", exact=True).fill(PRODUCT)
    preview = page.get_by_role("complementary", name="Preview")
    expect(preview.get_by_role("button", name=PRODUCT)).to_be_visible()
    page.get_by_label("Let a text classifier learn").check()
    create.click()
    report = page.get_by_role("region", name="What was imported")
    expect(_count(report, "Accepted")).to_have_text(str(N_TEXTS))
    expect(_count(report, "Rejected")).to_have_text("0")


def _count(report: Locator, name: str) -> Locator:
    return report.locator("dl > div").filter(has_text=name).get_by_role("definition")


def _see_progress_and_agreement(page: Page) -> None:
    """The page looks anew by itself; nothing is clicked until the model has answered."""
    model = page.get_by_role("row").filter(has_text="Model: text-classifier")
    expect(model).to_be_visible(timeout=JOB_MS)
    cells = model.get_by_role("cell")
    expect(cells.first).to_have_text(re.compile(r"text-classifier\s*\S+"))
    expect(cells.nth(1)).to_have_text(re.compile(r"^(4\d\d|500)$"))
    expect(cells.nth(2)).to_have_text(re.compile(r"^\d+(\.\d)?%$"))
    expect(page.get_by_text(f"answers in all, {N_ANSWERS} by people")).to_be_visible()
    agreement = page.locator("section").filter(has=page.get_by_role("heading", name="Agreement", exact=True))
    expect(agreement).to_contain_text("Krippendorff")
    expect(agreement).to_contain_text(re.compile(r"\d\.\d+"))
    expect(page.get_by_text("not estimated", exact=False).first).to_be_visible()


def _read_the_certificate(page: Page) -> str:
    certificate = page.get_by_role("article").filter(has_text="Certificate of a data release")
    expect(certificate).to_contain_text("text-classifier")
    expect(certificate).to_contain_text(f"{N_ANSWERS} answers")
    expect(certificate).to_contain_text(re.compile("not estimated", re.IGNORECASE))
    verify = page.locator("section").filter(has=page.get_by_role("heading", name="Verify it yourself"))
    expect(verify.get_by_role("listitem")).to_have_count(3)
    return verify.locator("p.print").inner_text().strip()


def _download_and_check_the_csv(page: Page, path: Path) -> None:
    """The table has every text, and what the few answers taught is right for nearly all of them."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    download.value.save_as(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == N_TEXTS
    right = sum(truth_of(text) in row.values() for row in rows for text in [" ".join(row.values())])
    assert right > 0.8 * N_TEXTS


def _download_the_release(page: Page, folder: Path) -> Path:
    """Every file that the page links, one by a click, the others from the addresses that it gives, signed in."""
    files = page.locator("section").filter(has=page.get_by_role("heading", name="Files", exact=True))
    for link in files.locator("li").get_by_role("link").all():
        name = link.inner_text().strip()
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if name == "manifest.json":
            with page.expect_download() as download:
                link.click()
            download.value.save_as(folder / name)
        else:
            answer = page.request.get(urljoin(page.url, link.get_attribute("href")))
            assert answer.ok, name
            (folder / name).write_bytes(answer.body())
    return folder


def _change_one_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
