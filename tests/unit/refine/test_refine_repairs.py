# Damaged texts hold characters that look like others.
# ruff: noqa: RUF001

import time

import pytest

from goldsmith.refine.repairs import Example, repair


def repaired(text: str) -> str:
    return repair(text).text


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("a\r\nb\rc\fd\u2028e", "a\nb\nc\nd\ne", "newlines"),
        ("schÃ¶n und grÃ¶ÃŸer", "schön und größer", "mojibake"),
        ("voilÃ  dÃ©jÃ\xa0 vu", "voilà déjà vu", "mojibake"),
        ("Ð¿Ñ€Ð¸Ð²ÐµÑ‚", "привет", "mojibake"),
        ("N\bNA\bAM\bME\bE", "NAME", "controls"),
        ("_\bx_\by", "xy", "controls"),
        ("\x1b[1;31mred\x1b[0m\x07", "red", "controls"),
        ("a\x7fb\x01c", "abc", "controls"),
        ("so\u00adft zero\u200bwidth \ufeffmark", "soft zerowidth mark", "invisible"),
        ("plain\U000e0041\U000e0042 text", "plain text", "invisible"),
        ("cafe\u0301 nai\u0308ve", "café naïve", "composition"),
    ],
)
def test_faults_are_mended_and_counted(before: str, after: str, kind: str):
    done = repair(before)

    assert done.text == after
    assert done.counts[kind] >= 1
    assert repaired(after) == after


@pytest.mark.parametrize(
    "text",
    [
        "“Quotes” — and ‘dashes’ stay… «so» do „these“",
        "می‌خواهم",
        "പ്രവീണ്‍ A",
        "👩‍👩‍👧 and 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "tab\tand line\n",
        "Příliš žluťoučký kůň",
        "ファイルを選択して",
        "Ã is a letter of Portuguese: SÃO PAULO, NÃO",
        "x² ± 3 µm © ® °C £5",
        "שלום עולם",
        "ไม่มีอะไร",
    ],
)
def test_clean_texts_stay_as_they_are(text: str):
    done = repair(text)

    assert done.text == text
    assert done.counts == {}


def test_half_a_repair_is_none():
    line = 'StrConv("ÉÏº£ÊÐABC", vbFromUnicode)'

    assert repaired(line) == line


def test_only_the_damaged_line_is_mended():
    text = "Größe und Maß\nschÃ¶n\nweiß"

    done = repair(text)

    assert done.text == "Größe und Maß\nschön\nweiß"
    assert done.counts == {"mojibake": 1}
    assert done.examples == [Example(kind="mojibake", before="schÃ¶n", after="schön")]


def test_repairs_can_be_switched_off():
    text = "schÃ¶n cafe\u0301"

    assert repair(text, kinds=()).text == text


def test_examples_show_a_little_around_the_place_and_no_more_than_two_of_a_kind():
    text = "x" * 100 + "\u200b" + "y" * 100 + "\n" + "a\u200bb" * 50

    done = repair(text)

    assert done.counts == {"invisible": 51}
    assert len(done.examples) == 2
    assert done.examples[0] == Example(
        kind="invisible", before="x" * 24 + "\u200b" + "y" * 24, after="x" * 24 + "y" * 24
    )


def test_an_endless_run_of_backspaces_costs_no_more_than_the_text():
    started = time.process_time()

    done = repair("a" * 300_000 + "\b" * 300_000)

    assert done.text == "a" * 299_996
    assert time.process_time() - started < 5
