"""What a request has to be, and what every answer carries."""

import httpx
import pytest
from litestar import Response, get, post

from goldsmith.server.security import SANDBOXED_DOCUMENT_POLICY
from goldsmith.server.state import AppRequest
from goldsmith.trust.authorize import Role

STRICT = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "media-src 'self' blob:; frame-src 'self'; worker-src 'self'; manifest-src 'self'; font-src 'self'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; require-trusted-types-for 'script'"
)


@pytest.mark.parametrize("path", ["/", "/projects/x", "/healthz", "/schema", "/api/me", "/api/nothing", "/no.js"])
def test_every_answer_carries_the_strict_headers(shared, path):
    headers = shared.client().get(path).headers
    assert headers["content-security-policy"] == POLICY
    assert {name: headers[name] for name in STRICT} == STRICT
    assert "server" not in headers
    assert "strict-transport-security" not in headers


@pytest.mark.parametrize("path", ["/healthz", "/schema", "/metrics", "/api/me", "/api/nothing"])
def test_no_answer_of_the_api_is_kept_by_a_browser_or_proxy(shared, path):
    assert shared.client().get(path).headers["cache-control"] == "no-store"


@get("/api/framed")
async def framed() -> Response[str]:
    headers = {"Content-Security-Policy": SANDBOXED_DOCUMENT_POLICY}
    return Response("<p>other people's content</p>", media_type="text/html", headers=headers)


def test_a_route_may_set_a_policy_of_its_own(serve_with):
    answer = serve_with([framed]).client().get("/api/framed")
    assert answer.headers.get_list("content-security-policy") == [SANDBOXED_DOCUMENT_POLICY]
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8321", "[::1]:9", "LOCALHOST"])
def test_the_names_of_this_machine_are_served(shared, host):
    assert shared.client().get("/healthz", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "", "[::2]"])
def test_another_host_name_is_refused_before_anything_happens(shared, host):
    for path in ("/healthz", "/", "/api/me"):
        answer = shared.client().get(path, headers={"host": host})
        assert answer.status_code == 400
        if answer.headers.get("content-type") == "application/problem+json":
            assert "GOLDSMITH_ALLOWED_HOSTS" in answer.json()["hint"]


def test_allowed_hosts_are_served_too(serve_with):
    served = serve_with(ALLOWED_HOSTS="gold.lan, other.lan", PUBLIC_URL="https://label.example.org")
    for host in ("gold.lan", "other.lan:8321", "label.example.org", "127.0.0.1"):
        assert served.client().get("/healthz", headers={"host": host}).status_code == 200
    assert served.client().get("/healthz", headers={"host": "third.lan"}).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "origin": "self"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {},
    ],
)
def test_another_sites_page_cannot_act_with_our_cookie(shared, headers):
    cookie = shared.signed_in(Role.OWNER).cookies["goldsmith_session"]
    sent = {name: shared.url if value == "self" else value for name, value in headers.items()}
    answer = httpx.post(f"{shared.url}/api/sign-out", headers={"cookie": f"goldsmith_session={cookie}", **sent})
    assert answer.status_code == 403
    assert "another site" in answer.json()["detail"]
    me = httpx.get(f"{shared.url}/api/me", headers={"cookie": f"goldsmith_session={cookie}"})
    assert me.status_code == 200


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}, {"origin": "self"}])
def test_our_own_page_acts_with_its_cookie(shared, headers):
    cookie = shared.signed_in(Role.OWNER).cookies["goldsmith_session"]
    sent = {name: shared.url if value == "self" else value for name, value in headers.items()}
    answer = httpx.post(f"{shared.url}/api/sign-out", headers={"cookie": f"goldsmith_session={cookie}", **sent})
    assert answer.status_code == 204


def test_another_sites_page_cannot_sign_somebody_in(shared):
    token = shared.link_token(Role.ANNOTATOR)
    answer = httpx.post(
        f"{shared.url}/api/sign-in/link", json={"token": token}, headers={"origin": "https://evil.example"}
    )
    assert answer.status_code == 403


def test_a_program_without_a_browser_signs_in_without_an_origin(shared):
    answer = httpx.post(f"{shared.url}/api/sign-in/link", json={"token": shared.link_token(Role.ANNOTATOR)})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_a_body_that_a_form_could_send_is_refused(shared, kind):
    body = b'{"token": "x"}'
    answer = shared.client().post("/api/sign-in/link", content=body, headers={"content-type": kind})
    assert answer.status_code == 400
    assert "application/json" in answer.json()["detail"]


def test_a_body_of_more_than_a_mebibyte_is_refused(shared):
    answer = shared.client().post("/api/sign-in/link", json={"token": "x" * (1 << 20)})
    assert answer.status_code == 413
    assert answer.json()["code"] == "invalid-input"


def test_a_body_without_a_length_is_cut_off_at_a_mebibyte(shared):
    def endless():
        for _ in range(40):
            yield b" " * (1 << 15)

    headers = {"content-type": "application/json"}
    assert shared.client().post("/api/sign-in/link", content=endless(), headers=headers).status_code == 413


@post("/api/big", request_max_body_size=None, status_code=200)
async def big(request: AppRequest) -> int:
    return sum([len(chunk) async for chunk in request.stream()])


def test_a_route_that_streams_may_take_more(serve_with):
    served = serve_with([big])
    answer = served.client().post("/api/big", content=b"a,b\n" * 600_000, headers={"content-type": "text/csv"})
    assert answer.json() == 2_400_000


def test_no_other_site_may_read_an_answer(shared):
    answer = shared.client(origin="https://evil.example").get("/api/me")
    assert "access-control-allow-origin" not in answer.headers
    preflight = shared.client().request(
        "OPTIONS",
        "/api/me/password",
        headers={"origin": "https://evil.example", "access-control-request-method": "PUT"},
    )
    assert "access-control-allow-origin" not in preflight.headers


def test_a_forwarded_address_is_not_believed(served):
    wrong = {"email": "ada@example.org", "password": "not the one at all"}
    statuses = [
        served.client()
        .post("/api/sign-in/password", json=wrong, headers={"x-forwarded-for": f"10.0.0.{n}", "forwarded": f"for={n}"})
        .status_code
        for n in range(6)
    ]
    assert statuses[-1] == 429
