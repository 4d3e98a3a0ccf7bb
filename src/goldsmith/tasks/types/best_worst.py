"""Best and worst: pick the best and the worst of several candidates."""

from collections.abc import Mapping
from typing import ClassVar, cast

from goldsmith.kit.nearest import nearest
from goldsmith.tasks.candidates import Comparing
from goldsmith.tasks.questions import Example, Option, shown
from goldsmith.tasks.values import as_object


class BestWorst(Comparing, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="best_worst"):
    """A question whose answer names the best and the worst of several candidates, which differ.

    Attributes:
        options: the candidates, where they are the same for every item.
        field: the item's field that lists them as texts, or as objects with a `text` and perhaps an `id`.
    """

    widget: ClassVar[str] = "BestWorst"
    title: ClassVar[str] = "Pick best and worst"

    @classmethod
    def example(cls) -> Example:
        """Three replies to a complaint."""
        options = tuple(Option(value=name, label=f"Reply {name.upper()}") for name in ("a", "b", "c"))
        question = cls(name="extremes", label="Which reply is best, which worst?", options=options)
        pairs = (("a", "c"), ("a", "b"), ("c", "a"), ("b", "c"))
        answers = tuple({"best": best, "worst": worst} for best, worst in pairs)
        return Example(question=question, item={"text": "My parcel never came."}, answers=answers)

    def check(self, answer: object, item: Mapping[str, object]) -> dict[str, str]:
        """The best and the worst candidate."""
        parts, known = as_object(answer), self.candidates(item)
        if parts is None or set(parts) != {"best", "worst"}:
            raise self.refuse(f'{shown(answer)} is not an answer; send {{"best": …, "worst": …}}.')
        best, worst = parts["best"], parts["worst"]
        for name in (best, worst):
            if name not in known:
                raise self.refuse(f"{shown(name)} is not one of its candidates; {nearest(str(name), known)}")
        if best == worst:
            raise self.refuse(f"{shown(best)} cannot be both the best and the worst; pick another one.")
        return {"best": str(best), "worst": str(worst)}

    def distance(self, a: object, b: object) -> float:
        """Half for each of the two that differs."""
        first, second = cast("Mapping[str, str]", a), cast("Mapping[str, str]", b)
        return ((first["best"] != second["best"]) + (first["worst"] != second["worst"])) / 2


plugin = BestWorst
