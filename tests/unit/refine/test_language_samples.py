"""What the model of languages is shown: the same words, whatever white space stands between them."""

from hypothesis import given
from hypothesis import strategies as st

from goldsmith.kit.arrow import as_utf8
from goldsmith.refine.languages import N_CHARACTERS, UNDETERMINED, identify

GAPS = st.text(st.sampled_from(" \n\t\r\x0b\x0c\x1c\x85\xa0\u2003\u2028\u3000"), min_size=1, max_size=3)
WORDS = st.sampled_from(["the", "house", "läuft", "дом", "房子", "und", "it's", "1,000", "\u200b", "\u0301"])


@given(words=st.lists(WORDS, min_size=1, max_size=30), gaps=st.lists(GAPS, min_size=31, max_size=31))
def test_any_white_space_gives_the_language_of_plain_spaces(words: list[str], gaps: list[str]):
    spaced = gaps[-1] + "".join(word + gap for word, gap in zip(words, gaps, strict=False))

    assert identify(as_utf8([spaced])) == identify(as_utf8([" ".join(words)]))


def test_beginning_middle_and_end_are_looked_at_and_nothing_else():
    third, rest = "ja wohl und ", "дом "
    assert len(third) * 27 < N_CHARACTERS // 3 < len(third) * 28
    shown = (third * 28)[: N_CHARACTERS // 3]
    hidden = rest * 500

    found, alone = identify(as_utf8([shown + hidden + shown + hidden + shown, f"{shown} {shown} {shown}"]))

    assert found == alone


def test_a_text_without_letters_has_no_language():
    assert [each.code for each in identify(as_utf8(["", " \n", "12 345 …"]))] == [UNDETERMINED] * 3
