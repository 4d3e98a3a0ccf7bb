"""The FineWeb2 filters: the limits of a document's own language decide."""

# Texts in several scripts hold characters that look like others.
# ruff: noqa: RUF001

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from goldsmith.errors import RecipeError
from goldsmith.kit.arrow import make_batch, with_columns
from goldsmith.kit.columns import Batch
from goldsmith.refine.presets import preset_names
from goldsmith.refine.recipe import load_recipe
from goldsmith.refine.rules import Verdict
from goldsmith.refine.stages.fineweb2_quality import Fineweb2Quality
from goldsmith.refine.statistics.fineweb2_limits import LIMITS, limits_by_language
from goldsmith.refine.statistics.language_limits import known_limits
from goldsmith.refine.statistics.scripts import SCRIPTS

GERMAN = (
    "Der Zug nach Hamburg fährt heute von Gleis sieben ab, und die Reisenden warten schon seit einer halben Stunde.\n"
    "Im Bahnhof verkauft eine Bäckerei frische Brötchen, während draußen der Regen auf das alte Dach prasselt.\n"
    "Niemand weiß genau, wann die Strecke wieder frei wird, doch der Schaffner bleibt freundlich und erklärt alles.\n"
    "Am Abend erreichen wir endlich das Meer, das grau und still vor uns liegt, als wäre nichts geschehen.\n"
)
THAI = "ประเทศไทยมีทะเลที่สวยงามและภูเขาที่น่าเที่ยวในทุกฤดูกาล ผู้คนของเราเป็นมิตรและอาหารอร่อยมาก"
SERBIAN = "Данас је леп дан и ми идемо на реку да пливамо, а увече ћемо седети поред ватре и певати старе песме."


def batch_of(*documents: tuple[str, str | None]) -> Batch:
    texts, languages = zip(*documents, strict=True)
    return make_batch({"text": texts, "language": languages}, {"text": "text", "language": "text"})


def columns_of(*documents: tuple[str, str | None]) -> Mapping[str, Sequence[Any]]:
    return Fineweb2Quality().annotate(batch_of(*documents))


def stops(stage: Fineweb2Quality, text: str, language: str | None) -> dict[str, Verdict]:
    batch = batch_of((text, language))
    annotated = with_columns(batch, stage.annotate(batch), stage.columns)
    found = [(rule.name, rule.verdicts(annotated)[0]) for rule in stage.rules()]
    return {name: verdict for name, verdict in found if verdict is not None}


def test_a_good_text_of_its_language_passes():
    assert stops(Fineweb2Quality(), GERMAN, "de") == {}


def test_the_same_text_is_dropped_by_the_limits_of_another_language():
    dropped = stops(Fineweb2Quality(), GERMAN, "pl")

    assert dropped["few-stop-words"].threshold == 2
    assert dropped["few-stop-words"].evidence["language"] == "pol_Latn"


def test_a_verdict_names_language_value_and_threshold():
    verdict = stops(Fineweb2Quality(), GERMAN.replace(" ", "\n"), "de")["list-like"]

    assert verdict.threshold == 0.152
    assert verdict.value is not None
    assert verdict.value > 0.152
    assert verdict.reason.endswith("newlines for each word, above the maximum of 0.152 for deu_Latn")


def test_texts_of_a_language_without_limits_pass_without_numbers():
    columns = columns_of((GERMAN, None), (GERMAN, "sh"), (GERMAN, "und"))

    assert {value for values in columns.values() for value in values} == {None}
    assert stops(Fineweb2Quality(), "x", "und") == {}


def test_the_script_of_the_text_chooses_among_those_of_its_language():
    latin = "Danas je lep dan i mi idemo na reku da plivamo."

    assert columns_of((SERBIAN, "sr"), (latin, "sr"))["fineweb2_language"] == ["srp_Cyrl", "srp_Latn"]


def test_a_language_can_be_named_with_its_script():
    assert columns_of((GERMAN, "deu_Latn"))["fineweb2_language"] == ["deu_Latn"]


def test_alemannic_is_no_albanian_though_its_code_is_that_of_tosk():
    assert columns_of((GERMAN, "als"), (GERMAN, "sq"))["fineweb2_language"] == ["gsw_Latn", "als_Latn"]


def test_stop_words_are_found_where_no_spaces_are():
    assert columns_of((THAI, "th"))["fineweb2_stop_words"][0] >= 4


def test_limits_about_words_do_not_hold_where_words_are_not_known():
    repeated = "这个城市有很多人，他们在这里生活和工作。" * 30

    assert {"top-2-words", "repeated-5-words", "short-words"}.isdisjoint(stops(Fineweb2Quality(), repeated, "zh"))
    assert {"top-4-words", "repeated-5-words"} <= set(stops(Fineweb2Quality(), GERMAN[:107] * 30, "de"))


def test_numbers_do_not_depend_on_the_other_languages_of_a_batch():
    documents = [(GERMAN, "de"), (THAI, "th"), (SERBIAN, "sr"), (GERMAN[:200], "de"), ("", "en")]
    alone = [columns_of(document) for document in documents]

    together = columns_of(*documents)

    assert together == {name: [each[name][0] for each in alone] for name in together}


def test_own_limits_hold_for_one_language_or_for_all():
    one = Fineweb2Quality(limits={"deu_Latn": {"min_words": 500}})
    every = Fineweb2Quality(limits={"all": {"min_words": 500, "min_stop_words": None}, "deu_Latn": {"min_words": 1}})

    assert stops(one, GERMAN, "de")["too-few-words"].threshold == 500
    assert "too-few-words" not in stops(every, GERMAN, "de")
    assert stops(every, GERMAN, "pl")["too-few-words"].threshold == 500
    assert "few-stop-words" not in stops(every, GERMAN, "pl")


@pytest.mark.parametrize(
    ("limits", "problem"),
    [
        ("{deu_Latin: {min_words: 1}}", "did you mean 'deu_Latn'"),
        ("{deu_Latn: {min_word: 1}}", "did you mean 'min_words'"),
        ("{all: {min_words: -1}}", "cannot be negative"),
    ],
)
def test_a_recipe_with_a_wrong_limit_is_refused_with_the_nearest_name(limits: str, problem: str):
    recipe = (
        "goldsmith: 1\nname: x\nsource: [{kind: files, paths: [a]}]\n"
        f"stages: [decode, fineweb2-quality: {{limits: {limits}}}]\n"
    )
    with pytest.raises(RecipeError, match=problem):
        load_recipe(recipe, origin="r.yaml")


def test_every_language_has_stop_words_and_plausible_limits():
    known = known_limits()

    assert len(known.codes) == 175
    assert set().union(*known.codes.values()) == set(known.languages)
    for name in LIMITS:
        assert all(value is None or value > 0 for value in limits_by_language(name).values())
    for limits in known.languages.values():
        assert len(limits.stop_words) >= 2
        assert limits.mean_word_length[0] < limits.mean_word_length[1]


def test_scripts_of_a_language_are_told_apart_by_letters_that_are_counted():
    several = [names for names in known_limits().codes.values() if len(names) > 1]

    assert len(several) > 20
    assert {name.split("_")[1] for names in several for name in names} <= set(SCRIPTS)


def test_there_is_a_preset_for_many_languages():
    assert "web-multilingual" in preset_names()


def test_the_version_pins_the_commit_that_the_limits_come_from():
    assert f"@{known_limits().revision[:8]}+" in Fineweb2Quality.version
