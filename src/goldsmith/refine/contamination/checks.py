"""Measures the stage on itself: items hidden in several forms, and documents that certainly hold none."""

# Clauses end in several scripts.
# ruff: noqa: RUF001

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from goldsmith.refine.contamination.indexes import Index, Search, index_of
from goldsmith.refine.contamination.items import CLEAN_FIELDS, SetFile, SetItem, read_items
from goldsmith.refine.contamination.matches import Limits, Match, find_items
from goldsmith.refine.model import Probes, SelfCheck

Hide = Callable[[Sequence[SetItem], int], str]
"""Makes a text of one of some items."""

N_PROBES = 200
"""Items that are hidden in each form; from more, those are taken that are spread evenly over all."""

_AT_ONCE = 64
_EVERY = 10
_MARKS = re.compile(r"[^\w\s]+")
_CLAUSES = re.compile(r"(?<=[.,;:!?。，；：！？])\s*")


def check(files: tuple[SetFile, ...], clean: tuple[SetFile, ...], search: Search, limits: Limits) -> SelfCheck:
    """How many hidden items are found in each form, and in how many clean documents one is found.

    Raises:
        InputError: a file changed, or cannot be read.
    """
    items, index = read_items(files, search.fields), index_of(files, search)
    known = np.flatnonzero(index.is_searched)
    chosen = known[np.linspace(0, len(known) - 1, min(N_PROBES, len(known))).round().astype(np.int64)].tolist()
    probes = tuple(
        Probes(
            form=form,
            n=len(chosen),
            n_found=_n_found(index, limits, _hidden(items, chosen, hide)),
        )
        for form, hide in FORMS.items()
    )
    documents = [each.question for each in read_items(clean, CLEAN_FIELDS)]
    return SelfCheck(
        n_files=len(files),
        n_names=len(items),
        n_findable=len(known),
        probes=probes,
        n_clean=len(documents),
        n_false=sum(bool(matches) for matches in _found(index, documents, limits)),
    )


def _hidden(items: Sequence[SetItem], chosen: Sequence[int], hide: Hide) -> Sequence[tuple[SetItem, str]]:
    return [(items[each], hide(items, each)) for each in chosen]


def _n_found(index: Index, limits: Limits, probes: Sequence[tuple[SetItem, str]]) -> int:
    found = _found(index, [text for _, text in probes], limits)
    return sum(
        any(match.item == item.name for match in matches) for (item, _), matches in zip(probes, found, strict=True)
    )


def _found(index: Index, texts: Sequence[str], limits: Limits) -> Iterator[list[Match]]:
    for start in range(0, len(texts), _AT_ONCE):
        yield from find_items(texts[start : start + _AT_ONCE], index, limits)


def _as_it_is(items: Sequence[SetItem], place: int) -> str:
    return f"{items[place].question}\n{items[place].rest}"


def _without_marks(items: Sequence[SetItem], place: int) -> str:
    return _MARKS.sub(" ", items[place].question).upper().replace(" ", "\n")


def _first_half(items: Sequence[SetItem], place: int) -> str:
    question = items[place].question
    return question[: (len(question) + 1) // 2]


def _changed_words(items: Sequence[SetItem], place: int) -> str:
    """The question with every tenth word, or character where there are no spaces, from the question before it."""
    mine, others = _pieces(items[place].question), _pieces(items[place - 1].question) or ["-"]
    return _together(
        [others[at % len(others)] if at % _EVERY == _EVERY // 2 else piece for at, piece in enumerate(mine)],
        items[place].question,
    )


def _turned_round(items: Sequence[SetItem], place: int) -> str:
    """The clauses of the question in the opposite order, without every fifth word."""
    clauses = [clause for clause in _CLAUSES.split(items[place].question) if clause]
    pieces = [piece for clause in reversed(clauses) for piece in _pieces(clause)]
    return _together([piece for at, piece in enumerate(pieces) if at % 5 != 2], items[place].question)


def _pieces(text: str) -> list[str]:
    words = text.split()
    return words if len(words) > len(text) / 20 else list(text)


def _together(pieces: Sequence[str], text: str) -> str:
    return (" " if len(text.split()) > len(text) / 20 else "").join(pieces)


FORMS: Mapping[str, Hide] = {
    "word for word": _as_it_is,
    "in capitals, without punctuation": _without_marks,
    "with one word in ten changed": _changed_words,
    "the first half of the question": _first_half,
    "clauses turned round, one word in five left out": _turned_round,
}
"""The forms in which items are hidden."""
