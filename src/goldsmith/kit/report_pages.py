"""The frame of a report: one HTML file that shows everything it says, runs nothing and loads nothing."""

from functools import cache
from pathlib import Path

from goldsmith.kit.markup import Content, Element, e, write


def report_page(title: str, *content: Content, more_style: str = "") -> str:
    """A whole page as HTML text.

    Args:
        title: its title.
        content: what is in it.
        more_style: style sheet rules besides those of all reports; only this package's own.
    """
    head = e(
        "head",
        e("meta", charset="utf-8"),
        e("meta", name="viewport", content="width=device-width, initial-scale=1"),
        e("meta", http_equiv="Content-Security-Policy", content="default-src 'none'; style-src 'unsafe-inline'"),
        e("title", title),
        e("style", _style() + more_style),
    )
    return "<!doctype html>\n" + write(e("html", head, e("body", e("main", *content)), lang="en")) + "\n"


def table(headings: tuple[str, ...], rows: list[Element]) -> Element:
    """A table that scrolls by itself where the page is narrow.

    All columns but the first are numbers; one without heading is drawn, and left out where there is no room.
    """
    kinds = [None, *("right" if each else "wide" for each in headings[1:])]
    cells = [e("th", each, class_=kind, scope="col") for each, kind in zip(headings, kinds, strict=True)]
    shown = e("table", e("thead", e("tr", cells)), e("tbody", rows))
    return e("div", shown, class_="scroll", tabindex="0", role="region", aria_label=", ".join(headings))


@cache
def _style() -> str:
    return Path(__file__).with_name("report.css").read_text(encoding="utf-8")
