"""Compiled code is kept between runs, and processes that compile at once do not mix it up."""

import subprocess
import sys
from pathlib import Path

from numba.core.caching import IndexDataCacheFile

from goldsmith.kit.jit import save_apart

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

    assert reader.load("int64") == "code of int64"
    later = IndexDataCacheFile(str(tmp_path), "total", ("stamp", 1))
    assert later.load("int64") is None
    assert later.load("float64") == "code of float64"
    assert IndexDataCacheFile(str(tmp_path), "total", ("stamp", 2)).load("float64") is None
