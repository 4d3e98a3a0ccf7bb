"""Makes the report of a run from what was counted on the way."""

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from goldsmith.quality.intervals import wilson_interval
from goldsmith.refine.model import Stage
from goldsmith.refine.reports import Change, Histogram, NameCount, Names, RuleCount, Sample, Share, StageCount
from goldsmith.refine.rules import NumberRule, Present
from goldsmith.refine.tallies import NamesTally, Ranked, RuleTally, StageTally

N_BINS = 48
MAX_NAMES = 50_000
"""Names that a report lists: more than a folder of test sets has items."""


def summarise_stage(stage: Stage, tally: StageTally) -> StageCount:
    """What one stage did."""
    return StageCount(
        stage=stage.name,
        title=stage.title,
        n_in=tally.n_in,
        n_out=tally.n_in - tally.n_dropped - tally.n_failed,
        n_dropped=tally.n_dropped,
        n_failed=tally.n_failed,
        n_changed=tally.n_changed,
        rules=tuple(
            RuleCount(rule=name, n=rule.n_stopped, examples=_samples(rule.examples))
            for name, rule in tally.rules.items()
        ),
        changes=tuple(Change(label=label, n_spans=tally.spans[name]) for name, label in stage.changes.items()),
        changed=_samples(tally.changes),
    )


def summarise_numbers(stage: Stage, tally: StageTally) -> Iterable[Histogram]:
    """A histogram for each rule of a stage that compares a number."""
    for rule in stage.rules():
        found = tally.rules.get(rule.name)
        if isinstance(rule, NumberRule) and found is not None:
            yield _histogram(stage, rule, found)


def summarise_names(stage: Stage, tally: StageTally, kept: Mapping[str, NamesTally], *, n_kept: int) -> Iterable[Names]:
    """What documents were named by a stage, before and after.

    Args:
        stage: the stage.
        tally: what it did.
        kept: the names of the kept documents, by column.
        n_kept: kept documents.
    """
    for column, label in stage.named.items():
        before, after = tally.names.get(column, NamesTally()), kept.get(column, NamesTally())
        ranked = sorted(before.documents.items(), key=lambda item: (-item[1], item[0]))
        yield Names(
            stage=stage.name,
            column=column,
            label=label,
            n=tally.n_in,
            n_named=before.n_named,
            n_kept=n_kept,
            n_kept_named=after.n_named,
            before=_share(before.n_named, tally.n_in),
            after=_share(after.n_named, n_kept),
            n_names=len(ranked),
            names=tuple(NameCount(name=name, n=n, n_kept=after.documents[name]) for name, n in ranked[:MAX_NAMES]),
        )


def _share(n_found: int, n: int) -> Share:
    interval = wilson_interval(n_found, n)
    return Share(estimate=interval.estimate, low=interval.low, high=interval.high)


def warnings_of(stages: Sequence[Stage], tallies: Sequence[StageTally]) -> Iterable[str]:
    """What looks as if it did nothing: a stage that drops or changes texts, and touched no document."""
    for stage, tally in zip(stages, tallies, strict=True):
        can_act = bool(stage.changes) or any(not isinstance(rule, Present) for rule in stage.rules())
        has_acted = tally.n_dropped + tally.n_failed + tally.n_changed > 0
        if can_act and not has_acted and tally.n_in > 0:
            yield f"{stage.title} ({stage.name}) saw {tally.n_in:,} documents, and dropped, failed and changed none."


def _histogram(stage: Stage, rule: NumberRule, tally: RuleTally) -> Histogram:
    numbers = np.concatenate(tally.numbers) if tally.numbers else np.zeros(0)
    edges = _edges(numbers, rule)
    counts, _ = np.histogram(numbers, edges)
    drops_above = rule.is_dropped(math.inf)
    return Histogram(
        stage=stage.name,
        rule=rule.name,
        label=rule.label,
        threshold=rule.threshold,
        side="above" if drops_above else "below",
        drops_threshold=rule.is_dropped(rule.threshold),
        is_logarithmic=not rule.is_share,
        n=len(numbers),
        n_dropped=tally.n_stopped,
        edges=tuple(edges.tolist()),
        counts=tuple(counts.tolist()),
        just_dropped=_samples(tally.just_dropped),
        just_passed=_samples(tally.just_passed),
    )


def _edges(
    numbers: np.ndarray[tuple[int], np.dtype[np.float64]], rule: NumberRule
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    if rule.is_share:
        return np.linspace(0.0, 1.0, N_BINS + 1)
    seen = [*numbers.tolist(), rule.threshold]
    low, high = max(1.0, min(seen)), max(10.0, *seen)
    edges = np.geomspace(low, max(high, 2 * low), N_BINS + 1)
    edges[0], edges[-1] = min(0.0, *seen) if min(seen) < low else low, max(edges[-1], *seen)
    return edges


def _samples(ranked: Sequence[Ranked]) -> tuple[Sample, ...]:
    return tuple(sample for *_, sample in ranked)
