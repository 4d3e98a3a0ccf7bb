"""Extractors of main text: trafilatura, resiliparse, readability."""

# the peers ship no types
# pyright: reportMissingImports=false, reportMissingModuleSource=false, reportMissingTypeStubs=false
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false

from collections.abc import Callable
from functools import partial
from importlib import import_module
from inspect import signature

from benchmarks.refining.peers import Make

Extractor = Callable[[str], str]


def trafilatura(*, fast: bool, precise: bool = False) -> Extractor:
    extract = import_module("trafilatura").extract
    name = "fast" if "fast" in signature(extract).parameters else "no_fallback"  # as it was called before version 2
    options = {"include_comments": False, "favor_precision": precise, name: fast}
    return lambda html: extract(html, **options) or ""


def resiliparse() -> Extractor:
    extract = import_module("resiliparse.extract.html2text").extract_plain_text
    return partial(extract, preserve_formatting=True, main_content=True, alt_texts=False)


def readability() -> Extractor:
    document = import_module("readability").Document
    unparseable = import_module("readability.readability").Unparseable
    parser_error, parsed = import_module("lxml.etree").ParserError, import_module("lxml.html").fromstring

    def extract(html: str) -> str:
        try:
            tree = parsed(document(html).summary(html_partial=True))
        except (parser_error, unparseable, ValueError):
            return ""
        return " ".join(tree.itertext())

    return extract


def _over_pages(extractor: Callable[[], Extractor]) -> Make:
    return lambda given: partial(_extract, extractor(), given.pages)


def _extract(extract: Extractor, pages: list[str]) -> None:
    for page in pages:
        _ = extract(page)


PEERS: dict[str, Make] = {
    "trafilatura, fast": _over_pages(partial(trafilatura, fast=True)),
    "trafilatura, as it is": _over_pages(partial(trafilatura, fast=False)),
    "resiliparse, main content": _over_pages(resiliparse),
}
