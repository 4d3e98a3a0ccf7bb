"""Reviewing over HTTP: accept, fix and return, rework, adjudicate; nobody decides about their own work."""

import uuid

import msgspec
import pytest
from labeling_desk import new_desk, problem

from goldsmith.kit.clock import MINUTE
from goldsmith.labeling.model import answers_key
from goldsmith.trust.authorize import Role
from goldsmith.trust.receipts import ReviewReceipt, verify_receipt


@pytest.fixture
def desk(served):
    """A manager's desk with three items whose every answer is reviewed."""
    desk = new_desk(served.signed_in(Role.MANAGER), order="sequence", review="all", review_rounds=2)
    desk.add_texts([f"text {i}" for i in range(3)])
    return desk


@pytest.fixture
def people(served, desk):
    return [desk.of(served.signed_in(Role.ANNOTATOR)) for _ in range(2)]


@pytest.fixture
def reviewers(served, desk):
    return [desk.of(served.signed_in(Role.REVIEWER)) for _ in range(2)]


def answer(person, mood="good", **others):
    lease = person.lease_one()
    assert person.submit(lease["item_id"], {"mood": mood}, **others).status_code == 201
    return lease["item_id"]


def to_decide(desk, purpose="review"):
    (lease,) = desk.lease(purpose=purpose).json()["leases"]
    return lease


def decision(item_id, decided, annotation_key=None, **others):
    return {
        "id": str(uuid.uuid4()),
        "item_id": item_id,
        "purpose": "adjudicate" if decided == "adjudicated" else "review",
        "decision": decided,
        "annotation": annotation_key,
        "schema_version": 1,
        "guideline_version": 1,
        "policy_version": 1,
        **others,
    }


def decide(desk, decided, lease, **others):
    key = None if decided == "adjudicated" else lease["answers"][0]["key"]
    return desk.client.post(f"{desk.path}/reviews", json=decision(lease["item_id"], decided, key, **others))


def state_of(desk, item_id):
    return next(row["review_stage"] for row in desk.items() if row["id"] == item_id)


def label_of(desk, item_id):
    return desk.get(f"known-answers?item={item_id}").json()["rows"]


def test_an_accepted_answer_is_the_label_and_leaves_the_queue_of_reviews(desk, people, reviewers):
    item_id = answer(people[0], "bad")
    lease = to_decide(reviewers[0])
    assert (lease["item_id"], [one["label"] for one in lease["answers"]]) == (item_id, ["A"])
    assert lease["answers"][0]["answers"] == {"mood": "bad"}
    assert lease["answers"][0]["annotator"] is None
    receipt = decide(reviewers[0], "accepted", lease)
    assert receipt.status_code == 201, receipt.text
    assert receipt.json()["item_id"] == item_id
    assert [(row["question"], row["value"], row["origin"]) for row in label_of(desk, item_id)] == [
        ("mood", "bad", "review")
    ]
    assert state_of(desk, item_id) == "settled"
    empty = reviewers[0].lease(purpose="review").json()["empty"]
    assert empty["text"] == "No item waits for a review."
    assert (empty["counts"]["waiting"], empty["counts"]["settled"]) == (0, 1)


def test_a_fix_is_the_label_and_the_annotators_answer_stays_as_it_was(desk, people, reviewers):
    item_id = answer(people[0], "bad")
    lease = to_decide(reviewers[0])
    problem(decide(reviewers[0], "fixed", lease, answers={"mood": "purple"}), 422, "answer-does-not-fit")
    assert decide(reviewers[0], "fixed", lease, answers={"mood": "neither"}).status_code == 201
    assert label_of(desk, item_id)[0]["value"] == "neither"
    (kept,) = desk.get(f"items/{item_id}").json()["annotations"]
    assert kept["answers"] == {"mood": "bad"}


def test_a_returned_answer_comes_back_first_with_the_comment_and_is_reviewed_again(desk, people, reviewers):
    item_id = answer(people[0], "bad")
    lease = to_decide(reviewers[0])
    problem(decide(reviewers[0], "returned", lease), 400, "invalid-input")
    assert decide(reviewers[0], "returned", lease, comment="Look at the irony.").status_code == 201
    assert state_of(desk, item_id) == "rework"
    assert reviewers[1].lease(purpose="review").json()["leases"] == []
    assert people[1].lease_one()["item_id"] != item_id
    again = people[0].lease_one()
    assert again["item_id"] == item_id
    assert (again["rework"]["comment"], again["rework"]["n_returns"]) == ("Look at the irony.", 1)
    assert again["rework"]["answers"] == {"mood": "bad"}
    assert people[0].submit(item_id, {"mood": "good"}).status_code == 201
    before, after = desk.get(f"items/{item_id}").json()["annotations"]
    assert after["supersedes"] == before["id"]
    lease = to_decide(reviewers[1])
    assert (lease["item_id"], lease["answers"][0]["answers"]) == (item_id, {"mood": "good"})
    assert decide(reviewers[1], "accepted", lease).status_code == 201
    assert label_of(desk, item_id)[0]["value"] == "good"
    row = next(row for row in desk.items() if row["id"] == item_id)
    assert (row["n_people"], row["review_stage"]) == (1, "settled")


def test_after_so_many_returns_an_adjudicator_decides(desk, people, reviewers):
    item_id = answer(people[0], "bad")
    for _ in range(2):
        assert decide(reviewers[0], "returned", to_decide(reviewers[0]), comment="no").status_code == 201
        assert people[0].submit(item_id, {"mood": "bad"}).status_code == 201
    assert decide(reviewers[0], "returned", to_decide(reviewers[0]), comment="still no").status_code == 201
    assert state_of(desk, item_id) == "adjudicate"
    empty = reviewers[0].lease(purpose="adjudicate").json()["empty"]  # who reviewed it does not adjudicate it
    assert (empty["counts"]["waiting"], empty["counts"]["your_own_work"]) == (1, 1)
    lease = to_decide(reviewers[1], "adjudicate")
    key = lease["answers"][0]["key"]
    stored = decide(reviewers[1], "adjudicated", lease, answers={"mood": "bad"}, taken={"mood": key}, comment="clear")
    assert stored.status_code == 201, stored.text
    assert label_of(desk, item_id)[0]["value"] == "bad"
    newest = desk.get("reviews").json()["rows"][0]
    assert (newest["decision"], newest["applies"]) == ("adjudicated", True)
    assert list(newest["taken"]) == ["mood"]


def test_nobody_reviews_their_own_answer(served, desk, people):
    both = desk.of(served.signed_in(Role.REVIEWER))
    item_id = answer(both, "bad")
    empty = both.lease(purpose="review").json()["empty"]
    assert "your own work" in empty["text"]
    (mine,) = desk.get(f"items/{item_id}").json()["annotations"]
    key = answers_key(mine["annotator"]["id"], item_id, mine["id"])  # whoever knows the rule can work it out
    own = both.client.post(f"{both.path}/reviews", json=decision(item_id, "accepted", key))
    assert "yourself" in problem(own, 409, "conflict")["detail"]
    assert label_of(desk, item_id) == []
    assert desk.get("reviews").json()["rows"] == []


def test_annotators_review_each_other_only_where_the_policy_lets_them(served, desk, people):
    item_id = answer(people[0], "bad")
    problem(people[1].lease(purpose="review"), 403, "forbidden")
    policy = {"order": "sequence", "review": "all", "review_by": "everybody"}
    assert desk.client.put(f"{desk.path}/policy", json={"policy": policy}).status_code == 200
    assert people[0].lease(purpose="review").json()["leases"] == []
    lease = to_decide(people[1])
    assert lease["item_id"] == item_id
    assert decide(people[1], "accepted", lease).status_code == 201


def test_the_same_decision_sent_twice_is_stored_once_and_another_under_its_id_is_a_conflict(people, reviewers):
    answer(people[0], "bad")
    lease = to_decide(reviewers[0])
    sent = decision(lease["item_id"], "accepted", lease["answers"][0]["key"])
    first = reviewers[0].client.post(f"{reviewers[0].path}/reviews", json=sent)
    again = reviewers[0].client.post(f"{reviewers[0].path}/reviews", json=sent)
    assert (first.status_code, again.status_code) == (201, 200)
    told = again.json()
    assert told["is_duplicate"]
    assert told["applies"]
    assert told["leaf_hash"] == first.json()["leaf_hash"]
    changed = reviewers[0].client.post(f"{reviewers[0].path}/reviews", json={**sent, "comment": "other"})
    problem(changed, 409, "conflict")


def test_a_late_decision_is_kept_and_a_contradiction_goes_to_an_adjudicator(desk, people, reviewers, served):
    clock = served.clock
    item_id = answer(people[0], "bad")
    late = to_decide(reviewers[0])
    clock.advance(16 * MINUTE)
    lease = to_decide(reviewers[1])
    assert decide(reviewers[1], "accepted", lease).status_code == 201
    stored = decide(reviewers[0], "fixed", late, answers={"mood": "good"})
    assert stored.status_code == 201
    receipt = msgspec.json.decode(stored.content, type=ReviewReceipt)
    assert (receipt.is_late, receipt.applies) == (True, False)
    key = served.home.vault("acme").key.verifying
    assert verify_receipt(receipt, key)
    assert not verify_receipt(msgspec.structs.replace(receipt, applies=True), key)
    assert label_of(desk, item_id)[0]["value"] == "bad"  # the first one stands until it is adjudicated
    assert state_of(desk, item_id) == "adjudicate"
    assert [row["applies"] for row in desk.get("reviews").json()["rows"]] == [False, True]
    third = desk.of(served.signed_in(Role.REVIEWER))
    lease = to_decide(third, "adjudicate")
    assert decide(third, "adjudicated", lease, answers={"mood": "good"}).status_code == 201
    assert label_of(desk, item_id)[0]["value"] == "good"


def test_a_reviewer_may_change_their_mind(desk, people, reviewers):
    item_id = answer(people[0], "bad")
    lease = to_decide(reviewers[0])
    assert decide(reviewers[0], "accepted", lease).status_code == 201
    assert decide(reviewers[0], "returned", lease, comment="On second thoughts: no.").status_code == 201
    assert label_of(desk, item_id) == []
    assert state_of(desk, item_id) == "rework"
    assert decide(reviewers[0], "accepted", lease).status_code == 201
    assert state_of(desk, item_id) == "settled"
    assert people[0].lease_one()["rework"] is None


def test_a_return_of_what_was_changed_meanwhile_leaves_the_new_answer_to_review(desk, people, reviewers):
    item_id = answer(people[0], "bad")
    lease = to_decide(reviewers[0])
    assert people[0].submit(item_id, {"mood": "good"}, supersedes=str(uuid.uuid4())).status_code == 201
    assert decide(reviewers[0], "returned", lease, comment="no").status_code == 201
    assert state_of(desk, item_id) == "review"
    assert to_decide(reviewers[0])["answers"][0]["answers"] == {"mood": "good"}


@pytest.mark.parametrize(
    ("policy", "moods", "is_reviewed"),
    [
        ({"review": "none"}, ["good", "bad"], False),
        ({"review": "all"}, ["good", "good"], True),
        ({"review": "all", "review_after": 3}, ["good", "good"], False),
        ({"review": "disagreements"}, ["good", "good"], False),
        ({"review": "disagreements"}, ["good", "bad"], True),
        ({"review": "sample", "review_share": 1.0}, ["good", "bad"], True),
        ({"review": "sample", "review_share": 1e-9}, ["good", "bad"], False),
    ],
)
def test_the_policy_says_what_is_reviewed_and_may_change_afterwards(served, policy, moods, is_reviewed):
    desk = new_desk(served.signed_in(Role.MANAGER), overlap=2, **policy)
    desk.add_texts(["one"])
    for mood in moods:
        answer(desk.of(served.signed_in(Role.ANNOTATOR)), mood)
    (item,) = desk.items()
    assert item["review_stage"] == ("review" if is_reviewed else "none")
    for changed in ({"review": "none"}, policy):
        body = {"policy": {"overlap": 2, **changed}}
        assert desk.client.put(f"{desk.path}/policy", json=body).status_code == 200
    assert desk.items()[0]["review_stage"] == item["review_stage"]
    assert desk.get("progress").json()["review"]["to_review"] == int(is_reviewed)


def test_a_sample_of_reviews_is_adjudicated_blind_and_measures_the_reviewer(served):
    desk = new_desk(served.signed_in(Role.MANAGER), review="all", adjudicate_share=1.0)
    desk.add_texts(["one", "two"])
    annotator, reviewer, other = (
        desk.of(served.signed_in(role)) for role in (Role.ANNOTATOR, Role.REVIEWER, Role.REVIEWER)
    )
    for final in ("bad", "good"):
        item_id = answer(annotator, "bad")
        assert decide(reviewer, "accepted", to_decide(reviewer)).status_code == 201
        assert label_of(desk, item_id)[0]["value"] == "bad"
        lease = to_decide(other, "adjudicate")
        assert decide(other, "adjudicated", lease, answers={"mood": final}).status_code == 201
    (row,) = desk.get("quality").json()["reviewers"]
    assert (row["n_accepted"], row["n_checked"], row["n_upheld"], row["agreement"]) == (2, 2, 1, 0.5)
    assert 0 < row["low"] < 0.5 < row["high"] < 1


def test_nonsense_is_refused_with_what_to_do(people, reviewers):
    item_id = answer(people[0])
    lease = to_decide(reviewers[0])
    key = lease["answers"][0]["key"]
    bad = [
        decision(item_id, "accepted", None),
        decision(item_id, "accepted", key, answers={"mood": "good"}),
        decision(item_id, "adjudicated", key, purpose="review"),
        decision(item_id, "accepted", key, id="1"),
        decision(item_id, "accepted", key, active_ms=-1),
        decision(item_id, "accepted", key, comment="x" * 6000),
        decision(item_id, "accepted", key, schema_version=0),
    ]
    for body in bad:
        problem(reviewers[0].client.post(f"{reviewers[0].path}/reviews", json=body), 400, "invalid-input")
    missing = decision(item_id, "accepted", "0" * 16)
    problem(reviewers[0].client.post(f"{reviewers[0].path}/reviews", json=missing), 404, "not-found")
    missing = decision(str(uuid.uuid4()), "accepted", key)
    problem(reviewers[0].client.post(f"{reviewers[0].path}/reviews", json=missing), 404, "not-found")


def test_adjudicators_see_answers_in_an_order_of_their_own_and_no_names(served):
    desk = new_desk(served.signed_in(Role.MANAGER), overlap=3, review="disagreements")
    desk.add_texts([f"text {i}" for i in range(10)])
    people = [desk.of(served.signed_in(Role.ANNOTATOR)) for _ in range(3)]
    for _ in range(10):
        for mood, person in zip(("good", "bad", "neither"), people, strict=True):
            answer(person, mood)
    orders = set()
    reviewer = desk.of(served.signed_in(Role.REVIEWER))
    for _ in range(10):
        (lease,) = reviewer.lease(n=10, purpose="review").json()["leases"]  # nobody hoards the end of this queue either
        assert [one["label"] for one in lease["answers"]] == ["A", "B", "C"]
        assert not any("person-" in str(one) for one in lease["answers"])
        orders.add(tuple(one["answers"]["mood"] for one in lease["answers"]))
        assert decide(reviewer, "accepted", lease).status_code == 201
    assert len(orders) > 1
