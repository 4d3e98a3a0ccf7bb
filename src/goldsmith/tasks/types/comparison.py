"""Comparison: say which of two things is better, without knowing where they come from."""

from collections.abc import Collection, Mapping
from typing import ClassVar, Literal, cast

from goldsmith.kit.nearest import nearest
from goldsmith.tasks.conditions import Condition
from goldsmith.tasks.questions import Example, Question, shown
from goldsmith.tasks.values import as_object, whole_number

MAX_STRENGTH = 10
SIDES = ("a", "b")
TIE, BOTH_BAD = "tie", "both_bad"


class Comparison(Question, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="comparison"):
    """A question whose answer says which of two fields of the item is better.

    The annotator sees the two side by side without their names, in an order that is drawn by item and annotator; the
    answer keeps as `first` which one stood first, so that a liking for the first place can be measured.

    Attributes:
        a: the field of the one.
        b: the field of the other.
        strength: how many degrees of "better" there are; 0 when that is not asked.
        tie: whether both can be as good as each other.
        both_bad: whether neither can be good enough.
        acceptability: whether it is asked of each if it is acceptable.
    """

    widget: ClassVar[str] = "Comparison"
    title: ClassVar[str] = "Compare two"
    asides: ClassVar[frozenset[str]] = frozenset({"first"})

    a: str
    b: str
    strength: int = 0
    tie: bool = True
    both_bad: bool = True
    acceptability: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.a == self.b:
            raise ValueError(f"`a` and `b` are both the field {shown(self.a)}; name two fields")
        if not 0 <= self.strength <= MAX_STRENGTH:
            raise ValueError(f"`strength` has to be 0 to {MAX_STRENGTH}, not {self.strength}")

    @classmethod
    def example(cls) -> Example:
        """Two translations."""
        question = cls(name="better", label="Which translation is better?", a="one", b="two")
        item = {"one": "It rains cats.", "two": "It is pouring."}
        answers = (
            {"preferred": "a", "first": "b"},
            {"preferred": "b", "first": "b"},
            {"preferred": "tie", "first": "a"},
            {"preferred": "both_bad"},
        )
        return Example(question=question, item=item, answers=answers)

    def fields_used(self) -> Mapping[str, str]:
        """The two fields."""
        return {"a": self.a, "b": self.b}

    def reading(self) -> Mapping[str, object]:
        """The two fields, and how many degrees of strength there are."""
        return {**self.fields_used(), "strength": self.strength}

    def check(self, answer: object, item: Mapping[str, object]) -> dict[str, object]:
        """What is preferred, and what else is asked."""
        del item
        parts = as_object(answer)
        if parts is None or "preferred" not in parts:
            raise self.refuse(f'{shown(answer)} is not a comparison; send {{"preferred": "a"}}.')
        known = self._preferences()
        preferred = parts["preferred"]
        if not isinstance(preferred, str) or preferred not in known:
            raise self.refuse(f"`preferred` {shown(preferred)} is not allowed; {nearest(str(preferred), known)}")
        allowed = {"preferred", "first", "strength", "acceptable"}
        for key in parts:
            if key not in allowed:
                raise self.refuse(f"a comparison has no key {shown(key)}; {nearest(key, allowed)}")
        checked: dict[str, object] = {"preferred": preferred}
        strength = self._strength(parts.get("strength"), preferred)
        if strength is not None:
            checked["strength"] = strength
        acceptable = self._acceptable(parts.get("acceptable"), preferred)
        if acceptable is not None:
            checked["acceptable"] = acceptable
        first = parts.get("first")
        if first is not None:
            if first not in SIDES:
                raise self.refuse(f'`first` {shown(first)} has to be "a" or "b", the one that stood first.')
            checked["first"] = first
        return checked

    def distance(self, a: object, b: object) -> float:
        """How far the preferences are apart, and for a third whether each one is acceptable, where that is asked.

        Preferences lie on a line from one side to the other by their strength, with a tie in the middle; that both are
        bad is as far from a preference as can be, and half as far from a tie.
        """
        first, second = cast("Mapping[str, object]", a), cast("Mapping[str, object]", b)
        of_preference = self._preference_distance(first, second)
        if not self.acceptability:
            return of_preference
        mine, theirs = _accepted(first), _accepted(second)
        of_each = sum(mine[side] != theirs[side] for side in SIDES) / len(SIDES)
        return (2 * of_preference + of_each) / 3

    def class_of(self, answer: object) -> str | None:
        """What is preferred, where nothing else is asked."""
        if not self.classes():
            return None
        preferred = (as_object(answer) or {}).get("preferred")
        return preferred if isinstance(preferred, str) else None

    def classes(self) -> tuple[str, ...]:
        """What can be preferred, where nothing else is asked."""
        return () if self.strength or self.acceptability else self._preferences()

    def answer_of(self, label: str) -> object:
        """The answer that prefers `label`."""
        return {"preferred": label}

    def picked(self, answer: object) -> Collection[object]:
        """What is preferred."""
        return (cast("Mapping[str, object]", answer)["preferred"],)

    def check_condition(self, condition: Condition) -> None:
        """Refuse what cannot be preferred."""
        self.refuse_bounds(condition)
        self.refuse_unknown_values(condition, self._preferences())

    def _preferences(self) -> tuple[str, ...]:
        return (*SIDES, *([TIE] if self.tie else []), *([BOTH_BAD] if self.both_bad else []))

    def _strength(self, raw: object, preferred: str) -> int | None:
        if not self.strength or preferred not in SIDES:
            if raw is not None:
                why = "is not asked" if not self.strength else f"has no meaning for {preferred!r}"
                raise self.refuse(f"`strength` {why}; leave it out.")
            return None
        strength = whole_number(raw)
        if strength is None or not 1 <= strength <= self.strength:
            raise self.refuse(f"`strength` {shown(raw)} has to be a whole number from 1 to {self.strength}.")
        return strength

    def _acceptable(self, raw: object, preferred: str) -> dict[str, bool] | None:
        if not self.acceptability:
            if raw is not None:
                raise self.refuse("`acceptable` is not asked; leave it out.")
            return None
        parts = as_object(raw)
        if (
            parts is None
            or set[str](parts) != {"a", "b"}
            or not all(isinstance(value, bool) for value in parts.values())
        ):
            raise self.refuse(f'`acceptable` {shown(raw)} has to be {{"a": true or false, "b": true or false}}.')
        if preferred == BOTH_BAD and any(parts.values()):
            raise self.refuse("both are said to be bad, and one to be acceptable; change one of the two.")
        return {side: bool(parts[side]) for side in SIDES}

    def _preference_distance(self, first: Mapping[str, object], second: Mapping[str, object]) -> float:
        kinds = {str(first["preferred"]), str(second["preferred"])}
        if BOTH_BAD in kinds:
            return 0.0 if len(kinds) == 1 else 0.5 if TIE in kinds else 1.0
        most = max(1, self.strength)
        return abs(_position(first) - _position(second)) / (2 * most)


def _position(answer: Mapping[str, object]) -> int:
    """Below 0 for a, above for b, as far as the preference is strong."""
    signs: dict[str, Literal[-1, 0, 1]] = {"a": -1, "b": 1}
    return signs.get(str(answer["preferred"]), 0) * cast("int", answer.get("strength", 1))


def _accepted(answer: Mapping[str, object]) -> Mapping[str, object]:
    return cast("Mapping[str, object]", answer["acceptable"])


plugin = Comparison
