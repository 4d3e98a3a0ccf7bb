from pathlib import Path

from goldsmith.kit.arrow import make_batch
from goldsmith.kit.columns import Batch, Kinds
from goldsmith.kit.parquet import ParquetParts, read_parquet

KINDS: Kinds = {"id": "text", "n": "int", "text": "text"}


def batch_of(texts: list[str | None]) -> Batch:
    numbers = list(range(len(texts)))
    return make_batch({"id": [f"d{n}" for n in numbers], "n": numbers, "text": texts}, KINDS)


def written(folder: Path, texts: list[str | None], *, step: int) -> bytes:
    whole = batch_of(texts)
    with ParquetParts(folder, KINDS) as parts:
        for start in range(0, len(texts), step):
            parts.write(whole.slice(start, step))
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def test_parquet_bytes_depend_on_rows_and_not_on_batches(tmp_path: Path):
    texts: list[str | None] = ["x" * (n % 97) * 500 for n in range(5000)]

    one_by_one = written(tmp_path / "a", texts, step=1)

    assert written(tmp_path / "b", texts, step=777) == one_by_one
    assert written(tmp_path / "c", texts, step=5000) == one_by_one


def test_row_groups_are_cut_by_rows_and_by_bytes(tmp_path: Path):
    texts: list[str | None] = ["x"] * 3000 + ["y" * (9 << 20), "z"]
    written(tmp_path / "a", texts, step=500)

    sizes = [batch.num_rows for batch in read_parquet(sorted((tmp_path / "a").iterdir()))]

    assert sizes == [2048, 953, 1]


def test_nothing_written_is_still_a_file_with_its_columns(tmp_path: Path):
    written(tmp_path / "a", [], step=1)

    (path,) = (tmp_path / "a").iterdir()
    assert path.name == "part-00000.parquet"
    assert list(read_parquet([path])) == []


def test_what_was_begun_is_closed_when_the_block_fails(tmp_path: Path):
    parts = ParquetParts(tmp_path / "a", KINDS)
    parts.write(batch_of(["x"] * 5000))

    parts.__exit__(RuntimeError, RuntimeError(), None)

    (path,) = (tmp_path / "a").iterdir()
    assert sum(batch.num_rows for batch in read_parquet([path])) == 4096
