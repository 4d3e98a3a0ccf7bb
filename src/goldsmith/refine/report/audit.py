"""How right the filters are, as people's answers say: the part of the report that an audit adds."""

from collections.abc import Sequence

from goldsmith.kit.markup import Content, Element, e
from goldsmith.refine.auditing.model import Audit, CurvePoint, Estimate, FilterQuality, Findings
from goldsmith.refine.rules import as_words


def audit_section(audit: Audit) -> Element | None:
    """Precision and recall of every filter; nothing before answers were read."""
    found = audit.findings
    if found is None:
        return None
    whole = e(
        "tr",
        e("td", e("b", "All filters")),
        e("td", f"{audit.n_dropped:,}", class_="right"),
        _share(found.precision),
        e("td"),
        _share(found.recall),
        e("td"),
    )
    headings = ("Filter", "drops", "precision", "for its reason", "recall", "near misses")
    curves = [_curve(audit, each) for each in found.filters if each.curve]
    return e(
        "section",
        e("h2", "How right the filters are"),
        e("p", _lead(audit, found), class_="lead"),
        _table(headings, [whole, *(_row(audit, each) for each in found.filters)]),
        [e("h3", "With other thresholds"), curves] if curves else None,
        id="audit",
    )


def _lead(audit: Audit, found: Findings) -> str:
    return (
        f"People judged {found.n_answered:,} of {len(audit.drawn):,} documents, drawn with known chances and most of "
        "them near the thresholds. Precision: of what a filter stops, the share that should be dropped. Recall: of "
        "all that should be dropped, the share that it stops. Near misses: of the kept documents nearest to its "
        "threshold, the share that should be dropped. In brackets 95 % intervals and the number of answers behind them."
    )


def _row(audit: Audit, one: FilterQuality) -> Element:
    known = audit.filters[one.filter]
    shares = (one.precision, one.reason_precision, one.recall, one.near_misses)
    return e(
        "tr",
        e("td", known.words),
        e("td", f"{known.n_dropped:,}", class_="right"),
        [_share(each) for each in shares],
    )


def _curve(audit: Audit, one: FilterQuality) -> Element:
    known = audit.filters[one.filter]
    now = CurvePoint(
        threshold=known.threshold or 0, n_dropped=known.n_dropped, precision=one.precision, recall=one.recall
    )
    rows = [
        e(
            "tr",
            e("td", as_words(point.threshold), e("b", " now") if point is now else None),
            e("td", f"{point.n_dropped:,}", class_="right"),
            _share(point.precision),
            _share(point.recall),
        )
        for point in sorted([*one.curve, now], key=lambda point: point.threshold)
    ]
    title: Content = [known.words, e("span", f" by {known.label}", class_="muted")]
    return e("details", e("summary", title), _table(("Threshold", "drops", "precision", "recall"), rows))


def _table(headings: Sequence[str], rows: Sequence[Element]) -> Element:
    cells = [e("th", each, class_="right" if place else None, scope="col") for place, each in enumerate(headings)]
    return e("div", e("table", e("thead", e("tr", cells)), e("tbody", rows)), class_="scroll")


def _share(found: Estimate) -> Element:
    if found.estimate is None or found.low is None or found.high is None:
        return e("td", "not known", class_="right muted")
    between = e("span", f" ({found.low:.2f} to {found.high:.2f}; {found.n:,})", class_="muted")
    return e("td", e("b", f"{found.estimate:.2f}"), between, class_="right")
