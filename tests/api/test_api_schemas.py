"""Schemas and guidelines over HTTP: every version can be read, and a draft is told what is wrong with it and where."""

import json

import pytest
from labeling_desk import SCHEMA, new_desk, problem

from goldsmith.trust.authorize import Role

CHECK = "/api/vaults/acme/schemas/check"
TAKEN_KEY = """
fields: [{name: a}]
questions:
- type: choice
  name: q
  label: Q
  options:
  - {value: x, label: X}

  - {value: y, label: Y, key: s}
"""


@pytest.fixture(scope="module")
def manager(shared):
    return shared.signed_in(Role.MANAGER)


@pytest.fixture
def project(manager):
    return f"/api/vaults/acme/projects/{new_desk(manager).project}"


def test_every_version_of_a_schema_can_be_read(manager, project):
    first = manager.get(f"{project}/schema/1").json()
    changed = {**SCHEMA, "questions": [{**SCHEMA["questions"][0], "label": "Another way to ask"}]}
    assert manager.put(f"{project}/schema", json={"schema": changed}).status_code == 200

    assert manager.get(f"{project}/schema/1").json() == first
    assert manager.get(f"{project}/schema/2").json()["schema"]["questions"][0]["label"] == "Another way to ask"
    assert problem(manager.get(f"{project}/schema/3"), 404, "not-found")


def test_every_version_of_a_guideline_can_be_read_also_by_annotators(shared, manager, project):
    assert manager.put(f"{project}/guideline", json={"guideline": "Read it twice."}).status_code == 200
    annotator = shared.signed_in(Role.ANNOTATOR)
    assert annotator.get(f"{project}/guideline/1").json() == {"version": 1, "guideline": ""}
    assert annotator.get(f"{project}/guideline/2").json() == {"version": 2, "guideline": "Read it twice."}
    told = problem(annotator.get(f"{project}/guideline/3"), 404, "not-found")
    assert "guideline version 3" in told["detail"]


def test_a_schema_is_written_as_yaml_that_reads_back(manager):
    verdict = manager.post(CHECK, json={"schema": SCHEMA}).json()
    assert verdict["fault"] is None
    again = manager.post(CHECK, json={"text": verdict["text"]}).json()
    assert again["schema"] == verdict["schema"] == SCHEMA


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("fields:\n- name: a\nquestions:\n- type: choise\n  name: q\n", ("$.questions[0].type", 4), "choice"),
        ("fields:\n- name: a\n  colour: red\nquestions: []\n", ("$.fields[0]", 2), "colour"),
        ("fields: [\n", (None, 2), "not YAML"),
        ("- a\n", ("$", 1), "object"),
        (TAKEN_KEY, ("$.questions[0].options[1]", 10), "labelling screen"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_line(manager, text, place, words):
    verdict = manager.post(CHECK, json={"text": text}).json()
    assert (verdict["place"], verdict["line"]) == place
    assert words in verdict["fault"]
    assert verdict["text"] == text


@pytest.mark.parametrize("body", [{}, {"schema": SCHEMA, "text": "a: 1"}])
def test_a_draft_is_either_values_or_a_text(manager, body):
    assert problem(manager.post(CHECK, json=body), 400, "invalid-input")


def test_a_tree_of_twenty_thousand_options_is_checked_as_values_and_as_json(manager):
    top = [
        {"value": f"g{i}", "label": "G", "options": [{"value": f"{j}", "label": "O"} for j in range(99)]}
        for i in range(200)
    ]
    question = {"type": "taxonomy", "name": "q", "label": "Q", "required": True, "options": top}
    schema = {"fields": SCHEMA["fields"], "questions": [question]}

    assert manager.post(CHECK, json={"schema": schema}).json()["fault"] is None
    verdict = manager.post(CHECK, json={"text": json.dumps(schema)}).json()
    assert (verdict["fault"], verdict["schema"]) == (None, schema)
