"""Whole days of a queue at random: torn acts, expiries, new policies, pauses, reassignment; what must hold holds."""

import contextlib
import random
import uuid

import pytest
from sqlalchemy import func, select
from torn_acts import TornActs

from goldsmith.errors import Conflict, GoldsmithError, NotFound
from goldsmith.kit.clock import MINUTE
from goldsmith.labeling.flows import reviews, steering
from goldsmith.labeling.flows.annotations import Author
from goldsmith.labeling.review_wire import NewReview
from goldsmith.labeling.steering_wire import NewAssignment, NewPause, NewRelease, NewRouting
from goldsmith.store.tables import vault as tables

N_PEOPLE, N_ITEMS, N_STEPS = 6, 8, 250
VERSIONS = {"schema_version": 1, "guideline_version": 1, "policy_version": 1}


class Day:
    """One random day in one lab."""

    def __init__(self, lab, seed: int) -> None:
        self.lab, self.random = lab, random.Random(seed)  # noqa: S311 - the dice of a test
        lab.add_items(N_ITEMS)
        self.people = [lab.person(f"p{i}") for i in range(N_PEOPLE)]
        self.is_paused, self.overlap = False, 1
        self.held: list[tuple[str, str]] = []

    def step(self) -> None:
        move = self.random.choice(
            [self.answer] * 5
            + [self.leave] * 2
            + [self.review] * 6
            + [self.wait, self.policy, self.pause, self.end, self.assign, self.assign, self.route]
        )
        move()

    def lease(self, person: str):
        now = self.lab.clock.now()
        for lease in self.lab.lease(person).leases:
            item = self.lab.item(lease.item_id)
            others = select(func.count()).select_from(tables.leases)
            columns = tables.leases.c
            live = (columns.item_id == lease.item_id, columns.leased_until >= now, columns.purpose == "label")
            n_others = self.lab.rows(others.where(*live, columns.annotator_id != person))[0]
            if lease.rework is None and (person, lease.id) not in self.held:
                assert person not in self.answered(lease.item_id)
                assert item["n_people"] + n_others < item["wanted"]
                self.held.append((person, lease.id))
            return lease
        return None

    def answered(self, item_id: str) -> set[str]:
        current = tables.current_annotations.c
        return set(self.lab.rows(select(current.annotator_id).where(current.item_id == item_id)))

    def answer(self) -> None:
        person = self.random.choice(self.people)
        lease = self.lease(person)
        if lease is not None:
            new = self.lab.annotation(lease.item_id, self.random.choice(["good", "bad", None]))
            self.lab.submit(person, new)
            n_stored = self.lab.count(tables.annotations)
            self.lab.submit(person, new)
            assert self.lab.count(tables.annotations) == n_stored

    def leave(self) -> None:
        self.lease(self.random.choice(self.people))

    def wait(self) -> None:
        self.lab.clock.advance(self.random.choice([1, 20]) * MINUTE)

    def policy(self) -> None:
        self.overlap = self.random.randint(1, 3)
        self.lab.change_policy(
            overlap=self.overlap,
            order=self.random.choice(["need", "random", "sequence"]),
            review=self.random.choice(["none", "all", "all", "disagreements"]),
            review_by="everybody",
        )

    def pause(self) -> None:
        self.is_paused = not self.is_paused
        loaded = self.lab.project
        self.lab.act(steering.pause, loaded, NewPause(is_paused=self.is_paused), actor="owner")
        self.lab.bench.forget_project(loaded)

    def end(self) -> None:
        item = self.random.choice(self.lab.item_ids())
        self.lab.act(steering.release, self.lab.project, item, NewRelease(reason="gone"), actor="owner")

    def assign(self) -> None:
        """Keep an item for somebody, or for nobody any more; refused where it is answered or kept for nobody."""
        whom = self.random.choice([None, *(f"p{i}" for i in range(N_PEOPLE))])
        item = self.random.choice(self.lab.item_ids())
        with contextlib.suppress(Conflict, NotFound):
            self.lab.act(steering.assign, self.lab.project, item, NewAssignment(annotator=whom), actor="owner")

    def route(self) -> None:
        items = self.random.sample(self.lab.item_ids(), 3)
        new = NewRouting(item_ids=items, priority=self.random.randint(-1, 1), skill=self.random.choice(["", "thai"]))
        self.lab.act(steering.route, self.lab.bench, self.lab.project, new, actor="owner")

    def review(self) -> None:
        person = self.random.choice(self.people)
        for lease in self.lab.lease(person, purpose="review").leases:
            decision = self.random.choice(["accepted", "returned"])
            self.decide(person, lease.item_id, decision, lease.answers[0].key)

    def decide(self, person: str, item_id: str, decision: str, key: str) -> None:
        new = NewReview(
            id=str(uuid.uuid4()), item_id=item_id, decision=decision, annotation=key, comment="why", **VERSIONS
        )
        author = Author(actor=f"actor of {person}", annotator_id=person)
        self.lab.act(reviews.submit, self.lab.bench, self.lab.project, author=author, new=new)

    def finish(self) -> None:
        """Everybody takes what they can get until nobody gets anything."""
        if self.is_paused:
            self.pause()
        for_all = NewRouting(item_ids=self.lab.item_ids(), skill="")
        self.lab.act(steering.route, self.lab.bench, self.lab.project, for_all, actor="owner")
        self.lab.clock.advance(60 * MINUTE)
        for _ in range(N_PEOPLE * N_ITEMS * 3):
            got = [(person, self.lease(person)) for person in self.people]
            for person, lease in got:
                if lease is not None:
                    self.lab.answer(person, lease.item_id)
            if not any(lease for _, lease in got):
                return
        raise AssertionError("the queue never ends")


@pytest.mark.parametrize("seed", range(4))
def test_no_item_is_left_below_its_overlap_and_nobody_answers_or_reviews_twice(lab, seed, monkeypatch):
    day = Day(lab, seed)
    lab.change_policy(review="all", review_by="everybody")
    with TornActs(lab, day.random, monkeypatch) as torn:
        for _ in range(N_STEPS):
            day.step()
        day.finish()
        day.review()
    assert torn.n_torn > N_STEPS // 20
    said, decided = tables.annotations.c, tables.reviews.c
    for item_id in lab.item_ids():
        item = lab.item(item_id)
        assert item["n_people"] >= item["wanted"] or len(day.answered(item_id)) == N_PEOPLE
    own = (
        select(func.count())
        .select_from(tables.reviews)
        .join(tables.annotations, (said.item_id == decided.item_id) & (said.annotator_id == decided.reviewer_id))
    )
    before = own.where(said.leaf_seq < decided.leaf_seq, said.outcome == "answered")
    assert lab.rows(before) == [0]
    assert lab.count(tables.reviews) > 0
    assert lab.count(tables.annotations) > N_ITEMS


def test_a_review_of_ones_own_answer_is_refused_by_the_statement_that_stores_it(lab):
    day = Day(lab, 0)
    lab.change_policy(review="all", review_by="everybody")
    person, item_id = day.people[0], lab.item_ids()[0]
    lab.answer(person, item_id)
    (annotation_id,) = lab.rows(select(tables.annotations.c.id))
    key = reviews.answers_key(person, item_id, annotation_id)
    with pytest.raises(GoldsmithError, match="yourself"):
        day.decide(person, item_id, "accepted", key)
    assert lab.count(tables.reviews) == 0
