"""Views, bulk actions and the history of an item over HTTP."""

import pytest
from labeling_desk import new_desk, problem
from labeling_jobs import jobs_run, wait_until

from goldsmith.labeling.flows import bulk
from goldsmith.trust.authorize import Role


@pytest.fixture
def manager(shared):
    return shared.signed_in(Role.MANAGER)


@pytest.fixture
def desk(manager):
    desk = new_desk(manager, name="Steered")
    desk.add_texts([f"text {i}" for i in range(30)])
    return desk


def act(desk, kind: str, **others):
    return desk.client.post(f"{desk.path}/bulk-actions", json={"kind": kind, **others})


def test_a_view_is_kept_for_oneself_or_shared(shared, desk):
    view = {"name": "Least sure", "where": "confidence < 0.5", "sort": "confidence", "columns": ["confidence"]}
    saved = desk.client.post(f"{desk.path}/item-views", json=view)
    assert saved.status_code == 201
    (row,) = saved.json()["rows"]
    assert (row["where"], row["is_own"], row["is_shared"]) == ("confidence < 0.5", True, False)
    auditor = desk.of(shared.signed_in(Role.AUDITOR))
    assert auditor.get("item-views").json()["rows"] == []
    changed = desk.client.put(f"{desk.path}/item-views/{row['id']}", json=view | {"is_shared": True})
    assert changed.json()["rows"][0]["is_shared"] is True
    (shown,) = auditor.get("item-views").json()["rows"]
    assert (shown["name"], shown["is_own"]) == ("Least sure", False)
    problem(auditor.client.delete(f"{desk.path}/item-views/{row['id']}"), 404, "not-found")
    assert desk.client.delete(f"{desk.path}/item-views/{row['id']}").status_code == 204
    assert desk.get("item-views").json()["rows"] == []


@pytest.mark.parametrize(
    "view", [{"name": ""}, {"name": "x", "where": "nonsense"}, {"name": "x", "sort": "size"}, {"name": "x", "more": 1}]
)
def test_an_impossible_view_is_refused(desk, view):
    problem(desk.client.post(f"{desk.path}/item-views", json=view), 400, "invalid-input")


def test_a_few_items_are_changed_at_once_and_brought_back(desk):
    ids = [row["id"] for row in desk.items()[:3]]
    done = act(desk, "tag", selection={"items": ids}, tags=["odd"]).json()
    assert (done["n_changed"], done["n_unchanged"], done["job_id"]) == (3, 0, None)
    assert [row["tags"] for row in desk.items(where="tag = odd")] == [["odd"]] * 3
    undone = desk.client.post(f"{desk.path}/bulk-actions/{done['id']}/undo").json()
    assert (undone["n_restored"], undone["n_kept"]) == (3, 0)
    assert desk.items(where="tag = *") == []
    problem(desk.client.post(f"{desk.path}/bulk-actions/{done['id']}/undo"), 409, "conflict")
    (listed,) = desk.get("bulk-actions").json()["rows"]
    assert (listed["kind"], listed["selection"]) == ("tag", "3 items chosen")
    assert listed["undone_at"] is not None


def test_many_items_are_a_job_that_can_be_undone(shared, desk, monkeypatch):
    monkeypatch.setattr(bulk, "AT_ONCE", 5)
    monkeypatch.setattr(bulk, "CHUNK", 4)
    begun = act(desk, "set-aside", selection={"where": "position < 20"}).json()
    assert begun["job_id"] is not None
    path = f"{desk.vault_path}/jobs/{begun['job_id']}"
    with jobs_run(shared) as loop:
        loop.notify()
        wait_until(lambda: desk.client.get(path).json()["finished_at"] is not None)
    assert desk.client.get(path).json()["result"] == {"bulk": begun["id"], "n_changed": 20, "n_unchanged": 0}
    assert len(desk.items(where="state = set-aside")) == 20
    assert desk.client.post(f"{desk.path}/bulk-actions/{begun['id']}/undo").json()["n_restored"] == 20
    assert desk.items(where="state = set-aside") == []


def test_an_impossible_bulk_action_is_refused(desk):
    some = {"items": [desk.items()[0]["id"]]}
    for wrong in (
        {"kind": "tag", "selection": some},
        {"kind": "tag", "selection": some, "tags": ["  "]},
        {"kind": "priority", "selection": some, "priority": 1001},
        {"kind": "ask", "selection": some, "n": 0},
        {"kind": "remove", "selection": {}},
        {"kind": "remove", "selection": {"items": []}},
        {"kind": "remove", "selection": {"items": ["x"], "where": ""}},
        {"kind": "remove", "selection": {"where": "lost"}},
        {"kind": "explode", "selection": some},
    ):
        problem(desk.client.post(f"{desk.path}/bulk-actions", json=wrong), 400, "invalid-input")


def test_an_item_tells_its_history_and_its_neighbours(shared, desk):
    rows = desk.items(sort="-position")
    item = rows[1]
    assert desk.submit(item["id"]).status_code == 201
    act(desk, "priority", selection={"items": [item["id"]]}, priority=5)
    told = desk.get(f"items/{item['id']}/history", sort="-position", where="position >= 20").json()
    assert [one["kind"] for one in told["events"]] == ["imported", "answered", "bulk"]
    assert (told["previous"], told["next"]) == (rows[0]["id"], rows[2]["id"])
    assert told["priority"] == 5
    assert told["current"] == [told["item"]["annotations"][0]["id"]]
    first = desk.get(f"items/{rows[0]['id']}/history", sort="-position").json()
    assert first["previous"] is None
    annotator = desk.of(shared.signed_in(Role.ANNOTATOR))
    problem(annotator.get(f"items/{item['id']}/history"), 403, "forbidden")


def test_the_names_to_filter_by_are_listed(desk):
    desk.send_file('{"id": "x1", "text": "one more", "lang": "de"}', "jsonl", id_column="id")
    assert desk.submit(desk.items()[0]["id"]).status_code == 201
    names = {row["name"]: row["values"] for row in desk.get("filter-names").json()["rows"]}
    assert names["field.lang"] == ["de"]
    assert len(names["by"]) == 1
