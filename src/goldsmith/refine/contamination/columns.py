"""The columns of the contamination stage: which items, where, how much, and the text without them."""

# Sentences end in several scripts.
# ruff: noqa: RUF001

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from goldsmith.kit.columns import Batch
from goldsmith.refine.contamination.indexes import Search, index_of
from goldsmith.refine.contamination.items import SetFile
from goldsmith.refine.contamination.matches import Limits, Match, find_items
from goldsmith.refine.evidence.spans import joined
from goldsmith.refine.repairing.edits import Change

MAX_PASSAGES = 200
"""Passages of a document that are written, the best first; the names of items are written all the same."""

_LASTING = ("item", "kind", "score", "item_start", "item_end")
"""What is still true of a passage that was taken out."""

_MAX_WIDENED = 200
_END = re.compile(r"[.!?。！？…]['\"”’)\]]*\s|[。！？]|\n")


class Cleaned(NamedTuple):
    """A text without some passages, and what was taken out where."""

    text: str
    changes: tuple[Change, ...]


def contamination_columns(
    batch: Batch, files: tuple[SetFile, ...], search: Search, limits: Limits, *, removes_spans: bool
) -> Mapping[str, Sequence[object]]:
    """The columns of the stage for the rows of `batch`."""
    index = index_of(files, search)
    texts: list[str] = [text or "" for text in batch.column("text").to_pylist()]
    found = find_items(texts, index, limits)
    cleaned = [
        without(text, matches) if matches and removes_spans else Cleaned(text, ())
        for text, matches in zip(texts, found, strict=True)
    ]
    left = list(found)
    changed = [row for row, each in enumerate(cleaned) if each.changes]
    for row, matches in zip(changed, find_items([cleaned[row].text for row in changed], index, limits), strict=True):
        left[row] = matches
    originals = batch.column("text").to_pylist()
    return {
        "text": [each.text if each.changes else was for each, was in zip(cleaned, originals, strict=True)],
        "test_items": [_names(matches) for matches in found],
        "test_items_left": [_names(matches) for matches in left],
        "contamination": [
            _passages(matches[:MAX_PASSAGES], is_there=not each.changes)
            for matches, each in zip(found, cleaned, strict=True)
        ],
        "contamination_overlap": [_best(matches, is_rephrased=False) for matches in found],
        "contamination_likeness": [_best(matches, is_rephrased=True) for matches in found],
        "contaminated_share": [share_of(text, matches) for text, matches in zip(texts, found, strict=True)],
        "contamination_removed": [sum(len(change.at) for change in each.changes) for each in cleaned],
        "contamination_removals": [as_json(each.changes) for each in cleaned],
    }


def without(text: str, matches: Iterable[Match]) -> Cleaned:
    """The text without the passages, each widened to the sentences or lines that it touches."""
    spans = joined([_widened(text, match) for match in matches])
    pieces: list[str] = []
    removed: dict[str, list[int]] = {}
    done = length = 0
    for start, end in spans:
        pieces.append(text[done:start])
        length += start - done
        removed.setdefault(text[start:end], []).append(length)
        done = end
    changes = tuple(Change(kind="test-item", before=what, after="", at=tuple(at)) for what, at in removed.items())
    return Cleaned("".join([*pieces, text[done:]]), changes)


def share_of(text: str, matches: Iterable[Match]) -> float:
    """The share of a text's characters that belong to passages."""
    covered = sum(end - start for start, end in joined([(match.start, match.end) for match in matches]))
    return covered / len(text) if text else 0.0


def _widened(text: str, match: Match) -> tuple[int, int]:
    """A passage up to the ends of its sentences or lines, where these are not far."""
    left = max(0, match.start - _MAX_WIDENED)
    ends = [found.end() for found in _END.finditer(text, left, match.start)]
    start = ends[-1] if ends else 0 if left == 0 else match.start
    right = min(len(text), match.end + _MAX_WIDENED)
    after = _END.search(text, match.end, right)
    end = after.end() if after else len(text) if right == len(text) else match.end
    return start, end


def _best(matches: Iterable[Match], *, is_rephrased: bool) -> float | None:
    return max((match.score for match in matches if (match.kind == "rephrased") == is_rephrased), default=None)


def _passages(matches: Sequence[Match], *, is_there: bool) -> str | None:
    if is_there:
        return as_json(matches)
    return as_json([{name: getattr(match, name) for name in _LASTING} for match in matches])


def _names(matches: Sequence[Match]) -> str | None:
    return as_json(list(dict.fromkeys(match.item for match in matches)))


def as_json(found: Sequence[object]) -> str | None:
    """A list as JSON; nothing for an empty one."""
    return msgspec.json.encode(found).decode() if found else None
