"""Where tokens begin and end, against Python's own view of the characters."""

# Texts in several scripts hold characters that look like others.
# ruff: noqa: RUF001

import re
import unicodedata
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldsmith.kit.arrow import Utf8, make_batch, utf8
from goldsmith.refine.statistics.characters import (
    ALPHABETIC,
    EXTENDING,
    LINE_END,
    PUNCTUATION,
    SINGLE,
    SPACE,
    TERMINAL,
    WORD,
    characters,
)
from goldsmith.refine.statistics.tokenisers import Tokeniser
from goldsmith.refine.statistics.tokens import tokens_of

TEXTS = st.lists(st.text() | st.text("abé1_ .,:'’-中で\u0301\u200d\u00a0\n", max_size=30), max_size=6)


def encoded(texts: Sequence[str]) -> Utf8:
    return utf8(make_batch({"text": list(texts)}, {"text": "text"}), "text")


def words_of(texts: Sequence[str], tokeniser: Tokeniser) -> list[list[str]]:
    held = encoded(texts)
    tokens = tokens_of(held, tokeniser)
    return [
        [
            held.content[start:stop].tobytes().decode()
            for start, stop in zip(tokens.starts[first:last], tokens.stops[first:last], strict=True)
        ]
        for first, last in zip(tokens.bounds[:-1], tokens.bounds[1:], strict=True)
    ]


@given(texts=TEXTS)
def test_split_is_the_split_of_python(texts: list[str]):
    assert words_of(texts, "split") == [text.split() for text in texts]


@pytest.mark.parametrize("tokeniser", ["split", "words"])
def test_many_texts_of_one_letter_have_a_token_each(tokeniser: Tokeniser):
    assert words_of(["a"] * 5000, tokeniser) == [["a"]] * 5000


@given(texts=TEXTS)
def test_words_lose_nothing_but_white_space(texts: list[str]):
    for text, words in zip(texts, words_of(texts, "words"), strict=True):
        assert "".join(words) == "".join(text.split())
        assert all(words)


@given(texts=TEXTS)
def test_no_word_reaches_over_white_space(texts: list[str]):
    for text, words in zip(texts, words_of(texts, "words"), strict=True):
        assert len(words) >= len(text.split())


def kind_of(character: str) -> str:
    """One letter for what a character is to the rules of words."""
    table, point = characters(), ord(character)
    flags = int(table.flags[int(table.pages[point >> 8]) * 256 + (point & 255)])
    marks = {
        ".": "P",
        "'": "B",
        "\u2019": "B",
        "\u2018": "B",
        "\u2024": "B",
        "\ufe52": "B",
        "\uff07": "B",
        "\uff0e": "B",
    }
    if flags & SPACE:
        return "W"
    if flags & (WORD | SINGLE):
        return "S" if flags & SINGLE else "L" if flags & ALPHABETIC else "D"
    if character in marks:
        return marks[character]
    if character in ":\u00b7\u0387\u055f\u05f4\u2027\ufe13\ufe55\uff1a":
        return "M"
    return (
        "E" if flags & EXTENDING else "N" if character in ",;\u037e\u0589\u060c\u060d\u066c\u07f8\u2044\uff0c" else "O"
    )


RULES = re.compile(r"(?:LE*(?:[MBP](?=L))?|DE*(?:[NBP](?=D))?)+|P[PE]*|[^W]E*")


@given(texts=TEXTS)
def test_words_follow_the_rules_written_as_one_expression(texts: list[str]):
    for text, words in zip(texts, words_of(texts, "words"), strict=True):
        kinds = "".join(map(kind_of, text))
        assert words == [text[found.start() : found.end()] for found in RULES.finditer(kinds)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don't stop: it’s 3.14!", ["Don't", "stop", ":", "it’s", "3.14", "!"]),
        ("1,000,000 or 1, 2", ["1,000,000", "or", "1", ",", "2"]),
        ("U.S.A. e.g. this.", ["U.S.A", ".", "e.g", ".", "this", "."]),
        ("well-known (see docs/a_b.txt)", ["well", "-", "known", "(", "see", "docs", "/", "a_b.txt", ")"]),
        ("wait... ok . . .", ["wait", "...", "ok", ".", ".", "."]),
        ("-- == ##", ["-", "-", "=", "=", "#", "#"]),
        ("a1 1a x2.5", ["a1", "1a", "x2.5"]),
        ("中文没有空格。", ["中", "文", "没", "有", "空", "格", "。"]),
        ("カタカナとABC", ["カ", "タ", "カ", "ナ", "と", "ABC"]),
        ("ไทยกำ", ["ไ", "ท", "ย", "ก", "ำ"]),
        ("한국어 문장", ["한국어", "문장"]),
        ("Ĳsselmeer naïve Straße", ["Ĳsselmeer", "naïve", "Straße"]),
        ("cafe\u0301s co\u00adop", ["cafe\u0301s", "co\u00adop"]),
        ("\u200bzero \U0001f468\u200d\U0001f469", ["\u200b", "zero", "\U0001f468\u200d", "\U0001f469"]),
        ("هذا نص، عربي", ["هذا", "نص", "،", "عربي"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("", []),
        (" \n\u3000", []),
    ],
)
def test_words_are_what_a_reader_counts(text: str, words: list[str]):
    assert words_of([text], "words") == [words]


def test_the_table_says_what_python_says_of_every_character():
    table = characters()

    for point in range(0x20000):
        character = chr(point)
        flags = int(table.flags[int(table.pages[point >> 8]) * 256 + (point & 255)])
        assert bool(flags & SPACE) == character.isspace()
        assert bool(flags & ALPHABETIC) == character.isalpha()
        assert bool(flags & WORD) == (character.isalnum() or unicodedata.category(character) == "Pc")
        assert bool(flags & LINE_END) == (len(f"a{character}b".splitlines()) == 2)
        assert not flags & TERMINAL or flags & PUNCTUATION
        assert not (flags & EXTENDING and flags & (WORD | SPACE))
