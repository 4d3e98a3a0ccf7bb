"""The plain rules of labelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldsmith.errors import InputError, SchemaError
from goldsmith.labeling.lease_wire import NewAnnotation
from goldsmith.labeling.model import (
    TITLE_LENGTH,
    annotation_digest,
    certainty,
    check_project_name,
    has_certainty,
    slug_of,
    title_of,
)
from goldsmith.labeling.policies import Policy, parse_policy
from goldsmith.tasks.schemas import parse_schema


def choice(name: str, *, required: bool = True) -> dict:
    options = [{"value": value, "label": value} for value in ("a", "b")]
    return {"type": "choice", "name": name, "label": name, "required": required, "options": options}


SCHEMA = parse_schema(
    {
        "fields": [{"name": "title"}, {"name": "text"}],
        "questions": [
            choice("first"),
            choice("second"),
            choice("maybe", required=False),
            {"type": "spans", "name": "spans", "label": "?", "field": "text", "labels": [{"value": "x", "label": "X"}]},
        ],
    }
)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Ärger & Freude!", "arger-freude"),
        ("  --  ", "project"),
        ("日本語", "project"),
        ("a" * 99, "a" * 60),
        ("A.B", "a-b"),
    ],
)
def test_a_name_becomes_an_address(name, slug):
    assert slug_of(name) == slug


@given(st.text(max_size=200))
def test_every_slug_can_stand_in_an_address(name):
    slug = slug_of(name)
    assert 1 <= len(slug) <= 60
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert slug[0] != "-" != slug[-1]


@pytest.mark.parametrize("name", ["", " \t", "x" * 121, "a\nb", "a\x00b", "a\x7fb"])
def test_a_name_that_cannot_be_shown_is_refused(name):
    with pytest.raises(InputError):
        check_project_name(name)


def test_a_title_is_the_first_words_of_the_first_field_that_has_any():
    assert title_of({"title": " \n ", "text": " one\n\ntwo\t three "}, SCHEMA) == "one two three"
    assert title_of({"title": 7, "other": "x"}, SCHEMA) == ""
    assert len(title_of({"title": "word " * 500}, SCHEMA)) <= TITLE_LENGTH


def test_an_item_is_as_certain_as_its_least_certain_required_question_of_classes():
    assert certainty(SCHEMA, {"first": 0.9, "second": 0.7, "maybe": 0.1, "spans": None}) == 0.7
    assert certainty(SCHEMA, {"first": 0.9, "second": None}) is None
    assert certainty(SCHEMA, {"first": 0.9}) is None
    assert certainty(SCHEMA, {}) is None


@pytest.mark.parametrize(
    ("confidence", "n_people", "n_models", "is_certain"),
    [(0.95, 1, 0, True), (0.94, 9, 9, False), (None, 9, 9, False), (1.0, 0, 1, False), (1.0, 0, 2, True)],
)
def test_one_program_alone_makes_nothing_certain(confidence, n_people, n_models, is_certain):
    assert has_certainty(confidence, 0.95, n_people=n_people, n_models=n_models) is is_certain


def new_annotation(**others) -> NewAnnotation:
    given = {"id": "x", "item_id": "y", "schema_version": 1, "guideline_version": 1, "policy_version": 1, **others}
    return NewAnnotation(**given)


def test_a_digest_tells_what_was_said_and_not_how_long_it_took():
    same = {annotation_digest(new_annotation(active_ms=n, lease_id=lease), {"a": 1}) for n in (0, 9) for lease in "ab"}
    assert len(same) == 1
    others = [{"id": "z"}, {"item_id": "z"}, {"outcome": "skipped"}, {"reason": "z"}, {"schema_version": 2},
              {"guideline_version": 2}, {"policy_version": 2}, {"supersedes": "z"}, {"purpose": "audit"}]  # fmt: skip
    digests = {annotation_digest(new_annotation(**other), {"a": 1}) for other in others}
    digests |= same | {annotation_digest(new_annotation(), {"a": 2})}
    assert len(digests) == len(others) + 2


def test_the_order_of_a_policy_is_the_rank_of_its_items():
    def ranks(order: str, rows) -> list[int]:
        policy = parse_policy({"order": order})
        return [policy.rank(position=i, external_id=name, confidence=level) for i, name, level in rows]

    assert ranks("sequence", [(7, "a", None), (8, "b", 0.1)]) == [7, 8]
    needs = ranks("need", [(0, "a", 0.2), (1, "b", None), (2, "c", 0.9)])
    assert needs == sorted(needs)
    drawn = ranks("random", [(i, f"item {i}", None) for i in range(50)])
    assert drawn == ranks("random", [(0, f"item {i}", 0.5) for i in range(50)])
    assert drawn != sorted(drawn)
    assert len(set(drawn)) == 50


def test_where_answers_are_added_one_at_a_time_first_answers_come_first_and_old_doubts_last():
    adaptive, fixed = Policy(overlap=2, max_overlap=9), Policy(overlap=2)

    def rank(policy: Policy, confidence: float | None, n_answers: int) -> int:
        return policy.rank(position=0, external_id="a", confidence=confidence, n_answers=n_answers)

    new, begun = rank(adaptive, None, 0), rank(adaptive, None, 1)
    fresh_doubt, old_doubt = rank(adaptive, 0.6, 2), rank(adaptive, 0.5, 8)
    assert new < begun < fresh_doubt < old_doubt < rank(adaptive, 0.99, 2)
    assert rank(fixed, 0.5, 8) < rank(fixed, 0.6, 2)


def test_an_unknown_field_of_a_policy_is_named_with_its_nearest():
    with pytest.raises(SchemaError, match=r"no field 'orders'; did you mean 'order'\?"):
        parse_policy({"orders": "need"})
    with pytest.raises(SchemaError, match="policy: "):
        parse_policy([])
    assert parse_policy({}) == Policy()
    assert Policy(only_uncertain=True, overlap=3).wanted(is_certain=True) == 0
    assert Policy(only_uncertain=True, overlap=3).wanted(is_certain=False) == 3
    assert Policy(overlap=3).wanted(is_certain=True) == 3
