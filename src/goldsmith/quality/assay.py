"""The assay of a set of votes: the consensus, how sure it may be, and how right it is where the truth is known."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from goldsmith.errors import VotesError
from goldsmith.kit.nearest import nearest
from goldsmith.quality.aggregators.auto import Auto
from goldsmith.quality.agreement import krippendorff_alpha
from goldsmith.quality.annotators import AnnotatorSkills, annotator_skills
from goldsmith.quality.calibration import NO_CLASS, UNKNOWN, Calibration, fit_calibration
from goldsmith.quality.choosing import MIN_GOLD, best_on_gold, suited_aggregator
from goldsmith.quality.consensus import Aggregator, Consensus, aggregators, has_room_for_matrices
from goldsmith.quality.measures import Measure
from goldsmith.quality.reliability import SURE, Reliability, reliability_of
from goldsmith.quality.track_records import unchecked_at_most
from goldsmith.quality.votes import Floats, Int32s, Votes

AUTO = "auto"
RIVALS = ("shrunken-dawid-skene", "dawid-skene", "wawa", "majority")
"""What known labels may choose in the place of the default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assay:
    """What votes come to.

    Attributes:
        votes: the votes.
        method: the name of the aggregator.
        why: why this one, where it was chosen.
        consensus: what it inferred, not calibrated.
        calibration: what makes it honest.
        posterior: float64[n_tasks, n_classes], calibrated.
        confidence: float64[n_tasks], the calibrated probability of each label, no higher than its author's track record
            where only one has answered; not a number where there is none, and for all where there is one class: then
            every label would be certain whatever the truth is, as no answer can speak against it.
        n_gold: known labels that it was calibrated on.
        n_foreign: known labels among them that nobody voted for.
        reliability: how right it is on the truth that was given; None without.
        agreement: Krippendorff's alpha of the votes.
    """

    votes: Votes
    method: str
    why: str
    consensus: Consensus
    calibration: Calibration
    posterior: Floats
    confidence: Floats
    n_gold: int
    n_foreign: int
    reliability: Reliability | None
    agreement: Measure

    @property
    def labels(self) -> list[str]:
        """Each task's label, in the order of `votes.task_names`."""
        return [self.votes.classes[label] for label in self.consensus.labels_.tolist()]

    @property
    def why_unsure(self) -> str:
        """Why no label has a confidence; empty where one has."""
        if self.votes.n_classes == 1:
            return "all votes are for one class, so nothing tells right labels from wrong ones"
        if np.isnan(self.confidence).all():
            return "nobody else has checked any answer"
        return ""

    @property
    def n_sure(self) -> int:
        """How many labels have a confidence of at least 0.95."""
        return int((self.confidence >= SURE).sum())


def assay(
    votes: Votes,
    *,
    method: str = AUTO,
    gold: Mapping[str, str] | None = None,
    truth: Mapping[str, str] | None = None,
    seed: int = 0,
) -> Assay:
    """The consensus of votes with calibrated confidence.

    Known labels calibrate the confidence and, from thirty on, may choose another method than the default; they are not
    shown to the method, which would make it look more right than it is. The truth only measures the result; tasks whose
    label was given as gold do not count there.

    Args:
        votes: the votes.
        method: an aggregator's name; `auto` takes what suits the votes.
        gold: known labels by task, to calibrate on.
        truth: known labels by task, to measure by.
        seed: seeds ties and resamples.

    Raises:
        VotesError: there is no such method, or none of the gold or true labels is about a task with votes.
    """
    known = _known(votes, gold or {}, "gold")
    why, aggregator, consensus = _chosen(votes, known, seed) if method == AUTO else _named(votes, method, seed)
    calibration = fit_calibration(consensus.posterior_, votes.n_answers, known)
    posterior = calibration.apply(consensus.posterior_, votes.n_answers)
    confidence = posterior[np.arange(votes.n_tasks), consensus.labels_]
    rng = np.random.default_rng(seed)
    tested = None
    if truth is not None:
        hidden = np.where(known == UNKNOWN, _known(votes, truth, "true"), np.int32(UNKNOWN)).astype(np.int32)
        tested = reliability_of(posterior, consensus.labels_, hidden, rng=rng)
    return Assay(
        votes=votes,
        method=str(aggregator.__struct_config__.tag),
        why=why,
        consensus=consensus,
        calibration=calibration,
        posterior=posterior,
        confidence=unchecked_at_most(confidence, votes) if votes.n_classes > 1 else np.full(votes.n_tasks, np.nan),
        n_gold=int((known != UNKNOWN).sum()),
        n_foreign=int((known == NO_CLASS).sum()),
        reliability=tested,
        agreement=krippendorff_alpha(votes.counts(), rng=rng),
    )


def _known(votes: Votes, labels: Mapping[str, str], what: str) -> Int32s:
    known = votes.codes_of(labels)
    if labels and not (known != UNKNOWN).any():
        one, other = next(iter(labels)), votes.task_names[0]
        raise VotesError(
            f"none of the {len(labels):,} {what} labels is about a task with votes: one is about {one!r}, a vote about "
            f"{other!r}; tasks have to be called alike in both files."
        )
    return known


def _named(votes: Votes, method: str, seed: int) -> tuple[str, Aggregator, Consensus]:
    known = aggregators()
    if method not in known:
        raise VotesError(f"there is no method {method!r}; {nearest(method, known)}")
    aggregator = known[method](seed=seed)
    return "", aggregator, aggregator.fit(votes)


def _chosen(votes: Votes, known: Int32s, seed: int) -> tuple[str, Aggregator, Consensus]:
    first, why = suited_aggregator(votes, seed=seed)
    found = first.fit(votes)
    if not isinstance(first, Auto):
        return why, first, found
    if int((known != UNKNOWN).sum()) < MIN_GOLD:
        return "", first, found
    tried: list[tuple[Aggregator, Consensus]] = [(first, found)]
    for name in RIVALS:
        rival = aggregators()[name](seed=seed)
        tried.append((rival, rival.fit(votes)))
    best = best_on_gold([one for _, one in tried], known)
    why = "significantly more often right on the gold than the default" if best else ""
    return why, *tried[best]


def contested(found: Assay, n: int) -> Sequence[int]:
    """The tasks whose label is least sure, least sure first, at most `n`."""
    order = np.lexsort((np.arange(found.votes.n_tasks), found.confidence))
    return order[:n].tolist()


def skills_of(found: Assay, gold: Mapping[str, str] | None = None, *, seed: int = 0) -> AnnotatorSkills:
    """What the answers of each annotator say of them, by the gold and the calibrated consensus.

    Raises:
        VotesError: there are too many classes for a matrix of them per annotator.
    """
    if not has_room_for_matrices(found.votes):
        raise VotesError(f"{found.votes.n_classes:,} classes are too many for a table of who takes what for what.")
    calibrated = replace(found.consensus, posterior_=found.posterior)
    return annotator_skills(found.votes, rng=np.random.default_rng(seed), gold=gold, consensus=calibrated)


def answers_of(votes: Votes, task: int) -> Iterable[tuple[str, str]]:
    """Who answered what on a task."""
    for place in range(int(votes.starts[task]), int(votes.starts[task + 1])):
        yield votes.annotator_names[votes.annotator[place]], votes.classes[votes.label[place]]
