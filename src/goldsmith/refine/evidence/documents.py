"""Makes of a document at the end of a run what a report shows of it: why, where, and all its scores."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import islice
from typing import Any, cast

import msgspec

from goldsmith.kit.arrow import names_of, reader_of
from goldsmith.kit.columns import Batch
from goldsmith.refine.evidence.passages import passages_of
from goldsmith.refine.evidence.places import Record, places_of, records_of
from goldsmith.refine.evidence.spans import N_SPANS, SPANS, Span, as_evidence
from goldsmith.refine.model import BASE_KINDS, ORDER, Stage
from goldsmith.refine.reports import Fate, Score, ShownChange, ShownDocument, ShownRule
from goldsmith.refine.rules import NumberRule, Stop, as_words

MAX_ID = 400
"""Characters of an id that are shown."""

MAX_REASON = 600
MAX_SCORE = 120
MAX_RULES = 24
"""Rules that are shown beside a document."""

MAX_CHANGES = 40
MAX_BEFORE = 200
"""Characters that are shown of what stood where something was changed."""

MAX_COMPARED = 300
"""Characters before and after a change that are compared one by one, so that what stayed is not shown as changed."""

Row = Mapping[str, Any]
# Any: a column holds what its kind says


def rows_of(batch: Batch) -> Callable[[int], Row]:
    """A function that gives one document of a batch by its place: its values by column."""
    return reader_of(batch, [name for name in names_of(batch) if not name.startswith("_")])


def shown(row: Row, fate: Fate, stages: Sequence[Stage], rules: Sequence[ShownRule]) -> ShownDocument:
    """What is shown of a document.

    Args:
        row: the document.
        fate: what became of it.
        stages: the stages that it went through.
        rules: what rules say about it.
    """
    text = row["text"] or ""
    changes = list(_changes(row, stages))
    first, *others = [rule.spans for rule in rules] or [()]
    places = [first, *others, [(change.start, change.end) for change in changes if change.start is not None]]
    return ShownDocument(
        number=row[ORDER],
        id=row["id"][:MAX_ID],
        fate=fate,
        source=row["source"],
        language=row["language"],
        n_characters=len(text),
        passages=passages_of(text, cast("list[Sequence[Span]]", places)),
        rules=tuple(rules[:MAX_RULES]),
        changes=tuple(changes),
        scores={stage.name: found for stage in stages if (found := dict(_scores(row, stage)))},
    )


def stopping(stops: Sequence[Stop]) -> list[ShownRule]:
    """The rules that stop a document."""
    return [
        ShownRule(
            stage=stop.stage,
            rule=stop.rule,
            is_stop=True,
            reason=stop.reason[:MAX_REASON],
            value=stop.value,
            threshold=stop.threshold,
            margin=stop.margin,
            n_spans=cast("int", stop.evidence.get(N_SPANS, 0)),
            spans=tuple((start, end) for start, end in cast("list[list[int]]", stop.evidence.get(SPANS, []))),
            evidence={name: value[:MAX_ID] for name, value in stop.evidence.items() if isinstance(value, str)},
        )
        for stop in stops
    ]


def passing(row: Row, stage: Stage, rule: NumberRule) -> ShownRule:
    """A rule that a document passes, with the places that would show the reason, and how near it came."""
    value = cast("float", row[rule.number])
    columns = {name: row[name] for name in stage.columns if name in row and name != "text"}
    evidence = as_evidence(stage.spans_of(rule.name, row["text"] or "", columns))
    return ShownRule(
        stage=stage.name,
        rule=rule.name,
        is_stop=False,
        reason=f"{as_words(value)} {rule.unit}"[:MAX_REASON],
        value=value,
        threshold=rule.threshold,
        margin=abs(value - rule.threshold),
        n_spans=cast("int", evidence.get(N_SPANS, 0)),
        spans=tuple(cast("list[Span]", evidence.get(SPANS, []))),
    )


def _changes(row: Row, stages: Sequence[Stage]) -> Iterator[ShownChange]:
    """What stages changed, by their columns that say what stands where."""
    text = row["text"] or ""
    for stage in stages:
        columns = sorted(stage.spans & set(row) or _lists(row, stage)) if stage.changes else []
        records = [record for column in columns for record in records_of(row[column])][:MAX_CHANGES]
        found = (change for record in records for change in _of_record(stage.name, record, text))
        yield from islice(found, MAX_CHANGES)


def _lists(row: Row, stage: Stage) -> set[str]:
    """The columns of a stage that list what it changed without a place, such as what was left out of a page."""
    return {name for name in stage.columns if isinstance(row.get(name), str) and row[name].startswith("[{")} - {"text"}


def _of_record(stage: str, record: Record, text: str) -> Iterator[ShownChange]:
    kind, before = str(record.get("kind", record.get("why", ""))), record.get("before", record.get("text"))
    for start, end in places_of(record):
        if isinstance(before, str) and max(len(before), end - start) <= MAX_COMPARED:
            for edit in _finer(before, text[start:end]):
                place = start + edit[2], start + edit[3]
                yield ShownChange(
                    stage=stage, kind=kind, before=before[edit[0] : edit[1]], start=place[0], end=place[1]
                )
        else:
            was = None if before is None else str(before)[:MAX_BEFORE]
            yield ShownChange(stage=stage, kind=kind, before=was, start=start, end=end)
    if not places_of(record) and before is not None:
        yield ShownChange(stage=stage, kind=kind, before=str(before)[:MAX_BEFORE], start=None, end=None)


def _finer(before: str, after: str) -> list[tuple[int, int, int, int]]:
    """The places where two passages differ: from and to in the first, from and to in the second."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [edit[1:] for edit in matcher.get_opcodes() if edit[0] != "equal"]


def _scores(row: Row, stage: Stage) -> Iterator[tuple[str, Score]]:
    for name in stage.columns:
        value = row.get(name)
        if name in BASE_KINDS and name != "language":
            continue
        if isinstance(value, str) and (name in stage.spans or value.startswith(("[{", "{"))):
            continue
        if value is not None:
            yield name, value[:MAX_SCORE] if isinstance(value, str) else value


def weight_of(document: ShownDocument) -> int:
    """About how many bytes a document takes in a page: markup, escapes and what is spelled out included."""
    texts = [passage.text for passage in document.passages]
    texts += [change.before or "" for change in document.changes]
    texts += [rule.reason for rule in document.rules] + [document.id]
    texts += [value for rule in document.rules for value in rule.evidence.values()]
    n_bytes = sum(len(text.encode()) for text in texts)
    n_special = sum(_n_special(line) for text in texts for line in text.split("\n"))
    n_special += sum(text.count("\n") for text in texts)
    n_marks = sum(len(rule.spans) for rule in document.rules) + len(document.changes)
    n_scores = len(msgspec.json.encode(document.scores))
    return 600 + n_bytes + 44 * n_special + 60 * n_marks + 450 * len(document.rules) + 2 * n_scores


def _n_special(line: str) -> int:
    """How many characters of a line a page escapes or spells out."""
    n_unseen = 0 if line.isprintable() else sum(not character.isprintable() for character in line)
    return n_unseen + line.count("<") + line.count(">") + line.count("&")
