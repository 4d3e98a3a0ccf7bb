"""How good a project's labels are, over HTTP, with the real inference; and what is known of its items."""

import numpy as np
import pytest
from labeling_desk import new_desk, problem
from labeling_jobs import finished, jobs_run

from goldsmith.trust.authorize import Role

MOODS = ("good", "bad", "neither")
N = 40


@pytest.fixture
def desk(served):
    desk = new_desk(
        served.signed_in(Role.MANAGER), overlap=2, max_overlap=5, answer_price_micros=50_000, currency="EUR"
    )
    desk.add_texts([f"text {i}" for i in range(N)])
    return desk


@pytest.fixture
def crowd(served, desk):
    return [desk.of(served.signed_in(Role.ANNOTATOR, name=name)) for name in ("Bo", "Cy", "Di")]


def truth_of(row: dict) -> str:
    return MOODS[row["position"] % 3]


def answer(desk, crowd, *, share: float = 0.85) -> None:
    rng = np.random.default_rng(1)
    for row in desk.items():
        for one in crowd:
            said = truth_of(row) if rng.random() < share else str(rng.choice(MOODS))
            assert one.submit(row["id"], {"mood": said}).status_code == 201


def infer(served, desk) -> None:
    with jobs_run(served) as loop:
        job = finished(desk, loop, desk.client.post(f"{desk.path}/infer"))
    assert job["state"] == "done", job


def test_a_project_without_answers_says_that_nothing_is_measured(desk):
    found = desk.get("quality").json()
    assert (found["inferred_at"], found["questions"], found["spending"]["plan"]) == (None, [], None)
    assert found["audit"]["accuracy"]["value"] is None
    assert "not estimated" in found["audit"]["accuracy"]["note"]
    assert found["spending"]["price_micros"] == 50_000
    assert [need["n"] for need in found["audit"]["needs"]] == sorted(
        (need["n"] for need in found["audit"]["needs"]), reverse=True
    )


def test_a_project_without_items_says_that_nothing_is_measured(served):
    desk = new_desk(served.signed_in(Role.MANAGER))
    found = desk.get("quality")
    assert found.status_code == 200, found.text
    audit = found.json()["audit"]
    assert (audit["accuracy"]["value"], audit["powered"]["value"], audit["needs"]) == (None, None, [])


def test_what_is_known_of_one_item_can_be_asked(desk):
    first, second = desk.items()[:2]
    for row in (first, second):
        path = f"{desk.path}/items/{row['id']}/known-answers"
        assert desk.client.put(path, json={"answers": {"mood": "good"}}).status_code == 200
    found = desk.client.get(f"{desk.path}/known-answers", params={"item": second["id"]}).json()
    assert ([row["item_id"] for row in found["rows"]], found["next"]) == ([second["id"]], None)


def test_an_inference_fills_the_page(served, desk, crowd):
    answer(desk, crowd)
    infer(served, desk)
    found = desk.get("quality").json()
    (question,) = (one for one in found["questions"] if one["question"] == "mood")
    assert (question["kind"], question["n_items"], question["n_answers"]) == ("classes", N, 3 * N)
    assert [one["n_answers"] for one in question["annotators"]] == [N, N, N]
    assert len({one["annotator"]["name"] for one in question["annotators"]}) == 3  # pseudonyms
    assert all(one["median_s"] == 1.5 for one in question["annotators"])
    assert {one["name"] for one in question["agreement"]} == {"krippendorff-alpha", "percent-agreement"}
    assert question["suspects"][0]["title"].startswith("text ")
    assert not found["is_inference_pending"]
    spending = found["spending"]
    (spent,) = spending["by_answers"]
    assert (spent["n_answers"], spent["n_items"]) == (3, N)
    assert spent["n_certain"] == sum(row["confidence"] >= 0.95 for row in desk.items())
    assert [one["n_answers"] for one in spending["points"]] == [3 * N]
    assert spending["plan"]["points"][0]["n_answers"] == 3 * N
    assert spending["earlier"] is None


def test_an_earlier_plan_is_kept_to_be_compared_with_what_happened(served, desk, crowd):
    answer(desk, crowd[:2])
    infer(served, desk)
    first = desk.get("quality").json()["spending"]["plan"]
    for row in desk.items()[: N // 2]:
        assert crowd[2].submit(row["id"], {"mood": truth_of(row)}).status_code == 201
    infer(served, desk)
    spending = desk.get("quality").json()["spending"]
    assert spending["earlier"] is None  # there are only a quarter more answers since
    for row in desk.items()[N // 2 :]:
        assert crowd[2].submit(row["id"], {"mood": truth_of(row)}).status_code == 201
    infer(served, desk)
    spending = desk.get("quality").json()["spending"]
    assert spending["earlier"] == first
    assert [one["n_answers"] for one in spending["points"]] == [2 * N, 2 * N + N // 2, 3 * N]


def test_a_reviewer_decides_a_suspect_and_may_undo_it(served, desk, crowd):
    answer(desk, crowd, share=0.6)
    infer(served, desk)
    suspect = desk.get("quality").json()["questions"][0]["suspects"][0]
    path = f"{desk.path}/items/{suspect['item_id']}/known-answers"
    decided = desk.client.put(path, json={"answers": {"mood": "neither"}, "origin": "review", "note": "looked at it"})
    assert decided.status_code == 200, decided.text
    (consensus,) = (one for one in decided.json()["consensus"] if one["question"] == "mood")
    assert (consensus["value"], consensus["method"], consensus["confidence"]) == ("neither", "known", None)
    left = desk.get("quality").json()["questions"][0]["suspects"]
    assert suspect["item_id"] not in {one["item_id"] for one in left}
    (known,) = desk.get("known-answers").json()["rows"]
    assert (known["value"], known["origin"], known["note"]) == ("neither", "review", "looked at it")
    assert desk.client.delete(path, params={"question": "mood"}).status_code == 204
    assert desk.get("known-answers").json()["rows"] == []
    problem(desk.client.delete(path, params={"question": "mood"}), 404, "not-found")


def test_gold_calibrates_and_measures(served, desk, crowd):
    answer(desk, crowd)
    rows = [{"id": row["external_id"], "answers": {"mood": truth_of(row)}} for row in desk.items()[:30]]
    report = desk.client.post(f"{desk.path}/known-answers", json={"rows": [*rows, {"id": "nobody", "answers": {}}]})
    assert report.status_code == 200
    assert (report.json()["n_stored"], report.json()["n_rejected"]) == (30, 1)
    infer(served, desk)
    question = desk.get("quality").json()["questions"][0]
    assert (question["n_gold"], question["reliability"]["source"]) == (30, "gold")
    assert all(one["is_by_gold"] for one in question["annotators"])


def test_what_waits_for_more_than_the_first_answers_is_said_so(desk, crowd):
    row = desk.items()[0]
    assert crowd[0].submit(row["id"], {"mood": "good"}).status_code == 201
    reasons = {one["reason"]: one["text"] for one in desk.get("progress").json()["not_finished"]}
    assert reasons["more-answers"] == "waiting for one more answer"


def test_an_audit_gives_two_estimates_and_says_what_a_narrower_one_takes(served, desk, crowd):
    answer(desk, crowd, share=0.7)
    infer(served, desk)
    assert desk.client.post(f"{desk.path}/audit", json={"n": 30, "seed": 5}).status_code == 201
    audited = desk.lease(n=10, purpose="audit").json()["leases"]
    n = 0
    while audited:
        for lease in audited:
            item = desk.get(f"items/{lease['item_id']}").json()
            assert desk.submit(lease["item_id"], {"mood": truth_of(item)}, purpose="audit").status_code == 201
            n += 1
        audited = desk.lease(n=10, purpose="audit").json()["leases"]
    audit = desk.get("quality").json()["audit"]
    assert (n, audit["accuracy"]["n"], audit["n_drawn"]) == (30, 30, 30)
    assert audit["accuracy"]["low"] < audit["accuracy"]["value"] < audit["accuracy"]["high"]
    assert audit["powered"]["value"] is not None
    infer(served, desk)
    assert desk.get("quality").json()["questions"][0]["reliability"]["source"] == "audit"


def test_an_annotator_sees_neither_the_quality_nor_what_is_known(crowd):
    one = crowd[0]
    problem(one.get("quality"), 403, "forbidden")
    problem(one.get("known-answers"), 403, "forbidden")
