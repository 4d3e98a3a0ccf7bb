"""What the model of languages is shown: the same words, whatever white space stands between them."""

from hypothesis import given
from hypothesis import strategies as st

from goldsmith.refine.languages import N_CHARACTERS, UNDETERMINED, identify, sample

GAPS = st.text(st.sampled_from(" \n\t\r\x0b\x0c\x1c\x85\xa0\u2003\u2028\u3000"), min_size=1, max_size=3)
WORDS = st.sampled_from(["the", "house", "läuft", "дом", "房子", "und", "it's", "1,000", "\u200b", "\u0301"])


@given(words=st.lists(WORDS, min_size=1, max_size=30), gaps=st.lists(GAPS, min_size=31, max_size=31))
def test_any_white_space_gives_the_language_of_plain_spaces(words: list[str], gaps: list[str]):
    spaced = gaps[-1] + "".join(word + gap for word, gap in zip(words, gaps, strict=False))

    assert "\n" not in sample(spaced)
    assert identify([spaced]) == identify([" ".join(words)])


def test_beginning_middle_and_end_are_looked_at():
    text = "a" * 5000 + " mitte " + "b" * 5000 + " ende"

    assert len(sample(text)) <= N_CHARACTERS + 2
    assert sample(text).endswith(" ende")
    assert " mitte " in sample(text)


def test_a_text_without_letters_has_no_language():
    assert [each.code for each in identify(["", " \n", "12 345 …"])] == [UNDETERMINED] * 3
