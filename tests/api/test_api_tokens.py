"""API tokens: shown once, for one vault, never more than their maker."""

import pytest

from goldsmith.kit.clock import DAY, MINUTE
from goldsmith.trust.authorize import Role

WANTED = {"name": "nightly import", "vault": "acme", "role": "manager", "expires_in_days": 7}


def test_a_token_is_shown_once_and_opens_its_vault(served, clock):
    client = served.signed_in(Role.MANAGER)
    made = client.post("/api/tokens", json=WANTED)
    assert made.status_code == 201
    token = made.json()
    assert token["token"].startswith("gsm_api_")
    assert token["prefix"] == token["token"][:12]
    assert token["expires_at"] == clock.now() + 7 * DAY
    listed = client.get("/api/tokens")
    assert token["token"] not in listed.text
    assert listed.json()["rows"] == [{name: value for name, value in token.items() if name != "token"}]
    me = served.client(bearer=token["token"]).get("/api/me").json()
    assert [(one["vault"], one["role"]) for one in me["engagements"]] == [("acme", "manager")]


def test_a_token_opens_one_vault_of_a_person_with_two(shared):
    owner = shared.owner()
    token = owner.post("/api/tokens", json={**WANTED, "role": "owner"}).json()["token"]
    client = shared.client(bearer=token)
    assert client.get("/api/vaults/acme/people").status_code == 200
    foreign, missing = client.get("/api/vaults/globex/people"), client.get("/api/vaults/nothing/people")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.json()["detail"] == missing.json()["detail"]


def test_a_revoked_token_fails_at_once(shared):
    client = shared.signed_in(Role.MANAGER)
    token = client.post("/api/tokens", json=WANTED).json()
    program = shared.client(bearer=token["token"])
    assert program.get("/api/me").status_code == 200
    assert client.delete(f"/api/tokens/{token['id']}").status_code == 204
    assert program.get("/api/me").status_code == 401
    assert client.get("/api/tokens").json() == {"rows": []}
    assert client.delete(f"/api/tokens/{token['id']}").status_code == 404


def test_an_expired_token_fails(served, clock):
    client = served.signed_in(Role.MANAGER)
    token = client.post("/api/tokens", json={**WANTED, "expires_in_days": 1}).json()["token"]
    program = served.client(bearer=token)
    assert program.get("/api/me").status_code == 200
    clock.advance(DAY)
    assert program.get("/api/me").status_code == 401


def test_the_last_use_of_a_token_is_noted_at_most_once_a_minute(served, clock):
    client = served.signed_in(Role.MANAGER)
    token = client.post("/api/tokens", json=WANTED).json()["token"]
    program = served.client(bearer=token)
    start = clock.now()

    def last_used():
        return client.get("/api/tokens").json()["rows"][0]["last_used_at"]

    assert last_used() is None
    program.get("/api/me")
    assert last_used() == start
    clock.advance(MINUTE - 1)
    program.get("/api/me")
    assert last_used() == start
    clock.advance(1 + MINUTE)
    program.get("/api/me")
    assert last_used() == start + 2 * MINUTE


def test_somebody_elses_token_is_not_there(shared):
    token = shared.signed_in(Role.MANAGER).post("/api/tokens", json=WANTED).json()
    other = shared.signed_in(Role.OWNER)
    assert other.delete(f"/api/tokens/{token['id']}").status_code == 404
    assert other.get("/api/tokens").json() == {"rows": []}


@pytest.mark.parametrize(
    ("role", "wanted", "status"),
    [
        (Role.ANNOTATOR, {"role": "annotator"}, 201),
        (Role.ANNOTATOR, {"role": "owner"}, 403),
        (Role.MANAGER, {"role": "owner"}, 403),
        (Role.AUDITOR, {"role": "auditor"}, 403),
        (Role.MANAGER, {"vault": "globex"}, 404),
        (Role.MANAGER, {"vault": "nothing"}, 404),
        (Role.MANAGER, {"expires_in_days": 91}, 400),
        (Role.MANAGER, {"name": " \t "}, 400),
        (Role.MANAGER, {"role": "admin"}, 400),
    ],
)
def test_only_what_one_may_oneself_goes_into_a_token(shared, role, wanted, status):
    assert shared.signed_in(role).post("/api/tokens", json={**WANTED, **wanted}).status_code == status


def test_a_token_makes_no_tokens_and_no_password(shared):
    token = shared.signed_in(Role.OWNER).post("/api/tokens", json=WANTED).json()["token"]
    program = shared.client(bearer=token)
    assert program.post("/api/tokens", json=WANTED).status_code == 403
    assert program.get("/api/tokens").status_code == 403
    assert program.delete("/api/tokens/x").status_code == 403
    assert program.put("/api/me/password", json={"password": "seven quiet otters"}).status_code == 403


def test_a_mistyped_token_and_another_authorization_open_nothing(shared):
    client = shared.signed_in(Role.MANAGER)
    token = client.post("/api/tokens", json=WANTED).json()["token"]
    assert shared.client(bearer=token[:-1] + ("a" if token[-1] != "a" else "b")).get("/api/me").status_code == 401
    cookie = f"goldsmith_session={client.cookies['goldsmith_session']}"
    basic = shared.client().get("/api/me", headers={"authorization": "Basic eDp5", "cookie": cookie})
    assert basic.status_code == 401
