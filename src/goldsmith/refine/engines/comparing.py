"""Stages that compare documents and follow each other directly: all of them see the documents as they come.

So documents are written to the disk once for all of them, and what a comparison computes of each document is computed
while processes look at the next ones. A later stage then forgets the documents that an earlier one stopped.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, cast, runtime_checkable

from goldsmith.kit.arrow import with_columns
from goldsmith.kit.columns import Batch
from goldsmith.refine.engines import load_named
from goldsmith.refine.evidence.moves import Moving
from goldsmith.refine.model import Compared, CorpusStage, Stage
from goldsmith.refine.pipeline import Outcome, decide, going_on, working_kinds


@runtime_checkable
class Forgetting(Protocol):
    """A comparison that can see documents before it is known whether they reach its stage."""

    def forget(self, places: Sequence[int]) -> None:
        """Leave out documents, by their places in the order in which they were added: nothing is decided about them."""
        ...


def chains(stages: Sequence[Stage], places: Sequence[int]) -> Iterator[list[int]]:
    """The places of stages that compare, cut into rows of those that can see the documents at the same time."""
    chain: list[int] = []
    for place in places:
        can_forget = issubclass(load_named(cast("CorpusStage", stages[place]).comparison), Forgetting)
        if chain and ("text" in stages[chain[-1]].columns or not can_forget):
            yield chain
            chain = []
        chain.append(place)
    yield chain


class Conclusion:
    """What one stage found out about the documents that it saw.

    Attributes:
        place: the place of the stage.
    """

    __slots__ = ("_columns", "_kinds", "_moving", "_stage", "place")

    def __init__(self, stages: Sequence[Stage], place: int, compared: Compared) -> None:
        self.place = place
        self._stage = cast("CorpusStage", stages[place])
        self._columns = compared.columns
        self._kinds = working_kinds(stages[: place + 1])
        self._moving = Moving.among(stages)

    def outcome(self, batch: Batch, rows: Sequence[int], start: int) -> Outcome:
        """What becomes of documents.

        Args:
            batch: the documents.
            rows: the places in it of those that the stage saw.
            start: how many it saw before them.
        """
        columns = _spread(self._columns, rows, start, batch.num_rows)
        compared = with_columns(batch, columns, self._stage.columns)
        concluded = self._stage.concluded(compared)
        if "text" in concluded:
            concluded = {**self._moving.moved(compared, concluded), **concluded}
        return decide(self._stage, with_columns(compared, concluded, self._kinds))


def concluded(conclusions: Sequence[Conclusion], batches: Iterator[Batch]) -> Iterator[tuple[Batch, Sequence[Outcome]]]:
    """Each batch, and what becomes of it at one stage after the other."""
    n_seen = [0] * len(conclusions)
    for batch in batches:
        outcomes: list[Outcome] = []
        for number, conclusion in enumerate(conclusions):
            reached = outcomes[-1].batch if outcomes else batch
            rows = going_on(reached)
            outcomes.append(conclusion.outcome(reached, rows, n_seen[number]))
            n_seen[number] += len(rows)
        yield batch, outcomes


def stopped_places(conclusions: Sequence[Conclusion], batches: Iterator[Batch]) -> Iterator[int]:
    """The documents that stages stop, by their places among those that reached the first of them."""
    n_seen = 0
    for batch, outcomes in concluded(conclusions, batches):
        rows, left = going_on(batch), set(going_on(outcomes[-1].batch))
        yield from (place for place, row in enumerate(rows, n_seen) if row not in left)
        n_seen += len(rows)


def _spread(
    columns: Mapping[str, Sequence[object]], rows: Sequence[int], start: int, n_rows: int
) -> dict[str, list[object]]:
    """The values from `start` on, at the places `rows` of a batch of `n_rows`; the other documents have none."""
    spread: dict[str, list[object]] = {name: [None] * n_rows for name in columns}
    for name, values in columns.items():
        for place, row in enumerate(rows, start):
            spread[name][row] = values[place]
    return spread
