"""Gold measures and stays hidden; what reviewers decide is the label; both change what is inferred."""

import json

import pytest
from sqlalchemy import select
from store_lab import Lab

from goldsmith.errors import AnswerError, InputError, NotFound
from goldsmith.labeling.flows import gold, inference
from goldsmith.labeling.handover import Inferred, KnownAnswer, Measured
from goldsmith.labeling.quality_wire import GoldLine, NewGold, NewGoldRows
from goldsmith.labeling.store import answer_lists
from goldsmith.store.tables import vault as tables

CONSENSUS = tables.consensus.c


@pytest.fixture
def lab(vault, clock) -> Lab:
    lab = Lab(vault, clock)
    lab.add_items(3)
    return lab


def decide(lab: Lab, item_id: str, answer: str = "bad", origin: str = "review") -> None:
    new = NewGold(answers={"mood": answer}, origin=origin)
    lab.act(gold.decide, lab.project, item_id, new, actor="owner")


def infer(lab: Lab, confidence: float, *, is_contested: bool = False) -> None:
    taken = inference.snapshot(lab.bench, lab.project_id)
    found = iter(
        [
            [Inferred(item, "mood", '"good"', confidence, None, 2, "auto", is_contested)]
            for item in sorted(lab.item_ids())
        ]
    )
    inference.store_inference(lab.bench, taken, found, Measured(measures=[], agreement_of={}))


def is_due(lab: Lab) -> bool:
    return lab.rows(select(tables.inferences.c.up_to_seq)) != [lab.read(answer_lists.last_seq, lab.project_id)]


def test_a_reviewed_label_is_the_label_and_stays_so(lab):
    first, second, _ = lab.item_ids()
    infer(lab, 0.4, is_contested=True)
    decide(lab, first)
    decided, other = lab.item(first), lab.item(second)
    assert (decided["is_certain"], decided["confidence"], decided["is_contested"]) == (1, None, 0)
    assert json.loads(decided["consensus"]) == {"mood": "bad"}
    assert (other["is_certain"], other["confidence"], other["is_contested"]) == (0, 0.4, 1)
    infer(lab, 0.99)
    decided = lab.item(first)
    assert (decided["is_certain"], decided["confidence"], json.loads(decided["consensus"])) == (
        1,
        None,
        {"mood": "bad"},
    )
    assert lab.rows(select(CONSENSUS.value, CONSENSUS.method).where(CONSENSUS.item_id == first)) == [('"bad"', "known")]
    assert lab.rows(select(CONSENSUS.value, CONSENSUS.method).where(CONSENSUS.item_id == second)) == [
        ('"good"', "auto")
    ]


def test_what_is_forgotten_is_inferred_again(lab):
    first, *_ = lab.item_ids()
    infer(lab, 0.99)
    decide(lab, first)
    infer(lab, 0.99)
    assert not is_due(lab)
    lab.act(gold.forget, lab.project, first, question=None, actor="owner")
    assert is_due(lab)
    infer(lab, 0.97)
    assert lab.item(first)["confidence"] == 0.97
    assert lab.rows(select(CONSENSUS.value).where(CONSENSUS.item_id == first)) == ['"good"']
    with pytest.raises(NotFound, match="no known answer"):
        lab.act(gold.forget, lab.project, first, question=None, actor="owner")


def test_gold_that_comes_while_an_inference_runs_makes_another_one_due(lab):
    first, second, _ = lab.item_ids()
    infer(lab, 0.9)
    taken = inference.snapshot(lab.bench, lab.project_id)
    decide(lab, first, origin="given")
    inference.store_inference(lab.bench, taken, iter([]), Measured(measures=[], agreement_of={}))
    assert is_due(lab)
    taken = inference.snapshot(lab.bench, lab.project_id)
    decide(lab, second, origin="given")
    inference.store_inference(lab.bench, taken, iter([]), Measured(measures=[], agreement_of={}))
    assert is_due(lab)
    infer(lab, 0.9)
    assert not is_due(lab)


def test_gold_and_audits_measure_and_reviews_do_not(lab):
    first, second, third = lab.item_ids()
    decide(lab, first, origin="given")
    decide(lab, second, origin="review")
    rows = [{"item_id": third, "created_at": 0, "project_id": lab.project_id, "seed": 1}]
    lab.act(lambda unit: unit.connection.execute(tables.audit_items.insert(), rows))
    lab.answer(lab.person("eve"), third, "neither", purpose="audit")
    found = list(inference.read_known(lab.bench, lab.project_id))
    assert found == [
        KnownAnswer("row-000000", "given", '{"mood":"bad"}'),
        KnownAnswer("row-000002", "audit", '{"mood":"neither"}'),
    ]


def test_a_decision_that_does_not_fit_changes_nothing(lab):
    first, *_ = lab.item_ids()
    with pytest.raises(AnswerError, match="mood"):
        decide(lab, first, "splendid")
    with pytest.raises(AnswerError, match="no question 'tone'"):
        lab.act(gold.decide, lab.project, first, NewGold(answers={"tone": "bad"}), actor="owner")
    with pytest.raises(InputError, match="at least one question"):
        lab.act(gold.decide, lab.project, first, NewGold(answers={}), actor="owner")
    with pytest.raises(NotFound, match="no item"):
        decide(lab, "01900000-0000-7000-8000-000000000000")
    assert lab.rows(select(tables.known_answers.c.item_id)) == []


def test_gold_comes_in_rows_and_each_bad_one_is_named(lab):
    rows = [
        GoldLine(id="row-000000", answers={"mood": "bad"}),
        GoldLine(id="row-000009", answers={"mood": "bad"}),
        GoldLine(id="row-000001", answers={"mood": "splendid"}),
        GoldLine(id="row-000002", answers={}),
        GoldLine(id="row-000000", answers={"mood": "good"}),
    ]
    new = NewGoldRows(rows=rows, note="from the handbook")
    report = lab.act(gold.import_gold, lab.project, new, actor="owner")
    assert (report.n_read, report.n_stored, report.n_unchanged, report.n_rejected) == (5, 1, 1, 3)
    assert [(one.row, one.id) for one in report.rejected] == [(2, "row-000009"), (3, "row-000001"), (4, "row-000002")]
    assert "no item" in report.rejected[0].reason
    again = lab.act(gold.import_gold, lab.project, NewGoldRows(rows=rows[4:]), actor="owner")
    assert (again.n_stored, again.n_unchanged) == (0, 1)
    page = lab.read(gold.gold_page, lab.project, cursor=None, limit=10)
    assert [(one.external_id, bytes(one.value), one.note) for one in page.rows] == [
        ("row-000000", b'"good"', "from the handbook")
    ]
    with pytest.raises(InputError, match="1 to 5,000 rows"):
        lab.act(gold.import_gold, lab.project, NewGoldRows(rows=[]), actor="owner")


def test_gold_is_hidden_while_people_work_and_shipped_in_the_end(lab):
    first, second, third = lab.item_ids()
    taken = inference.snapshot(lab.bench, lab.project_id)
    found = iter([[Inferred(item, "mood", '"good"', 0.4, None, 2, "auto")] for item in (first, second)])
    inference.store_inference(lab.bench, taken, found, Measured(measures=[], agreement_of={}))
    before = lab.item(first)
    decide(lab, first, origin="given")
    decide(lab, third, origin="given")
    now = lab.item(first)
    assert {name: now[name] for name in before if name != "updated_at"} == {
        name: before[name] for name in before if name != "updated_at"
    }
    shipped = {row["item_id"]: row for row in lab.read(gold.final_consensus, [first, second, third])}
    assert [(shipped[item]["value"], shipped[item]["method"]) for item in (first, second, third)] == [
        ('"bad"', "known"),
        ('"good"', "auto"),
        ('"bad"', "known"),
    ]
    assert shipped[third]["n_answers"] == 0


def test_gold_that_a_reviewer_keeps_or_corrects_goes_on_measuring(lab):
    first, second, third = lab.item_ids()
    decide(lab, first, "bad", origin="given")
    decide(lab, second, "bad", origin="given")
    decide(lab, first, "bad", origin="review")
    decide(lab, second, "good", origin="review")
    decide(lab, third, "good", origin="review")
    rows = lab.read(gold.gold_page, lab.project, cursor=None, limit=5).rows
    assert {one.item_id: one.origin for one in rows} == {first: "confirmed", second: "confirmed", third: "review"}
    assert [(one.external_id, one.answers) for one in inference.read_known(lab.bench, lab.project_id)] == [
        ("row-000000", '{"mood":"bad"}'),
        ("row-000001", '{"mood":"good"}'),
    ]
    assert [lab.item(item)["is_certain"] for item in (first, second, third)] == [1, 1, 1]
    decide(lab, first, "bad", origin="given")  # as undoing the review does
    assert lab.item(first)["is_certain"] == 0


def test_gold_does_not_overrule_a_reviewer(lab):
    first, second, _ = lab.item_ids()
    decide(lab, first, "bad")
    decide(lab, second, "bad")
    rows = [GoldLine(id="row-000000", answers={"mood": "good"}), GoldLine(id="row-000001", answers={"mood": "bad"})]
    report = lab.act(gold.import_gold, lab.project, NewGoldRows(rows=rows), actor="owner")
    assert (report.n_stored, report.n_unchanged, report.n_rejected) == (0, 1, 1)
    assert "reviewer has decided" in report.rejected[0].reason
    assert {row.origin for row in lab.read(gold.gold_page, lab.project, cursor=None, limit=5).rows} == {"review"}


def test_known_answers_come_in_pages(lab):
    for item in lab.item_ids():
        decide(lab, item)
    first = lab.read(gold.gold_page, lab.project, cursor=None, limit=2)
    second = lab.read(gold.gold_page, lab.project, cursor=first.next, limit=2)
    assert [one.item_id for one in (*first.rows, *second.rows)] == sorted(lab.item_ids())
    assert second.next is None
    with pytest.raises(InputError, match="cursor"):
        lab.read(gold.gold_page, lab.project, cursor="nonsense", limit=2)


def test_everything_that_becomes_known_is_in_the_log(lab):
    first, *_ = lab.item_ids()
    decide(lab, first)
    lab.act(gold.forget, lab.project, first, question=None, actor="owner")
    actions = lab.rows(select(tables.log_leaves.c.action).where(tables.log_leaves.c.object_id == first))
    assert actions == ["known-answers.stored", "known-answers.forgotten"]
