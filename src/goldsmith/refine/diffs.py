"""Shows how two texts differ, side by side, a few lines around each difference."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from goldsmith.refine.reports import DiffRow

MAX_LINES = 2000
"""Lines of each text that are compared: the time grows with their product."""

MAX_ROWS = 24
CONTEXT = 1
WIDTH = 160


def side_by_side(kept: str, dropped: str) -> tuple[DiffRow, ...]:
    """The first rows in which two texts differ, with a line before and after each difference."""
    ours, theirs = kept.splitlines()[:MAX_LINES], dropped.splitlines()[:MAX_LINES]
    rows: list[DiffRow] = []
    for row in _rows(ours, theirs):
        rows.append(row)
        if len(rows) == MAX_ROWS:
            break
    return tuple(rows)


def _rows(ours: list[str], theirs: list[str]) -> Iterator[DiffRow]:
    matcher = SequenceMatcher(None, [line.strip() for line in ours], [line.strip() for line in theirs], autojunk=False)
    for place, group in enumerate(matcher.get_grouped_opcodes(CONTEXT)):
        if place > 0:
            yield DiffRow(kind="gap", kept="", dropped="")
        for kind, a, a_end, b, b_end in group:
            for step in range(max(a_end - a, b_end - b)):
                left = ours[a + step] if a + step < a_end else ""
                right = theirs[b + step] if b + step < b_end else ""
                yield DiffRow(kind="same" if kind == "equal" else "changed", kept=_cut(left), dropped=_cut(right))


def _cut(line: str) -> str:
    return line if len(line) <= WIDTH else line[: WIDTH - 1] + "…"
