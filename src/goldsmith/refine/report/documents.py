"""Draws the documents of the report: each once, under the first reason that shows it; other reasons lead there."""

from collections.abc import Iterator, Sequence
from functools import cache

from goldsmith.kit.markup import Content, Element, e
from goldsmith.refine.report.texts import MAX_DRAWN, passages, spelled
from goldsmith.refine.reports import RefineReport, Score, ShownChange, ShownDocument, ShownRule
from goldsmith.refine.rules import as_words

_NUMBERS = ("value", "threshold", "margin", "places in the text")
_FATES = {"kept": "good", "dropped": "bad", "failed": "waiting"}


class Shelf:
    """The documents of a report, handed out one by one."""

    __slots__ = ("_documents", "_drawn", "_titles")

    def __init__(self, report: RefineReport) -> None:
        self._documents = {document.number: document for document in report.documents}
        self._titles = {stage.stage: stage.title for stage in report.stages}
        self._drawn: set[int] = set()

    def entry(self, number: int, stage: str, rule: str) -> Element | None:
        """A line for a document that opens it, or leads to where it can be opened.

        Args:
            number: the document.
            stage: the stage that it is shown for.
            rule: the rule that it is shown for; none for what the stage changed.
        """
        document = self._documents.get(number)
        if document is None:
            return None
        said = next((each for each in document.rules if (each.stage, each.rule) == (stage, rule)), None)
        heading = [e("span", spelled(document.id), class_="id"), _note(document, said, stage if not rule else "")]
        if number in self._drawn:
            link = e("a", heading, href=f"#d{number}")
            return e("p", link, class_="elsewhere")
        self._drawn.add(number)
        return e("details", e("summary", heading), self._body(document, said), class_="document")

    def _body(self, document: ShownDocument, said: ShownRule | None) -> Element:
        fate = e("b", document.fate, class_=f"word-{_FATES[document.fate]}")
        facts = [f"source {document.source}", f"{document.n_characters:,} characters"]
        if document.language:
            facts.insert(1, f"language {document.language}")
        return e(
            "div",
            e("p", fate, " · ", " · ".join(facts), class_="facts"),
            self._rules(document, said),
            passages(document),
            self._changes(document.changes),
            self._scores(document.scores),
            id=f"d{document.number}",
            class_="body",
        )

    def _rules(self, document: ShownDocument, said: ShownRule | None) -> Element | None:
        if not document.rules:
            return None
        drawn = document.rules[:MAX_DRAWN]
        chosen = said if said is not None and said in drawn and said.spans else None
        chosen = chosen or next((rule for rule in drawn if rule.spans), None)
        rows = [
            self._rule(document, rule, place, is_chosen=rule is chosen) for place, rule in enumerate(document.rules)
        ]
        names = ("What rules say", *_NUMBERS)
        head = e(
            "tr", [e("th", name, scope="col", class_="right" if place else None) for place, name in enumerate(names)]
        )
        return e("div", e("table", e("thead", head), e("tbody", rows), class_="rules"), class_="scroll")

    def _rule(self, document: ShownDocument, rule: ShownRule, place: int, *, is_chosen: bool) -> Element:
        title = f"{rule_words(rule.rule)}, {self._titles.get(rule.stage, rule.stage)}"
        says, state = ("stops it", "bad") if rule.is_stop else ("passes", "good")
        verdict = e("span", says, class_=f"word-{state}")
        more = [
            e("span", f"{name} ", e("span", spelled(value), class_="id"), class_="why") for name, value in _more(rule)
        ]
        words: Content = [e("b", title), " ", verdict, e("span", rule.reason, class_="why"), more]
        if rule.spans and place < MAX_DRAWN:
            picked = e("input", type="radio", name=f"r{document.number}", class_=f"pick p{place}", checked=is_chosen)
            words = e("label", picked, e("span", words))
        is_cut = rule.n_spans > len(rule.spans)
        n_places = f"{rule.n_spans:,}" + (f", {len(rule.spans)} marked" if is_cut else "") if rule.n_spans else None
        numbers = [
            None if rule.value is None else as_words(rule.value, beside=rule.threshold),
            None if rule.threshold is None else as_words(rule.threshold),
            None if rule.margin is None else as_words(rule.margin, beside=0),
        ]
        cells = zip((*numbers, n_places), _NUMBERS, strict=True)
        return e("tr", e("td", words), [e("td", n or "-", class_="right", data_label=name) for n, name in cells])

    def _changes(self, changes: Sequence[ShownChange]) -> Element | None:
        gone = [change for change in changes if change.start is None and change.before]
        if not gone:
            return None
        return e(
            "details",
            e("summary", f"{len(gone):,} passages that are not in the text any more"),
            [
                e("p", e("span", change.kind, class_="muted"), " ", e("del", spelled(change.before or "")))
                for change in gone
            ],
            class_="more",
        )

    def _scores(self, scores: dict[str, dict[str, Score]]) -> Element | None:
        n = sum(map(len, scores.values()))
        if not n:
            return None
        lists = [
            e("div", e("b", self._titles.get(stage, stage)), e("dl", list(_values(found))))
            for stage in self._titles
            if (found := scores.get(stage))
        ]
        return e("details", e("summary", f"All {n:,} scores"), e("div", lists, class_="scores"), class_="more")


def _more(rule: ShownRule) -> list[tuple[str, str]]:
    """What shows a verdict that its reason does not say already."""
    return [(name, value) for name, value in sorted(rule.evidence.items()) if value not in rule.reason]


def rule_words(rule: str) -> str:
    """What people call a rule."""
    return rule.replace("-", " ").capitalize()


def _note(document: ShownDocument, said: ShownRule | None, changed_by: str) -> Content:
    if said is not None:
        return e("span", said.reason, class_="why")
    if changed_by:
        kinds = [change.kind for change in document.changes if change.stage == changed_by and change.kind]
        note = ", ".join(dict.fromkeys(kinds))
        return e("span", f"{document.fate}; {note}" if note else document.fate, class_="why")
    return None


@cache
def _term(name: str) -> Element:
    return e("dt", name)


def _values(found: dict[str, Score]) -> Iterator[Content]:
    for name, value in sorted(found.items()):
        shown = (
            as_words(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value).lower()
        )
        yield e("div", _term(name), e("dd", shown if not isinstance(value, str) else spelled(value)))
