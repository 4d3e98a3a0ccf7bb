"""What people are asked about the documents of an audit: a schema, a guideline, and a row for each document."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

import msgspec

from goldsmith.kit.arrow import names_of
from goldsmith.kit.columns import Batch
from goldsmith.refine.auditing.drawing import Draw
from goldsmith.refine.auditing.measuring import Answer
from goldsmith.refine.auditing.model import Audit, Drawn, Filter
from goldsmith.refine.auditing.rows import Sieve, originals_of
from goldsmith.refine.rules import Stop, as_words

FATE, REASON, ID = "fate", "reason", "item"
"""The names of the questions, and of the column with what the project calls a document."""

HEAD, TAIL = 15_000, 5_000
"""Characters of a long text that are shown, from its beginning and from its end."""

MAX_QUOTED = 10
"""Places of a text that are quoted as evidence."""

_OTHER = "another"
_CANNOT_SAY = {"value": "cannot-say", "label": "Cannot say", "key": "4"}
_OPEN = (
    {"value": "this-reason", "label": "Drop it, for this reason", "key": "1"},
    {"value": "other-reason", "label": "Drop it, but for another reason", "key": "2"},
    {"value": "keep", "label": "Keep it", "key": "3"},
    _CANNOT_SAY,
)
_BLIND = (
    {"value": "drop", "label": "Drop it", "key": "1"},
    {"value": "keep", "label": "Keep it", "key": "3"},
    _CANNOT_SAY,
)

Values = dict[str, Any]  # Any: a schema is plain JSON, which the labelling side checks


def schema_of(audit: Audit) -> Values:
    """What is shown and asked; the verdict is hidden in a blind audit, and the reason is asked for instead."""
    text = {"name": "text", "type": "text", "label": "Document"}
    if not audit.is_blind:
        question = {
            "type": "choice",
            "name": FATE,
            "label": "Should this document have been dropped, and for this reason?",
            "options": list(_OPEN),
        }
        shown = [
            {"name": "verdict", "type": "text", "label": "Verdict"},
            text,
            {"name": "evidence", "type": "text", "label": "Evidence"},
            {"name": "original", "type": "text", "label": "What was kept instead of it"},
        ]
        return {"fields": shown, "questions": [question]}
    names = [{"value": _name(each), "label": each.words} for each in audit.filters]
    return {
        "fields": [text],
        "questions": [
            {"type": "choice", "name": FATE, "label": "Should this document be dropped?", "options": list(_BLIND)},
            {
                "type": "choice",
                "name": REASON,
                "label": "For which reason first of all?",
                "help": "Only for a document that should be dropped.",
                "required": False,
                "options": [*names, {"value": _OTHER, "label": "Another reason"}],
            },
        ],
    }


def guideline_of(audit: Audit, title: str) -> str:
    """How to answer, in Markdown."""
    task = (
        "Say whether the document should be in the corpus, and if not, for which reason first of all."
        if audit.is_blind
        else "Say whether the document should be in the corpus, and whether the reason that is given is right. For a "
        "document that was kept, the reason is that of the filter that came nearest to stopping it."
    )
    return (
        f"# Were the filters of {title} right?\n\n{task}\n\nJudge the document, not the filter: would you want it "
        "among the texts that this corpus is made for? A long text is shown with its beginning and its end.\n"
    )


def rows_of_items(drawn: Draw) -> Iterator[Values]:
    """The rows to import, one for each document that was drawn."""
    for one, batch in zip(drawn.audit.drawn, drawn.documents, strict=True):
        document = {name: batch.column(name).to_pylist()[0] for name in names_of(batch)}
        row = {ID: one.item, "text": _shortened(document["text"] or "") or "(It has no text.)"}
        if not drawn.audit.is_blind:
            row |= _verdict(one, batch, drawn.audit.filters, drawn.sieves)
            row["original"] = "".join(_shortened(drawn.originals.get(each, "")) for each in originals_of(batch))
        yield row


def answers_of(audit: Audit, consensus: Iterable[tuple[str, Mapping[str, object]]]) -> dict[str, Answer]:
    """What people said about each document, by the name of its item; what is no answer is left out.

    Args:
        audit: what was asked.
        consensus: the name of each item with the inferred answer to each question.
    """
    drawn = {each.item: each for each in audit.drawn}
    found: dict[str, Answer] = {}
    for item, said in consensus:
        answer, one = said.get(FATE), drawn.get(item)
        if one is not None and isinstance(answer, str):
            plain = _reasoned(audit, one, said.get(REASON)) if answer == "drop" else cast("Answer", answer)
            found[item] = plain
    return found


def _reasoned(audit: Audit, drawn: Drawn, reason: object) -> Answer:
    """What a blind answer that a document should be dropped says about the filter that it was drawn for."""
    is_this = drawn.asked is not None and reason == _name(audit.filters[drawn.asked])
    return "this-reason" if is_this else "other-reason"


def _name(one: Filter) -> str:
    return f"{one.stage}/{one.rule}"


def _shortened(text: str) -> str:
    n_left_out = len(text) - HEAD - TAIL
    if n_left_out <= 0:
        return text
    return f"{text[:HEAD]}\n\n[… {n_left_out:,} characters are not shown …]\n\n{text[-TAIL:]}"


def _verdict(drawn: Drawn, batch: Batch, filters: Sequence[Filter], sieves: Sequence[Sieve]) -> Values:
    """What became of a document, why, and what shows it."""
    if "stops" in names_of(batch):
        stops = msgspec.json.decode(batch.column("stops").to_pylist()[0], type=list[Stop])
        first, *others = [f"{_words(stop, filters)}: {stop.reason}" for stop in stops]
        more = "".join(f"\nAlso stopped by {each}" for each in others)
        text = batch.column("text").to_pylist()[0] or ""
        evidence = "\n".join(_shown(name, value, text) for name, value in stops[0].evidence.items())
        return {"verdict": f"Dropped by {first}{more}", "evidence": evidence}
    rule = None if drawn.asked is None else sieves[drawn.asked].number
    if rule is None or drawn.asked is None:
        return {"verdict": "Kept. It came near to the limit of no filter.", "evidence": ""}
    value = as_words(batch.column(rule.number).to_pylist()[0])
    near = f"It came near to the limit of {filters[drawn.asked].words}: {value}, and the limit is"
    return {"verdict": f"Kept. {near} {as_words(rule.threshold)}", "evidence": f"{rule.number}: {value}"}


def _words(stop: Stop, filters: Sequence[Filter]) -> str:
    return next((one.words for one in filters if (one.stage, one.rule) == (stop.stage, stop.rule)), stop.rule)


def _shown(name: str, value: object, text: str) -> str:
    """A piece of evidence in words; places in the text as what stands there."""
    if name == "spans":
        quoted = [text[start:end] for start, end in cast("list[tuple[int, int]]", value)[:MAX_QUOTED]]
        return f"in the text: {' · '.join(quoted)}"
    said = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return f"{name.replace('_', ' ')}: {said}"
