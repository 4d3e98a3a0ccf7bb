"""Keeps account of every change of a text, so that each can be shown and taken back."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

MAX_EXAMPLES = 2
"""Examples kept of each kind of repair and document."""

_CONTEXT = 24
_WIDTH = 6 * _CONTEXT


class Edit(NamedTuple):
    """What stands at `[start, end)` of a text, in characters, becomes `new`."""

    start: int
    end: int
    new: str


class Span(NamedTuple):
    """What stood at `[start, end)` of the first text stands at `[at, until)` of the last one, in characters."""

    kind: str
    start: int
    end: int
    at: int
    until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One repair with a little of what stands around it."""

    kind: str
    before: str
    after: str


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """The same change at one or many places of a text.

    Attributes:
        kind: what was mended; kinds that meet at one place are joined by `+`.
        before: what stood there.
        after: what stands there now.
        at: where `after` begins in the mended text, in characters, ascending.
    """

    kind: str
    before: str
    after: str
    at: tuple[int, ...]


@dataclass(slots=True, kw_only=True)
class Repaired:
    """A text after its repairs: how many spans of each kind were changed, where, and a few examples."""

    original: str
    text: str
    counts: dict[str, int] = field(default_factory=dict[str, int])
    examples: list[Example] = field(default_factory=list[Example])
    spans: list[Span] = field(default_factory=list[Span])

    def apply(self, kind: str, edits: Sequence[Edit], *, has_examples: bool = True) -> None:
        """Change the text at `edits`, which are sorted and do not overlap, and take account of it."""
        if not edits:
            return
        text = self.text
        self.counts[kind] = self.counts.get(kind, 0) + len(edits)
        if has_examples:
            n_kept = sum(example.kind == kind for example in self.examples)
            self.examples.extend(_example(kind, text, edit) for edit in edits[: MAX_EXAMPLES - n_kept])
        pieces: list[str] = []
        done = 0
        for edit in edits:
            pieces += (text[done : edit.start], edit.new)
            done = edit.end
        self.text = "".join([*pieces, text[done:]])
        self.spans = _merged(self.spans, kind, edits)

    def changes(self) -> list[Change]:
        """Every change, equal ones together; `undo` turns them back into the original."""
        places: dict[tuple[str, str, str], list[int]] = {}
        for span in self.spans:
            before, after = self.original[span.start : span.end], self.text[span.at : span.until]
            if before != after:  # a later repair can take back what an earlier one did
                places.setdefault((span.kind, before, after), []).append(span.at)
        return [
            Change(kind=kind, before=before, after=after, at=tuple(at)) for (kind, before, after), at in places.items()
        ]


def undo(text: str, changes: Iterable[Change]) -> str:
    """The text as it was before `changes`."""
    edits = [Edit(at, at + len(change.after), change.before) for change in changes for at in change.at]
    pieces: list[str] = []
    done = 0
    for edit in sorted(edits):
        pieces += (text[done : edit.start], edit.new)
        done = edit.end
    return "".join([*pieces, text[done:]])


def edits_by_line(text: str, mend: Callable[[str], str]) -> list[Edit]:
    """What `mend` changes in the lines of `text` that are not ASCII; each edit covers what differs in one line."""
    edits: list[Edit] = []
    start = 0
    for line in text.split("\n"):
        if not line.isascii() and (new := mend(line)) != line:
            edits.append(narrowed(Edit(start, start + len(line), new), line))
        start += len(line) + 1
    return edits


def narrowed(edit: Edit, old: str) -> Edit:
    """`edit` of `old` without what is the same at both ends."""
    new = edit.new
    limit = min(len(old), len(new))
    head = next((place for place in range(limit) if old[place] != new[place]), limit)
    tail = next((place for place in range(limit - head) if old[-1 - place] != new[-1 - place]), limit - head)
    return Edit(edit.start + head, edit.end - tail, new[head : len(new) - tail])


def mapped(text: str, characters: Mapping[int, str], start: int) -> list[Edit]:
    """An edit for each run of letters in `text`, which begins at `start`, that `characters` replaces."""
    edits: list[Edit] = []
    for place, letter in enumerate(text, start):
        new = characters.get(ord(letter))
        if new is None:
            continue
        if edits and edits[-1].end == place:
            edits[-1] = Edit(edits[-1].start, place + 1, edits[-1].new + new)
        else:
            edits.append(Edit(place, place + 1, new))
    return edits


class _Part(NamedTuple):
    """A span or an edit in the present text, and by how much it made the text longer: before it, and now."""

    at: int
    until: int
    before: int
    now: int
    kind: str


def _merged(spans: Iterable[Span], kind: str, edits: Iterable[Edit]) -> list[Span]:
    """The spans between the first text and the new one, when `edits` change the text that `spans` led to."""
    was = (_Part(s.at, s.until, (s.until - s.at) - (s.end - s.start), 0, s.kind) for s in spans)
    is_now = (_Part(e.start, e.end, 0, len(e.new) - (e.end - e.start), kind) for e in edits)
    merged: list[Span] = []
    grown = shift = 0  # by how much all parts so far made the first text, and the present one, longer
    for group in _touching(sorted([*was, *is_now])):
        at, until = group[0].at, max(part.until for part in group)
        start, place = at - grown, at + shift
        grown += sum(part.before for part in group)
        shift += sum(part.now for part in group)
        kinds = dict.fromkeys(each for part in group for each in part.kind.split("+"))
        merged.append(Span("+".join(kinds), start, until - grown, place, until + shift))
    return merged


def _touching(parts: Iterable[_Part]) -> Iterator[list[_Part]]:
    """The parts that overlap or touch, together: between two groups at least one character stays."""
    group: list[_Part] = []
    until = 0
    for part in parts:
        if group and part.at > until:
            yield group
            group = []
        until = max(until, part.until) if group else part.until
        group.append(part)
    if group:
        yield group


def _example(kind: str, text: str, edit: Edit) -> Example:
    left = text[max(0, edit.start - _CONTEXT) : edit.start].rpartition("\n")[2]
    right = text[edit.end : edit.end + _CONTEXT].partition("\n")[0]
    before = (left + text[edit.start : edit.end] + right)[:_WIDTH]
    return Example(kind=kind, before=before, after=(left + edit.new + right)[:_WIDTH])
