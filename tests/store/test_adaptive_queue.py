"""With a largest overlap, answers go to the items that need them, at once after each answer."""

import numpy as np
import pytest
from sqlalchemy import select
from store_lab import Lab

from goldsmith.errors import SchemaError
from goldsmith.labeling.flows import inference
from goldsmith.labeling.handover import Inferred, Measured
from goldsmith.labeling.policies import parse_policy
from goldsmith.quality.routing import LiveConsensus
from goldsmith.quality.routing.judges import judge_of
from goldsmith.quality.votes import Votes
from goldsmith.store.tables import vault as tables

ITEMS = tables.items.c
CLASSES = ("good", "bad", "neither")


@pytest.fixture
def lab(vault, clock) -> Lab:
    lab = Lab(vault, clock, order="need", overlap=2, max_overlap=4, target_confidence=0.9)
    lab.add_items(6)
    return lab


def trust(lab: Lab, people: list[str]) -> None:
    """Store an inference that has found these people right 95 times of 100."""
    rng = np.random.default_rng(0)
    tasks, annotators, labels = [], [], []
    for t in range(400):
        truth = str(rng.choice(CLASSES))
        for person in people:
            tasks.append(f"t{t:03}")
            annotators.append(person)
            labels.append(truth if rng.random() < 0.95 else str(rng.choice(CLASSES)))
    votes = Votes.from_columns(tasks, annotators, labels, classes=CLASSES)
    live = LiveConsensus.from_votes(votes)
    measured = Measured(measures=[], agreement_of={}, live_models={"mood": judge_of(live).packed()})
    taken = inference.snapshot(lab.bench, lab.project_id)
    inference.store_inference(lab.bench, taken, iter([]), measured)


def stand(lab: Lab, item: str) -> tuple[int, int, int]:
    row = lab.item(item)
    return row["n_people"], row["wanted"], row["is_open"]


def test_an_item_on_which_all_agree_is_done_and_a_disputed_one_wants_one_more(lab):
    people = [lab.person(name) for name in ("ada", "bob", "cy", "di")]
    trust(lab, people)
    agreed, disputed, *_ = lab.item_ids()
    for item, answers in ((agreed, ("good", "good")), (disputed, ("good", "bad"))):
        for person, answer in zip(people, answers, strict=False):
            lab.answer(person, item, answer)
    assert lab.item(agreed)["confidence"] >= 0.9 > lab.item(disputed)["confidence"]
    assert lab.item(agreed)["is_certain"] == 1
    assert stand(lab, agreed) == (2, 2, 0)
    assert stand(lab, disputed) == (2, 3, 1)
    before = lab.item(disputed)["confidence"]
    lab.answer(people[2], disputed, "good")
    assert lab.item(disputed)["confidence"] > before
    assert lab.item(disputed)["consensus"] == '{"mood":"good"}'


def test_an_item_with_the_most_answers_and_no_certainty_is_left_to_reviewers(lab):
    people = [lab.person(name) for name in ("ada", "bob", "cy", "di")]
    trust(lab, people)
    item = lab.item_ids()[0]
    for person, answer in zip(people, ("good", "bad", "bad", "good"), strict=True):
        lab.answer(person, item, answer)
    assert stand(lab, item) == (4, 2, 0)
    assert (lab.item(item)["is_contested"], lab.item(item)["is_certain"]) == (1, 0)


def test_of_an_item_that_one_person_has_answered_nothing_is_said_yet(lab):
    people = [lab.person(name) for name in ("ada", "bob")]
    trust(lab, people)
    item = lab.item_ids()[0]
    lab.answer(people[0], item, "good")
    assert (lab.item(item)["confidence"], lab.item(item)["consensus"]) == (None, None)
    assert stand(lab, item) == (1, 2, 1)


def test_the_next_lease_is_the_disputed_item(lab):
    people = [lab.person(name) for name in ("ada", "bob", "cy")]
    trust(lab, people)
    ids = lab.item_ids()
    for item in ids:
        disputed = item == ids[4]
        lab.answer(people[0], item, "good")
        lab.answer(people[1], item, "bad" if disputed else "good")
    assert lab.lease_one(people[2]).item_id == ids[4]
    assert lab.rows(select(ITEMS.id).where(ITEMS.is_open == 1)) == [ids[4]]


def test_without_a_model_of_the_annotators_the_next_inference_decides(lab):
    people = [lab.person(name) for name in ("ada", "bob", "cy")]
    item = lab.item_ids()[0]
    for person in people[:2]:
        lab.answer(person, item)
    assert stand(lab, item) == (2, 2, 0)
    taken = inference.snapshot(lab.bench, lab.project_id)
    found = iter([[Inferred(item, "mood", '"good"', 0.6, 1.0, 2, "auto")]])
    inference.store_inference(lab.bench, taken, found, Measured(measures=[], agreement_of={}))
    assert stand(lab, item) == (2, 3, 1)


def test_a_change_of_the_policy_takes_hold_of_items_that_were_done(lab):
    people = [lab.person(name) for name in ("ada", "bob")]
    trust(lab, people)
    item = lab.item_ids()[0]
    lab.answer(people[0], item, "good")
    lab.answer(people[1], item, "good")
    assert stand(lab, item) == (2, 2, 0)
    lab.change_policy(overlap=2, max_overlap=4, target_confidence=0.9999)
    assert stand(lab, item) == (2, 3, 1)
    lab.change_policy(overlap=1)
    assert stand(lab, item) == (2, 1, 0)


def test_an_answer_in_the_place_of_another_is_judged_anew(lab):
    people = [lab.person(name) for name in ("ada", "bob")]
    trust(lab, people)
    item = lab.item_ids()[0]
    lab.answer(people[0], item, "good")
    lab.answer(people[1], item, "bad")
    disputed = lab.item(item)["confidence"]
    lab.answer(people[1], item, "good")
    assert lab.item(item)["confidence"] > max(disputed, 0.9)
    assert stand(lab, item) == (2, 2, 0)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ({"overlap": 3, "max_overlap": 2}, "max_overlap must be 3"),
        ({"max_overlap": 101}, "max_overlap must be 1"),
        ({"answer_price_micros": -1}, "answer_price_micros must be 0"),
        ({"currency": "euro"}, "currency must be three capital letters"),
    ],
)
def test_an_impossible_policy_is_refused(raw, words):
    with pytest.raises(SchemaError, match=words):
        parse_policy(raw)
