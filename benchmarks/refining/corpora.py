"""The documents that refining is measured on: those of a folder, or those that installed packages bring along."""

import itertools
import sysconfig
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import distributions
from pathlib import Path

TEXTS = {".txt", ".md", ".rst"}
PAGES = {".html", ".htm"}
MOST_BYTES = 2 << 20


def texts_of(folder: Path | None, n_documents: int) -> list[str]:
    """Up to `n_documents` texts, always the same ones; of HTML the main text. Those of a folder are spread over it."""
    return [text for _, text in documents_of(folder, n_documents)]


def documents_of(folder: Path | None, n_documents: int) -> list[tuple[Path, str]]:
    """As `texts_of`, with the path of each."""
    if folder is None:
        paths = (path for path in _installed() if _is_text(path))
    else:
        known = sorted(path for path in folder.rglob("*") if _is_text(path))
        paths = iter(known[:: max(1, len(known) // n_documents)])
    found = ((path, _text_of(path)) for path in paths)
    return list(itertools.islice(((path, text) for path, text in found if text), n_documents))


def _is_text(path: Path) -> bool:
    return (path.suffix in TEXTS | PAGES or path.name == "METADATA") and path.is_file()


def _text_of(path: Path) -> str:
    if path.stat().st_size > MOST_BYTES:
        return ""
    text = path.read_text("utf-8", errors="replace")
    return _main_text(text) if path.suffix in PAGES else text


def _main_text(page: str) -> str:
    return str(import_module("resiliparse.extract.html2text").extract_plain_text(page, main_content=True))


def _installed() -> Iterator[Path]:
    for distribution in sorted(distributions(), key=lambda each: each.metadata["Name"]):
        yield from (Path(str(file.locate())) for file in distribution.files or ())
    yield from sorted(Path(sysconfig.get_paths()["stdlib"]).rglob("*.txt"))
    yield from sorted(Path("/usr/share/doc").rglob("*.*"))
