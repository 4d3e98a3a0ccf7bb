"""Extractors of main text, those that are installed: ours, trafilatura, resiliparse, readability."""

from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec

from benchmarks.refining.peers.extractors import readability, resiliparse, trafilatura
from goldsmith.refine.extraction.pages import bytes_of, main_text
from goldsmith.refine.extraction.tokens import tokens_of
from goldsmith.refine.extraction.trees import tree_of

Extractor = Callable[[str], str]


def goldsmith(html: str) -> str:
    """What `extract-html` keeps."""
    page = bytes_of(html)
    return main_text(page, tree_of(page, tokens_of(page))).text


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
