"""Corpora with planted test items: how often the interval of a run holds the share of documents that have one."""

# pyarrow has no types
# pyright: reportUnknownMemberType=false

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
import pyarrow.parquet as pq

from goldsmith.refine import Places, load_recipe, refine
from goldsmith.refine.reports import Share

RECIPE = """\
goldsmith: 1
name: planted
source: [{kind: files, paths: [in]}]
stages: [decode, {contamination: {test_sets: [sets]}}]
"""
MOST_CHARACTERS = 1500


class Planted(NamedTuple):
    """An item that is planted, and the same in other words."""

    id: str
    question: str
    answer: str
    rephrased: str


class Known(NamedTuple):
    """What corpora are made of: the items, all of them in the test set of every run, and real texts without any."""

    items: Sequence[Planted]
    texts: Sequence[str]


class Corpus(NamedTuple):
    """How a corpus is made.

    Attributes:
        n: its documents.
        rate: how probable it is that one gets an item.
        forms: names of the forms in which items are planted, each as often as the others.
    """

    n: int
    rate: float
    forms: tuple[str, ...]


class Covered(NamedTuple):
    """Runs, and those whose interval holds the truth.

    Attributes:
        n: runs.
        rate: runs whose interval before the run holds the rate at which items were planted.
        share: runs in which it holds the share of this corpus that has an item.
        after: runs in which the interval after the run holds the share of kept documents that have one.
        n_planted: items that were planted in all.
        n_found: documents with one of these that were dropped.
        n_false: documents without one that were.
    """

    n: int
    rate: int
    share: int
    after: int
    n_planted: int
    n_found: int
    n_false: int


def _verbatim(item: Planted, rng: np.random.Generator) -> str:
    del rng
    return item.question


def _partly(item: Planted, rng: np.random.Generator) -> str:
    """A piece of the question, of half of it to nine tenths, from anywhere in it."""
    pieces = item.question.split() if " " in item.question else list(item.question)
    length = round(len(pieces) * rng.uniform(0.5, 0.9))
    start = int(rng.integers(0, len(pieces) - length + 1))
    return (" " if " " in item.question else "").join(pieces[start : start + length])


def _rephrased(item: Planted, rng: np.random.Generator) -> str:
    del rng
    return item.rephrased


FORMS: Mapping[str, Callable[[Planted, np.random.Generator], str]] = {
    "verbatim": _verbatim,
    "partly": _partly,
    "rephrased": _rephrased,
}
"""The forms in which items are planted; none of them is one in which the stage hides items to measure itself."""


def coverage(known: Known, corpora: Sequence[Corpus], base: Path, rng: np.random.Generator) -> Covered:
    """Draw each corpus, run the stage on it, and compare the intervals of its report with what was planted.

    Args:
        known: items and texts.
        corpora: how each corpus is made.
        base: an empty folder for the runs.
        rng: draws texts, items and places.
    """
    (base / "sets").mkdir(parents=True)
    rows = ({"id": each.id, "question": each.question, "answer": each.answer} for each in known.items)
    _ = (base / "sets" / "items.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    counted = [_covered(known, corpus, base, rng) for corpus in corpora]
    return Covered(*(sum(column) for column in zip(*counted, strict=True)))


def _covered(known: Known, corpus: Corpus, base: Path, rng: np.random.Generator) -> Covered:
    rows, planted = _drawn(known, corpus, rng)
    (base / "in").mkdir(exist_ok=True)
    _ = (base / "in" / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    out = base / f"out{sum(1 for _ in base.iterdir())}"
    places = Places(base=base, doc_folders=(), packages=lambda: ())
    report = refine(load_recipe(RECIPE, origin="planted.yaml"), out, places=places)
    (found,) = report.contamination
    dropped = _ids(out / "dropped") if found.n_found else set[str]()
    n_found = len(planted & dropped)
    return Covered(
        n=1,
        rate=_holds(found.before, corpus.rate),
        share=_holds(found.before, len(planted) / corpus.n),
        after=_holds(found.after, (len(planted) - n_found) / found.n_kept),
        n_planted=len(planted),
        n_found=n_found,
        n_false=found.n_found - n_found,
    )


def _ids(folder: Path) -> set[str]:
    rows = cast("list[dict[str, str]]", pq.read_table(folder, columns=["id"]).to_pylist())
    return {row["id"] for row in rows}


def _drawn(known: Known, corpus: Corpus, rng: np.random.Generator) -> tuple[list[dict[str, str]], set[str]]:
    """The documents of a corpus, and the names of those that got an item."""
    rows, planted = list[dict[str, str]](), set[str]()
    for number in range(corpus.n):
        text = f"{number}\n{known.texts[int(rng.integers(len(known.texts)))][:MOST_CHARACTERS]}"
        if rng.random() < corpus.rate:
            item = known.items[int(rng.integers(len(known.items)))]
            form = FORMS[corpus.forms[int(rng.integers(len(corpus.forms)))]]
            place = int(rng.integers(len(text) + 1))
            text = f"{text[:place]}\n{form(item, rng)}\n{text[place:]}"
            planted.add(f"d{number}")
        rows.append({"id": f"d{number}", "text": text})
    return rows, planted


def _holds(share: Share, truth: float) -> bool:
    return share.low is not None and share.high is not None and share.low <= truth <= share.high
