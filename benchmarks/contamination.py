"""Contamination: speed, what is found of rephrased items and of clean documents, memory, and coverage of the rates.

`python -m benchmarks.contamination [FOLDER]` takes the texts of a folder, else those that installed packages bring
along. The items are those of `tests/golden/contamination`, each with a rephrasing that was written by hand: the set
that the search was adjusted on, and one that was held out.
"""

import argparse
import json
import tempfile
import tracemalloc
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import cast

import numpy as np

from benchmarks.refining.corpora import texts_of
from benchmarks.refining.figures import Contestant, Size, Step, cpu_seconds, head, line, measured, rows_of
from benchmarks.refining.planted_items import FORMS, Corpus, Known, Planted, coverage
from goldsmith.kit.arrow import as_utf8
from goldsmith.refine.contamination.folding import fold
from goldsmith.refine.contamination.indexes import Index, Search, build_index
from goldsmith.refine.contamination.items import SetItem
from goldsmith.refine.contamination.matches import Limits, find_items
from goldsmith.refine.contamination.rephrasings import likenesses
from goldsmith.refine.contamination.runs import letter_runs, word_runs

PAIRS = Path(__file__).parents[1] / "tests" / "golden" / "contamination"
SETS = {"first set": "rephrasings.jsonl", "held-out set": "rephrasings-held-out.jsonl"}
LIMITS = Limits(words=13, min_overlap=0.7)
N_DOCUMENTS = 7000
_SPEED_DOCUMENTS = 1500
N_MANY = 100_000
N_ROUNDS = 3
N_CORPORA = {100: 80, 1000: 40}
"""Corpora with planted items, by their documents."""
_RATES = (0.01, 0.03, 0.1, 0.3)
_VOCABULARY = 50_000
_WORDS = 50


def search(min_likeness: float) -> Search:
    """The defaults of the stage, with another threshold for rephrasings."""
    return Search(fields=(), overlap_words=8, characters=50, min_words=5, common_in=20, min_likeness=min_likeness)


def speeds(index: Index, texts: Sequence[str]) -> str:
    """The CPU time of each part on the same texts."""
    raw = as_utf8(texts)
    folded = fold(raw)
    parts = {
        "fold": lambda: fold(raw),
        "words": lambda: word_runs(folded, index.words),
        "letters": lambda: letter_runs(folded, index.letters),
        "other words": lambda: likenesses(folded, index.terms),
        "fold + words": lambda: word_runs(fold(raw), index.words),
        "all": lambda: find_items(texts, index, LIMITS),
    }
    size = Size(len(texts), len(raw.content))
    steps = [
        Step(name, [Contestant("goldsmith", size, partial(cpu_seconds, part), is_ours=True)])
        for name, part in parts.items()
    ]
    rows = [row for step in steps for row in rows_of(step, measured(step, N_ROUNDS))]
    return "\n".join([head(), *map(line, rows)])


def found_shares(rows: Sequence[dict[str, str]], texts: Sequence[str]) -> list[str]:
    """What is found of rephrased items, by language, and of clean documents, for some thresholds."""
    items = [SetItem(row["id"], row["question"], row["answer"]) for row in rows]
    hidden = [f"{texts[at][:2000]}\n{row['rephrased']}\n{texts[at][2000:6000]}" for at, row in enumerate(rows)]
    languages = np.array([row["language"] for row in rows])
    lines = [f"{'threshold':>9} {'all':>6} {'en':>6} {'de':>6} {'zh':>6} {'clean documents':>16}"]
    for least in (0.4, 0.45, 0.5, 0.55, 0.6):
        index = build_index(items, search(least))
        matches = find_items(hidden, index, LIMITS)
        is_found = np.array(
            [any(each.item == item.name for each in row) for item, row in zip(items, matches, strict=True)]
        )
        n_false = sum(bool(row) for row in find_items(texts, index, LIMITS))
        shares = [is_found.mean(), *(is_found[languages == name].mean() for name in ("en", "de", "zh"))]
        lines.append(
            f"{least:9.2f} " + " ".join(f"{share:6.3f}" for share in shares) + f" {n_false:6} of {len(texts):,}"
        )
    return lines


def rates(rows: Sequence[dict[str, str]], texts: Sequence[str], base: Path) -> list[str]:
    """How often the intervals of reports hold the truth, for items planted in one form or in all."""
    known = Known([Planted(row["id"], row["question"], row["answer"], row["rephrased"]) for row in rows], texts)
    lines = ["   planted documents corpora  found  false  rate share after"]
    for forms in (tuple(FORMS), *((form,) for form in FORMS)):
        for n, n_corpora in N_CORPORA.items():
            corpora = [Corpus(n, _RATES[number % len(_RATES)], forms) for number in range(n_corpora)]
            held = coverage(known, corpora, base / f"{'-'.join(forms)}-{n}", np.random.default_rng(0))
            shares = (held.rate / held.n, held.share / held.n, held.after / held.n)
            name = forms[0] if len(forms) == 1 else "all forms"
            lines.append(
                f"{name:>10} {n:9,} {n_corpora:7} {held.n_found / held.n_planted:6.3f} {held.n_false:6} "
                + " ".join(f"{share:5.3f}" for share in shares)
            )
    return lines


def memory() -> str:
    """What the index of many items takes, made of random words."""
    rng = np.random.default_rng(0)
    words = np.array([f"{number:x}" for number in range(_VOCABULARY)])
    chosen = words[np.minimum(rng.zipf(1.2, (N_MANY, _WORDS)), _VOCABULARY) - 1]
    items = [SetItem(f"s:{number}", " ".join(row), "") for number, row in enumerate(chosen)]
    tracemalloc.start()
    index = build_index(items, search(0.5))
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return f"{len(index.names):,} items of {_WORDS} words: {held / 1e6:.0f} MB, while it is built {peak / 1e6:.0f} MB"


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("folder", type=Path, nargs="?", help="texts and pages")
    texts = texts_of(cast("Path | None", parser.parse_args().folder), N_DOCUMENTS)
    rows = {
        name: [cast("dict[str, str]", json.loads(line)) for line in (PAIRS / file).read_text("utf-8").splitlines()]
        for name, file in SETS.items()
    }
    items = [SetItem(row["id"], row["question"], row["answer"]) for each in rows.values() for row in each]
    print(speeds(build_index(items, search(0.5)), texts[:_SPEED_DOCUMENTS]), flush=True)
    for name, each in rows.items():
        print("\n".join([f"{name}, {len(each)} items", *found_shares(each, texts)]), flush=True)
    print(memory(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        print("\n".join(rates(rows["first set"], texts, Path(folder))))


if __name__ == "__main__":
    main()
