"""Shows how two texts differ, side by side, word by word, wherever their lines are broken.

Letters of scripts that put no spaces between words count as words.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from goldsmith.refine.reports import DiffRow, Piece

MAX_WORDS = 4000
"""Words of each text that are compared: the time grows with their product."""

MAX_ROWS = 8
MAX_ROW_WORDS = 70
CONTEXT = 6

MAX_WORD = 200
"""Characters that are shown of a word."""

_OUTSIDE_WORDS = re.compile(r"[\W_]+")
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORDS = re.compile(rf"[{_UNSPACED}]|[^\s{_UNSPACED}]+")
_BETWEEN = re.compile(rf"(?<=[{_UNSPACED}]) (?=[{_UNSPACED}])")


def side_by_side(kept: str, dropped: str) -> tuple[DiffRow, ...]:
    """The first places where two texts differ in more than space, case and punctuation, with a few words around."""
    ours, theirs = _WORDS.findall(kept), _WORDS.findall(dropped)
    is_cut = max(len(ours), len(theirs)) > MAX_WORDS
    ours, theirs = ours[:MAX_WORDS], theirs[:MAX_WORDS]
    # words that make up more than 1% of a long text start no match, which keeps the time short; they join matches
    matcher = SequenceMatcher(None, [_bare(word) for word in ours], [_bare(word) for word in theirs], autojunk=True)
    rows: list[DiffRow] = []
    for group in matcher.get_grouped_opcodes(CONTEXT):
        if is_cut and group[-1][0] != "equal":
            break  # where the texts are cut, one ends before the other
        left = [(kind, ours[start:end]) for kind, start, end, _, _ in group]
        right = [(kind, theirs[start:end]) for kind, _, _, start, end in group]
        rows.append(DiffRow(kept=_pieces(left), dropped=_pieces(right)))
        if len(rows) == MAX_ROWS:
            break
    return tuple(rows)


def _bare(word: str) -> str:
    return _OUTSIDE_WORDS.sub("", word).lower() or word


def _pieces(runs: Sequence[tuple[str, Sequence[str]]]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    room = MAX_ROW_WORDS
    for kind, words in runs:
        if words and room > 0:
            spaced = " ".join(word if len(word) <= MAX_WORD else word[:MAX_WORD] + "…" for word in words[:room])
            shown = _BETWEEN.sub("", spaced) + (" …" if len(words) > room else "")
            pieces.append(Piece(text=shown, is_changed=kind != "equal"))
        room -= len(words)
    return tuple(pieces)
