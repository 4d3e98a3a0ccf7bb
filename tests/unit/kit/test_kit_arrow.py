from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from goldsmith.kit import arrow
from goldsmith.kit.columns import Batch, Kinds

KINDS: Kinds = {"id": "text", "n": "int", "text": "text"}


def batch_of(texts: list[str | None]) -> Batch:
    numbers = list(range(len(texts)))
    return arrow.make_batch({"id": [f"d{n}" for n in numbers], "n": numbers, "text": texts}, KINDS)


def test_columns_can_be_added_replaced_and_left_out():
    batch = batch_of(["a", None])

    wider = arrow.with_columns(batch, {"text": ["b", "c"], "x": [0.5, None]}, {"text": "text", "x": "float"})

    assert wider.column("text").to_pylist() == ["b", "c"]
    assert arrow.names_of(wider) == ["id", "n", "text", "x"]
    assert arrow.names_of(arrow.without_columns(wider, ["n", "unknown"])) == ["id", "text", "x"]
    assert batch.column("text").to_pylist() == ["a", None]


def test_missing_columns_are_missing_in_every_row():
    batch = arrow.as_kinds(batch_of(["a"]), {"text": "text", "y": "bool"})

    assert arrow.names_of(batch) == ["text", "y"]
    assert batch.column("y").to_pylist() == [None]


def test_rows_of_several_batches_are_joined_in_order():
    batch = batch_of(["a", "b", "c", "d"])
    wide = arrow.with_columns(arrow.take_rows(batch, [1, 3]), {"y": [True, False]}, {"y": "bool"})

    joined = arrow.join_rows([wide, arrow.take_rows(batch, [0])], by="n")

    assert joined.column("text").to_pylist() == ["a", "b", "d"]
    assert joined.column("y").to_pylist() == [None, True, False]
    assert arrow.join_rows([wide.slice(0, 0), batch.slice(0, 0)], by="n").num_rows == 0
    assert arrow.join_rows([wide], by="n").column("text").to_pylist() == ["b", "d"]


@given(st.lists(st.none() | st.text("aBcÄé ß\U0001f600", max_size=9), max_size=6), st.integers(0, 3))
def test_texts_are_lowered_and_cut_at_their_offsets(texts: list[str | None], skipped: int):
    skipped = min(skipped, len(texts))

    for is_lower in (True, False):
        found = arrow.utf8(batch_of(texts).slice(skipped), "text", is_lower=is_lower)
        cut = [bytes(found.content[a:b]).decode() for a, b in pairwise(found.offsets.tolist())]
        assert cut == [(text or "").lower() if is_lower else text or "" for text in texts[skipped:]]


@given(
    texts=st.lists(st.text(max_size=5) | st.none(), min_size=1, max_size=20),
    new=st.dictionaries(st.integers(0, 19), st.text(max_size=5) | st.none()),
    start=st.integers(0, 5),
)
def test_an_edited_column_has_its_new_values_and_the_old_ones(
    texts: list[str | None], new: dict[int, str | None], start: int
):
    batch = batch_of(texts).slice(start)
    new = {row: value for row, value in new.items() if row < batch.num_rows}
    expected = [new.get(row, text) if row in new else text for row, text in enumerate(texts[start:])]

    column = arrow.edited(batch, "text", new)

    assert list(column) == [column[row] for row in range(len(column))] == list(column[:]) == expected
    assert column.changed == sorted(new)
    assert arrow.with_columns(batch, {"text": column}, KINDS).column("text").to_pylist() == expected


def test_bytes_become_texts_where_they_are_utf8():
    kinds: Kinds = {"sound": "bytes", "broken": "bytes"}
    batch = arrow.make_batch({"sound": ["é".encode(), None, b"x"], "broken": [b"x", None, b"\xff"]}, kinds)

    assert (arrow.is_utf8(batch, "sound"), arrow.is_utf8(batch, "broken")) == (True, False)
    assert list(arrow.edited(batch, "sound", {2: "y"})) == ["é", None, "y"]
