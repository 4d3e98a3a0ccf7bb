"""The languages of paragraphs: which stands where, how much is in the main one, and in which scripts."""

# Texts in several scripts hold characters that look like others.
# ruff: noqa: RUF001

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldsmith.errors import RecipeError
from goldsmith.kit.arrow import make_batch, with_columns
from goldsmith.refine.languages import Identified
from goldsmith.refine.recipe import load_recipe
from goldsmith.refine.stages.paragraph_languages import ParagraphLanguages
from goldsmith.refine.statistics.paragraphs import language_runs, paragraphs_of
from goldsmith.refine.statistics.scripts import SCRIPTS

ENGLISH = "The committee will meet again next week to discuss the results of the survey and to decide what to do."
GERMAN = (
    "Der Ausschuss trifft sich nächste Woche wieder, um die Ergebnisse der Umfrage zu besprechen und zu entscheiden."
)
RUSSIAN = "Комитет снова соберётся на следующей неделе, чтобы обсудить результаты опроса и решить, что делать дальше."
CHINESE = (
    "委员会将于下周再次开会，讨论调查结果并决定下一步该怎么做，所有成员都会参加这次重要的会议，会议将持续两天时间。"
)


def found(text: str, stage: ParagraphLanguages | None = None) -> Mapping[str, Any]:
    columns = (stage or ParagraphLanguages()).annotate(make_batch({"text": [text]}, {"text": "text"}))
    return {name: values[0] for name, values in columns.items()}


def runs(text: str) -> list[tuple[str, str]]:
    """The language and the text of each run."""
    listed = msgspec.json.decode(found(text)["language_runs"] or "[]")
    return [(run["language"], text[run["start"] : run["end"]]) for run in listed]


def test_each_language_is_named_where_it_stands():
    text = f"{ENGLISH}\n\n{GERMAN}\n{GERMAN}\n\n{RUSSIAN}\n\n{CHINESE}"

    assert runs(text) == [("en", ENGLISH), ("de", f"{GERMAN}\n{GERMAN}"), ("ru", RUSSIAN), ("zh", CHINESE)]


def test_the_main_language_is_the_one_with_the_most_letters():
    columns = found(f"{ENGLISH}\n\n{GERMAN}\n\n{GERMAN}")
    n_english, n_german = (sum(map(str.isalpha, text)) for text in (ENGLISH, GERMAN))

    assert columns["main_language"] == "de"
    assert columns["main_language_share"] == 2 * n_german / (2 * n_german + n_english)
    assert columns["paragraph_languages"] == '["de","en"]'


def test_short_lines_count_together_but_not_over_an_empty_line():
    lines = list(paragraphs_of("one two\nthree four five\n\nsix seven\neight nine ten", 16))

    assert [(each.start, each.end, each.n_letters) for each in lines] == [(0, 23, 19), (25, 49, 20)]
    assert list(paragraphs_of("one two\n\nthree four", 12)) == []


def test_paragraphs_that_are_not_sure_end_no_run():
    some = list(paragraphs_of(f"{ENGLISH}\n{GERMAN}\n{ENGLISH}", 40))
    identified = [Identified("en", 0.9), Identified("de", 0.3), Identified("en", 0.8)]

    (run,) = language_runs(some, identified, 0.5)

    assert (run.language, run.start, run.end) == ("en", 0, 2 * len(ENGLISH) + len(GERMAN) + 2)
    assert run.score == pytest.approx(0.85)


def test_a_text_without_a_paragraph_has_no_language():
    columns = found("12 34\nshort")

    assert columns["main_language"] is None
    assert columns["language_runs"] is None
    assert columns["scripts"] == '{"Latn":1.0}'


def test_the_mix_of_scripts_is_the_share_of_letters():
    assert msgspec.json.decode(found("abc где 漢字 123 ...")["scripts"]) == {"Cyrl": 0.375, "Latn": 0.375, "Hani": 0.25}


def test_mixed_texts_are_dropped_when_that_is_asked_for_and_the_others_are_shown():
    stage = ParagraphLanguages(min_main_share=0.9)
    text = f"{ENGLISH}\n\n{GERMAN}\n\n{ENGLISH}"
    batch = make_batch({"text": [text, ENGLISH]}, {"text": "text"})
    (rule,) = stage.rules()

    mixed, plain = rule.verdicts(with_columns(batch, stage.annotate(batch), stage.columns))

    assert ParagraphLanguages().rules() == ()
    assert plain is None
    assert mixed is not None
    assert mixed.value == pytest.approx(0.64, abs=0.02)
    spans = list(stage.spans_of(rule.name, text, found(text, stage)))
    assert [text[start:end] for start, end in spans] == [GERMAN]


@given(text=st.text(alphabet="ab \n.1", max_size=60), least=st.integers(1, 8))
def test_paragraphs_have_letters_enough_and_do_not_overlap(text: str, least: int):
    end = -1
    for each in paragraphs_of(text, least):
        assert end < each.start < each.end <= len(text)
        assert each.n_letters == sum(map(str.isalpha, text[each.start : each.end])) >= least
        end = each.end


@pytest.mark.parametrize("parameter", ["min_letters: 0", "min_score: 2", "min_main_share: -0.1"])
def test_wrong_parameters_are_refused(parameter: str):
    recipe = (
        "goldsmith: 1\nname: x\nsource: [{kind: files, paths: [a]}]\n"
        f"stages: [decode, paragraph-languages: {{{parameter}}}]\n"
    )
    with pytest.raises(RecipeError, match=parameter.split(":", maxsplit=1)[0]):
        load_recipe(recipe, origin="r.yaml")


@pytest.mark.parametrize(
    ("letters", "script"),
    [
        ("é", "Latn"),
        ("ß", "Latn"),
        ("Ж", "Cyrl"),
        ("Ω", "Grek"),
        ("か", "Hira"),
        ("カ", "Kana"),
        ("한", "Hang"),
        ("ع", "Arab"),
    ],
)
def test_letters_are_of_their_script(letters: str, script: str):
    assert script in SCRIPTS
    assert msgspec.json.decode(found(letters)["scripts"]) == {script: 1.0}
