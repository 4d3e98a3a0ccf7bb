"""What a run did, as values: written to `report.json`, drawn in `report.html`, shown by the product."""

from typing import Literal

import msgspec

from goldsmith.refine.model import Cluster, SelfCheck

Fate = Literal["kept", "dropped", "failed"]
"""What became of a document."""

Score = float | int | bool | str
"""What a stage found out about a document."""


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """A passage of a text, and where it begins in it, in characters."""

    start: int
    text: str


class ShownRule(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule says about a document: why it stops it, or how near it came.

    Attributes:
        stage: the rule's stage.
        rule: the rule.
        is_stop: whether it stops the document.
        reason: why, or the value in words.
        value: the number that was compared, where there is one.
        threshold: what it was compared with.
        margin: how far apart they are.
        n_spans: how many places of the text show it.
        spans: the first of them, as `[start, end)` in characters of the whole text.
        evidence: what shows it outside of the text, such as the address of a page.
    """

    stage: str
    rule: str
    is_stop: bool
    reason: str
    value: float | None
    threshold: float | None
    margin: float | None
    n_spans: int
    spans: tuple[tuple[int, int], ...]
    evidence: dict[str, str] = msgspec.field(default_factory=dict[str, str])


class ShownChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a text: what stood there, where that is known, and the place of what stands there now."""

    stage: str
    kind: str
    before: str | None
    start: int | None
    end: int | None


class ShownDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document that a report shows.

    Attributes:
        number: its place in the order of reading, from 0, which no other document has.
        id: the user's id.
        fate: what became of it.
        source: where it came from.
        language: the code of its language, where it is known.
        n_characters: the length of its text.
        passages: what is shown of the text.
        rules: what rules say about it; the first that stops it decided.
        changes: what was changed in it.
        scores: what each stage found out about it.
    """

    number: int
    id: str
    fate: Fate
    source: str
    language: str | None
    n_characters: int
    passages: tuple[Passage, ...]
    rules: tuple[ShownRule, ...]
    changes: tuple[ShownChange, ...]
    scores: dict[str, dict[str, Score]]


class SourceCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many documents of one source were read, and what became of them."""

    source: str
    n_read: int
    n_kept: int


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What a stage changed: what it is, in words, and in how many places."""

    label: str
    n_spans: int


class RuleCount(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule stopped.

    Attributes:
        rule: the rule.
        n: documents that no rule had stopped before.
        n_all: all documents that it stops.
        shown: the numbers of some of the `n`, those nearest to the threshold first.
    """

    rule: str
    n: int
    n_all: int
    shown: tuple[int, ...]


class StageCount(msgspec.Struct, frozen=True, kw_only=True):
    """What one stage did: `n_in` = `n_out` + `n_dropped` + `n_failed`; `changed` are numbers of changed documents."""

    stage: str
    title: str
    n_in: int
    n_out: int
    n_dropped: int
    n_failed: int
    n_changed: int
    rules: tuple[RuleCount, ...]
    changes: tuple[Change, ...]
    changed: tuple[int, ...]


class NameCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many documents have a name, among those that reached the stage, and how many of them are kept.

    Attributes:
        documents: ids of documents that have it, at most ten, the first of all in the order of the alphabet.
    """

    name: str
    n: int
    n_kept: int
    documents: tuple[str, ...] = ()


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """A share of documents with its 95 % interval, seen as a sample of what the same sources could give.

    All three are None when there were no documents.
    """

    estimate: float | None
    low: float | None
    high: float | None


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """The names that a stage found in documents, such as test items or licences, before and after the run.

    Attributes:
        stage: the stage.
        column: its column.
        label: what the names are, in words.
        n: documents that reached the stage.
        n_named: of those, documents with at least one name.
        n_kept: kept documents.
        n_kept_named: of those, documents with at least one name.
        before: `n_named` of `n`, as a share.
        after: `n_kept_named` of `n_kept`, as a share.
        n_names: different names.
        names: those with the most documents first; of equals by name.
    """

    stage: str
    column: str
    label: str
    n: int
    n_named: int
    n_kept: int
    n_kept_named: int
    before: Share
    after: Share
    n_names: int
    names: tuple[NameCount, ...]


class Contamination(msgspec.Struct, frozen=True, kw_only=True):
    """How common documents with test items are, before and after the run.

    The rates are of all documents with an item, found or not: what was found, corrected by the share that was found of
    items hidden on purpose. They hold as far as items come in each of these forms equally often.

    Attributes:
        stage: the stage that looked for them.
        column: its column with the items of each document; their counts are among the `names` of the report.
        check: how well it finds them, measured on items that were hidden on purpose.
        recall: the share of those that it found.
        false_alarms: the share of clean documents in which it found one; nothing when no clean documents were named.
        n: documents that reached the stage.
        n_found: of those, documents in which it found an item.
        n_kept: kept documents.
        n_kept_found: of those, documents in whose text it still finds one.
        n_mended: of those, documents from which all that it found was taken out.
        before: the share of documents with an item, found or missed, among those that reached the stage.
        after: the share of kept documents with an item, found or missed.
    """

    stage: str
    column: str
    check: SelfCheck
    recall: Share
    false_alarms: Share
    n: int
    n_found: int
    n_kept: int
    n_kept_found: int
    n_mended: int
    before: Share
    after: Share


class Histogram(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers that one rule compared with its threshold, counted in bins.

    Attributes:
        stage: the stage that the rule belongs to.
        rule: the rule.
        label: what the number is, with its unit.
        side: which side of the threshold is dropped: `below` or `above`.
        drops_threshold: whether the threshold itself is dropped.
        is_logarithmic: whether the bins have equal widths on a logarithmic axis.
        edges: the bins' edges, one more than counts.
        counts: documents in each bin.
        just_passed: the numbers of the kept documents nearest to the threshold, nearest first.
    """

    stage: str
    rule: str
    label: str
    threshold: float
    side: Literal["below", "above"]
    drops_threshold: bool
    is_logarithmic: bool
    n: int
    n_dropped: int
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    just_passed: tuple[int, ...]


class LanguageCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many kept documents are in one language."""

    language: str
    n: int


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """Some words of a text, and whether the other text has others in their place."""

    text: str
    is_changed: bool


class DiffRow(msgspec.Struct, frozen=True, kw_only=True):
    """One place where two texts differ, as it stands in each of them."""

    kept: tuple[Piece, ...]
    dropped: tuple[Piece, ...]


class ClusterDiff(msgspec.Struct, frozen=True, kw_only=True):
    """A cluster of like documents, and how the least like of those that were dropped differs from the kept one.

    Attributes:
        stage: the stage that found it.
        n_kept: documents of the cluster that were kept.
        n_members: documents of the cluster that were dropped.
        cluster: the first of them.
        kept: a kept document.
        dropped: the dropped document that is least like it.
        likeness: how much it is.
        rows: where the two differ; nothing where the stage drops only what is the same.
    """

    stage: str
    n_kept: int
    n_members: int
    cluster: Cluster
    kept: str
    dropped: str
    likeness: float
    rows: tuple[DiffRow, ...] | None


class ClusterCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many clusters of like documents a stage found."""

    stage: str
    title: str
    n: int


class RefineReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a run did: `n_read` = `n_kept` + `n_dropped` + `n_failed`. The same input gives the same report."""

    name: str
    title: str
    recipe_sha256: str
    goldsmith: str
    n_read: int
    n_kept: int
    n_dropped: int
    n_failed: int
    kept_characters: int
    sources: tuple[SourceCount, ...]
    stages: tuple[StageCount, ...]
    histograms: tuple[Histogram, ...]
    names: tuple[Names, ...]
    languages: tuple[LanguageCount, ...]
    cluster_counts: tuple[ClusterCount, ...]
    clusters: tuple[ClusterDiff, ...]
    documents: tuple[ShownDocument, ...]
    warnings: tuple[str, ...]
    contamination: tuple[Contamination, ...] = ()
