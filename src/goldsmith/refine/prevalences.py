"""Turns what a stage found and how well it finds into how common it is, before and after a run."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from msgspec.structs import replace

from goldsmith.quality.intervals import Interval, wilson_interval
from goldsmith.quality.prevalence import Counted, Detector, Kept, Prevalence, prevalence, prevalence_after
from goldsmith.refine.model import SelfCheck, Stage
from goldsmith.refine.reports import Contamination, Names, RefineReport, Share

SEED = 20_260_101
"""Seeds the draws of every interval, so that the same run gives the same report."""


def checks_of(stages: Iterable[Stage]) -> dict[str, SelfCheck]:
    """What the stages measured on themselves, by their name; of two with one name the last."""
    found = ((stage.name, stage.checked()) for stage in stages)
    return {name: check for name, check in found if check is not None}


def with_contamination(report: RefineReport, checks: Mapping[str, SelfCheck]) -> RefineReport:
    """The report with how common documents with items are, for each stage that measured how well it finds them."""
    return replace(report, contamination=tuple(contaminations(report.names, checks)))


def contaminations(names: Sequence[Names], checks: Mapping[str, SelfCheck]) -> Iterable[Contamination]:
    """How common documents with items are, for each stage that measured how well it finds them.

    The first column of names that such a stage has is what it found, the second what is left in the text.
    """
    for stage, check in checks.items():
        columns = [each for each in names if each.stage == stage]
        if columns:
            yield _contamination(columns[0], columns[-1], check)


def _contamination(found: Names, left: Names, check: SelfCheck) -> Contamination:
    recall = Counted(sum(each.n_found for each in check.probes), sum(each.n for each in check.probes))
    detector = Detector(recall=recall, false_alarms=Counted(check.n_false, check.n_clean))
    seen = Counted(found.n_named, found.n)
    kept = Kept(n=left.n_kept, n_found=left.n_kept_named, n_mended=found.n_kept_named - left.n_kept_named)
    return Contamination(
        stage=found.stage,
        column=found.column,
        check=check,
        recall=_as_share(wilson_interval(recall.n_found, recall.n)),
        false_alarms=_as_share(wilson_interval(check.n_false, check.n_clean)),
        n=found.n,
        n_found=found.n_named,
        n_kept=kept.n,
        n_kept_found=kept.n_found,
        n_mended=kept.n_mended,
        before=_as_share(prevalence(seen, detector, rng=np.random.default_rng(SEED))),
        after=_as_share(prevalence_after(seen, kept, detector, rng=np.random.default_rng(SEED))),
    )


def _as_share(found: Interval | Prevalence) -> Share:
    return Share(estimate=found.estimate, low=found.low, high=found.high)
