"""Refine reports over HTTP: listed with their counts, and shown in a frame where nothing of them can run."""

import json

import pytest
from labeling_desk import problem

from goldsmith.trust.authorize import Role

PAGE = "<!doctype html><title>What was kept</title><p id=kept>kept 8</p><script>document.title = 'it ran'</script>"
COUNTS = {"n_read": 10, "n_kept": 8, "n_dropped": 1, "n_failed": 1}


@pytest.fixture
def corpora(served):
    """A vault with one whole report, one damaged, and a run under way."""
    folder = served.home.vault("acme").corpora
    for name, content in (("licences", json.dumps(COUNTS | {"name": "licences"})), ("damaged", "{"), ("begun", None)):
        (folder / name).mkdir(parents=True)
        (folder / name / "report.html").write_text(PAGE)
        if content is not None:
            (folder / name / "report.json").write_text(content)
    (folder.parent / "secret.html").write_text("secret")
    return folder


def test_reports_are_listed_with_counts_that_add_up(served, corpora):
    auditor = served.signed_in(Role.AUDITOR)
    (row,) = auditor.get("/api/vaults/acme/refine-reports").json()["rows"]
    assert {name: row[name] for name in ("name", *COUNTS)} == {"name": "licences", **COUNTS}
    assert row["created_at"] > 0
    assert served.signed_in(Role.AUDITOR, "globex").get("/api/vaults/globex/refine-reports").json() == {"rows": []}
    problem(served.signed_in(Role.ANNOTATOR).get("/api/vaults/acme/refine-reports"), 403, "forbidden")


def test_a_report_comes_with_its_own_policy_and_the_edge_leaves_it(served, corpora):
    answer = served.signed_in(Role.MANAGER).get("/api/vaults/acme/refine-reports/licences/report.html")
    assert answer.status_code == 200
    assert answer.text == PAGE
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    (policy,) = answer.headers.get_list("content-security-policy")
    directives = [part.strip() for part in policy.split(";")]
    assert {"sandbox", "default-src 'none'", "frame-ancestors 'self'"} <= set(directives)
    assert "script-src" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "x-frame-options" not in answer.headers


@pytest.mark.parametrize("name", ["nothing", "%2e%2e", "..%2f..", ".hidden", "a%2fb", "x" * 200, "%00", "secret"])
def test_a_name_that_is_no_report_is_not_there(served, corpora, name):
    answer = served.signed_in(Role.MANAGER).get(f"/api/vaults/acme/refine-reports/{name}/report.html")
    assert answer.status_code in {400, 404}
    stranger = served.signed_in(Role.OWNER, "globex")
    problem(stranger.get("/api/vaults/globex/refine-reports/licences/report.html"), 404, "not-found")


@pytest.mark.browser
def test_the_app_can_frame_a_report_and_nothing_in_it_runs(served, corpora, browser):
    manager = served.signed_in(Role.MANAGER)
    path = "/api/vaults/acme/refine-reports/licences/report.html"
    with browser.new_context() as context:
        context.add_cookies(
            [{"name": name, "value": value, "url": served.url} for name, value in manager.cookies.items()]
        )
        page = context.new_page()
        page.goto(f"{served.url}/nothing-here")
        page.evaluate(
            "path => { const frame = document.createElement('iframe'); frame.sandbox = ''; frame.src = path;"
            " document.body.append(frame) }",
            path,
        )
        frame = page.frame_locator("iframe")
        assert frame.locator("#kept").inner_text() == "kept 8"
        assert page.frames[-1].title() == "What was kept"
