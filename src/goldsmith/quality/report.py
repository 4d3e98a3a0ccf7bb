"""Draws what votes come to as one HTML file: how sure, how right, who answers how, and what is contested."""

from collections.abc import Iterator

import numpy as np

from goldsmith.kit.markup import Content, Element, e
from goldsmith.kit.plurals import counted
from goldsmith.kit.report_pages import report_page, table
from goldsmith.quality.annotators import AnnotatorSkills, Verdict
from goldsmith.quality.assay import Assay, answers_of, contested
from goldsmith.quality.binary_scores import Bin
from goldsmith.quality.intervals import Interval
from goldsmith.quality.reliability import SURE

SHOWN_TASKS, SHOWN_ANNOTATORS, SHOWN_CLASSES, SHOWN_ANSWERS = 50, 200, 20, 12
SIZE, EDGE = 320, 36
_TOP = 18


def render_assay(found: Assay, skills: AnnotatorSkills | None, *, title: str) -> str:
    """The whole page as HTML text; it holds everything that it shows. Without skills it is silent on annotators."""
    return report_page(
        f"{title} · consensus",
        _header(found, title),
        _reliability(found),
        _histogram(found),
        _confusion(found, skills) if skills else None,
        _annotators(skills) if skills else None,
        _contested(found),
    )


_USUAL = "what is usual for such votes, as no labels were given"


def _header(found: Assay, title: str) -> Element:
    votes, share = found.votes, found.n_sure / found.votes.n_tasks
    why = f" ({found.why})" if found.why else ""
    on = counted(found.n_gold, "known label") if found.n_gold else _USUAL
    how = f"No label has a confidence: {found.why_unsure}" if found.why_unsure else f"Confidence is calibrated on {on}"
    return e(
        "header",
        e("p", "Consensus", class_="kicker"),
        e("h1", title),
        e(
            "p",
            e("strong", f"{100 * share:.1f}%"),
            e("span", f"of {counted(votes.n_tasks, 'label')} are certain"),
            class_="headline",
        ),
        e(
            "p",
            f"{counted(votes.n_votes, 'vote')} by {counted(votes.n_annotators, 'annotator')} "
            f"for {counted(votes.n_classes, 'class')}. Method: {found.method}{why}. {how}; certain is 95% or more.",
            class_="lead",
        ),
    )


def _reliability(found: Assay) -> Element | None:
    tested = found.reliability
    if tested is None:
        return None
    facts = [("Accuracy", _percent(tested.accuracy)), ("Accuracy of certain labels", _percent(tested.of_sure))]
    for name, one in (("Calibration error", tested.ece), ("Log-loss", tested.nll), ("Brier score", tested.brier)):
        between = "" if one.low is None or one.high is None else f" ({one.low:.3f} to {one.high:.3f})"
        facts.append((name, one.note if one.value is None else f"{one.value:.3f}{between}"))
    rows = [e("tr", e("td", name), e("td", value, class_="right")) for name, value in facts]
    return _section(
        "How right it is",
        "On tasks with known labels, which the method did not see. Intervals at 95%.",
        table(("Measure", "value"), rows),
        e("figure", _diagram(tested.bins), e("figcaption", *_in_words(tested.bins))) if tested.bins else None,
    )


def _diagram(bins: tuple[Bin, ...]) -> Element:
    """The share of right labels by confidence, with intervals; on the line both are the same."""
    return e(
        "svg",
        e("title", "Share of right labels by confidence"),
        [_gridline(tick / 4) for tick in range(5)],
        e("line", x1=_x(0), y1=_y(0), x2=_x(1), y2=_y(1), class_="threshold"),
        [_whisker(one) for one in bins],
        e("text", "confidence", x=_x(0.5), y=SIZE - 4, class_="label middle"),
        e("text", "right", x=_x(0) + 4, y=_y(1) + 10, class_="label"),
        viewBox=f"0 0 {SIZE} {SIZE}",
        role="img",
        class_="chart",
        style=f"max-width:{SIZE}px;max-height:{SIZE}px",
    )


def _gridline(at: float) -> list[Element]:
    words = f"{100 * at:.0f}%"
    return [
        e("line", x1=_x(0), x2=_x(1), y1=_y(at), y2=_y(at), class_="grid"),
        e("text", words, x=_x(0) - 4, y=_y(at) + 4, class_="label end"),
        e("text", words, x=_x(at), y=_y(0) + 14, class_="label middle"),
    ]


def _whisker(one: Bin) -> list[Element]:
    share, x = one.share, _x(one.mean_score)
    low, high = _y(share.low or 0.0), _y(share.high or 0.0)
    return [
        e("line", x1=x, x2=x, y1=low, y2=high, class_="axis"),
        e("circle", cx=x, cy=_y(share.estimate or 0.0), r=4, class_="changed"),
    ]


def _in_words(bins: tuple[Bin, ...]) -> Iterator[Content]:
    for one in bins:
        yield f"Confidence {100 * one.mean_score:.0f}%: {_percent(one.share)} right. "


def _x(share: float) -> float:
    return round(EDGE + share * (SIZE - EDGE - _TOP), 1)


def _y(share: float) -> float:
    return round(SIZE - EDGE - share * (SIZE - EDGE - _TOP), 1)


def _histogram(found: Assay) -> Element:
    known = found.confidence[~np.isnan(found.confidence)]
    edges = [0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0 + 1e-9]
    counts: list[int] = np.histogram(known, bins=edges)[0].tolist()
    rows = [
        e(
            "tr",
            e("td", f"{100 * low:.0f}% to {min(100.0, 100 * high):.0f}%"),
            e("td", _bar(n / max(1, *counts), "kept" if low >= SURE else "changed"), class_="wide"),
            _right(f"{n:,}"),
        )
        for low, high, n in zip(edges, edges[1:], counts, strict=False)
    ]
    unchecked = int(np.isnan(found.confidence).sum())
    why = found.why_unsure or "nobody else has checked their only answer"
    note = f" {counted(unchecked, 'task')} without: {why}." if unchecked else ""
    return _section("How sure it is", f"Tasks by confidence.{note}", table(_BY_SURE, rows))


_BY_SURE = ("Confidence", "", "tasks")


def _bar(share: float, colour: str) -> Element:
    drawn = e("span", class_=f"bar {colour}", style=f"width:{100 * share:.2f}%") if share else None
    return e("span", drawn, class_="track")


def _confusion(found: Assay, skills: AnnotatorSkills) -> Element | None:
    """How often the crowd answers a class where another is true."""
    classes = found.votes.classes[:SHOWN_CLASSES]
    if len(classes) < 2:
        return None
    together = skills.confusions_.together()
    shares = np.where(together.is_met()[0, :, np.newaxis], together.rows().estimate[0], np.nan)
    drawn: list[list[float]] = shares.tolist()
    rows = [
        e("tr", e("th", name, scope="row"), [_cell(share) for share in drawn[row][: len(classes)]])
        for row, name in enumerate(classes)
    ]
    more = found.votes.n_classes - len(classes)
    note = f" {more:,} more classes are not drawn." if more else ""
    lead = (
        "Of all answers where the class on the left is true, the share that is the class above; nothing is said of "
        f"classes that were hardly met.{note}"
    )
    return _section("What is taken for what", lead, table(("True", *classes), rows))


def _cell(share: float) -> Element:
    if np.isnan(share):
        return e("td", "not known", class_="right muted")
    return e("td", f"{100 * share:.0f}%", class_="right" if share >= 0.005 else "right muted")


def _annotators(skills: AnnotatorSkills) -> Element:
    accuracy, scores = skills.accuracy_, skills.spammer_score_
    columns = (accuracy.estimate, accuracy.low, accuracy.high, scores.estimate, scores.low, scores.high)
    numbers: list[list[float]] = np.stack(columns, axis=1).tolist()
    n_answers: list[int] = skills.n_answers_.tolist()
    order: list[int] = np.argsort(-skills.n_answers_, kind="stable")[:SHOWN_ANNOTATORS].tolist()
    rows = [
        e(
            "tr",
            e("td", skills.annotators[one], class_="id"),
            _right(f"{n_answers[one]:,}"),
            _right(*_between(*numbers[one][:3])),
            _right(*_between(*numbers[one][3:])),
            _right(e("span", str(skills.verdicts_[one]), class_=_TONES.get(skills.verdicts_[one]))),
        )
        for one in order
    ]
    rest = len(skills.annotators) - len(order)
    note = f" The {rest:,} with fewest answers are not listed." if rest else ""
    lead = f"How often right, and how much answers depend on what is true, with intervals.{note}"
    headings = ("Annotator", "answers", "right", "informative", "what may be said")
    return _section("Who answers how", lead, table(headings, rows))


_TONES = {
    Verdict.TOO_FEW: "muted",
    Verdict.UNSURE: "muted",
    Verdict.SPAMMER: "word-bad",
    Verdict.MISLEADING: "word-bad",
}


def _between(value: float, low: float, high: float) -> list[Content]:
    if np.isnan(value):
        return ["not known"]
    return [f"{100 * value:.0f}%", e("span", f" ({100 * low:.0f} to {100 * high:.0f})", class_="muted")]


def _contested(found: Assay) -> Element:
    votes, labels = found.votes, found.labels
    sure: list[float] = found.confidence.tolist()
    rows: list[Element] = []
    for task in contested(found, SHOWN_TASKS):
        said = [f"{who}: {what}" for who, what in answers_of(votes, task)]
        more = f" and {len(said) - SHOWN_ANSWERS} more" if len(said) > SHOWN_ANSWERS else ""
        rows.append(
            e(
                "tr",
                e("td", votes.task_names[task], class_="id"),
                _right(labels[task]),
                _right("not known" if np.isnan(sure[task]) else f"{100 * sure[task]:.0f}%"),
                e("td", ", ".join(said[:SHOWN_ANSWERS]) + more, class_="muted"),
            )
        )
    lead = f"The {len(rows):,} least certain tasks, and who said what."
    return _section("What is contested", lead, table(("Task", "label", "confidence", "answers"), rows))


def _section(title: str, lead: str, *content: Content) -> Element:
    return e("section", e("h2", title), e("p", lead, class_="lead"), *content)


def _right(*content: Content) -> Element:
    return e("td", *content, class_="right")


def _percent(share: Interval) -> str:
    if share.estimate is None or share.low is None or share.high is None:
        return "not known"
    return f"{100 * share.estimate:.1f}% ({100 * share.low:.1f} to {100 * share.high:.1f}; {share.n:,})"
