"""The line edits of DCLM, beside a plain reading of its rules."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldsmith.kit.arrow import make_batch, with_columns
from goldsmith.refine.repairing.edits import Change, undo
from goldsmith.refine.stages.dclm_lines import DclmLines
from goldsmith.refine.statistics.dclm_kinds import DCLM_KINDS

COUNTERS = "likes|shares|comments|retweets|reposts|quotes|bookmarks|upvotes|downvotes|downloads|views|followers"
COUNTER = re.compile(r"^\W*\d(?:,|\.|\d)*(?:k|m|b)?\s+(?:" + COUNTERS + r")\W*$")
PROSE = "The quick brown fox jumps over the lazy dog and then it runs back to the forest where it lives with others."


def plain(text: str) -> str | None:
    """What DCLM's steps make of a text, one after the other as it has them, or None if they drop it."""

    def only(keep: Callable[[str], bool]) -> Callable[[str], str]:
        return lambda given: "\n".join(line for line in given.split("\n") if not line or keep(line))

    def struck(phrase: str) -> Callable[[str], str]:
        def strike(given: str) -> str:
            lines: list[str] = []
            for line in given.split("\n"):
                new = re.sub(phrase, "", line, flags=re.IGNORECASE) if len(line.split()) <= 10 else line
                if new.strip() or not line:
                    lines.append(new)
            return "\n".join(lines)

        return strike

    def n_words(given: str) -> int:
        return sum(word[:1].isalnum() for word in re.split("[ \t\n\v\f\r\0]", given))

    before = n_words(text)
    for step, is_stripping in (
        (only(lambda line: sum(map(str.isupper, line)) / len(line) <= 0.5), True),
        (only(lambda line: not all(map(str.isdigit, line))), True),
        (only(lambda line: COUNTER.search(line.lower()) is None), True),
        (only(lambda line: len(line.split()) >= 2), False),
        (struck(r"\s?items in cart"), True),
        (struck(r"\s?read more...$"), True),
        (struck(r"^sign-in\s?"), True),
    ):
        text = step(text).strip() if is_stripping else step(text)
        if not text:
            return None
    return None if before == 0 or (before - n_words(text)) / before > 0.05 else text


def run(texts: Sequence[str], stage: DclmLines | None = None, language: str | None = "en") -> list[dict[str, Any]]:
    """The columns of each text, with the rules that drop it as `stops`."""
    stage = stage or DclmLines()
    kinds = {"text": "text", "language": "text"}
    batch = make_batch({"text": list(texts), "language": [language] * len(texts)}, kinds)  # pyright: ignore[reportArgumentType]
    columns = stage.annotate(batch)
    annotated = with_columns(batch, columns, stage.columns)
    stops = [{rule.name: rule.verdicts(annotated)[row] for rule in stage.rules()} for row in range(len(texts))]
    return [
        {name: values[row] for name, values in columns.items()} | {"stops": {k: v for k, v in stops[row].items() if v}}
        for row in range(len(texts))
    ]


LINES = st.sampled_from(
    [
        *(
            "",
            " ",
            "\t ",
            "HOME",
            "ABOUT US NOW",
            "ABcd",
            "ABc",
            "123",
            " 456",
            "١٢٣",
            "½ ²",
            "3 likes",
            "1,2k Followers",
        ),
        *(
            "(12.5M views)",
            "0 likes today",
            "3 items in cart",
            "Items In Cart",
            "cart: 2 items in cart now",
            "-- __ --",
        ),
        *("Read more...", "See it. Read more…..", "read more now", "Sign-in", "sign-in to see it", "  Sign-in here"),
        *(
            "ÄÖÜ äö",
            "word",
            "two words",
            "two\u00a0words\x0bthree",
            "中文没有空格。",
            "a\x00b c",
            "İ İ x",
            PROSE,
            PROSE * 3,
        ),
    ]
)
TEXTS = st.lists(LINES | st.text(alphabet="aA1 .\n-K", max_size=12), max_size=9).map("\n".join)


@settings(max_examples=200)
@given(texts=st.lists(TEXTS, min_size=1, max_size=6))
def test_what_stays_and_what_is_dropped_is_what_the_published_steps_say(texts: list[str]):
    found = run(texts)

    assert [None if each["stops"] else each["text"] for each in found] == [plain(text) for text in texts]


@settings(max_examples=100)
@given(text=TEXTS)
def test_all_that_went_can_be_put_back(text: str):
    (found,) = run([text])

    changes = msgspec.json.decode(found["dclm_edits"] or "[]", type=list[Change])

    assert undo(found["text"], changes) == text
    assert {kind for change in changes for kind in change.kind.split("+")} <= {*DCLM_KINDS, "edges"}
    assert all(found["text"].startswith(change.after, at) for change in changes for at in change.at)


def test_lines_are_counted_by_what_is_wrong_with_them():
    text = f"HOME NOW\n123\n3 likes\nmenu\n{PROSE}\nSign-in now\n\n2 items in cart"

    (found,) = run([text])

    counts = {name: found[name] for name in DclmLines.changes}
    assert list(counts.values()) == [1, 1, 1, 1, 2]
    assert found["text"] == f"{PROSE}\nnow\n\n2"


def test_a_text_that_lost_many_words_is_dropped_with_the_share():
    (found,) = run(["ALL OF THIS GOES\n" + PROSE])

    verdict = found["stops"]["many-words-removed"]
    assert verdict.value == 4 / (4 + len(PROSE.split()))
    assert verdict.threshold == 0.05


def test_the_limit_of_lost_words_can_be_changed_without_new_columns():
    text = "ALL OF THIS GOES\n" + PROSE

    (strict,), (lenient,) = run([text]), run([text], DclmLines(max_removed_words=0.5))

    assert not lenient["stops"]
    assert strict["stops"]
    assert {**strict, "stops": None} == {**lenient, "stops": None}


def test_texts_of_other_languages_stay_as_they_are():
    text = " 中文没有空格。\nHALLO WELT\n123 "

    (found,) = run([text], language="zh")
    (edited,) = run([text], DclmLines(languages=()), language="zh")

    assert found["text"] == text
    assert not found["stops"]
    assert edited["text"] == ""
    assert "no-words" in edited["stops"]


def test_a_text_whose_language_is_not_known_is_edited():
    assert run([f"{PROSE}\n123"], language=None)[0]["text"] == PROSE


@pytest.mark.parametrize(
    ("parameters", "stays"),
    [
        ({"max_uppercase": None}, "HOME NOW"),
        ({"leave_out_numbers": False, "min_words": 0}, "123"),
        ({"leave_out_counters": False}, "3 likes"),
        ({"min_words": 1}, "menu"),
        ({"remove_phrases": False}, "Sign-in to see"),
    ],
)
def test_each_rule_can_be_lifted(parameters: dict[str, Any], stays: str):
    text = f"{PROSE}\n{stays}\n{PROSE}"

    assert stays in run([text], DclmLines(**parameters))[0]["text"]
    assert stays not in run([text])[0]["text"]
