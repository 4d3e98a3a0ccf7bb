"""Who found which of two items better, as integers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from goldsmith.errors import VotesError
from goldsmith.quality.votes import Int32s

OUTCOMES = ("left", "right", "tie")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparisons:
    """One outcome per comparison, in the order given. Made by `Comparisons.from_columns`.

    Attributes:
        left: int32[n_comparisons], the item shown first, in 0 to n_items - 1.
        right: int32[n_comparisons], the item shown second, another one.
        annotator: int32[n_comparisons], in 0 to n_annotators - 1.
        outcome: int32[n_comparisons], 0 where the left item was found better, 1 the right one, 2 neither.
        items: the name of each item code, sorted.
        annotator_names: the name of each annotator code, sorted.
    """

    left: Int32s
    right: Int32s
    annotator: Int32s
    outcome: Int32s
    items: tuple[str, ...]
    annotator_names: tuple[str, ...]

    @classmethod
    def from_columns(
        cls, lefts: Sequence[str], rights: Sequence[str], annotators: Sequence[str], outcomes: Sequence[str]
    ) -> "Comparisons":
        """Comparisons from four columns of equal length; an outcome is `left`, `right` or `tie`.

        Raises:
            VotesError: there are none, the columns differ in length, an item is compared with itself, or an outcome is
                none of the three.

        Example:
            >>> given = Comparisons.from_columns(["a", "b"], ["b", "c"], ["x", "x"], ["left", "tie"])
            >>> given.left.tolist(), given.outcome.tolist(), given.items
            ([0, 1], [0, 2], ('a', 'b', 'c'))
        """
        sizes = {len(column) for column in (lefts, rights, annotators, outcomes)}
        if len(sizes) > 1:
            raise VotesError(f"the columns of comparisons have {sorted(sizes)} rows; one per comparison.")
        if not len(lefts):
            raise VotesError("there are no comparisons to aggregate; collect answers first.")
        for row, (left, right, outcome) in enumerate(zip(lefts, rights, outcomes, strict=True)):
            if left == right:
                raise VotesError(f"comparison {row}: {left!r} is compared with itself; leave it out.")
            if outcome not in OUTCOMES:
                raise VotesError(f"comparison {row}: its outcome is {outcome!r}, not one of {', '.join(OUTCOMES)}.")
        item_of = {name: code for code, name in enumerate(sorted({*lefts, *rights}))}
        annotator_of = {name: code for code, name in enumerate(sorted(set(annotators)))}
        return cls(
            left=np.array([item_of[name] for name in lefts], np.int32),
            right=np.array([item_of[name] for name in rights], np.int32),
            annotator=np.array([annotator_of[name] for name in annotators], np.int32),
            outcome=np.array([OUTCOMES.index(outcome) for outcome in outcomes], np.int32),
            items=tuple(item_of),
            annotator_names=tuple(annotator_of),
        )
