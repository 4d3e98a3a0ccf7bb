"""How a person likes the browser app: the same on every device, and nobody else's."""

import pytest

from goldsmith.trust.authorize import Role

OWN = {"language": "ar", "key_map": "own", "own_keys": {"label.submit": ["mod+Enter", " "], "label.skip": []}}


def test_preferences_are_goldsmiths_until_they_are_chosen(shared):
    me = shared.signed_in(Role.ANNOTATOR).get("/api/me").json()
    assert me["preferences"] == {"language": None, "key_map": "goldsmith", "own_keys": {}}


def test_preferences_follow_the_person_and_nobody_else(served):
    manager, annotator = served.signed_in(Role.MANAGER), served.signed_in(Role.ANNOTATOR)

    assert manager.put("/api/me/preferences", json=OWN).status_code == 204

    assert manager.get("/api/me").json()["preferences"] == OWN
    assert annotator.get("/api/me").json()["preferences"]["language"] is None


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"language": "tlh"}, "language"),
        ({"key_map": "vim"}, "key_map"),
        ({"own_keys": {"label.submit": ["press here"]}}, "own_keys"),
        ({"own_keys": {"label.submit": ["a", "b", "c", "d", "e"]}}, "own_keys"),
        ({"own_keys": {"Not an action": ["a"]}}, "own_keys"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_what_is_no_preference_is_refused_with_its_place(shared, wrong, place):
    client = shared.signed_in(Role.ANNOTATOR)
    refused = client.put("/api/me/preferences", json=wrong)
    assert refused.status_code == 400
    assert place in refused.text
    assert client.get("/api/me").json()["preferences"]["language"] is None


def test_a_program_cannot_change_them(shared):
    owner = shared.owner()
    wanted = {"name": "sync", "vault": "acme", "role": "owner", "expires_in_days": 1}
    token = owner.post("/api/tokens", json=wanted).json()["token"]
    assert shared.client(bearer=token).put("/api/me/preferences", json=OWN).status_code == 403
