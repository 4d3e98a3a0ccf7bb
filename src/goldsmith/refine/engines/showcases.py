"""Collects the texts of a few clusters while documents pass by, to show how near duplicates differ."""

from collections.abc import Sequence

from goldsmith.kit.columns import Batch
from goldsmith.refine.diffs import side_by_side
from goldsmith.refine.model import Cluster, Member
from goldsmith.refine.reports import ClusterDiff

MAX_CLUSTERS = 8
MAX_CHARACTERS = 60_000


class Showcase:
    """The largest clusters of one stage; of each, the dropped document that is least like the kept one."""

    __slots__ = ("_chosen", "_stage", "_texts", "n_clusters")

    def __init__(self, stage: str, clusters: Sequence[Cluster]) -> None:
        self._stage = stage
        self._chosen = [(cluster, _least_like(cluster)) for cluster in clusters[:MAX_CLUSTERS]]
        self._texts: dict[str, str] = {name: "" for _, member in self._chosen for name in (member.id, member.kept)}
        self.n_clusters = len(clusters)

    def see(self, batch: Batch) -> None:
        """Keep the texts of `batch` that are to be shown."""
        for row, name in enumerate(batch.column("id").to_pylist()):
            if name in self._texts:
                text: str = batch.column("text").to_pylist()[row]
                self._texts[name] = text[:MAX_CHARACTERS]

    def diffs(self) -> Sequence[ClusterDiff]:
        """The clusters with their differences, once all documents were seen."""
        return [
            ClusterDiff(
                stage=self._stage,
                cluster=cluster,
                kept=member.kept,
                dropped=member.id,
                likeness=member.likeness,
                rows=side_by_side(self._texts[member.kept], self._texts[member.id]),
            )
            for cluster, member in self._chosen
        ]


def _least_like(cluster: Cluster) -> Member:
    return min(cluster.members, key=lambda member: (member.likeness, member.id))
