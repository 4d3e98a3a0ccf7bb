# The letters that are told apart here look like others.
# ruff: noqa: RUF001

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldsmith.refine.repairing.lookalikes import doubled_marks
from goldsmith.refine.repairs import repair


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Log in to pаypаl now", "Log in to paypal now"),
        ("the mеdicinе is сheap", "the medicine is cheap"),
        ("Αmazon and Μicrosoft", "Amazon and Microsoft"),
        ("это cлoвo и pебята", "это слово и ребята"),
        ("Відкpити вікнo", "Відкрити вікно"),
        ("Αθήvα και Kύπρος", "Αθήvα και Κύπρος"),
    ],
)
def test_letters_of_another_alphabet_become_those_of_their_word(before: str, after: str):
    done = repair(before)

    assert done.text == after
    assert set(done.counts) == {"homoglyphs"}


@pytest.mark.parametrize(
    "text",
    [
        "5 μm, 3 kΩ, Δx and α-helix of βcell",
        "SQLзапрос и USBшный диск",
        "Windows-сервер, HTML-страница, COM-порт",
        "Тх и рН",
        "сосо Cocoa",
        "x² σ2 λmax",
        "Ελλάδα English Русский",
    ],
)
def test_words_that_mix_alphabets_on_purpose_stay(text: str):
    assert repair(text).text == text


@pytest.mark.parametrize(
    ("before", "after"),
    [("Ｗord and 2０19年", "Word and 2019年"), ("カタｶﾅとｶタカナ", "カタカナとカタカナ"), ("Ｐ1２", "P12")],
)
def test_letters_of_another_width_become_those_of_their_word(before: str, after: str):
    done = repair(before)

    assert done.text == after
    assert set(done.counts) == {"widths"}


@pytest.mark.parametrize("text", ["ＡＢＣ と １２３", "ﾊﾝｶｸ ｶﾅ", "Ａ列のB", "，。！？（ａ）"])
def test_words_of_one_width_stay(text: str):
    assert repair(text).text == text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("你好，，世界。。再见、、吧", "你好，世界。再见、吧"),
        ("well,, yes", "well, yes"),
        ("Buy now!!!!!!!! Really??????", "Buy now!!! Really???"),
        ("太好了！！！！！！", "太好了！！！"),
    ],
)
def test_doubled_marks_become_one(before: str, after: str):
    done = repair(before)

    assert done.text == after
    assert set(done.counts) == {"punctuation"}


@pytest.mark.parametrize(
    "text",
    [
        "wait... what?!! no!!!",
        "等等。。。",
        "等等……",
        "a,,b,,c",
        "1,,2",
        "case x;; esac",
        "S.?????? missing",
        "::std",
        "==== ---- ****",
    ],
)
def test_marks_that_are_meant_stay(text: str):
    assert repair(text).text == text


@given(st.text("，。！!?,,..a中 \n", max_size=14))
def test_doubled_marks_are_those_that_one_search_finds(text: str):
    doubled = re.compile(
        "([，、；：])\\1+|(?<!。)。。(?!。)|(?<=[^\\W\\d_]),{2,}(?= [^\\W\\d_])|(?<=[^\\W\\d_])([!?！？])\\2{3,}(?!\\S)"
    )

    assert [(edit.start, edit.end) for edit in doubled_marks(text)] == [each.span() for each in doubled.finditer(text)]
