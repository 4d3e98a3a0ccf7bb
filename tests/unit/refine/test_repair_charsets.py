# Texts in several languages hold letters that look like others.
# ruff: noqa: RUF001

import ftfy  # noqa: F401 - it names the charset `sloppy-windows-1252`, which browsers read Latin-1 as
import pytest

from goldsmith.refine.repairs import repair
from tests.unit.refine.sound_texts import SENTENCES

READINGS = ("latin-1", "sloppy-windows-1252")
EAST_ASIAN = {
    "gbk": "zh-Hans",
    "big5": "zh-Hant",
    "shift_jis": "ja",
    "euc_jp": "ja",
    "euc_kr": "ko",
}


def misread(text: str, charset: str, reading: str) -> str:
    """What a reader that expects `reading` makes of `text` in `charset`; what the charset lacks is left out."""
    return text.encode(charset, "ignore").decode(reading)


@pytest.mark.parametrize("language", SENTENCES)
def test_sound_text_stays_as_it_is(language: str):
    done = repair(SENTENCES[language])

    assert done.text == SENTENCES[language]
    assert done.counts == {}
    assert done.changes() == []


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("language", SENTENCES)
def test_utf8_that_was_read_as_latin_is_restored(language: str, reading: str):
    done = repair(misread(SENTENCES[language], "utf-8", reading))

    assert done.text == SENTENCES[language]
    assert set(done.counts) == {"mojibake"}


@pytest.mark.parametrize("language", SENTENCES)
def test_utf8_that_was_read_as_latin_twice_is_restored(language: str):
    once = misread(SENTENCES[language], "utf-8", "sloppy-windows-1252")

    assert repair(misread(once, "utf-8", "sloppy-windows-1252")).text == SENTENCES[language]


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("charset", EAST_ASIAN)
def test_east_asian_charsets_that_were_read_as_latin_are_restored(charset: str, reading: str):
    text = SENTENCES[EAST_ASIAN[charset]]

    assert repair(misread(text, charset, reading)).text == text


def test_short_lines_follow_the_long_ones_of_their_text():
    text = f"{SENTENCES['zh-Hans']}\n示例\nABC\n{SENTENCES['zh-Hans']}"

    assert repair(misread(text, "gbk", "latin-1")).text == text


def test_a_short_line_of_the_wrong_charset_follows_the_others():
    text = f"{SENTENCES['nb']}\nÅ lage kontoer"

    assert repair(misread(text, "utf-8", "sloppy-windows-1252")).text == text


def test_hard_spaces_that_became_plain_do_not_hide_the_fault():
    text = f"{SENTENCES['fr']}\nvoilà la carte, n°\xa02 : à\xa0lire"
    damaged = misread(text, "utf-8", "sloppy-windows-1252").replace("\xa0", " ")

    assert repair(damaged).text == text


@pytest.mark.parametrize("line", ["ÄÖÜäöüß ÀÁÂÃÄÅ àáâãäå", "çã ção ções não irmãos", "ÆØÅ æøå ðþ ÐÞ", "¿¡ÑÚÉ! ªº «»"])
def test_rows_of_accents_are_no_east_asian_text(line: str):
    assert repair(line).text == line
    assert repair(f"{line}\n" * 30).text == f"{line}\n" * 30


def test_an_example_of_the_fault_in_a_western_text_leaves_the_other_lines_alone():
    lines = ["Prüfen Sie die Länge über den Schlüssel.", "Rückgabewert: Zeichen", "Öffnen für später"]
    text = "\n".join([*lines, f'StrConv("{misread(SENTENCES["zh-Hans"][:12], "gbk", "latin-1")}")', *lines])

    assert [line for line in repair(text).text.split("\n") if "StrConv" not in line] == [*lines, *lines]


def test_utf8_that_was_read_as_gbk_is_restored_where_nothing_was_lost():
    text = "打开窗户，然后我们一起去公司讨论这个问题"

    damaged = text.encode().decode("gb18030")

    assert damaged != text
    assert repair(damaged).text == text
    assert repair(damaged).counts == {"pairs": 1}


@pytest.mark.parametrize(
    ("charset", "lost", "text", "mended"),
    [
        ("gbk", 8, "打开窗户让新鲜空气进来，读信", "打开窗户\ufffd新鲜空\ufffd进来，读信"),
        ("gbk", 9, "打开窗户让新鲜空气进来，读信", "打开窗户\ufffd新鲜空\ufffd进来，读信"),
        (
            "cp950",
            31,
            "打開窗戶讓新鮮空氣進來，然後再把那封信安靜地看",
            "打開窗戶讓新鮮空氣進來，然後再\ufffd那封信安靜地看",
        ),
        ("cp949", 8, "우리는내일다시이야기하고그문제를해결", "우리는내\ufffd다시이야기하고그\ufffd제를해결"),
    ],
)
def test_what_a_lost_byte_shifted_is_paired_anew(charset: str, lost: int, text: str, mended: str):
    content = text.encode(charset)
    damaged = (content[:lost] + content[lost + 1 :]).decode(charset, "replace")

    done = repair(damaged)

    assert done.text == mended
    assert done.counts == {"pairs": 1}


def test_runs_of_lost_characters_become_one():
    done = repair("a\ufffd\ufffd\ufffdb\ufffdc 锟斤拷锟斤拷 d")

    assert done.text == "a\ufffdb\ufffdc \ufffd d"
    assert done.counts == {"lost": 2}


def test_lost_characters_that_are_quoted_stay():
    text = "网页上的“锟斤拷锟斤拷”是怎么来的"

    assert repair(text).text == text
