"""Finds entities and tags of HTML that were left over in plain text, and leaves alone what is written about them."""

# The quotes that are looked for look like others.
# ruff: noqa: RUF001

import re
from collections import Counter
from html import unescape
from html.entities import name2codepoint

from goldsmith.refine.repairing.edits import Edit

_NAMES = {
    *(name for name, code in name2codepoint.items() if 0xA0 <= code <= 0xFF and name != "not"),
    *("amp", "lt", "gt", "quot", "apos", "ndash", "mdash", "lsquo", "rsquo", "sbquo", "ldquo", "rdquo", "bdquo"),
    *("hellip", "bull", "euro", "trade", "dagger", "permil", "lsaquo", "rsaquo", "oelig", "OElig", "scaron", "Scaron"),
    *("Yuml", "ensp", "emsp", "thinsp", "zwnj", "zwj", "lrm", "rlm", "larr", "rarr"),
}
"""Entities of prose: those of mathematics, such as `&int;` and `&sub;`, are also words of programs."""

_ENTITY = re.compile(
    f"&(?:amp;)*(?:#(?:[1-9][0-9]{{1,6}}|[xX][0-9a-fA-F]{{2,6}})|{'|'.join(sorted(_NAMES, key=len, reverse=True))});"
)
_SYNTAX = re.compile("&(?:amp;)*(?:amp|lt|gt|quot|apos|#38|#34|#39|#60|#62);")
_BARE = re.compile(r"&(?!(?:#\w+|\w+);)")
_QUOTED_ENTITY = re.compile(r"[\"'`“”‘’«「『]&[#\w]+;|&[#\w]+;[\"'`“”‘’»」』]")

_ABOUT_MARKUP = re.compile(
    r"(?<![a-z])(?:x?html|xml|sgml|docbook|markup|markdown|entit(?:y|ies)|jsx|css)(?![a-z])", re.IGNORECASE
)
"""Words of texts that speak of markup, in whatever language."""

_BLOCKS = ("blockquote", "br", "center", "dd", "div", "dl", "dt", "h[1-6]", "hr", "li", "ol", "p", "table", "tr", "ul")
_INLINE = ("abbr", "a", "big", "b", "em", "font", "img", "i", "small", "span", "strike", "strong", "sub", "sup", "u")
_CELLS = ("tbody", "td", "thead", "th")
_MIN_TAGS = 2

_ONE_TAG = r"</?(?:%s)(?:\s[^<>\n]{0,500})?\s*/?>"
_TAG = re.compile(_ONE_TAG % "|".join((*_BLOCKS, *_INLINE, *_CELLS)), re.IGNORECASE)
_TAGS = re.compile(rf"(?:{_ONE_TAG % '|'.join((*_BLOCKS, *_INLINE, *_CELLS))})+", re.IGNORECASE)
_BLOCK = re.compile(_ONE_TAG % "|".join(_BLOCKS), re.IGNORECASE)
_CELL = re.compile(_ONE_TAG % "|".join(_CELLS), re.IGNORECASE)
_ANY_TAG = re.compile(r"<[/!?]?[A-Za-z][^<>\n]{0,500}>")
_LINK = re.compile(r"<(?:[a-z]{2,10}:|[^<>\s@]{1,64}@)[^<>\s]{1,500}>", re.IGNORECASE)
_QUOTED_TAG = re.compile(r"[\"'`“‘«「『]</?[A-Za-z][^<>\n]*>|</?[A-Za-z][^<>\n]*>[`’”»」』]")
_PARTS = re.compile(r"<(/?)([A-Za-z]+[1-6]?)")
_PAIRED = {
    *("a", "abbr", "b", "big", "center", "em", "font", "i", "small", "span", "strike", "strong", "sub", "sup", "u")
}


def entities(text: str) -> list[Edit]:
    """Entities that stand for a character, unless the text speaks of markup, quotes them, or mixes both ways.

    Those that escape markup itself, such as `&amp;`, count only in a text that has no bare ampersand and no tag.
    """
    if "&" not in text or ";" not in text:
        return []
    found = list(_ENTITY.finditer(text))
    if not found or _ABOUT_MARKUP.search(text) or _QUOTED_ENTITY.search(text):
        return []
    is_mixed = _BARE.search(text) is not None
    edits: list[Edit] = []
    for each in found:
        new = _character(each.group())
        if new and not (is_mixed and _SYNTAX.fullmatch(each.group())):
            edits.append(Edit(each.start(), each.end(), new))
    return edits


def tags(text: str) -> list[Edit]:
    """Tags of formatting, unless the text speaks of markup, quotes them, has other tags, or leaves pairs open.

    A tag of a block becomes a line end where there is none, a cell of a table a space, every other tag nothing.
    """
    if "<" not in text or ">" not in text:
        return []
    found = _TAG.findall(text)
    if len(found) < _MIN_TAGS or _ABOUT_MARKUP.search(text) or _QUOTED_TAG.search(text):
        return []
    if len(_ANY_TAG.findall(text)) > len(found) + len(_LINK.findall(text)) or not _is_balanced(found):
        return []
    return [Edit(run.start(), run.end(), _instead(text, run)) for run in _TAGS.finditer(text)]


def _character(entity: str) -> str:
    name = entity[entity.rfind("&amp;") + 5 :] if entity.count(";") > 1 else entity[1:]
    name = name.removeprefix("amp;") if name.count(";") > 1 else name
    character = unescape(f"&{name}")
    return (
        character if len(character) == 1 and (character.isprintable() or character in "\xa0\u2002\u2003\u2009") else ""
    )


def _is_balanced(found: list[str]) -> bool:
    opened: Counter[str] = Counter()
    for tag in found:
        parts = _PARTS.match(tag)
        if parts is not None and not tag.endswith("/>"):
            opened[parts.group(2).lower()] += -1 if parts.group(1) else 1
    return all(n_open == 0 for name, n_open in opened.items() if name in _PAIRED)


def _instead(text: str, run: re.Match[str]) -> str:
    if _BLOCK.search(run.group()):
        at_edge = run.start() == 0 or run.end() == len(text)
        return "" if at_edge or text[run.start() - 1] == "\n" or text[run.end()] == "\n" else "\n"
    return " " if _CELL.search(run.group()) else ""
