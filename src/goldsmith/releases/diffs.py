"""What changed from one release to the next, counted without holding either in memory."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from goldsmith.errors import VerificationError
from goldsmith.trust.layouts import ITEMS
from goldsmith.trust.row_marks import RowMark, marks_of_list


class Changes(msgspec.Struct, frozen=True):
    """How many items were added, removed, or say something else than before."""

    n_added: int
    n_removed: int
    n_changed: int


def changes(old_folder: Path, new_folder: Path) -> Changes:
    """Compare two releases of one project by the hashes of their rows.

    Raises:
        VerificationError: a list of row hashes is missing, malformed or out of order.
    """
    n_added = n_removed = n_changed = 0
    olds, news = _marks(old_folder), _marks(new_folder)
    old, new = next(olds, None), next(news, None)
    while old is not None or new is not None:
        if new is None or (old is not None and _id(old) < _id(new)):
            n_removed += 1
            old = next(olds, None)
        elif old is None or _id(new) < _id(old):
            n_added += 1
            new = next(news, None)
        else:
            n_changed += old.sha256 != new.sha256
            old, new = next(olds, None), next(news, None)
    return Changes(n_added, n_removed, n_changed)


def _marks(folder: Path) -> Iterator[RowMark]:
    path, last = folder / ITEMS.hashes, None
    try:
        for number, mark in enumerate(marks_of_list(path), 1):
            if mark.external_id is None or (last is not None and mark.external_id <= last):
                raise VerificationError(f"line {number} of {path} is malformed or out of order; verify the release.")
            last = mark.external_id
            yield mark
    except OSError as error:
        raise VerificationError(f"{path} cannot be read: {error.strerror}.") from error


def _id(mark: RowMark) -> str:
    return mark.external_id or ""
