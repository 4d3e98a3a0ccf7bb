"""Releases over HTTP: made by a job, unchanged content makes no new one, files come byte for byte."""

import csv
import hashlib
import io
import json
from pathlib import Path

import pytest
from labeling_desk import new_desk, problem
from labeling_jobs import finished, jobs_run, released

from goldsmith.kit.clock import FixedClock
from goldsmith.settings import load_settings
from goldsmith.trust.authorize import Role
from goldsmith.trust.logs import read_checkpoint
from goldsmith.trust.reports import VerifyStatus
from goldsmith.trust.verifier import verify_release


@pytest.fixture(scope="module")
def office(tmp_path_factory, request):
    """A project with two releases: between them one answer was changed and one item added."""
    conftest = request.config.pluginmanager.getplugin(str(Path(__file__).parent / "conftest.py"))
    path = tmp_path_factory.mktemp("releases") / "home"
    with conftest.served_home(path, FixedClock(), load_settings({})) as served, jobs_run(served) as loop:
        desk = new_desk(served.signed_in(Role.MANAGER), name="Moods of texts")
        desk.add_texts([f"text {i}" for i in range(4)] + ["=HYPERLINK(1)", "Ünïcode \U0001f600"])
        for row in desk.items():
            desk.submit(row["id"], {"mood": "good"})
        first, again = released(desk, loop), released(desk, loop)
        desk.submit(desk.items()[0]["id"], {"mood": "bad"})
        desk.add_texts(["one more"], start=50)
        second = released(desk, loop)
        empty = new_desk(desk.client, name="Empty")
        refused = finished(empty, loop, empty.client.post(f"{empty.path}/releases", json={}))
        yield {"served": served, "desk": desk, "results": (first, again, second), "refused": refused}


@pytest.fixture
def desk(office):
    return office["desk"]


def test_unchanged_content_is_the_same_release(office):
    first, again, second = office["results"]
    assert (first["release"], first["is_new"], first["n_items"]) == ("v1", True, 6)
    assert {**again, "is_new": True} == first
    assert (second["release"], second["n_items"]) == ("v2", 7)
    assert second["content_root"] != first["content_root"]


def test_a_project_without_items_has_nothing_to_release(office):
    assert (office["refused"]["state"], office["refused"]["error"]["code"]) == ("failed", "invalid-input")
    assert "no items" in office["refused"]["error"]["detail"]


def test_releases_verify_offline(office):
    key = office["served"].home.vault("acme").key.verifying
    for result in office["results"]:
        report = verify_release(Path(result["folder"]), key)
        assert (report.status, report.faults) == (VerifyStatus.OK, ())


def test_releases_are_listed_newest_first(desk):
    rows = desk.get("releases").json()["rows"]
    assert [(row["version"], row["n_items"]) for row in rows] == [("v2", 7), ("v1", 6)]
    assert rows[0]["accuracy_text"] == "not estimated: no audit sample"


def test_a_release_tells_what_it_is_and_what_changed(desk):
    shown = desk.get("releases/v2").json()
    assert shown["certificate"]["title"] == "Moods of texts"
    assert shown["certificate"]["n_items"] == 7
    assert shown["certificate"]["log"]["size"] > 0
    assert len(shown["verify_commands"]) == 3
    assert (shown["since"], shown["changes"]) == ("v1", {"n_added": 1, "n_removed": 0, "n_changed": 1})
    first = desk.get("releases/v1").json()
    assert (first["since"], first["changes"]) == (None, None)
    assert "/home" not in json.dumps(shown)


def test_every_file_comes_byte_for_byte(desk):
    files = desk.get("releases/v2").json()["files"]
    names = {entry["name"] for entry in files}
    assert {"items.parquet", "items.jsonl", "manifest.json"} <= names
    for entry in files:
        answer = desk.get(f"releases/v2/files/{entry['name']}")
        assert answer.status_code == 200
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert len(answer.content) == entry["size_bytes"]
        assert hashlib.sha256(answer.content).hexdigest() == entry["sha256"]


@pytest.mark.parametrize(
    "name",
    [
        "nothing.txt",
        "%2e%2e/v1/manifest.json",
        "..%2fv1%2fmanifest.json",
        "%2e%2e%2f%2e%2e%2f%2e%2e%2fvault.db",
        "%2fetc%2fpasswd",
        "/etc/passwd",
        "rows/%2e%2e/manifest.json",
        "manifest.json%00",
        "rows",
        "..\\manifest.json",
        "x" * 3000,
    ],
)
def test_a_name_leads_nowhere_else(desk, name):
    answer = desk.client.get(f"{desk.path}/releases/v2/files/{name}")
    assert answer.status_code in {400, 404}, (name, answer.text[:200])
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("version", ["v3", "v0", "%2e%2e", "V1", "v1%20", "x" * 3000])
def test_a_release_that_was_not_made_is_not_there(desk, version):
    for place in ("", "/items.csv", "/files/manifest.json"):
        problem(desk.client.get(f"{desk.path}/releases/{version}{place}"), 404, "not-found")


def test_the_table_is_safe_to_open_in_a_spreadsheet(desk):
    answer = desk.get("releases/v1/items.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="moods-of-texts-v1.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert len(rows) == 6
    cells = [cell for row in rows for cell in row.values()]
    assert "'=HYPERLINK(1)" in cells
    assert "Ünïcode \U0001f600" in cells
    assert not [cell for cell in cells if cell[:1] in "=+@\t" and cell]


def test_the_log_of_the_vault_is_signed(office, desk):
    answer = desk.client.get(f"{desk.vault_path}/log/checkpoint")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    vault = office["served"].home.vault("acme")
    said = read_checkpoint(answer.text, vault.key.verifying)
    assert said.origin == vault.origin
    assert said.size >= desk.get("releases/v2").json()["certificate"]["log"]["size"]


def test_a_release_whose_folder_is_gone_says_so(office, desk):
    folder = Path(office["results"][0]["folder"])
    folder.rename(folder.with_name("hidden"))
    try:
        for place in ("", "/items.csv", "/files/manifest.json"):
            told = problem(desk.get(f"releases/v1{place}"), 404, "not-found")
            assert "gone or damaged" in told["detail"]
            assert str(folder) not in told["detail"]
        assert desk.get("releases/v2").json()["since"] is None
    finally:
        folder.with_name("hidden").rename(folder)


def test_who_may_not_see_releases_is_told(office, desk):
    served = office["served"]
    annotator = desk.of(served.signed_in(Role.ANNOTATOR))
    for place in ("releases", "releases/v1", "releases/v1/items.csv", "releases/v1/files/manifest.json"):
        problem(annotator.get(place), 403, "forbidden")
    auditor = desk.of(served.signed_in(Role.AUDITOR))
    assert auditor.get("releases/v1/files/manifest.json").status_code == 200
    problem(auditor.client.post(f"{desk.path}/releases", json={}), 403, "forbidden")
