"""The sections of the report: for each stage its numbers, its reasons and its changes, then the clusters."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from goldsmith.kit.markup import Content, Element, e
from goldsmith.refine.report.charts import histogram
from goldsmith.refine.report.documents import Shelf, rule_words
from goldsmith.refine.report.texts import spelled
from goldsmith.refine.reports import ClusterDiff, DiffRow, Histogram, Piece, RefineReport, RuleCount, StageCount
from goldsmith.refine.rules import as_words


def has_section(stage: StageCount, report: RefineReport) -> bool:
    """Whether a stage did something that can be shown."""
    return bool(stage.n_dropped + stage.n_failed + stage.n_changed) or any(
        chart.stage == stage.stage for chart in report.histograms
    )


def stage_section(stage: StageCount, report: RefineReport, shelf: Shelf) -> Element | None:
    """What one stage did; none for a stage that only looked on."""
    if not has_section(stage, report):
        return None
    charts = {chart.rule: chart for chart in report.histograms if chart.stage == stage.stage}
    return e(
        "section",
        e("h2", stage.title),
        e("p", _sentence(stage), class_="lead"),
        [_rule(stage.stage, rule, charts.get(rule.rule), shelf) for rule in stage.rules if rule.n_all],
        _changes(stage, shelf),
        _idle([rule for rule in stage.rules if not rule.n_all and rule.rule in charts], stage, charts, shelf),
        id=stage.stage,
    )


def rule_id(stage: str, rule: str) -> str:
    """Where a rule stands in the page."""
    return f"{stage}.{rule}"


def clusters(report: RefineReport) -> Element | None:
    """The largest clusters of like documents, those that differ with one difference side by side."""
    if not report.clusters:
        return None
    counts = [f"{one.title}: {one.n:,} groups" for one in report.cluster_counts if one.n]
    return e(
        "section",
        e("h2", "Clusters of duplicates"),
        e(
            "p",
            f"{'; '.join(counts)}. The largest are shown; where documents differ, by the dropped one that is least "
            "like the kept one. A document that was dropped and the one that is kept for it: ",
            e("code", "goldsmith refine show . --id ID"),
            class_="lead",
        ),
        [_cluster(each, report) for each in report.clusters],
        id="clusters",
    )


def _idle(
    rules: Sequence[RuleCount], stage: StageCount, charts: Mapping[str, Histogram], shelf: Shelf
) -> Element | None:
    """The rules of a stage that stopped nothing, with the documents that came nearest."""
    if not rules:
        return None
    drawn = [_rule(stage.stage, rule, charts[rule.rule], shelf) for rule in rules]
    words = "1 rule that stopped nothing" if len(rules) == 1 else f"{len(rules):,} rules that stopped nothing"
    return e(
        "details",
        e("summary", f"{words}: {', '.join(rule_words(rule.rule).lower() for rule in rules)}"),
        drawn,
        class_="idle",
    )


def _sentence(stage: StageCount) -> str:
    acts = [
        f"{n:,} {word}"
        for n, word in ((stage.n_dropped, "dropped"), (stage.n_failed, "failed"), (stage.n_changed, "changed"))
        if n
    ]
    return f"{stage.n_in:,} documents came in" + (f": {', '.join(acts)}." if acts else "; all went on.")


def _rule(stage: str, rule: RuleCount, chart: Histogram | None, shelf: Shelf) -> Element:
    drawing = e("div", histogram(chart), class_="scroll", tabindex="0") if chart is not None else None
    return e(
        "div",
        e("h3", rule_words(rule.rule)),
        drawing,
        e("p", _counts(rule, chart), class_="caption"),
        _entries(_shown_of(rule), (shelf.entry(number, stage, rule.rule) for number in rule.shown)),
        _rest(stage, rule),
        _entries(
            "Kept, nearest to the threshold",
            (shelf.entry(number, stage, rule.rule) for number in (chart.just_passed if chart is not None else ())),
        ),
        id=rule_id(stage, rule.rule),
        class_="rule",
    )


def _counts(rule: RuleCount, chart: Histogram | None) -> str:
    stopped = f"It stopped {rule.n:,} documents"
    if rule.n_all > rule.n:
        stopped += f", and would have stopped {rule.n_all - rule.n:,} that another rule stopped before"
    if chart is None:
        return stopped + "."
    return f"{chart.n:,} documents by {chart.label}. {stopped}, at the threshold of {as_words(chart.threshold)}."


def _shown_of(rule: RuleCount) -> str:
    return f"Stopped: {len(rule.shown):,} of {rule.n:,}" + (", nearest to the threshold first" if rule.n > 1 else "")


def _rest(stage: str, rule: RuleCount) -> Element | None:
    if rule.n_all <= len(rule.shown):
        return None
    command = f"goldsmith refine show . --stage {stage} --rule {rule.rule}"
    return e("p", f"All {rule.n_all:,}, in the folder of this page: ", e("code", command), class_="rest-of")


def _entries(title: str, entries: Iterable[Element | None]) -> Element | None:
    shown = [entry for entry in entries if entry is not None]
    return e("div", e("h4", title), shown, class_="entries") if shown else None


def _changes(stage: StageCount, shelf: Shelf) -> Content:
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
    entries = [entry for number in stage.changed if (entry := shelf.entry(number, stage.stage, ""))]
    title = f"Changed: {len(entries):,} of {stage.n_changed:,}"
    return e(
        "div",
        e("h3", "What it changed"),
        totals,
        _entries(title, entries),
        id=rule_id(stage.stage, "changes"),
        class_="rule",
    )


def _cluster(diff: ClusterDiff, report: RefineReport) -> Element:
    titles = {one.stage: one.title for one in report.cluster_counts}
    return e(
        "div",
        e(
            "div",
            e("span", e("b", f"{diff.n_members:,} dropped"), f", {diff.n_kept:,} kept", class_="number"),
            e("span", titles.get(diff.stage, diff.stage), class_="muted number"),
            class_="cluster-head",
        ),
        _differences(diff, diff.rows) if diff.rows is not None else e("p", "kept ", e("span", diff.kept, class_="id")),
        _members(diff),
        class_="cluster",
    )


def _differences(diff: ClusterDiff, rows: Sequence[DiffRow]) -> Element:
    same = e("tr", e("td", "They differ in white space, case and punctuation alone.", colspan=2, class_="same"))
    names = (("kept ", diff.kept, None), ("dropped ", diff.dropped, f", Jaccard index {as_words(diff.likeness)}"))
    return e(
        "table",
        e(
            "thead",
            e("tr", [e("th", word, e("span", name, class_="id"), more, scope="col") for word, name, more in names]),
        ),
        e("tbody", list(_diff_rows(rows)) or same),
        class_="diff",
    )


def _members(diff: ClusterDiff) -> Element:
    members = diff.cluster.members
    listed = [
        e("li", e("span", member.id, class_="id"), e("span", f" {as_words(member.likeness)}", class_="muted"))
        for member in members
    ]
    if diff.n_members > len(members):
        listed.append(e("li", f"and {diff.n_members - len(members):,} more", class_="muted"))
    summary = "The dropped documents of this cluster" + ("" if diff.rows is None else ", with their Jaccard index")
    return e("details", e("summary", summary), e("ol", listed), class_="members")


def _diff_rows(rows: Sequence[DiffRow]) -> Iterator[Element]:
    for row in rows:
        yield e("tr", e("td", _words(row.kept, "del")), e("td", _words(row.dropped, "ins")))


def _words(pieces: Sequence[Piece], mark: str) -> Iterator[Content]:
    for place, piece in enumerate(pieces):
        yield " " if place else None
        yield e(mark, spelled(piece.text)) if piece.is_changed else e("span", spelled(piece.text), class_="same")
