"""Every public name can be imported, each by itself, by a program that has imported nothing else."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import goldsmith.quality
from goldsmith.quality.consensus import aggregators

PUBLIC = dir(goldsmith.quality)
STUB = Path(goldsmith.quality.__file__).with_suffix(".pyi")


def run(code: str) -> str:
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_public_name_is_imported_by_a_fresh_interpreter():
    names = ", ".join(PUBLIC)

    shown = run(f"from goldsmith.quality import {names}\nprint([one.__name__ for one in ({names})])")

    assert ast.literal_eval(shown) == PUBLIC


def test_reading_votes_loads_neither_a_compiler_nor_a_server():
    run(
        "import sys; from goldsmith.quality import Majority, Votes, read_votes\n"
        "Majority().fit_predict(Votes.from_columns(['t'], ['a'], ['x']))\n"
        "assert not {'numba', 'pandas', 'sklearn', 'scipy', 'sqlalchemy', 'starlette'} & sys.modules.keys()"
    )


def test_the_types_are_those_of_the_same_names():
    imports = [node for node in ast.parse(STUB.read_text()).body if isinstance(node, ast.ImportFrom)]
    typed = {alias.name: import_module(node.module or "") for node in imports for alias in node.names}

    assert sorted(typed) == PUBLIC
    assert all(getattr(goldsmith.quality, name) is getattr(module, name) for name, module in typed.items())


def test_every_aggregator_that_comes_with_goldsmith_is_public():
    public = {getattr(goldsmith.quality, name) for name in PUBLIC}

    assert public >= {kind for kind in aggregators().values() if kind.__module__.startswith("goldsmith.")}


def test_what_there_is_not_cannot_be_imported():
    with pytest.raises(ImportError):
        from goldsmith.quality import Nonsense  # type: ignore[attr-defined]  # noqa: F401, PLC0415
