"""What becomes of contested gold: the way from the contest to the decision, and the figures that follow from it."""

import uuid

import pytest
from labeling_desk import new_desk, problem
from labeling_jobs import finished, jobs_run

from goldsmith.trust.authorize import Role

N = 24
WRONG = "t00003"


def ok(answer):
    assert answer.status_code in {200, 201, 204}, answer.text
    return answer.json() if answer.content else None


def contest(desk, item_id, reason="It is ironic."):
    place = f"{desk.path}/items/{item_id}/contests"
    return ok(desk.client.post(place, json={"id": str(uuid.uuid4()), "reason": reason}))


def adjudicate(judge, lease, mood, comment=""):
    versions = {f"{kind}_version": 1 for kind in ("schema", "guideline", "policy")}
    decision = {"purpose": "adjudicate", "decision": "adjudicated", "answers": {"mood": mood}, "comment": comment}
    new = {"id": str(uuid.uuid4()), "item_id": lease["item_id"], "lease_id": lease["id"]}
    ok(judge.client.post(f"{judge.path}/reviews", json=new | decision | versions))


@pytest.fixture
def desk(served):
    """Every item is gold whose answer is good, and one annotator has answered all of them, one otherwise."""
    desk = new_desk(served.signed_in(Role.MANAGER), order="sequence", gold_feedback=True, overlap=1)
    desk.add_texts([f"text {i}" for i in range(N)])
    rows = [{"id": row["external_id"], "answers": {"mood": "good"}} for row in desk.items()]
    assert ok(desk.client.post(f"{desk.path}/known-answers", json={"rows": rows}))["n_stored"] == N
    return desk


@pytest.fixture
def person(served, desk):
    person = desk.of(served.signed_in(Role.ANNOTATOR))
    for row in desk.items():
        ok(person.submit(row["id"], {"mood": "bad" if row["external_id"] == WRONG else "good"}))
    return person


@pytest.fixture
def item_id(desk):
    return next(row["id"] for row in desk.items() if row["external_id"] == WRONG)


def figures(served, desk):
    """How many gold items measure the annotator after an inference, and how often they are right by it."""
    with jobs_run(served) as loop:
        assert finished(desk, loop, desk.client.post(f"{desk.path}/infer"))["state"] == "done"
    (question,) = desk.get("quality").json()["questions"]
    (row,) = question["annotators"]
    return row["n_gold"], row["accuracy"]


@pytest.mark.parametrize(("final", "state"), [("bad", "changed"), ("good", "upheld")])
def test_the_annotators_accuracy_follows_what_becomes_of_a_contest(served, desk, person, *, item_id, final, state):
    n_before, before = figures(served, desk)
    contest(person, item_id)
    n_open, while_open = figures(served, desk)
    assert (n_before, n_open) == (N, N - 1)
    assert while_open > before
    judge = desk.of(served.signed_in(Role.REVIEWER))
    (lease,) = ok(judge.lease(purpose="adjudicate", item=item_id))["leases"]
    adjudicate(judge, lease, final)
    n_after, after = figures(served, desk)
    contests = ok(person.get("contests"))
    assert (n_after, contests["rows"][0]["state"]) == (N, state)
    assert contests["counts"] == {"open": 0, "changed": 0, "upheld": 0, state: 1}
    assert (after > before) is (state == "changed")
    assert len(ok(person.get("my-gold"))["rows"]) == (1 if state == "upheld" else 0)


def test_a_contest_that_is_named_is_decided_next_and_says_why(served, desk, person, item_id):
    other = next(row["id"] for row in desk.items() if row["external_id"] == "t00001")
    contest(person, other, "Somebody wrote it twice.")
    contest(person, item_id)
    judge = desk.of(served.signed_in(Role.REVIEWER))
    (first,) = ok(judge.lease(purpose="adjudicate"))["leases"]
    assert (first["item_id"], first["contested"]) == (other, ["Somebody wrote it twice."])
    named, held = ok(judge.lease(purpose="adjudicate", item=item_id))["leases"]
    assert (named["item_id"], named["contested"], held["item_id"]) == (item_id, ["It is ironic."], other)
    again = ok(judge.lease(purpose="adjudicate", item=item_id))["leases"]
    assert [one["id"] for one in again] == [named["id"], held["id"]]
    second = desk.of(served.signed_in(Role.REVIEWER, name="Ro"))
    told = problem(second.lease(purpose="adjudicate", item=item_id), 409, "conflict")
    assert "Somebody else looks at it just now." in told["detail"]


def test_a_named_item_is_refused_to_those_it_concerns_and_where_nothing_is_to_decide(served, desk, person, item_id):
    judge = desk.of(served.signed_in(Role.REVIEWER))
    told = problem(judge.lease(purpose="adjudicate", item=item_id), 409, "conflict")
    assert "Nothing about it is contested." in told["detail"]
    contest(person, item_id)
    told = problem(desk.lease(purpose="adjudicate", item=item_id), 409, "conflict")
    assert "It is your own work" in told["detail"]
    problem(judge.lease(purpose="adjudicate", item=str(uuid.uuid4())), 404, "not-found")
    problem(judge.lease(purpose="adjudicate", item="nothing"), 404, "not-found")
    problem(judge.lease(purpose="label", item=item_id), 400, "invalid-input")


@pytest.mark.parametrize("how", ["withdrawn", "corrected", "imported"])
def test_contested_gold_that_is_withdrawn_or_corrected_ends_the_contest(served, desk, person, *, item_id, how):
    contest(person, item_id)
    place = f"{desk.path}/items/{item_id}/known-answers"
    if how == "withdrawn":
        ok(desk.client.delete(place))
    elif how == "corrected":
        ok(desk.client.put(place, json={"answers": {"mood": "bad"}}))
    else:
        rows = [{"id": WRONG, "answers": {"mood": "bad"}}]
        ok(desk.client.post(f"{desk.path}/known-answers", json={"rows": rows}))
    (told,) = ok(person.get("contests"))["rows"]
    assert (told["state"], told["resolution"]) == ("changed", None)
    assert told["resolved_at"] is not None
    assert ok(person.get("my-gold"))["rows"] == []
    assert desk.get("items", state="to-adjudicate").json()["rows"] == []
    assert figures(served, desk) == (N - 1 if how == "withdrawn" else N, pytest.approx(1.0, abs=0.2))


def test_storing_contested_gold_once_more_does_not_decide_the_contest(desk, person, item_id):
    contest(person, item_id)
    place = f"{desk.path}/items/{item_id}/known-answers"
    told = problem(desk.client.put(place, json={"answers": {"mood": "good"}}), 409, "conflict")
    assert "contested" in told["detail"]
    rows = [{"id": WRONG, "answers": {"mood": "good"}}]
    assert ok(desk.client.post(f"{desk.path}/known-answers", json={"rows": rows}))["n_unchanged"] == 1
    assert [one["state"] for one in ok(person.get("contests"))["rows"]] == ["open"]
    assert ok(desk.get("contests", state="upheld")) == {"rows": [], "counts": {"open": 1, "changed": 0, "upheld": 0}}
    assert ok(person.get("my-gold"))["rows"][0]["is_contested"] is True
