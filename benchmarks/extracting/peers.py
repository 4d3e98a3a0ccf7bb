"""Extractors of main text, those that are installed: ours, trafilatura, resiliparse, readability."""

from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec

from benchmarks.refining.peers.extractors import readability, resiliparse, trafilatura
from goldsmith.kit.arrow import as_utf8
from goldsmith.refine.extraction.pages import main_texts

Extractor = Callable[[str], str]


def goldsmith(html: str) -> str:
    """What `extract-html` keeps."""
    (found,) = main_texts(as_utf8([html]))
    return found.text if found is not None else ""


def installed() -> Iterator[tuple[str, Extractor]]:
    """Each extractor that can be imported, with its name and version."""
    yield "goldsmith", goldsmith
    peers = {
        "trafilatura": {
            "fast": partial(trafilatura, fast=True),
            "precision": partial(trafilatura, fast=False, precise=True),
        },
        "resiliparse": {"main content": resiliparse},
        "readability-lxml": {"": readability},
    }
    for distribution, kinds in peers.items():
        if find_spec(distribution.removesuffix("-lxml")) is not None:
            for kind, make in kinds.items():
                yield f"{distribution} {version(distribution)} {kind}".rstrip(), make()
