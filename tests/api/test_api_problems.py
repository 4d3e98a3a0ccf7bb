"""Errors: one form, stable codes, the place of what is wrong, and nothing internal."""

import logging

import pytest
from litestar import get
from litestar.params import FromPath

from goldsmith.errors import Conflict, KeyMissing, StorageError
from goldsmith.trust.authorize import Role

FIELDS = {"type", "title", "status", "detail", "code", "request_id"}


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ("GET /api/me", 401, "unauthenticated"),
        ("GET /api/nothing", 404, "not-found"),
        ("GET /api/vaults/acme/people/x/y/z", 404, "not-found"),
        ("PATCH /api/me", 405, "invalid-input"),
        ("GET /assets/nothing.js", 404, "not-found"),
        ("DELETE /", 404, "not-found"),
    ],
)
def test_a_problem_has_a_stable_code_and_one_form(shared, asked, status, code):
    answer = shared.client().request(*asked.split())
    problem = answer.json()
    assert answer.status_code == problem["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["code"] == code
    assert problem["type"] == f"urn:goldsmith:problem:{code}"
    assert FIELDS <= problem.keys() <= FIELDS | {"hint", "errors"}
    assert len(problem["request_id"]) == 16


@pytest.mark.parametrize(
    ("body", "path", "message"),
    [
        (b'{"token": 5}', "token", "str"),
        (b"{}", "", "token"),
        (b'{"token": "x", "admin": true}', "", "admin"),
        (b'{"token": ""}', "token", "length"),
        (b"[]", "", "object"),
        (b"{", "", "truncated"),
        (b"\xff\xfe", "", "malformed"),
        (b'{"token": "\xff"}', "", "utf-8"),
        (b'{"token": "\\ud800"}', "", "truncated"),
        (b"", "", "json is needed"),
    ],
)
def test_unusable_input_names_the_place(shared, body, path, message):
    answer = shared.client().post("/api/sign-in/link", content=body, headers={"content-type": "application/json"})
    problem = answer.json()
    assert answer.status_code == 400
    assert problem["code"] == "invalid-input"
    places = problem.get("errors") or [{"path": "", "message": problem["detail"]}]
    assert places[0]["path"] == path
    assert message in places[0]["message"].casefold()


@pytest.mark.parametrize("path", ["/api/tokens/a%00b", "/api/nothing?q=%00", "/%00"])
def test_an_address_with_a_nul_is_refused_the_same_on_both_engines(shared, path):
    assert shared.client().get(path).status_code == 400


def test_a_number_in_quotes_is_not_a_number(shared):
    client = shared.signed_in(Role.OWNER)
    wanted = {"name": "ci", "vault": "acme", "role": "auditor", "expires_in_days": "30"}
    problem = client.post("/api/tokens", json=wanted).json()
    assert (problem["code"], problem["errors"][0]["path"]) == ("invalid-input", "expires_in_days")


@get("/api/fails/{how:str}", include_in_schema=False)
async def fails(how: FromPath[str]) -> None:
    match how:
        case "unforeseen":
            raise ZeroDivisionError("the secret is 42")
        case "own":
            raise KeyMissing("no signing key can be read at /srv/gold/keys/vault.key")
        case "conflict":
            raise Conflict("It is stored already.", hint="Send something else.")
        case _:
            raise StorageError("The disk is full.", hint="Free some space and send it again.")


@pytest.mark.parametrize(("how", "secret"), [("unforeseen", "42"), ("own", "/srv/gold")])
def test_a_failure_of_the_server_tells_nothing_and_is_logged_once(serve_with, caplog, how, secret):
    served = serve_with([fails])
    with caplog.at_level(logging.ERROR):
        answer = served.client().get(f"/api/fails/{how}")
    problem = answer.json()
    assert answer.status_code == 500
    assert problem["code"] == "error"
    assert secret not in answer.text
    records = [record for record in caplog.records if record.name.startswith("goldsmith")]
    assert len(records) == 1
    assert problem["request_id"] in records[0].getMessage()
    assert records[0].exc_info is not None


def test_an_error_that_was_meant_says_how_to_go_on(serve_with, caplog):
    served = serve_with([fails])
    conflict = served.client().get("/api/fails/conflict")
    assert conflict.status_code == 409
    assert (conflict.json()["detail"], conflict.json()["hint"]) == ("It is stored already.", "Send something else.")
    full = served.client().get("/api/fails/full")
    assert (full.status_code, full.json()["code"]) == (507, "storage")
    assert not caplog.records
