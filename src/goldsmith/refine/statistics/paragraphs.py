"""Finds which language each paragraph of a text is in, and what scripts its letters belong to."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

import msgspec

from goldsmith.kit.arrow import as_utf8, utf8
from goldsmith.kit.columns import Batch
from goldsmith.refine.languages import UNDETERMINED, Identified, identify
from goldsmith.refine.statistics.scripts import SCRIPTS, count_letters

_N_DIGITS = 4


class Paragraph(NamedTuple):
    """A piece of a text, in characters, and how many letters it has."""

    start: int
    end: int
    n_letters: int


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """Paragraphs in a row that are in one language.

    Attributes:
        start: where the first one begins, in characters.
        end: where the last one ends.
        language: the code of their language.
        score: how sure that is, in [0, 1]: the mean over their letters.
        letters: how many letters they have.
    """

    start: int
    end: int
    language: str
    score: float
    letters: int


def paragraphs_of(text: str, least: int) -> Iterator[Paragraph]:
    """The lines of a text with at least `least` letters; shorter ones count together with those that follow them.

    Lines are not joined over an empty line, and what stays too short is left out.
    """
    start, n_letters, place = -1, 0, 0
    for line in text.split("\n"):
        end = place + len(line)
        if not line.strip():
            start, n_letters = -1, 0
        else:
            start = place if start < 0 else start
            n_letters += sum(map(str.isalpha, line))
            if n_letters >= least:
                yield Paragraph(start, end, n_letters)
                start, n_letters = -1, 0
        place = end + 1


def language_runs(paragraphs: Sequence[Paragraph], found: Sequence[Identified], least_score: float) -> list[Run]:
    """The runs of paragraphs in one language; those that are not sure belong to none, and end none."""
    sure = [pair for pair in zip(paragraphs, found, strict=True) if _is_sure(pair[1], least_score)]
    runs: list[Run] = []
    for language, group in groupby(sure, key=lambda pair: pair[1].code):
        members = list(group)
        n_letters = sum(each.n_letters for each, _ in members)
        score = sum(each.n_letters * identified.score for each, identified in members) / n_letters
        start, end = members[0][0].start, members[-1][0].end
        runs.append(Run(start=start, end=end, language=language, score=round(score, _N_DIGITS), letters=n_letters))
    return runs


def paragraph_columns(batch: Batch, least_letters: int, least_score: float) -> Mapping[str, Sequence[object]]:
    """The columns of the paragraphs' languages; a text without a paragraph that is sure has none."""
    texts: list[str] = batch.column("text").to_pylist()
    paragraphs = [list(paragraphs_of(text, least_letters)) for text in texts]
    pieces = [text[each.start : each.end] for text, some in zip(texts, paragraphs, strict=True) for each in some]
    identified = iter(identify(as_utf8(pieces)))
    runs = [language_runs(some, [next(identified) for _ in some], least_score) for some in paragraphs]
    shares = [_shares(each) for each in runs]
    letters = count_letters(utf8(batch, "text")).T.tolist()
    return {
        "main_language": [next(iter(each), None) for each in shares],
        "main_language_share": [next(iter(each.values()), None) for each in shares],
        "paragraph_languages": [_as_json(list(each)) for each in shares],
        "language_runs": [_as_json(each) for each in runs],
        "scripts": [_as_json(_script_shares(counts)) for counts in letters],
    }


def _is_sure(found: Identified, least_score: float) -> bool:
    return found.code != UNDETERMINED and found.score >= least_score


def _shares(runs: Sequence[Run]) -> dict[str, float]:
    """The share of the letters in each language, the greatest first."""
    letters: Counter[str] = Counter()
    for run in runs:
        letters[run.language] += run.letters
    total = letters.total()
    return {language: n / total for language, n in sorted(letters.items(), key=lambda item: (-item[1], item[0]))}


def _script_shares(counts: Sequence[int]) -> dict[str, float]:
    """The share of the letters in each script, the greatest first."""
    total = sum(counts)
    pairs = sorted(zip(counts, SCRIPTS, strict=True), key=lambda pair: (-pair[0], pair[1]))
    return {script: round(n / total, _N_DIGITS) for n, script in pairs if n}


def _as_json(found: Sequence[object] | Mapping[str, object]) -> str | None:
    return msgspec.json.encode(found).decode() if found else None
