"""Reads what a classifier says of tasks from a file."""

from pathlib import Path

import numpy as np
import polars as pl

from goldsmith.errors import VotesError
from goldsmith.quality.vote_files import NAMES, TASK, read_columns
from goldsmith.quality.votes import Floats, Votes


def read_probabilities(path: Path, votes: Votes) -> Floats:
    """A classifier's probabilities: a file with the column `task` and one column for each class, by its name.

    Classes that nobody voted for are left out. A task that the file does not have gets equal numbers: they say nothing.

    Args:
        path: CSV, TSV, JSONL or Parquet.
        votes: the votes, for the order of tasks and classes.

    Returns:
        float64[n_tasks, n_classes], rows that sum to 1.

    Raises:
        VotesError: the file cannot be read, a class has no column, a task two rows, a value is no probability, or no
            task has votes.
    """
    read = read_columns(path)
    known = {name.strip(): name for name in read.columns}
    task = next((name for name in read.columns if name.strip().lower() in NAMES[TASK]), None)
    if task is None:
        raise VotesError(f"{path.name} has no column 'task'; it has {', '.join(read.columns) or 'none'}.")
    missing = [name for name in votes.classes if name not in known]
    if missing:
        raise VotesError(f"{path.name} has no column {missing[0]!r}; give one for each of the classes voted for.")
    columns = [known[name] for name in votes.classes]
    values = read.select(pl.col(name).cast(pl.Float64, strict=False) for name in columns).to_numpy()
    is_wrong = ~((values >= 0) & (values <= 1)).all(axis=1) | ~(values.sum(axis=1) > 0)
    if is_wrong.any():
        row = int(is_wrong.argmax())
        raise VotesError(f"{path.name}, row {row + 1}: its numbers are no probabilities of the classes voted for.")
    return _in_order(path, read[task].to_list(), values, votes)


def _in_order(path: Path, tasks: list[str], values: Floats, votes: Votes) -> Floats:
    place = {name: number for number, name in enumerate(votes.task_names)}
    found = np.full((votes.n_tasks, votes.n_classes), 1 / votes.n_classes)
    seen: set[str] = set()
    for row, name in enumerate(tasks):
        if name in seen:
            raise VotesError(f"{path.name}, row {row + 1}: the task {name!r} stands further up, too.")
        seen.add(name)
        if name in place:
            found[place[name]] = values[row] / values[row].sum()
    if not seen & place.keys():
        raise VotesError(f"{path.name}: none of its {len(tasks):,} tasks has votes; call tasks alike in both files.")
    return found
