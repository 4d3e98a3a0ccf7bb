"""Leasing over HTTP: who gets which item, how long, and why there is none."""

import pytest
from labeling_desk import annotation, new_desk, problem

from goldsmith.kit.clock import MINUTE
from goldsmith.kit.ids import Uuid7
from goldsmith.trust.authorize import Role


@pytest.fixture
def desk(served):
    """A manager's desk with five items."""
    desk = new_desk(served.signed_in(Role.MANAGER), order="sequence")
    desk.add_texts([f"text {i}" for i in range(5)])
    return desk


@pytest.fixture
def people(served, desk):
    return [desk.of(served.signed_in(Role.ANNOTATOR)) for _ in range(3)]


def beat(desk, lease):
    return desk.client.post(f"{desk.vault_path}/leases/{lease['id']}/heartbeat")


def give_back(desk, lease):
    return desk.client.delete(f"{desk.vault_path}/leases/{lease['id']}")


def names(answer) -> list[str]:
    return [lease["external_id"] for lease in answer.json()["leases"]]


def test_a_lease_brings_all_that_is_needed_to_answer(desk, people, clock):
    lease = people[0].lease_one()
    assert lease["payload"] == {"id": "t00000", "text": "text 0"}
    assert lease["leased_until"] == clock.now() + 15 * MINUTE
    assert (lease["schema_version"], lease["guideline_version"], lease["policy_version"]) == (1, 1, 1)
    assert lease["why"] == {"text": "Nobody has answered it yet.", "n_answers": 0, "confidence": None}
    assert lease["suggestions"] == []


def test_people_get_different_items_in_order_and_keep_theirs(people):
    assert [names(person.lease()) for person in people] == [["t00000"], ["t00001"], ["t00002"]]
    assert names(people[1].lease()) == ["t00001"]  # a reload continues


def test_nobody_hoards_the_end_of_a_queue(people):
    assert len(people[0].lease(10).json()["leases"]) == 1
    assert len(people[1].lease(10).json()["leases"]) == 1


def test_from_a_long_queue_several_can_be_held(served):
    desk = new_desk(served.signed_in(Role.MANAGER))
    desk.add_texts([f"text {i}" for i in range(100)])
    assert len(desk.lease(10).json()["leases"]) == 5
    assert len(desk.lease(3).json()["leases"]) == 5  # what one holds comes back first


@pytest.mark.parametrize("body", [{"n": 0}, {"n": 11}, {"n": -1}, {"n": "3"}, {"n": 10**30}, {"m": 1}, {"n": 1.5}])
def test_an_impossible_number_is_refused(shared, body):
    desk = new_desk(shared.signed_in(Role.MANAGER))
    problem(desk.client.post(f"{desk.path}/leases", json=body), 400, "invalid-input")


def test_an_expired_lease_goes_to_the_next(people, clock):
    first = people[0].lease_one()
    clock.advance(15 * MINUTE)
    assert people[1].lease_one()["item_id"] != first["item_id"]
    clock.advance(1)
    assert people[2].lease_one()["item_id"] == first["item_id"]


def test_a_heartbeat_keeps_a_lease_and_brings_back_a_lapsed_one_while_it_is_free(people, clock):
    lease = people[0].lease_one()
    clock.advance(10 * MINUTE)
    assert beat(people[0], lease).json() == {"leased_until": clock.now() + 15 * MINUTE}
    clock.advance(16 * MINUTE)
    assert beat(people[0], lease).json() == {"leased_until": clock.now() + 15 * MINUTE}
    clock.advance(16 * MINUTE)
    assert people[1].lease_one()["item_id"] == lease["item_id"]
    told = problem(beat(people[0], lease), 404, "not-found")
    assert "your answer can be sent all the same" in told["detail"]


def test_a_lease_that_is_given_back_is_free_at_once(people):
    lease = people[0].lease_one()
    assert give_back(people[0], lease).status_code == 204
    assert people[1].lease_one()["item_id"] == lease["item_id"]
    problem(give_back(people[0], lease), 404, "not-found")
    problem(beat(people[0], lease), 404, "not-found")


def test_other_peoples_leases_look_like_missing_ones(served, people):
    lease = people[0].lease_one()
    foreign, missing = beat(people[1], lease), beat(people[1], {"id": Uuid7()()})
    assert problem(foreign, 404, "not-found")["detail"] == problem(missing, 404, "not-found")["detail"]
    foreign, missing = give_back(people[1], lease), give_back(people[1], {"id": Uuid7()()})
    assert problem(foreign, 404, "not-found")["detail"] == problem(missing, 404, "not-found")["detail"]
    assert beat(people[0], lease).status_code == 200
    auditor = people[0].of(served.signed_in(Role.AUDITOR))
    problem(auditor.lease(), 403, "forbidden")
    problem(beat(auditor, lease), 403, "forbidden")


def test_an_answered_or_skipped_item_does_not_come_again(served, people):
    desk = people[0]
    lease = desk.lease_one()
    desk.submit(lease["item_id"], {}, outcome="skipped", reason="unreadable", lease_id=lease["id"])
    seen = [lease["item_id"]]
    while leases := desk.lease().json()["leases"]:
        seen.append(leases[0]["item_id"])
        assert desk.submit(leases[0]["item_id"], lease_id=leases[0]["id"]).status_code == 201
    assert len(seen) == len(set(seen)) == 5
    assert people[1].lease_one()["item_id"] == seen[0]  # a skipped item still waits for somebody


def test_an_empty_queue_says_why_in_words_and_counts(served, desk, people, clock):
    fresh = new_desk(desk.client, name="Empty")
    assert fresh.lease().json()["empty"]["text"] == "This project has no items yet. Import some first."
    for person in people:
        lease = person.lease_one()
        person.submit(lease["item_id"], lease_id=lease["id"])
    held = [person.lease_one() for person in people[:2]]
    empty = people[2].lease().json()["empty"]
    assert empty["text"] == "The items that are left are being answered by others just now."
    wanted = {"n_items": 5, "answered_by_you": 1, "in_flight": 2, "finished": 3, "certain": 0}
    assert {name: empty["counts"][name] for name in wanted} == wanted
    for person, lease in zip(people, held, strict=False):
        person.submit(lease["item_id"], lease_id=lease["id"])
    assert people[2].lease().json()["empty"]["text"] == "Every item has all the answers it needs."
    desk.client.put(f"{desk.path}/policy", json={"policy": {"overlap": 2}})
    mine = desk.of(served.signed_in(Role.ANNOTATOR))
    while leases := mine.lease().json()["leases"]:
        mine.submit(leases[0]["item_id"])
    desk.client.put(f"{desk.path}/policy", json={"policy": {"overlap": 3}})
    text = "You have answered every item that still needs answers; the rest is for others."
    assert mine.lease().json()["empty"]["text"] == text


def test_a_new_policy_reaches_the_queue_at_once(desk, people):
    assert names(people[0].lease()) == ["t00000"]
    assert names(people[1].lease()) == ["t00001"]
    changed = desk.client.put(f"{desk.path}/policy", json={"policy": {"overlap": 2, "order": "sequence"}})
    assert (changed.status_code, changed.json()["policy_version"]) == (200, 2)
    assert names(people[2].lease()) == ["t00000"]
    assert people[2].lease_one()["policy_version"] == 2


def test_an_audit_takes_drawn_items_and_leaves_the_queue_alone(served, desk, people):
    drawn = desk.client.post(f"{desk.path}/audit", json={"n": 2, "seed": 7})
    assert drawn.json() == {"n_drawn": 2, "n_items": 5, "seed": 7}
    labelled = desk.lease_one()
    audited = desk.lease(purpose="audit").json()["leases"]
    assert len(audited) == 1
    assert [lease["item_id"] for lease in desk.lease().json()["leases"]] == [labelled["item_id"]]
    for _ in range(2):
        (lease,) = desk.lease(purpose="audit").json()["leases"]
        body = annotation(lease["item_id"], lease_id=lease["id"], purpose="audit")
        answer = desk.client.post(f"{desk.path}/annotations", json=body)
        assert (answer.status_code, answer.json()["is_late"]) == (201, False)
    assert desk.lease(purpose="audit").json()["empty"]["text"] == "No item of the audit sample waits for an answer."
    assert [row["n_people"] for row in desk.items()] == [0] * 5
    assert [lease["item_id"] for lease in desk.lease().json()["leases"]] == [labelled["item_id"]]
    problem(people[0].lease(purpose="audit"), 403, "forbidden")
    problem(desk.client.post(f"{desk.path}/audit", json={"n": 4, "seed": 1}), 400, "invalid-input")
    problem(desk.client.post(f"{desk.path}/audit", json={"n": 1, "seed": -1}), 400, "invalid-input")
    problem(desk.client.post(f"{desk.path}/audit", json={"n": 1, "seed": 2**64}), 400, "invalid-input")
