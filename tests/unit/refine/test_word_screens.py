"""A screen finds every word of a group that a text in lower case holds, and no other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldsmith.kit.arrow import make_batch, utf8
from goldsmith.refine.word_screens import MAX_GROUPS, groups_in, screen_of, screened

WORDS = ("licen", "cc0", "лиценз", "réservés", "许可", "rights", "ights", "ライセンス", "saklıdır")  # noqa: RUF001 - a Turkish word
LETTERS = "".join(dict.fromkeys("".join(WORDS))) + "ÀЛR Иx\u0130\U0001f600"
texts = st.text(LETTERS, max_size=20) | st.sampled_from(WORDS)
parts = st.lists(texts, max_size=6).map("".join)


@given(st.lists(parts, min_size=1, max_size=4), st.integers(1, 6))
def test_every_text_has_the_bits_of_its_words(found: list[str], shortest: int):
    words = [word for word in WORDS if len(word.encode()) >= shortest]  # the longer all are, the fewer places count
    batch = make_batch({"text": found}, {"text": "text"})

    bits = screened(utf8(batch, "text"), screen_of(*((word,) for word in words))).tolist()

    assert bits == [sum((word in text.lower()) << place for place, word in enumerate(words)) for text in found]


@pytest.mark.parametrize("before", range(9))
def test_a_word_is_found_wherever_it_begins_and_ends(before: int):
    screen = screen_of(("robots", "лиценз", "ccbot"))

    assert [groups_in("x" * before + word, screen) for word in ("Robots", "ЛИЦЕНЗ", "CCBot", "CCBo", "Лицен")] == [
        *(1, 1, 1),
        *(0, 0),
    ]


@given(parts)
def test_a_group_is_held_with_any_of_its_words(text: str):
    first, second = WORDS[:4], WORDS[4:]

    held = groups_in(text, screen_of(first, second))

    assert held & 1 == any(word in text.lower() for word in first)
    assert held >> 1 == any(word in text.lower() for word in second)


@pytest.mark.parametrize("groups", [(("word", ""),), tuple((f"word{n}",) for n in range(MAX_GROUPS + 1))])
def test_what_cannot_be_looked_for_is_refused(groups: tuple[tuple[str, ...], ...]):
    with pytest.raises(ValueError, match="can be looked for"):
        _ = screen_of(*groups)


@pytest.mark.parametrize("text", ["ЛИЦЕНЗИЯ", "Лицензия", "Tous Droits RÉSERVÉS", "Open LICENCE", "CC0"])
def test_case_does_not_count(text: str):
    assert groups_in(text, screen_of(WORDS)) == 1


@pytest.mark.parametrize(("word", "held"), [("c", 1), ("cc", 1), ("de", 0), ("ß", 1), ("x", 0)])
def test_short_words_are_found_too(word: str, held: int):
    assert groups_in("abCC dß e", screen_of((word, "longer"))) == held


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("GPL", 0b111),
        ("a gpl2.", 0b101),
        ("xgpl gp", 0b001),
        ("gp l", 0),
        ("_gpl", 0b001),
        ("éGPL-3", 0b111),
        ("pgpl gpl", 0b111),
    ],
)
def test_few_short_words_are_found_with_their_edges(text: str, held: int):
    screen = screen_of(("gpl", "longer"), (r"\bgpl\b", "others"), (r"\bgpl",))

    assert groups_in(text, screen) == held
