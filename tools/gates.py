"""Runs every gate, as many at a time as there are cores; prints one line for each, and all that those said that failed.

`python -m tools.gates` runs those of the Python code; `python -m tools.gates all` runs those of the browser app and of
the numerical kernels too, and leaves both built.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent


class Gate(NamedTuple):
    """One check of the tree: its name and the command, run with this environment's programs."""

    name: str
    command: tuple[str, ...]


# What takes long comes first, so that in the end no core waits for another.
GATES = (
    Gate("types", ("basedpyright", "--pythonpath", sys.executable)),
    Gate("docs", ("python", "-m", "tools.docs", "check")),
    Gate("sizes", ("python", "-m", "tools.sizes")),
    Gate("tree", ("python", "-m", "tools.tree")),
    Gate("catches", ("python", "-m", "tools.catches")),
    Gate("layers", ("lint-imports",)),
    Gate("lint", ("ruff", "check", ".")),
    Gate("format", ("ruff", "format", "--check", ".")),
)
APP_GATES = (
    Gate("app builds", ("python", "-m", "tools.web", "build")),
    Gate("app checks", ("python", "-m", "tools.web", "check")),
)
"""In this order: the build installs what the checks need."""

KERNEL_GATES = (Gate("kernels", ("python", "-m", "tools.kernels")),)


def main(arguments: list[str]) -> int:
    """Run all gates, also after one failed; returns the number of failures as the exit code."""
    if arguments not in ([], ["all"]):
        print("usage: python -m tools.gates [all]", file=sys.stderr)
        return 2
    rows = [APP_GATES, KERNEL_GATES] if arguments else []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        failed = list(filter(None, pool.map(first_failure, [*rows, *([gate] for gate in GATES)])))
    if failed:
        print(f"gates failed: {', '.join(failed)}", flush=True)
    return len(failed)


def first_failure(row: Sequence[Gate]) -> str | None:
    """Run these gates one after the other, up to the first that fails; the name of that one."""
    return next((gate.name for gate in row if not passes(gate)), None)


def passes(gate: Gate) -> bool:
    """Run one gate and say how it went."""
    program = Path(sys.executable).parent / gate.command[0]
    started = time.monotonic()
    command = [str(program), *gate.command[1:]]
    done = subprocess.run(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    verdict = "ok" if done.returncode == 0 else "FAILED"
    line = f"  {gate.name:<14} {verdict:<7} {time.monotonic() - started:5.1f} s"
    print(line if done.returncode == 0 else f"{line}\n{done.stdout}", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
