"""What `goldsmith project quality` prints, and the file of gold that `goldsmith project gold` reads."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from goldsmith.cli.messages import counted, note, one_line, say, say_table
from goldsmith.errors import InputError
from goldsmith.labeling.progress_wire import MeasureRow
from goldsmith.labeling.quality_wire import GoldReport, Quality, QuestionQuality, SkillRow, Spending
from goldsmith.quality.vote_files import read_columns

# Any: answers are the project's own JSON.

_MAX_SHOWN = 10
_ID = "id"


def read_gold(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The id and the known answers of each row of a file with the column `id` and one for each question.

    An empty cell says that this answer is not known. A cell that is a JSON list or object is read as such.

    Raises:
        InputError: there is no column `id`, or no other one, or a row has no id.
        VotesError: the file cannot be read.
    """
    frame = read_columns(path)
    if _ID not in frame.columns or len(frame.columns) == 1:
        named = ", ".join(frame.columns)
        raise InputError(f"{path} has the columns {named}; gold needs `id` and a column for each question.")
    for row, values in enumerate(frame.iter_rows(named=True), 1):
        name = values.pop(_ID)
        if not name:
            raise InputError(f"{path}, row {row}: there is no id; name the item whose answer this is.")
        yield name, {question: _value(text) for question, text in values.items() if text is not None and text != ""}


def tell_gold(report: GoldReport) -> None:
    """Print what became of gold."""
    parts = [f"{report.n_stored:,} stored", f"{report.n_unchanged:,} known already"]
    parts += [f"{report.n_rejected:,} refused"] if report.n_rejected else []
    say(f"{counted(report.n_read, 'row')}: {', '.join(parts)}")
    for rejected in report.rejected[:_MAX_SHOWN]:
        note(f"  row {rejected.row:,} ({one_line(rejected.id, 40)}): {one_line(rejected.reason)}")
    if report.n_rejected > _MAX_SHOWN:
        note(f"  … and {report.n_rejected - _MAX_SHOWN:,} more")


def tell_quality(found: Quality) -> None:
    """Print how good labels are."""
    if not found.questions:
        say("Nothing is measured yet: there are no answers, or the project has not been inferred since they came.")
    for question in found.questions:
        _tell_question(question)
    audit, powered = found.audit.accuracy, found.audit.powered
    say(f"accuracy by audit: {_shown(audit)}")
    if powered.value is not None:
        say(f"  with the confidence of all labels: {_shown(powered)}")
    for need in found.audit.needs:
        say(f"  ±{need.half_width:.0%}: {counted(need.n, 'item')} to audit in all")
    _tell_spending(found.spending)


def _tell_question(question: QuestionQuality) -> None:
    expected = "not known" if question.expected_accuracy is None else f"{question.expected_accuracy:.1%}"
    say(f"{question.question}: {counted(question.n_items, 'item')}, {counted(question.n_answers, 'answer')}")
    say(f"  expected accuracy {expected}, {question.n_sure:,} certain; {one_line(question.calibration)}")
    reliability = question.reliability
    if reliability.source is None:
        say(f"  reliability: {one_line(reliability.note)}")
    else:
        said = ", ".join(f"{one.name} {_shown(one)}" for one in reliability.measures[:3])
        say(f"  on {counted(reliability.n, 'known answer')} ({reliability.source}): {said}")
    for measure in question.agreement:
        say(f"  {measure.name}: {_shown(measure)}")
    shown = sorted(question.annotators, key=lambda one: (not one.is_warning, -one.n_answers))[:_MAX_SHOWN]
    heading = ("annotator", "answers", "right", "interval", "what may be said")
    say_table(heading, [_annotator(one) for one in shown])
    if question.n_suspects:
        say(f"  {counted(question.n_suspects, 'label')} to look at again, the first of them:")
    for one in question.suspects[:_MAX_SHOWN]:
        better = "" if one.suggested is None else f", rather {one_line(one.suggested, 40)}"
        sure = "" if one.probability is None else f" ({one.probability:.0%} probable)"
        say(f"    {one_line(one.external_id, 40)}: {one_line(one.label, 40)}{sure}{better}, {one.reason}")


def _annotator(row: SkillRow) -> tuple[str, ...]:
    drift = f"; {row.drift} of late" if row.drift else ""
    alike = f"; errs like {counted(len(row.alike), 'other')}" if row.alike else ""
    return (
        one_line(row.annotator.name, 40),
        f"{row.n_answers:,}",
        "" if row.accuracy is None else f"{row.accuracy:.0%}",
        "" if row.low is None or row.high is None else f"{row.low:.0%} to {row.high:.0%}",
        f"{row.verdict}{drift}{alike}",
    )


def _tell_spending(spending: Spending) -> None:
    if spending.plan is None:
        return
    price = spending.price_micros
    for point in spending.plan.points:
        n_more = point.n_answers - spending.plan.n_answers
        cost = "" if price is None else f" ({n_more * price / 1e6:,.2f} {spending.currency})"
        say(
            f"{counted(n_more, 'further answer')}{cost}: {point.accuracy:.1%} expected "
            f"({point.low:.1%} to {point.high:.1%})"
        )


def _shown(measure: MeasureRow) -> str:
    if measure.value is None:
        return one_line(measure.note) or "not measured"
    if measure.low is None or measure.high is None:
        return f"{measure.value:.3f}"
    return f"{measure.value:.3f} ({measure.low:.3f} to {measure.high:.3f})"


def _value(text: str) -> Any:
    if text[:1] in ("[", "{"):
        try:
            return msgspec.json.decode(text)
        except msgspec.DecodeError:
            return text
    return text
