"""How fast the steps of refining are, on one core, with their peers beside them where those are installed.

    python -m benchmarks.refine                                # documents of the installed packages
    python -m benchmarks.refine --folder pages --documents 2000
    python -m benchmarks.refine --peer-documents 100           # slow peers on the first 100

Times are CPU times of this process, so other work on the machine hardly counts; ours are medians of five runs after a
first one that compiles, a peer's are of one run. A ratio is to datatrove with its own tokens.
Peers are used if they can be imported: datatrove (with spaCy for its own tokens) for the quality filters, Daft and
rensa for MinHash. `--steps` picks some of quality, duplicates and language.
"""

import argparse
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.refining import duplicates, quality, speech
from benchmarks.refining.corpora import documents_of
from benchmarks.refining.figures import table

PEERS = ("datatrove", "spacy", "daft", "rensa")
STEPS = ("quality", "duplicates", "language")


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed of the steps of refining.")
    parser.add_argument("--folder", type=Path, help="take the texts and HTML pages of this folder")
    parser.add_argument("--documents", type=int, default=600, help="documents to measure on")
    parser.add_argument("--peer-documents", type=int, help="documents for peers, instead of the same")
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=STEPS, help="what to measure")
    options = parser.parse_args()
    documents = documents_of(options.folder, options.documents)
    if not documents:
        parser.error("there is nothing to read")
    texts = [text for _, text in documents]
    n_peer = options.peer_documents or options.documents
    print(f"{platform.machine()}, {platform.processor()}, Python {platform.python_version()}, {_peers()}")
    if "quality" in options.steps:
        print(table(quality.figures(texts, n_peer), baseline="datatrove, spaCy"))
    if "duplicates" in options.steps:
        print(table(duplicates.figures(texts, n_peer), baseline="daft"))
    if "language" in options.steps:
        told = [speech.Told(text, speech.told_by(path)) for path, text in documents]
        print(table(speech.figures(told), baseline=""))


def _peers() -> str:
    found: list[str] = []
    for name in PEERS:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} is not installed: left out")
    return ", ".join(found)


if __name__ == "__main__":
    main()
