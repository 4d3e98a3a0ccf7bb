"""Where in a text stands what shows why a rule stopped it."""

import msgspec
import pytest

from goldsmith.kit.arrow import make_batch
from goldsmith.refine.evidence.moves import Moving, blocks_of, moved
from goldsmith.refine.evidence.spans import MAX_SPANS, as_evidence
from goldsmith.refine.recipe import stage_types

SHOWN = {
    ("gopher-repetition", "repeated-lines"): ("Äpfel.\n\nBirnen.\nÄpfel.\n", ["Äpfel."]),
    ("gopher-repetition", "repeated-paragraphs"): (" a\nb\n\nc\n\n\na\nb \n", ["a\nb"]),
    ("gopher-repetition", "top-2-words"): ("ünd so weiter ünd so fort", ["ünd so", "ünd so"]),
    ("gopher-repetition", "repeated-5-words"): ("é b c d e x é b c d e y é b c d e", ["é b c d e", "é b c d e"]),
    ("gopher-quality", "bullet-lines"): ("one\n - two\r\n• drei …\n", ["- two", "• drei …"]),
    ("gopher-quality", "ellipsis-lines"): ("wait...\nno\nmore… \n", ["wait...", "more…"]),
    ("gopher-quality", "hash-signs"): ("# a ## b", ["#", "##"]),
    ("gopher-quality", "ellipses"): ("a...b……", ["...", "…", "…"]),
    ("gopher-quality", "words-without-letters"): ("日 12 — x3 == é", ["12", "—", "=="]),
    ("gopher-quality", "long-words"): ("short kurzeswort langesdonauwort", ["langesdonauwort"]),
    ("gopher-quality", "too-few-words"): ("short", []),
    ("fineweb-quality", "unfinished-lines"): ("It ends.\n\n It does not \n終わり。\nno\n", ["It does not", "no"]),
    ("fineweb-quality", "short-lines"): ("x" * 31 + "\nshört\n  \n" + "y" * 30, ["shört", "y" * 30]),
    ("fineweb-quality", "repeated-lines"): ("eins\nzwei\n \n \neins\n", ["eins"]),
    ("fineweb-quality", "list-like"): ("a\nb\n", []),
    ("c4-quality", "curly-brackets"): ("none\nif (x) { y }\n", ["if (x) { y }"]),
    ("c4-quality", "placeholder-text"): ("A line.\nLorem IPSUM dolor.", ["Lorem IPSUM dolor."]),
}


@pytest.mark.parametrize(("stage", "rule"), SHOWN)
def test_a_rule_shows_what_it_is_about(stage: str, rule: str):
    text, expected = SHOWN[stage, rule]
    found = list(stage_types()[stage]().spans_of(rule, text, {}))

    assert [text[start:end] for start, end in found] == expected


def test_only_the_first_spans_are_noted_and_all_are_counted():
    spans = [(place, place + 1) for place in range(0, 400, 2)]

    assert as_evidence(spans) == {"spans": spans[:MAX_SPANS], "n_spans": 200}
    assert as_evidence([]) == {}


BEFORE = "First line.\nCall 030 1234567 or write to ann@example.com, please.\nA footer\nThe last line is here.\n"
AFTER = "New head\nFirst line.\nCall [phone] or write to [e-mail], please.\nThe last line is here.\n"


@pytest.mark.parametrize("words", ["First line", "or write to", ", please.", "line is", "please.\nA footer\nThe"])
def test_spans_move_with_the_text(words: str):
    start = BEFORE.index(words)
    given = msgspec.json.encode([{"kind": "x", "start": start, "end": start + len(words)}]).decode()

    (record,) = msgspec.json.decode(moved(given, blocks_of(BEFORE, AFTER), AFTER))

    assert AFTER[record["start"] : record["end"]] == words.replace("A footer\n", "")
    assert record["kind"] == "x"


def test_what_was_taken_out_of_a_text_stays_listed_without_a_place():
    start = BEFORE.index("A footer")
    spans = [
        {"kind": "footer", "start": start, "end": start + 8},
        {"kind": "mended", "before": "x", "after": "line", "at": [6, BEFORE.index("line is")]},
        {"kind": "gone", "before": "x", "after": "ann", "at": [BEFORE.index("ann")]},
        {"kind": "left-out", "before": "a line\n", "after": "", "at": BEFORE.index("The last")},
    ]

    found = msgspec.json.decode(moved(msgspec.json.encode(spans).decode(), blocks_of(BEFORE, AFTER), AFTER))

    assert found[0] == {"kind": "footer"}
    assert [AFTER[at : at + 4] for at in found[1]["at"]] == ["line", "line"]
    assert found[2]["at"] == []
    assert AFTER[found[3]["at"] :] == "The last line is here.\n"


def test_a_stage_that_changes_texts_moves_the_spans_of_earlier_ones():
    spans = '[{"kind":"x","before":"w","after":"word","at":[28]}]'
    columns = {"text": ["write to a.person@gmail.com\nword", "word"], "repair_spans": [spans, None]}
    batch = make_batch(columns, {"text": "text", "repair_spans": "text"})
    stages = [stage_types()["repair"](), stage_types()["personal-data"]()]

    found = Moving.among(stages)(stages[1], batch)

    text = found["text"][0]
    assert text == "write to [e-mail]\nword"
    (record,) = msgspec.json.decode(found["repair_spans"][0])
    assert text[record["at"][0] :] == "word"
    assert found["repair_spans"][1] is None
    assert "repair_spans" not in Moving(())(stages[1], batch)


def test_a_stage_that_leaves_most_texts_where_they_lie_moves_the_spans_of_those_that_it_changed():
    spans = '[{"kind":"phone","start":8,"end":12}]'
    columns = {"text": ["schÃ¶ne word", "schöne   word", None], "personal_spans": [spans, spans, None]}
    batch = make_batch(columns, {"text": "text", "personal_spans": "text"})
    repair = stage_types()["repair"]()

    found = Moving(("personal_spans",))(repair, batch)

    assert list(found["text"]) == ["schöne word", "schöne   word", None]
    (mended,) = msgspec.json.decode(found["personal_spans"][0])
    assert (mended["start"], mended["end"]) == (7, 11)
    assert found["personal_spans"][1:] == [spans, None]
