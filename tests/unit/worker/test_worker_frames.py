"""Rows that processes hand each other in files."""

import msgspec
import pytest

from goldsmith.errors import ComputeError
from goldsmith.worker.frames import read_frames, write_frames


class Row(msgspec.Struct, frozen=True):
    name: str
    values: list[float | None]


ROWS = [Row("a", []), Row("\U0001f600" * 1000, [0.1, None]), Row("", [1e300])]


def test_rows_come_back_as_they_were_written(tmp_path):
    path = tmp_path / "rows"
    assert write_frames(path, iter(ROWS)) == 3
    assert list(read_frames(path, Row)) == ROWS
    assert write_frames(path, []) == 0
    assert list(read_frames(path, Row)) == []


@pytest.mark.parametrize("missing", [1, 5, 4000])
def test_a_file_that_was_cut_off_is_told(tmp_path, missing):
    path = tmp_path / "rows.frames"
    write_frames(path, [*ROWS, Row("x" * 5000, [])])
    path.write_bytes(path.read_bytes()[:-missing])
    with pytest.raises(ComputeError, match=r"rows\.frames ends inside a row"):
        list(read_frames(path, Row))
