"""After a change of the schema exactly the items whose answers no longer fit are asked again."""

import json

import pytest
from sqlalchemy import func, select
from store_lab import SCHEMA

from goldsmith.labeling.flows import projects, refits
from goldsmith.labeling.store import answer_lists
from goldsmith.labeling.workbench import Workbenches
from goldsmith.store.tables import vault as tables
from goldsmith.worker.loop import JobLoop

MOOD = SCHEMA["questions"][0]
NOTE = {"type": "text", "name": "note", "label": "Why?"}


def schema_of(*questions):
    return {**SCHEMA, "questions": list(questions)}


NO_BAD = schema_of({**MOOD, "options": [one for one in MOOD["options"] if one["value"] != "bad"]})
ONE_MORE = schema_of(MOOD, {**NOTE, "required": True})


@pytest.fixture
def answered(lab):
    """Six items: two answered good, two bad, two by nobody."""
    lab.add_items(6)
    lab.ids = lab.item_ids()
    lab.ada = lab.person("ada")
    for i, item in enumerate(lab.ids[:4]):
        lab.answer(lab.ada, item, ("good", "bad")[i % 2])
    return lab


def change(lab, raw):
    """The preview's numbers, and what was then done."""
    loaded = lab.project
    told = refits.preview(lab.bench, loaded, raw)
    lab.act(projects.change_schema, loaded, raw, actor="owner")
    lab.bench.forget_project(loaded)
    done = refits.refit(lab.bench, lab.project_id)
    assert done == (told.n_items_asked_again, told.n_annotations_retired)
    return done


def open_items(lab):
    items = tables.items.c
    return lab.rows(select(items.id).where(items.is_open == 1).order_by(items.position))


def n_stored(lab):
    return lab.rows(select(func.count()).select_from(tables.annotations))[0]


def n_people(lab):
    return lab.rows(select(tables.items.c.n_people).order_by(tables.items.c.position))


def test_an_optional_question_asks_nothing_again(answered):
    assert change(answered, schema_of(MOOD, {**NOTE, "required": False})) == (0, 0)
    assert open_items(answered) == answered.ids[4:]


def test_a_required_question_asks_all_answered_items_again(answered):
    assert change(answered, ONE_MORE) == (4, 4)
    assert open_items(answered) == answered.ids
    assert n_stored(answered) == 4
    assert answered.lease_one(answered.ada).item_id == answered.ids[0]


def test_a_lost_option_asks_those_again_that_used_it(answered):
    answered.infer(dict.fromkeys(answered.ids[:4], 0.99), answer="bad")
    answered.let_model_answer("rules", {answered.ids[0]: "bad", answered.ids[4]: "good"})
    assert change(answered, NO_BAD) == (3, 3)
    assert n_people(answered) == [1, 0, 1, 0, 0, 0]
    items = tables.items.c
    assert answered.rows(select(items.n_models).order_by(items.position)) == [0, 0, 0, 0, 1, 0]
    assert open_items(answered) == [answered.ids[i] for i in (1, 3, 4, 5)]
    asked = answered.rows(select(tables.items.c.id).where(tables.items.c.consensus.is_(None)))
    assert {answered.ids[1], answered.ids[3]} <= set(asked)
    assert answered.ids[2] not in asked


def test_who_is_asked_again_gets_what_still_fits_and_the_reason(answered):
    change(answered, ONE_MORE)
    lease = answered.lease_one(answered.ada)
    assert lease.asked_again is not None
    assert (lease.asked_again.schema_version, lease.asked_again.question) == (1, "note")
    assert lease.asked_again.answers == lease.asked_again.before == {"mood": "good"}
    assert "note" in lease.asked_again.reason
    assert lease.why.text == "The questions have changed since you answered it."
    assert answered.lease_one(answered.person("bob")).asked_again is None


def test_what_no_longer_fits_is_told_and_not_filled_in(answered):
    change(answered, NO_BAD)
    lease = answered.lease_one(answered.ada)
    assert lease.item_id == answered.ids[1]
    assert lease.asked_again is not None
    assert (lease.asked_again.question, lease.asked_again.answers) == ("mood", {})
    assert lease.asked_again.before == {"mood": "bad"}


def test_an_item_that_was_answered_anew_is_not_asked_again_after_that(answered):
    change(answered, ONE_MORE)
    answered.lease_one(answered.ada)
    held = {"project_id": answered.project_id, "annotator_id": answered.ada, "now": answered.clock.now()}
    with answered.vault.database.read() as connection:
        assert [*answer_lists.retired_of_held(connection, **held)] == [answered.ids[0]]
    answers = {"mood": "good", "note": "because"}
    answered.answer(answered.ada, answered.ids[0], answers=answers, schema_version=2)
    assert answered.lease_one(answered.ada).item_id == answered.ids[1]
    with answered.vault.database.read() as connection:
        assert [*answer_lists.retired_of_held(connection, **held)] == [answered.ids[1]]


def test_a_second_run_changes_nothing(answered):
    change(answered, NO_BAD)
    before = answered.rows(select(tables.items).order_by(tables.items.c.position))
    assert refits.refit(answered.bench, answered.project_id) == (0, 0)
    assert answered.rows(select(tables.items).order_by(tables.items.c.position)) == before


def test_an_interrupted_run_is_finished_by_the_next(answered, monkeypatch):
    monkeypatch.setattr(refits, "_CHUNK", 2)
    loaded = answered.project
    answered.act(projects.change_schema, loaded, ONE_MORE, actor="owner")
    answered.bench.forget_project(loaded)
    answered.act(refits._refit_chunk, answered.bench, answered.project_id, -1)
    assert n_people(answered) == [0, 0, 1, 1, 0, 0]
    assert refits.refit(answered.bench, answered.project_id) == (2, 2)
    assert n_people(answered) == [0] * 6


def test_an_interrupted_run_is_finished_by_the_next_inference(answered, home, monkeypatch):
    monkeypatch.setattr(refits, "_CHUNK", 2)
    loaded = answered.project
    answered.act(projects.change_schema, loaded, ONE_MORE, actor="owner")
    answered.bench.forget_project(loaded)
    answered.act(refits._refit_chunk, answered.bench, answered.project_id, -1)
    loop = JobLoop(home, Workbenches(home).of, lambda: {"acme": "Acme"})
    result = loop.run_now(answered.bench, "infer", {"project": answered.project_id}, watch=lambda *_: False)
    assert n_people(answered) == [0] * 6
    assert result["n_answers"] == 0
    assert open_items(answered) == answered.ids


def test_a_recipe_with_a_new_schema_asks_again_what_fits_no_more(answered, home, tmp_path):
    (tmp_path / "one.txt").write_text("a text", encoding="utf-8")
    project = {"name": answered.project.name, "schema": NO_BAD, "policy": {"order": "sequence"}}
    source, stages = [{"kind": "files", "paths": ["one.txt"]}], [{"decode": {}}]
    recipe = {"goldsmith": 1, "name": "moods", "source": source, "stages": stages, "project": project}
    loop = JobLoop(home, Workbenches(home).of, lambda: {"acme": "Acme"})
    asked = {"recipe": json.dumps(recipe), "origin": "moods.yaml", "base": str(tmp_path)}
    result = loop.run_now(answered.bench, "run", asked, watch=lambda *_: False)
    assert result["inference"]["n_answers"] == 2
    assert n_people(answered) == [1, 0, 1, 0, 0, 0, 0]
    assert set(answered.ids[1::2]) <= set(open_items(answered))
    assert n_stored(answered) == 4


def test_where_all_answers_fit_nothing_is_left_to_finish(answered):
    assert refits.finish_refit(answered.bench, answered.project_id) == (0, 0)
    change(answered, NO_BAD)
    assert refits.finish_refit(answered.bench, answered.project.slug) == (0, 0)
    assert n_people(answered) == [1, 0, 1, 0, 0, 0]


@pytest.mark.parametrize(("answer", "counts"), [("bad", 0), ("good", 1)])
def test_an_answer_under_way_is_stored_and_counts_where_it_fits(answered, answer, counts):
    item = answered.lease_one(answered.ada).item_id
    change(answered, NO_BAD)
    new = answered.annotation(item, answer)
    stored = answered.submit(answered.ada, new)
    assert (stored.annotation_id, stored.is_duplicate) == (new.id, False)
    assert answered.submit(answered.ada, new).is_duplicate
    assert n_stored(answered) == 5
    assert n_people(answered)[4] == counts
    current = tables.current_annotations.c.annotation_id
    assert (new.id in answered.rows(select(current))) == bool(counts)
    assert (item in open_items(answered)) != bool(counts)
