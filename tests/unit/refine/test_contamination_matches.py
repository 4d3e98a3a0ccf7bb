"""Items of test sets are found in documents word for word, in pieces and in other words, and not where they are not."""

# Chinese has letters and marks that look like others.
# ruff: noqa: RUF001

from collections.abc import Callable, Sequence

import pytest
from rephrased_items import Pair, clean_documents, held_out_pairs, hidden, pairs

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
    search = {"fields": (), "overlap_words": 8, "characters": 50, "min_words": 5, "common_in": 20, "min_likeness": 0.5}
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


def found_shares(of: Sequence[Pair], documents: Sequence[str]) -> tuple[dict[str, float], float]:
    """The share of rephrased items that are found in documents, by language; of all, the share found word for word."""
    items = [SetItem(pair.id, pair.question, pair.answer) for pair in of]
    texts = [hidden(pair.rephrased, documents[n % len(documents)], n) for n, pair in enumerate(of)]
    by_text = find_items(texts, index(items), LIMITS)
    is_found = [any(each.item == item.name for each in row) for item, row in zip(items, by_text, strict=True)]
    languages = {
        language: [is_found[n] for n, pair in enumerate(of) if pair.language == language]
        for language in ("en", "de", "zh")
    }
    verbatim = [any(each.kind != "rephrased" for each in row) for row in by_text]
    return {language: sum(each) / len(each) for language, each in languages.items()}, sum(verbatim) / len(verbatim)


def test_rephrasings_are_found_where_sequences_of_words_find_next_to_none():
    shares, verbatim = found_shares(pairs(), clean_documents())

    assert shares["en"] >= 0.88  # 0.93 measured
    assert shares["de"] >= 0.82  # 0.91 measured
    assert shares["zh"] >= 0.86  # 0.96 measured
    assert verbatim < 0.05  # 0 measured


def test_rephrasings_that_the_search_was_not_adjusted_on_are_found_too():
    shares, verbatim = found_shares(held_out_pairs(), clean_documents())

    assert shares["en"] >= 0.85  # 0.88 measured
    assert shares["de"] >= 0.75  # 0.79 measured
    assert shares["zh"] >= 0.75  # 0.79 measured
    assert verbatim < 0.05


@pytest.mark.parametrize("of", [pairs, held_out_pairs], ids=["first set", "held-out set"])
def test_texts_without_items_and_rephrasings_of_other_items_are_no_finds(of: Callable[[], list[Pair]]):
    others = held_out_pairs() if of is pairs else pairs()
    known = index([SetItem(pair.id, pair.question, pair.answer) for pair in of()])
    texts = [*clean_documents(), *(pair.question for pair in others), *(pair.rephrased for pair in others)]

    n_false = sum(bool(row) for row in find_items(texts, known, LIMITS))

    assert n_false / len(texts) <= 0.01  # 0 measured


def test_compounds_are_like_the_words_that_they_are_made_of():
    question = (
        "Welche Beiträge zur Krankenversicherung zahlt der Träger der Rentenversicherung in Niedersachsen seit 1995 "
        "für Helfer in der Landwirtschaft, Verweigerer von Kriegsdienst und Rentner mit Erwerbsminderung?"
    )
    told = (
        "Landwirtschaftshelfer, Kriegsdienstverweigerer und Erwerbsminderungsrentner in Niedersachsen: was "
        "Rentenversicherungsträger seit 1995 an Krankenversicherungsbeiträgen zahlen"
    )
    items = [SetItem("c:1", question, ""), *(SetItem(pair.id, pair.question, "") for pair in pairs())]

    (match,) = found(told, index(items, min_likeness=0.7))

    assert match.item == "c:1"
    assert match.score == pytest.approx(0.81, abs=0.02)  # 0.52 by the beginnings of the words alone


def test_a_text_is_judged_the_same_alone_and_behind_others():
    items = [SetItem(pair.id, pair.question, pair.answer) for pair in pairs()]
    known = index(items, overlap_words=64, characters=500)
    texts = [
        text
        for n, pair in enumerate(pairs())
        for text in (f"{pair.rephrased}{' so' * (n % 24)}", pair.question[: int(0.7 * len(pair.question))])
    ]

    together = find_items(texts, known, Limits(words=64, min_overlap=0.7))

    assert {match.kind for row in together for match in row} >= {"rephrased"}
    assert together == [find_items([text], known, Limits(words=64, min_overlap=0.7))[0] for text in texts]
