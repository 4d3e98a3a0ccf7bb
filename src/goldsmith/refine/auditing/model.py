"""What an audit of a run is: which documents were drawn from which parts, and what the answers say of the filters."""

from typing import Literal

import msgspec

from goldsmith.quality.intervals import Interval

FORMAT = 1
"""The version of `audit.json` that this code writes and reads."""

Kind = Literal["kept", "kept-near", "dropped", "dropped-near"]


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """A rule of a stage that drops documents.

    Attributes:
        title: what the stage does, in words.
        threshold: what its number is compared with, where it has one.
        label: what that number is.
        n_dropped: documents that it stops, alone or with others.
    """

    stage: str
    rule: str
    title: str
    threshold: float | None
    label: str
    n_dropped: int

    @property
    def words(self) -> str:
        """The stage and the rule, for people."""
        return f"{self.title}: {self.rule.replace('-', ' ')}"


class Stratum(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the documents that was sampled at a rate of its own; together the strata hold each document once.

    Attributes:
        kind: kept or dropped, and whether near to a threshold.
        filter: the place of the filter whose threshold is near, or which dropped first; None far from all thresholds.
        n_population: documents in it.
        n_drawn: of these, drawn.
    """

    kind: Kind
    filter: int | None
    n_population: int
    n_drawn: int


class Domain(msgspec.Struct, frozen=True, kw_only=True):
    """The documents that a filter would stop with some threshold.

    Attributes:
        filter: the place of the filter.
        threshold: another threshold; None for the filter as it is.
        populations: how many of these documents lie in each stratum.
    """

    filter: int
    threshold: float | None
    populations: tuple[int, ...]


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """A document that was drawn.

    Attributes:
        item: what the labelling project calls it.
        id: its id.
        stratum: the place of its stratum.
        asked: the place of the filter that its question is about; None for one that came near to no threshold.
        domains: the places of the domains that it lies in.
    """

    item: str
    id: str
    stratum: int
    asked: int | None
    domains: tuple[int, ...]


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """A share with its 95 % interval, and how many answers it rests on; no numbers where nothing was answered."""

    estimate: float | None
    low: float | None
    high: float | None
    n: int

    @classmethod
    def of(cls, interval: Interval) -> "Estimate":
        """The same numbers, as they are written."""
        return cls(estimate=interval.estimate, low=interval.low, high=interval.high, n=interval.n)


class CurvePoint(msgspec.Struct, frozen=True, kw_only=True):
    """What a filter would do with another threshold; `n_dropped` documents would be stopped by it."""

    threshold: float
    n_dropped: int
    precision: Estimate
    recall: Estimate


class FilterQuality(msgspec.Struct, frozen=True, kw_only=True):
    """How good a filter is.

    Attributes:
        filter: its place among the filters.
        precision: of the documents that it stops, the share that should have been dropped, for whatever reason.
        reason_precision: of those that it stops first, the share that should have been dropped for its reason.
        recall: of all documents that should have been dropped, the share that it stops.
        near_misses: of the kept documents nearest to its threshold, the share that should have been dropped.
        curve: the same for other thresholds, as far as the sample reaches, by threshold.
    """

    filter: int
    precision: Estimate
    reason_precision: Estimate
    recall: Estimate
    near_misses: Estimate
    curve: tuple[CurvePoint, ...]


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """What the answers say.

    Attributes:
        n_answered: documents that people could judge.
        n_cannot_say: documents about which they could not say.
        precision: of all dropped documents, the share that should have been dropped.
        recall: of all documents that should have been dropped, the share that was.
        filters: each filter, in the order of the recipe.
    """

    n_answered: int
    n_cannot_say: int
    precision: Estimate
    recall: Estimate
    filters: tuple[FilterQuality, ...]


class Audit(msgspec.Struct, frozen=True, kw_only=True):
    """An audit of a run, as `audit.json` holds it.

    Attributes:
        recipe_sha256: the recipe of the run.
        report_sha256: the run's `report.json`: another run has another one.
        seed: what the documents were drawn with.
        is_blind: whether the verdict is hidden from those who answer.
        vault: the vault of the labelling project.
        project: the labelling project.
        n_kept: kept documents of the run.
        n_dropped: dropped documents.
        filters: the rules that drop, in the order of the recipe.
        strata: the parts that were sampled.
        domains: what each filter stops as it is and with other thresholds.
        drawn: the documents that were drawn.
        findings: what the answers say, once they were read.
    """

    format: int = FORMAT
    goldsmith: str
    recipe_sha256: str
    report_sha256: str
    seed: int
    is_blind: bool
    vault: str = ""
    project: str = ""
    n_kept: int
    n_dropped: int
    filters: tuple[Filter, ...]
    strata: tuple[Stratum, ...]
    domains: tuple[Domain, ...]
    drawn: tuple[Drawn, ...]
    findings: Findings | None = None
