"""What the quality stages drop and why; that their numbers are right, the parity tests show."""

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldsmith.kit.arrow import make_batch, utf8
from goldsmith.kit.columns import Batch
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.pipeline import annotated
from goldsmith.refine.rules import Verdict
from goldsmith.refine.stages.c4_quality import C4Quality
from goldsmith.refine.stages.fineweb_quality import FinewebQuality
from goldsmith.refine.stages.gopher_quality import GopherQuality
from goldsmith.refine.stages.gopher_repetition import GopherRepetition
from goldsmith.refine.statistics.line_edits import edit_lines, edited_by_phrases
from goldsmith.refine.statistics.line_rules import LineRules
from goldsmith.refine.statistics.sentences import count_sentences

PROSE = (
    "The river that runs through the old town has been there for as long as anybody can remember.\n"
    "In spring it rises over the lower meadows, and the people of the mill have to carry their boats to the barn.\n"
    "Nobody complains about the water; they know what it brings with it, and they wait for the summer."
)


def batch_of(*texts: str) -> Batch:
    return make_batch({"text": list(texts)}, {"text": "text"})


def numbers(stage: DocumentStage, text: str) -> dict[str, Any]:
    return {name: values[0] for name, values in stage.annotate(batch_of(text)).items() if name in stage.columns}


def stops(stage: DocumentStage, text: str) -> dict[str, Verdict]:
    """The verdicts of all rules that stop the text, by rule."""
    batch = annotated(stage, batch_of(text))
    found = {rule.name: rule.verdicts(batch)[0] for rule in stage.rules()}
    return {name: verdict for name, verdict in found.items() if verdict is not None}


@pytest.mark.parametrize("stage", [GopherQuality(), GopherRepetition(), FinewebQuality(), C4Quality(min_sentences=3)])
def test_plain_prose_passes(stage: DocumentStage):
    assert stops(stage, PROSE) == {}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("too short to say anything", "too-few-words"),
        ("word " * 100_001, "too-many-words"),
        ("a be of to " * 50, "short-words"),
        ("internationalisation responsibilities " * 50, "long-words"),
        (PROSE + " #" * 40, "hash-signs"),
        (PROSE.replace(" ", " \u2026 "), "ellipses"),
        ("\n".join(f"  \u2022 {line}" for line in PROSE.splitlines()), "bullet-lines"),
        (PROSE.replace(".", "..."), "ellipsis-lines"),
        (PROSE + " 12,5" * 30, "words-without-letters"),
        ("lorem ipsum dolor sit amet " * 12, "few-stop-words"),
    ],
)
def test_gopher_quality_says_what_is_wrong_with_a_text(text: str, rule: str):
    found = stops(GopherQuality(), text)

    assert rule in found
    assert found[rule].reason
    assert found[rule].value is not None and found[rule].threshold is not None


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("the same paragraph\n\n" * 4, "repeated-paragraphs"),
        ("the same line\n" * 4 + PROSE, "repeated-lines"),
        (" ".join(f"of the {n}" for n in range(40)), "top-2-words"),
        (("one two three four five six seven. " + PROSE + " ") * 3, "repeated-10-words"),
    ],
)
def test_gopher_repetition_says_what_is_repeated(text: str, rule: str):
    assert rule in stops(GopherRepetition(), text)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "no-lines"),
        (" \n\t\n", "no-lines"),
        ("home\nproducts\nabout us", "short-lines"),
        (PROSE.replace(".", ""), "unfinished-lines"),
        (f"{PROSE}\n{PROSE}", "repeated-lines"),
        ("one.\ntwo.\nthree.\n", "list-like"),
    ],
)
def test_fineweb_quality_says_what_is_wrong_with_the_lines(text: str, rule: str):
    assert rule in stops(FinewebQuality(), text)


def test_every_number_is_there_even_if_an_early_rule_drops():
    found = numbers(GopherQuality(), "# ... -- 1\n- the of")

    assert found == {
        "gopher_words": 3,
        "gopher_mean_word_length": 2.0,
        "gopher_hashes_per_word": 1 / 7,
        "gopher_ellipses_per_word": 1 / 7,
        "gopher_bullet_lines": 0.5,
        "gopher_ellipsis_lines": 0.0,
        "gopher_alphabetic_words": 2 / 7,
        "gopher_stop_words": 2,
    }


def test_characters_are_code_points_not_bytes():
    assert numbers(GopherQuality(), "Größe 中文")["gopher_mean_word_length"] == 3.5
    assert numbers(GopherRepetition(), "ééé\n\nééé")["repeated_paragraph_characters"] == 3 / 8
    assert numbers(FinewebQuality(short_line=5), "Größe")["fineweb_short_lines"] == 1.0


def test_sequences_are_the_same_if_their_words_make_the_same_text():
    numbers_in_a_row = "1 11 11 1 1 11 1 1 11 1"  # the first five words and those from the third on make 1111111

    assert numbers(GopherRepetition(), numbers_in_a_row)["repeated_5_words"] == 7 / len(numbers_in_a_row)


def test_the_most_frequent_sequence_may_overlap_with_itself():
    assert numbers(GopherRepetition(), "a a a a")["top_2_words"] == 9 / 7


def test_the_tokeniser_changes_what_counts_as_a_word():
    text = "Yes, (no); maybe: \u4e2d\u6587\u3002"

    assert numbers(GopherQuality(), text)["gopher_alphabetic_words"] == 1.0
    assert numbers(GopherQuality(tokens="words"), text)["gopher_alphabetic_words"] == 5 / 11


def test_stop_words_are_parameters_in_any_script():
    stage = GopherQuality(stop_words=("\u0438", "\u0432", "\u043d\u0430"))

    assert numbers(stage, "\u043a\u043e\u0442 \u0438 \u0434\u043e\u043c \u0432 \u0418")["gopher_stop_words"] == 2
    assert numbers(GopherQuality(stop_words=()), PROSE)["gopher_stop_words"] == 0


def test_a_limit_that_is_lifted_has_no_rule():
    names = {
        rule.name for rule in GopherRepetition(max_repeated_lines=None, max_top_sequences=(None, 0.2, None)).rules()
    }

    assert "repeated-lines" not in names
    assert {"top-2-words", "top-4-words"}.isdisjoint(names)
    assert "top-3-words" in names


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        (GopherQuality, {"stop_words": ["the", " "]}),
        (GopherQuality, {"min_words": -1}),
        (GopherQuality, {"tokens": "spacy"}),
        (GopherRepetition, {"max_top_sequences": [0.2]}),
        (GopherRepetition, {"max_repeated_sequences": [0.1, 0.1, 0.1, 0.1, 0.1, -0.1]}),
        (FinewebQuality, {"short_line": -1}),
        (C4Quality, {"min_sentences": -1}),
    ],
)
def test_parameters_that_make_no_sense_are_refused(kind: type[DocumentStage], parameters: Mapping[str, object]):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(parameters, kind)


def test_a_missing_text_and_a_text_without_words_have_no_ratios():
    batch = make_batch({"text": [None, "", "\n"]}, {"text": "text"})

    assert GopherQuality().annotate(batch)["gopher_alphabetic_words"] == [None, None, None]
    assert GopherRepetition().annotate(batch)["repeated_lines"] == [None, None, 0.5]
    assert FinewebQuality().annotate(batch)["fineweb_newlines_per_word"] == [None, None, None]
    assert C4Quality().annotate(batch)["text"] == ["", "", ""]


def test_a_slice_of_a_batch_is_read_where_it_begins():
    batch = batch_of("x y z", PROSE, "\u4e2d\u6587 a")

    whole, part = (GopherQuality().annotate(each) for each in (batch, batch.slice(1, 2)))

    assert {name: list(values)[1:] for name, values in whole.items()} == {k: list(v) for k, v in part.items()}


def test_c4_leaves_out_lines_and_counts_why():
    text = "\n".join(
        [
            "  A line that is a sentence [1] with a note [citation needed].  ",
            "Navigation without an end",
            "Too short.",
            "To be continued...",
            "Please enable JavaScript to read this.",
            "We use cookies to make you happy.",
            "x" * 1001 + " is a long word.",
            'He said: "That is all."',
        ]
    )

    found = numbers(C4Quality(), text)

    assert found["text"] == 'A line that is a sentence  with a note .\nHe said: "That is all."'
    counts = {name.removeprefix("c4_"): count for name, count in found.items() if name != "text" and count}
    assert counts == {
        "unfinished_lines": 2,
        "short_lines": 1,
        "javascript_lines": 1,
        "policy_lines": 1,
        "long_word_lines": 1,
        "citations": 2,
        "sentences": 2,
    }


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (PROSE + "\nThis is Lorem Ipsum as everybody knows it.", "placeholder-text"),
        (PROSE + "\nif (a) { return that thing.", "curly-brackets"),
        (PROSE, "few-sentences"),
    ],
)
def test_c4_drops_what_is_no_text_for_people(text: str, rule: str):
    assert list(stops(C4Quality(), text)) == [rule] if rule == "few-sentences" else rule in stops(C4Quality(), text)


def test_fineweb_keeps_lines_without_an_end_in_c4():
    found = numbers(C4Quality(only_finished_lines=False), "A heading of three\nshort one\nAnd a sentence here.")

    assert found["text"] == "A heading of three\nAnd a sentence here."
    assert found["c4_sentences"] == 2


@pytest.mark.parametrize(
    ("line", "n"),
    [
        ("One. Two! Three?", 3),
        ("No end", 1),
        ("Version 3.14 of J. Smith, e.g. this one.", 1),
        ("Wait... what? Yes.", 2),
        ('"Really?" he said. (Yes.)', 3),
        ("\u4e00\u3002\u4e8c\uff01\u4e09\uff1f", 3),
        ("", 1),
    ],
)
def test_sentences_end_at_their_marks(line: str, n: int):
    assert count_sentences(utf8(batch_of(line), "text")).tolist() == [n]


LINES = st.sampled_from(
    [
        "",
        " ",
        "a b c.",
        "  d e f...  ",
        "\u4e2d\u6587 \u4e2d \u6587\u3002",
        "{ x y z!",
        "w" * 12,
        "two words?",
        "a note [1] here.",
        "[edit] more [] words",
        "Lorem Ipsum dolor sit.",
        "no JavaScript here {.",
        "\u0130 we use cookies.",
        "java[2]script is one.",
        "\u00a0one\u3000two  three'",
    ]
)
BREAKS = st.sampled_from(["\n", "\r\n", "\r", "\n\n", "\u2028", "\x85", "\x0b", "\x1d"])
PAGES = st.lists(st.tuples(LINES | st.text(max_size=8), BREAKS).map("".join), max_size=8).map("".join)


@given(
    pages=st.lists(PAGES, max_size=4),
    min_words=st.integers(0, 4),
    longest=st.integers(0, 12),
    only_finished=st.booleans(),
)
def test_compiled_edits_are_the_edits_of_plain_code(
    *, pages: list[str], min_words: int, longest: int, only_finished: bool
):
    rules = LineRules(
        min_words=min_words,
        max_word_length=longest,
        only_finished=only_finished,
        citations=True,
        javascript=True,
        policies=True,
    )

    found = edit_lines(utf8(batch_of(*pages), "text"), rules)

    expected = [edited_by_phrases(page, rules) for page in pages]
    assert found.texts == [each.text.strip() for each in expected]
    assert found.n_curly_lines == [each.n_curly_lines for each in expected]
    assert found.n_placeholder_lines == [each.n_placeholder_lines for each in expected]
    assert found.n_citations == [each.n_citations for each in expected]
    assert found.n_sentences == [each.n_sentences for each in expected]
    for reason, counts in found.left_out.items():
        assert counts == [each.left_out.get(reason, 0) for each in expected]
