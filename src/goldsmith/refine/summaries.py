"""Makes the report of a run from what was counted on the way."""

import math
from collections.abc import Iterable, Mapping, Sequence

from goldsmith.quality.intervals import wilson_interval
from goldsmith.refine.evidence.gallery import Place, Shown
from goldsmith.refine.model import CorpusStage, Stage
from goldsmith.refine.reports import Change, Histogram, NameCount, Names, RuleCount, Share, StageCount
from goldsmith.refine.rules import NumberRule, Present
from goldsmith.refine.tallies import PER_DECADE, SHARE_BINS, ZERO, NamesTally, RuleTally, StageTally, bin_of

MAX_BINS = 48
"""Bins of a histogram."""

MAX_NAMES = 50_000
"""Names that a report lists: more than a folder of test sets has items."""


def summarise_stage(stage: Stage, tally: StageTally, shown: Shown) -> StageCount:
    """What one stage did, with the documents that show it."""
    return StageCount(
        stage=stage.name,
        title=stage.title,
        n_in=tally.n_in,
        n_out=tally.n_in - tally.n_dropped - tally.n_failed,
        n_dropped=tally.n_dropped,
        n_failed=tally.n_failed,
        n_changed=tally.n_changed,
        rules=tuple(
            RuleCount(
                rule=name,
                n=rule.n_stopped,
                n_all=shown.n_stopped[stage.name, name],
                shown=_stopped(stage.name, name, shown),
            )
            for name, rule in tally.rules.items()
        ),
        changes=tuple(Change(label=label, n_spans=tally.spans[name]) for name, label in stage.changes.items()),
        changed=shown.places.get(Place(stage.name, "", "changed"), ()),
    )


def _stopped(stage: str, rule: str, shown: Shown) -> tuple[int, ...]:
    """The documents that a rule stopped: those nearest to its threshold, then others, each once."""
    nearest, drawn = (shown.places.get(Place(stage, rule, why), ()) for why in ("nearest", "drawn"))
    return tuple(dict.fromkeys([*nearest, *drawn]))


def summarise_numbers(stage: Stage, tally: StageTally, shown: Shown) -> Iterable[Histogram]:
    """A histogram for each rule of a stage that compares a number."""
    for rule in stage.rules():
        found = tally.rules.get(rule.name)
        if isinstance(rule, NumberRule) and found is not None:
            yield _histogram(stage, rule, found, shown)


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
            names=tuple(
                NameCount(name=name, n=n, n_kept=after.documents[name], documents=tuple(before.ids[name]))
                for name, n in ranked[:MAX_NAMES]
            ),
        )


def _share(n_found: int, n: int) -> Share:
    interval = wilson_interval(n_found, n)
    return Share(estimate=interval.estimate, low=interval.low, high=interval.high)


def warnings_of(stages: Sequence[Stage], tallies: Sequence[StageTally]) -> Iterable[str]:
    """What looks as if it did nothing: a stage that drops or changes texts, and touched no document."""
    for stage, tally in zip(stages, tallies, strict=True):
        can_act = bool(stage.changes) or any(not isinstance(rule, Present) for rule in stage.rules())
        has_acted = tally.n_dropped + tally.n_failed + tally.n_changed > 0
        least = 2 if isinstance(stage, CorpusStage) else 1  # one document has no other to be compared with
        if can_act and not has_acted and tally.n_in >= least:
            seen = "1 document" if tally.n_in == 1 else f"{tally.n_in:,} documents"
            yield f"{stage.title} ({stage.name}) saw {seen}, and dropped, failed and changed none."


def _histogram(stage: Stage, rule: NumberRule, tally: RuleTally, shown: Shown) -> Histogram:
    edges, counts = _share_bins(tally) if rule.is_share else _number_bins(tally, rule.threshold)
    return Histogram(
        stage=stage.name,
        rule=rule.name,
        label=rule.label,
        threshold=rule.threshold,
        side="above" if rule.is_dropped(math.inf) else "below",
        drops_threshold=rule.is_dropped(rule.threshold),
        is_logarithmic=not rule.is_share,
        n=sum(counts),
        n_dropped=tally.n_stopped,
        edges=tuple(edges),
        counts=tuple(counts),
        just_passed=shown.places.get(Place(stage.name, rule.name, "passed"), ()),
    )


def _share_bins(tally: RuleTally) -> tuple[list[float], list[int]]:
    return [step / SHARE_BINS for step in range(SHARE_BINS + 1)], [tally.bins[step] for step in range(SHARE_BINS)]


def _number_bins(tally: RuleTally, threshold: float) -> tuple[list[float], list[int]]:
    """At most `MAX_BINS` bins of equal width on a logarithmic axis, from two decades below the threshold or 1 on.

    What is smaller is counted in the first bin, which then begins at 0.
    """
    at = bin_of(threshold)
    floor = at - 2 * PER_DECADE if ZERO < at < 0 else 0
    seen = [max(floor, each) for each in tally.bins]
    low = min([*seen, max(floor, at)])
    high = max([*seen, at, low + PER_DECADE - 1])
    width = -(-(high - low + 1) // MAX_BINS)
    counts = [0] * (-(-(high - low + 1) // width))
    for each, n in tally.bins.items():
        counts[(max(low, each) - low) // width] += n
    edges = [10.0 ** ((low + step * width) / PER_DECADE) for step in range(len(counts) + 1)]
    if threshold < edges[0] or any(each < floor for each in tally.bins):
        edges[0] = 0.0
    return edges, counts
