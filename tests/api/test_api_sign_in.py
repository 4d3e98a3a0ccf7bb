"""Signing in by link and password, sessions and their ends."""

import pytest

from goldsmith.kit.clock import HOUR, MINUTE, SECOND
from goldsmith.trust.authorize import Role
from goldsmith.trust.tokens import TokenKind, make_token

PASSWORD = "seven quiet otters"
EMAIL = "ada@example.org"


def test_a_link_opens_a_session_and_is_used_up(served):
    token = served.link_token(Role.ANNOTATOR)
    client = served.client()
    answer = client.post("/api/sign-in/link", json={"token": token})
    assert answer.status_code == 200
    assert answer.json()["engagements"] == [{"vault": "acme", "client_name": "Acme", "role": "annotator"}]
    assert client.get("/api/me").json() == answer.json()
    again = served.client().post("/api/sign-in/link", json={"token": token})
    assert again.status_code == 401
    assert again.json()["code"] == "unauthenticated"
    assert "used" in again.json()["detail"]


def test_a_link_works_for_fifteen_minutes(served, clock):
    early, late = served.link_token(Role.ANNOTATOR), served.link_token(Role.ANNOTATOR)
    clock.advance(15 * MINUTE - 1)
    assert served.client().post("/api/sign-in/link", json={"token": early}).status_code == 200
    clock.advance(1)
    assert served.client().post("/api/sign-in/link", json={"token": late}).status_code == 401


@pytest.mark.parametrize("kind", list(TokenKind))
def test_an_unknown_token_opens_nothing(served, kind):
    token = make_token(kind)
    assert served.client().post("/api/sign-in/link", json={"token": token}).status_code == 401
    assert served.client(bearer=token).get("/api/me").status_code == 401
    client = served.client()
    client.cookies.set("goldsmith_session", token)
    assert client.get("/api/me").status_code == 401


def test_a_link_is_no_bearer_token(served):
    assert served.client(bearer=served.link_token(Role.OWNER)).get("/api/me").status_code == 401


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(served):
    answer = served.client().post("/api/sign-in/link", json={"token": served.link_token(Role.ANNOTATOR)})
    name, *attributes = answer.headers["set-cookie"].split("; ")
    assert name.startswith("goldsmith_session=gsm_session_")
    assert set(attributes) == {"Path=/", "Max-Age=86400", "HttpOnly", "SameSite=Lax"}


def test_behind_tls_the_cookie_is_bound_to_the_host(serve_with):
    served = serve_with(PUBLIC_URL="https://label.example.org")
    token = served.link_token(Role.ANNOTATOR)
    headers = {"host": "label.example.org", "origin": "https://label.example.org"}
    answer = served.client().post("/api/sign-in/link", json={"token": token}, headers=headers)
    name, *attributes = answer.headers["set-cookie"].split("; ")
    assert name.startswith("__Host-goldsmith_session=")
    assert {"Secure", "Path=/", "HttpOnly"} <= set(attributes)
    assert "strict-transport-security" in answer.headers
    cookie = {"cookie": name, **headers}
    assert served.client().get("/api/me", headers=cookie).status_code == 200


def test_signing_out_ends_the_session_on_the_server(served):
    client = served.signed_in(Role.ANNOTATOR)
    cookie = client.cookies["goldsmith_session"]
    assert client.get("/api/me").status_code == 200
    out = client.post("/api/sign-out")
    assert out.status_code == 204
    assert "Max-Age=0" in out.headers["set-cookie"]
    stolen = served.client()
    stolen.cookies.set("goldsmith_session", cookie)
    assert stolen.get("/api/me").status_code == 401


def test_signing_out_twice_or_signed_out_is_no_error(served):
    client = served.client()
    assert client.post("/api/sign-out").status_code == 204


def test_signing_in_again_ends_the_session_that_the_browser_had(served):
    client = served.signed_in(Role.ANNOTATOR)
    before = client.cookies["goldsmith_session"]
    assert client.post("/api/sign-in/link", json={"token": served.link_token(Role.MANAGER)}).status_code == 200
    old = served.client()
    old.cookies.set("goldsmith_session", before)
    assert old.get("/api/me").status_code == 401
    assert client.get("/api/me").json()["engagements"][0]["role"] == "manager"


def test_an_idle_session_ends_after_twelve_hours(served, clock):
    client = served.signed_in(Role.ANNOTATOR)
    clock.advance(12 * HOUR - SECOND)
    assert client.get("/api/me").status_code == 200
    clock.advance(12 * HOUR - 2 * SECOND)
    assert client.get("/api/me").status_code == 200
    idle = served.signed_in(Role.ANNOTATOR)
    clock.advance(12 * HOUR)
    assert idle.get("/api/me").status_code == 401


def test_a_used_session_ends_after_a_day(served, clock):
    client = served.signed_in(Role.ANNOTATOR)
    for _ in range(24):
        assert client.get("/api/me").status_code == 200
        clock.advance(HOUR)
    assert client.get("/api/me").status_code == 401


def _with_password(served, *, email=EMAIL):
    client = served.signed_in(Role.ANNOTATOR, email=email)
    answer = client.put("/api/me/password", json={"password": PASSWORD})
    assert answer.status_code == 204, answer.text
    return client


def test_a_password_signs_in_whatever_the_case_of_the_address(served):
    _with_password(served)
    client = served.client()
    answer = client.post("/api/sign-in/password", json={"email": "ADA@Example.org", "password": PASSWORD})
    assert answer.status_code == 200
    assert answer.json()["has_password"] is True
    assert client.get("/api/me").status_code == 200


def test_a_wrong_password_and_an_unknown_person_look_the_same(served):
    _with_password(served)
    wrong = served.client().post("/api/sign-in/password", json={"email": EMAIL, "password": "not the one at all"})
    unknown = served.client().post("/api/sign-in/password", json={"email": "eve@example.org", "password": PASSWORD})
    malformed = served.client().post("/api/sign-in/password", json={"email": "eve at home", "password": PASSWORD})
    assert wrong.status_code == unknown.status_code == malformed.status_code == 401
    assert wrong.json()["detail"] == unknown.json()["detail"] == malformed.json()["detail"]


def test_a_new_password_needs_the_present_one_and_ends_other_sessions(served):
    client = _with_password(served)
    other = served.client()
    other.post("/api/sign-in/password", json={"email": EMAIL, "password": PASSWORD})
    assert other.get("/api/me").status_code == 200
    new = "eleven loud herons"
    for current in (None, "not the present one"):
        refused = client.put("/api/me/password", json={"password": new, "current": current})
        assert refused.status_code == 400
        assert "present password" in refused.json()["detail"]
    assert client.put("/api/me/password", json={"password": new, "current": PASSWORD}).status_code == 204
    assert client.get("/api/me").status_code == 200
    assert other.get("/api/me").status_code == 401
    assert served.client().post("/api/sign-in/password", json={"email": EMAIL, "password": new}).status_code == 200


def test_an_easy_password_is_refused_with_the_reason(served):
    client = served.signed_in(Role.ANNOTATOR)
    answer = client.put("/api/me/password", json={"password": "password1234"})
    assert answer.status_code == 400
    assert "first that anybody" in answer.json()["detail"]


def test_failed_attempts_run_out_for_one_address_and_account_and_come_back(served, clock):
    _with_password(served)
    client = served.client()
    wrong = {"email": EMAIL, "password": "not the one at all"}
    statuses = [client.post("/api/sign-in/password", json=wrong).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    refused = client.post("/api/sign-in/password", json={"email": EMAIL, "password": PASSWORD})
    assert refused.status_code == 429
    assert refused.json()["code"] == "too-many-requests"
    wait_s = int(refused.headers["retry-after"])
    assert 1 <= wait_s <= 12
    elsewhere = client.post("/api/sign-in/password", json={"email": "eve@example.org", "password": PASSWORD})
    assert elsewhere.status_code == 401
    clock.advance(wait_s * SECOND)
    assert client.post("/api/sign-in/password", json={"email": EMAIL, "password": PASSWORD}).status_code == 200


def test_a_right_password_gives_the_attempts_back(served):
    _with_password(served)
    client = served.client()
    for _ in range(2):
        for _ in range(4):
            client.post("/api/sign-in/password", json={"email": EMAIL, "password": "not the one at all"})
        assert client.post("/api/sign-in/password", json={"email": EMAIL, "password": PASSWORD}).status_code == 200


def test_a_link_that_one_client_gave_cannot_set_the_password_of_an_account_with_others(served):
    client = served.owner()
    person = client.get("/api/me").json()["person_id"]
    link = client.post(f"/api/vaults/acme/people/{person}/sign-in-link").json()["sign_in_link"]
    scoped = served.client()
    assert scoped.post("/api/sign-in/link", json={"token": link.partition("#")[2]}).status_code == 200
    assert [one["vault"] for one in scoped.get("/api/me").json()["engagements"]] == ["acme"]
    assert scoped.get("/api/vaults/globex/people").status_code == 404
    refused = scoped.put("/api/me/password", json={"password": PASSWORD})
    assert refused.status_code == 403
    assert [one["vault"] for one in client.get("/api/me").json()["engagements"]] == ["acme", "globex"]
