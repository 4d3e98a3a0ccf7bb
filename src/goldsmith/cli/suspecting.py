"""What `goldsmith suspects` prints and writes."""

from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from goldsmith.cli.messages import counted, one_line, say, say_table
from goldsmith.cli.tables import write_table
from goldsmith.quality.suspects import Said, Suspect, Suspects

# Any: facts are JSON.

_WIDTH = 60


def write_suspects(path: Path, found: Suspects) -> None:
    """Write the suspects, most suspect first, one row each, whole or not at all.

    Raises:
        InputError: the file's name ends in no format that is written.
    """
    rows = [
        {
            "task": one.task,
            "annotator": one.annotator,
            "label": one.label,
            "score": round(one.score, 6),
            "suggested": one.suggested,
            "confidence": round(one.confidence, 6),
            "said": _in_words(one.said),
            "disagreeing_models": ", ".join(one.disagreeing_models),
            "classifier": one.by_classifier,
            "note": one.note,
        }
        for one in found.ranked
    ]
    write_table(path, pl.DataFrame(rows, schema=_SCHEMA), "suspects")


_SCHEMA = {
    "task": pl.String,
    "annotator": pl.String,
    "label": pl.String,
    "score": pl.Float64,
    "suggested": pl.String,
    "confidence": pl.Float64,
    "said": pl.String,
    "disagreeing_models": pl.String,
    "classifier": pl.Float64,
    "note": pl.String,
}


def facts_of(found: Suspects) -> dict[str, Any]:
    """What was found, as JSON."""
    return {
        "checked": found.n_checked,
        "contradicted": found.n_contradicted,
        "unchecked": found.n_unchecked,
        "suspects": [
            {**msgspec.to_builtins(one), "disagreeing_models": list(one.disagreeing_models)} for one in found.ranked
        ],
    }


def tell_suspects(found: Suspects, what: str) -> None:
    """Print what was found; `what` is what was checked."""
    unchecked = f"; {counted(found.n_unchecked, what)} cannot be checked" if found.n_unchecked else ""
    say(f"{counted(found.n_checked, what)} checked, {found.n_contradicted:,} contradicted{unchecked}")
    if not found.ranked:
        return
    who = ["annotator"] if what == "answer" else []
    headings = ["task", *who, "label", "wrong", "rather", "sure", "who said what"]
    say_table(headings, [_row(one, with_annotator=bool(who)) for one in found.ranked])


def _row(one: Suspect, *, with_annotator: bool) -> list[str]:
    who = [one_line(one.annotator or "-", _WIDTH)] if with_annotator else []
    said = one_line("; ".join(part for part in (one.note, _in_words(one.said)) if part), 2 * _WIDTH)
    sure = "-" if one.suggested is None else f"{100 * one.confidence:.0f}%"
    label, rather = one_line(one.label, _WIDTH), one_line(one.suggested or "-", _WIDTH)
    return [one_line(one.task, _WIDTH), *who, label, f"{100 * one.score:.0f}%", rather, sure, said]


def _in_words(said: tuple[Said, ...]) -> str:
    return ", ".join(f"{one.annotator}{' (model)' if one.is_model else ''}: {one.label}{_skill(one)}" for one in said)


def _skill(one: Said) -> str:
    if one.skill is None or one.skill.estimate is None:
        return ""
    return f" ({100 * one.skill.estimate:.0f}% right)"
