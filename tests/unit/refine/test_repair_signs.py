"""Looking a text over first saves searches, and never a repair."""

# The characters that are told apart here look like others.
# ruff: noqa: RUF001

import re
from unicodedata import combining, decomposition, normalize

import pytest
from ftfy.badness import BADNESS_RE, MOJIBAKE_CATEGORIES, is_bad
from hypothesis import given
from hypothesis import strategies as st

from goldsmith.kit.arrow import make_batch, utf8
from goldsmith.refine.repairing import signs
from goldsmith.refine.repairing.frequencies import has_rare_passage
from goldsmith.refine.repairs import may_need_repair, repair

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
        ("u\u0308", signs.UNCOMPOSED),
        ("Ã¼", signs.SUSPECT),
        ("x\x85", signs.SUSPECT),
        ("Ã¼", signs.UNLIKELY),
        ("Р°Р°", signs.UNLIKELY),
        ("ÄÄÄÄ", signs.PAIRED),
        ("é è ÄÄ ÄÄ ÄÄ ÄÄ", signs.PAIRED),
        ("\ufffd", signs.LOST),
        ("漢(", signs.EXPLAINED),
        ("漢 （", signs.EXPLAINED),
        ("涓枃鍥", signs.RARE),
        ("涓枃 a 的鍥", signs.RARE),
        ("a\u200bb", signs.WITHOUT_WIDTH),
        ("яa", signs.TWO_ALPHABETS),
        ("Zβ", signs.TWO_ALPHABETS),
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
    "text",
    [
        *(
            "Straße und Öl",
            "la leçon à l'été",
            "Это простой «текст»",
            "今天天气很好，我们去公园。(好)",
            "größter Überschuß",
        ),
        *(
            "ações, corações e çãões",
            "příliš žluťoučký kůň",
            "Türkçe ağaçöğüş",
            "đó là những điều",
            "żółć, gęśl",
            "Ελλάδα …",
        ),
    ],
)
def test_sound_texts_need_no_repair(text: str):
    assert not may_need_repair(text.encode(), signs.signs_in(text))


def characters_of_ftfy() -> list[str]:
    named = [character for held in MOJIBAKE_CATEGORIES.values() for character in re.findall(f"[{held}]", EVERY)]
    return sorted({*named, *(character for character in BADNESS_RE.pattern if character > "\x7f")})


EVERY = "".join(map(chr, (*range(0x80, 0xD800), *range(0xE000, 0x10000))))
FTFY = characters_of_ftfy()


@pytest.mark.parametrize("around", ["{}", "a{}a", " {} ", "é{}1", "x{}é", "1{}»"])
def test_all_pairs_that_ftfy_calls_bad_are_unlikely(around: str):
    texts = [around.format(first + second) for first in FTFY for second in FTFY]
    found = signs.signs_of(utf8(make_batch({"text": texts}, {"text": "text"}), "text")).tolist()
    bad = [(text, held) for text, held in zip(texts, found, strict=True) if is_bad(text)]

    assert len(bad) > 10_000
    assert all(held & signs.UNLIKELY and held & signs.SUSPECT for _, held in bad)
    assert all(signs.is_unlikely(text) for text, _ in bad)


@given(st.text([*FTFY, *" aZ1Â.\xa0"], max_size=8))
def test_what_ftfy_calls_bad_is_unlikely(text: str):
    held = signs.signs_in(text) & signs.UNLIKELY > 0

    assert held >= is_bad(text) or text.isascii()
    assert held == signs.is_unlikely(text)


@given(st.text("的是了涓枃鍥a。\n\ue000한", max_size=12))
def test_rare_passages_are_those_of_three_in_four(text: str):
    assert (signs.signs_in(text) & signs.RARE > 0) == has_rare_passage(text)


@given(st.text("aZ1 éяΩԱ\u0370\u052f漢", max_size=8))
def test_two_alphabets_are_seen_where_they_meet(text: str):
    border = re.compile("[A-Za-z][\u0370-\u052f]|[\u0370-\u052f][A-Za-z]")

    assert (signs.signs_in(text) & signs.TWO_ALPHABETS > 0) == (border.search(text) is not None)


@given(st.text("漢 (（a字。\n", max_size=8))
def test_brackets_behind_hanzi_are_seen(text: str):
    behind = re.compile("[\u3400-\u9fff] ?[(（]")

    assert (signs.signs_in(text) & signs.EXPLAINED > 0) == (behind.search(text) is not None)


@given(st.text("éÄ“\x93a ñ漢", max_size=24))
def test_accents_are_paired_where_most_of_them_are(text: str):
    high = f"[\x80-\xff{''.join(bytes([code]).decode('cp1252', 'ignore') for code in range(0x80, 0xA0))}]"
    n_high, n_paired = len(re.findall(high, text)), sum(map(len, re.findall(f"{high}{{2,}}", text)))
    is_paired = re.search(f"{high}{{4}}|[\x80-\x9f]", text) or (n_paired >= 8 and n_paired >= 0.7 * n_high)

    assert (signs.signs_in(text) & signs.PAIRED > 0) == bool(is_paired)


def test_characters_that_are_no_part_of_others_are_composed():
    composed = [decomposition(chr(code)) for code in range(0x110000)]
    parts = {part for each in composed if not each.startswith("<") for part in each.split()[1:]}
    for character in EVERY:
        if not signs.signs_in(character) & signs.UNCOMPOSED:
            assert normalize("NFC", character) == character
            assert not combining(character)
            assert f"{ord(character):04X}" not in parts
