"""How often the language check of texts refuses what it should not, beside lingua: `-m benchmarks.languages MANUALS`.

MANUALS holds a folder by language code into which Debian's packages `manpages-*` were unpacked (`tools/languages.py`
made the profiles from half of their pages; these are the others). Pages are translated in part only, so a paragraph
counts for a language when lingua says so of the whole of it; then both are asked about its beginning.
"""

import importlib
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from goldsmith.tasks.languages import LANGUAGES, other_language
from goldsmith.tasks.texts import normal_text
from tools.languages import is_for_training, manual

LENGTHS = (40, 60, 100, 200, 400)
MOST = 200
WANTED = ("en", "de", "es", "ru")


def main(manuals: Path) -> None:
    """Print a row a length: how many of a language's own texts are refused, and how many of others are caught."""
    peer: Any = importlib.import_module("lingua")  # installed by hand: `pip install lingua-language-detector`
    detector = peer.LanguageDetectorBuilder.from_all_languages().build()

    def lingua(text: str) -> str:
        found = detector.detect_language_of(text)
        return "" if found is None else found.iso_code_639_1.name.lower()

    texts = {folder.name: _texts(folder, lingua) for folder in sorted(manuals.iterdir()) if folder.name in LANGUAGES}
    print(f"{sum(map(len, texts.values()))} paragraphs in {len(texts)} languages")
    print("length | n | own refused | lingua's best is another | others caught | named right")
    for length in LENGTHS:
        _row(length, texts, lingua)


def _texts(folder: Path, lingua: Callable[[str], str]) -> list[str]:
    found = [text for text, page in manual(folder, is_english=folder.name == "en") if not is_for_training(page)]
    some = random.Random(1).sample(  # noqa: S311 -- a sample, no secret
        found, min(len(found), 4 * MOST)
    )
    return [normal_text(text) for text in some if lingua(text) == folder.name]


def _row(length: int, texts: dict[str, list[str]], lingua: Callable[[str], str]) -> None:
    n = refused = mistaken = asked = caught = named = 0
    for code, known in texts.items():
        for text in [one[:length] for one in known if len(one) >= length][:MOST]:
            n += 1
            refused += other_language(text, [code]) is not None
            mistaken += lingua(text) not in {code, ""}
            for wanted in (one for one in WANTED if one != code):
                seen = other_language(text, [wanted])
                asked, caught, named = asked + 1, caught + (seen is not None), named + (seen == code)
    shares = [refused / n, mistaken / n, caught / asked, named / max(1, caught)]
    print(f"{length} | {n} | " + " | ".join(f"{100 * share:.2f}%" for share in shares))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
