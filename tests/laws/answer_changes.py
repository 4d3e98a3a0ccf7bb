"""Small changes of answers, one leaf at a time."""

import copy
from collections.abc import Iterator
from typing import Any, NamedTuple

from goldsmith.errors import AnswerError
from goldsmith.tasks.questions import Question

Path = tuple[str | int, ...]


class Change(NamedTuple):
    """An answer with a change, in its normal form, and the places of what was changed."""

    paths: tuple[Path, ...]
    answer: Any


def changes(question: Question, item: Any, answer: Any, words: list[str]) -> Iterator[Change]:
    """Every answer that fits, differs in more than asides, and has one leaf changed or taken away, or two exchanged."""
    answer = without_asides(question, answer)
    leaves = list(_leaves(answer))
    tried: list[tuple[tuple[Path, ...], Any]] = []
    for path, value in leaves:
        tried += [((path,), _with(answer, path, other)) for other in _others(value, words)]
        tried += [((path[:end],), _without(answer, path[:end])) for end in range(1, len(path) + 1)]
    for i, (path, value) in enumerate(leaves):
        for other_path, other in leaves[i + 1 :]:
            if type(value) is type(other) and value != other:
                tried.append(((path, other_path), _with(_with(answer, path, other), other_path, value)))
    for paths, raw in tried:
        try:
            normal = question.check(raw, item)
        except AnswerError:
            continue
        if without_asides(question, normal) != answer:
            yield Change(paths, normal)


def without_asides(question: Question, answer: Any) -> Any:
    """What an answer judges."""
    if isinstance(answer, dict):
        kept = {key: value for key, value in answer.items() if key not in question.asides}
        return {key: without_asides(question, value) for key, value in kept.items()}
    return [without_asides(question, part) for part in answer] if isinstance(answer, list) else answer


def keys_of(answer: Any) -> set[str]:
    """Every key of an answer that names a leaf or what holds one."""
    return {step for path, _ in _leaves(answer) for step in path if isinstance(step, str)}


def words_of(*parts: Any) -> list[str]:
    """Every text in the parameters of a question, or in answers: its options, labels and names are among them."""
    return sorted({value for part in parts for _, value in _leaves(part) if isinstance(value, str)})


def _leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _leaves(part, (*path, key))
    elif isinstance(value, list):
        for i, part in enumerate(value):
            yield from _leaves(part, (*path, i))
    else:
        yield path, value


def _others(value: Any, words: list[str]) -> list[Any]:
    match value:
        case bool():
            return [not value]
        case int() | float():
            return [value + 1, value - 1, value + 3, value + 0.25, value - 0.25, None]
        case str():
            more = [value + " more", value.replace("-", "/"), "2001-02-03", value[:-1]]
            return [*(word for word in words if word != value), *more]
        case _:
            return [0, 1, "x", True]


def _with(answer: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    changed = copy.deepcopy(answer)
    here = changed
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    return changed


def _without(answer: Any, path: Path) -> Any:
    changed = copy.deepcopy(answer)
    here = changed
    for step in path[:-1]:
        here = here[step]
    del here[path[-1]]
    return changed
