"""Decides which lines of a text are boilerplate: by their phrases, by their company, and by where they stand."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from goldsmith.kit.arrow import Utf8, utf8
from goldsmith.kit.columns import Batch
from goldsmith.kit.jit import compiled, in_place
from goldsmith.refine.structure.kinds import BOILERPLATE, Boilerplate
from goldsmith.refine.structure.line_scans import (
    IS_ENDED,
    N_COVERED,
    N_DIFFERENT,
    N_SEPARATORS,
    N_SIZE,
    N_WORDS,
    SURE_KIND,
    WEAK_KIND,
    scan_lines,
)
from goldsmith.refine.structure.phrase_books import book_of
from goldsmith.refine.structure.shortening import WithoutLines, texts_with, without_lines
from goldsmith.refine.structure.words import I64

_NUMBERS = {kind: number for number, kind in enumerate(BOILERPLATE, 1)}
_COPYRIGHT, _LABELS, _NAVIGATION = _NUMBERS["copyright"], _NUMBERS["labels"], _NUMBERS["navigation"]
_TRAILING = np.array([False, *(kind in ("comments", "related", "advertising") for kind in BOILERPLATE)])
"""The kinds of which a single line counts as such when it ends a text."""

_FOOT_LINES, _FOOT_SHARE = 8, 0.15
_HEAD_LINES = 5
_MENU_SHARE = 0.6
_LISTED = 4
_SHORT = 10
"""The size of a line that can be the entry of a menu: five words."""

_LONG = 30
"""The size of a line that belongs to the text, unless a phrase says otherwise: fifteen words."""

_EDGE_RUN, _INNER_RUN = 3, 4
_MIXED_RUN, _MIXED_SHARE = 5, 0.5
_OTHER, _BLANK, _BRIEF, _WEAK, _SURE = range(5)


class Zones(NamedTuple):
    """How many of a text's lines are its head, and from which on they are its foot; blank lines do not count."""

    head: int
    foot: int


class Filled(NamedTuple):
    """The lines of a text with words: what each is by itself, and its place among all lines."""

    states: I64
    places: I64


def boilerplate_lines(batch: Batch, kinds: Sequence[Boilerplate]) -> WithoutLines:
    """The texts of a batch without their lines of these kinds."""
    wanted = np.array([0, *(number if kind in kinds else 0 for number, kind in enumerate(BOILERPLATE, 1))])
    scan = scan_lines(utf8(batch, "text", is_lower=True), book_of(*BOILERPLATE, "fillers"))
    found = wanted[_kinds_of(scan.lines, scan.bounds)]
    known = {text: found[scan.bounds[text] : scan.bounds[text + 1]].tolist() for text in texts_with(found, scan.bounds)}
    return without_lines(batch, known, BOILERPLATE)


def boilerplate_kinds(texts: Utf8) -> list[I64]:
    """For each text the kind of each of its lines: 0 for one that stays, else its place among the kinds, from 1.

    Args:
        texts: texts in lower case.
    """
    scan = scan_lines(texts, book_of(*BOILERPLATE, "fillers"))
    kinds = _kinds_of(scan.lines, scan.bounds)
    return [kinds[start:stop] for start, stop in pairwise(scan.bounds.tolist())]


def surely_text(lines: Utf8) -> list[bool]:
    """Which lines cannot be boilerplate, whatever stands around them; most lines of prose.

    Args:
        lines: texts of one line in lower case.
    """
    rows = scan_lines(lines, book_of(*BOILERPLATE, "fillers")).lines
    is_known = (rows[:, SURE_KIND] > 0) | (rows[:, WEAK_KIND] > 0) | (rows[:, N_DIFFERENT] >= _LISTED - 1)
    is_brief = (rows[:, N_WORDS] > 0) & (rows[:, N_SIZE] <= _SHORT) & (rows[:, IS_ENDED] == 0)
    return (~is_known & ~is_brief).tolist()


@compiled
def _kinds_of(lines: I64, bounds: I64) -> I64:
    kinds = np.zeros(len(lines), np.int64)
    for text in range(len(bounds) - 1):
        first, last = bounds[text], bounds[text + 1]
        zones = _zones_of(lines[first:last])
        states, places = np.empty(last - first, np.int64), np.empty(last - first, np.int64)
        n_states = 0
        for line in range(first, last):
            if lines[line, N_WORDS] > 0:
                states[n_states] = _state_of(lines[line], n_states, zones, kinds[line : line + 1])
                places[n_states] = line
                n_states += 1
        filled = Filled(states[:n_states], places[:n_states])
        _take_runs(filled, lines, kinds)
        _take_menus(filled, lines, kinds)
        _take_last(filled, lines, kinds)
    return kinds


@compiled
def _zones_of(lines: I64) -> Zones:
    """The head and the foot of a text: a foot has only brief lines and boilerplate after it begins."""
    n_filled = tail = 0
    for line in range(len(lines)):
        if lines[line, N_WORDS] > 0:
            n_filled += 1
            if lines[line, N_SIZE] > _LONG and lines[line, SURE_KIND] == 0:
                tail = n_filled
    return Zones(_HEAD_LINES, max(tail, n_filled - max(_FOOT_LINES, int(n_filled * _FOOT_SHARE))))


@in_place
def _state_of(row: I64, place: int, zones: Zones, kind: I64) -> int:
    """What a line is by itself; a sure one is written into `kind`."""
    sure, weak = row[SURE_KIND], row[WEAK_KIND]
    is_foot = place >= zones.foot
    if (sure == _COPYRIGHT and not is_foot) or (sure == _LABELS and not is_foot and place >= zones.head):
        sure = 0
    is_parted = row[N_SEPARATORS] >= 2
    if sure == 0 and row[N_DIFFERENT] >= _LISTED - is_parted:
        if weak > 0:
            sure = weak
        elif is_parted and row[N_COVERED] >= _MENU_SHARE * row[N_SIZE]:
            sure = _NAVIGATION
    if sure > 0:
        kind[0] = sure
        return _SURE
    if weak > 0:
        return _WEAK
    return _BRIEF if row[N_SIZE] <= _SHORT and not row[IS_ENDED] else _OTHER


@in_place
def _take_runs(filled: Filled, lines: I64, kinds: I64) -> None:
    """Take the lines that are boilerplate in the company of others."""
    states = filled.states
    n_states, first = len(states), 0
    while first < n_states:
        stop, n_sure = first, 0
        while stop < n_states and states[stop] >= _WEAK:
            n_sure += states[stop] == _SURE
            stop += 1
        is_edge = first == 0 or stop == n_states
        if stop - first >= (_EDGE_RUN if is_edge else _INNER_RUN) or (n_sure > 0 and stop - first >= 2):
            _take(filled, first, stop, (lines, kinds))
        first = max(stop, first + 1)


@in_place
def _take_menus(filled: Filled, lines: I64, kinds: I64) -> None:
    """Take long runs of brief lines when most of them are known, from the first known one to the last."""
    states = filled.states
    n_states, first = len(states), 0
    while first < n_states:
        stop, begin, end, n_known = first, -1, -1, 0
        while stop < n_states and states[stop] >= _BRIEF:
            if states[stop] >= _WEAK:
                begin = stop if begin < 0 else begin
                end = stop + 1
                n_known += 1
            stop += 1
        if n_known >= _MIXED_RUN and n_known >= _MIXED_SHARE * (end - begin):
            _take(filled, begin, end, (lines, kinds))
        first = max(stop, first + 1)


@in_place
def _take_last(filled: Filled, lines: I64, kinds: I64) -> None:
    """Take single lines such as "Comments" when nothing but boilerplate follows."""
    last = len(filled.states) - 1
    while last >= 0:
        line = filled.places[last]
        if kinds[line] == 0:
            if filled.states[last] != _WEAK or not _TRAILING[lines[line, WEAK_KIND]]:
                break
            kinds[line] = lines[line, WEAK_KIND]
        last -= 1


@in_place
def _take(filled: Filled, first: int, stop: int, into: tuple[I64, I64]) -> None:
    lines, kinds = into
    for place in range(first, stop):
        line = filled.places[place]
        if kinds[line] == 0:
            kinds[line] = lines[line, WEAK_KIND] if filled.states[place] == _WEAK else _NAVIGATION
