"""The signals of RedPajama-V2, beside a plain reading of their definitions."""

# Texts in several scripts hold characters that look like others.
# ruff: noqa: RUF001

import math
import re
import string
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldsmith.errors import RecipeError
from goldsmith.kit.arrow import make_batch, with_columns
from goldsmith.refine.recipe import load_recipe
from goldsmith.refine.stages.redpajama_signals import RedpajamaSignals

BULLETS = ("\u2022", "\u2023", "\u25b6", "\u25c0", "\u25e6", "\u25a0", "\u25a1", "\u25aa", "\u25ab", "\u2013")


def cleaned(text: str) -> str:
    kept = "".join(each for each in text if each not in string.punctuation)
    return normalize("NFD", re.sub(r"\s+", " ", kept.lower().strip()))


def share(part: float, whole: float, empty: float | None = None) -> float | None:
    return part / whole if whole else empty


def of_sequences(words: Sequence[str]) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    total = sum(map(len, words))
    for n in range(2, 11):
        sequences = [tuple(words[place : place + n]) for place in range(len(words) - n + 1)]
        times = Counter(sequences)
        if n < 5:
            best, most = max(times.items(), key=lambda item: item[1], default=((), 0))
            found[f"rps_doc_frac_chars_top_{n}gram"] = sum(map(len, best)) * most / total if most > 1 else 0.0
        else:
            covered = {place + k for place, each in enumerate(sequences) if times[each] > 1 for k in range(n)}
            found[f"rps_doc_frac_chars_dupe_{n}grams"] = share(sum(len(words[k]) for k in covered), total, 0.0)
    return found


def of_lines(text: str) -> dict[str, float | None]:
    lines = re.findall(r"[^\n]*\n|[^\n]+$", text)
    clean = [cleaned(line) for line in lines]
    ends, starts = [line.rstrip() for line in lines], [line.lstrip() for line in lines]
    n_ellipsis = sum(x.endswith(("...", "…")) for x in ends)
    n_terminal = sum(x.endswith((".", "!", "?", "”")) for x in ends)
    return {
        "ccnet_nlines": len(lines),
        "rps_doc_frac_lines_end_with_ellipsis": share(n_ellipsis, len(lines)),
        "rps_lines_ending_with_terminal_punctution_mark": share(n_terminal, len(lines)),
        "rps_lines_start_with_bulletpoint": share(sum(x.startswith(BULLETS) for x in starts), len(lines)),
        "rps_lines_uppercase_letter_fraction": share(sum(sum(map(str.isupper, x)) / len(x) for x in lines), len(lines)),
        "rps_lines_javascript_counts": share(sum(x.split().count("javascript") for x in clean), len(lines)),
        "rps_lines_num_words": share(sum(len(x.split()) for x in clean), len(lines)),
        "rps_lines_numerical_chars_fraction": share(
            sum(sum(map(str.isnumeric, x)) / len(x) for x in clean if x), len(lines)
        ),
    }


def plain(text: str) -> dict[str, float | None]:
    """The signals by their definitions."""
    clean, raw = cleaned(text), re.findall(r"\w+|[^\w\s]+", text)
    words = clean.split()
    lettered = share(sum(re.search("[a-zA-Z]", word) is not None for word in raw), len(raw))
    n_symbols = sum(text.count(symbol) for symbol in ("#", "...", "…"))
    return {
        "ccnet_length": len(text),
        "rps_doc_num_sentences": len(re.findall(r"\b[^.!?]+[.!?]*", text)),
        "rps_doc_word_count": len(words),
        "rps_doc_mean_word_length": share(sum(map(len, words)), len(words)),
        "rps_doc_symbol_to_word_ratio": share(n_symbols, len(raw)),
        "rps_doc_frac_no_alph_words": None if lettered is None else 1 - lettered,
        "rps_doc_frac_all_caps_words": share(sum(map(str.isupper, raw)), len(raw)),
        "rps_doc_frac_unique_words": share(len(set(words)), len(words)),
        "rps_doc_unigram_entropy": -sum(n / len(words) * math.log(n / len(words)) for n in Counter(words).values())
        if words
        else None,
        "rps_doc_lorem_ipsum": share(clean.count("lorem ipsum"), len(clean), 0.0),
        "rps_doc_curly_bracket": share(text.count("{") + text.count("}"), len(text), 0.0),
        **of_lines(text),
        **of_sequences(words),
    }


def signals(texts: Sequence[str]) -> list[dict[str, Any]]:
    columns = RedpajamaSignals().annotate(make_batch({"text": list(texts)}, {"text": "text"}))
    return [{name: values[row] for name, values in columns.items()} for row in range(len(texts))]


WORDS = st.sampled_from(
    [
        *("the", "The", "THE", "of", "of", "a", "Lorem ipsum", "lorem-ipsum", "JavaScript", "javascript", "3.14", "½²"),
        *(
            "#tag",
            "...",
            "…",
            ". . .",
            "{x}",
            "don't",
            "_a_",
            "ΌΣΟΣ",
            "ǅ",
            "été",
            "e\u0301te\u0301",
            "中文没有空格",
            "İ",
            "Ⅷ",
        ),
        *("• item", "–", "\u200b", "!", "end.", "“so”", "\x1c", "\u3000", "\t"),
    ]
)
TEXTS = st.lists(st.lists(WORDS, max_size=14).map(" ".join) | st.text(max_size=8), max_size=6).map("\n".join)


def rounded(found: Mapping[str, float | None]) -> dict[str, Any]:
    return {name: value if value is None else pytest.approx(value, abs=2e-8) for name, value in found.items()}


@settings(max_examples=150)
@given(texts=st.lists(TEXTS | TEXTS.map(lambda text: f"{text}\n{text}\n"), min_size=1, max_size=4))
def test_every_signal_is_what_its_definition_says(texts: list[str]):
    assert signals(texts) == [rounded(plain(text)) for text in texts]


def test_there_is_a_column_for_every_signal():
    assert set(plain("a b")) == set(RedpajamaSignals.columns)


def test_it_only_annotates_unless_limits_are_set():
    assert RedpajamaSignals().rules() == ()


def test_limits_drop_on_either_side():
    stage = RedpajamaSignals(minimum={"rps_doc_word_count": 3}, maximum={"rps_doc_frac_unique_words": 0.5})
    batch = make_batch({"text": ["one two", "one two three", "so so so so"]}, {"text": "text"})
    annotated = with_columns(batch, stage.annotate(batch), stage.columns)

    least, most = (rule.verdicts(annotated) for rule in stage.rules())

    assert [verdict is not None for verdict in least] == [True, False, False]
    assert [verdict is not None for verdict in most] == [True, True, False]
    assert least[0] is not None
    assert least[0].reason == "rps_doc_word_count is 2, below the minimum of 3"


def test_a_signal_that_does_not_exist_is_refused_with_the_nearest_name():
    recipe = (
        "goldsmith: 1\nname: x\nsource: [{kind: files, paths: [a]}]\n"
        "stages: [decode, redpajama-signals: {minimum: {rps_doc_words_count: 3}}]\n"
    )
    with pytest.raises(RecipeError, match="did you mean 'rps_doc_word_count'"):
        load_recipe(recipe, origin="r.yaml")
