"""Extractors of main text, those that are installed: ours, trafilatura, resiliparse, readability."""

# the peers ship no types
# pyright: reportMissingImports=false, reportMissingModuleSource=false, reportMissingTypeStubs=false
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import functools
from collections.abc import Callable, Iterator
from importlib.metadata import version
from importlib.util import find_spec

from resiliparse.extract.html2text import extract_plain_text

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
    if find_spec("trafilatura") is not None:
        yield f"trafilatura {version('trafilatura')} fast", functools.partial(_trafilatura, fast=True)
        yield f"trafilatura {version('trafilatura')} precision", functools.partial(_trafilatura, fast=False)
    yield f"resiliparse {version('resiliparse')} main content", _resiliparse
    if find_spec("readability") is not None:
        yield f"readability-lxml {version('readability-lxml')}", _readability


def _trafilatura(html: str, *, fast: bool) -> str:
    import trafilatura  # noqa: PLC0415 - a peer that need not be there

    return trafilatura.extract(html, include_comments=False, fast=fast, favor_precision=not fast) or ""


def _resiliparse(html: str) -> str:
    return extract_plain_text(html, preserve_formatting=True, main_content=True, alt_texts=False)


def _readability(html: str) -> str:
    from lxml.etree import ParserError  # noqa: PLC0415 - comes with readability
    from lxml.html import fromstring  # noqa: PLC0415
    from readability import Document  # noqa: PLC0415
    from readability.readability import Unparseable  # noqa: PLC0415

    try:
        tree = fromstring(Document(html).summary(html_partial=True))
    except (ParserError, Unparseable, ValueError):
        return ""
    return " ".join(tree.itertext())
