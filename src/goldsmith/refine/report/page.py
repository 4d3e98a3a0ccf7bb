"""The report as a page: the one number, the way through the stages, then what each stage did and why."""

from functools import cache

from goldsmith.kit.markup import Element, e
from goldsmith.kit.report_pages import report_page
from goldsmith.refine.auditing.model import Audit
from goldsmith.refine.recipe import Recipe
from goldsmith.refine.report.audit import audit_section
from goldsmith.refine.report.charts import bar, share_bar
from goldsmith.refine.report.contamination import contamination
from goldsmith.refine.report.documents import Shelf, rule_words
from goldsmith.refine.report.overviews import languages, names, sources
from goldsmith.refine.report.sections import clusters, has_section, rule_id, stage_section
from goldsmith.refine.report.texts import MAX_DRAWN
from goldsmith.refine.reports import RefineReport, StageCount


def render_report(report: RefineReport, recipe: Recipe, audit: Audit | None = None) -> str:
    """The whole page as HTML text; it holds everything that it shows."""
    shelf = Shelf(report)
    return report_page(
        f"{report.title} · refine report",
        _header(report),
        _notices(report),
        _funnel(report),
        _reasons(report),
        None if audit is None else audit_section(audit),
        [stage_section(stage, report, shelf) for stage in report.stages],
        contamination(report),
        clusters(report),
        names(report),
        languages(report),
        sources(report),
        _origin(report, recipe),
        more_style=_style(),
    )


@cache
def _style() -> str:
    picked = ",\n".join(f".document:has(.p{n}:checked) .r{n}" for n in range(MAX_DRAWN))
    return f"{picked} {{ background: var(--mark); box-shadow: inset 0 -2px 0 var(--ink); }}\n"


def _header(report: RefineReport) -> Element:
    share = report.n_kept / report.n_read if report.n_read else 0.0
    parts = (
        ("kept", report.n_kept, "kept"),
        ("dropped", report.n_dropped, "dropped"),
        ("failed", report.n_failed, "failed"),
    )
    return e(
        "header",
        e("p", "Refine report", class_="kicker"),
        e("h1", report.title),
        e(
            "div",
            e("strong", f"{report.n_kept:,}"),
            e("span", f"of {report.n_read:,} documents kept ({share:.0%}), {report.kept_characters:,} characters"),
            class_="headline",
        ),
        share_bar(parts),
        e(
            "p",
            [
                e("span", e("span", class_=f"dot {colour}"), e("b", f"{n:,}"), f" {words}", class_="number")
                for words, n, colour in parts
            ],
            e(
                "span",
                f"{report.n_read:,} read = {report.n_kept:,} + {report.n_dropped:,} + {report.n_failed:,}",
                class_="muted",
            ),
            class_="keys",
        ),
    )


def _notices(report: RefineReport) -> Element | None:
    if not report.warnings:
        return None
    notes = e("ul", [e("li", warning) for warning in report.warnings])
    return e("div", e("b", "⚠ Look at this", class_="word-waiting number"), notes, class_="notice")


def _funnel(report: RefineReport) -> Element:
    headings = ("Stage", "Documents", "in", "dropped", "failed", "changed", "out")
    classes = (None, "wide", "right", "right", "right", "right", "right")
    return e(
        "section",
        e("h2", "The way through the stages"),
        e("p", "Each bar is what reached the stage: what went on, and what stopped there.", class_="lead"),
        e(
            "div",
            e(
                "table",
                e(
                    "thead",
                    e(
                        "tr",
                        [e("th", text, class_=name, scope="col") for text, name in zip(headings, classes, strict=True)],
                    ),
                ),
                e("tbody", [_funnel_row(stage, report) for stage in report.stages]),
            ),
            class_="scroll",
            tabindex="0",
        ),
    )


def _funnel_row(stage: StageCount, report: RefineReport) -> Element:
    track = e(
        "div",
        [
            bar(n, report.n_read, colour)
            for n, colour in ((stage.n_out, "kept"), (stage.n_dropped, "dropped"), (stage.n_failed, "failed"))
            if n
        ],
        class_="track",
    )
    return e(
        "tr",
        e("td", e("a", stage.title, href=f"#{stage.stage}") if has_section(stage, report) else stage.title),
        e("td", track, class_="wide"),
        e("td", f"{stage.n_in:,}", class_="right"),
        _count(stage.n_dropped, "bad"),
        _count(stage.n_failed, "waiting"),
        _count(stage.n_changed, "changed"),
        e("td", f"{stage.n_out:,}", class_="right"),
    )


def _reasons(report: RefineReport) -> Element | None:
    """Every rule that stopped documents, the one that stopped most first; each leads to them."""
    found = [(rule, stage) for stage in report.stages for rule in stage.rules if rule.n_all]
    if not found:
        return None
    most = max(rule.n_all for rule, _ in found)
    rows = [
        e(
            "tr",
            e("td", e("a", rule_words(rule.rule), href=f"#{rule_id(stage.stage, rule.rule)}")),
            e("td", stage.title, class_="muted"),
            e("td", _both(rule.n, rule.n_all, most), class_="wide"),
            e("td", f"{rule.n:,}", class_="right"),
            e("td", f"{rule.n_all:,}", class_="right muted"),
        )
        for rule, stage in sorted(found, key=lambda each: (-each[0].n, -each[0].n_all, each[0].rule))
    ]
    headings = (("Reason", None), ("Stage", None), ("Documents", "wide"), ("decided", "right"), ("applies to", "right"))
    head = e("tr", [e("th", text, class_=name, scope="col") for text, name in headings])
    words = (
        "A reason decides about the documents that no reason had stopped before; it applies to others too. "
        "Follow one to its documents, and see where in their texts it shows."
    )
    return e(
        "section",
        e("h2", "Why documents stopped"),
        e("p", words, class_="lead"),
        e("div", e("table", e("thead", head), e("tbody", rows), class_="reasons"), class_="scroll", tabindex="0"),
        id="reasons",
    )


def _both(n: int, n_all: int, most: int) -> Element:
    return e(
        "div", bar(n, most, "dropped"), bar(n_all - n, most, "dropped pale") if n_all > n else None, class_="track"
    )


def _count(n: int, state: str) -> Element:
    return e("td", f"{n:,}" if n else "0", class_=f"right word-{state}" if n else "right muted")


def _origin(report: RefineReport, recipe: Recipe) -> Element:
    return e(
        "section",
        e("h2", "How to repeat this"),
        e(
            "p",
            "The same recipe on the same documents gives the same files, byte for byte. The recipe is written below; ",
            e("code", "recipe.lock.json"),
            " beside this page pins every parameter and version.",
            class_="lead",
        ),
        e("p", "Recipe ", e("code", report.name), ", SHA-256 ", e("span", report.recipe_sha256, class_="id")),
        e("details", e("summary", "The recipe as it was run"), e("pre", recipe.text, class_="recipe")),
        e("footer", f"Goldsmith {report.goldsmith}"),
        id="recipe",
    )
