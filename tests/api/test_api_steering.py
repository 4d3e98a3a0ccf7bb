"""Steering the queue over HTTP: pauses, priorities, skills, items kept for somebody, ended leases, and why."""

import uuid

import pytest
from labeling_desk import new_desk, problem

from goldsmith.kit.clock import MINUTE
from goldsmith.trust.authorize import Role


@pytest.fixture
def owner(served):
    return served.signed_in(Role.OWNER)


@pytest.fixture
def desk(served, owner):
    """An owner's desk with five items."""
    desk = new_desk(owner, order="sequence")
    desk.add_texts([f"text {i}" for i in range(5)])
    return desk


@pytest.fixture
def people(served, desk):
    return [desk.of(served.signed_in(Role.ANNOTATOR, name=f"Person {i}")) for i in range(2)]


def put(desk, place, body):
    return desk.client.put(f"{desk.path}/{place}", json=body)


def pseudonym_of(desk, name):
    rows = desk.client.get(f"{desk.vault_path}/people").json()["rows"]
    return next(row["pseudonym"] for row in rows if row["name"] == name)


def why(desk, item_id, **query):
    answer = desk.get(f"items/{item_id}/why", **query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def codes(told):
    return [reason["code"] for reason in told["reasons"]]


def test_a_pause_hands_out_nothing_new_and_keeps_what_is_under_way(desk, people, clock):
    lease = people[0].lease_one()
    assert put(desk, "pause", {"is_paused": True, "reason": "new guideline"}).json()["is_paused"] is True
    assert people[0].lease_one()["item_id"] == lease["item_id"]
    empty = people[1].lease().json()["empty"]
    assert "paused" in empty["text"]
    beat = f"{desk.vault_path}/leases/{lease['id']}/heartbeat"
    assert people[0].client.post(beat).status_code == 200
    assert people[0].submit(lease["item_id"]).json()["is_late"] is False
    second = people[0].lease()
    assert second.json()["leases"] == []
    assert "paused" in codes(why(people[1], lease["item_id"]))
    assert put(desk, "pause", {"is_paused": False}).json()["is_paused"] is False
    assert people[1].lease_one()["external_id"] == "t00001"


def test_the_higher_priority_comes_first_whatever_the_order(desk, people):
    ids = {row["external_id"]: row["id"] for row in desk.items()}
    routed = put(desk, "routing", {"item_ids": [ids["t00003"], ids["t00004"]], "priority": 5})
    assert routed.json() == {"n_items": 2, "n_changed": 2}
    assert put(desk, "routing", {"item_ids": [ids["t00000"]], "priority": -1}).status_code == 200
    order = []
    for _ in range(5):
        lease = people[0].lease_one()
        order.append(lease["external_id"])
        people[0].submit(lease["item_id"])
    assert order == ["t00003", "t00004", "t00001", "t00002", "t00000"]
    assert desk.client.put(f"{desk.path}/policy", json={"policy": {"order": "need"}}).status_code == 200
    assert [row["priority"] for row in desk.items()] == [-1, 0, 0, 5, 5]


def test_an_item_goes_to_those_who_have_the_skill_it_asks_for(desk, people, owner):
    ids = [row["id"] for row in desk.items()]
    assert put(desk, "routing", {"item_ids": ids, "skill": "thai"}).json()["n_changed"] == 5
    empty = people[0].lease().json()["empty"]
    assert "skill" in empty["text"]
    assert empty["counts"]["needs_skill"] == 5
    assert codes(why(people[0], ids[0])) == ["skill"]
    (person,) = [row for row in owner.get("/api/vaults/acme/people").json()["rows"] if row["name"] == "Person 0"]
    place = f"/api/vaults/acme/people/{person['person_id']}"
    problem(owner.put(place, json={"role": "annotator", "skills": ["Thai!"]}), 400, "invalid-input")
    assert owner.put(place, json={"role": "annotator", "skills": ["thai", "law"]}).json()["skills"] == ["law", "thai"]
    assert people[0].lease_one()["external_id"] == "t00000"
    assert people[1].lease().json()["leases"] == []
    assert put(desk, "routing", {"item_ids": ids[1:], "skill": ""}).status_code == 200
    assert people[1].lease_one()["external_id"] == "t00001"


def test_an_item_kept_for_somebody_is_theirs_next_and_nobody_elses(desk, people):
    last = desk.items()[-1]["id"]
    people[0].lease_one()
    body = {"annotator": pseudonym_of(desk, "Person 0"), "reason": "knows the author"}
    assert put(desk, f"items/{last}/assignment", body).status_code == 200
    assert "kept" in codes(why(people[1], last))
    for _ in range(4):
        got = people[1].lease().json()
        if not got["leases"]:
            break
        assert got["leases"][0]["item_id"] != last
        people[1].submit(got["leases"][0]["item_id"])
    people[0].submit(people[0].lease_one()["item_id"])
    assert people[0].lease_one()["item_id"] == last
    assert people[0].submit(last).json()["is_late"] is False
    problem(put(desk, f"items/{last}/assignment", body), 409, "conflict")
    unknown = put(desk, f"items/{last}/assignment", {"annotator": "person-nobody"})
    problem(unknown, 404, "not-found")


def test_another_gets_an_item_whose_returned_answer_is_not_done_again(served, desk, people):
    assert put(desk, "policy", {"policy": {"order": "sequence", "review": "all"}}).status_code == 200
    item_id = people[0].lease_one()["item_id"]
    people[0].submit(item_id, {"mood": "bad"})
    reviewer = desk.of(served.signed_in(Role.REVIEWER))
    (lease,) = reviewer.lease(purpose="review").json()["leases"]
    sent = {
        "id": str(uuid.uuid4()),
        "item_id": item_id,
        "decision": "returned",
        "annotation": lease["answers"][0]["key"],
        "comment": "no",
        "schema_version": 1,
        "guideline_version": 1,
        "policy_version": 2,
    }
    assert reviewer.client.post(f"{desk.path}/reviews", json=sent).status_code == 201
    assert codes(why(people[0], item_id))[0] == "returned"
    people[1].lease_one()
    body = {"annotator": pseudonym_of(desk, "Person 1"), "reason": "the first one has left"}
    assert put(desk, f"items/{item_id}/assignment", body).status_code == 200
    assert people[0].lease_one()["item_id"] != item_id
    people[1].submit(people[1].lease_one()["item_id"])
    assert people[1].lease_one()["item_id"] == item_id
    people[1].submit(item_id, {"mood": "good"})
    detail = desk.get(f"items/{item_id}").json()
    assert (detail["n_people"], len(detail["annotations"])) == (1, 2)


def test_a_manager_ends_a_lease_with_a_reason_and_a_late_answer_is_kept(desk, people, clock):
    lease = people[0].lease_one()
    (row,) = desk.get("leases").json()["rows"]
    assert (row["item_id"], row["purpose"]) == (lease["item_id"], "label")
    place = f"{desk.path}/items/{lease['item_id']}/release"
    problem(desk.client.post(place, json={"reason": " "}), 400, "invalid-input")
    assert desk.client.post(place, json={"reason": "gone home"}).json() == {"n_leases": 1}
    assert desk.get("leases").json()["rows"] == []
    assert people[1].lease_one()["item_id"] == lease["item_id"]
    late = people[0].submit(lease["item_id"])
    assert (late.status_code, late.json()["is_late"]) == (201, True)


def test_why_names_what_stands_in_the_way_and_how_many_come_before(desk, people, clock):
    ids = [row["id"] for row in desk.items()]
    assert why(people[0], ids[0]) == {"gets": True, "text": "It is the next one.", "reasons": [], "n_before": 0}
    assert why(people[0], ids[3])["n_before"] == 3
    people[0].lease_one()
    assert codes(why(people[0], ids[0])) == ["held"]
    assert codes(why(people[1], ids[0])) == ["in-flight"]
    clock.advance(16 * MINUTE)
    assert why(people[1], ids[0])["gets"] is True
    people[0].submit(ids[0])
    assert codes(why(people[0], ids[0])) == ["answered", "complete"]
    name = pseudonym_of(desk, "Person 0")
    assert codes(why(desk, ids[0], annotator=name)) == ["answered", "complete"]
    problem(people[1].get(f"items/{ids[0]}/why", annotator=name), 403, "forbidden")
    problem(people[1].get(f"items/{uuid.uuid4()}/why"), 404, "not-found")
    problem(people[1].get(f"items/{ids[0]}/why", purpose="fun"), 400, "invalid-input")
    assert codes(why(desk, ids[0], purpose="review")) == ["not-chosen"]
    assert codes(why(desk, ids[0], purpose="adjudicate")) == ["not-contested"]


@pytest.mark.parametrize(
    "body",
    [
        {"item_ids": []},
        {"item_ids": ["x"]},
        {"item_ids": ["x"], "priority": 1001},
        {"item_ids": ["x"], "skill": "two words"},
        {"item_ids": ["x"] * 2, "priority": None},
    ],
)
def test_nonsense_is_refused(shared, body):
    desk = new_desk(shared.signed_in(Role.MANAGER))
    problem(put(desk, "routing", body), 400, "invalid-input")
    problem(put(desk, "routing", {"item_ids": ["x"], "priority": 1}), 404, "not-found")
