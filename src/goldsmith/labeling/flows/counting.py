"""Counts of whole projects. Those of large ones are as of a while ago; hold no connection while you ask for them."""

from functools import partial
from typing import NamedTuple

from goldsmith.labeling.progress_wire import AnnotatorRow
from goldsmith.labeling.store import answer_lists, items, queue_reasons
from goldsmith.labeling.tallies import Tally
from goldsmith.labeling.workbench import Workbench

N_BINS = 20


class Counted(NamedTuple):
    """What an overview counts.

    Attributes:
        items: counts of items by name.
        histogram: how many items have a confidence in each of `N_BINS` equal parts.
        annotators: who has answered how often.
        at: when this was counted; None for just now.
    """

    items: dict[str, int]
    histogram: list[int]
    annotators: list[AnnotatorRow]
    at: int | None


def overview_counts(bench: Workbench, project_id: str) -> Counted:
    """What an overview counts of a project."""
    of_items, items_at = item_counts(bench, project_id)
    (histogram, annotators), answers_at = bench.tallies.of(
        (project_id, "answers"), partial(_count_answers, bench, project_id), _n_answers_and_items
    )
    at = min((one for one in (items_at, answers_at) if one is not None), default=None)
    return Counted(of_items, histogram, annotators, at)


def item_counts(bench: Workbench, project_id: str) -> Tally[dict[str, int]]:
    """The counts of a project's items that its card and its overview show."""
    return bench.tallies.of((project_id, "items"), partial(_count_items, bench, project_id), _n_items)


def queue_counts(bench: Workbench, project_id: str, skills: str) -> dict[str, int]:
    """The counts of a project's items that say why a queue is empty for somebody with these skills."""
    count = partial(_count_queue, bench, project_id, skills)
    return bench.tallies.of((project_id, "queue", skills), count, _n_items).value


def _n_items(counts: dict[str, int]) -> int:
    return counts["n_items"]


def _n_answers_and_items(counted: tuple[list[int], list[AnnotatorRow]]) -> int:
    histogram, annotators = counted
    return sum(histogram) + sum(row.n_answers for row in annotators)


def _count_items(bench: Workbench, project_id: str) -> dict[str, int]:
    with bench.vault.database.read() as connection:
        return items.counts(connection, project_id)


def _count_answers(bench: Workbench, project_id: str) -> tuple[list[int], list[AnnotatorRow]]:
    with bench.vault.database.read() as connection:
        annotators = [
            AnnotatorRow(
                id=row["id"],
                kind=row["kind"],
                name=row["name"],
                version=row["version"] or None,
                n_answers=row["n"],
                agreement=None,
            )
            for row in answer_lists.answer_counts(connection, project_id)
        ]
        return items.confidence_histogram(connection, project_id, N_BINS), annotators


def _count_queue(bench: Workbench, project_id: str, skills: str) -> dict[str, int]:
    with bench.vault.database.read() as connection:
        return queue_reasons.whole_counts(connection, project_id, skills)
