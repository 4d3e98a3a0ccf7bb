"""Builds HTML and SVG as trees: texts and attributes are escaped when a tree is written, so none is forgotten."""

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "wbr"})
"""Elements of HTML that have no end tag."""

RAW = frozenset({"style"})
"""Elements whose content is no markup; only this package's own files go into them."""

_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9:-]*")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its name, its attributes and what is inside."""

    name: str
    attributes: tuple[tuple[str, str], ...]
    children: "tuple[Element | str, ...]"


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
    return Element(_checked(name), tuple(_attributes(attributes)), tuple(_flat(children)))


def write(root: Element) -> str:
    """The HTML text of a tree."""
    pieces: list[str] = []
    _write(root, pieces)
    return "".join(pieces)


def visible(text: str) -> str:
    """`text` with the characters that a page cannot hold replaced by U+FFFD."""
    return _UNWRITABLE.sub("\ufffd", text)


@functools.cache
def _checked(name: str) -> str:
    if _NAME.fullmatch(name) is None:
        raise ValueError(f"{name!r} is no name of an element")
    return name


def _escaped(text: str, *, has_quotes: bool) -> str:
    return text if text.isalnum() else escape(visible(text), quote=has_quotes)


def _attributes(given: dict[str, str | float | bool | None]) -> Iterator[tuple[str, str]]:
    for key, value in given.items():
        if value is None or value is False:
            continue
        name = key.rstrip("_").replace("_", "-")
        yield name, "" if value is True else f"{value:g}" if isinstance(value, float) else str(value)


def _flat(children: Iterable[Content]) -> Iterator[Element | str]:
    for child in children:
        match child:
            case None:
                pass
            case Element() | str():
                yield child
            case int():
                yield str(child)
            case _:
                yield from _flat(child)


def _write(element: Element, pieces: list[str]) -> None:
    attributes = "".join([f' {name}="{_escaped(value, has_quotes=True)}"' for name, value in element.attributes])
    pieces.append(f"<{element.name}{attributes}>")
    if element.name in VOID:
        return
    for child in element.children:
        if isinstance(child, Element):
            _write(child, pieces)
        else:
            pieces.append(child if element.name in RAW else _escaped(child, has_quotes=False))
    pieces.append(f"</{element.name}>")
