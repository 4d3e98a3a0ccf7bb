"""Ranking: put candidates in order, with ties."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, cast

from goldsmith.kit.nearest import nearest
from goldsmith.tasks.candidates import Comparing
from goldsmith.tasks.questions import Example, Option, shown
from goldsmith.tasks.values import as_list


class Ranking(Comparing, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="ranking"):
    """A question whose answer is a list of tiers, best first; each lists candidates that are as good as each other.

    Attributes:
        options: the candidates, where they are the same for every item.
        field: the item's field that lists them as texts, or as objects with a `text` and perhaps an `id`.
        ties: whether a tier may have several candidates.
    """

    widget: ClassVar[str] = "Ranking"
    title: ClassVar[str] = "Put in order"

    ties: bool = True

    @classmethod
    def example(cls) -> Example:
        """Three titles for a text."""
        options = tuple(Option(value=name, label=f"Title {name.upper()}") for name in ("a", "b", "c"))
        question = cls(name="order", label="Which title is best?", options=options)
        answers = ([["a"], ["b"], ["c"]], [["b", "c"], ["a"]], [["c"], ["b"], ["a"]], [["a", "b", "c"]])
        return Example(question=question, item={"text": "A: Flood. B: River floods town. C: Rain."}, answers=answers)

    def check(self, answer: object, item: Mapping[str, object]) -> list[list[str]]:
        """The tiers, each in the order of the candidates."""
        known = self.candidates(item)
        tiers = [as_list(tier) for tier in as_list(answer) or ()]
        if not tiers or not all(tiers):
            raise self.refuse(f'{shown(answer)} is not a list of tiers; send [["best"], ["second", "as good"], …].')
        place_of: dict[str, int] = {}
        for place, tier in enumerate(tiers):
            for name in tier or ():
                if not isinstance(name, str) or name not in known:
                    raise self.refuse(f"{shown(name)} is not one of its candidates; {nearest(str(name), known)}")
                if name in place_of:
                    raise self.refuse(f"{name!r} is ranked twice, so it would stand above itself; rank it once.")
                place_of[name] = place
        missing = [name for name in known if name not in place_of]
        if missing:
            raise self.refuse(f"{missing[0]!r} is not ranked; rank all {len(known)} candidates.")
        if not self.ties and len(tiers) < len(known):
            raise self.refuse("two candidates share a place, and this question has no ties; put one above the other.")
        return [[name for name in known if place_of[name] == place] for place in range(len(tiers))]

    def is_answered(self, answer: object) -> bool:
        """Whether anything is ranked."""
        return answer is not None and answer not in ([], ())

    def distance(self, a: object, b: object) -> float:
        """The share of pairs that stand the other way round; a tie against an order counts half.

        Source: Kendall (1938), "A new measure of rank correlation", with ties as in Fagin et al. (2004), "Comparing and
        aggregating rankings with ties", penalty p = 1/2.
        """
        first, second = _places(a), _places(b)
        names = sorted(first.keys() | second.keys())
        n_halves, n_pairs = 0, len(names) * (len(names) - 1) // 2
        for i, one in enumerate(names):
            for other in names[i + 1 :]:
                n_halves += abs(_order(first, one, other) - _order(second, one, other))
        return n_halves / (2 * n_pairs) if n_pairs else 0.0


def _places(answer: object) -> dict[str, int]:
    return {name: place for place, tier in enumerate(cast("Sequence[Sequence[str]]", answer)) for name in tier}


def _order(places: Mapping[str, int], one: str, other: str) -> int:
    """-1, 0 or 1: the first is better, as good or worse; 0 where one of them is not ranked."""
    if one not in places or other not in places:
        return 0
    return (places[one] > places[other]) - (places[one] < places[other])


plugin = Ranking
