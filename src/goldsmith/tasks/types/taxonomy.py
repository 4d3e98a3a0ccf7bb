"""Taxonomy: pick from a tree of options."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import ClassVar, cast

import msgspec

from goldsmith.kit.nearest import nearest
from goldsmith.tasks.conditions import Condition
from goldsmith.tasks.matching import every_pair, matched_distance
from goldsmith.tasks.questions import (
    MAX_HELP_LENGTH,
    MAX_LABEL_LENGTH,
    MAX_VALUE_LENGTH,
    Example,
    Question,
    check_text,
    shown,
)
from goldsmith.tasks.values import as_list

MAX_NODES = 20_000
MAX_DEPTH = 12
MAX_PICKED = 100


class TaxonomyOption(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An option with the options below it.

    Attributes:
        value: what is stored, different from those beside it.
        label: what the annotator reads.
        help: when to pick it.
        options: the options below it; none for a leaf.
    """

    value: str
    label: str
    help: str | None = None
    options: tuple["TaxonomyOption", ...] = ()

    def __post_init__(self) -> None:
        check_text("value", self.value, MAX_VALUE_LENGTH)
        check_text("label", self.label, MAX_LABEL_LENGTH)
        if self.help is not None and len(self.help) > MAX_HELP_LENGTH:
            raise ValueError(f"`help` has {len(self.help)} characters; at most {MAX_HELP_LENGTH} are shown")


class Taxonomy(Question, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="taxonomy"):
    """A question whose answer is a list of paths through a tree of options, from the root, in the order of the tree.

    Attributes:
        options: the options at the top, each with those below it.
        leaves_only: whether only options with nothing below them can be picked.
        max: the most to pick.
    """

    widget: ClassVar[str] = "Taxonomy"
    title: ClassVar[str] = "Pick from a tree"

    options: tuple[TaxonomyOption, ...]
    leaves_only: bool = True
    max: int = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.options:
            raise ValueError("`options` is empty; give at least one")
        if not 1 <= self.max <= MAX_PICKED:
            raise ValueError(f"`max` has to be 1 to {MAX_PICKED}, not {self.max}")
        _refuse_bad_trees(self.options)

    @classmethod
    def example(cls) -> Example:
        """What is written about."""
        dogs = _example_option("dog", _example_option("husky"), _example_option("poodle"))
        animals = _example_option("animal", _example_option("bird"), dogs)
        plants = _example_option("plant", _example_option("rose"))
        question = cls(name="subject", label="What is it about?", options=(animals, plants), max=2)
        answers = (
            [["animal", "dog", "husky"]],
            [["animal", "dog", "poodle"]],
            [["animal", "bird"]],
            [["plant", "rose"]],
            [["animal", "bird"], ["plant", "rose"]],
        )
        return Example(question=question, item={"text": "The husky slept under the roses."}, answers=answers)

    def check(self, answer: object, item: Mapping[str, object]) -> list[list[str]]:
        """The paths of the options picked, in the order of the tree."""
        del item
        paths = as_list(answer)
        if paths is None:
            raise self.refuse(f'{shown(answer)} is not a list of paths; send [["animal", "dog"]] for one.')
        if not 1 <= len(paths) <= self.max:
            raise self.refuse(f"{len(paths)} options are picked; pick 1 to {self.max}.")
        found = sorted(self._placed(path) for path in paths)
        for (place, path), (after, other) in pairwise(found):
            if place == after:
                raise self.refuse(f"the path {shown(path)} is picked twice; send it once.")
            if after[: len(place)] == place:
                raise self.refuse(f"{shown(other)} lies below {shown(path)}, which is picked too; pick one of them.")
        return [path for _, path in found]

    def is_answered(self, answer: object) -> bool:
        """Whether an option is picked."""
        return answer is not None and answer not in ([], ())

    def distance(self, a: object, b: object) -> float:
        """1 minus a soft F1 of the paths, which are as alike as the part from the root that they share."""
        first, second = cast("list[list[str]]", a), cast("list[list[str]]", b)
        return matched_distance(first, second, lambda ones, others: every_pair(ones, others, _likeness))

    def picked(self, answer: object) -> Collection[object]:
        """Every option on the paths picked."""
        return {value for path in cast("list[list[str]]", answer) for value in path}

    def check_condition(self, condition: Condition) -> None:
        """Refuse what is no option anywhere in the tree."""
        self.refuse_bounds(condition)
        if condition.is_ is not None:
            self.refuse_unknown_values(condition, {option.value for option in _every_option(self.options)})

    def _placed(self, path: object) -> tuple[list[int], list[str]]:
        """The places of a path's options among those beside them, and the path."""
        values = as_list(path)
        if not values or not all(isinstance(value, str) for value in values):
            raise self.refuse(f"{shown(path)} is not a path; send the values of options from the root on.")
        here, places = self.options, list[int]()
        for depth, value in enumerate(values):
            known = [option.value for option in here]
            if value not in known:
                above = "at the root" if depth == 0 else f"below {values[depth - 1]!r}"
                raise self.refuse(f"there is no option {shown(value)} {above}; {nearest(str(value), known)}")
            places.append(known.index(cast("str", value)))
            here = here[places[-1]].options
        if here and self.leaves_only:
            raise self.refuse(f"{shown(path)} has options below it; pick one of those.")
        return places, [str(value) for value in values]


def _likeness(path: Sequence[str], other: Sequence[str]) -> float:
    """Twice the depth of the last option they share, by their depths (Wu and Palmer, 1994)."""
    n_shared = 0
    for value, beside in zip(path, other, strict=False):
        if value != beside:
            break
        n_shared += 1
    return 2 * n_shared / (len(path) + len(other))


def _every_option(options: Sequence[TaxonomyOption]) -> Iterator[TaxonomyOption]:
    for option in options:
        yield option
        yield from _every_option(option.options)


def _refuse_bad_trees(options: Sequence[TaxonomyOption]) -> None:
    n_nodes, level, depth = 0, [("at the root", options)], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise ValueError(f"`options` are more than {MAX_DEPTH} levels deep")
        below: list[tuple[str, Sequence[TaxonomyOption]]] = []
        for where, siblings in level:
            n_nodes += len(siblings)
            values: set[str] = set()
            for option in siblings:
                if option.value in values:
                    raise ValueError(f"the value {shown(option.value)} occurs twice {where}")
                values.add(option.value)
                if option.options:
                    below.append((f"below {option.value!r}", option.options))
        if n_nodes > MAX_NODES:
            raise ValueError(f"`options` has more than {MAX_NODES} entries in all")
        level = below


def _example_option(value: str, *below: TaxonomyOption) -> TaxonomyOption:
    return TaxonomyOption(value=value, label=value.title(), options=below)


plugin = Taxonomy
