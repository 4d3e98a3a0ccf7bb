"""Nearest neighbours: answers as the most similar texts were answered."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Annotated, Any, Literal, NamedTuple, Protocol, cast

import msgspec
import numpy as np
from numpy.typing import NDArray

from goldsmith.errors import InputError
from goldsmith.kit.digest import canonical_json, sha256_hex
from goldsmith.models.licences import declaration_tables, declared_family, speaks_for
from goldsmith.models.model import ModelAnnotator, ModelItem, Prediction

_N_FEATURES = 2**18
_BATCH = 128


class NearestNeighbours(
    ModelAnnotator, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="nearest-neighbours"
):
    """Answers with the majority among the most similar texts whose answer is known.

    Known answers are the licences that other packages declare, or what people have answered. The item itself, and with
    declared licences its whole package, is never its own neighbour. It abstains where too few texts are similar enough
    or no answer has more than half of them.

    Attributes:
        question: the choice question to answer.
        learn_from: `declared` licences, or the answers of `people` to the same question.
        text_field: the item's field with the text.
        declared_field: the item's field with an SPDX expression or trove classifiers.
        package_field: the item's field that names its package.
        path_field: the item's field with the file's path; only licence files teach declared licences.
        n_neighbours: how many of the most similar texts are asked.
        min_neighbours: how many have to be similar enough.
        min_similarity: cosine similarity of the weighted words and word pairs, in [0, 1].
        max_characters: how much of a text is read.
    """

    question: str = "licence"
    learn_from: Literal["declared", "people"] = "declared"
    text_field: str = "text"
    declared_field: str = "declared_licence"
    package_field: str = "package"
    path_field: str = "path"
    n_neighbours: Annotated[int, msgspec.Meta(ge=1)] = 3
    min_neighbours: Annotated[int, msgspec.Meta(ge=1)] = 2
    min_similarity: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.5
    max_characters: Annotated[int, msgspec.Meta(ge=1)] = 20_000

    def fit(self, items: Iterable[ModelItem]) -> ModelAnnotator:
        """The annotator that knows the texts and the answers of `items`; their order does not matter."""
        examples = sorted(example for item in items if (example := self._example(item)) is not None)
        memory = _remembered([example.text for example in examples]) if examples else None
        learnt = _Learnt(tuple(examples), memory, sha256_hex(canonical_json(examples)))
        return _FittedNearestNeighbours(**msgspec.structs.asdict(self), learnt=learnt)

    def predict(self, items: Iterable[ModelItem]) -> Iterator[Prediction | None]:
        """Refused: what `fit` returns predicts."""
        del items
        raise InputError(f"{self.name} has learnt nothing yet; predict with what fit(items) returns.")

    def knowledge(self) -> object:
        """The tables that read declarations."""
        return declaration_tables()

    def _example(self, item: ModelItem) -> "_Example | None":
        text, answer = self._text(item), self._known_answer(item)
        return None if text is None or answer is None else _Example(text, answer, self._group(item))

    def _text(self, item: ModelItem) -> str | None:
        text = item.payload.get(self.text_field)
        return text[: self.max_characters] if isinstance(text, str) else None

    def _known_answer(self, item: ModelItem) -> str | None:
        if self.learn_from == "people":
            answer = item.answers.get(self.question)
            return answer if isinstance(answer, str) else None
        declared, path = item.payload.get(self.declared_field), item.payload.get(self.path_field)
        if not isinstance(declared, str) or (isinstance(path, str) and not speaks_for(path)):
            return None
        return declared_family(declared)

    def _group(self, item: ModelItem) -> str:
        """What may not be a neighbour: the package's name, or else a text's digest, so that copies count once."""
        package = item.payload.get(self.package_field)
        if self.learn_from == "declared" and isinstance(package, str):
            return f"package {package}"
        return f"text {sha256_hex((self._text(item) or '').encode('utf-8', 'surrogatepass'))}"


class _Example(NamedTuple):
    text: str
    answer: str
    group: str


class _Matrix(Protocol):
    @property
    def T(self) -> "_Matrix": ...  # noqa: N802 - the name of the library
    def __matmul__(self, other: "_Matrix") -> "_Matrix": ...
    def toarray(self) -> NDArray[np.float64]: ...


class _Words(Protocol):
    def transform(self, texts: Sequence[str]) -> _Matrix: ...


class _Weights(Protocol):
    def fit(self, counts: _Matrix) -> "_Weights": ...
    def transform(self, counts: _Matrix) -> _Matrix: ...


class _Memory(NamedTuple):
    """What weighs the words of a text, and the weighted words of all examples."""

    weights: _Weights
    matrix: _Matrix


class _Learnt(NamedTuple):
    examples: tuple[_Example, ...]
    memory: _Memory | None
    digest: str


class _FittedNearestNeighbours(
    NearestNeighbours, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="nearest-neighbours"
):
    learnt: _Learnt

    @property
    def version(self) -> str:
        """Names what was learnt too."""
        parameters = msgspec.structs.asdict(self)
        del parameters["learnt"]
        return self._version_of([parameters, self.learnt.digest])

    def predict(self, items: Iterable[ModelItem]) -> Iterator[Prediction | None]:
        """For each item in order, the majority answer of its neighbours, or None."""
        memory = self.learnt.memory
        if memory is None:
            yield from (None for _ in items)
            return
        remaining = iter(items)
        words = _words()
        while batch := list(islice(remaining, _BATCH)):
            counts = words.transform([self._text(item) or "" for item in batch])
            similar = (memory.weights.transform(counts) @ memory.matrix.T).toarray()
            for item, row in zip(batch, similar, strict=True):
                yield self._predicted(self._group(item), row)

    def _predicted(self, group: str, similarity: NDArray[np.float64]) -> Prediction | None:
        near: list[tuple[float, _Example]] = []
        for i in cast("list[int]", np.argsort(-similarity.round(9), kind="stable").tolist()):
            if similarity[i] < self.min_similarity or len(near) == self.n_neighbours:
                break
            if self.learnt.examples[i].group != group:
                near.append((float(similarity[i]), self.learnt.examples[i]))
        if len(near) < self.min_neighbours:
            return None
        answer, n = Counter(example.answer for _, example in near).most_common(1)[0]
        if 2 * n <= len(near):
            return None
        closest = f"{n} of the {len(near)} most similar texts (similarity {near[0][0]:.2f} and less) are {answer}"
        return Prediction({self.question: answer}, closest)


def _remembered(texts: list[str]) -> _Memory:
    from sklearn.feature_extraction.text import TfidfTransformer  # noqa: PLC0415 - three seconds, as below

    counts = _words().transform(texts)
    weights = cast("_Weights", TfidfTransformer(sublinear_tf=True)).fit(counts)
    return _Memory(weights, weights.transform(counts))


def _words() -> _Words:
    """Counts of words and word pairs, hashed: nothing is learnt, so a text always gets the same row."""
    # Three seconds that would be lost wherever a plugin is only looked for, such as at the start of each run.
    from sklearn.feature_extraction.text import HashingVectorizer  # noqa: PLC0415

    options: dict[str, Any] = {"n_features": _N_FEATURES, "ngram_range": (1, 2), "alternate_sign": False, "norm": None}
    return cast("_Words", HashingVectorizer(**options))


plugin = NearestNeighbours
