"""What a run did, as values: written to `report.json`, drawn in `report.html`, shown by the product."""

from typing import Literal

import msgspec

from goldsmith.refine.model import Cluster


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """A document that explains a rule: why it was stopped, or how near to the threshold it came."""

    id: str
    excerpt: str
    reason: str = ""
    value: float | None = None
    evidence: dict[str, object] = msgspec.field(default_factory=dict[str, object])


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
    """What one rule stopped, with a few of the documents."""

    rule: str
    n: int
    examples: tuple[Sample, ...]


class StageCount(msgspec.Struct, frozen=True, kw_only=True):
    """What one stage did: `n_in` = `n_out` + `n_dropped` + `n_failed`."""

    stage: str
    title: str
    n_in: int
    n_out: int
    n_dropped: int
    n_failed: int
    n_changed: int
    rules: tuple[RuleCount, ...]
    changes: tuple[Change, ...]
    changed: tuple[Sample, ...]


class NameCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many documents have a name, among those that reached the stage, and how many of them are kept."""

    name: str
    n: int
    n_kept: int


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
        just_dropped: the dropped documents nearest to the threshold.
        just_passed: the documents nearest to it that passed.
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
    just_dropped: tuple[Sample, ...]
    just_passed: tuple[Sample, ...]


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
    """A cluster of near duplicates, and how the least like of its dropped documents differs from the kept one."""

    stage: str
    cluster: Cluster
    kept: str
    dropped: str
    likeness: float
    rows: tuple[DiffRow, ...]


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
    n_clusters: int
    clusters: tuple[ClusterDiff, ...]
    warnings: tuple[str, ...]
