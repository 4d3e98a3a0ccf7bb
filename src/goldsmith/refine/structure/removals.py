"""Takes lines and passages out of a text, with an account by which each can be shown and put back."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from goldsmith.refine.repairing.edits import Change


class Passage(NamedTuple):
    """What stands at `[start, stop)` of a text, in characters, and what it is."""

    start: int
    stop: int
    kind: str


class Shortened(NamedTuple):
    """A text without some passages, how many these are, and what they were as JSON; `undo` of the repairs reads it."""

    text: str
    n_taken: int
    spans: str | None


def without(text: str, passages: Iterable[Passage]) -> Shortened:
    """`text` without `passages`, which are sorted and do not touch."""
    pieces: list[str] = []
    changes: list[Change] = []
    done = length = 0
    for start, stop, kind in passages:
        pieces.append(text[done:start])
        length += start - done
        changes.append(Change(kind=kind, before=text[start:stop], after="", at=(length,)))
        done = stop
    if not changes:
        return Shortened(text, 0, None)
    return Shortened("".join([*pieces, text[done:]]), len(changes), msgspec.json.encode(changes).decode())


def line_passages(text: str, kinds: Sequence[int], names: Sequence[str]) -> Iterator[Passage]:
    """The lines of `text` with a kind; those that follow one another, blank lines aside, as one passage.

    With them go the line breaks on the side that has fewer of them, so that paragraphs stay apart.

    Args:
        text: the text.
        kinds: for each line between line feeds 0 when it stays, else the place of its kind among `names`, from 1.
        names: the names of the kinds; those that meet in one passage are joined by `+`.
    """
    lines = text.split("\n")
    kept_end, start, place = 0, 0, 0  # where the last line that stays ends; where this line begins
    while place < len(lines):
        if not kinds[place]:
            if lines[place].strip():
                kept_end = start + len(lines[place])
            start += len(lines[place]) + 1
            place += 1
            continue
        first_start, last_end, met = start, start, dict[str, None]()
        while place < len(lines) and (kinds[place] or not lines[place].strip()):
            if kinds[place]:
                met[names[kinds[place] - 1]] = None
                last_end = start + len(lines[place])
            start += len(lines[place]) + 1
            place += 1
        kind = "+".join(met)
        if place == len(lines):
            yield Passage(kept_end, len(text), kind)
        elif first_start - kept_end >= start - last_end or kept_end == 0:
            yield Passage(first_start if kept_end else 0, start, kind)
        else:
            yield Passage(kept_end, last_end, kind)
