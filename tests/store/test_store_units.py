"""Units of work: each is whole or nothing, and the log has every act once and without gaps."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, insert, select, text
from sqlalchemy.exc import DBAPIError
from store_lab import Lab

from goldsmith.errors import Conflict, StorageError
from goldsmith.labeling.model import Annotator
from goldsmith.store.checkpoints import checkpoint
from goldsmith.store.databases import PostgresqlDatabase
from goldsmith.store.engines import create_postgresql_database
from goldsmith.store.homes import Home
from goldsmith.store.migrate import VAULT
from goldsmith.store.tables import vault as tables
from goldsmith.trust.logs import Act, commitment, leaf_bytes, read_checkpoint
from goldsmith.trust.merkle import leaf_hash, root_of

LEAVES = tables.log_leaves.c


def act(name: str):
    """A unit of work that adds an annotator of this name and says so in the log."""

    def work(unit):
        values = {"id": name, "created_at": unit.now, "kind": "person", "name": name, "version": ""}
        unit.connection.execute(insert(tables.annotators).values(**values))
        return unit.record(actor="test", action="added", object_id=name, content=name.encode())

    return work


def failing(unit):
    act("never")(unit)
    raise Conflict("this one does not want to")


def names(vault) -> list[str]:
    with vault.database.read() as connection:
        return list(connection.execute(select(tables.annotators.c.id).order_by(tables.annotators.c.id)).scalars())


def leaves(vault) -> list:
    with vault.database.read() as connection:
        return list(connection.execute(select(tables.log_leaves).order_by(LEAVES.seq)).mappings())


def together(database, works):
    """The outcomes of works that wait at the same time: the writer is held until all of them are there."""
    gate, is_held = threading.Event(), threading.Event()

    def hold(_unit):
        is_held.set()
        gate.wait(20)

    async def run():
        held = asyncio.ensure_future(database.write_async(hold))
        await asyncio.to_thread(is_held.wait, 20)
        waiting = [asyncio.ensure_future(database.write_async(work)) for work in works]
        await asyncio.sleep(0)
        gate.set()
        await held
        return await asyncio.gather(*waiting, return_exceptions=True)

    return asyncio.run(run())


def test_a_failing_request_rolls_back_alone_and_the_others_of_its_batch_commit(vault):
    outcomes = together(vault.database, [act("a"), failing, act("b"), failing, act("c")])
    assert [type(outcome).__name__ for outcome in outcomes] == ["Leaf", "Conflict", "Leaf", "Conflict", "Leaf"]
    assert names(vault) == ["a", "b", "c"]
    assert sorted(outcome.seq for outcome in outcomes if not isinstance(outcome, Conflict)) == [0, 1, 2]


def test_a_request_that_breaks_a_constraint_hurts_nobody_else(vault):
    outcomes = together(vault.database, [act("a"), act("a"), act("b")])
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["IntegrityError", "Leaf", "Leaf"]
    assert names(vault) == ["a", "b"]
    assert [leaf["seq"] for leaf in leaves(vault)] == [0, 1]


def test_many_waiting_requests_share_a_commit(vault):
    commits = []
    event.listen(vault.database._write_engine, "commit", lambda connection: commits.append(1))
    together(vault.database, [act(f"n{i:02}") for i in range(32)])
    assert len(commits) == 2  # the one that held the writer, and the 32 together
    assert len(names(vault)) == 32


@pytest.mark.postgresql
def test_a_broken_connection_is_told_and_the_next_request_has_a_new_one(tmp_path, clock, postgresql_url):
    with Home(tmp_path / "home", clock=clock, database_url=postgresql_url) as home:
        vault = home.create_vault("acme")
        database = vault.database
        backend = database.write(lambda unit: unit.connection.exec_driver_sql("select pg_backend_pid()").scalar_one())
        with database.read() as connection:
            connection.exec_driver_sql(f"select pg_terminate_backend({backend})")
        with pytest.raises(StorageError, match=r"The connection broke: .* may be stored or not"):
            database.write(act("lost"))
        database.write(act("found"))
        assert names(vault) == ["found"]


@pytest.mark.postgresql
def test_a_batch_whose_connection_broke_is_not_run_again(tmp_path, clock, postgresql_url):
    with Home(tmp_path / "home", clock=clock, database_url=postgresql_url) as home:
        vault = home.create_vault("acme")
        runs = []

        def breaking(unit):
            runs.append(1)
            with vault.database.read() as other:
                backend = unit.connection.exec_driver_sql("select pg_backend_pid()").scalar_one()
                other.exec_driver_sql(f"select pg_terminate_backend({backend})")
            act("lost")(unit)

        outcomes = together(vault.database, [act("first"), breaking, act("last")])
        assert [type(outcome) for outcome in outcomes] == [StorageError] * 3
        assert (len(runs), names(vault)) == (1, [])


@pytest.mark.postgresql
def test_tables_that_have_grown_are_looked_at(tmp_path, clock, postgresql_url):
    with Home(tmp_path / "home", clock=clock, database_url=postgresql_url) as home:
        lab = Lab(home.create_vault("acme"), clock)
        lab.add_items(3_000)
        lab.vault.database.write(lambda unit: unit.connection.exec_driver_sql("select pg_stat_force_next_flush()"))
        lab.vault.database.learn()
        known = text("select reltuples from pg_class where relname = 'items'")
        assert lab.rows(known) == [3_000]


@pytest.mark.postgresql
def test_what_collides_with_another_process_is_tried_again(tmp_path, clock, postgresql_url):
    with Home(tmp_path / "home", clock=clock, database_url=postgresql_url) as home:
        vault = home.create_vault("acme")
        url = create_postgresql_database(postgresql_url, f"goldsmith_{home.installation}_vault_acme")
        other, tries = PostgresqlDatabase(url, VAULT, clock), []

        def work(unit):
            tries.append(1)
            if len(tries) < 4:
                name = f"same {len(tries)}"
                other.write(act(name))
                act(name)(unit)
            return len(tries)

        assert vault.database.write(work) == 4
        other.close()
        assert names(vault) == ["same 1", "same 2", "same 3"]


def test_eight_threads_leave_every_act_once_and_in_one_order(vault):
    n_threads, n_each = 8, 25

    def run(thread: int) -> list[int]:
        found = []
        for i in range(n_each):
            leaf = vault.database.write(act(f"{thread}-{i:03}"))
            with vault.database.read() as connection:  # what was returned is there for everybody
                assert connection.execute(select(LEAVES.object_id).where(LEAVES.seq == leaf.seq)).scalar_one()
            found.append(leaf.seq)
        return found

    with ThreadPoolExecutor(n_threads) as threads:
        seqs = list(threads.map(run, range(n_threads)))
    assert all(mine == sorted(mine) for mine in seqs)
    assert sorted(seq for mine in seqs for seq in mine) == list(range(n_threads * n_each))
    assert len(names(vault)) == n_threads * n_each
    assert [leaf["seq"] for leaf in leaves(vault)] == list(range(n_threads * n_each))


def test_the_root_of_the_leaves_is_the_signed_one(vault):
    def sealed():
        return vault.database.write(lambda unit: checkpoint(unit, VAULT, origin=vault.origin, key=vault.key))

    assert sealed().size == 0
    for i in range(11):
        vault.database.write(act(f"first {i}"))
    first = sealed()
    for i in range(6):
        vault.database.write(act(f"second {i}"))
    second, again = sealed(), sealed()
    assert again == second
    hashes = [leaf["leaf_hash"] for leaf in leaves(vault)]
    for made, size in ((first, 11), (second, 17)):
        said = read_checkpoint(made.note, vault.key.verifying)
        assert (said.origin, said.size, said.root) == (vault.origin, size, root_of(hashes[:size]))


def test_a_leaf_commits_to_its_act_and_its_salted_content(vault):
    vault.database.write(act("ada"))
    (leaf,) = leaves(vault)
    assert leaf["commitment"] == commitment(leaf["salt"], b"ada")
    said = Act(actor="test", action="added", object_id="ada", commitment=leaf["commitment"])
    assert leaf["leaf_hash"] == leaf_hash(leaf_bytes(said, seq=0, at=leaf["created_at"]))


def test_a_reader_cannot_write(vault):
    with pytest.raises((DBAPIError, StorageError)), vault.database.read() as connection:
        connection.execute(text("delete from annotators"))


def test_a_reader_sees_one_state_for_its_whole_transaction(vault):
    count = select(tables.annotators.c.id)
    with vault.database.read() as connection:
        before = connection.execute(count).all()
        vault.database.write(act("later"))
        assert connection.execute(count).all() == before == []
    assert names(vault) == ["later"]


def test_what_comes_after_closing_is_refused_instead_of_waiting_for_ever(tmp_path, clock):
    with Home(tmp_path / "home", clock=clock) as home:
        vault = home.create_vault("acme")
    with pytest.raises(StorageError, match="being closed"):
        vault.database.write(act("late"))
    home.close()


def test_two_first_requests_of_a_person_make_one_annotator(lab):
    def run(i: int) -> str:
        annotator = Annotator(kind="person", name=f"person {i % 6}")
        return lab.vault.database.write(lambda unit: lab.bench.annotator_id(unit.connection, annotator, unit.now))

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(run, range(48)))
    assert len(set(found)) == 6
    assert all(found[i] == found[i % 6] for i in range(48))
