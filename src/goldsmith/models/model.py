"""Model annotators: what a program that answers items gets, gives and calls itself."""

import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

import msgspec

from goldsmith.errors import PluginError
from goldsmith.kit.digest import canonical_json, sha256_hex
from goldsmith.kit.plugins import load_plugins
from goldsmith.models import annotators as folder

GROUP = "goldsmith.model-annotator"


class ModelItem(msgspec.Struct, frozen=True):
    """An item as a model sees it.

    Attributes:
        id: the item's identifier; only told apart, never read.
        payload: the item's columns.
        answers: what people have answered so far, by question; to learn from, never to copy.
    """

    id: str
    payload: Mapping[str, object]
    answers: Mapping[str, object] = {}


class Prediction(msgspec.Struct, frozen=True):
    """A model's answers to one item.

    Attributes:
        answers: question name to answer.
        evidence: what they rest on, for a person to read.
    """

    answers: dict[str, object]
    evidence: str


class ModelAnnotator(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="model"):
    """The base of all model annotators. Its fields are its parameters."""

    behaviour: ClassVar[int] = 1
    """Raised by one with every change of code that can change an answer."""

    @property
    def name(self) -> str:
        """What the annotator is called, such as `licence-keywords`."""
        return str(self.__struct_config__.tag)

    @property
    def version(self) -> str:
        """Changes whenever its answers could: the behaviour's number, and a digest of parameters and knowledge."""
        return self._version_of(self)

    def knowledge(self) -> object:
        """The tables its answers rest on, as JSON values; a part of the version."""
        return None

    def fit(self, items: Iterable[ModelItem]) -> "ModelAnnotator":
        """The annotator that has learnt from `items`; the same one where there is nothing to learn.

        Call it before `predict`, on all items there are, and go on with what it returns: its version names what it
        learnt from too.
        """
        del items
        return self

    def predict(self, items: Iterable[ModelItem]) -> Iterator[Prediction | None]:
        """For each item in order, its answers, or None where it abstains because it would have to guess."""
        raise NotImplementedError

    def _version_of(self, parameters: object) -> str:
        digest = sha256_hex(canonical_json([parameters, self.knowledge()]))
        return f"{self.name}@{self.behaviour}-{digest[:8]}"


@functools.cache
def model_annotators() -> Mapping[str, type[ModelAnnotator]]:
    """Every model annotator by name, sorted.

    Raises:
        PluginError: a plugin does not load, is no model annotator, or carries another name than its file.
    """
    found: dict[str, type[ModelAnnotator]] = {}
    for name, candidate in load_plugins(folder, GROUP).items():
        if not issubclass(candidate, ModelAnnotator):
            base = "goldsmith.models.model.ModelAnnotator"
            raise PluginError(f"the model annotator {name!r} has to be a subclass of {base}.")
        if candidate.__struct_config__.tag != name:
            raise PluginError(f"the model annotator {name!r} has to carry the tag {name!r}, as its file is called.")
        found[name] = candidate
    return found
