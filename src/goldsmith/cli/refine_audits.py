"""What `goldsmith refine audit` does: draws documents into a labelling project, and reads the answers."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from goldsmith.cli.doors import connected
from goldsmith.cli.following import following
from goldsmith.cli.messages import counted, note, one_line, say, say_json, say_table
from goldsmith.cli.options import Where
from goldsmith.errors import Conflict
from goldsmith.refine.auditing.drawing import draw, read_recipe_of
from goldsmith.refine.auditing.files import is_of_this_run, read_audit, replace_file, write_audit
from goldsmith.refine.auditing.labelling import ID, answers_of, guideline_of, rows_of_items, schema_of
from goldsmith.refine.auditing.measuring import measure
from goldsmith.refine.auditing.model import Audit, CurvePoint, Estimate, FilterQuality, Findings
from goldsmith.refine.outputs import AUDIT_JSON, REPORT_HTML, read_report
from goldsmith.refine.report.page import render_report
from goldsmith.refine.rules import as_words
from goldsmith.sdk import Project


class _Said(msgspec.Struct, frozen=True):
    """A line of a project's export, as far as it is needed."""

    external_id: str
    consensus: list[dict[str, Any]]  # Any: an answer has the form that its question gives it


def draw_audit(
    folder: Path, place: Where, *, n: int, seed: int, overlap: int, is_blind: bool, again: bool, as_json: bool
) -> None:
    """Draw documents of a finished run and make a labelling project of them.

    Raises:
        Conflict: the run was audited before, and that is not to be replaced.
    """
    if (folder / AUDIT_JSON).is_file() and not again:
        hint = f"Read its answers with --read, or draw other documents with --again: goldsmith refine audit {folder}"
        raise Conflict(f"{folder} was audited already.", hint=hint)
    drawn, title = draw(folder, n=n, seed=seed, is_blind=is_blind), read_recipe_of(folder).title
    with connected(place, makes_home=True) as door:
        made = door.vault.create_project(
            f"Audit of {title}"[:200],
            schema_of(drawn.audit),
            guideline=guideline_of(drawn.audit, title),
            policy={"overlap": overlap, "order": "random"},
        )
        report = made.import_rows(rows_of_items(drawn), id_column=ID)
    audit = msgspec.structs.replace(drawn.audit, vault=place.vault, project=made.reference)
    write_audit(folder, audit)
    if as_json:
        say_json({"project": made.reference, "n_drawn": len(audit.drawn), "seed": seed, "strata": audit.strata})
        return
    of = counted(audit.n_kept + audit.n_dropped, "document")
    say(f"Drew {len(audit.drawn):,} of {of} from {len(audit.strata)} parts of the run, with seed {seed}.")
    if report.n_rejected:
        note(f"  {report.n_rejected:,} of them cannot be shown: {one_line(report.rejected[0].reason)}")
    say(f"Answer them with `goldsmith label --project {made.reference}` or in the browser, then measure the filters:")
    say(f"  goldsmith refine audit {folder} --read")


def read_answers(folder: Path, place: Where, *, as_json: bool) -> None:
    """Measure the filters of a run by the answers so far; `audit.json` and `report.html` then hold what they say."""
    audit = read_audit(folder)
    with connected(replace(place, vault=audit.vault), runs_jobs=True) as door:
        project = door.project(audit.project)
        with following(door, is_quiet=as_json) as show:
            project.infer(show)
        answers = answers_of(audit, _consensus(project))
    findings = measure(audit, answers)
    measured = msgspec.structs.replace(audit, findings=findings)
    write_audit(folder, measured)
    is_current = is_of_this_run(audit, folder)
    if is_current:
        page = render_report(read_report(folder), read_recipe_of(folder), measured)
        replace_file(folder / REPORT_HTML, page.encode())
    if as_json:
        say_json(
            {"project": audit.project, "is_of_this_run": is_current, "filters": audit.filters, "findings": findings}
        )
        return
    _tell(measured, findings)
    if not is_current:
        note(f"{folder} holds another run by now: these numbers are about the one that the documents were drawn from.")


def _consensus(project: Project) -> Iterator[tuple[str, Mapping[str, object]]]:
    left = b""
    for part in project.export():
        *lines, left = (left + part).split(b"\n")
        for line in lines:
            said = msgspec.json.decode(line, type=_Said)
            yield said.external_id, {one["question"]: one["value"] for one in said.consensus}


def _tell(audit: Audit, findings: Findings) -> None:
    unanswered = len(audit.drawn) - findings.n_answered - findings.n_cannot_say
    say(
        f"{findings.n_answered:,} of {counted(len(audit.drawn), 'document')} judged, "
        f"{findings.n_cannot_say:,} that nobody can judge, {unanswered:,} without an answer; with 95 % intervals:"
    )
    say()
    heading = ("filter", "drops", "precision", "for its reason", "recall", "near misses")
    rows = [("all filters", f"{audit.n_dropped:,}", _share(findings.precision), "", _share(findings.recall), "")]
    for one in findings.filters:
        known = audit.filters[one.filter]
        rows.append(
            (
                one_line(known.words, 44),
                f"{known.n_dropped:,}",
                _share(one.precision),
                _share(one.reason_precision),
                _share(one.recall),
                _share(one.near_misses),
            )
        )
    say_table(heading, rows)
    for one in findings.filters:
        if one.curve:
            _tell_curve(audit, one)


def _tell_curve(audit: Audit, one: FilterQuality) -> None:
    known = audit.filters[one.filter]
    now = CurvePoint(
        threshold=known.threshold or 0, n_dropped=known.n_dropped, precision=one.precision, recall=one.recall
    )
    say()
    say(f"{known.words}, with other thresholds ({known.label}):")
    say_table(
        ("threshold", "drops", "precision", "recall"),
        [
            (
                as_words(point.threshold) + (" (now)" if point is now else ""),
                f"{point.n_dropped:,}",
                _share(point.precision),
                _share(point.recall),
            )
            for point in sorted([*one.curve, now], key=lambda point: point.threshold)
        ],
    )


def _share(found: Estimate) -> str:
    if found.estimate is None or found.low is None or found.high is None:
        return "not known"
    return f"{found.estimate:.2f} ({found.low:.2f} to {found.high:.2f}; {found.n:,})"
