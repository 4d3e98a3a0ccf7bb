"""Many people at once: no item goes to more of them than it wants, nobody counts twice, nothing deadlocks for good."""

import dataclasses
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from store_lab import Lab

from goldsmith.errors import Conflict, GoldsmithError, NotFound
from goldsmith.kit.clock import MINUTE
from goldsmith.store.databases import PostgresqlDatabase
from goldsmith.store.engines import create_postgresql_database
from goldsmith.store.migrate import VAULT
from goldsmith.store.tables import vault as tables

N_THREADS = 8


class SeveralProcesses:
    """One PostgreSQL database, written by each thread as if it were a process of its own."""

    def __init__(self, url: str, clock) -> None:
        self._open = lambda: PostgresqlDatabase(url, VAULT, clock)
        self._all: list[PostgresqlDatabase] = [self._open()]
        self._mine = threading.local()
        self.read, self.learn = self._all[0].read, self._all[0].learn

    def write(self, work):
        if not hasattr(self._mine, "database"):
            self._mine.database = self._open()
            self._all.append(self._mine.database)
        return self._mine.database.write(work)

    def close(self) -> None:
        for database in self._all:
            database.close()


@pytest.fixture
def vault(home, database_url, clock):
    vault = home.create_vault("acme")
    if database_url is None:
        yield vault
        return
    url = create_postgresql_database(database_url, f"goldsmith_{home.installation}_vault_acme")
    several = SeveralProcesses(url, clock)
    yield dataclasses.replace(vault, database=several)
    several.close()


def at_once(works) -> list:
    """The outcomes of works that start together, each in a thread of its own; known errors by their code."""
    barrier = threading.Barrier(len(works))

    def run(work):
        barrier.wait(30)
        try:
            return work()
        except GoldsmithError as error:
            return error.code

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(run, works))


def people_of(lab: Lab, n: int = N_THREADS) -> list[str]:
    return [lab.person(f"person {i}") for i in range(n)]


@pytest.mark.parametrize("overlap", [1, 3])
def test_eight_threads_lease_at_once_and_no_item_goes_beyond_its_overlap(vault, clock, overlap):
    lab = Lab(vault, clock, overlap=overlap)
    lab.add_items(10)
    people = people_of(lab)

    def work_of(person):
        def work():
            found = []
            while leases := lab.lease(person).leases:
                found += [lease.item_id for lease in leases]
                lab.answer(person, found[-1])
            return found

        return work

    outcomes = at_once([work_of(person) for person in people])
    assert [one for one in outcomes if isinstance(one, str)] == [], "somebody got an error, not items"
    given = Counter(item for found in outcomes for item in found)
    assert all(len(set(found)) == len(found) for found in outcomes)
    assert given == dict.fromkeys(lab.item_ids(), overlap)
    columns = tables.items.c
    assert set(lab.rows(select(columns.n_people, columns.is_open))) == {(overlap, 0)}


def test_the_last_items_are_shared_out_without_one_too_many(vault, clock):
    lab = Lab(vault, clock, overlap=2)
    lab.add_items(3)
    people = people_of(lab)
    outcomes = at_once([lambda person=person: lab.lease(person) for person in people])
    given = Counter(lease.item_id for found in outcomes for lease in found.leases)
    assert sorted(given.values()) == [2, 2, 2]  # never more, and nobody was sent away while there was room
    assert sum(found.empty is not None for found in outcomes) == N_THREADS - 6


def test_somebody_who_comes_while_the_only_item_is_locked_still_gets_it(vault, clock):
    """An item with room is not missed because somebody else's lease of it is being written at that moment."""
    lab = Lab(vault, clock, overlap=N_THREADS)
    lab.add_items(1)
    people = people_of(lab)
    for _ in range(5):
        outcomes = at_once([lambda person=person: lab.lease(person) for person in people])
        assert [len(found.leases) for found in outcomes] == [1] * N_THREADS
        clock.advance(16 * MINUTE)


def test_two_answers_of_one_person_at_once_count_once(lab):
    lab.add_items(20)
    person = lab.person("in two tabs")
    for item_id in lab.item_ids():
        first, second = at_once([lambda item=item_id, mood=mood: lab.answer(person, item, mood)
                                 for mood in ("good", "bad")])  # fmt: skip
        assert {first.is_late, second.is_late} == {True}
    said, current = tables.annotations.c, tables.current_annotations.c
    assert lab.rows(select(tables.items.c.n_people)) == [1] * 20
    assert lab.count(tables.annotations) == 40
    joined = select(said.leaf_seq).join_from(tables.current_annotations, tables.annotations,
                                             said.id == current.annotation_id)  # fmt: skip
    newest = select(func.max(said.leaf_seq)).group_by(said.item_id)
    assert sorted(lab.rows(joined)) == sorted(lab.rows(newest))
    chain = lab.rows(select(said.supersedes).where(said.supersedes.is_not(None)))
    assert len(chain) == 20  # the second knows the first


def test_one_annotation_sent_eight_times_at_once_is_stored_once(lab):
    lab.add_items(5)
    person = lab.person("impatient")
    for item_id in lab.item_ids():
        new = lab.annotation(item_id)
        outcomes = at_once([lambda new=new: lab.submit(person, new)] * N_THREADS)
        assert sorted(stored.is_duplicate for stored in outcomes) == [False] + [True] * 7
        assert len({(stored.leaf_seq, stored.leaf_hash, stored.stored_at) for stored in outcomes}) == 1
    assert lab.count(tables.annotations) == 5


def test_one_id_for_two_items_at_once_is_a_conflict_for_one(lab):
    lab.add_items(10)
    person, ids = lab.person("confused"), lab.item_ids()
    for first, second in zip(ids[::2], ids[1::2], strict=True):
        new = lab.annotation(first)
        other = lab.annotation(second, id=new.id)
        outcomes = at_once([lambda new=new: lab.submit(person, new), lambda other=other: lab.submit(person, other)])
        assert sorted(type(one).__name__ for one in outcomes) == ["Stored", "str"]
        assert Conflict.code in outcomes
    assert lab.count(tables.annotations) == 5


def test_of_two_lapsed_leases_with_room_for_one_only_one_comes_back(vault, clock):
    lab = Lab(vault, clock, overlap=2)
    lab.add_items(1)
    people = people_of(lab, 3)
    leases = [lab.lease_one(person) for person in people[:2]]
    clock.advance(16 * MINUTE)
    lab.lease_one(people[2])
    outcomes = at_once([
        lambda i=i: lab.extend(people[i], leases[i].id) for i in range(2)
    ])  # fmt: skip
    assert sorted(map(str, outcomes)) == sorted([str(clock.now() + 15 * MINUTE), NotFound.code])


def test_policies_change_while_people_answer_and_items_come_in(vault, clock):
    lab = Lab(vault, clock)
    lab.add_items(60)
    people = people_of(lab, 4)

    def answer(person):
        for item_id in lab.item_ids()[:30]:
            lab.answer(person, item_id)

    def steer():
        for overlap in (3, 1, 2, 4, 2):
            lab.change_policy(overlap=overlap)

    def grow():
        for start in range(60, 260, 40):
            lab.add_items(40, start=start)

    def lease():
        for _ in range(20):
            lab.lease(people[3], 5)

    works = [*(lambda person=person: answer(person) for person in people[:3]), steer, grow, lease]
    assert at_once(works) == [None] * len(works)
    columns = tables.items.c
    rows = lab.rows(select(columns.position, columns.wanted, columns.n_people, columns.is_open))
    assert sorted(position for position, *_ in rows) == list(range(260))
    assert {wanted for _, wanted, *_ in rows} == {2}
    assert all(is_open == (n_people < 2) for _, _, n_people, is_open in rows)
    assert sum(n_people for _, _, n_people, _ in rows) == 90
    seqs = lab.rows(select(tables.log_leaves.c.seq).order_by(tables.log_leaves.c.seq))
    assert seqs == list(range(len(seqs)))


def test_imports_at_once_give_every_row_its_own_place(lab):
    def grow(start):
        return lambda: lab.add_items(50, start=start)

    outcomes = at_once([grow(start) for start in (0, 50, 100, 0, 50, 100)])
    assert sum(report.n_accepted for report in outcomes) == 150
    assert sum(report.n_duplicate for report in outcomes) == 150
    assert sorted(lab.rows(select(tables.items.c.position))) == list(range(150))
