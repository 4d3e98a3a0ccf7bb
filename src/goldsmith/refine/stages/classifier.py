"""Classifier: drops texts that a classifier of one's own, trained on labelled texts, does not want."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Self, cast

import msgspec

from goldsmith.errors import InputError
from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.model import DocumentStage, Places
from goldsmith.refine.rules import Bound, Rule


class Classifier(DocumentStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Scores each text by a classifier that `goldsmith refine train` made, and drops what scores too low.

    The score is the probability that a text is wanted, in [0, 1]; an empty text has none. `classifier_spans` says which
    words speak most against a text, each with its share of the log-odds.

    Attributes:
        model: the classifier's file; a relative path starts at the recipe's folder.
        min_score: texts with a lower score are dropped.

    Source: logistic regression on hashed words and character sequences, as in Joulin et al. (2016), "Bag of Tricks for
    Efficient Text Classification", without hidden layer; square roots of shares instead of counts (Hellinger distance).
    """

    name: ClassVar[str] = "classifier"
    title: ClassVar[str] = "Classifier"
    columns: ClassVar[Kinds] = {"classifier_score": "float", "classifier_spans": "text"}
    spans: ClassVar[frozenset[str]] = frozenset({"classifier_spans"})
    thresholds: ClassVar[frozenset[str]] = frozenset({"min_score"})

    model: str = ""
    min_score: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.min_score <= 1:
            raise ValueError("`min_score` has to lie between 0 and 1")

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """The score of each text and the words against it; none without a classifier, which `bound` refuses."""
        from goldsmith.kit.arrow import utf8  # noqa: PLC0415 - recipes are read without it
        from goldsmith.refine.classifying.models import loaded, sha256_of  # noqa: PLC0415 - as above
        from goldsmith.refine.classifying.scoring import scores_of  # noqa: PLC0415 - as above

        if not self.model:
            return {name: [None] * batch.num_rows for name in self.columns}
        model = loaded(self.model, self._pinned() or sha256_of(Path(self.model)))
        found = scores_of(utf8(batch, "text", is_lower=True), model)
        return {
            "classifier_score": [each.probability for each in found],
            "classifier_spans": [
                msgspec.json.encode(
                    [{"start": word.start, "end": word.stop, "weight": word.weight} for word in each.against]
                ).decode()
                for each in found
            ],
        }

    def rules(self) -> tuple[Rule, ...]:
        """Drops texts with a score below the minimum."""
        return (
            Bound(
                name="low-score",
                number="classifier_score",
                side="minimum",
                threshold=self.min_score,
                label="probability that they are wanted",
                unit="probability",
                is_share=True,
                reason="wanted with a probability of {value}, below the minimum of {threshold}",
            ),
        )

    def spans_of(self, rule: str, text: str, columns: Mapping[str, object]) -> Iterable[tuple[int, int]]:
        """The words that speak most against it."""
        from goldsmith.refine.evidence.places import places_in  # noqa: PLC0415 - when only a recipe is read

        del rule, text
        return places_in(columns["classifier_spans"])

    def bound(self, places: Places) -> Self:
        """This stage with the path of its classifier, which is checked."""
        from goldsmith.refine.classifying.models import read_model, sha256_of  # noqa: PLC0415 - as in `pins`

        path = self._path(places)
        _ = read_model(path)
        return cast("Self", _BoundClassifier(model=str(path), min_score=self.min_score, sha256=sha256_of(path)))

    def pins(self, places: Places) -> Mapping[str, str]:
        """The hash of its classifier."""
        from goldsmith.refine.classifying.models import sha256_of  # noqa: PLC0415 - when only a recipe is read

        return {self.model: sha256_of(self._path(places))}

    def _pinned(self) -> str | None:
        """The hash that its classifier's file has to have, once it is bound."""
        return None

    def _path(self, places: Places) -> Path:
        if not self.model:
            raise InputError("the stage `classifier` needs a `model`.", hint="Make one with `goldsmith refine train`.")
        return (places.base / self.model).absolute()


class _BoundClassifier(Classifier, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The stage as it runs: a file that changes during the run ends the run."""

    sha256: str

    def _pinned(self) -> str | None:
        return self.sha256


plugin = Classifier
