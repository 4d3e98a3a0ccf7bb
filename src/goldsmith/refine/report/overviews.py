"""Sections of the report about all documents: the names that stages found in them, their languages and sources."""

from goldsmith.kit.markup import Content, Element, e
from goldsmith.refine.report.charts import bar
from goldsmith.refine.reports import Names, RefineReport, Share

MAX_LANGUAGES = 20
MAX_NAMES = 25
"""Names that are shown of a kind; the data of the report has more."""

_MAX_NAME = 200


def names(report: RefineReport) -> list[Element]:
    """For each kind of name how many documents have one, before and after, and the most frequent names."""
    return [_names(found) for found in report.names if found.n_named]


def languages(report: RefineReport) -> Element | None:
    """The languages of the kept documents."""
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
        _bars(rows, report.n_kept, "changed"),
        id="languages",
    )


def sources(report: RefineReport) -> Element:
    """How many documents each source gave."""
    rows = [
        e(
            "tr",
            e("td", e("code", each.source)),
            e("td", f"{each.n_read:,}", class_="right"),
            e("td", f"{each.n_kept:,}", class_="right"),
        )
        for each in report.sources
    ]
    return e("section", e("h2", "Sources"), _table(("Source", "read", "kept"), rows), id="sources")


def _names(found: Names) -> Element:
    rows = [
        e(
            "tr",
            e("td", e("span", each.name[:_MAX_NAME], class_="id")),
            e("td", f"{each.n:,}", class_="right"),
            e("td", f"{each.n_kept:,}", class_="right"),
        )
        for each in found.names[:MAX_NAMES]
    ]
    rest = found.n_names - len(rows)
    return e(
        "section",
        e("h2", found.label[:1].upper() + found.label[1:]),
        e(
            "p",
            f"{found.n_named:,} of {found.n:,} documents have one: {_share(found.before)}. Of {found.n_kept:,} kept "
            f"ones it is {found.n_kept_named:,}: {_share(found.after)}.",
            class_="lead",
        ),
        e("div", _table(("Name", "documents", "kept"), rows), class_="scroll", tabindex="0"),
        e("p", f"{rest:,} more; ", e("code", "report.json"), " lists them.", class_="muted") if rest else None,
        id=f"names.{found.stage}.{found.column}",
    )


def _share(share: Share) -> str:
    if share.estimate is None or share.low is None or share.high is None:
        return "nothing can be said"
    return f"{share.estimate:.2%} ({share.low:.2%} to {share.high:.2%})"


def _table(headings: tuple[str, ...], rows: list[Element]) -> Element:
    cells = [e("th", text, class_="right" if place else None, scope="col") for place, text in enumerate(headings)]
    return e("table", e("thead", e("tr", cells)), e("tbody", rows))


def _bars(rows: list[tuple[Content, int]], total: int, colour: str) -> Element:
    return e(
        "div",
        [
            (e("span", name), e("span", bar(n, total, colour), class_="track"), e("span", f"{n:,}", class_="right"))
            for name, n in rows
        ],
        class_="rows",
    )
