# Damaged texts hold characters that look like others.
# ruff: noqa: RUF001

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from goldsmith.kit.arrow import make_batch
from goldsmith.refine.repairing.edits import Change, Edit, Repaired, undo
from goldsmith.refine.repairs import KINDS, repair
from goldsmith.refine.stages.repair import Repair

PIECES = st.sampled_from(
    [
        *("schÃ¶n", "plain", "\r\n", "\n", "\u200b", "cafe\u0301", "N\bNA\bA", "\x1b[1mx\x1b[0m", "\ufffd\ufffd"),
        *(
            "caf&eacute;s",
            "<b>bold</b>",
            "Ｗord",
            "pаypal",
            "，，",
            "公司(gōngsī)的",
            "人員(rényuán)的",
            "會議(huìyì)在",
        ),
        *("ÖÐÎÄÐÅÏ¢£¬ÎÒÃÇÒ»Æð", "眯孪士掌\ufffd", "浣犲ソ涓栫晫", " ", "ï¿½"),
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=4), max_size=12).map("".join)


@given(text=TEXTS)
def test_all_changes_can_be_taken_back(text: str):
    done = repair(text)

    changes = done.changes()

    assert undo(done.text, changes) == text
    assert bool(changes) == (done.text != text)
    for change in changes:
        assert set(change.kind.split("+")) <= set(KINDS)
        assert list(change.at) == sorted(change.at)
        assert all(done.text.startswith(change.after, at) for at in change.at)


@given(text=TEXTS)
def test_only_what_is_asked_for_is_mended(text: str):
    assert repair(text, kinds=()).text == text
    for kind in KINDS:
        assert set(repair(text, kinds=[kind]).counts) <= {kind}


@given(
    text=st.text(alphabet="abc", max_size=12),
    passes=st.lists(st.lists(st.tuples(st.integers(0, 14), st.integers(0, 3), st.text("xyz", max_size=3)), max_size=4)),
)
def test_spans_of_many_passes_lead_back_to_the_first_text(text: str, passes: list[list[tuple[int, int, str]]]):
    done = Repaired(original=text, text=text)

    for number, proposed in enumerate(passes):
        edits: list[Edit] = []
        for start, size, new in sorted(proposed):
            end = min(start + size, len(done.text))
            if start <= end and (not edits or start > edits[-1].end):
                edits.append(Edit(start, end, new))
        done.apply(f"pass{number}", edits)

    assert undo(done.text, done.changes()) == text


def test_equal_changes_share_one_record():
    done = repair("a\r\nb\r\nc\u200bd")

    assert done.changes() == [
        Change(kind="newlines", before="\r\n", after="\n", at=(1, 3)),
        Change(kind="invisible", before="\u200b", after="", at=(5,)),
    ]


def test_repairs_that_meet_at_one_place_are_one_change():
    done = repair("schÃ¶n cafe\u0301&nbsp;\u200b ok")

    assert done.text == "schön café\xa0 ok"
    assert [change.before for change in done.changes()] == ["Ã¶", "e\u0301&nbsp;\u200b"]
    assert undo(done.text, done.changes()) == "schÃ¶n cafe\u0301&nbsp;\u200b ok"


def test_the_stage_writes_every_change_of_a_document():
    texts = ["schÃ¶n und grÃ¶ÃŸer\r\nund so", "clean", "公司"]
    batch = make_batch({"text": texts}, {"text": "text"})

    found = Repair().annotate(batch)

    spans = [
        None if each is None else msgspec.json.decode(str(each), type=list[Change]) for each in found["repair_spans"]
    ]
    assert found["text"] == ["schön und größer\nund so", "clean", "公司"]
    assert found["repaired_mojibake"] == [1, 0, 0]
    assert spans[1:] == [None, None]
    assert undo(str(found["text"][0]), spans[0] or []) == texts[0]
    assert set(found) == set(Repair.columns)


def test_each_kind_of_the_stage_can_be_switched_off():
    text = "schÃ¶n\r\n\u200bcafe\u0301 Ｗord pаypal，，x caf&eacute; \ufffd\ufffd \x07 <i>a</i> <b>b</b>"
    batch = make_batch({"text": [text]}, {"text": "text"})
    on = Repair().annotate(batch)

    for column in Repair.changes:
        parameter = column.removeprefix("repaired_").replace("composition", "compose")
        off = msgspec.convert({parameter: False}, Repair).annotate(batch)
        assert off[column] == [0]
        if column not in {"repaired_pairs", "repaired_romanisation"}:
            assert on[column] != [0], column
