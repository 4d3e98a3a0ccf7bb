"""What an inference stores: the consensus of now, and nothing of what nobody says any more."""

from sqlalchemy import select
from store_lab import Lab

from goldsmith.kit.clock import MINUTE
from goldsmith.labeling.flows import inference
from goldsmith.labeling.handover import Answer, Inferred, Measured
from goldsmith.store.tables import vault as tables

CONSENSUS = tables.consensus.c


def inferred(item_id: str, **others) -> Inferred:
    values = {"value": '"good"', "confidence": 0.97, "agreement": None, "n_answers": 3, "method": "majority"}
    return Inferred(item_id, "mood", **{**values, **others})


def store(lab: Lab, *found: list[Inferred]) -> int:
    taken = inference.snapshot(lab.bench, lab.project_id)
    ordered = iter(sorted(found, key=lambda of_item: of_item[0].item_id))
    return inference.store_inference(lab.bench, taken, ordered, Measured(measures=[], agreement_of={}))


def test_what_is_no_longer_said_loses_its_consensus(lab):
    lab.add_items(1200)  # more than one chunk
    ids = lab.item_ids()
    assert store(lab, *([inferred(item)] for item in ids)) == 1200
    kept = set(ids[::7])
    assert store(lab, *([inferred(item)] for item in kept)) == len(kept)
    assert set(lab.rows(select(CONSENSUS.item_id))) == kept
    columns = tables.items.c
    rows = lab.rows(select(columns.id, columns.confidence, columns.consensus, columns.is_certain))
    assert {row[0] for row in rows if row[1:] == (None, None, 0)} == set(ids) - kept
    assert store(lab) == 0
    assert lab.count(tables.consensus) == 0


def test_items_stand_in_the_queue_where_their_consensus_puts_them(lab):
    lab.change_policy(order="need", overlap=2, only_uncertain=True, target_confidence=0.9)
    lab.add_items(3)
    sure, unsure, untouched = lab.item_ids()
    for name in ("rules", "neighbours"):
        lab.let_model_answer(name, {sure: "good", unsure: "good"})
    store(lab, [inferred(sure, confidence=0.95)], [inferred(unsure, confidence=0.6)])
    rows = {item: lab.item(item) for item in (sure, unsure, untouched)}
    assert [rows[item]["is_open"] for item in rows] == [0, 1, 1]
    assert rows[unsure]["queue_rank"] < rows[sure]["queue_rank"]
    before = rows[untouched]["queue_rank"]
    assert store(lab, [inferred(unsure, confidence=0.6)]) == 1
    again = lab.item(sure)
    assert (again["is_open"], again["is_certain"], again["wanted"], again["queue_rank"]) == (1, 0, 2, before)


def test_a_policy_changed_during_an_inference_is_the_one_that_counts(lab):
    lab.add_items(1)
    (item,) = lab.item_ids()
    for name in ("rules", "neighbours"):
        lab.let_model_answer(name, {item: "good"})
    taken = inference.snapshot(lab.bench, lab.project_id)
    lab.change_policy(only_uncertain=True, target_confidence=0.9)
    found = iter([[inferred(item, confidence=0.95)]])
    inference.store_inference(lab.bench, taken, found, Measured(measures=[], agreement_of={}))
    assert (lab.item(item)["is_certain"], lab.item(item)["is_open"]) == (1, 0)


def test_a_question_that_is_no_longer_answered_loses_its_consensus(lab):
    lab.add_items(2)
    first, second = lab.item_ids()
    other = inferred(first, value='"x"')
    store(lab, [inferred(first), Inferred(first, "tone", '"x"', 0.5, None, 1, "majority")], [inferred(second)])
    store(lab, [inferred(first)], [inferred(second)])
    assert lab.rows(select(CONSENSUS.item_id, CONSENSUS.question).order_by(CONSENSUS.item_id)) == [
        (first, "mood"), (second, "mood"),
    ]  # fmt: skip
    store(lab, [other], [inferred(second)])
    assert lab.rows(select(CONSENSUS.value).where(CONSENSUS.item_id == first)) == ['"x"']


def test_an_item_whose_consensus_stays_is_left_untouched(lab, clock):
    lab.add_items(2)
    first, second = lab.item_ids()
    store(lab, [inferred(first)], [inferred(second)])
    clock.advance(MINUTE)
    store(lab, [inferred(first)], [inferred(second, agreement=0.5)])
    made = dict(lab.rows(select(CONSENSUS.item_id, CONSENSUS.created_at)))
    assert made[second] - made[first] == MINUTE


def test_current_answers_are_read_once_each_in_the_order_they_came(vault, clock):
    lab = Lab(vault, clock, overlap=3)
    lab.add_items(4100)  # more than two chunks
    ids = lab.item_ids()
    people = [lab.person(name) for name in ("ada", "bob")]
    lab.let_model_answer("rules", dict.fromkeys(reversed(ids), "bad"))
    for person in people:
        for item in (ids[0], ids[2000], ids[4099]):
            lab.answer(person, item)
    lab.answer(people[0], ids[1], None)  # a skip is no answer
    lab.answer(people[1], ids[2000], "bad")  # in the place of the one before
    beside = Lab(vault, clock, name="Beside")
    beside.add_items(3)
    beside.let_model_answer("rules", dict.fromkeys(beside.item_ids(), "good"))
    found = list(inference.read_answers(lab.bench, lab.project_id))
    assert len(found) == 4100 + 6
    assert found[-1] == Answer(ids[2000], "row-002000", people[1], '{"mood":"bad"}', at=clock.now(), active_ms=0)
    assert len({(one.item_id, one.annotator_id) for one in found}) == len(found)
    assert {one.item_id for one in found} == set(ids)


def test_a_new_version_of_a_model_has_the_one_vote_of_the_old(lab):
    lab.add_items(3)
    ids = lab.item_ids()
    assert lab.let_model_answer("rules", dict.fromkeys(ids, "good")) == 3
    assert lab.let_model_answer("rules", dict.fromkeys(ids, "good")) == 0
    assert lab.let_model_answer("rules", dict.fromkeys(ids[:2], "bad"), version="2") == 2
    assert lab.let_model_answer("others", {ids[0]: "bad"}) == 1
    assert [lab.item(item)["n_models"] for item in ids] == [2, 1, 1]
    said = tables.annotations.c
    chain = lab.rows(select(said.id, said.supersedes).where(said.item_id == ids[0]).order_by(said.leaf_seq))
    assert [supersedes for _, supersedes in chain] == [None, chain[0][0], None]
