"""Words of texts: cut alike for what is stored and for what is asked."""

from goldsmith.kit.words import MOST_WORDS, phrases_of, texts_in, words_of


def test_capitals_and_accents_do_not_matter():
    assert words_of("Ärger, über ÉLAN; ok") == ["arger", "uber", "elan", "ok"]
    assert phrases_of("ÄRGER") == [(["arger"], False)]


def test_scripts_without_spaces_are_cut_into_pairs():
    assert words_of("我是中国人 ok") == ["我是", "是中", "中国", "国人", "人", "ok"]
    assert phrases_of("中国人") == [(["中国", "国人"], False)]
    assert phrases_of("国") == [(["国"], True)]
    assert words_of("iPhone手机") == ["iphone", "手机", "机"]


def test_signs_part_words_and_quotes_keep_them_together():
    assert words_of("error_code: 404-x") == ["error", "code", "404", "x"]
    assert phrases_of('error_code "late parcel" soon*') == [
        (["error", "code"], False),
        (["late", "parcel"], False),
        (["soon"], True),
    ]
    assert phrases_of("% _ !") == []


def test_very_long_texts_are_cut():
    assert len(words_of("word " * 20_000)) == MOST_WORDS


def test_texts_are_found_wherever_they_stand_in_a_value():
    chat = {"chat": [{"role": "user", "content": "hello"}], "n": 3, "image": {"blob": "ab" * 32, "name": "a.png"}}
    assert texts_in(chat).split("\n") == ["user", "hello", "a.png"]
