"""Answers over HTTP: what was sent in good form is stored once, receipted, and never lost for being late or double."""

import uuid

import msgspec
import pytest
from labeling_desk import SCHEMA, annotation, new_desk, problem

from goldsmith.kit.clock import MINUTE
from goldsmith.trust.authorize import Role
from goldsmith.trust.receipts import Receipt, verify_receipt


@pytest.fixture
def desk(served):
    """A manager's desk with four items."""
    desk = new_desk(served.signed_in(Role.MANAGER), order="sequence")
    desk.add_texts([f"Ada \U0001f600 met Bob in Rome, {i} times" for i in range(4)])
    return desk


@pytest.fixture
def ada(served, desk):
    return desk.of(served.signed_in(Role.ANNOTATOR))


@pytest.fixture
def bob(served, desk):
    return desk.of(served.signed_in(Role.ANNOTATOR))


@pytest.fixture(scope="module")
def office(shared):
    """A manager's desk on a server that many tests share, for what is refused."""
    desk = new_desk(shared.signed_in(Role.MANAGER), name="Refusals")
    desk.add_texts(["Ada \U0001f600 met Bob in Rome"])
    return desk


@pytest.fixture(scope="module")
def worker(shared, office):
    return office.of(shared.signed_in(Role.ANNOTATOR))


def post(desk, body):
    return desk.client.post(f"{desk.path}/annotations", json=body)


def said_of(desk, item_id: str) -> list[dict]:
    return desk.get(f"items/{item_id}").json()["annotations"]


def test_a_receipt_proves_what_was_stored(served, desk, ada):
    lease = ada.lease_one()
    body = annotation(lease["item_id"], {"mood": "bad"}, lease_id=lease["id"])
    answer = post(ada, body)
    assert answer.status_code == 201
    receipt = msgspec.json.decode(answer.content, type=Receipt)
    vault = served.home.vault("acme")
    assert verify_receipt(receipt, vault.key.verifying)
    assert not verify_receipt(msgspec.structs.replace(receipt, is_late=True), vault.key.verifying)
    assert (receipt.annotation_id, receipt.item_id, receipt.is_late) == (body["id"], lease["item_id"], False)
    assert receipt.log_origin == vault.origin
    (stored,) = said_of(desk, lease["item_id"])
    assert (stored["id"], stored["answers"], stored["leaf_seq"]) == (body["id"], {"mood": "bad"}, receipt.leaf_seq)


def test_sending_it_again_gives_the_same_receipt(desk, ada, clock):
    lease = ada.lease_one()
    body = annotation(lease["item_id"], lease_id=lease["id"])
    first = post(ada, body)
    clock.advance(60 * MINUTE)
    again = post(ada, {**body, "active_ms": 99})  # how long it took is no part of what was said
    assert (first.status_code, again.status_code) == (201, 200)
    changing = {"is_duplicate", "signature"}
    assert {k: v for k, v in again.json().items() if k not in changing} == {
        k: v for k, v in first.json().items() if k not in changing
    }
    assert len(said_of(desk, lease["item_id"])) == 1


def test_other_content_under_the_same_id_is_a_conflict_and_changes_nothing(desk, ada, bob):
    lease = ada.lease_one()
    body = annotation(lease["item_id"], {"mood": "good"})
    post(ada, body)
    told = problem(post(ada, {**body, "answers": {"mood": "bad"}}), 409, "conflict")
    assert "under a new id" in told["hint"]
    problem(post(bob, body), 409, "conflict")
    other = desk.items()[3]["id"]
    problem(post(ada, {**body, "item_id": other}), 409, "conflict")
    assert [one["answers"] for one in said_of(desk, lease["item_id"])] == [{"mood": "good"}]


def test_a_late_answer_is_kept_and_flagged(desk, ada, bob, clock):
    lease = ada.lease_one()
    clock.advance(15 * MINUTE + 1)
    assert bob.lease_one()["item_id"] == lease["item_id"]
    bob.submit(lease["item_id"])
    late = ada.submit(lease["item_id"], {"mood": "bad"}, lease_id=lease["id"])
    assert (late.status_code, late.json()["is_late"]) == (201, True)
    assert [one["is_late"] for one in said_of(desk, lease["item_id"])] == [False, True]
    assert next(row for row in desk.items() if row["id"] == lease["item_id"])["n_people"] == 2


def test_an_answer_without_a_lease_is_kept_and_flagged(desk, ada):
    item = desk.items()[2]["id"]
    assert ada.submit(item).json()["is_late"]
    assert ada.submit(desk.items()[3]["id"], supersedes=str(uuid.uuid4())).json()["is_late"]


def test_a_changed_answer_supersedes_the_one_before(desk, ada):
    lease = ada.lease_one()
    first = ada.submit(lease["item_id"], {"mood": "good"}, lease_id=lease["id"]).json()
    second = ada.submit(lease["item_id"], {"mood": "bad"}, supersedes=first["annotation_id"]).json()
    assert not second["is_late"]
    history = said_of(desk, lease["item_id"])
    assert [one["supersedes"] for one in history] == [None, first["annotation_id"]]
    assert desk.items()[0]["n_people"] == 1
    own = ada.get("my-annotations").json()["rows"]
    assert [(one["id"], one["answers"]) for one in own] == [(second["annotation_id"], {"mood": "bad"})]
    skipped = ada.submit(lease["item_id"], {}, outcome="skipped", reason="on second thought")
    assert skipped.status_code == 201
    assert desk.items()[0]["n_people"] == 0


def test_spans_are_stored_in_code_points(desk, ada):
    item = desk.items()[0]["id"]
    spans = [{"start": 10, "end": 13, "label": "person"}, {"start": 0, "end": 3, "label": "person"}]
    assert ada.submit(item, {"mood": "good", "names": spans}).status_code == 201
    (stored,) = said_of(desk, item)
    text = desk.get(f"items/{item}").json()["payload"]["text"]
    assert [text[span["start"] : span["end"]] for span in stored["answers"]["names"]] == ["Ada", "Bob"]


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({}, "mood"),
        ({"mood": "great"}, "mood"),
        ({"mood": ["good"]}, "mood"),
        ({"mood": None}, "mood"),
        ({"mood": "good", "names": [{"start": 0, "end": 999, "label": "person"}]}, "names"),
        ({"mood": "good", "names": [{"start": 0, "end": 3, "label": "animal"}]}, "names"),
        ({"mood": "good", "names": [{"start": 3, "end": 3, "label": "person"}]}, "names"),
        ({"mood": "good", "names": "Ada"}, "names"),
        ({"mood": "good", "size": 3}, "size"),
        ({"mood": "good", "__proto__": {}}, "__proto__"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_by_its_question(office, worker, answers, words):
    item = office.items()[0]["id"]
    told = problem(worker.submit(item, answers), 422, "answer-does-not-fit")
    assert words in told["detail"]
    assert said_of(office, item) == []


@pytest.mark.parametrize(
    "change",
    [
        {"id": "not-a-uuid"},
        {"id": "0190A000-0000-7000-8000-000000000001"},
        {"id": ""},
        {"active_ms": -1},
        {"active_ms": 86_400_001},
        {"active_ms": 10**30},
        {"active_ms": 1.5},
        {"outcome": "skipped", "answers": {}},
        {"outcome": "skipped", "answers": {}, "reason": "  "},
        {"outcome": "skipped", "answers": {}, "reason": "x" * 2001},
        {"outcome": "skipped", "answers": {}, "reason": "nu\0l"},
        {"outcome": "lost"},
        {"schema_version": 0},
        {"guideline_version": -1},
        {"policy_version": 10**12},
        {"schema_version": "1"},
        {"surprise": 1},
        {"purpose": "fun"},
        {"answers": [["mood", "good"]]},
    ],
)
def test_what_no_project_could_store_is_refused(office, worker, change):
    item = office.items()[0]["id"]
    problem(post(worker, annotation(item) | change), 400, "invalid-input")
    assert said_of(office, item) == []


@pytest.mark.parametrize("change", [{"schema_version": 2}, {"guideline_version": 2}, {"policy_version": 7}])
def test_versions_that_never_were_are_not_found(office, worker, change):
    problem(post(worker, annotation(office.items()[0]["id"]) | change), 404, "not-found")


@pytest.mark.parametrize("item", ["", "x", "nu\0l", "0190a000-0000-7000-8000-000000000001", "x" * 10_000])
def test_an_answer_to_no_item_is_not_found(worker, item):
    assert len(problem(worker.submit(item), 404, "not-found")["detail"]) < 200


def test_a_skip_with_answers_is_refused_by_name(office, worker):
    told = problem(worker.submit(office.items()[0]["id"], outcome="skipped", reason="odd"), 422, "answer-does-not-fit")
    assert "skipped item has no answers" in told["detail"]


def test_a_new_schema_does_not_keep_an_open_lease_from_saving(desk, ada):
    lease = ada.lease_one()
    questions = [{**SCHEMA["questions"][0], "options": [{"value": "fine", "label": "Fine"}]}]
    changed = desk.client.put(f"{desk.path}/schema", json={"schema": {**SCHEMA, "questions": questions}})
    assert (changed.status_code, changed.json()["schema_version"]) == (200, 2)
    saved = ada.submit(lease["item_id"], {"mood": "neither"}, lease_id=lease["id"])
    assert (saved.status_code, saved.json()["is_late"]) == (201, False)
    told = problem(ada.submit(lease["item_id"], {"mood": "neither"}, schema_version=2), 422, "answer-does-not-fit")
    assert "mood" in told["detail"]
    assert ada.submit(lease["item_id"], {"mood": "fine"}, schema_version=2).status_code == 201
    assert [one["schema_version"] for one in said_of(desk, lease["item_id"])] == [1, 2]
    assert ada.lease_one()["schema_version"] == 2


def test_ones_own_work_is_paged_newest_first(desk, ada):
    desk.add_texts([f"more {i}" for i in range(20)], start=100)
    sent = [ada.submit(row["id"]).json()["annotation_id"] for row in desk.items()]
    seen, cursor = [], None
    while True:
        page = ada.get("my-annotations", limit=7, **({"cursor": cursor} if cursor else {})).json()
        seen += [row["id"] for row in page["rows"]]
        assert all(row["title"] for row in page["rows"])
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == sent[::-1]
    for bad in (
        {"cursor": "x"},
        {"cursor": "9" * 30},
        {"cursor": "-1"},
        {"limit": 0},
        {"limit": 501},
        {"cursor": "\u0661"},
    ):
        problem(ada.get("my-annotations", **bad), 400, "invalid-input")


def test_who_may_not_answer_is_told(served, desk):
    auditor = desk.of(served.signed_in(Role.AUDITOR))
    problem(auditor.submit(desk.items()[0]["id"]), 403, "forbidden")
    problem(auditor.get("my-annotations"), 403, "forbidden")
    problem(desk.of(served.client()).submit(desk.items()[0]["id"]), 401, "unauthenticated")
    annotator = desk.of(served.signed_in(Role.ANNOTATOR))
    body = annotation(desk.items()[0]["id"], purpose="audit")
    problem(post(annotator, body), 403, "forbidden")
