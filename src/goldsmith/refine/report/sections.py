"""The sections of the report: for each stage its numbers, its reasons and its changes, then the clusters."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import cast
from unicodedata import category

from goldsmith.refine.report.charts import histogram
from goldsmith.refine.report.markup import Content, Element, e
from goldsmith.refine.reports import ClusterDiff, DiffRow, Histogram, Piece, RefineReport, RuleCount, Sample, StageCount
from goldsmith.refine.rules import as_words

MAX_MEMBERS = 40
MAX_MARKED = 400
"""Characters of two lines that are compared one by one."""


def has_section(stage: StageCount, report: RefineReport) -> bool:
    """Whether a stage did something that can be shown."""
    return bool(stage.n_dropped + stage.n_failed + stage.n_changed) or any(
        chart.stage == stage.stage for chart in report.histograms
    )


def stage_section(stage: StageCount, report: RefineReport) -> Element | None:
    """What one stage did; none for a stage that only looked on."""
    if not has_section(stage, report):
        return None
    charts = [chart for chart in report.histograms if chart.stage == stage.stage]
    stopping = [rule for rule in stage.rules if rule.n]
    charted = {chart.rule for chart in charts}
    return e(
        "section",
        e("h2", stage.title),
        e("p", _sentence(stage), class_="lead"),
        [_numbers(chart) for chart in charts],
        _reasons([rule for rule in stopping if rule.rule not in charted]),
        _changes(stage),
        id=stage.stage,
    )


def clusters(report: RefineReport) -> Element | None:
    """The largest clusters of near duplicates, each with one difference side by side."""
    if not report.clusters:
        return None
    text = (
        f"{report.n_clusters:,} groups of documents share most of their word sequences. "
        f"The {len(report.clusters)} largest are shown, each with the dropped document that is least like the kept one."
        if report.n_clusters > len(report.clusters)
        else "Documents that share most of their word sequences; the least like pair of each group is shown."
    )
    return e(
        "section",
        e("h2", "Clusters of near duplicates"),
        e("p", text, class_="lead"),
        [_cluster(each) for each in report.clusters],
        id="clusters",
    )


def _sentence(stage: StageCount) -> str:
    acts = [
        f"{n:,} {word}"
        for n, word in ((stage.n_dropped, "dropped"), (stage.n_failed, "failed"), (stage.n_changed, "changed"))
        if n
    ]
    return f"{stage.n_in:,} documents came in" + (f": {', '.join(acts)}." if acts else "; all went on.")


def _numbers(chart: Histogram) -> Element:
    return e(
        "figure",
        e("h3", _rule_words(chart.rule)),
        e("div", histogram(chart), class_="scroll"),
        e(
            "figcaption",
            f"{chart.n:,} documents by {chart.label}; {chart.n_dropped:,} dropped at the threshold of ",
            f"{as_words(chart.threshold)}.",
        ),
        e(
            "div",
            _neighbours("Dropped, nearest to the threshold", chart.just_dropped),
            _neighbours("Passed, nearest to the threshold", chart.just_passed),
            class_="pair",
        ),
    )


def _neighbours(title: str, samples: Sequence[Sample]) -> Element:
    shown = [_document(sample, sample.reason) for sample in samples]
    return e("div", e("h3", title), shown or e("p", "None.", class_="empty"))


def _reasons(rules: Sequence[RuleCount]) -> Element | None:
    if not rules:
        return None
    return e(
        "div",
        [
            e(
                "div",
                e(
                    "p",
                    e("b", _rule_words(rule.rule)),
                    e("span", f"{rule.n:,} documents", class_="muted"),
                    class_="reason-title",
                ),
                [_document(sample, sample.reason) for sample in rule.examples],
            )
            for rule in rules
        ],
        class_="reasons",
    )


def _document(sample: Sample, note: str) -> Element:
    return e(
        "details",
        e("summary", e("span", sample.id, class_="id"), e("span", note, class_="why") if note else None),
        e("div", sample.excerpt or "(nothing to show)", class_="excerpt"),
    )


def _changes(stage: StageCount) -> Content:
    if not stage.n_changed:
        return None
    totals = e(
        "p",
        [
            e("span", e("b", f"{change.n_spans:,}"), f" {change.label}", class_="number")
            for change in stage.changes
            if change.n_spans
        ],
        class_="chips",
    )
    edits = [
        _edit(sample.id, cast("dict[str, str]", repair))
        for sample in stage.changed
        for repair in cast("list[object]", sample.evidence.get("repairs", []))
    ]
    return [totals, e("div", e("h3", "Examples"), edits, style="margin-top:16px") if edits else None]


def _edit(name: str, repair: dict[str, str]) -> Element:
    before, after = repair["before"], repair["after"]
    return e(
        "div",
        e("div", repair["kind"], class_="muted"),
        e("div", _marked(before, after, "del"), e("div", name, class_="id muted"), class_="text"),
        e("div", _marked(after, before, "ins"), class_="text"),
        class_="edit",
    )


def _cluster(diff: ClusterDiff) -> Element:
    members = diff.cluster.members
    listed = [
        e("li", e("span", member.id, class_="id"), e("span", f" {as_words(member.likeness)}", class_="muted"))
        for member in members[:MAX_MEMBERS]
    ]
    if len(members) > MAX_MEMBERS:
        listed.append(e("li", f"and {len(members) - MAX_MEMBERS:,} more", class_="muted"))
    return e(
        "div",
        e(
            "div",
            e("span", e("b", f"{len(members):,} dropped"), f", {len(diff.cluster.kept):,} kept", class_="number"),
            e("span", f"shown: Jaccard {as_words(diff.likeness)}", class_="muted number"),
            class_="cluster-head",
        ),
        e(
            "table",
            e(
                "thead",
                e(
                    "tr",
                    e("th", "kept ", e("span", diff.kept, class_="id"), scope="col"),
                    e("th", "dropped ", e("span", diff.dropped, class_="id"), scope="col"),
                ),
            ),
            e(
                "tbody",
                list(_diff_rows(diff.rows))
                or e(
                    "tr", e("td", "They differ in white space, case and punctuation alone.", colspan=2, class_="same")
                ),
            ),
            class_="diff",
        ),
        e(
            "details",
            e("summary", "All dropped documents of this cluster, with their Jaccard index"),
            e("ol", listed),
            class_="members",
        ),
        class_="cluster",
    )


def _diff_rows(rows: Sequence[DiffRow]) -> Iterator[Element]:
    for row in rows:
        yield e("tr", e("td", _words(row.kept, "del")), e("td", _words(row.dropped, "ins")))


def _words(pieces: Sequence[Piece], mark: str) -> Iterator[Content]:
    for place, piece in enumerate(pieces):
        yield " " if place else None
        yield e(mark, _spelled(piece.text)) if piece.is_changed else e("span", _spelled(piece.text), class_="same")


def _marked(text: str, other: str, mark: str) -> list[Content]:
    """`text` with what `other` does not have marked, and with what cannot be seen spelled out."""
    if len(text) > MAX_MARKED or len(other) > MAX_MARKED or not text or not other:
        return [e(mark, _spelled(text))] if text else []
    parts: list[Content] = []
    for kind, start, end, _, _ in SequenceMatcher(None, text, other, autojunk=False).get_opcodes():
        piece = _spelled(text[start:end])
        if end > start:
            parts.append(piece if kind == "equal" else e(mark, piece))
    return parts


def _spelled(text: str) -> list[Content]:
    parts: list[Content] = []
    for character in text:
        if category(character) in ("Cf", "Cc", "Zl", "Zp", "Co", "Cn") and character not in "\n\t":
            parts.append(e("span", f"U+{ord(character):04X}", class_="invisible"))
        elif parts and isinstance(parts[-1], str):
            parts[-1] += character
        else:
            parts.append(character)
    return parts


def _rule_words(rule: str) -> str:
    return rule.replace("-", " ").capitalize()
