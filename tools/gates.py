"""Runs every gate, prints one line for each, and the whole output of those that failed."""

import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent


class Gate(NamedTuple):
    """One check of the tree: its name and the command, run with this environment's programs."""

    name: str
    command: tuple[str, ...]


GATES = (
    Gate("lint", ("ruff", "check", ".")),
    Gate("format", ("ruff", "format", "--check", ".")),
    Gate("types", ("basedpyright", "--pythonpath", sys.executable)),
    Gate("results used", ("basedpyright", "--pythonpath", sys.executable, "--project", "tools/pure.json")),
    Gate("layers", ("lint-imports",)),
    Gate("sizes", ("python", "-m", "tools.sizes")),
    Gate("catches", ("python", "-m", "tools.catches")),
    Gate("tree", ("python", "-m", "tools.tree")),
    Gate("docs", ("python", "-m", "tools.docs", "check")),
)


def main() -> int:
    """Run all gates, also after one failed; returns the number of failures as the exit code."""
    failed = [gate.name for gate in GATES if not passes(gate)]
    if failed:
        print(f"gates failed: {', '.join(failed)}", flush=True)
    return len(failed)


def passes(gate: Gate) -> bool:
    """Run one gate and say how it went."""
    program = Path(sys.executable).parent / gate.command[0]
    started = time.monotonic()
    command = [str(program), *gate.command[1:]]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    verdict = "ok" if done.returncode == 0 else "FAILED"
    print(f"  {gate.name:<14} {verdict:<7} {time.monotonic() - started:5.1f} s", flush=True)
    if done.returncode != 0:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
