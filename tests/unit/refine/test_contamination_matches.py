"""Items of test sets are found in documents word for word, in pieces and in other words, and not where they are not."""

# Chinese has letters and marks that look like others.
# ruff: noqa: RUF001

from collections.abc import Sequence

import pytest
from rephrased_items import clean_documents, hidden, pairs

from goldsmith.refine.contamination.indexes import Index, Search, build_index
from goldsmith.refine.contamination.items import SetItem
from goldsmith.refine.contamination.matches import Limits, Match, find_items

LIMITS = Limits(words=13, min_overlap=0.7)
QUESTION = (
    "A lighthouse keeper climbs 143 steps each evening; how many steps does he climb in the three weeks before Easter, "
    "when he rests on Sundays?"
)
GERMAN = "Die Straßenbahngesellschaftsverwaltung beschließt Fahrpreiserhöhungen für Großveranstaltungsbesucher."
CHINESE = "小明有四十五颗糖，他把其中的三分之一分给了同学，又吃掉了六颗。请问小明还剩下多少颗糖？"
SHORT = "Who wrote the novel Moby Dick?"
ITEMS = (
    SetItem("a:1", QUESTION, "2574"),
    SetItem("a:2", GERMAN, ""),
    SetItem("a:3", CHINESE, "24"),
    SetItem("a:4", SHORT, "Herman Melville"),
    SetItem("a:5", "What is it?", "A cat"),
)


def index(items: Sequence[SetItem] = ITEMS, **changes: object) -> Index:
    search = {"fields": (), "overlap_words": 8, "characters": 50, "min_words": 5, "common_in": 20, "min_likeness": 0.55}
    return build_index(list(items), Search(**{**search, **changes}))  # type: ignore[arg-type]


def found(text: str, known: Index | None = None) -> list[Match]:
    return find_items([text], known or index(), LIMITS)[0]


def test_a_question_is_found_whatever_its_case_punctuation_and_white_space():
    text = "Before. " + QUESTION.upper().replace(" ", "\n ").replace(";", " --") + " After."

    (match,) = found(text)

    assert (match.item, match.kind, match.score) == ("a:1", "whole", 1.0)
    assert text[match.start : match.end] == text[len("Before. ") : -len("? After.")]
    assert (match.item_start, match.item_end) == (0, len(QUESTION) - 1)


@pytest.mark.parametrize("item", [ITEMS[2], ITEMS[3]], ids=["chinese", "short"])
def test_spans_are_characters_of_the_text_and_of_the_item(item: SetItem):
    text = f"Ümläute 前文。{item.question}后文 naïve"

    (match,) = (each for each in found(text) if each.item == item.name)

    assert match.kind == "whole"
    assert text[match.start : match.end] == item.question[match.item_start : match.item_end]


def test_thirteen_words_in_a_row_show_an_item_and_twelve_do_not():
    words = QUESTION.split()

    assert [match.kind for match in found(" ".join(["so", *words[2:15], "so"]))] == ["words"]
    assert found(" ".join(["so", *words[2:14], "so"]), index(characters=400, min_likeness=1.0)) == []


def test_pieces_of_eight_words_that_make_up_most_of_an_item_show_it():
    words = QUESTION.split()
    pieces = [*words[:9], "well", *words[9:18], "so", *words[18:]]

    matches = found(" ".join(pieces), index(characters=400))

    assert {match.kind for match in matches} == {"overlap"}
    assert len(matches) == 2
    assert 0.7 <= matches[0].score < 1


def test_fifty_letters_in_a_row_show_an_item_whatever_stands_between_them():
    text = "Neu: " + " ".join(GERMAN[:70]) + " und so weiter"

    (match,) = found(text)

    assert (match.item, match.kind) == ("a:2", "characters")
    assert text[match.start : match.end].replace(" ", "") == GERMAN[:70].replace(" ", "")


def test_a_short_item_is_found_as_a_whole_and_one_that_is_too_short_never():
    assert [match.item for match in found("I asked: who wrote the novel Moby-Dick? Nobody knew.")] == ["a:4"]
    assert found("I asked: who wrote the novel Moby Dickens? What is it? A dog.") == []


def test_parts_of_words_do_not_count():
    assert found("xx" + SHORT.replace("?", "yy")) == []


def test_what_many_items_begin_with_says_nothing_about_one_of_them():
    start = "Read the following passage with care and then choose the best of the four answers below:"
    items = [SetItem(f"t:{n}", f"{start} {word} and {word}s", "") for n, word in enumerate("abcdefgh")]

    assert found(f"{start} nothing", index(items, common_in=4)) == []
    assert {match.item for match in found(f"{start} nothing", index(items, common_in=20))} == {
        f"t:{n}" for n in range(8)
    }


def test_rows_of_one_number_are_no_passage():
    items = [SetItem("z:1", "0 " * 40, "")]

    assert found("0 " * 100, index(items)) == []


def test_accents_composed_or_not_and_wide_letters_make_no_difference():
    wide = "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in QUESTION)
    marked = QUESTION.replace("e", "e\u0301").replace("a", "á")

    assert [found(text)[0].kind for text in (wide, marked)] == ["whole", "whole"]


def test_rephrasings_are_found_where_sequences_of_words_find_next_to_none():
    items = [SetItem(f"r:{pair.id}", pair.question, pair.answer) for pair in pairs()]
    known, documents = index(items), clean_documents()
    texts = [hidden(pair.rephrased, documents[n % len(documents)], n) for n, pair in enumerate(pairs())]

    by_text = find_items(texts, known, LIMITS)
    n_found = sum(any(each.item == item.name for each in row) for item, row in zip(items, by_text, strict=True))
    n_verbatim = sum(any(each.kind != "rephrased" for each in row) for row in by_text)
    n_false = sum(bool(row) for row in find_items(documents, known, LIMITS))

    assert len(items) >= 120
    assert n_found / len(items) >= 0.78  # 0.83 measured
    assert n_verbatim / len(items) < 0.05  # 0 measured
    assert n_false / len(documents) <= 0.03  # 0 measured
