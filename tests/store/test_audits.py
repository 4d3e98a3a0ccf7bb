"""Audit samples: drawn once at random, answered apart from the labels, and the only source of an accuracy."""

import pytest

from goldsmith.errors import InputError
from goldsmith.labeling.flows import audits
from goldsmith.labeling.progress_wire import Accuracy
from goldsmith.labeling.wire import NewAudit
from goldsmith.quality.intervals import wilson_interval

N_ITEMS = 40


@pytest.fixture
def drawn(lab):
    """A project whose consensus is "good" everywhere, and an audit sample of ten items."""
    lab.add_items(N_ITEMS)
    lab.let_model_answer("rules", dict.fromkeys(lab.item_ids(), "good"))
    lab.infer(dict.fromkeys(lab.item_ids(), 0.9))
    lab.act(audits.draw, lab.project, NewAudit(n=10, seed=7), actor="owner")
    return lab


def accuracy(lab) -> Accuracy:
    with lab.vault.database.read() as connection:
        return audits.accuracy(connection, lab.project)


def audit(lab, expert: str, answers: list[str | None]) -> list[str]:
    """The items that the expert got and answered."""
    found = []
    for answer in answers:
        found.append(lab.lease_one(expert, purpose="audit").item_id)
        lab.answer(expert, found[-1], answer, purpose="audit")
    return found


def test_without_an_audit_sample_nothing_is_estimated(lab):
    lab.add_items(3)
    assert accuracy(lab) == Accuracy(text="not estimated: no audit sample")


def test_the_accuracy_is_the_share_of_audited_items_whose_consensus_is_right(drawn):
    expert = drawn.person("expert")
    assert (accuracy(drawn).estimate, accuracy(drawn).n_drawn) == (None, 10)
    found = audit(drawn, expert, ["good"] * 7 + ["bad"])
    expected = wilson_interval(7, 8, n_population=N_ITEMS)
    told = accuracy(drawn)
    assert (told.estimate, told.low, told.high) == (expected.estimate, expected.low, expected.high)
    assert (told.n, told.n_drawn) == (8, 10)
    assert "87.5% (95% interval" in told.text
    assert "from 8 audited items" in told.text
    found += audit(drawn, expert, ["good", None])  # a skip is no judgement
    assert (accuracy(drawn).n, len(set(found))) == (9, 10)
    assert drawn.lease(expert, purpose="audit").leases == []


def test_an_audit_is_no_label(drawn):
    expert = drawn.person("expert")
    (item,) = audit(drawn, expert, ["bad"])
    assert drawn.item(item)["n_people"] == 0
    drawn.answer(expert, item, "good")  # the same person may label it as well
    assert drawn.item(item)["n_people"] == 1
    assert accuracy(drawn).estimate == 0.0


def test_a_sample_grows_and_no_item_is_drawn_twice(drawn):
    drawn.act(audits.draw, drawn.project, NewAudit(n=N_ITEMS - 10, seed=7), actor="owner")
    assert accuracy(drawn).n_drawn == N_ITEMS
    with pytest.raises(InputError, match="n must be 1 to 0"):
        drawn.act(audits.draw, drawn.project, NewAudit(n=1, seed=8), actor="owner")


def test_an_audit_of_everything_gives_the_exact_share(drawn):
    drawn.act(audits.draw, drawn.project, NewAudit(n=N_ITEMS - 10, seed=1), actor="owner")
    audit(drawn, drawn.person("expert"), ["good"] * 30 + ["bad"] * 10)
    told = accuracy(drawn)
    assert (told.estimate, told.low, told.high) == (0.75, 0.75, 0.75)


@pytest.mark.parametrize("new", [NewAudit(n=0, seed=1), NewAudit(n=N_ITEMS, seed=1), NewAudit(n=1, seed=-1)])
def test_a_sample_that_cannot_be_drawn_is_refused_whole(drawn, new):
    with pytest.raises(InputError):
        drawn.act(audits.draw, drawn.project, new, actor="owner")
    assert accuracy(drawn).n_drawn == 10
