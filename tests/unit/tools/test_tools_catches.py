import pytest

from tools.catches import beyond_the_allowed, broad_catches


@pytest.mark.parametrize(
    "handler", ["except:", "except Exception:", "except BaseException as e:", "except (OSError, Exception):"]
)
def test_a_catch_of_everything_is_found(handler: str) -> None:
    assert list(broad_catches(f"try:\n    f()\n{handler}\n    pass\n")) == [3]


@pytest.mark.parametrize("handler", ["except OSError:", "except (KeyError, ValueError):", "except errors.Conflict:"])
def test_a_narrow_catch_is_not(handler: str) -> None:
    assert list(broad_catches(f"try:\n    f()\n{handler}\n    pass\n")) == []


def test_cleaning_up_and_raising_again_is_no_catch() -> None:
    assert list(broad_catches("try:\n    f()\nexcept BaseException:\n    undo()\n    raise\n")) == []


def test_each_edge_may_catch_everything_once() -> None:
    edges = [("src/goldsmith/server/problems.py", 4), ("src/goldsmith/worker/loop.py", 7)]
    assert beyond_the_allowed(edges) == []
    assert len(beyond_the_allowed([*edges, ("src/goldsmith/server/app.py", 9)])) == 1
    (problem,) = beyond_the_allowed([("src/goldsmith/refine/pipeline.py", 12)])
    assert problem.startswith("src/goldsmith/refine/pipeline.py:12:")
