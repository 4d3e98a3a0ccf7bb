"""Reads what is said against the use of a document: by its source, and in the markup of the page itself."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from goldsmith.refine.usage import Signal, SignalName

AI_CRAWLERS = frozenset(
    """
    ai2bot ai2bot-dolma amazonbot anthropic-ai applebot-extended bytespider ccbot chatglm-spider claude-web claudebot
    cloudvertexbot cohere-ai cohere-training-data-crawler cotoyogi deepseekbot diffbot facebookbot friendlycrawler
    google-extended gptbot icc-crawler imagesiftbot img2dataset laiondownloader meta-externalagent omgili omgilibot
    pangubot sbintuitionsbot timpibot velenpublicwebcrawler webzio-extended
    """.split()  # noqa: SIM905 - thirty names are read more easily so
)
"""Crawlers, and names for robots.txt alone, that stand for the collection of training data, by their operators' words.

Source: the pages of OpenAI, Common Crawl, Anthropic, Google, Apple, Meta and others; the public list `ai.robots.txt`.
"""

_DIRECTIVES: Mapping[str, tuple[SignalName, ...]] = MappingProxyType(
    {
        "noai": ("noai",),
        "noimageai": ("noimageai",),
        "noindex": ("noindex",),
        "noarchive": ("noarchive",),
        "none": ("noindex",),
    }
)
_USES: Mapping[str, SignalName] = MappingProxyType(
    {
        "ai-train": "no-ai-training",
        "train-ai": "no-ai-training",
        "train-genai": "no-ai-training",
        "ai-input": "no-ai-input",
        "search": "no-search",
    }
)
_WITH_COLON = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
_USE = re.compile(r"([a-z-]+)\s*=\s*(no|n)\b", re.IGNORECASE)
NAMES = ("robots", "tdm-reservation")
"""The names of `meta` elements that say something, beside those of crawlers."""

_RESERVED = re.compile(r"\s*1\b")
_MAX_QUOTE = 200


def said_by_source(known: Mapping[str, str], agents: frozenset[str]) -> Iterator[Signal]:
    """What headers and the files of a site say, as far as the source carries them.

    Args:
        known: what the source knows about a document.
        agents: the crawlers that collect for models, in lower case.
    """
    if not known:
        return
    said = {name.lower().replace("-", "_"): value for name, value in known.items()}
    for line in said.get("x_robots_tag", "").splitlines():
        yield from _of_directives(line, by="header X-Robots-Tag", agents=agents)
    for name, by in (("tdm_reservation", "header TDM-Reservation"), ("tdmrep_reservation", "tdmrep.json of the site")):
        if _RESERVED.match(said.get(name, "")):
            policy = said.get(f"{name.partition('_')[0]}_policy", "")
            yield Signal(signal="tdm-reserved", by=by, quote=f"1 {policy}".strip()[:_MAX_QUOTE])
    for name, by in (
        ("content_signal", "header Content-Signal"),
        ("content_usage", "header Content-Usage"),
        ("robots_txt_usage", "robots.txt of the site"),
    ):
        yield from _of_uses(said.get(name, ""), by)
    for name, by in (("robots_txt_blocks", "robots.txt of the site"), ("ai_txt_blocks", "ai.txt of the site")):
        yield from _of_blocks(said.get(name, ""), by, agents)


def said_in_page(html: str, agents: frozenset[str]) -> Iterator[Signal]:
    """What the `meta` elements of a page say.

    Args:
        html: the page.
        agents: the crawlers that collect for models, in lower case.
    """
    from goldsmith.refine.markup import Page  # noqa: PLC0415 - loads the compiler's library

    page = Page(html)
    for element in page.elements("meta"):
        name, content = element.attributes.get("name", "").lower(), element.attributes.get("content", "")
        found: Iterator[Signal] = iter(())
        if name == "tdm-reservation" and _RESERVED.match(content):
            found = iter([Signal(signal="tdm-reserved", by="meta tdm-reservation", quote="")])
        elif name == "robots" or name in agents:
            prefix = "" if name == "robots" else f"{name}: "
            found = _of_directives(f"{prefix}{content}", by=f"meta {name}", agents=agents)
        for signal in found:
            start, end = page.span(element)
            quote = html[start:end][:_MAX_QUOTE]
            yield Signal(signal=signal.signal, by=signal.by, quote=quote, start=start, end=end)


def _of_directives(line: str, *, by: str, agents: frozenset[str]) -> Iterator[Signal]:
    """Directives as `noindex, noai`; those for one crawler, as `GPTBot: noindex`, count when it collects for models."""
    agent = ""
    for part in line.split(","):
        name, colon, rest = part.strip().partition(":")
        if colon and name.strip().lower() not in _WITH_COLON:
            agent, name = name.strip().lower(), rest
        directive = name.strip().lower()
        if directive not in _DIRECTIVES or (agent and agent not in agents):
            continue
        is_blocked = agent and directive in ("noindex", "none")
        for signal in ("ai-crawlers-blocked",) if is_blocked else _DIRECTIVES[directive]:
            yield Signal(signal=signal, by=by, quote=line.strip()[:_MAX_QUOTE])


def _of_uses(said: str, by: str) -> Iterator[Signal]:
    for use in _USE.finditer(said):
        if (signal := _USES.get(use[1].lower())) is not None:
            yield Signal(signal=signal, by=by, quote=use[0])


def _of_blocks(said: str, by: str, agents: frozenset[str]) -> Iterator[Signal]:
    blocked = [name.strip() for name in said.split(",") if name.strip()]
    collecting = [name for name in blocked if name.lower() in agents]
    if collecting:
        yield Signal(signal="ai-crawlers-blocked", by=by, quote=", ".join(collecting)[:_MAX_QUOTE])
    if "*" in blocked:
        yield Signal(signal="all-crawlers-blocked", by=by, quote="*")
