"""Table cells: mark cells of a table."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from goldsmith.kit.nearest import nearest
from goldsmith.tasks.payloads import Grid, grid_of
from goldsmith.tasks.questions import Example, Option, shown
from goldsmith.tasks.regions import Likeness, Region, Regions
from goldsmith.tasks.values import whole_number


class TableCells(Regions, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="table_cells"):
    """A question whose answer is a list of labelled cells of a table.

    A row counts from 0, the first one below the header. A column goes by its header; by its index, as a text, where the
    header is empty, a number, or that of another column too.

    Attributes:
        field: the item's field whose table is marked.
        labels: what a cell can be, in the order shown.
        attributes: what is asked about each cell; their conditions may name its `label`.
    """

    widget: ClassVar[str] = "TableCells"
    title: ClassVar[str] = "Mark cells of a table"
    field_types: ClassVar[Mapping[str, tuple[str, ...]]] = {"field": ("table",)}
    noun: ClassVar[str] = "cell"
    place_keys: ClassVar[frozenset[str]] = frozenset({"row", "column"})

    @classmethod
    def example(cls) -> Example:
        """The faulty values of a table."""
        labels = (Option(value="wrong", label="Wrong"), Option(value="missing", label="Missing"))
        question = cls(name="faults", label="Which values are faulty?", field="sales", labels=labels)
        wrong, missing = (
            {"row": 0, "column": "price", "label": "wrong"},
            {"row": 1, "column": "city", "label": "missing"},
        )
        item = {"sales": [["city", "price"], ["Rome", "-4"], ["", "7"]]}
        return Example(question=question, item=item, answers=([wrong], [missing, wrong], [missing], []))

    def place_in(self, item: Mapping[str, object]) -> Grid | None:
        """The columns and rows."""
        return grid_of(item, self.field)

    def region(self, parts: Mapping[str, object], place: Grid) -> Region:
        """The row and the column."""
        row, column = whole_number(parts["row"]), parts["column"]
        if row is None or not 0 <= row < place.n_rows:
            raise ValueError(f"there is no row {shown(parts['row'])}; rows go from 0 to {place.n_rows - 1}.")
        if not isinstance(column, str) or column not in place.columns:
            raise ValueError(f"there is no column {shown(column)}; {nearest(str(column), place.columns)}")
        return {"row": row, "column": column}

    def order(self, region: Region) -> tuple[object, ...]:
        """Row by row; in a row by the columns' names."""
        return region["row"], region["column"]

    def overlaps(self, ones: Sequence[Region], others: Sequence[Region]) -> Iterable[Likeness]:
        """1 for the same cell."""
        place = {self.order(other): j for j, other in enumerate(others)}
        for i, one in enumerate(ones):
            j = place.get(self.order(one))
            if j is not None:
                yield i, j, 1.0


plugin = TableCells
