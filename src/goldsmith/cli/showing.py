"""What `goldsmith refine show` does: documents of a finished run in the terminal, with their evidence marked."""

import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import msgspec

from goldsmith.cli.messages import counted, one_line, printable, say, say_json
from goldsmith.refine.evidence.finding import Found, Wanted, find_documents
from goldsmith.refine.evidence.spans import joined
from goldsmith.refine.reports import Passage, ShownChange, ShownDocument, ShownRule
from goldsmith.refine.rules import as_words

_WIDTH = 200
_BEGIN, _END = "\x1b[30;43m", "\x1b[0m"
_PLAIN = ("\u00bb", "\u00ab")


class ShownPage(msgspec.Struct, frozen=True, kw_only=True):
    """Documents of a run, how many there are in all where that is known, and how many were skipped."""

    n: int | None
    skipped: int
    rows: list[ShownDocument]


def show_chosen(
    out: Path, stage: str | None, rule: str | None, name: str | None, *, limit: int, skip: int, as_json: bool
) -> None:
    """Print documents of a finished run, `limit` of them after the first `skip`.

    Args:
        out: the folder of the run.
        stage: the stage that stopped them.
        rule: the rule that stopped them.
        name: their id.
        limit: the most to print.
        skip: how many to pass over.
        as_json: whether they are printed as JSON.
    """
    found = find_documents(out, Wanted(stage=stage, rule=rule, id=name))
    page = islice(found.documents, skip, skip + limit)
    if as_json:
        say_json(ShownPage(n=found.n, skipped=skip, rows=list(page)))
        return
    marks = (_BEGIN, _END) if sys.stdout.isatty() else _PLAIN
    n_shown = 0
    for document in page:
        n_shown += 1
        for line in _lines(document, marks):
            say(line)
        say()
    say(_ending(found, n_shown, skip))


def _ending(found: Found, n_shown: int, skip: int) -> str:
    if not n_shown:
        return "No more documents." if skip else "No documents."
    last = skip + n_shown
    total = "" if found.n is None else f" of {found.n:,}"
    is_all = last == found.n or next(found.documents, None) is None
    here = counted(n_shown, "document") if is_all and not skip else f"Documents {skip + 1:,} to {last:,}{total}"
    return f"{here}." if is_all else f"{here}; go on with --skip {last}."


def _lines(document: ShownDocument, marks: tuple[str, str]) -> Iterator[str]:
    facts = [document.fate, f"source {one_line(document.source, 60)}"]
    facts += [document.language] if document.language else []
    yield f"{one_line(document.id)}  ({', '.join(facts)}, {document.n_characters:,} characters)"
    for rule in document.rules:
        yield f"  {_said(rule)}"
    shown = document.rules[0].spans if document.rules else ()
    places = [(one.start, one.end) for one in document.changes if one.start is not None and one.end is not None]
    for passage in document.passages:
        if passage.start:
            yield f"    … from character {passage.start:,}"
        for line in _marked(passage, joined(shown or places), marks).splitlines():
            yield f"    {line}"
    if document.passages and document.passages[-1].start + len(document.passages[-1].text) < document.n_characters:
        yield "    …"
    for change in document.changes:
        if change.before:
            yield f"  changed  {_changed(change)}"
    scores = [f"{name} {_value(value)}" for found in document.scores.values() for name, value in found.items()]
    if scores:
        yield f"  scores   {one_line('  '.join(scores))}"


def _said(rule: ShownRule) -> str:
    places = f"; {counted(rule.n_spans, 'place')}" if rule.n_spans else ""
    margin = "" if rule.margin is None else f"; margin {as_words(rule.margin)}"
    return f"{rule.stage} {rule.rule}: {one_line(rule.reason, _WIDTH)}{margin}{places}"


def _changed(change: ShownChange) -> str:
    where = "" if change.start is None else f" at {change.start:,}"
    return f"{change.kind}{where}: was {one_line(repr(change.before), _WIDTH)}"


def _value(value: float | bool | str) -> str:
    return as_words(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _marked(passage: Passage, spans: list[tuple[int, int]], marks: tuple[str, str]) -> str:
    """A passage with marks around what spans of the whole text say; each mark ends with its line."""
    parts: list[str] = []
    done = 0
    for start, end in spans:
        first, last = max(0, start - passage.start), min(len(passage.text), end - passage.start)
        if first >= last:
            continue
        inside = printable(passage.text[first:last]).replace("\n", f"{marks[1]}\n{marks[0]}")
        parts += (printable(passage.text[done:first]), marks[0], inside, marks[1])
        done = last
    return "".join([*parts, printable(passage.text[done:])])
