import os
import subprocess
import sys

import pytest

from benchmarks.figures import quantile_ms
from benchmarks.peers import make_texts
from benchmarks.processes import HAS_PROC, cpu_seconds_of, memory_of, tree_of

on_linux = pytest.mark.skipif(not HAS_PROC, reason="this system has no /proc, so memory and CPU are not measured on it")


def test_quantiles_are_measured_values_in_milliseconds():
    times = [i / 1000 for i in range(1, 101)]
    assert quantile_ms(times, 0.5) == 51.0
    assert quantile_ms(times, 0.99) == 100.0
    assert quantile_ms([0.25], 0.99) == 250.0
    assert quantile_ms([], 0.5) == 0.0


def test_every_server_gets_the_same_texts():
    texts = make_texts(50)
    assert texts == make_texts(50)
    assert all(20 <= len(text.split()) <= 60 for text in texts)


@on_linux
def test_a_process_is_measured_with_its_descendants():
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as parent:
        while parent.poll() is None and len(tree_of(parent.pid)) < 2:
            os.sched_yield()
        memory = memory_of(parent.pid)
        assert memory is not None
        assert memory.n_processes == 2
        assert memory.rss_mib >= memory.pss_mib > 0
        assert cpu_seconds_of(parent.pid) >= 0.0
        parent.communicate(b"\n")
    assert tree_of(parent.pid) == []
