"""Counts of large projects are kept for a while, and never for long."""

import threading
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial

import pytest

from goldsmith.kit.clock import FixedClock
from goldsmith.labeling.tallies import MANY, OLDEST_S, REST, SLOW_S, Tallies

KEY = ("project", "items")


class Later(Executor):
    """Runs what it was given when it is told to."""

    def __init__(self) -> None:
        self.given = []

    def submit(self, work, /, *args, **kwargs):
        self.given.append(partial(work, *args, **kwargs))

    def run(self) -> int:
        given, self.given = self.given, []
        for work in given:
            work()
        return len(given)


class Counting:
    """A count that takes as long as it says, and finds one more each time."""

    def __init__(self, takes_s: float, size: int = MANY) -> None:
        self.size = size
        self.takes_s, self.n, self.now = takes_s, 0, 0.0
        self.later = Later()
        self.tallies = Tallies(FixedClock(), lambda: self.now, self.later)

    def __call__(self) -> int:
        self.n += 1
        self.now += self.takes_s
        return self.n

    def ask(self) -> int:
        return self.of(KEY).value

    def of(self, key, count=None):
        return self.tallies.of(key, count or self, lambda _: self.size)


def test_what_is_counted_quickly_is_counted_each_time():
    counting = Counting(SLOW_S / 2)
    assert [counting.ask() for _ in range(3)] == [1, 2, 3]
    assert counting.of(KEY).counted_at is None


def test_few_are_counted_each_time_on_a_busy_machine_too():
    counting = Counting(1.0, MANY - 1)
    assert [counting.ask() for _ in range(3)] == [1, 2, 3]


def test_what_takes_long_is_kept_and_says_when_it_was_counted():
    counting = Counting(1.0)
    first, second = counting.of(KEY), counting.of(KEY)
    assert (first.value, first.counted_at) == (1, None)
    assert (second.value, second.counted_at) == (1, FixedClock().now())
    assert counting.of(("project", "answers")).value == 2


def test_after_a_rest_it_is_counted_behind_the_back_of_whoever_asks():
    counting = Counting(1.0)
    counting.ask()
    counting.now += REST
    assert [counting.ask(), counting.ask()] == [1, 1]
    assert counting.later.run() == 1
    assert counting.ask() == 2


def test_nobody_gets_counts_older_than_a_minute():
    counting = Counting(5.0)
    counting.ask()
    counting.now += OLDEST_S + 1
    assert counting.ask() == 2


def test_what_has_changed_is_counted_anew():
    counting = Counting(1.0)
    counting.ask()
    counting.tallies.forget("another")
    assert counting.ask() == 1
    counting.tallies.forget("project")
    assert counting.ask() == 2


def test_a_count_that_a_change_overtook_is_not_kept():
    counting = Counting(1.0)

    def overtaken() -> int:
        counting.tallies.forget("project")
        return counting()

    assert counting.of(KEY, overtaken).value == 1
    assert counting.ask() == 2


def test_several_who_ask_at_once_wait_for_one_count():
    counting, gate = Counting(1.0), threading.Event()

    def slow() -> int:
        gate.wait(10)
        return counting()

    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(partial(counting.of, KEY, slow)) for _ in range(4)]
        gate.set()
        assert [one.result().value for one in asked] == [1, 1, 1, 1]


def test_a_count_that_fails_is_the_failure_of_whoever_asked():
    counting = Counting(1.0)

    def broken() -> int:
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        counting.of(KEY, broken)
    assert counting.ask() == 1
