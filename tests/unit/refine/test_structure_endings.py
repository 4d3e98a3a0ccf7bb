"""Texts that end in the middle: which are marked, how surely, and which are not."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
import pytest

from benchmarks.extracting.marked import load
from goldsmith.kit.arrow import make_batch, utf8
from goldsmith.kit.columns import Batch
from goldsmith.refine.stages.truncation import Truncation
from goldsmith.refine.structure.boilerplate import boilerplate_kinds, surely_text
from goldsmith.refine.structure.endings import SCORES
from goldsmith.refine.structure.kinds import BOILERPLATE
from goldsmith.refine.structure.phrase_books import phrases_of
from tests.unit.refine.sound_texts import SENTENCES

MARKED = Path(__file__).resolve().parents[4] / "shared" / "data" / "web-articles"

WHOLE = """The mill at the brook has stood for three hundred years, and nobody needs it any more.

The miller opens it every Sunday for visitors, and he likes to tell how it all began.

In winter the brook freezes, and the miller reads his old books beside the stove until spring."""


def batch(*texts: str | None) -> Batch:
    return make_batch({"text": list(texts)}, {"text": "text"})


def kinds(*texts: str) -> list[object]:
    return list(Truncation().annotate(batch(*texts))["truncation_kind"])


@pytest.mark.parametrize(
    ("end", "kind"),
    [
        ("", None),
        (" He said: “It is enough.”", None),
        ("\n\nRelated articles\nShare this article", None),
        ("\n\nRead more", None),
        ("\n\nSee also the chapter on mills", None),
        ("\n\n- a list of mills that are open on every Sunday of the year", None),
        ("\n\nFor more about the mill and its long history, see https://example.org/mill", None),
        ("\n\nAll his life he had wanted to see the sea and the", "broken-off"),
        ("\n\nAll his life he had wanted to see the sea, the mountains,", "broken-off"),
        ("\n\nAll his life he had wanted to see the sea once mor", "unfinished"),
        ("\n\nAll his life he had wanted to see...", "ellipsis"),
        ("\n\nAll his life [...]", "ellipsis"),
        ("\n\nAll his life he had wanted to see... Read more", "read-more"),
        ("\n\nAll his life he had wanted to see the\n\nContinue reading", "read-more"),
        ("\n\nSubscribe to continue reading", "paywall"),
        ("\n\nThis article is for subscribers only.\n\nShare this article", "paywall"),
    ],
)
def test_the_end_says_whether_something_is_missing(end: str, kind: str | None):
    assert kinds(WHOLE + end) == [kind]


def test_a_text_whose_lines_have_no_marks_is_only_suspected():
    lines = "\n".join(f"The mill number {number} stood at the brook for three hundred years" for number in range(5))

    assert kinds(lines) == ["unmarked"]


def test_whole_texts_in_many_languages_pass_and_cut_ones_do_not():
    whole = ["\n\n".join([text] * 3) for text in SENTENCES.values()]
    cut = [text[: len(text) - len(last) // 3] for text, last in zip(whole, SENTENCES.values(), strict=True)]

    assert Counter(kinds(*whole)) == {None: len(whole)}
    assert sum(kind is not None for kind in kinds(*cut)) >= 0.7 * len(cut)


def test_the_line_that_shows_it_has_its_place():
    text = f"{WHOLE}\n\nAll his life he had wanted to see..."

    columns = Truncation().annotate(batch(text, "", None))

    ((span,),) = (msgspec.json.decode(str(columns["truncation_spans"][0])),)
    assert text[span["start"] : span["end"]] == "All his life he had wanted to see..."
    assert columns["truncation_score"] == [SCORES["ellipsis"], 0, 0]


def test_far_ends_of_long_texts_are_found():
    text = "\n\n".join([WHOLE] * 50) + " All his life he had wanted to see..."

    ((span,),) = (msgspec.json.decode(str(Truncation().annotate(batch(text))["truncation_spans"][0])),)

    assert span["end"] == len(text)
    assert text[: span["start"]].endswith("\n\n")


def test_what_surely_lacks_its_end_is_dropped_on_request():
    (rule,) = Truncation(max_score=0.9).rules()
    verdicts = rule.verdicts(make_batch({"truncation_score": [1.0, 0.9, 0.0]}, {"truncation_score": "float"}))

    assert [verdict is not None for verdict in verdicts] == [True, False, False]
    assert Truncation().rules() == ()


PHRASES = [phrase for kind in (*BOILERPLATE, "fillers") for phrase in phrases_of(kind)]
KNOWN = [phrase.text for phrase in PHRASES[::3]]
COMPANY = [phrase.text for phrase in PHRASES if phrase.mode == "company"]
MENU = ["Home", "News", "About us", "Contact", "Share", "Search"]
LINES = [
    *KNOWN,
    *(" | ".join(KNOWN[place : place + 3]) for place in range(0, len(KNOWN) - 3, 2)),
    *(f"{first} · {second}, the mill at the brook · {first}" for first, second in pairwise(KNOWN)),
    *(f"{first} | {second}." for first, second in pairwise(COMPANY[::3])),
    *(
        "A short line",
        "A short line.",
        "A heading:",
        "***",
        " ",
        "»",
        "Das Ende\u3000",
        "© 2019 Daily Star",
        "Tags: mill",
    ),
]


@pytest.mark.parametrize("above", [[], MENU, ["A line of prose that is as long as that."] * 9])
@pytest.mark.parametrize("below", [[], MENU, ["Share this article"]])
def test_what_is_surely_text_is_so_in_every_company(above: list[str], below: list[str]):
    alone = surely_text(utf8(batch(*LINES), "text", is_lower=True))
    texts = ["\n".join([*above, line, *below]) for line in LINES]
    kinds_of_lines = boilerplate_kinds(utf8(batch(*texts), "text", is_lower=True))

    kinds_here = [int(found[len(above)]) for found in kinds_of_lines]

    assert sum(alone) > 100
    assert not [line for line, is_sure, kind in zip(LINES, alone, kinds_here, strict=True) if is_sure and kind]


@pytest.mark.parametrize(
    "line", ["The miller likes to tell how it all began.", "***", "He went on, and on, and on, and on"]
)
def test_prose_is_surely_text_and_boilerplate_is_not(line: str):
    assert surely_text(utf8(batch(line, "Read more", "A short line"), "text", is_lower=True)) == [True, False, False]


@pytest.mark.parametrize("below", ["", "\n", "\n \n\t", "\nShare this article\n", "\n\nRead more\n\nHome"])
@pytest.mark.parametrize("before", ["", "\n", "A heading\n\n", "x" * 4000 + "\n", "Read more\n"])
def test_the_last_line_is_found_whatever_stands_around_it(before: str, below: str):
    text = f"{before} All his life he had wanted to see...  {below}"

    ((span,),) = (msgspec.json.decode(str(Truncation().annotate(batch(text))["truncation_spans"][0])),)

    assert text[span["start"] : span["end"]] == " All his life he had wanted to see..."


@pytest.mark.skipif(not MARKED.is_dir(), reason="the marked pages are not beside the repository")
def test_marked_articles_pass_and_cut_ones_do_not():
    drawn = np.random.default_rng(3)
    bodies = [page.body for page in load(MARKED) if len(page.body) > 400]
    cut = [body[: body.rfind(" ", 0, int(drawn.integers(len(body) // 4, len(body))))] for body in bodies]

    n_whole, n_cut = (sum(kind is not None for kind in kinds(*texts)) for texts in (bodies, cut))

    assert n_whole <= 0.08 * len(bodies)
    assert n_cut >= 0.7 * len(cut)
