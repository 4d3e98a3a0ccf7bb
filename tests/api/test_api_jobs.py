"""Jobs over HTTP with the real job loop: seen, run once, cancelled, put back after a kill."""

import pytest
from labeling_desk import new_desk, problem
from labeling_jobs import finished, jobs_run, wait_until

from goldsmith.kit.clock import SECOND
from goldsmith.kit.ids import Uuid7
from goldsmith.store import jobs
from goldsmith.trust.authorize import Role


@pytest.fixture
def desk(served):
    desk = new_desk(served.signed_in(Role.MANAGER))
    desk.add_texts([f"text {i}" for i in range(4)])
    return desk


@pytest.fixture
def owner_desk(served, desk):
    return desk.of(served.owner())


def post_infer(desk):
    return desk.client.post(f"{desk.path}/infer")


def job_of(desk, job_id: str) -> dict:
    return desk.client.get(f"{desk.vault_path}/jobs/{job_id}").json()


def answer_all(desk, mood: str) -> None:
    for row in desk.items():
        assert desk.submit(row["id"], {"mood": mood}).status_code == 201


def test_an_inference_is_a_job_that_fills_the_lists(served, desk):
    annotator = desk.of(served.signed_in(Role.ANNOTATOR))
    for row in desk.items():
        for person in (desk, annotator):
            assert person.submit(row["id"], {"mood": "good"}).status_code == 201
    asked = post_infer(desk)
    assert (asked.json()["state"], asked.json()["kind"], asked.json()["result"]) == ("queued", "infer", None)
    with jobs_run(served) as loop:
        job = finished(desk, loop, asked)
    assert (job["state"], job["result"]) == ("done", {"n_answers": 8, "n_items": 4})
    assert job["created_at"] <= job["started_at"] <= job["finished_at"]
    rows = desk.items()
    assert {row["consensus"]["mood"] for row in rows} == {"good"}
    assert all(row["confidence"] > 0.5 for row in rows)
    progress = desk.get("progress").json()
    assert (progress["n_items"], progress["n_answered"], progress["is_inference_pending"]) == (4, 4, False)
    assert sum(progress["confidence_histogram"]) == 4
    assert progress["accuracy"]["text"] == "not estimated: no audit sample"
    assert {row["agreement"] for row in progress["annotators"]} == {1.0}


def test_models_answer_as_a_job(served, desk):
    models = [{"text-classifier": {"question": "mood", "text_field": "text", "min_answered": 4}}]
    desk.add_texts(["a good day", "a bad day", "good news", "bad news", "good luck", "bad luck"], start=10)
    for row in desk.items()[4:9]:
        desk.submit(row["id"], {"mood": "good" if "good" in row["title"] else "bad"})
    with jobs_run(served) as loop:
        job = finished(desk, loop, desk.client.post(f"{desk.path}/annotate", json={"models": models}))
        assert job["state"] == "done", job
        told = job["result"]["models"]["text-classifier"]
        assert told["n_answers"] == told["n_new"] > 0
        again = finished(desk, loop, desk.client.post(f"{desk.path}/annotate", json={"models": models}))
        assert again["result"]["models"]["text-classifier"]["n_new"] == 0
    assert sum(row["n_models"] for row in desk.items()) == told["n_new"]
    assert [row["n_people"] for row in desk.items()] == [0] * 4 + [1] * 5 + [0]


def test_a_job_that_cannot_run_says_why(served, desk, owner_desk):
    with jobs_run(served) as loop:
        unknown = finished(desk, loop, desk.client.post(f"{desk.path}/annotate", json={"models": [{"nobody": {}}]}))
        recipe = {"kind": "run", "recipe": "name: x\nsource: {}\nstagse: []\n", "origin": "mine.yaml"}
        broken = finished(owner_desk, loop, owner_desk.client.post(f"{desk.vault_path}/jobs", json=recipe))
    assert (unknown["state"], unknown["error"]["code"]) == ("failed", "invalid-input")
    assert "no model annotator 'nobody'" in unknown["error"]["detail"]
    assert (broken["state"], broken["error"]["code"]) == ("failed", "invalid-recipe")
    assert "mine.yaml:" in broken["error"]["detail"]


def test_a_waiting_job_is_asked_for_once_and_cancelled_at_once(desk):
    first, second = post_infer(desk).json(), post_infer(desk).json()
    assert first["id"] == second["id"]
    cancelled = desk.client.post(f"{desk.vault_path}/jobs/{first['id']}/cancel")
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    told = problem(desk.client.post(f"{desk.vault_path}/jobs/{first['id']}/cancel"), 409, "conflict")
    assert "cancelled" in told["detail"]
    assert post_infer(desk).json()["id"] != first["id"]


def test_what_a_killed_process_left_running_is_run_again(served, desk):
    job = post_infer(desk).json()
    served.home.vault("acme").database.write(jobs.claim_next)
    assert job_of(desk, job["id"])["state"] == "running"
    with jobs_run(served):
        wait_until(lambda: job_of(desk, job["id"])["state"] == "done")


def test_a_running_job_stops_at_its_next_step(served, desk):
    job = post_infer(desk).json()
    served.home.vault("acme").database.write(jobs.claim_next)
    asked = desk.client.post(f"{desk.vault_path}/jobs/{job['id']}/cancel")
    assert (asked.status_code, asked.json()["state"]) == (200, "running")
    with jobs_run(served):
        wait_until(lambda: job_of(desk, job["id"])["state"] == "cancelled")
    assert job_of(desk, job["id"])["error"] is None


def test_closing_puts_a_running_job_back(served, desk):
    answer_all(desk, "good")
    job = post_infer(desk).json()
    with jobs_run(served):
        wait_until(lambda: job_of(desk, job["id"])["state"] == "running")
    assert job_of(desk, job["id"])["state"] in {"queued", "done"}
    with jobs_run(served):
        wait_until(lambda: job_of(desk, job["id"])["state"] == "done")


def test_new_answers_are_inferred_by_themselves_once_they_stop_coming(served, desk, clock):
    answer_all(desk, "bad")
    assert desk.get("progress").json()["is_inference_pending"]
    clock.advance(3 * SECOND)
    with jobs_run(served) as loop:
        loop.notify()
        wait_until(lambda: not desk.get("progress").json()["is_inference_pending"])
    assert {row["consensus"]["mood"] for row in desk.items()} == {"bad"}
    assert desk.client.get(f"{desk.vault_path}/jobs").json()["rows"] == []


def test_jobs_are_paged_newest_first_and_filtered(served, desk):
    others = [new_desk(desk.client, name=f"Project {i}") for i in range(5)]
    made = [post_infer(one).json()["id"] for one in others]
    desk.client.post(f"{desk.vault_path}/jobs/{made[0]}/cancel")
    seen, cursor = [], None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = desk.client.get(f"{desk.vault_path}/jobs", params=query).json()
        seen += [row["id"] for row in page["rows"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == made[::-1]
    queued = desk.client.get(f"{desk.vault_path}/jobs", params={"state": "queued"}).json()["rows"]
    assert [row["id"] for row in queued] == made[:0:-1]
    for bad in ({"state": "lost"}, {"limit": 0}, {"limit": 501}, {"cursor": "x"}, {"cursor": ""}):
        problem(desk.client.get(f"{desk.vault_path}/jobs", params=bad), 400, "invalid-input")


def test_who_may_not_run_jobs_is_told(served, desk):
    for role in (Role.ANNOTATOR, Role.AUDITOR):
        other = desk.of(served.signed_in(role))
        problem(post_infer(other), 403, "forbidden")
        problem(other.client.post(f"{desk.path}/releases", json={}), 403, "forbidden")
        problem(other.client.post(f"{desk.path}/annotate", json={"models": []}), 403, "forbidden")
    recipe = {"kind": "run", "recipe": "name: x", "origin": "x"}
    told = problem(desk.client.post(f"{desk.vault_path}/jobs", json=recipe), 403, "forbidden")
    assert "only the owner" in told["detail"]
    problem(served.owner().post(f"{desk.vault_path}/jobs", json=recipe | {"kind": "dance"}), 400, "invalid-input")
    stranger = served.signed_in(Role.OWNER, "globex")
    job = post_infer(desk).json()["id"]
    foreign = problem(stranger.get(f"/api/vaults/globex/jobs/{job}"), 404, "not-found")
    missing = problem(stranger.get(f"/api/vaults/globex/jobs/{Uuid7()()}"), 404, "not-found")
    assert foreign["detail"].replace(job, "") == missing["detail"].replace(missing["detail"].split("'")[1], "")
    problem(stranger.post(f"/api/vaults/globex/jobs/{job}/cancel"), 404, "not-found")
    problem(desk.client.get(f"{desk.vault_path}/jobs/%2e%2e%2f"), 404, "not-found")
