"""Looking a text over first saves searches, and never a repair."""

# The characters that are told apart here look like others.
# ruff: noqa: RUF001

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldsmith.refine.repairing import signs
from goldsmith.refine.repairs import repair

ALL = ~signs.SUSPECT
"""Every sign, so that every search is made; but a text that is not suspect is decoded as it should be."""

PIECES = [
    *("Ã¼", "Ã©t", "â€™", "â€œ", "Â ", "ä", "ß", "œ ", "Ð¿Ñ€Ð¸", "ПриÐ", "Ïƒ", "вЂ™", "ГўВЂВ™a", "β€™", "ā€", "ìîï"),
    *("ÖÐÎÄ", "ÄãºÃÊÀ½ç", "\x80", "\x93", "\x1b[0m", "\b", "\x07", "\r", "\u2028", "\ufffd\ufffd", "锟斤拷", "锟"),
    *(
        "中文(zhōngwén)",
        "公司",
        "한국",
        "ｶﾅ",
        "カナ",
        "Ａ1",
        "１a",
        "\ufeff",
        "\u200b",
        "\u00ad",
        "\u200d",
        "\U000e0041",
    ),
    *(
        "pаypal",
        "Рaбота",
        "Αlpha",
        "u\u0308",
        "，，",
        ",,",
        "!!!!!",
        "？？？？？",
        "。。",
        "<b>x</b>",
        "&eacute;",
        "😀",
    ),
    *("a", "b ", ". ", "\n", "\t", "Ñ", "ø", "°", "√±", "≈", "╬", "Œ", "Ђ", "à²"),
]
texts = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@given(texts)
def test_no_repair_depends_on_looking_over_first(text: str):
    with_signs, without = repair(text), repair(text, signs=ALL | signs.signs_in(text))

    assert with_signs.text == without.text
    assert with_signs.counts == without.counts


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("ü", signs.BEYOND_ASCII),
        ("Ã¼", signs.SUSPECT),
        ("x\x85", signs.SUSPECT),
        ("Ã¼", signs.UNLIKELY),
        ("Р°Р°", signs.UNLIKELY),
        ("ÄÄÄÄ", signs.PAIRED),
        ("é è ÄÄ ÄÄ ÄÄ ÄÄ", signs.PAIRED),
        ("\ufffd", signs.LOST),
        ("漢", signs.HANZI),
        ("가", signs.EAST_ASIAN),
        ("a\u200bb", signs.WITHOUT_WIDTH),
        ("я", signs.GREEK_OR_CYRILLIC),
        ("ｱ", signs.OTHER_WIDTH),
        ("😀", signs.BEYOND_FIRST_PLANE),
        ("a\x00", signs.CONTROL),
        ("\u2029", signs.CONTROL),
        ("a!!", signs.DOUBLED),
    ],
)
def test_a_text_has_its_signs(text: str, sign: int):
    assert signs.signs_in(text) & sign


@pytest.mark.parametrize("text", ["", "plain words, and a line\n\twith 1 tab.", "Hello! Why? a.b:c;d"])
def test_plain_texts_have_none(text: str):
    assert signs.signs_in(text) == 0


@pytest.mark.parametrize(
    "text", ["Straße und Öl", "la leçon à l'été", "Это простой текст", "今天天气很好，我们去公园。"]
)
def test_sound_texts_look_over_without_unlikely_characters(text: str):
    assert not signs.signs_in(text) & (signs.UNLIKELY | signs.PAIRED | signs.DOUBLED | signs.CONTROL)
