"""Ids that stand twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from goldsmith.refine import seen_ids
from goldsmith.refine.intake import Intake
from goldsmith.refine.model import RawDocument, Reading
from goldsmith.refine.readers.files import Files
from goldsmith.refine.seen_ids import SeenIds


def test_of_many_ids_each_is_found_again_where_it_was_read_first():
    with SeenIds() as seen:
        first = [seen.add(f"id-{n}", f"file {n}") for n in range(20_000)]
        again = [seen.add(f"id-{n}", "elsewhere") for n in range(0, 20_000, 7)]

        assert set(first) == {None}
        assert again == [f"file {n}" for n in range(0, 20_000, 7)]
        assert len(seen) == 20_000


def test_ids_with_one_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(seen_ids, "xxh3_64_intdigest", lambda key: 0)
    with SeenIds() as seen:
        first = [seen.add(name, f"at {name}") for name in ("a", "b", "", "ä" * 300)]
        again = [seen.add(name, "elsewhere") for name in ("ä" * 300, "", "b", "c")]

    assert set(first) == {None}
    assert again == [f"at {'ä' * 300}", "at ", "at b", None]


def test_ids_take_little_memory():
    with SeenIds() as seen:
        for n in range(50_000):
            _ = seen.add(f"https://example.org/{n}", "somewhere")

        assert (len(seen._hashes) + len(seen._places)) * 8 <= 48 * len(seen)


def documents() -> Iterator[RawDocument]:
    yield RawDocument(id="a", origin="one", text="x")
    yield RawDocument(id="a", origin="two", failure="broken")
    yield RawDocument(id="a", origin="three", text="x")
    yield RawDocument(id="b", origin="four", raw=b"x")


def test_the_second_sound_document_with_an_id_names_the_first():
    intake = Intake([(Files(paths=("x",)), Reading(None, documents()))])

    (batch,) = intake.batches()

    assert batch.column("_used_id").to_pylist() == [
        None,
        None,
        "the id 'a' of three was used before by one; give one of them another id",
        None,
    ]
    assert intake.n_by_source == {"files": 4}


def test_a_stream_that_nobody_reads_to_its_end_leaves_nothing_open(tmp_path: Path):
    many = (RawDocument(id=str(n), origin="x", text="x") for n in range(1000))
    stream = Intake([(Files(paths=("x",)), Reading(None, many))]).batches()

    assert 0 < next(stream).num_rows < 1000
    stream.close()  # pyright: ignore[reportAttributeAccessIssue]

    assert list(stream) == []
