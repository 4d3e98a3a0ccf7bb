"""What the answers of an audit say of each filter. Pure: counts in, shares with intervals out."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from goldsmith.quality.stratified import Cell, stratified_recall, stratified_share
from goldsmith.refine.auditing.model import Audit, CurvePoint, Domain, Drawn, Estimate, FilterQuality, Findings

Answer = Literal["this-reason", "other-reason", "keep", "cannot-say"]

WANTED: frozenset[Answer] = frozenset({"this-reason", "other-reason"})
"""The answers that say that a document should be dropped."""

_REACH = 0.8
"""A threshold is shown when the sample speaks for this share of the documents that it would drop."""


def measure(audit: Audit, answers: Mapping[str, Answer]) -> Findings:
    """The precision and recall of every filter of a run, each with its 95 % interval.

    The sample is stratified, and how many documents of each stratum a filter stops is known exactly, so each of these
    parts counts by its size. Documents without an answer, or about which nobody could say, count as not drawn.

    Args:
        audit: what was drawn.
        answers: what people said, by the name of the item.
    """
    known: list[tuple[Drawn, Answer]] = [(drawn, answers[drawn.item]) for drawn in audit.drawn if drawn.item in answers]
    judged: list[tuple[Drawn, Answer]] = [(drawn, answer) for drawn, answer in known if answer != "cannot-say"]
    sample = _Sample(audit, judged)
    dropped = [place for place, stratum in enumerate(audit.strata) if stratum.kind.startswith("dropped")]
    kept = [place for place in range(len(audit.strata)) if place not in dropped]
    return Findings(
        n_answered=len(judged),
        n_cannot_say=len(known) - len(judged),
        precision=Estimate.of(stratified_share(sample.whole(dropped))),
        recall=Estimate.of(stratified_recall(sample.whole(dropped), sample.whole(kept))),
        filters=tuple(_quality(place, audit, sample) for place in range(len(audit.filters))),
    )


def _quality(place: int, audit: Audit, sample: "_Sample") -> FilterQuality:
    first = [n for n, each in enumerate(audit.strata) if each.filter == place and each.kind.startswith("dropped")]
    near = [n for n, each in enumerate(audit.strata) if each.filter == place and each.kind == "kept-near"]
    domains = [(number, domain) for number, domain in enumerate(audit.domains) if domain.filter == place]
    own = next(number for number, domain in domains if domain.threshold is None)
    return FilterQuality(
        filter=place,
        precision=Estimate.of(stratified_share(sample.inside(own))),
        reason_precision=Estimate.of(stratified_share(sample.whole(first, lambda answer: answer == "this-reason"))),
        recall=Estimate.of(stratified_recall(sample.inside(own), sample.outside(own))),
        near_misses=Estimate.of(stratified_share(sample.whole(near))),
        curve=tuple(
            _point(domain, domain.threshold, number, sample)
            for number, domain in domains
            if domain.threshold is not None and sample.reach(number) >= _REACH
        ),
    )


def _point(domain: Domain, threshold: float, number: int, sample: "_Sample") -> CurvePoint:
    return CurvePoint(
        threshold=threshold,
        n_dropped=sum(domain.populations),
        precision=Estimate.of(stratified_share(sample.inside(number))),
        recall=Estimate.of(stratified_recall(sample.inside(number), sample.outside(number))),
    )


def _is_wanted(answer: Answer) -> bool:
    return answer in WANTED


class _Sample:
    """The answers, counted by stratum and domain."""

    def __init__(self, audit: Audit, judged: Sequence[tuple[Drawn, Answer]]) -> None:
        self._audit = audit
        self._answers: list[Counter[Answer]] = [Counter() for _ in audit.strata]
        self._inside: list[list[Counter[Answer]]] = [[Counter() for _ in audit.strata] for _ in audit.domains]
        for drawn, answer in judged:
            self._answers[drawn.stratum][answer] += 1
            for domain in drawn.domains:
                self._inside[domain][drawn.stratum][answer] += 1

    def whole(self, strata: Sequence[int], is_right: Callable[[Answer], bool] = _is_wanted) -> list[Cell]:
        """Whole strata."""
        return [_cell(self._audit.strata[n].n_population, self._answers[n], is_right) for n in strata]

    def inside(self, domain: int) -> list[Cell]:
        """The part of each stratum that lies in a domain."""
        populations = self._audit.domains[domain].populations
        return [_cell(n, self._inside[domain][place], _is_wanted) for place, n in enumerate(populations)]

    def outside(self, domain: int) -> list[Cell]:
        """The part of each stratum that does not."""
        populations = self._audit.domains[domain].populations
        return [
            _cell(stratum.n_population - n, self._answers[place] - self._inside[domain][place], _is_wanted)
            for place, (stratum, n) in enumerate(zip(self._audit.strata, populations, strict=True))
        ]

    def reach(self, domain: int) -> float:
        """The share of a domain's documents that lie in strata from which one of them was answered."""
        cells = self.inside(domain)
        n = sum(cell.n_population for cell in cells)
        return sum(cell.n_population for cell in cells if cell.n_sampled) / n if n else 0.0


def _cell(n_population: int, answers: Counter[Answer], is_right: Callable[[Answer], bool]) -> Cell:
    n_right = sum(n for answer, n in answers.items() if is_right(answer))
    return Cell(n_population=n_population, n_sampled=answers.total(), n_right=n_right)
