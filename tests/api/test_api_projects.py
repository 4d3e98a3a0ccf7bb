"""Projects over HTTP: made, seen, steered by versions; what is malformed is refused by its place."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from labeling_desk import SCHEMA, Desk, new_desk, problem

from goldsmith.labeling.flows import inference
from goldsmith.labeling.handover import Inferred, Measured
from goldsmith.trust.authorize import Role


@pytest.fixture(scope="module")
def manager(shared):
    return shared.signed_in(Role.MANAGER)


@pytest.fixture
def desk(manager):
    return new_desk(manager)


def create(client, **body):
    return client.post("/api/vaults/acme/projects", json={"name": "Moods", "schema": SCHEMA, **body})


def test_a_new_project_is_found_by_its_id_and_its_slug(manager):
    made = create(manager, name="  Ärger & Freude: Teil 2  ", guideline="# How\n\nRead it twice.")
    assert made.status_code == 201
    project = made.json()
    assert (project["name"], project["slug"]) == ("Ärger & Freude: Teil 2", "arger-freude-teil-2")
    assert project["guideline"] == "# How\n\nRead it twice."
    assert project["policy"] == {
        "overlap": 1, "order": "need", "only_uncertain": False, "target_confidence": 0.95, "assistant": False,
        "lease_minutes": 15, "max_overlap": None, "answer_price_micros": 0, "currency": "EUR",
        "review": "none", "review_share": 0.1, "review_after": None, "review_by": "reviewers",
        "review_shows_names": False, "review_rounds": 3, "adjudicate_share": 0.0, "gold_share": 0.0,
        "gold_exposures": 100, "gold_per_annotator": None, "gold_feedback": False, "suggestions": "none",
        "unaided_share": 0.2,
    }  # fmt: skip
    for reference in (project["id"], project["slug"]):
        assert manager.get(f"/api/vaults/acme/projects/{reference}").json() == project


def test_two_projects_of_one_name_get_two_slugs(manager):
    first, second = create(manager, name="Twin").json(), create(manager, name="Twin").json()
    assert (first["slug"], second["slug"]) == ("twin", "twin-2")


def test_cards_show_the_newest_first_with_their_numbers(manager, desk):
    desk.add_texts(["a", "b", "c"])
    desk.submit(desk.items()[0]["id"])
    card = manager.get("/api/vaults/acme/projects").json()["rows"][0]
    assert card["slug"] == desk.project
    assert (card["n_items"], card["n_answered"], card["n_need_people"], card["latest_release"]) == (3, 1, 2, None)


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"name": ""}, "invalid-input", "name"),
        ({"name": "   "}, "invalid-input", "name"),
        ({"name": "x" * 121}, "invalid-input", "120"),
        ({"name": "a\x00b"}, "invalid-input", "control"),
        ({"name": 7}, "invalid-input", "name"),
        ({"surprise": 1}, "invalid-input", "surprise"),
        ({"guideline": "x" * 200_001}, "invalid-input", "200,000"),
        ({"schema": {}}, "invalid-schema", "$.fields"),
        ({"schema": {"fields": [], "questions": []}}, "invalid-schema", "$.fields"),
        ({"schema": {**SCHEMA, "question": []}}, "invalid-schema", "questions"),
        ({"schema": {**SCHEMA, "questions": [{"type": "choise"}]}}, "invalid-schema", "choice"),
        ({"schema": {**SCHEMA, "questions": SCHEMA["questions"] * 2}}, "invalid-schema", "$.questions[2].name"),
        ({"policy": {"overlapp": 2}}, "invalid-schema", "did you mean 'overlap'?"),
        ({"policy": {"overlap": 0}}, "invalid-schema", "1 to 100"),
        ({"policy": {"overlap": 101}}, "invalid-schema", "1 to 100"),
        ({"policy": {"overlap": 10**30}}, "invalid-schema", "overlap"),
        ({"policy": {"overlap": True}}, "invalid-schema", "overlap"),
        ({"policy": {"order": "sideways"}}, "invalid-schema", "order"),
        ({"policy": {"target_confidence": 1}}, "invalid-schema", "target_confidence"),
        ({"policy": {"lease_minutes": 0}}, "invalid-schema", "lease_minutes"),
    ],
)
def test_a_malformed_project_is_refused_by_its_place(manager, change, code, words):
    before = manager.get("/api/vaults/acme/projects").json()
    told = problem(create(manager, **change), 400, code)
    assert words in told["detail"]
    assert len(told["detail"]) < 300
    assert manager.get("/api/vaults/acme/projects").json() == before


def test_every_change_is_a_new_version(desk):
    schema = {**SCHEMA, "questions": SCHEMA["questions"][:1]}
    changes = [
        ("schema", {"schema": schema}),
        ("guideline", {"guideline": "Read it\x00 twice."}),
        ("policy", {"policy": {"overlap": 3}}),
        ("guideline", {"guideline": "Read it thrice."}),
    ]
    for place, body in changes:
        assert desk.client.put(f"{desk.path}/{place}", json=body).status_code == 200
    project = desk.client.get(desk.path).json()
    assert [project[f"{kind}_version"] for kind in ("schema", "guideline", "policy")] == [2, 3, 2]
    assert project["guideline"] == "Read it thrice."
    assert project["policy"]["overlap"] == 3
    assert [question["name"] for question in project["schema"]["questions"]] == ["mood"]
    problem(desk.client.put(f"{desk.path}/policy", json={"policy": {"overlap": 0}}), 400, "invalid-schema")
    problem(desk.client.put(f"{desk.path}/schema", json={"schema": []}), 400, "invalid-input")
    assert desk.client.get(desk.path).json() == project


def test_a_new_target_changes_which_items_are_certain(shared, desk):
    desk.add_texts(["a", "b"])
    rows = desk.items()
    for row in rows:
        desk.submit(row["id"])
    bench = shared.services.benches.of("acme")
    found = iter(
        [Inferred(item, "mood", '"good"', level, None, 1, "majority")]
        for item, level in sorted((row["id"], level) for row, level in zip(rows, (0.7, 0.9), strict=True))
    )
    taken = inference.snapshot(bench, desk.project)
    inference.store_inference(bench, taken, found, Measured(measures=[], agreement_of={}))
    for target, n_certain in ((0.95, 0), (0.8, 1), (0.6, 2), (0.95, 0)):
        policy = {"policy": {"target_confidence": target}}
        assert desk.client.put(f"{desk.path}/policy", json=policy).status_code == 200
        assert desk.get("progress").json()["n_certain"] == n_certain
        assert len(desk.items(state="certain")) == n_certain


def test_changes_at_once_are_all_kept_in_some_order(shared, desk):
    clients = [shared.signed_in(Role.MANAGER) for _ in range(4)]
    barrier = threading.Barrier(len(clients))

    def change(client):
        barrier.wait(30)
        desks = Desk(client, desk.project)
        return [
            client.put(f"{desks.path}/guideline", json={"guideline": f"by {id(client)}, time {i}"}).json()
            for i in range(5)
        ]

    with ThreadPoolExecutor(len(clients)) as threads:
        told = [one for answers in threads.map(change, clients) for one in answers]
    project = desk.client.get(desk.path).json()
    assert project["guideline_version"] == 21
    newest = [one for one in told if one["guideline_version"] == 21]
    assert {one["guideline"] for one in newest} == {project["guideline"]}


def test_progress_says_what_is_left_and_how_to_see_it(shared, desk):
    desk.client.put(f"{desk.path}/policy", json={"policy": {"overlap": 2}})
    desk.add_texts(["a", "b", "c"])
    desk.submit(desk.items()[0]["id"])
    progress = desk.get("progress").json()
    left = {entry["reason"]: entry for entry in progress["not_finished"]}
    assert (left["first-answer"]["n"], left["more-answers"]["n"], left["uncertain"]["n"]) == (2, 1, 3)
    for entry in progress["not_finished"]:
        assert desk.get("items", **entry["filter"]).json()["total"] >= entry["n"]
    assert (progress["n_annotations"], progress["n_people_annotations"]) == (1, 1)
    assert progress["is_inference_pending"]
    annotator = desk.of(shared.signed_in(Role.ANNOTATOR))
    assert annotator.get("progress").status_code == 200


def test_question_types_come_with_their_forms(shared):
    rows = {row["type"]: row for row in shared.client().get("/api/question-types").json()["rows"]}
    assert {"choice", "spans"} <= set(rows)
    assert rows["choice"]["widget"] == "Choice"
    assert "options" in str(rows["choice"]["json_schema"])


def test_who_may_not_steer_is_told(shared, desk):
    for role in (Role.ANNOTATOR, Role.AUDITOR):
        other = shared.signed_in(role)
        problem(create(other), 403, "forbidden")
        assert other.get(desk.path).status_code == 200
        for place, body in {"schema": SCHEMA, "guideline": "", "policy": {}}.items():
            problem(other.put(f"{desk.path}/{place}", json={place: body}), 403, "forbidden")


def test_a_change_of_the_schema_says_what_it_asks_again(desk):
    new = {**SCHEMA, "questions": [*SCHEMA["questions"], {"type": "text", "name": "why", "label": "Why?"}]}
    before = desk.client.get(desk.path).json()
    told = desk.client.post(f"{desk.path}/schema/preview", json={"schema": new})
    assert told.status_code == 200
    assert [(one["question"], one["effect"]) for one in told.json()["questions"]] == [("why", "new")]
    assert desk.client.get(desk.path).json() == before
    changed = desk.client.put(f"{desk.path}/schema", json={"schema": new}).json()
    assert changed["effects"] == told.json()
    assert changed["schema_version"] == before["schema_version"] + 1
    problem(desk.client.post(f"{desk.path}/schema/preview", json={"schema": {}}), 400, "invalid-schema")
