"""Measures the list of items of one large project: every filter and order, on SQLite or PostgreSQL.

What is timed is what the route does for a page of 100 rows, the JSON included: the first page with its count, and the
second; and what counts a whole project: its card, its overview, why a queue is empty, what a new schema would do. For
PostgreSQL the time is that of the database's process too, as long as it runs on this machine.

    python -m benchmarks.items --items 1000000 --home folder [--postgresql | --database-url URL] [--only word]

A home that is there is used again; for PostgreSQL that takes a server of one's own, named by its URL.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # also when started as a file

from benchmarks.figures import quantile_ms
from goldsmith.kit.clock import SystemClock
from goldsmith.labeling.filters import parse_filter
from goldsmith.labeling.flows import annotations, audits, counting, inference, projects, queue, reading, refits
from goldsmith.labeling.flows.imports import Importer
from goldsmith.labeling.flows.progress import progress
from goldsmith.labeling.handover import ImportRow, Inferred, Measured
from goldsmith.labeling.model import Annotator, LoadedProject
from goldsmith.labeling.project_wire import NewProject
from goldsmith.labeling.store import items
from goldsmith.labeling.store.pages import ItemQuery
from goldsmith.labeling.wire import ItemPage
from goldsmith.labeling.workbench import Workbench
from goldsmith.store.homes import Home
from tools.postgresql import find_postgresql, throwaway_cluster

SEED = 7
CHUNK = 1_000
MOODS = ("good", "bad", "neither")
SCHEMA: dict[str, Any] = {
    "fields": [{"name": "text", "type": "text"}],
    "questions": [
        {
            "type": "choice",
            "name": "mood",
            "label": "Mood",
            "required": True,
            "options": [{"value": mood, "label": mood} for mood in MOODS],
        },
        {
            "type": "choice",
            "name": "topic",
            "label": "Topic",
            "required": False,
            "options": [{"value": f"t{i}", "label": f"Topic {i}"} for i in range(40)],
        },
    ],
}
SYLLABLES = ("ba", "ko", "ri", "ta", "mu", "le", "so", "ni", "pa", "ge", "du", "fi")
HAN = "的一是不了人我在有他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生"
CASES: dict[str, dict[str, str]] = {
    "no filter": {},
    "no filter, by need": {"sort": "need"},
    "no filter, by confidence downwards": {"sort": "-confidence"},
    "no filter, by answers, then confidence": {"sort": "-answers,confidence"},
    "no filter, by priority, then confidence, then updated": {"sort": "-priority,-confidence,updated"},
    "consensus is (a third)": {"where": "consensus.mood = good"},
    "consensus is (a third), least sure first": {"where": "consensus.mood = good", "sort": "confidence"},
    "consensus is (1 in 40)": {"where": "consensus.topic = t7"},
    "consensus is not": {"where": "consensus.mood != good"},
    "consensus any of": {"where": "consensus.topic in (t1, t2, t3)", "sort": "updated"},
    "two consensuses": {"where": "consensus.mood = good and consensus.topic = t7"},
    "confidence range": {"where": "confidence between 0.6 and 0.62"},
    "confidence below, most answers first": {"where": "confidence < 0.55", "sort": "-answers"},
    "agreement below": {"where": "agreement.mood < 0.5"},
    "annotator": {"where": "by = rules-b"},
    "annotator, by confidence": {"where": "by = rules-b", "sort": "confidence"},
    "what an annotator answered": {"where": "answer.topic@rules-b = t5"},
    "what anybody answered and consensus differs": {"where": "answer.mood = bad and consensus.mood != bad"},
    "contested": {"where": "state = contested"},
    "open, by confidence": {"where": "state = open", "sort": "confidence"},
    "certain, updated last": {"where": "state = certain", "sort": "-updated"},
    "two answers": {"where": "answers = 0 and models = 2"},
    "column is": {"where": "field.lang = de"},
    "column is, rare": {"where": "field.batch = b777"},
    "column contains": {"where": "field.batch ~ b77"},
    "column between": {"where": "field.score between 10 and 20", "sort": "need"},
    "word, rare": {"where": "text ~ bakoritamule"},
    "word, common": {"where": "text ~ babako"},
    "word, common, by confidence": {"where": "text ~ babako", "sort": "confidence"},
    "beginning of words": {"where": "text ~ bakori*"},
    "phrase of two words": {"where": 'text ~ "babako bariba"'},
    "one character of Chinese": {"where": "text ~ 国"},
    "three characters of Chinese": {"where": "text ~ 中国人"},
    "word and consensus and confidence": {
        "where": "text ~ babako and consensus.mood = bad and confidence > 0.9",
        "sort": "-confidence",
    },
    "nothing fits, one is rare": {"where": "consensus.mood = good and answer.mood = bad and field.lang = xx"},
    "nothing fits though each has many": {"where": "field.lang = de and field.lang = en"},
    "unanswered, by priority, then confidence": {"where": "state = unanswered", "sort": "-priority,confidence"},
    "uncertain and disagreeing": {"where": "state = uncertain and agreement.mood < 0.7", "sort": "confidence"},
    "from the middle": {"where": "position >= 500000"},
}


def main(arguments: list[str]) -> int:
    """Build the project where it is not there, time every case, print a table and a JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--postgresql", action="store_true", help="on a server of its own that is gone afterwards")
    parser.add_argument("--database-url", help="a PostgreSQL that runs")
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--only", default="", help="cases with this in their name")
    chosen = parser.parse_args(arguments)
    with ExitStack() as stack:
        url = chosen.database_url
        if chosen.postgresql:
            programs = find_postgresql()
            if programs is None:
                print("There is no PostgreSQL here.", file=sys.stderr)
                return 1
            url = stack.enter_context(throwaway_cluster(programs)).url
        home = stack.enter_context(Home(chosen.home, clock=SystemClock(), database_url=url))
        bench, project = _opened(home, chosen.items)
        bench.vault.database.learn()
        meter = _Meter(bench)
        work = {name: partial(_turn, bench, project, _query(case)) for name, case in CASES.items()}
        work["from the middle on, by its cursor"] = partial(_deep, bench, project)
        work |= {name: partial(one, bench, project) for name, one in WHOLE.items()}
        figures = [
            _timed(meter, name, one(), repeats=chosen.repeats) for name, one in work.items() if chosen.only in name
        ]
    for one in figures:
        times = " ".join(f"{one[name]:8.1f}" for name in ("p50_ms", "p95_ms", "max_ms", "cpu_ms", "database_cpu_ms"))
        print(f"{one['case']:55} {times}  {one['fit']}")
    worst = max(figures, key=lambda one: one["p95_ms"])
    print(json.dumps({"items": chosen.items, "postgresql": url is not None, "worst": worst, "cases": figures}))
    return 0


class _Meter:
    """Processor time of this process, and of the process of PostgreSQL that answers it."""

    def __init__(self, bench: Workbench) -> None:
        self.database: Path | None = None
        with bench.vault.database.read() as connection:
            if connection.dialect.name == "postgresql":
                pid = connection.exec_driver_sql("select pg_backend_pid()").scalar_one()
                self.database = Path(f"/proc/{pid}/schedstat")

    def times(self) -> tuple[float, float]:
        """Seconds of this process, and of the database's; 0 for the latter where there is none on this machine."""
        if self.database is None or not self.database.exists():
            return time.process_time(), 0.0
        return time.process_time(), int(self.database.read_text().split()[0]) / 1e9


def _query(case: dict[str, str]) -> ItemQuery:
    return ItemQuery(sort=case.get("sort", "position"), where=parse_filter(case.get("where", "")), limit=100)


def _turn(bench: Workbench, project: LoadedProject, query: ItemQuery) -> Iterator[str]:
    """The first page and the second by turns; says how many items fit."""
    while True:
        first = _page(bench, project, query)
        fit = f">= {first.at_least}" if first.total is None else str(first.total)
        yield fit
        _page(bench, project, replace(query, cursor=first.next))
        yield fit


def _deep(bench: Workbench, project: LoadedProject) -> Iterator[str]:
    """Page after page from the middle of the project on, each by the cursor of the one before."""
    middle = _page(bench, project, _query({"where": "position >= 500000"}))
    query = replace(_query({}), cursor=middle.next)
    while True:
        found = _page(bench, project, query)
        yield str(found.rows[0].position)
        query = replace(query, cursor=found.next)


def _page(bench: Workbench, project: LoadedProject, query: ItemQuery) -> ItemPage:
    with bench.vault.database.read() as connection:
        found = reading.item_page(connection, project, query)
    msgspec.json.encode(found)
    return found


def _card(bench: Workbench, project: LoadedProject) -> Iterator[str]:
    while True:
        counts = counting.item_counts(bench, project.id).value
        with bench.vault.database.read() as connection:
            yield str(projects.card(connection, project, counts).n_items)


def _overview(bench: Workbench, project: LoadedProject) -> Iterator[str]:
    while True:
        counted = counting.overview_counts(bench, project.id)
        with bench.vault.database.read() as connection:
            yield str(progress(connection, project, audits.accuracy(connection, project), counted).n_annotations)


def _why_empty(bench: Workbench, project: LoadedProject) -> Iterator[str]:
    while True:
        found = queue.why_empty(bench, project, annotator_id="new", purpose="label", now=SystemClock().now())
        yield f"{found.counts['open']} open"


def _new_schema(bench: Workbench, project: LoadedProject) -> Iterator[str]:
    without = {**SCHEMA["questions"][1], "options": SCHEMA["questions"][1]["options"][1:]}
    while True:
        effects = refits.preview(bench, project, {**SCHEMA, "questions": [SCHEMA["questions"][0], without]})
        yield f"{effects.n_annotations_retired} answers"


WHOLE = {
    "card of the project": _card,
    "overview": _overview,
    "why a queue is empty": _why_empty,
    "what a new schema would do (a job)": _new_schema,
}


def _timed(meter: _Meter, name: str, work: Iterator[str], *, repeats: int) -> dict[str, Any]:
    if "(a job)" in name:
        repeats = 1
    seconds: list[float] = []
    fit = ""
    before = meter.times()
    for _ in range(repeats):
        started = time.perf_counter()
        fit = next(work)
        seconds.append(time.perf_counter() - started)
    own, database = (after - earlier for earlier, after in zip(before, meter.times(), strict=True))
    return {
        "case": name,
        "p50_ms": quantile_ms(seconds, 0.5),
        "p95_ms": quantile_ms(seconds, 0.95),
        "max_ms": quantile_ms(seconds, 1),
        "cpu_ms": round(1000 * own / repeats, 1),
        "database_cpu_ms": round(1000 * database / repeats, 1),
        "fit": fit,
    }


def _opened(home: Home, n_items: int) -> tuple[Workbench, LoadedProject]:
    if "bench" in home.vault_slugs():
        bench = Workbench(home.vault("bench"))
        with bench.vault.database.read() as connection:
            return bench, bench.project(connection, "items")
    bench = Workbench(home.create_vault("bench"))
    new = NewProject(name="Items", schema=SCHEMA, policy={"only_uncertain": True})
    bench.vault.database.write(partial(projects.create_project, bench=bench, new=new, actor="owner"))
    with bench.vault.database.read() as connection:
        project = bench.project(connection, "items")
    started = time.perf_counter()
    _fill(bench, project, n_items)
    print(f"filled in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    return bench, project


def _fill(bench: Workbench, project: LoadedProject, n_items: int) -> None:
    started = time.perf_counter()
    importer = Importer(bench, project, actor="owner")
    for chunk in importer.chunks(_rows(n_items)):
        importer.add(chunk)
    print(f"imported in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    ids = _ids(bench, project)
    for name, share in (("rules-a", 3), ("rules-b", 5)):
        for start in range(0, len(ids), CHUNK):
            given = [
                annotations.ModelAnswer(
                    item_id=item, answers={"mood": MOODS[(i // share) % 3], "topic": f"t{i % 40}"}, payload={}
                )
                for i, item in enumerate(ids[start : start + CHUNK], start)
                if i % share == 0
            ]
            bench.vault.database.write(partial(_answer, bench=bench, project=project, name=name, given=given))
    print(f"answered after {time.perf_counter() - started:.0f} s", file=sys.stderr)
    inference.store_inference(
        bench, inference.snapshot(bench, project.id), _inferred(ids), Measured(measures=[], agreement_of={})
    )


def _answer(unit: Any, *, bench: Workbench, project: LoadedProject, name: str, given: Any) -> None:
    annotator = Annotator(kind="model", name=name, version="1")
    annotator_id = bench.annotator_id(unit.connection, annotator, unit.now)
    author = annotations.Author(actor=name, annotator_id=annotator_id)
    annotations.submit_models(unit, bench, project, author=author, annotator=annotator, given=given)


def _ids(bench: Workbench, project: LoadedProject) -> list[str]:
    with bench.vault.database.read() as connection:
        return [row["id"] for row in items.confidences(connection, project.id)]


def _inferred(ids: list[str]) -> Iterator[list[Inferred]]:
    draw = random.Random(SEED)  # noqa: S311 - a load, not a secret
    levels = {item: draw.betavariate(4, 1) for i, item in enumerate(ids) if i % 3 == 0 or i % 5 == 0}
    for i, item in enumerate(sorted(levels)):
        level, share = levels[item], round(draw.random(), 3)
        mood, topic = f'"{MOODS[i % 3]}"', f'"t{i % 40}"'
        yield [
            Inferred(item, "mood", mood, round(level, 4), share, 2, "dawid-skene", share < 0.05),
            Inferred(item, "topic", topic, None, share, 2, "dawid-skene"),
        ]


def _rows(n_items: int) -> Iterator[ImportRow]:
    draw = random.Random(SEED)  # noqa: S311
    words = ["".join(draw.choices(SYLLABLES[: 2 + i % 11], k=3 + i % 4)) for i in range(30_000)]
    words[:40] = ["babako", "bariba", *words[2:40]]
    for i in range(n_items):
        ranks = [int(30_000 ** draw.random()) - 1 for _ in range(25)]
        text = " ".join(words[rank] for rank in ranks) + " " + "".join(draw.choices(HAN, k=12)) + f" n{i}"
        payload: dict[str, object] = {
            "text": text,
            "lang": ("de", "en", "zh", "fr")[i % 4],
            "batch": f"b{i // 1000}",
            "score": i % 97,
        }
        yield ImportRow(line=i + 1, external_id=f"row-{i:07}", payload=payload)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
