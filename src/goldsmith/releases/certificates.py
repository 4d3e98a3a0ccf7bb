"""Makes the certificate of a release from its facts and from what its rows were seen to hold."""

import msgspec

from goldsmith.errors import InputError, VerificationError
from goldsmith.releases.model import (
    NOT_ESTIMATED,
    AccuracyEntry,
    AccuracyEstimate,
    AgreementEntry,
    Certificate,
    Contributor,
    LogEntry,
    Measure,
    ReleaseFacts,
    ReleaseRow,
    counted,
)
from goldsmith.trust.keys import VerifyingKey
from goldsmith.trust.logs import read_checkpoint


class Tally:
    """Counts, while rows pass, what the certificate says about them; memory grows with annotators only."""

    __slots__ = ("_answers", "n_answered", "n_items")

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str, str | None], int] = {}
        self.n_items = 0
        self.n_answered = 0

    def add(self, row: ReleaseRow) -> None:
        """Count an item and the answers to it; skipping is no answer."""
        answered = [one for one in row.answers if one.outcome == "answered"]
        self.n_items += 1
        self.n_answered += bool(answered)
        for one in answered:
            who = (one.kind, one.annotator, one.version)
            self._answers[who] = self._answers.get(who, 0) + 1

    def who(self) -> tuple[Contributor, ...]:
        """Everybody who answered, people first, then by name."""
        order = sorted(self._answers, key=lambda who: (who[0] != "person", who[1], who[2] or ""))
        return tuple(
            Contributor(
                kind="person" if kind == "person" else "model",
                name=name,
                version=version,
                n_answers=self._answers[kind, name, version],
            )
            for kind, name, version in order
        )


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """What was seen while the rows of a release were written."""

    content_root: str
    n_items: int
    n_answered: int
    n_annotations: int
    who: tuple[Contributor, ...]


def make_certificate(version: str, facts: ReleaseFacts, contents: Contents, key: VerifyingKey) -> Certificate:
    """The certificate; counts come from the rows that were written, never from the caller.

    Raises:
        InputError: the checkpoint in the facts is not signed by the key that signs the release.
    """
    accuracy = accuracy_entry(facts.accuracy)
    return Certificate(
        title=facts.title,
        client=facts.client,
        project=facts.project,
        version=version,
        summary=_summary(facts, contents, accuracy),
        n_items=contents.n_items,
        n_answered=contents.n_answered,
        n_annotations=contents.n_annotations,
        who=contents.who,
        agreement=tuple(agreement_entry(measure) for measure in facts.measures),
        accuracy=accuracy,
        known_limits=facts.known_limits,
        recipe=facts.recipe,
        schema_version=facts.schema_version,
        guideline_version=facts.guideline_version,
        policy_version=facts.policy_version,
        content_root=contents.content_root,
        log=log_entry(facts.checkpoint, key),
        created_at=facts.created_at,
        signed_by=key.key_id,
        goldsmith_version=facts.goldsmith_version,
    )


def accuracy_entry(estimate: AccuracyEstimate | None) -> AccuracyEntry:
    """The accuracy in words and numbers; without an audit sample exactly the words that say so."""
    if estimate is None:
        return AccuracyEntry(text=NOT_ESTIMATED, estimate=None, low=None, high=None, n=0)
    return AccuracyEntry(
        text=estimate.text(), estimate=estimate.estimate, low=estimate.low, high=estimate.high, n=estimate.n
    )


def agreement_entry(measure: Measure) -> AgreementEntry:
    """A measure in words and numbers, or why there is none."""
    return AgreementEntry(
        question=measure.question,
        name=measure.name,
        value=measure.value,
        low=measure.low,
        high=measure.high,
        text=_measure_text(measure),
    )


def log_entry(checkpoint: str, key: VerifyingKey) -> LogEntry:
    """The state of the log in a signed checkpoint.

    Raises:
        InputError: it is not signed by `key`.
    """
    try:
        read = read_checkpoint(checkpoint, key)
    except VerificationError as error:
        raise InputError(f"a release needs a checkpoint signed by its own key: {error}") from error
    return LogEntry(origin=read.origin, size=read.size, root=read.root.hex())


def _measure_text(measure: Measure) -> str:
    if measure.value is None:
        return f"not computed: {measure.note or 'no reason given'}"
    text = f"{measure.value:.2f}"
    if measure.low is not None and measure.high is not None:
        text += f" (interval {measure.low:.2f} to {measure.high:.2f})"
    text += f" from {counted(measure.n, 'item')}"
    return f"{text}; {measure.note}" if measure.note else text


def _summary(facts: ReleaseFacts, contents: Contents, accuracy: AccuracyEntry) -> str:
    """One plain paragraph that can be read aloud."""
    sentences = [
        f"“{facts.title}” is a release of {counted(contents.n_items, 'item')} made for {facts.client}.",
        _answered(contents),
        f"Accuracy {accuracy.text}." if accuracy.estimate is None else f"The accuracy is {accuracy.text}.",
    ]
    if facts.known_limits:
        sentences.append(f"{counted(len(facts.known_limits), 'known limit')} {_verb(len(facts.known_limits))} stated.")
    return " ".join(sentences)


def _answered(contents: Contents) -> str:
    """Who answered how much; a program is never counted as a person."""
    if not contents.who:
        return "Nobody has answered any of them."
    groups = [
        f"{counted(len(members), noun)} gave {counted(sum(one.n_answers for one in members), 'answer')}"
        for kind, noun in (("person", "person"), ("model", "program"))
        if (members := [one for one in contents.who if one.kind == kind])
    ]
    only = " No person answered." if all(one.kind == "model" for one in contents.who) else ""
    verb = "has" if contents.n_answered == 1 else "have"
    return f"{contents.n_answered:,} of them {verb} at least one answer: {' and '.join(groups)}.{only}"


def _verb(n: int) -> str:
    return "is" if n == 1 else "are"
