"""Writes blocks as lines: paragraphs apart, items and table rows together, code as it stands."""

import html
from collections.abc import Iterable

import numpy as np

from goldsmith.refine.extraction.tags import I64, NUMBERS, U8
from goldsmith.refine.extraction.trees import Tree

_CODE = frozenset(NUMBERS[name] for name in ("pre", "listing", "xmp"))
_ITEMS = frozenset(NUMBERS[name] for name in ("li", "dd", "dt"))
_ROW, _TABLE, _LI = NUMBERS["tr"], NUMBERS["table"], NUMBERS["li"]
_NO_BREAKS = bytes.maketrans(b"\r\n", b"  ")
_LEVELS = 6
_LONGEST_CELL = 300
"""Characters; a longer cell is part of a layout, not of a table, and gets a line of its own."""


class Lines:
    """The text of a page's blocks."""

    __slots__ = ("_bounds", "_ends", "_names", "_owners", "_page", "_parents", "_starts", "_texts")

    def __init__(self, page: U8, tree: Tree, owners: I64) -> None:
        self._page = page.tobytes()
        self._bounds: list[int] = np.searchsorted(tree.run_blocks, np.arange(tree.n_blocks + 1)).tolist()
        self._starts: list[int] = tree.run_starts.tolist()
        self._ends: list[int] = tree.run_ends.tolist()
        self._owners: list[int] = owners.tolist()
        self._parents: list[int] = tree.parents.tolist()
        self._names: list[int] = tree.names.tolist()
        self._texts: dict[int, str] = {}

    def joined(self, blocks: Iterable[int]) -> str:
        """The text of these blocks, which are in document order."""
        pieces: list[str] = []
        last: tuple[str, int] = ("", -1)
        seen: set[int] = set()
        for block in blocks:
            kind, element = self._place(block)
            text = self._code(block) if kind == "code" else self.text(block)
            if not text.strip():
                continue
            if kind == "item" and element not in seen and self._names[element] == _LI:
                text = f"- {text}"
            seen.add(element)
            if kind == "row" and len(text) > _LONGEST_CELL:
                kind, element = "", -1
            if pieces:
                pieces.append(_between(last, (kind, element)))
            pieces.append(text)
            last = (kind, element)
        return "".join(pieces).strip()

    def text(self, block: int) -> str:
        """The text of one block, its white space as browsers show it."""
        known = self._texts.get(block)
        if known is None:
            lines = self._runs(block, as_shown=True).split("\n")
            known = "\n".join([" ".join(line.split()) for line in lines]).strip()
            self._texts[block] = known
        return known

    def _code(self, block: int) -> str:
        return self._runs(block, as_shown=False).strip("\r\n").replace("\r\n", "\n").rstrip()

    def _runs(self, block: int, *, as_shown: bool) -> str:
        first, last = self._bounds[block], self._bounds[block + 1]
        pieces: list[bytes] = []
        for start, end in zip(self._starts[first:last], self._ends[first:last], strict=True):
            raw = b"\n" if start < 0 else self._page[start:end]
            pieces.append(raw.translate(_NO_BREAKS) if as_shown and start >= 0 else raw)
        text = b"".join(pieces).decode("utf-8", "replace")
        return html.unescape(text) if "&" in text else text

    def _place(self, block: int) -> tuple[str, int]:
        """The code, table row or list item that a block stands in, and its element."""
        element = self._owners[block]
        for _ in range(_LEVELS):
            name = self._names[element]
            if name in _CODE:
                return "code", element
            if name == _ROW:
                return "row", element
            if name in _ITEMS:
                return "item", element
            if name == _TABLE or element == 0:
                break
            element = self._parents[element]
        return "", -1


def _between(last: tuple[str, int], this: tuple[str, int]) -> str:
    if last == this and this[0] == "row":
        return " | "
    return "\n" if last[0] == this[0] != "" else "\n\n"
