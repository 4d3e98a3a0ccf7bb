"""Questions that put things in order: the options of the question, or what a field of the item lists."""

from collections.abc import Mapping
from typing import ClassVar

from goldsmith.tasks.payloads import candidates_of
from goldsmith.tasks.questions import Option, Question, check_options, shown

MAX_CANDIDATES = 100
_FEWEST = 2


class Comparing(Question, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question about several candidates: its options, or those that a field of the item lists.

    A candidate of a field is called by its id; where it has none, by its number in the list, from "1" on.

    Attributes:
        options: the candidates, where they are the same for every item.
        field: the item's field that lists them as texts, or as objects with a `text` and perhaps an `id`.
    """

    field_types: ClassVar[Mapping[str, tuple[str, ...]]] = {"field": ("json",)}

    options: tuple[Option, ...] = ()
    field: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if bool(self.options) == (self.field is not None):
            raise ValueError("give either `options`, or the `field` that lists the candidates")
        if self.options:
            check_options("options", self.options)
            if not _FEWEST <= len(self.options) <= MAX_CANDIDATES:
                raise ValueError(
                    f"`options` has {len(self.options)} entries; {_FEWEST} to {MAX_CANDIDATES} can be compared"
                )

    def fields_used(self) -> Mapping[str, str]:
        """The field that lists the candidates."""
        return {} if self.field is None else {"field": self.field}

    def candidates(self, item: Mapping[str, object]) -> list[str]:
        """The names of an item's candidates, in their order.

        Raises:
            AnswerError: the item lists none that can be compared.
        """
        if self.field is None:
            return [option.value for option in self.options]
        found = candidates_of(item, self.field)
        if found is None or not _FEWEST <= len(found) <= MAX_CANDIDATES:
            raise self.refuse(
                f"the item has no list of {_FEWEST} to {MAX_CANDIDATES} different candidates in {self.field!r}, but "
                f"{shown(item.get(self.field))}; skip it with a reason."
            )
        return [candidate.id for candidate in found]
