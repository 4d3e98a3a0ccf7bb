"""Compiled code is kept between runs as long as its source is the same, and processes do not mix it up."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numba.core.caching import IndexDataCacheFile
from numpy.typing import NDArray

from goldsmith.kit.jit import in_place, inlined
from goldsmith.kit.jit_files import save_apart

MODULE = """\
import sys
import numpy as np
from goldsmith.kit.jit import compiled

@compiled
def total(values):
    result = values[0]
    for value in values[1:]:
        result += value
    return result

kinds = [np.int64, np.float64, np.int32, np.float32]
for kind in kinds[int(sys.argv[1]):] + kinds[:int(sys.argv[1])]:
    assert total(np.arange(9).astype(kind)) == 36, kind
"""


def test_processes_that_compile_at_once_do_not_mix_up_signatures(tmp_path: Path):
    (tmp_path / "summing.py").write_text(MODULE, encoding="utf-8")
    program = [sys.executable, tmp_path / "summing.py"]

    for _ in range(2):
        running = [subprocess.Popen([*program, str(first)], stderr=subprocess.PIPE) for first in range(4)]
        assert [(one.communicate()[1], one.returncode) for one in running] == [(b"", 0)] * 4
    assert len(list((tmp_path / "__pycache__").glob("*.nbc"))) == 4


def test_an_index_that_was_read_too_early_names_no_wrong_code(tmp_path: Path):
    def early() -> IndexDataCacheFile:
        files = IndexDataCacheFile(str(tmp_path), "total", ("stamp", 1))
        files._load_index = dict
        return files

    save_apart(early(), "int64", "code of int64")
    reader = IndexDataCacheFile(str(tmp_path), "total", ("stamp", 1))
    seen = reader._load_index()
    save_apart(early(), "float64", "code of float64")
    reader._load_index = lambda: seen

    assert reader.load("int64") is None  # its file is gone, and so it is compiled again
    later = IndexDataCacheFile(str(tmp_path), "total", ("stamp", 1))
    assert later.load("int64") is None
    assert later.load("float64") == "code of float64"
    assert IndexDataCacheFile(str(tmp_path), "total", ("stamp", 2)).load("float64") is None


CALLED = """\
from typing import NamedTuple
import numpy as np
from goldsmith.kit.jit import compiled

FACTOR = {factor}

class {pair}(NamedTuple):
    first: np.ndarray
    second: np.ndarray

@compiled
def scaled(value):
    return value * FACTOR
"""

THROUGH_MODULE = """\
import called
from goldsmith.kit.jit import compiled

@compiled
def both(value):
    return called.scaled(value) + called.FACTOR

print(both(1), len(both._dispatcher.stats.cache_misses))
"""

CALLING = """\
import sys
import numpy as np
from called import {pair}, scaled
from goldsmith.kit.jit import compiled

@compiled
def both(pair: {pair}):
    return scaled(pair.first[0]) + pair.second[0]

print(both({pair}(np.arange(1, 3), np.arange(5, 7))), len(both._dispatcher.stats.cache_misses))
"""


def ran(folder: Path, factor: int, pair: str = "Pair", calling: str = CALLING) -> str:
    (folder / "called.py").write_text(CALLED.format(factor=factor, pair=pair), encoding="utf-8")
    (folder / "calling.py").write_text(calling.format(pair=pair), encoding="utf-8")
    done = subprocess.run([sys.executable, folder / "calling.py"], capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_constant_of_another_file_that_changes_is_heeded(tmp_path: Path):
    assert ran(tmp_path, 2) == "7 1"
    assert ran(tmp_path, 2) == "7 0"
    (tmp_path / "calling.py").touch()
    assert ran(tmp_path, 30) == "35 1"


def test_what_is_named_through_its_module_is_heeded(tmp_path: Path):
    assert ran(tmp_path, 2, calling=THROUGH_MODULE) == "4 1"
    assert ran(tmp_path, 2, calling=THROUGH_MODULE) == "4 0"
    assert ran(tmp_path, 30, calling=THROUGH_MODULE) == "60 1"


def test_code_of_older_source_is_removed(tmp_path: Path):
    def kept() -> set[str]:
        return {path.name for path in (tmp_path / "__pycache__").glob("*.nbc")}

    assert ran(tmp_path, 2) == "7 1"
    before = kept()
    assert ran(tmp_path, 30) == "35 1"
    assert len(before) == len(kept()) == 2
    assert not before & kept()


def test_code_of_a_type_that_is_gone_is_compiled_anew(tmp_path: Path):
    assert ran(tmp_path, 2) == "7 1"
    assert ran(tmp_path, 2, pair="Couple") == "7 1"


def test_what_returns_arrays_cannot_be_in_place():
    def halves(values: NDArray[np.int64]) -> NDArray[np.int64]:
        return values // 2

    def two(values: NDArray[np.int64]) -> tuple[int, NDArray[np.int64]]:
        return 1, values

    for function in (halves, two):
        for decorated in (in_place, inlined):
            with pytest.raises(TypeError, match="only what returns numbers"):
                _ = decorated(function)


def test_functions_in_place_write_into_what_they_are_given():
    def longest(values: NDArray[np.int64], place: int) -> tuple[int, np.uint64]:
        values[place] += 1
        return int(values[place]), np.uint64(place)

    values = np.zeros(3, np.int64)

    assert in_place(longest)(values, 1) == (1, 1)
    assert inlined(longest)(values, 1) == (2, 1)
    assert values.tolist() == [0, 2, 0]
