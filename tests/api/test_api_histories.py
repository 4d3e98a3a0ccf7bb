"""The history of an item tells of everything that happened to it, in order of time, under pseudonyms."""

import uuid

import pytest
from labeling_desk import new_desk

from goldsmith.trust.authorize import Role

MINUTE = 60_000_000
VERSIONS = {f"{kind}_version": 1 for kind in ("schema", "guideline", "policy")}


def sent(desk, place, **body):
    answer = desk.client.post(f"{desk.path}/{place}", json={"id": str(uuid.uuid4()), **body})
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


def reviewed(desk, decision, item_id, **more):
    (lease,) = desk.lease(purpose=more.pop("purpose", "review")).json()["leases"]
    key = None if decision == "adjudicated" else lease["answers"][0]["key"]
    purpose = "adjudicate" if decision == "adjudicated" else "review"
    new = {"item_id": item_id, "purpose": purpose, "decision": decision, "annotation": key}
    return sent(desk, "reviews", **new, **more, **VERSIONS)


def told(desk, item_id):
    answer = desk.get(f"items/{item_id}/history")
    assert answer.status_code == 200, answer.text
    events = [one for one in answer.json()["events"] if one["kind"] != "leased"]
    assert [one["at"] for one in events] == sorted(one["at"] for one in events)
    return events


@pytest.fixture
def desk(served):
    desk = new_desk(served.signed_in(Role.MANAGER), order="sequence", review="all", gold_feedback=True)
    desk.add_texts(["The parcel came late."])
    return desk


def test_reviews_and_comments_stand_in_the_history_in_order_of_time(served, clock, desk):
    person, reviewer = desk.of(served.signed_in(Role.ANNOTATOR)), desk.of(served.signed_in(Role.REVIEWER))
    item_id = person.lease_one()["item_id"]
    clock.advance(MINUTE)
    thread = sent(person, f"items/{item_id}/threads", text="Is this irony?")
    clock.advance(MINUTE)
    person.submit(item_id, {"mood": "good"})
    clock.advance(MINUTE)
    reviewed(reviewer, "returned", item_id, comment="Read it twice.")
    back = person.lease_one()
    clock.advance(MINUTE)
    person.submit(item_id, {"mood": "bad"}, supersedes=back["rework"]["annotation_id"])
    clock.advance(MINUTE)
    reviewed(reviewer, "accepted", item_id)
    clock.advance(MINUTE)
    resolved = reviewer.client.put(f"{desk.path}/threads/{thread['id']}", json={"state": "resolved"})
    assert resolved.status_code == 200

    events = told(desk, item_id)
    assert [one["kind"] for one in events if one["kind"] != "known"] == [
        "imported",
        "commented",
        "answered",
        "returned",
        "changed",
        "accepted",
        "resolved",
    ]
    by_kind = {one["kind"]: one for one in events}
    assert by_kind["commented"]["detail"]["text"] == "Is this irony?"
    assert by_kind["returned"]["detail"]["text"] == "Read it twice."
    assert by_kind["returned"]["detail"]["of"] == by_kind["answered"]["actor"] == by_kind["commented"]["actor"]
    assert by_kind["returned"]["actor"] == by_kind["accepted"]["actor"] == by_kind["resolved"]["actor"]
    assert by_kind["returned"]["actor"] != by_kind["answered"]["actor"]
    assert by_kind["accepted"]["detail"]["applies"] is True


def test_a_contest_and_its_decision_stand_in_the_history(served, clock, desk):
    (row,) = desk.items()
    gold = {"rows": [{"id": row["external_id"], "answers": {"mood": "good"}}]}
    assert desk.client.post(f"{desk.path}/known-answers", json=gold).status_code == 200
    person, judge = desk.of(served.signed_in(Role.ANNOTATOR)), desk.of(served.signed_in(Role.REVIEWER))
    clock.advance(MINUTE)
    person.submit(row["id"], {"mood": "bad"})
    clock.advance(MINUTE)
    sent(person, f"items/{row['id']}/contests", reason="It is ironic.")
    clock.advance(MINUTE)
    reviewed(judge, "adjudicated", row["id"], purpose="adjudicate", answers={"mood": "bad"}, comment="So it is.")
    events = told(desk, row["id"])
    kinds = [one["kind"] for one in events]
    assert kinds.index("answered") < kinds.index("contested") < kinds.index("adjudicated")
    by_kind = {one["kind"]: one for one in events}
    assert by_kind["contested"]["detail"]["text"] == "It is ironic."
    assert by_kind["contested"]["actor"] == by_kind["answered"]["actor"]
    assert by_kind["adjudicated"]["detail"]["text"] == "So it is."
    assert by_kind["overturned"]["actor"] == by_kind["adjudicated"]["actor"]
    assert "upheld" not in kinds
