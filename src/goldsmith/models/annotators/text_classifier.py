"""Text classifier: learns from what people have answered, and answers the rest."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Annotated, Any, NamedTuple, Protocol, cast

import msgspec
import numpy as np
from numpy.typing import NDArray

from goldsmith.errors import InputError
from goldsmith.kit.digest import canonical_json, sha256_hex
from goldsmith.models.model import ModelAnnotator, ModelItem, Prediction

_N_FEATURES = 2**18
_BATCH = 256
_SEED = 0
_DECIMALS = 6


class TextClassifier(ModelAnnotator, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="text-classifier"):
    """Logistic regression on hashed words and word pairs, learnt from people's answers to a choice question.

    An item that people have answered is answered by a model that has not seen that answer (cross-fitting), so that its
    agreement with people is an honest figure. It abstains until people have answered enough items, and wherever no
    option has more than `min_probability`.

    Attributes:
        question: the choice question to answer.
        text_field: the item's field with the text.
        min_answered: how many answered items it wants before it answers any.
        min_probability: what the likeliest option must exceed, in [0, 1).
        n_folds: how many parts the answered items are divided into for cross-fitting.
        max_characters: how much of a text is read.

    Source: cross-fitting as in Chernozhukov et al. (2018), "Double/debiased machine learning", definition 3.1; an
    item's part is given by the digest of its text, so copies fall into one part and the order does not matter.
    """

    question: str = "licence"
    text_field: str = "text"
    min_answered: Annotated[int, msgspec.Meta(ge=4)] = 10
    min_probability: Annotated[float, msgspec.Meta(ge=0, lt=1)] = 0.5
    n_folds: Annotated[int, msgspec.Meta(ge=2, le=20)] = 5
    max_characters: Annotated[int, msgspec.Meta(ge=1)] = 20_000

    def fit(self, items: Iterable[ModelItem]) -> ModelAnnotator:
        """The annotator that has learnt from the answers of `items`; their order does not matter."""
        examples = sorted(example for item in items if (example := self._example(item)) is not None)
        counts = Counter(example.answer for example in examples)
        if len(examples) < self.min_answered or len(counts) < 2:
            examples = []
        models = [_trained([one for one in examples if one.part != part]) for part in range(self.n_folds + 1)]
        learnt = _Learnt(models, {one.digest for one in examples}, sha256_hex(canonical_json(examples)))
        return _FittedTextClassifier(**msgspec.structs.asdict(self), learnt=learnt)

    def predict(self, items: Iterable[ModelItem]) -> Iterator[Prediction | None]:
        """Refused: what `fit` returns predicts."""
        del items
        raise InputError(f"{self.name} has learnt nothing yet; predict with what fit(items) returns.")

    def knowledge(self) -> object:
        """The versions of the libraries that fit it."""
        import scipy  # noqa: PLC0415 - with scikit-learn three seconds, as below
        import sklearn  # noqa: PLC0415

        return {"numpy": np.__version__, "scipy": scipy.__version__, "sklearn": sklearn.__version__}

    def _example(self, item: ModelItem) -> "_Example | None":
        answer = item.answers.get(self.question)
        text = self._text(item)
        if not isinstance(answer, str) or not text:
            return None
        digest = _digest(text)
        return _Example(digest, answer, text, self._part(digest))

    def _text(self, item: ModelItem) -> str:
        text = item.payload.get(self.text_field)
        return text[: self.max_characters] if isinstance(text, str) else ""

    def _part(self, digest: str) -> int:
        return int(digest[:8], 16) % self.n_folds


class _Example(NamedTuple):
    digest: str
    answer: str
    text: str
    part: int


class _Fitted(Protocol):
    classes_: NDArray[np.str_]

    def fit(self, rows: Any, answers: list[str]) -> "_Fitted": ...  # Any: a sparse matrix, for which there are no types
    def predict_proba(self, rows: Any) -> NDArray[np.float64]: ...


class _Model(NamedTuple):
    """A fitted model and the columns it knows: those of words that no example holds have no weight."""

    columns: NDArray[np.int64]
    fitted: _Fitted


class _Learnt(NamedTuple):
    models: list[_Model | None]
    known: set[str]
    digest: str


class _FittedTextClassifier(
    TextClassifier, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="text-classifier"
):
    learnt: _Learnt

    @property
    def version(self) -> str:
        """Names what was learnt too."""
        parameters = msgspec.structs.asdict(self)
        del parameters["learnt"]
        return self._version_of([parameters, self.learnt.digest])

    def predict(self, items: Iterable[ModelItem]) -> Iterator[Prediction | None]:
        """For each item in order, the likeliest option, or None."""
        remaining = iter(items)
        while batch := list(islice(remaining, _BATCH)):
            yield from self._predicted([self._text(item) for item in batch])

    def _predicted(self, texts: list[str]) -> list[Prediction | None]:
        rows = _rows(texts)
        answers: list[Prediction | None] = [None] * len(texts)
        by_model: dict[int, list[int]] = {}
        for i, text in enumerate(texts):
            if text:
                by_model.setdefault(self._model_for(text), []).append(i)
        for number, chosen in by_model.items():
            model = self.learnt.models[number]
            if model is not None:
                shares = model.fitted.predict_proba(rows[chosen][:, model.columns]).round(_DECIMALS)
                for i, row in zip(chosen, shares, strict=True):
                    answers[i] = self._likeliest(model.fitted, row)
        return answers

    def _model_for(self, text: str) -> int:
        """The number of the model that has not seen people's answer to this text; the last one has seen all."""
        digest = _digest(text)
        return self._part(digest) if digest in self.learnt.known else self.n_folds

    def _likeliest(self, model: _Fitted, shares: NDArray[np.float64]) -> Prediction | None:
        best = int(shares.argmax())
        if shares[best] <= self.min_probability:
            return None
        evidence = f"probability {shares[best]:.2f} after {len(self.learnt.known)} texts"
        return Prediction({self.question: str(model.classes_[best])}, evidence)


def _trained(examples: list[_Example]) -> _Model | None:
    """A model of these examples, or None when they are all of one class."""
    answers = [example.answer for example in examples]
    if len(set(answers)) < 2:
        return None
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - three seconds, as below

    rows = _rows([example.text for example in examples])
    columns = np.unique(rows.indices).astype(np.int64)
    model = cast("_Fitted", LogisticRegression(C=20.0, class_weight="balanced", max_iter=500, random_state=_SEED))
    return _Model(columns, model.fit(rows[:, columns], answers))


def _rows(texts: list[str]) -> Any:
    """Hashed counts of words and word pairs, each row of length 1: nothing is learnt here."""
    # Three seconds that would be lost wherever a plugin is only looked for, such as at the start of each run.
    from sklearn.feature_extraction.text import HashingVectorizer  # noqa: PLC0415

    options: dict[str, Any] = {"n_features": _N_FEATURES, "ngram_range": (1, 2), "alternate_sign": False, "norm": "l2"}
    return cast("Any", HashingVectorizer(**options)).transform(texts)


def _digest(text: str) -> str:
    return sha256_hex(text.encode("utf-8", "surrogatepass"))


plugin = TextClassifier
