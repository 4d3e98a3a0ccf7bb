"""What `goldsmith refine train` does: takes labelled texts from a project or a file, and writes a classifier."""

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import msgspec

from goldsmith.cli.doors import connected
from goldsmith.cli.files import written_whole
from goldsmith.cli.messages import one_line, say, say_json, say_table
from goldsmith.cli.options import Where
from goldsmith.errors import InputError
from goldsmith.kit.nearest import nearest
from goldsmith.refine.classifying.models import Measured, Model, as_json, encoded
from goldsmith.refine.classifying.training import Example, train
from goldsmith.sdk import Project
from goldsmith.tasks.schemas import parse_schema
from goldsmith.tasks.types.choice import Choice

_SUFFIXES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")

Row = dict[str, Any]  # Any: a row is the user's own JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to learn.

    Attributes:
        keep: the labels of wanted texts.
        leave_out: the labels of texts that are not learnt from.
        question: the question of a project; not needed when it asks one choice.
        text_field: where the text is.
        label_field: where the label is, in a file.
        group_field: where the group is, if texts belong together.
    """

    keep: Sequence[str]
    leave_out: Sequence[str]
    question: str | None
    text_field: str
    label_field: str
    group_field: str | None


def train_classifier(source: str, wanted: Wanted, out: Path, place: Where, *, seed: int, is_json: bool) -> None:
    """Train on a project's consensus or a file's rows, write the classifier, and say how good it is.

    Raises:
        InputError: there are too few texts, or a row has no text or label.
    """
    is_file = source.endswith(_SUFFIXES)
    if is_file:
        examples = [_row_example(number, row, wanted) for number, row in _rows(Path(source))]
    else:
        with connected(place) as door:
            examples = list(_project_examples(door.project(source), wanted))
    known = [each for each in examples if each.label not in wanted.leave_out]
    model = train(known, keep=wanted.keep, seed=seed)
    _ = written_whole(out, iter([encoded(model)]))
    if is_json:
        say_json({"model": str(out), **as_json(model)})
    else:
        _tell(model, out)


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    decoder = msgspec.json.Decoder(Row)
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield number, _decoded(decoder, line, f"{path}, line {number:,}")
    except (OSError, EOFError) as error:
        raise InputError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from error


def _decoded(decoder: "msgspec.json.Decoder[Row]", line: bytes, where: str) -> Row:
    try:
        return decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{where} is no JSON object: {error}.") from error


def _row_example(number: int, row: Row, wanted: Wanted) -> Example:
    text, label = row.get(wanted.text_field), row.get(wanted.label_field)
    for field, value in ((wanted.text_field, text), (wanted.label_field, label)):
        if value is None:
            raise InputError(f"line {number:,} has no {field!r}; {nearest(field, row)}")
    if not isinstance(text, str):
        raise InputError(f"line {number:,}: {wanted.text_field!r} is no text.")
    return Example(text, str(label), group=_group(row, wanted))


def _group(row: Row, wanted: Wanted) -> str:
    return "" if wanted.group_field is None else str(row.get(wanted.group_field, ""))


class _Said(msgspec.Struct, frozen=True):
    """A line of a project's export, as far as it is needed."""

    payload: Row
    consensus: list[dict[str, Any]]  # Any: an answer has the form that its question gives it


def _project_examples(project: Project, wanted: Wanted) -> Iterator[Example]:
    question = _question_of(project, wanted.question)
    left = b""
    for part in project.export():
        *lines, left = (left + part).split(b"\n")
        for line in lines:
            said = msgspec.json.decode(line, type=_Said)
            for one in said.consensus:
                text = said.payload.get(wanted.text_field)
                if one["question"] == question and isinstance(one["value"], str) and isinstance(text, str):
                    sure = cast("float | None", one["confidence"])
                    yield Example(text, one["value"], 1.0 if sure is None else sure, _group(said.payload, wanted))


def _question_of(project: Project, name: str | None) -> str:
    asked = parse_schema(project.show().schema).questions
    choices = [each.name for each in asked if isinstance(each, Choice)]
    if name is None and len(choices) == 1:
        return choices[0]
    if name is None or name not in choices:
        hint = nearest(name or "", choices) if choices else "it asks no choice."
        raise InputError(f"name a choice question of {project.reference} with --question; {hint}")
    return name


def _tell(model: Model, out: Path) -> None:
    labels = ", ".join(f"{n:,} {one_line(label, 30)}" for label, n in model.labels.items())
    quality = model.quality
    say(f"Wrote {out}, learnt from {labels}. Measured on texts that it had not seen, with 95 % intervals:")
    say()
    say(f"  area under the curve {_share(quality.auc)}, Brier score {quality.brier_score_error:.3f}")
    say()
    say_table(
        ("min_score", "keeps", "right among kept", "kept among right"),
        [
            (f"{each.min_score:g}", f"{each.n_kept:,}", _share(each.precision), _share(each.recall))
            for each in quality.operating
        ],
    )
    say()
    rows = [(f"{each.mean_score:.2f}", _share(each.wanted)) for each in quality.calibration]
    say_table(("score", "share that is wanted"), rows)
    say()
    say(f"Use it in a recipe: `- classifier: {{model: {out.name}, min_score: 0.5}}`")


def _share(found: Measured) -> str:
    if found.estimate is None or found.low is None or found.high is None:
        return "not known"
    return f"{found.estimate:.3f} ({found.low:.3f} to {found.high:.3f}; {found.n:,})"
