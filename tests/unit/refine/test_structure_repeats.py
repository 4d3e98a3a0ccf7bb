"""A body that a text has twice: what counts as one, what goes, and how it is put back."""

import msgspec
import pytest

from goldsmith.kit.arrow import make_batch
from goldsmith.refine.repairing.edits import Change, undo
from goldsmith.refine.stages.repeated_body import RepeatedBody
from tests.unit.refine.sound_texts import SENTENCES

BODY = "\n\n".join(
    f"Paragraph {number} tells of the {word}, which stood at the river for {number + 3} years. Nobody knew who had "
    f"built it, and when the {word} was gone in the year {1900 + number}, nobody asked."
    for number, word in enumerate(("mill", "bridge", "tower", "school", "ferry"))
)
JUNK = "Three readers liked this story.\n\nThe weather will stay fine until the end of the week."


def shortened(text: str, **parameters: object) -> tuple[str, int, float]:
    stage = msgspec.convert(parameters, RepeatedBody)
    columns = stage.annotate(make_batch({"text": [text]}, {"text": "text"}))
    (found,), (spans,) = columns["text"], columns["repeated_body_spans"]
    changes = [] if spans is None else msgspec.json.decode(str(spans), type=list[Change])
    assert undo(str(found), changes) == text
    assert columns["repeated_body_passages"] == [len(changes)]
    return str(found), len(changes), float(str(columns["repeated_body_share"][0]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{BODY}\n\n{BODY}", BODY),
        (f"{BODY} {BODY}", BODY),
        (f"{BODY}\n\n{JUNK}\n\n{BODY}", f"{BODY}\n\n{JUNK}"),
        (f"{BODY}\n\n{BODY}\n\n{JUNK}", f"{BODY}\n\n{JUNK}"),
        (f"{BODY}\n{BODY}\n{BODY}", BODY),
    ],
    ids=["twice", "in one line", "with something between", "with something behind", "three times"],
)
def test_copies_of_the_body_go(text: str, expected: str):
    found, n_passages, share = shortened(text)

    assert found == expected
    assert n_passages >= 1
    assert share >= 0.6


def test_a_copy_is_found_though_words_differ():
    found, n_passages, _ = shortened(f"{BODY}\n\n{BODY.replace('tower', 'castle')}")

    assert n_passages == 2
    assert found.startswith(BODY)
    assert "castle" in found
    assert found.count("mill") == BODY.count("mill")


def test_numbers_that_differ_are_no_copies():
    table = "\n".join(f"row {number} holds {number * 7} and {number * 13} of {number * 17}" for number in range(100))

    assert shortened(table) == (table, 0, 0.0)


def test_verses_and_forms_stay():
    chorus = " ".join(BODY.split()[:50]) + "."
    verses = [f"{word} ".join(JUNK.split()) + "." for word in ("one", "two", "three", "four")]
    song = "\n\n".join(f"{verse}\n\n{chorus}" for verse in verses)

    found, n_passages, share = shortened(song)

    assert (found, n_passages) == (song, 0)
    assert 0 < share < 0.6


def test_only_whole_sentences_go():
    sentences = BODY.replace("\n\n", " ")
    found, _, _ = shortened(f"It began so. {sentences}\n\nSomebody wrote that {sentences}")

    assert found.startswith(f"It began so. {sentences}\n\nSomebody wrote that Paragraph 0 tells")
    assert len(found) < len(sentences) * 1.4


def test_chinese_and_japanese_bodies_are_found():
    for language in ("zh-Hans", "ja"):
        body = SENTENCES[language] + SENTENCES["ja" if language == "ja" else "zh-Hant"].replace("明", "後")
        long = "\n".join(body.replace("窗" if language != "ja" else "手", str(number)) for number in range(3))
        found, _, share = shortened(f"{long}\n\n{long}", min_words=30)
        assert (found, share) == (long, 1.0)


def test_it_can_measure_alone_and_drop():
    text = f"{BODY}\n\n{BODY}"
    (rule,) = RepeatedBody(max_share=0.5).rules()

    assert shortened(text, take_out=False) == (text, 0, 1.0)
    kept = rule.verdicts(make_batch({"repeated_body_share": [1.0, 0.5]}, {"repeated_body_share": "float"}))
    assert [verdict is None for verdict in kept] == [False, True]
