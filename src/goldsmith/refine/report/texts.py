"""Draws texts: what cannot be seen spelled out, and the places that matter marked."""

from collections.abc import Iterator
from typing import NamedTuple
from unicodedata import category

from goldsmith.kit.markup import Content, Element, e
from goldsmith.refine.reports import Passage, ShownChange, ShownDocument

MAX_DRAWN = 16
"""Rules of one document whose places can be shown: each has a class of its own in the style sheet."""


class _Cut(NamedTuple):
    """A place where something begins (1) or ends (0), and the rule or change that it belongs to."""

    at: int
    begins: int
    place: int


def passages(document: ShownDocument) -> Element:
    """What is shown of a text, with the places that show each rule, and with its changes."""
    parts: list[Content] = []
    end = 0
    for passage in document.passages:
        if passage.start > end:
            parts.append(_left_out(passage.start - end))
        parts.append(e("span", list(_marked(document, passage)), class_="passage"))
        end = passage.start + len(passage.text)
    if end < document.n_characters:
        parts.append(_left_out(document.n_characters - end))
    shown = parts or e("span", "The text is empty.", class_="muted")
    return e("div", shown, class_="text", tabindex="0", role="group", aria_label="Text of the document")


def spelled(text: str) -> list[Content]:
    """`text` with what cannot be seen spelled out."""
    if text.replace("\n", "").replace("\t", "").isprintable():
        return [text]
    parts: list[Content] = []
    plain: list[str] = []
    for character in text:
        if character not in "\n\t" and category(character) in ("Cf", "Cc", "Zl", "Zp", "Co", "Cn", "Cs"):
            parts += ("".join(plain), e("span", f"U+{ord(character):04X}", class_="invisible"))
            plain.clear()
        else:
            plain.append(character)
    return [part for part in (*parts, "".join(plain)) if part]


def _left_out(n: int) -> Element:
    return e("span", f"… {n:,} characters …", class_="gap")


def _marked(document: ShownDocument, passage: Passage) -> Iterator[Content]:
    text, last = passage.text, passage.start + len(passage.text)
    open_rules: dict[int, int] = {}
    open_changes = 0
    place = passage.start
    for cut in _cuts(document, passage.start, last):
        if cut.at > place:
            yield _piece(text[place - passage.start : cut.at - passage.start], open_rules, open_changes)
            place = cut.at
        if cut.place >= 0:
            open_rules[cut.place] = open_rules.get(cut.place, 0) + (1 if cut.begins else -1)
            continue
        open_changes += 1 if cut.begins else -1
        if cut.begins and (gone := _gone(document.changes[-1 - cut.place])) is not None:
            yield gone
    yield _piece(text[place - passage.start :], open_rules, open_changes)


def _cuts(document: ShownDocument, first: int, last: int) -> list[_Cut]:
    """Where in a passage the places of rules (their number) and changes (-1 - their number) begin and end."""
    spans: list[tuple[int, int, int]] = [
        (start, end, number)
        for number, rule in enumerate(document.rules[:MAX_DRAWN])
        for start, end in rule.spans
        if start < last and end > first
    ]
    spans += [
        (change.start, change.end or change.start, -1 - number)
        for number, change in enumerate(document.changes)
        if change.start is not None and first <= change.start <= last
    ]
    begins = [_Cut(max(start, first), 1, place) for start, _, place in spans]
    ends = [_Cut(min(end, last), 0, place) for _, end, place in spans]
    return sorted([*begins, *ends], key=lambda cut: (cut.at, cut.begins))


def _piece(text: str, open_rules: dict[int, int], open_changes: int) -> Content:
    shown: Content = spelled(text)
    if open_changes > 0 and text:
        shown = e("ins", shown)
    classes = " ".join(f"r{place}" for place, n in sorted(open_rules.items()) if n > 0)
    return e("mark", shown, class_=classes) if classes and text else shown


def _gone(change: ShownChange) -> Element | None:
    return e("del", spelled(change.before), title=change.kind) if change.before else None
