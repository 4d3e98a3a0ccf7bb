"""Finds lines of spam: salads of keywords, lists of links, and addresses that a text advertises again and again."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from goldsmith.kit.arrow import bytes_at, text_at, utf8
from goldsmith.kit.columns import Batch
from goldsmith.kit.jit import compiled, in_place
from goldsmith.refine.structure.kinds import SPAM, Spam
from goldsmith.refine.structure.line_scans import (
    FIRST_KIND,
    IS_ENDED,
    N_COVERED,
    N_DIFFERENT,
    N_PHRASES,
    N_SIZE,
    N_WORDS,
    Limits,
    scan_lines,
)
from goldsmith.refine.structure.phrase_books import book_of
from goldsmith.refine.structure.shortening import WithoutLines, texts_with, without_lines
from goldsmith.refine.structure.words import I64

_WORDY = ("adult", "gambling", "sales")
_CONTACTS, _LINKS = SPAM.index("contacts") + 1, SPAM.index("links") + 1

_LIMITS = Limits(4000, 4000)
_EDGE_LINES = 5
_EDGE_DIFFERENT, _EDGE_SHARE = 3, 0.5
_INNER_DIFFERENT, _INNER_SHARE = 5, 0.6
_MANY_DIFFERENT, _MANY_SHARE = 8, 0.35
"""How many different phrases a salad has, and which share of its words: at the head and foot of a text, inside of it,
and anywhere when they are many."""

_MIN_REPEATS = 3
_MAX_ADVERT = 60
"""Characters of a line that is no more than an advertised address."""

_MIN_HOSTS, _LINK_SHARE, _MIN_LINKS = 5, 0.6, 8

_CONTACT = re.compile(
    r"(?:\u5fae\u4fe1|\u8587\u4fe1|\u5a01\u4fe1|\u5fae\u4fe1\u53f7|\u5fae\u4fe1\u865f|[vV][xX]|[wW]e[cC]hat|[qQ]{2}|\u6263\u6263|\u7535\u8bdd|\u96fb\u8a71|\u624b\u673a|\u70ed\u7ebf|\u71b1\u7dda"
    r"|\u54a8\u8be2|\u8aee\u8a62|\u5ba2\u670d|\u8054\u7cfb\u65b9\u5f0f|\u52a0[vV\u5fae\u8587]|[tT]elegram|\u98de\u673a|WhatsApp|[lL][iI][nN][eE])"
    r"[^\w\n]{0,6}(?:\u53f7|\u865f|\u540c\u53f7|ID|id)?[^\w\n]{0,4}((?=[A-Za-z_-]*[0-9][A-Za-z_-]*[0-9])[A-Za-z0-9][A-Za-z0-9_-]{4,19})"
)
_ADVERTISES = re.compile(r"[\u4e00-\u9fff]")
_LINK = re.compile(r"(?:https?://|www\.)([a-z0-9.-]+)[^\s<>\"')\]]*", re.IGNORECASE)


def spam_lines(batch: Batch, kinds: Sequence[Spam], *, take: bool) -> WithoutLines:
    """The texts of a batch without their lines of these kinds of spam."""
    texts = utf8(batch, "text")
    wanted = [0, *(number if kind in kinds else 0 for number, kind in enumerate(SPAM, 1))]
    scan = scan_lines(utf8(batch, "text", is_lower=True), book_of(*_WORDY), _LIMITS)
    salads = _salads(scan.lines, scan.bounds)
    is_single = scan.lines[:, N_SIZE] < 2 * scan.lines[:, N_WORDS]  # there are words of a single letter
    with_contacts = frozenset(texts_with(is_single.astype(np.int64), scan.bounds))
    with_links = frozenset(place for place in range(batch.num_rows) if _has_links(bytes_at(texts, place)))
    found: dict[int, list[int]] = {}
    for place in sorted({*texts_with(salads, scan.bounds), *with_contacts, *with_links}):
        marked: list[int] = salads[scan.bounds[place] : scan.bounds[place + 1]].tolist()
        parts = text_at(texts, place).split("\n")
        if place in with_contacts:
            _mark_contacts(parts, marked)
        if place in with_links:
            _mark_links(parts, marked)
        if any(marked):
            found[place] = [wanted[kind] for kind in marked]
    return without_lines(batch, {place: marked for place, marked in found.items() if any(marked)}, SPAM, take=take)


def _has_links(text: bytes) -> bool:
    """Whether a text, as UTF-8, has as many links as a list of them needs."""
    return text.count(b"://") + text.count(b"www.") >= _MIN_LINKS


@compiled
def _salads(lines: I64, bounds: I64) -> I64:
    """The kind of each line that is a salad of keywords, as its place among the kinds, from 1; else 0."""
    kinds = np.zeros(len(lines), np.int64)
    for text in range(len(bounds) - 1):
        n_filled = place = 0
        for line in range(bounds[text], bounds[text + 1]):
            n_filled += lines[line, N_WORDS] > 0
        for line in range(bounds[text], bounds[text + 1]):
            row = lines[line]
            if row[N_WORDS] > 0:
                is_edge = place < _EDGE_LINES or place >= n_filled - _EDGE_LINES
                if row[N_DIFFERENT] >= _EDGE_DIFFERENT and _is_salad(row, is_edge):
                    kinds[line] = row[FIRST_KIND]
                place += 1
    return kinds


@in_place
def _is_salad(row: I64, is_edge: bool) -> bool:  # noqa: FBT001 - compiled code has no keywords
    share, different = row[N_COVERED] / row[N_SIZE], row[N_DIFFERENT]
    if different >= _MANY_DIFFERENT and share >= _MANY_SHARE:
        return True
    if different >= _INNER_DIFFERENT and share >= _INNER_SHARE:
        return True
    return is_edge and share >= _EDGE_SHARE and (not row[IS_ENDED] or row[N_PHRASES] >= _INNER_DIFFERENT)


def _mark_contacts(lines: Sequence[str], kinds: list[int]) -> None:
    """Mark short lines with an account or a number that the text advertises at least three times."""
    adverts = [(place, line) for place, line in enumerate(lines) if _ADVERTISES.search(line)]
    named = [(place, found[1].lower()) for place, line in adverts for found in _CONTACT.finditer(line)]
    often = {name for name, n in Counter(name for _, name in named).items() if n >= _MIN_REPEATS}
    for place, name in named:
        if name in often and len(lines[place].strip()) <= _MAX_ADVERT and kinds[place] == 0:
            kinds[place] = _CONTACTS


def _mark_links(lines: Sequence[str], kinds: list[int]) -> None:
    """Mark rows of lines that are little but links to many hosts, at the end of the text or in one line."""
    row: list[int] = []
    hosts: set[str] = set()
    for place, line in enumerate([*lines, "."]):
        found = list(_LINK.finditer(line)) if "://" in line or "www." in line else []
        size = sum(each.end() - each.start() for each in found)
        if found and size >= _LINK_SHARE * len(line.strip()):
            row.append(place)
            hosts |= {each[1].lower() for each in found}
        elif line.strip():
            n_links = sum(len(_LINK.findall(lines[each])) for each in row)
            if len(hosts) >= _MIN_HOSTS and n_links >= _MIN_LINKS:
                for each in row:
                    kinds[each] = kinds[each] or _LINKS
            row, hosts = [], set()
