"""Builds HTML and SVG from the inside out: an element escapes all texts and attributes in it, so none is forgotten."""

import functools
import re
from collections.abc import Iterable
from html import escape

VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "wbr"})
"""Elements of HTML that have no end tag."""

RAW = frozenset({"style"})
"""Elements whose content is no markup; only this package's own files go into them."""

_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9:-]*")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
_ESCAPED = re.compile(f"[&<>\"']|{_UNWRITABLE.pattern}")


class Element:
    """One element with all that is inside, as it is written: a page has 100,000, and a tree of them took twice as long.

    Attributes:
        markup: its HTML text.
    """

    __slots__ = ("markup",)

    def __init__(self, markup: str) -> None:
        self.markup = markup


Content = Element | str | int | Iterable["Content"] | None
"""What can stand inside an element: elements, texts, whole numbers, several of them, or nothing."""


def e(name: str, /, *children: Content, **attributes: str | float | bool | None) -> Element:
    """An element.

    Args:
        name: its name in HTML or SVG.
        children: what is inside.
        attributes: `class_` becomes `class`, other underscores become dashes; None and False leave an attribute out,
            True writes it without a value.
    """
    pieces = [f"<{_checked(name)}"]
    for key, value in attributes.items():
        if value is not None and value is not False:
            pieces.append(f' {_attribute(key)}="{_value(value)}"')
    pieces.append(">")
    if name not in VOID:
        _add(children, pieces, is_raw=name in RAW)
        pieces.append(f"</{name}>")
    return Element("".join(pieces))


def write(root: Element) -> str:
    """The HTML text of an element and all that is inside."""
    return root.markup


def visible(text: str) -> str:
    """`text` with the characters that a page cannot hold replaced by U+FFFD."""
    return _UNWRITABLE.sub("\ufffd", text)


@functools.cache
def _checked(name: str) -> str:
    if _NAME.fullmatch(name) is None:
        raise ValueError(f"{name!r} is no name of an element")
    return name


@functools.cache
def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(given: str | float) -> str:
    if given is True:
        return ""
    return _escaped(f"{given:g}" if isinstance(given, float) else str(given), has_quotes=True)


def _escaped(text: str, *, has_quotes: bool) -> str:
    return text if _ESCAPED.search(text) is None else escape(visible(text), quote=has_quotes)


def _add(children: Iterable[Content], pieces: list[str], *, is_raw: bool) -> None:
    for child in children:
        if isinstance(child, Element):
            pieces.append(child.markup)
        elif isinstance(child, str):
            pieces.append(child if is_raw else _escaped(child, has_quotes=False))
        elif isinstance(child, int):
            pieces.append(str(child))
        elif child is not None:
            _add(child, pieces, is_raw=is_raw)
