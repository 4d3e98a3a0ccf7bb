"""The whole preset `web` on web pages, from the command to the report, beside the chain of the field."""

from pathlib import Path

from benchmarks.refining.figures import Contestant, Size, Step
from benchmarks.web import chained, laid_out, refined

CHAIN = "the chain of the field"
GOALS = {CHAIN: "15"}
N_ROUNDS = 2


class _Preset:
    """Runs the preset on all pages, and then on one, which tells what its start takes."""

    def __init__(self, pages: Path, start: Path) -> None:
        self._pages, self._start, self._whole = pages, start, 0.0

    def whole(self) -> float:
        self._whole = refined(self._pages, 1).cpu_s
        return self._whole

    def without_start(self) -> float:
        return self._whole - refined(self._start, 1).cpu_s


def step(pages: list[Path], n_peer: int, scratch: Path, python: Path | None) -> Step:
    """Ours on all pages and one core; the chain on the first of them, without its start."""
    one, some = scratch / "one", scratch / "some"
    size = Size(len(pages), laid_out(pages, scratch / "all"))
    some_size = Size(len(pages[:n_peer]), laid_out(pages[:n_peer], some))
    _ = laid_out(pages[:1], one)
    _ = refined(some, 1)  # compiles
    preset = _Preset(scratch / "all", one)
    contestants = [
        Contestant("goldsmith", size, preset.whole, is_ours=True, note="1 job, with start and report"),
        Contestant("goldsmith, rest", size, preset.without_start, is_ours=True, note="without start and report"),
    ]
    if python is not None:

        def chain() -> float:
            return chained(some, python).cpu_s - chained(one, python).cpu_s

        contestants.append(Contestant(CHAIN, some_size, chain, note="without its start, early exit"))
    missing = () if python is not None else (CHAIN,)
    return Step("Preset `web`", contestants, missing, GOALS, n_rounds=N_ROUNDS, is_warm=True)
