"""The section of the report about items of test sets: how common they are, how well they are found, and which."""

from collections.abc import Iterator, Sequence

from goldsmith.kit.markup import Content, Element, e
from goldsmith.refine.model import Probes
from goldsmith.refine.reports import Contamination, NameCount, Names, RefineReport, Share

MAX_ITEMS = 500
"""Items on the page; `report.json` has all."""

WIDTH, ROW, LEFT, RIGHT, TOP = 760, 34, 150, 90, 8


def contamination(report: RefineReport) -> list[Element]:
    """One section for each stage that looked for items of test sets."""
    return [_section(each, _names_of(report, each)) for each in report.contamination]


def _names_of(report: RefineReport, found: Contamination) -> Names:
    return next(each for each in report.names if (each.stage, each.column) == (found.stage, found.column))


def _section(found: Contamination, names: Names) -> Element:
    check = found.check
    n_unfindable = check.n_names - check.n_findable
    looked_for = f"{check.n_names:,} items in {check.n_files:,} files of test sets were looked for"
    hidden = f"; {n_unfindable:,} of them are too short or too common to be found" if n_unfindable else ""
    held = f"{found.n_found:,} of {found.n:,} documents hold at least one, {names.n_names:,} different items in all."
    searched = f"{looked_for}{hidden}. {held}"
    return e(
        "section",
        e("h2", "Contamination with test sets"),
        e("p", searched, class_="lead"),
        _rates(found),
        e("p", _after_words(found), class_="lead"),
        _reliability(found),
        _items(names),
        id="contamination-rate",
    )


def _rates(found: Contamination) -> Element:
    rows = (("before", found.before, "changed"), ("after", found.after, "kept"))
    ends = [share.high for _, share, _ in rows if share.high is not None]
    top = max([0.01, *ends]) * 1.05
    height = TOP + ROW * len(rows) + 24
    words = "; ".join(f"{name}: {_in_words(share)}" for name, share, _ in rows)
    return e(
        "figure",
        e("h3", "Documents with a test item"),
        e(
            "div",
            e(
                "svg",
                e("title", words),
                [_rate(name, share, colour, (place, top)) for place, (name, share, colour) in enumerate(rows)],
                list(_axis(top, height)),
                viewBox=f"0 0 {WIDTH} {height}",
                role="img",
                class_="chart",
            ),
            class_="scroll",
            tabindex="0",
        ),
        e(
            "figcaption",
            "With what is missed and what is taken for an item by mistake, if items come equally often in each form "
            f"below. {words[:1].upper()}{words[1:]}.",
        ),
    )


def _rate(name: str, share: Share, colour: str, at: tuple[int, float]) -> list[Content]:
    place, top = at
    y = TOP + ROW * place + ROW / 2
    label = e("text", f"{name} the run", x=0, y=y + 4, class_="label start strong")
    if share.estimate is None or share.low is None or share.high is None:
        return [label, e("text", "cannot be said", x=LEFT, y=y + 4, class_="label start")]
    low, middle, high = (_x(value, top) for value in (share.low, share.estimate, share.high))
    return [
        label,
        e("rect", x=LEFT, y=y - 7, width=max(1.0, middle - LEFT), height=14, class_=colour),
        e("line", x1=low, x2=high, y1=y, y2=y, class_="threshold"),
        [e("line", x1=x, x2=x, y1=y - 5, y2=y + 5, class_="threshold") for x in (low, high)],
        e("text", _percent(share.estimate), x=max(high, middle) + 8, y=y + 4, class_="label start strong"),
    ]


def _axis(top: float, height: int) -> Iterator[Element]:
    base = height - 22
    yield e("line", x1=LEFT, x2=WIDTH - RIGHT, y1=base, y2=base, class_="axis")
    for step in range(5):
        value = top * step / 4
        x = _x(value, top)
        yield e("line", x1=x, x2=x, y1=base, y2=base + 4, class_="axis")
        yield e("text", _percent(value), x=x, y=base + 17, class_="label middle")


def _x(value: float, top: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * min(1.0, value / top)


def _in_words(share: Share) -> str:
    if share.estimate is None or share.low is None or share.high is None:
        return "cannot be said"
    return f"{_percent(share.estimate)} (95 % interval {_percent(share.low)} to {_percent(share.high)})"


def _after_words(found: Contamination) -> str:
    left = f"Of {found.n_kept:,} kept documents {found.n_kept_found:,} still hold an item that was found"
    mended = f", and from {found.n_mended:,} the passages were taken out" if found.n_mended else ""
    return left + mended + ". The rate after the run counts those, and the ones that were probably missed."


def _reliability(found: Contamination) -> Element:
    check = found.check
    clean = (
        f"In {check.n_false:,} of {check.n_clean:,} clean documents an item was found: false alarms in "
        f"{_in_words(found.false_alarms)}."
        if check.n_clean
        else "False alarms were not measured, so every find counts as one: name documents that hold no item as `clean`."
    )
    return e(
        "figure",
        e("h3", "How well items are found"),
        e(
            "table",
            _head("Hidden on purpose", "items", "found", "share"),
            e("tbody", [_form(each) for each in check.probes]),
        ),
        e(
            "figcaption",
            f"Found in all: {_in_words(found.recall)}, if all these forms are equally common. {clean}",
        ),
    )


def _form(probes: Probes) -> Element:
    share = _percent(probes.n_found / probes.n) if probes.n else "-"
    return e(
        "tr",
        e("td", probes.form),
        e("td", f"{probes.n:,}", class_="right"),
        e("td", f"{probes.n_found:,}", class_="right"),
        e("td", share, class_="right"),
    )


def _items(names: Names) -> Content:
    if not names.names:
        return e("p", "No item was found.", class_="empty")
    shown = names.names[:MAX_ITEMS]
    more = f" The {len(shown):,} with most documents; report.json lists all." if names.n_names > len(shown) else ""
    return e(
        "details",
        e("summary", f"Every item that was found, with its documents.{more}"),
        e(
            "div",
            e(
                "table",
                _head("Item", "documents", "kept", "such as", n_words=1),
                e("tbody", [_item(each) for each in shown]),
            ),
            class_="scroll",
            tabindex="0",
        ),
        open=len(shown) <= 20,
    )


def _item(item: NameCount) -> Element:
    return e(
        "tr",
        e("td", e("span", item.name, class_="id")),
        e("td", f"{item.n:,}", class_="right"),
        e("td", f"{item.n_kept:,}", class_="right"),
        e("td", _listed(item.documents)),
    )


def _listed(documents: Sequence[str]) -> list[Content]:
    return [[", " if place else None, e("span", name, class_="id")] for place, name in enumerate(documents)]


def _head(*names: str, n_words: int = 0) -> Element:
    last = len(names) - n_words
    return e(
        "thead",
        e(
            "tr",
            [
                e("th", name, class_="right" if 0 < place < last else None, scope="col")
                for place, name in enumerate(names)
            ],
        ),
    )


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %" if share < 0.1 else f"{100 * share:.1f} %"
