import subprocess
import sys

import numpy as np

from goldsmith.kit.jit import compiled


def test_division_by_zero_is_infinite_as_in_numpy():
    @compiled
    def divided(a: float, b: float) -> float:
        return a / b

    assert divided(1.0, 0.0) == np.inf
    assert np.isnan(divided(0.0, 0.0))


def test_a_function_that_cannot_be_cached_is_compiled_all_the_same():
    made: dict[str, object] = {}
    exec("def total(values):\n    return values.sum()", made)  # noqa: S102 - a function without a file has no cache

    assert compiled(made["total"])(np.arange(4.0)) == 6.0  # type: ignore[arg-type]


def test_one_compiled_function_calls_another():
    @compiled
    def squared(a: float) -> float:
        return a * a

    @compiled
    def norm(a: float, b: float) -> float:
        return (squared(a) + squared(b)) ** 0.5

    assert norm(3.0, 4.0) == 5.0


def test_nothing_is_compiled_nor_its_compiler_loaded_before_the_first_call():
    code = "import sys, goldsmith.worker.computing.infer; sys.exit('numba' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
