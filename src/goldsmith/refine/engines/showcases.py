"""Collects the texts of a few clusters while documents pass by, to show how near duplicates differ."""

from collections.abc import Sequence

from goldsmith.kit.columns import Batch
from goldsmith.refine.diffs import side_by_side
from goldsmith.refine.model import Cluster, CorpusStage, Member
from goldsmith.refine.pipeline import going_on
from goldsmith.refine.reports import ClusterCount, ClusterDiff, DiffRow
from goldsmith.refine.rules import Resembles

MAX_CLUSTERS = 8
MAX_MEMBERS = 40
"""Documents that are listed of a cluster."""

MAX_CHARACTERS = 60_000
MAX_ID = 400
"""Characters of an id that are shown."""


class Showcase:
    """The largest clusters of one stage; of each, the dropped document that is least like the kept one."""

    __slots__ = ("_chosen", "_n_clusters", "_shows_differences", "_stage", "_texts")

    def __init__(self, stage: CorpusStage, clusters: Sequence[Cluster]) -> None:
        self._stage = stage
        self._shows_differences = any(isinstance(rule, Resembles) for rule in stage.rules())
        self._chosen = [(cluster, _least_like(cluster)) for cluster in clusters[:MAX_CLUSTERS]]
        shown = self._chosen if self._shows_differences else []
        self._texts: dict[str, str] = {name: "" for _, member in shown for name in (member.id, member.kept)}
        self._n_clusters = len(clusters)

    def see(self, batch: Batch) -> None:
        """Keep the texts of `batch` that are to be shown; one that failed may have the id of another."""
        if not self._texts:
            return
        names: list[str] = batch.column("id").to_pylist()
        for row in going_on(batch):
            if names[row] in self._texts:
                text: str = batch.slice(row, 1).column("text").to_pylist()[0]
                self._texts[names[row]] = text[:MAX_CHARACTERS]

    def count(self) -> ClusterCount:
        """How many clusters there are."""
        return ClusterCount(stage=self._stage.name, title=self._stage.title, n=self._n_clusters)

    def diffs(self) -> Sequence[ClusterDiff]:
        """The clusters with their differences, once all documents were seen."""
        return [
            ClusterDiff(
                stage=self._stage.name,
                n_kept=len(cluster.kept),
                n_members=len(cluster.members),
                cluster=_listed(cluster),
                kept=member.kept[:MAX_ID],
                dropped=member.id[:MAX_ID],
                likeness=member.likeness,
                rows=self._rows(member),
            )
            for cluster, member in self._chosen
        ]

    def _rows(self, member: Member) -> tuple[DiffRow, ...] | None:
        if not self._shows_differences:
            return None
        return side_by_side(self._texts[member.kept], self._texts[member.id])


def _listed(cluster: Cluster) -> Cluster:
    members = cluster.members[:MAX_MEMBERS]
    return Cluster(
        kept=tuple(name[:MAX_ID] for name in cluster.kept[:MAX_MEMBERS]),
        members=tuple(Member(id=one.id[:MAX_ID], kept=one.kept[:MAX_ID], likeness=one.likeness) for one in members),
    )


def _least_like(cluster: Cluster) -> Member:
    return min(cluster.members, key=lambda member: (member.likeness, member.id))
