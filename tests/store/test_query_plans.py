"""Every hot query finds its rows by an index, on both engines: the plans are those of the statements as they ran.

SQLite says which statements it runs and explains each; PostgreSQL's auto_explain tells the plan of each with the number
of rows it really touched.
"""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import Connection, text
from store_lab import Lab

from goldsmith.kit.clock import FixedClock
from goldsmith.labeling.filters import parse_filter
from goldsmith.labeling.flows import reading
from goldsmith.labeling.flows.annotations import Author, submit
from goldsmith.labeling.flows.histories import filter_names, item_history
from goldsmith.labeling.flows.imports import import_rows
from goldsmith.labeling.handover import ImportRow
from goldsmith.labeling.store import answer_lists, bulk, inferences, items, pages, queue, queue_reasons, threads
from goldsmith.labeling.store.pages import SORTS, ItemQuery, cursor_of, page
from goldsmith.labeling.store.queue import Asked
from goldsmith.store import jobs
from goldsmith.store.homes import Home

N_ITEMS = 20_000
BIG = {"items", "item_contents", "annotations", "current_annotations", "consensus", "log_leaves", "item_facets"}
MOST_ROWS = 1_400  # of 20,000; a window of a list with its tests of facets, and the page of a list


class Watched:
    """A project of 20,000 items, some of them answered, and the plans of what is done with them."""

    def __init__(self, lab: Lab, engine: str) -> None:
        self.lab, self.engine = lab, engine
        rows = [
            ImportRow(
                line=i + 1,
                external_id=f"row-{i:06}",
                payload={"text": f"text number {i}", "lang": f"l{i % 20}", "score": i % 97},
            )
            for i in range(N_ITEMS)
        ]
        import_rows(lab.bench, lab.project, rows, actor="owner")
        self.ids = lab.item_ids()
        lab.let_model_answer("rules", dict.fromkeys(self.ids[::4], "good"))
        lab.infer({item: 0.5 + i / (2 * N_ITEMS) for i, item in enumerate(self.ids) if i % 4 == 0})
        self.person = lab.person("ada")
        for item in self.ids[:20]:
            lab.answer(self.person, item)
        lab.lease(lab.person("bob"), 10)
        if engine == "postgresql":
            lab.act(lambda unit: unit.connection.execute(text("analyze")))

    @property
    def asked(self) -> Asked:
        return Asked(self.lab.project_id, self.person, "label", self.lab.clock.now())

    def plans_of(self, flow, *args, **kwargs) -> "Plans":
        """The plans of everything that a flow asks inside a unit of work, which is then given up."""
        plans = Plans(self.engine)

        def watched(unit):
            with plans.listening(unit.connection):
                flow(unit, *args, **kwargs)
                unit.flush()
            raise GivenUpError

        with pytest.raises(GivenUpError):
            self.lab.vault.database.write(watched)
        plans.explain(self.lab)
        return plans

    def plans_of_reading(self, question, *args, **kwargs) -> "Plans":
        plans = Plans(self.engine)
        with self.lab.vault.database.read() as connection, plans.listening(connection):
            question(connection, *args, **kwargs)
        plans.explain(self.lab)
        return plans


class GivenUpError(Exception):
    pass


class Plans:
    """The statements that ran, and how each found its rows."""

    def __init__(self, engine: str) -> None:
        self.engine = engine
        self.statements: list[str] = []
        self.steps: list[str] = []
        self.trees: list[dict] = []

    @contextmanager
    def listening(self, connection: Connection) -> Iterator[None]:
        driver = connection.connection.driver_connection
        if self.engine == "sqlite":
            driver.set_trace_callback(self.statements.append)
            try:
                yield
            finally:
                driver.set_trace_callback(None)
            return
        with driver.cursor() as cursor:
            for setting in ("log_min_duration = 0", "log_analyze = on", "log_timing = off", "log_format = json"):
                cursor.execute(f"set local auto_explain.{setting}")
            cursor.execute("set local client_min_messages = log")
            driver.add_notice_handler(self._hear)
            try:
                yield
                cursor.execute("select 1")  # the server tells of a plan when the next statement begins
                cursor.execute("set local client_min_messages = warning")
            finally:
                driver.remove_notice_handler(self._hear)

    def _hear(self, notice) -> None:
        told = re.search(r"plan:\n(\{.*\})", notice.message_primary or "", re.DOTALL)
        if told:
            self.trees.append(json.loads(told[1]))

    def explain(self, lab: Lab) -> None:
        if self.engine == "postgresql":
            self.statements = [tree["Query Text"] for tree in self.trees]
            return
        asking = sqlite3.connect(lab.vault.folder / "vault.db")
        try:
            for statement in self.statements:
                if re.match(r"\s*(select|insert|update|delete|with)\b", statement, re.IGNORECASE):
                    self.steps += [row[3] for row in asking.execute(f"explain query plan {statement}")]
        finally:
            asking.close()

    def tables(self) -> set[str]:
        """The tables that the statements touch."""
        return set(re.findall(r"(?:from|join|into|update)\s+\"?(\w+)", " ".join(self.statements), re.IGNORECASE))

    def check(self, *, may_sort: bool = False) -> None:
        """No statement reads a big table from end to end, nor sorts a project to show a page of it."""
        assert self.statements
        if self.engine == "sqlite":
            scans = [step for step in self.steps if step.startswith("SCAN") and names_in(step) & BIG]
            sorts = [step for step in self.steps if "TEMP B-TREE" in step and not may_sort]
            assert not scans + sorts, "\n".join(self.steps)
            return
        for tree in self.trees:
            for node in nodes_of(tree["Plan"]):
                if node.get("Index Name") == "ix_item_words_words":
                    continue  # a list of numbers that is read whole, whatever is done with them
                touched = (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
                assert touched <= MOST_ROWS, f"{node['Node Type']} touched {touched} rows: {tree['Query Text']}"
                assert (node["Node Type"], node.get("Relation Name") in BIG) != ("Seq Scan", True), tree["Query Text"]


def names_in(step: str) -> set[str]:
    return set(re.findall(r"\w+", step))


def nodes_of(node: dict) -> Iterator[dict]:
    yield node
    for part in node.get("Plans", ()):
        yield from nodes_of(part)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def watched(request, tmp_path_factory) -> Iterator[Watched]:
    url = request.getfixturevalue("postgresql_url") if request.param == "postgresql" else None
    if url is not None:
        with psycopg.connect(url, autocommit=True) as connection:
            try:
                connection.execute("load 'auto_explain'")
            except psycopg.errors.UndefinedFile:
                pytest.skip("PostgreSQL came without its auto_explain module")
            connection.execute("alter role current_user set session_preload_libraries = 'auto_explain'")
    path = tmp_path_factory.mktemp("plans") / "home"
    with Home(path, clock=FixedClock(), database_url=url) as home:
        lab = Lab(home.create_vault("acme"), home.clock, overlap=2)
        yield Watched(lab, request.param)
    if url is not None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("alter role current_user reset session_preload_libraries")


def test_the_next_items_are_found_by_the_queue(watched):
    start = (-(2**62), "")
    for place in (start, (N_ITEMS // 2, watched.ids[N_ITEMS // 2])):
        plans = watched.plans_of(
            lambda unit, at=place: queue.candidates(unit.connection, watched.asked, 5, after=at, waits=False)
        )
        plans.check()
        assert "items" in plans.tables()


def test_a_whole_turn_at_the_queue_reads_few_rows(watched):
    lab = watched.lab
    watched.plans_of(lambda unit: queue.held(unit.connection, watched.asked, 10)).check(may_sort=True)
    asked = watched.asked._replace(annotator_id=lab.person("carol"))
    watched.plans_of(lambda unit: queue.candidates(unit.connection, asked, 10, after=(0, ""), waits=True)).check()
    watched.plans_of(lambda unit: queue.n_open_up_to(unit.connection, lab.project_id, 200)).check()
    watched.plans_of(lambda unit: queue.special_candidates(unit.connection, asked, 5, kind="audit", waits=False)).check(
        may_sort=True
    )
    held = {"project_id": lab.project_id, "annotator_id": lab.person("bob"), "purpose": "label", "now": lab.clock.now()}
    watched.plans_of(lambda unit: threads.n_open_of_held(unit.connection, **held)).check(may_sort=True)
    _ = held.pop("purpose")
    watched.plans_of(lambda unit: answer_lists.retired_of_held(unit.connection, **held)).check(may_sort=True)


def test_an_answer_touches_its_item_alone(watched):
    lab = watched.lab
    new = lab.annotation(watched.ids[777])
    author = Author(actor="ada", annotator_id=watched.person)
    plans = watched.plans_of(submit, lab.bench, lab.project, author=author, new=new)
    plans.check()
    assert {"items", "item_contents", "annotations", "log_leaves", "leases"} <= plans.tables()


@pytest.mark.parametrize("is_descending", [False, True])
@pytest.mark.parametrize("sort", SORTS)
def test_every_order_of_the_list_is_an_index(watched, sort, is_descending):
    query = ItemQuery(sort=sort, is_descending=is_descending)
    first = watched.plans_of_reading(page, watched.lab.project_id, query)
    first.check()
    with watched.lab.vault.database.read() as connection:
        rows = page(connection, watched.lab.project_id, query).rows
    cursor = cursor_of(rows[-2], query)
    later = ItemQuery(sort=sort, is_descending=is_descending, cursor=cursor)
    watched.plans_of_reading(page, watched.lab.project_id, later).check()
    assert "item_contents" not in first.tables()


def test_items_without_a_confidence_are_an_index_too(watched):
    unknown = next(item for i, item in enumerate(watched.ids) if i % 4)
    with watched.lab.vault.database.read() as connection:
        row = {**items.item(connection, watched.lab.project_id, unknown)}
    query = ItemQuery(sort="confidence", cursor=cursor_of(row, ItemQuery(sort="confidence")))
    watched.plans_of_reading(page, watched.lab.project_id, query).check()


FILTERS = {
    "rare value": "consensus.mood = good and confidence > 0.99",
    "common value": "consensus.mood = good",
    "common value that is not": "consensus.mood != bad",
    "annotator": "by = ada",
    "annotators": "by != ada",
    "what somebody answered": "answer.mood@ada = good",
    "rare word": 'text ~ "number 777"',
    "common word": "text ~ number",
    "column": "field.lang = l7",
    "column range": "field.score between 5 and 7",
    "column contains": "field.lang ~ l1",
    "state": "state = contested",
    "answers": "answers = 1",
    "id": "id = row-000777",
    "nothing": "field.lang = none and consensus.mood = good",
}


@pytest.mark.parametrize("where", FILTERS.values(), ids=FILTERS)
@pytest.mark.parametrize("sort", ["position", "-confidence", "-answers,need"])
def test_every_filter_reads_a_bounded_part_of_the_items(watched, monkeypatch, where, sort):
    """With small bounds, so that a plan that reads a whole project cannot hide."""
    monkeypatch.setattr(pages, "FEW", 300)
    monkeypatch.setattr(pages, "_FIRST_WINDOW", 200)
    monkeypatch.setattr(pages, "_WIDEST_WINDOW", 200)
    monkeypatch.setattr(pages, "_MOST_MET", 600)
    query = ItemQuery(sort=sort, where=parse_filter(where), questions=["mood"], limit=20)
    plans = watched.plans_of_reading(page, watched.lab.project_id, query)
    plans.check(may_sort=True)
    assert "item_contents" not in plans.tables()
    history = ItemQuery(sort=sort, where=parse_filter(where))
    watched.plans_of_reading(item_history, watched.lab.project, watched.ids[5], history).check(may_sort=True)


def test_bulk_actions_and_views_are_found_by_their_keys(watched):
    lab = watched.lab
    watched.plans_of(lambda unit: bulk.standings(unit.connection, lab.project_id, watched.ids[:200])).check(
        may_sort=True
    )
    watched.plans_of_reading(bulk.bulk_page, lab.project_id, before=None, limit=50).check()
    watched.plans_of_reading(bulk.of_item, watched.ids[5]).check()
    watched.plans_of_reading(filter_names, lab.project).check()


def test_one_item_and_ones_own_work_are_found_by_their_keys(watched):
    lab = watched.lab
    watched.plans_of_reading(reading.item_detail, lab.project, watched.ids[5], only_of=None).check(may_sort=True)
    watched.plans_of_reading(reading.item_detail, lab.project, watched.ids[5], only_of=watched.person).check()
    watched.plans_of_reading(reading.own_work, lab.project, watched.person, cursor=None, limit=50).check()
    watched.plans_of_reading(reading.own_work, lab.project, watched.person, cursor="20010", limit=50).check()


def test_exports_and_inferences_walk_along_an_index(watched):
    lab = watched.lab
    rows = watched.plans_of_reading(items.contents_by_external_id, lab.project_id, "row-010000", 200)
    rows.check()
    watched.plans_of_reading(answer_lists.after_seq, lab.project_id, 100, 200).check()
    watched.plans_of_reading(answer_lists.window_after, lab.project_id, 100, 50).check(may_sort=True)
    watched.plans_of_reading(answer_lists.current_of_items, watched.ids[:10], "label").check(may_sort=True)
    watched.plans_of(lambda unit: items.chunk_after(unit.connection, lab.project_id, 5_000, 200)).check()
    between = {"after": watched.ids[100], "until": watched.ids[300], "limit": 200}
    watched.plans_of_reading(inferences.items_between, lab.project_id, **between).check()
    watched.plans_of(lambda unit: items.standings(unit.connection, watched.ids[:200])).check(may_sort=True)
    watched.plans_of_reading(items.last_position, lab.project_id).check()
    watched.plans_of_reading(answer_lists.newest, lab.project_id).check()
    watched.plans_of_reading(answer_lists.last_seq, lab.project_id).check()


def test_counting_never_touches_what_the_items_hold(watched):
    lab = watched.lab
    for plans in (
        watched.plans_of_reading(items.counts, lab.project_id),
        watched.plans_of_reading(items.confidence_histogram, lab.project_id, 20),
        watched.plans_of_reading(queue_reasons.whole_counts, lab.project_id, "|"),
        watched.plans_of_reading(reading.item_page, lab.project, ItemQuery(state="open", text="number")),
    ):
        assert "items" in plans.tables()
        assert "item_contents" not in plans.tables()


def test_what_an_empty_queue_and_an_overview_count_beyond_the_whole_is_found_by_indexes(watched):
    lab = watched.lab
    with lab.vault.database.read() as connection:
        whole = queue_reasons.whole_counts(connection, lab.project_id, "|")
    assert whole["n_items"] == N_ITEMS
    asked = watched.asked
    watched.plans_of_reading(queue_reasons.empty_counts, asked, whole).check()
    review = asked._replace(purpose="review")
    watched.plans_of_reading(queue_reasons.empty_review_counts, review, whole).check()
    histogram = watched.plans_of_reading(items.confidence_histogram, lab.project_id, 20)
    if watched.engine == "sqlite":
        found = [step for step in histogram.steps if "items" in step]
        assert ["USING COVERING INDEX ix_items_confidence" in found[0], "ix_items_aside" in found[1]] == [True, True]


def test_jobs_are_found_by_their_state(watched):
    watched.plans_of(jobs.claim_next).check()
