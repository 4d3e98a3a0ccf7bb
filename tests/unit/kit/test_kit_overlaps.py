import threading
from collections.abc import Iterator

import pytest

from goldsmith.kit.overlaps import Behind, ahead


def test_what_is_made_ahead_keeps_its_order_and_is_one_at_most():
    made: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(5):
            made.append(number)
            yield number

    for number in ahead(numbers()):
        assert len(made) <= number + 2
        assert made[: number + 1] == list(range(number + 1))
    assert made == list(range(5))


def test_an_error_while_making_ahead_comes_in_its_place():
    def numbers() -> Iterator[int]:
        yield 1
        raise OSError(28, "No space left on device")

    items = ahead(numbers())

    assert next(items) == 1
    with pytest.raises(OSError, match="No space left"):
        next(items)


def test_who_stops_early_leaves_no_thread():
    before = threading.active_count()
    items = ahead(iter(range(100)))
    assert next(items) == 0

    items.close()

    assert threading.active_count() == before


def test_calls_behind_come_one_after_the_other_in_another_thread():
    called: list[tuple[int, bool]] = []
    here = threading.get_ident()

    with Behind() as behind:
        for number in range(20):
            behind.call(lambda number=number: called.append((number, threading.get_ident() == here)))

    assert called == [(number, False) for number in range(20)]


@pytest.mark.parametrize("calls_more", [True, False])
def test_an_error_behind_is_raised_by_the_next_call_or_at_the_end(calls_more: bool):
    called: list[int] = []

    def refuse() -> None:
        raise OSError(28, "No space left on device")

    def work() -> None:
        with Behind() as behind:
            behind.call(refuse)
            if calls_more:
                behind.call(called.append, 1)

    with pytest.raises(OSError, match="No space left"):
        work()
    assert called == []


def test_an_error_of_the_block_is_the_one_to_report_and_waits_for_the_call():
    started, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def slow() -> None:
        started.set()
        assert may_end.wait(10)
        ended.set()
        raise OSError(28, "No space left on device")

    def work() -> None:
        with Behind() as behind:
            behind.call(slow)
            assert started.wait(10)
            threading.Timer(0.05, may_end.set).start()
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        work()
    assert ended.is_set()
