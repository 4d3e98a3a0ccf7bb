"""The speed table of refining: who is beside whom, and that nobody is left out silently."""

import sys
from itertools import count
from pathlib import Path

import pytest

from benchmarks.refining.figures import Contestant, Size, Step, line, measured, rows_of
from benchmarks.refining.peers import Given
from benchmarks.refining.processes import Peers

SIZE = Size(2, 1_000_000)
HERE = Path(sys.executable)


def taking(*seconds: float) -> Contestant:
    runs = iter(seconds)
    return Contestant("peer", SIZE, lambda: next(runs))


def test_everybody_runs_once_a_round_after_a_run_that_does_not_count():
    order: list[str] = []
    clock = count(1)

    def run(who: str) -> float:
        order.append(who)
        return float(next(clock))

    step = Step("x", [Contestant(who, SIZE, lambda who=who: run(who)) for who in ("a", "b")])

    figures = measured(step, 2)

    assert order == ["a", "b"] * 3
    assert [each.runs for each in figures] == [(3.0, 5.0), (4.0, 6.0)]


def test_a_peer_has_the_ratio_to_each_of_ours_and_the_goal_beside_it():
    ours = [Contestant(who, SIZE, lambda: 0.5, is_ours=True) for who in ("words", "split")]
    step = Step("x", [*ours, taking(9.0, 4.0, 5.0, 30.0)], goals={"peer": "40"})

    rows = list(rows_of(step, measured(step, 3)))

    assert rows[2][1:9] == ("peer", "2", "1.00", "5.000 (4.000 to 30.000, n = 3)", "0.20", "0", "10.0 / 10.0", "40")
    assert rows[0][7] == ""
    assert line(rows[2]).startswith("| x ")
    assert "| 10.0 / 10.0 " in line(rows[2])


def test_peers_that_are_not_installed_are_named():
    given = Given(prose=[], texts=["the text"], pages=[], samples=[])
    with Peers([HERE], given) as peers:
        found = peers.contestants(("lid.176 alone", "no such peer"), SIZE)
        seconds = [each.run() for each in found.found]

    assert [each.who for each in found.found] == ["lid.176 alone"]
    assert found.missing == ["no such peer"]
    assert all(each >= 0 for each in seconds)
    rows = list(rows_of(Step("x", [], found.missing, {"no such peer": "2"}), []))
    assert rows == [("x", "no such peer", *[""] * 6, "2", "not installed: no figure")]


def test_of_several_interpreters_the_last_that_has_a_peer_runs_it_and_the_first_with_all_the_chain():
    with Peers([HERE, HERE], Given([], ["a text"], [], [])) as peers:
        assert peers.python_with("resiliparse") == HERE
        assert peers.python_with("no-such-distribution") is None


def test_an_interpreter_that_cannot_answer_ends_the_run_with_words():
    with pytest.raises(SystemExit, match="without an answer"):
        Peers([Path("/bin/true")], Given([], [], [], []))
