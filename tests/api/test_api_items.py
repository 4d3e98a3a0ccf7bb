"""Lists of items over HTTP: every order and filter gives all rows exactly once, and people see only what is theirs."""

import base64
import itertools
import json
import random

import pytest
from labeling_desk import new_desk, problem

from goldsmith.kit.ids import Uuid7
from goldsmith.labeling.flows import inference
from goldsmith.labeling.handover import Inferred, Measured
from goldsmith.trust.authorize import Role

N_ITEMS = 137
SORTS = ["position", "need", "confidence", "answers", "updated"]
STATES = ["all", "open", "certain", "uncertain", "answered", "unanswered", "contested"]


@pytest.fixture(scope="module")
def manager(shared):
    return shared.signed_in(Role.MANAGER)


@pytest.fixture(scope="module")
def desk(shared, manager):
    """A project of many items, some answered, some inferred with equal confidence, some without any."""
    desk = new_desk(manager, name="Many", overlap=2, only_uncertain=True, target_confidence=0.9)
    desk.add_texts([f"text {i} about {'Ärger' if i % 3 else '100%_sure'}" for i in range(N_ITEMS)])
    rows = desk.items()
    for row in rows[:15]:
        assert desk.submit(row["id"]).status_code == 201
    annotator = desk.of(shared.signed_in(Role.ANNOTATOR))
    for row in rows[5:10]:
        assert annotator.submit(row["id"], {"mood": "bad"}).status_code == 201
    bench = shared.services.benches.of("acme")
    draw = random.Random(1)  # noqa: S311 - an order, not a secret
    chosen = sorted(row["id"] for row in draw.sample(rows, 60))
    found = iter(
        [Inferred(item, "mood", '"good"' if i % 2 else '"bad"', level, None, 3, "majority")]
        for i, (item, level) in enumerate(zip(chosen, itertools.cycle([0.2, 0.5, 0.5, 0.95, 1.0]), strict=False))
    )
    taken = inference.snapshot(bench, desk.project)
    inference.store_inference(bench, taken, found, Measured(measures=[], agreement_of={}))
    return desk


@pytest.mark.parametrize("direction", ["asc", "desc"])
@pytest.mark.parametrize("sort", SORTS)
def test_every_order_gives_every_row_once(desk, sort, direction):
    everything = {row["id"] for row in desk.items(limit=500)}
    rows = desk.items(sort=sort, direction=direction, limit=9)
    assert len(rows) == N_ITEMS
    assert {row["id"] for row in rows} == everything
    assert [row["id"] for row in rows] == [row["id"] for row in desk.items(sort=sort, direction=direction, limit=500)]
    name = {"answers": "n_people", "updated": "updated_at", "need": "position"}.get(sort, sort)
    values = [row[name] for row in rows if row[name] is not None]
    if sort != "need":
        assert values == sorted(values, reverse=direction == "desc")
    if sort == "confidence":
        assert [row["confidence"] is None for row in rows] == [False] * 60 + [True] * (N_ITEMS - 60)


@pytest.mark.parametrize("state", STATES)
def test_every_filter_gives_the_same_rows_in_every_order(desk, state):
    rows = {row["id"]: row for row in desk.items(limit=500)}
    expected = set(rows) if state == "all" else {key for key, row in rows.items() if holds(state, row)}
    for sort in SORTS:
        found = desk.items(state=state, sort=sort, limit=7)
        assert len(found) == len(expected)
        assert {row["id"] for row in found} == expected
    assert desk.get("items", state=state, limit=1).json()["total"] == len(expected)


def holds(state: str, row: dict) -> bool:
    is_certain = row["confidence"] is not None and row["confidence"] >= 0.9 and row["n_people"] > 0
    return {
        "open": row["n_people"] < 2 and not is_certain,
        "certain": is_certain,
        "uncertain": not is_certain,
        "answered": row["n_people"] > 0,
        "unanswered": row["n_people"] == 0,
        "contested": row["is_contested"],
    }[state]


def test_texts_and_labels_are_found_as_they_are_written(desk):
    rows = desk.items(limit=500)
    for words in ("text 12", "TEXT 12", "100%_sure", "Ärger", '"text 12"', "12 text"):
        found = {row["id"] for row in desk.items(q=words, limit=11)}
        asked = "text 12 " if "12" in words else words
        assert found == {row["id"] for row in rows if asked.lower() in row["title"].lower()}, words
    assert {row["id"] for row in desk.items(q="arg*", limit=500)} == {
        row["id"] for row in rows if "Ärger" in row["title"]
    }
    assert problem(desk.get("items", q="% _"), 400, "invalid-input")["detail"].startswith(
        "The search '% _' has no word"
    )
    for value in ("good", "bad", "neither", 'go"od', "%"):
        found = {row["id"] for row in desk.items(label=f"mood:{value}", limit=11)}
        assert found == {row["id"] for row in rows if (row["consensus"] or {}).get("mood") == value}, value


def test_a_page_goes_on_where_the_last_one_ended_though_items_were_added(manager):
    desk = new_desk(manager, name="Growing")
    desk.add_texts([f"text {i}" for i in range(10)])
    first = desk.get("items", limit=4).json()
    desk.add_texts([f"later {i}" for i in range(5)], start=10)
    rest = desk.get("items", limit=500, cursor=first["next"]).json()
    assert [row["position"] for row in first["rows"] + rest["rows"]] == list(range(15))


def cursor(*parts) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


ANY = "01900000-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": -5},
        {"limit": 501},
        {"limit": "many"},
        {"limit": 10**30},
        {"sort": "created_by__password"},
        {"direction": "sideways"},
        {"state": "lost"},
        {"label": "mood"},
        {"cursor": "nonsense"},
        {"cursor": "Ünsinn"},
        {"cursor": ""},
        {"cursor": cursor("position", [10**30], ANY)},
        {"cursor": cursor("position", [-(10**30)], ANY)},
        {"cursor": cursor("position", [None], ANY)},
        {"cursor": cursor("position", ["x"], ANY)},
        {"cursor": cursor("position", [1], "not an id")},
        {"cursor": cursor("position", [1], ANY[:-1] + "\0")},
        {"cursor": cursor("need", [1], ANY)},
        {"cursor": cursor("no such order", [1], ANY)},
        {"cursor": cursor("position", [1])},
        {"cursor": cursor("position", [1, 2], ANY)},
        {"cursor": cursor("position", [], ANY)},
        {"cursor": cursor("position", 1, ANY)},
        {"cursor": cursor(*[[[]]] * 3)},
        {"cursor": base64.urlsafe_b64encode(b"[" * 5000).decode()},
        {"cursor": base64.urlsafe_b64encode(b'["position", 1, "\xff"]').decode()},
    ],
)
def test_an_impossible_question_is_refused_in_one_line(desk, query):
    told = problem(desk.get("items", **query), 400, "invalid-input")
    assert len(told["detail"]) < 200


def test_a_cursor_of_whole_numbers_fits_every_order(desk):
    for sort in SORTS:
        answer = desk.get("items", sort=sort, cursor=cursor(sort, [1], ANY))
        assert answer.status_code == 200
        assert desk.get("items", sort=sort, cursor=cursor(f"-{sort}", [1], ANY), direction="desc").status_code == 200


def test_an_item_shows_its_content_its_answers_and_what_was_inferred(desk):
    row = desk.items(limit=500)[7]
    item = desk.get(f"items/{row['id']}").json()
    assert item["payload"] == {"id": "t00007", "text": "text 7 about Ärger"}
    assert sorted(one["answers"]["mood"] for one in item["annotations"]) == ["bad", "good"]
    assert all(one["annotator"]["kind"] == "person" for one in item["annotations"])
    assert "person_id" not in json.dumps(item)
    assert [one["question"] for one in item["consensus"]] == (["mood"] if row["consensus"] else [])


def test_an_annotator_sees_own_answers_only_and_no_list(shared, desk):
    ada, bob = (desk.of(shared.signed_in(Role.ANNOTATOR)) for _ in range(2))
    first, second = (row["id"] for row in desk.items(limit=500)[100:102])
    ada.submit(first, {"mood": "good"})
    bob.submit(first, {"mood": "bad"})
    for mine, answer in ((ada, "good"), (bob, "bad")):
        item = mine.get(f"items/{first}").json()
        assert [one["answers"] for one in item["annotations"]] == [{"mood": answer}]
        assert (item["consensus"], item["confidence"], item["is_contested"]) == ([], None, False)
        assert [one["answers"] for one in mine.get("my-annotations").json()["rows"]] == [{"mood": answer}]
        unseen, missing = mine.get(f"items/{second}"), mine.get(f"items/{Uuid7()()}")
        assert problem(unseen, 404, "not-found")["title"] == problem(missing, 404, "not-found")["title"]
        problem(mine.get("items"), 403, "forbidden")
        problem(mine.get("export.jsonl"), 403, "forbidden")
    both = desk.get(f"items/{first}").json()["annotations"]
    assert len(both) == 2


def test_another_clients_project_looks_like_one_that_is_not_there(shared, desk):
    stranger = shared.signed_in(Role.OWNER, "globex")
    item = desk.items(limit=1)[0]["id"]
    for place in ("", "/items", f"/items/{item}", "/progress", "/export.jsonl", "/releases", "/my-annotations"):
        foreign = problem(stranger.get(f"/api/vaults/acme/projects/{desk.project}{place}"), 404, "not-found")
        missing = problem(stranger.get(f"/api/vaults/nowhere/projects/{desk.project}{place}"), 404, "not-found")
        own = problem(stranger.get(f"/api/vaults/globex/projects/{desk.project}{place}"), 404, "not-found")
        assert foreign["detail"] == missing["detail"]
        assert desk.project in own["detail"]
    other = new_desk(stranger, vault="globex")
    problem(other.get(f"items/{item}"), 404, "not-found")
    problem(other.submit(item), 404, "not-found")


def test_an_item_of_another_project_is_not_there(manager, desk):
    other = new_desk(manager, name="Beside")
    item = desk.items(limit=1)[0]["id"]
    problem(other.get(f"items/{item}"), 404, "not-found")
    problem(other.submit(item), 404, "not-found")


@pytest.mark.parametrize("item", ["x", "%2e%2e", "0" * 5000, "%00", "%ff%fe", "'; drop table items; --"])
def test_an_impossible_item_is_not_there(desk, item):
    assert desk.client.get(f"{desk.path}/items/{item}").status_code in {400, 404}


def test_everything_can_be_exported_as_it_is_now(desk):
    answer = desk.get("export.jsonl")
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert answer.headers["content-disposition"] == f'attachment; filename="{desk.project}.jsonl"'
    lines = [json.loads(line) for line in answer.text.splitlines()]
    rows = desk.items(limit=500)
    assert [line["external_id"] for line in lines] == sorted(row["external_id"] for row in rows)
    by_id = {line["id"]: line for line in lines}
    assert sum(len(line["annotations"]) for line in lines) >= 20
    for row in rows:
        assert by_id[row["id"]]["payload"]["id"] == row["external_id"]
        assert {one["question"]: one["value"] for one in by_id[row["id"]]["consensus"]} == (row["consensus"] or {})
