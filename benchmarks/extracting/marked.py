"""Pages whose main text people marked, and the score of the article extraction benchmark."""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

_WORD = re.compile(r"\w+")
_WORDS_A_SHINGLE = 4


class Page(NamedTuple):
    """A page as it was crawled, the site that it is from, and the text that a person marked."""

    name: str
    site: str
    html: str
    body: str


class Score(NamedTuple):
    """Means over pages, in [0, 1]; F1 is that of the two means."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def load(folder: Path) -> list[Page]:
    """The pages of a folder with `ground-truth.json` and `html/<name>.html.gz`, by name."""
    truth = json.loads((folder / "ground-truth.json").read_bytes())
    return [
        Page(
            name,
            urlsplit(str(marked["url"])).hostname or name,
            gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes()).decode("utf-8", "replace"),
            marked["articleBody"],
        )
        for name, marked in sorted(truth.items())
    ]


def words(text: str) -> list[str]:
    """The words of a text, in their case."""
    return _WORD.findall(text)


def score(pages: Iterable[Page], texts: Mapping[str, str]) -> Score:
    """Precision and recall of four-word shingles, as multisets; a page without a text does not count for precision.

    Source: github.com/scrapinghub/article-extraction-benchmark, its published definition.
    """
    precisions: list[float] = []
    recalls: list[float] = []
    for page in pages:
        found, wanted = _shingles(texts[page.name]), _shingles(page.body)
        common = (found & wanted).total()
        recalls.append(common / wanted.total() if wanted else 1.0)
        if found:
            precisions.append(common / found.total())
    return Score(sum(precisions) / max(1, len(precisions)), sum(recalls) / max(1, len(recalls)))


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    found = words(text)
    n_shingles = max(1, len(found) - _WORDS_A_SHINGLE + 1) if found else 0
    return Counter(tuple(found[start : start + _WORDS_A_SHINGLE]) for start in range(n_shingles))
