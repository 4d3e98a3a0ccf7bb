"""Declared metadata: takes a package at its word about its licence."""

from collections.abc import Iterable, Iterator

from goldsmith.models.licences import declaration_tables, declared_family, speaks_for
from goldsmith.models.model import ModelAnnotator, ModelItem, Prediction


class DeclaredMetadata(ModelAnnotator, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="declared-metadata"):
    """Answers with the licence that the package's metadata declares; it does not read the text.

    It abstains where nothing is declared, where the declaration leaves a choice (`MIT OR Apache-2.0`) or contradicts
    itself, and where the file is no licence file of the package itself.

    Attributes:
        question: the choice question to answer.
        declared_field: the item's field with an SPDX expression or trove classifiers.
        path_field: the item's field with the file's path; every item counts as a licence file where there is none.
    """

    question: str = "licence"
    declared_field: str = "declared_licence"
    path_field: str = "path"

    def knowledge(self) -> object:
        """The tables that read declarations."""
        return declaration_tables()

    def predict(self, items: Iterable[ModelItem]) -> Iterator[Prediction | None]:
        """For each item in order, the declared licence, or None."""
        return map(self._predicted, items)

    def _predicted(self, item: ModelItem) -> Prediction | None:
        declared, path = item.payload.get(self.declared_field), item.payload.get(self.path_field)
        if not isinstance(declared, str) or (isinstance(path, str) and not speaks_for(path)):
            return None
        family = declared_family(declared)
        if family is None:
            return None
        return Prediction({self.question: family}, f"the package declares {' / '.join(declared.splitlines())!r}")


plugin = DeclaredMetadata
