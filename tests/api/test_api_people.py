"""A client's people: admitted by its owner, seen by those who may, gone at once when they go."""

import base64

import pytest

from goldsmith.people.model import pseudonym
from goldsmith.trust.authorize import Role

PEOPLE = "/api/vaults/acme/people"


def test_an_owner_admits_a_person_who_signs_in_with_the_link(served):
    owner = served.signed_in(Role.OWNER, name="Grace")
    made = owner.post(PEOPLE, json={"name": "Ada", "email": "Ada@example.org", "role": "annotator"})
    assert made.status_code == 201
    address, _, token = made.json()["sign_in_link"].partition("#")
    assert address == f"{served.url}/sign-in"
    ada = served.client()
    me = ada.post("/api/sign-in/link", json={"token": token}).json()
    assert (me["name"], me["email"], me["has_password"]) == ("Ada", "ada@example.org", False)
    assert me["person_id"] == made.json()["person_id"]
    rows = owner.get(PEOPLE).json()["rows"]
    assert [(row["name"], row["role"]) for row in rows] == [
        ("Owner", "owner"),
        ("Grace", "owner"),
        ("Ada", "annotator"),
    ]


def test_those_who_steer_learn_the_pseudonyms_and_auditors_do_not(served):
    manager, auditor = served.signed_in(Role.MANAGER), served.signed_in(Role.AUDITOR)
    rows = manager.get(PEOPLE).json()["rows"]
    key = served.home.directory.key
    assert [row["pseudonym"] for row in rows] == [pseudonym(key, row["person_id"], "acme") for row in rows]
    assert {row["pseudonym"] for row in auditor.get(PEOPLE).json()["rows"]} == {None}


def test_behind_a_proxy_the_link_has_the_public_address(serve_with):
    served = serve_with(PUBLIC_URL="https://label.example.org/")
    program = served.client(
        bearer=served_token(served, Role.OWNER, {"host": "label.example.org", "origin": "https://label.example.org"})
    )
    link = program.post(PEOPLE, json={"name": "Ada", "role": "annotator"}).json()["sign_in_link"]
    assert link.startswith("https://label.example.org/sign-in#gsm_link_")


def served_token(served, role, headers):
    """The text of an API token, made over the public address."""
    client = served.client()
    token = served.link_token(role)
    cookie = client.post("/api/sign-in/link", json={"token": token}, headers=headers).headers["set-cookie"]
    wanted = {"name": "ci", "vault": "acme", "role": role, "expires_in_days": 1}
    sent = {**headers, "cookie": cookie.partition(";")[0]}
    return client.post("/api/tokens", json=wanted, headers=sent).json()["token"]


@pytest.mark.parametrize(
    "person",
    [
        {"name": "", "role": "annotator"},
        {"name": "Ada", "role": "boss"},
        {"name": "Ada", "role": "annotator", "email": "no address"},
        {"name": "Ada\nLovelace", "role": "annotator"},
        {"name": "Ada", "role": "annotator", "is_active": True},
        {"name": "Ada"},
    ],
)
def test_a_malformed_person_is_refused_whole(shared, person):
    owner = shared.signed_in(Role.OWNER)
    before = owner.get(PEOPLE).json()
    assert owner.post(PEOPLE, json=person).status_code == 400
    assert owner.get(PEOPLE).json() == before


def test_an_email_is_used_once(shared):
    owner = shared.signed_in(Role.OWNER)
    person = {"name": "Ada", "email": "ada@example.org", "role": "annotator"}
    assert owner.post(PEOPLE, json=person).status_code == 201
    again = owner.post(PEOPLE, json=person)
    assert (again.status_code, again.json()["code"]) == (409, "conflict")


def test_a_new_role_counts_from_the_next_request_on(shared):
    owner, ada = shared.signed_in(Role.OWNER), shared.signed_in(Role.ANNOTATOR)
    person = ada.get("/api/me").json()["person_id"]
    assert ada.get(PEOPLE).status_code == 403
    changed = owner.put(f"{PEOPLE}/{person}", json={"role": "manager"})
    assert (changed.status_code, changed.json()["role"]) == (200, "manager")
    assert ada.get(PEOPLE).status_code == 200
    owner.put(f"{PEOPLE}/{person}", json={"role": "annotator"})
    assert ada.get(PEOPLE).status_code == 403


def test_a_removed_person_is_out_with_the_next_request(shared):
    owner, ada = shared.signed_in(Role.OWNER), shared.signed_in(Role.MANAGER)
    person = ada.get("/api/me").json()["person_id"]
    token = ada.post(
        "/api/tokens", json={"name": "ci", "vault": "acme", "role": "manager", "expires_in_days": 1}
    ).json()["token"]
    program = shared.client(bearer=token)
    assert program.get(PEOPLE).status_code == 200
    assert owner.delete(f"{PEOPLE}/{person}").status_code == 204
    assert ada.get(PEOPLE).status_code == 404
    assert program.get(PEOPLE).status_code == 401
    assert owner.delete(f"{PEOPLE}/{person}").status_code == 404


def test_the_last_owner_stays(served):
    owner = served.owner()
    person = owner.get("/api/me").json()["person_id"]
    assert owner.delete(f"{PEOPLE}/{person}").status_code == 409
    assert owner.put(f"{PEOPLE}/{person}", json={"role": "manager"}).status_code == 409


def test_a_person_of_another_client_cannot_be_reached(shared):
    owner = shared.signed_in(Role.OWNER)
    stranger = shared.signed_in(Role.ANNOTATOR, "globex").get("/api/me").json()["person_id"]
    answers = [
        owner.put(f"{PEOPLE}/{person}", json={"role": "owner"}).json()
        for person in (stranger, "nobody", stranger[::-1])
    ]
    assert {answer["status"] for answer in answers} == {404}
    assert len({answer["detail"] for answer in answers}) == 1
    assert owner.post(f"{PEOPLE}/{stranger}/sign-in-link").status_code == 404


def test_the_outbox_key_is_the_persons_own_and_stays(shared):
    first, second = shared.signed_in(Role.ANNOTATOR), shared.signed_in(Role.ANNOTATOR)
    key = first.get("/api/vaults/acme/outbox-key").json()
    assert len(base64.b64decode(key["key"])) == 32
    assert first.get("/api/vaults/acme/outbox-key").json() == key
    assert second.get("/api/vaults/acme/outbox-key").json() != key


def test_a_vault_sees_a_pseudonym_and_the_log_of_the_directory_an_id(shared):
    ada = shared.signed_in(Role.ANNOTATOR, name="Ada Lovelace")
    person = ada.get("/api/me").json()["person_id"]
    name = pseudonym(shared.home.directory.key, person, "acme")
    assert "Ada" not in name
    assert person not in name
    with shared.home.directory.database.read() as connection:
        rows = connection.exec_driver_sql("select actor, action, object_id from log_leaves").all()
    assert not any("Ada" in part for row in rows for part in row)
