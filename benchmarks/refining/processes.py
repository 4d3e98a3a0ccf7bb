"""Runs peers in processes of their own, with interpreters that have them."""

import json
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from benchmarks.refining.figures import Contestant, Size
from benchmarks.refining.peers import Given

ROOT = Path(__file__).parents[2]


class Found(NamedTuple):
    """Peers that are installed, and the names of those that are not."""

    found: list[Contestant]
    missing: list[str]


class _Process:
    """One interpreter that runs peers when it is asked to."""

    def __init__(self, python: Path, given: Path) -> None:
        command = [python.absolute(), "-W", "ignore", "-m", "benchmarks.refining.peers", given]
        self._complaints = tempfile.TemporaryFile("w+")  # noqa: SIM115 - it is closed with the process
        self._process = subprocess.Popen(
            command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._complaints
        )
        known = self._answer()
        self.python = python
        self.peers = frozenset(known["peers"])
        self.versions: dict[str, str] = known["versions"]

    def run(self, name: str) -> float:
        """The CPU seconds of one run of a peer."""
        assert self._process.stdin is not None
        print(name, file=self._process.stdin, flush=True)
        return float(self._answer())

    def close(self) -> None:
        with self._complaints, self._process:  # closes all ends and waits
            pass

    def _answer(self) -> Any:  # what a peer's process says
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            _ = self._process.wait(), self._complaints.seek(0)
            complaints = self._complaints.read()
            self.close()
            raise SystemExit(f"{complaints}\n{self._process.args} ended without an answer")
        return json.loads(line)


class Peers:
    """All peers that some interpreters have; of several that have one, the last runs it."""

    def __init__(self, pythons: Iterable[Path], given: Given) -> None:
        with tempfile.TemporaryDirectory(prefix="peers-") as folder:
            file = Path(folder) / "given.json"
            _ = file.write_text(json.dumps(given._asdict()))
            self._processes = [_Process(python, file) for python in pythons]  # each has read the file when it is there
        self._by_name = {name: each for each in self._processes for name in each.peers}
        self.versions = [each.versions for each in self._processes]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in self._processes:
            each.close()

    def contestants(self, names: Sequence[str], size: Size, *, note: str = "") -> Found:
        """The peers with these names."""
        found = [
            Contestant(name, size, partial(self._by_name[name].run, name), note=note)
            for name in names
            if name in self._by_name
        ]
        return Found(found, [name for name in names if name not in self._by_name])

    def python_with(self, *distributions: str) -> Path | None:
        """The first interpreter that has all of these, if there is one."""
        return next(
            (each.python for each in self._processes if all(map(each.versions.__contains__, distributions))), None
        )
