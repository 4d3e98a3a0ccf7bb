"""The report as a page: the one number, the way through the stages, then what each stage did and why."""

from functools import cache
from pathlib import Path

from goldsmith.refine.auditing.model import Audit
from goldsmith.refine.recipe import Recipe
from goldsmith.refine.report.audit import audit_section
from goldsmith.refine.report.charts import bar, share_bar
from goldsmith.refine.report.markup import Content, Element, e, write
from goldsmith.refine.report.sections import clusters, has_section, stage_section
from goldsmith.refine.reports import RefineReport, StageCount

MAX_LANGUAGES = 20


def render_report(report: RefineReport, recipe: Recipe, audit: Audit | None = None) -> str:
    """The whole page as HTML text; it holds everything that it shows."""
    head = e(
        "head",
        e("meta", charset="utf-8"),
        e("meta", name="viewport", content="width=device-width, initial-scale=1"),
        e("meta", http_equiv="Content-Security-Policy", content="default-src 'none'; style-src 'unsafe-inline'"),
        e("title", f"{report.title} · refine report"),
        e("style", _style()),
    )
    body = e(
        "main",
        _header(report),
        _notices(report),
        _funnel(report),
        None if audit is None else audit_section(audit),
        [stage_section(stage, report) for stage in report.stages],
        clusters(report),
        _languages(report),
        _sources(report),
        _origin(report, recipe),
    )
    return "<!doctype html>\n" + write(e("html", head, e("body", body), lang="en")) + "\n"


@cache
def _style() -> str:
    return Path(__file__).with_name("style.css").read_text(encoding="utf-8")


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


def _count(n: int, state: str) -> Element:
    return e("td", f"{n:,}" if n else "0", class_=f"right word-{state}" if n else "right muted")


def _languages(report: RefineReport) -> Element | None:
    if not report.languages:
        return None
    shown, rest = report.languages[:MAX_LANGUAGES], report.languages[MAX_LANGUAGES:]
    rows: list[tuple[Content, int]] = [(e("code", each.language), each.n) for each in shown]
    if rest:
        rows.append((f"{len(rest)} more", sum(each.n for each in rest)))
    return e(
        "section",
        e("h2", "Languages of the kept documents"),
        e("p", "Codes of ISO 639; und stands for a text without letters.", class_="lead"),
        _rows(rows, report.n_kept, "changed"),
        id="languages",
    )


def _sources(report: RefineReport) -> Element:
    rows = [
        e(
            "tr",
            e("td", e("code", each.source)),
            e("td", f"{each.n_read:,}", class_="right"),
            e("td", f"{each.n_kept:,}", class_="right"),
        )
        for each in report.sources
    ]
    head = e(
        "tr",
        e("th", "Source", scope="col"),
        e("th", "read", class_="right", scope="col"),
        e("th", "kept", class_="right", scope="col"),
    )
    return e("section", e("h2", "Sources"), e("table", e("thead", head), e("tbody", rows)), id="sources")


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


def _rows(rows: list[tuple[Content, int]], total: int, colour: str) -> Element:
    return e(
        "div",
        [
            (e("span", name), e("span", bar(n, total, colour), class_="track"), e("span", f"{n:,}", class_="right"))
            for name, n in rows
        ],
        class_="rows",
    )
