"""The queue against a plain model of it, command by command; and both engines give the same answers."""

from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select
from store_lab import CountingIds, Lab

from goldsmith.errors import Conflict, GoldsmithError, NotFound
from goldsmith.kit.clock import MINUTE, FixedClock
from goldsmith.store.homes import Home
from goldsmith.store.tables import vault as tables

PEOPLE = st.integers(0, 2)
MAX_ITEMS = 4
ANSWERS = st.sampled_from(["good", "bad", None])  # None: skipped with a reason
LEASE_MINUTES = 15
WAITS = st.sampled_from([1, 10 * MINUTE, LEASE_MINUTES * MINUTE, LEASE_MINUTES * MINUTE + 1])


@dataclass
class PlainItem:
    """What has to be true of an item, by the plainest rules there are."""

    confidence: float | None = None
    current: dict[int, str | None] = field(default_factory=dict)
    held_until: dict[int, int] = field(default_factory=dict)

    @property
    def n_people(self) -> int:
        return sum(answer is not None for answer in self.current.values())

    def in_flight(self, now: int, besides: int) -> int:
        return sum(until >= now for person, until in self.held_until.items() if person != besides)


@dataclass
class Policy:
    overlap: int = 1
    only_uncertain: bool = False
    target_confidence: float = 0.95
    order: str = "sequence"
    version: int = 1

    def is_certain(self, item: PlainItem) -> bool:
        return item.confidence is not None and item.confidence >= self.target_confidence and item.n_people > 0

    def wanted(self, item: PlainItem) -> int:
        return 0 if self.only_uncertain and self.is_certain(item) else self.overlap

    def values(self) -> dict:
        return {
            "overlap": self.overlap,
            "only_uncertain": self.only_uncertain,
            "target_confidence": self.target_confidence,
            "order": self.order,
            "lease_minutes": LEASE_MINUTES,
        }


class QueueMachine(RuleBasedStateMachine):
    """Runs each command on every lab and on the model; subclasses say which labs there are."""

    homes: list[Home] = []  # noqa: RUF012  # set by the test that makes the subclass

    @initialize(overlap=st.integers(1, 3), n_items=st.integers(1, 3))
    def begin(self, overlap: int, n_items: int) -> None:
        self.clock = self.homes[0].clock
        self.policy = Policy(overlap=overlap)
        self.labs = [
            Lab(home.vault("acme"), self.clock, new_id=self.ids[i], **self.policy.values())
            for i, home in enumerate(self.homes)
        ]
        self.people = [[lab.person(f"p{i}") for lab in self.labs] for i in range(3)]
        self.items: dict[str, PlainItem] = {}
        self.wanted: dict[str, int] = {}
        self.certain: dict[str, bool] = {}
        self.leases: dict[str, tuple[int, str]] = {}
        self.sent: list[tuple[int, object]] = []
        self.n_stored = 0
        self.more_items(n_items)

    def everywhere(self, command):
        """What a command gives, the same on every engine: its result, or the code of its error."""
        outcomes = []
        for i, lab in enumerate(self.labs):
            try:
                outcomes.append(command(lab, i))
            except GoldsmithError as error:
                outcomes.append(error.code)
        assert all(outcome == outcomes[0] for outcome in outcomes), outcomes
        return outcomes[0]

    @precondition(lambda self: len(self.items) < MAX_ITEMS)
    @rule(n=st.just(1))
    def more_items(self, n: int) -> None:
        start = len(self.items)
        report = self.everywhere(lambda lab, i: lab.add_items(n, start=start))
        assert report.n_accepted == n
        for item_id in self.everywhere(lambda lab, i: lab.item_ids())[start:]:
            self.items[item_id] = PlainItem()
            self.wanted[item_id], self.certain[item_id] = self.policy.wanted(self.items[item_id]), False

    def has_room(self, item_id: str, person: int) -> bool:
        item = self.items[item_id]
        return item.n_people + item.in_flight(self.clock.now(), person) < self.wanted[item_id]

    def may_get(self, item_id: str, person: int) -> bool:
        item = self.items[item_id]
        holds = item.held_until.get(person, -1) >= self.clock.now()
        return self.has_room(item_id, person) and person not in item.current and not holds

    @rule(person=PEOPLE, n=st.sampled_from([1, 1, 1, 2, 10]))
    def lease(self, person: int, n: int) -> None:
        self.take(person, n)

    def take(self, person: int, n: int) -> None:
        now = self.clock.now()
        held = {key for key, item in self.items.items() if item.held_until.get(person, -1) >= now}
        free = {key for key in self.items if self.may_get(key, person)}
        given = self.everywhere(lambda lab, i: lab.lease(self.people[person][i], n))
        items = [lease.item_id for lease in given.leases]
        assert len(set(items)) == len(items)
        new = set(items) - held
        assert held <= set(items)  # a reload continues
        assert new <= free  # nobody gets an item twice, and no item goes to more people than it wants
        if n == 1 and not held:
            assert len(new) == min(1, len(free))  # while an item is open for them, people get it
        assert (given.empty is not None) == (not items)
        if given.empty is not None:
            assert not free
            assert given.empty.text
            assert given.empty.counts["n_items"] == len(self.items)
            mine = sum(person in item.current for item in self.items.values())
            assert given.empty.counts["answered_by_you"] == mine
        for lease in given.leases:
            if lease.item_id in new:
                self.items[lease.item_id].held_until[person] = now + LEASE_MINUTES * MINUTE
                self.leases[lease.id] = (person, lease.item_id)
            assert lease.leased_until == self.items[lease.item_id].held_until[person]

    def lease_is_there(self, lease_id: str) -> bool:
        """Whether this lease was not given back, answered, or replaced by a later one of the same item."""
        person, item_id = self.leases[lease_id]
        last = [key for key, whose in self.leases.items() if whose == (person, item_id)][-1]
        return last == lease_id and person in self.items[item_id].held_until

    @precondition(lambda self: self.leases)
    @rule(data=st.data())
    def heartbeat(self, data) -> None:
        self.extend(data.draw(st.sampled_from(sorted(self.leases))))

    def extend(self, lease_id: str) -> None:
        person, item_id = self.leases[lease_id]
        now, item = self.clock.now(), self.items[item_id]
        is_alive = self.lease_is_there(lease_id) and item.held_until[person] >= now
        is_free = self.lease_is_there(lease_id) and self.has_room(item_id, person)
        answer = self.everywhere(lambda lab, i: lab.extend(self.people[person][i], lease_id))
        if is_alive or is_free:
            assert answer == now + LEASE_MINUTES * MINUTE
            item.held_until[person] = answer
        else:
            assert answer == NotFound.code

    @precondition(lambda self: self.leases)
    @rule(data=st.data(), micros=WAITS, other=st.none() | PEOPLE, what=st.sampled_from(["extend", "answer"]))
    def come_back_later(self, data, micros: int, other: int | None, what: str) -> None:
        """Somebody holds an item, time passes, perhaps somebody else comes; then the first goes on."""
        there = [key for key in sorted(self.leases) if self.lease_is_there(key)]
        if not there:
            return
        lease_id = data.draw(st.sampled_from(there))
        person, item_id = self.leases[lease_id]
        self.clock.advance(micros)
        if other is not None:
            self.take(other, 1)
        if what == "extend":
            self.extend(lease_id)
        else:
            self.send(person, item_id, "good", is_change=False)

    @precondition(lambda self: self.leases)
    @rule(data=st.data())
    def release(self, data) -> None:
        lease_id = data.draw(st.sampled_from(sorted(self.leases)))
        person, item_id = self.leases[lease_id]
        was_there = self.lease_is_there(lease_id)
        answer = self.everywhere(lambda lab, i: lab.release(self.people[person][i], lease_id))
        assert answer == (None if was_there else NotFound.code)
        if was_there:
            del self.items[item_id].held_until[person]

    @rule(data=st.data(), person=PEOPLE, answer=ANSWERS, is_change=st.booleans())
    def submit(self, data, person: int, answer: str | None, is_change: bool) -> None:
        touched = [key for key, item in self.items.items() if person in item.held_until or person in item.current]
        item_id = data.draw(st.sampled_from(sorted(self.items) + 3 * sorted(touched)))
        self.send(person, item_id, answer, is_change=is_change)

    def send(self, person: int, item_id: str, answer: str | None, *, is_change: bool) -> None:
        item = self.items[item_id]
        supersedes = "00000000-0000-7000-8000-000000000000" if is_change else None
        new = self.labs[0].annotation(item_id, answer, id=self.wire_ids(), supersedes=supersedes)
        before = person in item.current
        is_late = not (is_change and before) and item.held_until.get(person, -1) < self.clock.now()
        stored = self.everywhere(lambda lab, i: plain(lab.submit(self.people[person][i], new)))
        assert (stored["is_late"], stored["is_duplicate"]) == (is_late, False)
        item.current[person] = answer
        item.held_until.pop(person, None)
        self.sent.append((person, new))
        self.n_stored += 1

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def send_again(self, data) -> None:
        person, new = data.draw(st.sampled_from(self.sent))
        stored = self.everywhere(lambda lab, i: plain(lab.submit(self.people[person][i], new)))
        assert stored["is_duplicate"]

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), other=PEOPLE)
    def send_something_else_under_the_same_id(self, data, other: int) -> None:
        person, new = data.draw(st.sampled_from(self.sent))
        changed = self.labs[0].annotation(new.item_id, "neither", id=new.id)
        assert self.everywhere(lambda lab, i: plain(lab.submit(self.people[person][i], changed))) == Conflict.code
        if other != person:
            assert self.everywhere(lambda lab, i: plain(lab.submit(self.people[other][i], new))) == Conflict.code

    @rule(micros=WAITS)
    def let_time_pass(self, micros: int) -> None:
        self.clock.advance(micros)

    @rule(
        overlap=st.integers(1, 4),
        only_uncertain=st.booleans(),
        certain_from=st.sampled_from([0.6, 0.95]),
        order=st.sampled_from(["sequence", "need", "random"]),
    )
    def change_policy(self, overlap: int, only_uncertain: bool, certain_from: float, order: str) -> None:
        self.policy = Policy(overlap, only_uncertain, certain_from, order, self.policy.version + 1)
        self.everywhere(lambda lab, i: lab.change_policy(**self.policy.values()))
        self.rethink()

    @rule(data=st.data())
    def infer(self, data) -> None:
        """An inference knows the answered items, and forgets what it said of the others."""
        answered = sorted(key for key, item in self.items.items() if item.n_people)
        said = {key: data.draw(st.sampled_from([0.3, 0.7, 0.97])) for key in answered}
        self.everywhere(lambda lab, i: lab.infer(said))
        for key, item in self.items.items():
            item.confidence = said.get(key)
        self.rethink()

    def rethink(self) -> None:
        self.wanted = {key: self.policy.wanted(item) for key, item in self.items.items()}
        self.certain = {key: self.policy.is_certain(item) for key, item in self.items.items()}

    @invariant()
    def the_rows_say_what_the_model_says(self) -> None:
        if not getattr(self, "labs", None):
            return
        columns = tables.items.c
        wanted_columns = (columns.id, columns.n_people, columns.wanted, columns.is_open, columns.confidence)
        statement = select(*wanted_columns, columns.is_certain).order_by(columns.id)
        rows = self.everywhere(lambda lab, i: lab.rows(statement.where(columns.project_id == lab.project_id)))
        for item_id, n_people, wanted, is_open, confidence, is_certain in rows:
            item = self.items[item_id]
            assert (n_people, wanted, confidence) == (item.n_people, self.wanted[item_id], item.confidence)
            assert (is_open, is_certain) == (n_people < wanted, self.certain[item_id])
        assert len(rows) == len(self.items)

    @invariant()
    def every_annotation_has_its_leaf_and_the_newest_is_current(self) -> None:
        if not getattr(self, "labs", None):
            return
        said, leaves, current = tables.annotations.c, tables.log_leaves.c, tables.current_annotations.c
        of_project = select(said.id).join_from(tables.annotations, tables.log_leaves, leaves.seq == said.leaf_seq)
        matching = of_project.where(leaves.object_id == said.id, leaves.action == "annotation.submitted")
        newest = (
            select(said.item_id, said.annotator_id, func.max(said.leaf_seq))
            .group_by(said.item_id, said.annotator_id)
            .order_by(said.item_id, said.annotator_id)
        )
        pointed = (
            select(current.item_id, current.annotator_id, said.leaf_seq)
            .join_from(tables.current_annotations, tables.annotations, said.id == current.annotation_id)
            .order_by(current.item_id, current.annotator_id)
        )
        for lab in self.labs:
            mine = said.project_id == lab.project_id
            assert len(lab.rows(matching.where(mine))) == self.n_stored
            assert lab.rows(newest.where(mine)) == lab.rows(pointed.where(mine))
            n_leaves = lab.rows(select(func.count(), func.max(leaves.seq)).select_from(tables.log_leaves))
            assert n_leaves == [(n_leaves[0][1] + 1, n_leaves[0][1])]
            assert lab.rows(select(tables.log_head.c.size)) == [n_leaves[0][0]]


def plain(stored) -> dict:
    """What a receipt says, without what differs between two logs: the salt of the leaf, the name of the log."""
    names = ("annotation_id", "item_id", "content_sha256", "leaf_seq", "stored_at", "is_late", "is_duplicate")
    return {name: getattr(stored, name) for name in names}


def run_machine(homes: list[Home], *, n_examples: int) -> None:
    for home in homes:
        home.create_vault("acme")
    kind = type("Machine", (QueueMachine,), {
        "homes": homes, "ids": [CountingIds() for _ in homes], "wire_ids": CountingIds(),
    })  # fmt: skip
    run_state_machine_as_test(
        kind,
        settings=settings(
            max_examples=n_examples,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate, Phase.shrink],
        ),
    )


def test_the_queue_does_what_its_model_says(tmp_path):
    with Home(tmp_path / "home", clock=FixedClock()) as home:
        run_machine([home], n_examples=30)


@pytest.mark.postgresql
def test_both_engines_give_the_same_answers(tmp_path, postgresql_url):
    clock = FixedClock()
    with (
        Home(tmp_path / "files", clock=clock) as files,
        Home(tmp_path / "server", clock=clock, database_url=postgresql_url) as server,
    ):
        run_machine([files, server], n_examples=12)
