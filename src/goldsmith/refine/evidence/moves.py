"""Moves spans along when a later stage changes the text that they are about, so that they still say what stands where.

What a stage did to a text is found by comparing the text before and after it, so that a stage has nothing to tell: line
by line, then word by word between lines that stayed. Only documents with spans whose text changed are compared.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

import msgspec

from goldsmith.kit.arrow import Packed, names_of
from goldsmith.kit.columns import Batch
from goldsmith.refine.evidence.places import Record, places_of, records_of
from goldsmith.refine.model import DocumentStage, Stage

_CUTS = (re.compile("[^\n]*\n|[^\n]+"), re.compile(r"\s*\S+|\s+"))
"""How texts are cut into pieces to be compared: into lines, then what lies between lines that stayed into words."""


class Block(NamedTuple):
    """What stayed: `length` characters stood at `before`, and stand at `after`."""

    before: int
    after: int
    length: int


@dataclass(frozen=True, slots=True)
class Moving:
    """Gives the columns that a stage computes, with those of earlier stages that hold spans moved along.

    Attributes:
        spans: the columns with spans of all stages of a recipe.
    """

    spans: tuple[str, ...]

    @classmethod
    def among(cls, stages: Sequence[Stage]) -> "Moving":
        """What moves the spans of these stages."""
        return cls(tuple(sorted({name for stage in stages for name in stage.spans})))

    def __call__(self, stage: DocumentStage, batch: Batch) -> Mapping[str, Sequence[object]]:
        """The new columns of `batch`."""
        columns = stage.annotate(batch)
        return columns if "text" not in columns else {**self.moved(batch, columns), **columns}

    def moved(self, batch: Batch, columns: Mapping[str, Sequence[object]]) -> Mapping[str, Sequence[object]]:
        """The columns with spans in `batch`, as they are once `columns` with its texts were added."""
        known = set(names_of(batch)) - set(columns)
        held = {name: batch.column(name).to_pylist() for name in self.spans if name in known}
        if not any(value is not None for values in held.values() for value in values):
            return {}
        moving: set[str] = set()
        for row, before, after in _changed(batch, columns["text"]):
            mine = [name for name, values in held.items() if any(map(places_of, records_of(values[row])))]
            blocks = blocks_of(before, after) if mine else []
            for name in mine:
                held[name][row] = moved(held[name][row], blocks, after)
            moving.update(mine)
        return {name: held[name] for name in sorted(moving)}


def _changed(batch: Batch, texts: Sequence[object]) -> Iterator[tuple[int, str, str]]:
    """The rows whose text is another one now, with the text before and after."""
    rows = texts.changed if isinstance(texts, Packed) and texts.changed is not None else range(len(texts))
    pairs = [*zip(batch.column("text").to_pylist(), texts, strict=True)] if rows else []
    for row in rows:
        before, after = pairs[row]
        if before != after and isinstance(before, str) and isinstance(after, str):
            yield row, before, after


def blocks_of(before: str, after: str) -> list[Block]:
    """What of a text stayed, in order."""
    return [block for block in _blocks(before, after, Block(0, 0, 0), list(_CUTS)) if block.length]


def moved(spans: str, blocks: Sequence[Block], after: str) -> str:
    """A JSON list of spans with their new places; what does not stand there any more loses its place, and stays listed.

    Args:
        spans: the list.
        blocks: what of the text stayed.
        after: the new text.
    """
    records = records_of(spans)
    for record in records:
        if "at" in record:
            _move_places(record, blocks, after)
        elif "start" in record:
            place = _moved_span(record["start"], record["end"], blocks)
            if place is None:
                del record["start"], record["end"]
            else:
                record["start"], record["end"] = place
    return msgspec.json.encode(records).decode()


def _move_places(record: Record, blocks: Sequence[Block], after: str) -> None:
    shown: str = record.get("after", "")
    given = record["at"]
    places: list[int] = [given] if isinstance(given, int) else given or []
    found = [_moved_span(at, at + len(shown), blocks) for at in places]
    stayed = [place[0] for place in found if place is not None and after[slice(*place)] == shown]
    record["at"] = stayed if not isinstance(given, int) else (stayed[0] if stayed else None)


def _moved_span(start: int, end: int, blocks: Sequence[Block]) -> tuple[int, int] | None:
    """Where both ends of a span stand now; None when one of them is gone."""
    first, last = _block_at(start, blocks), _block_at(max(start, end - 1), blocks)
    if first is None or last is None:
        if start == end and (block := _block_at(start - 1, blocks)):  # what was left out at the end of what stayed
            return start - block.before + block.after, start - block.before + block.after
        return None
    return start - first.before + first.after, end - last.before + last.after


def _block_at(place: int, blocks: Sequence[Block]) -> Block | None:
    at = bisect_right(blocks, place, key=lambda block: block.before) - 1
    return blocks[at] if at >= 0 and place < blocks[at].before + blocks[at].length else None


def _blocks(before: str, after: str, start: Block, cuts: list[re.Pattern[str]]) -> Iterator[Block]:
    """What stayed of a passage that began and begins at `start`: both its ends, then the same pieces in between."""
    head = _n_common(before, after)
    tail = _n_common(before[: head - 1 : -1] if head else before[::-1], after[: head - 1 : -1] if head else after[::-1])
    yield Block(start.before, start.after, head)
    olds, news = (text[head : len(text) - tail] for text in (before, after))
    if olds and news and cuts:
        yield from _piece_blocks(olds, news, Block(start.before + head, start.after + head, 0), cuts)
    yield Block(start.before + len(before) - tail, start.after + len(after) - tail, tail)


def _piece_blocks(before: str, after: str, start: Block, cuts: list[re.Pattern[str]]) -> Iterator[Block]:
    cut, *finer = cuts
    olds, news = cut.findall(before), cut.findall(after)
    # pieces that make up more than 1% of a long text start no match, which keeps the time short; they join matches
    matcher = SequenceMatcher(None, olds, news, autojunk=True)
    old, new = start.before, start.after
    done = (0, 0)
    for match in matcher.get_matching_blocks():
        gone, come = "".join(olds[done[0] : match.a]), "".join(news[done[1] : match.b])
        if gone and come:
            yield from _blocks(gone, come, Block(old, new, 0), finer)
        length = sum(map(len, olds[match.a : match.a + match.size]))
        yield Block(old + len(gone), new + len(come), length)
        old, new = old + len(gone) + length, new + len(come) + length
        done = match.a + match.size, match.b + match.size


def _n_common(one: str, other: str) -> int:
    """How many characters are the same at the beginning of two texts."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
