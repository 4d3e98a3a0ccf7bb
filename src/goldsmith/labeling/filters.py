"""The language of item filters: `confidence < 0.8 and consensus.mood in (good, bad) and text ~ "free parcel"`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from goldsmith.errors import InputError

MOST_CONDITIONS = 20
MOST_VALUES = 200
_LONGEST = 4_000
_TOKENS = re.compile(r'\s*(?:("(?:[^"\\]|\\.)*")|(!=|<=|>=|[=<>~(),])|([^\s(),"=!<>~]+))')
_NEEDS_QUOTES = re.compile(r'[\s(),"=!<>~]|^(and|in|not|between)$|^$', re.IGNORECASE)
_HINT = 'Write conditions such as: confidence < 0.8 and consensus.mood in (good, "very good").'


class Operator(StrEnum):
    """How a condition compares."""

    IS = "="
    IS_NOT = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    CONTAINS = "~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One thing that items must fulfil: a name, how it compares, and with which values (any of them)."""

    name: str
    operator: Operator
    values: tuple[str, ...]

    def __str__(self) -> str:
        """The condition as it is written."""
        name = _written(self.name)
        if len(self.values) == 1:
            return f"{name} {self.operator} {_written(self.values[0])}"
        word = "not in" if self.operator is Operator.IS_NOT else "in"
        return f"{name} {word} ({', '.join(map(_written, self.values))})"


def filter_text(conditions: Iterable[Condition]) -> str:
    """Conditions as they are written."""
    return " and ".join(map(str, conditions))


def parse_filter(text: str) -> tuple[Condition, ...]:
    """The conditions that a filter names; all of them must hold.

    Raises:
        InputError: it cannot be read; the message names the part.
    """
    if len(text) > _LONGEST:
        raise InputError(f"A filter has at most {_LONGEST:,} characters; this one has {len(text):,}.")
    if not text.strip():
        return ()
    reader = _Reader(text)
    found = reader.condition()
    while reader.takes_word("and"):
        found += reader.condition()
    if not reader.is_done:
        raise InputError(f"The filter goes on with {reader.shown!r} where `and` is expected.", hint=_HINT)
    if len(found) > MOST_CONDITIONS:
        raise InputError(f"A filter has at most {MOST_CONDITIONS} conditions; this one has {len(found)}.")
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


class _Reader:
    """Reads the tokens of a filter from left to right."""

    def __init__(self, text: str) -> None:
        self._tokens: list[_Token] = []
        self._next = 0
        place = 0
        while text[place:].strip():
            found = _TOKENS.match(text, place)
            if found is None:
                raise InputError(f"The filter cannot be read from {text[place:].strip()[:40]!r} on.", hint=_HINT)
            quoted, sign, word = found.groups()
            if quoted is not None:
                self._tokens.append(_Token("quoted", re.sub(r"\\(.)", r"\1", quoted[1:-1])))
            else:
                self._tokens.append(_Token("sign", sign) if sign is not None else _Token("word", word))
            place = found.end()

    @property
    def is_done(self) -> bool:
        return self._next >= len(self._tokens)

    @property
    def shown(self) -> str:
        """What comes next, for a message."""
        return "the end" if self.is_done else self._tokens[self._next].text[:40]

    def takes_word(self, word: str) -> bool:
        return self._takes("word", word)

    def condition(self) -> list[Condition]:
        """The next condition; a range is two."""
        name = self._value("the name of what to compare")
        if self.takes_word("between"):
            low = self._value(f"the lower end of {name}")
            if not self.takes_word("and"):
                raise InputError(f"{name} between {low} needs `and` and the upper end, not {self.shown!r}.", hint=_HINT)
            high = self._value(f"the upper end of {name}")
            return [
                Condition(name=name, operator=Operator.AT_LEAST, values=(low,)),
                Condition(name=name, operator=Operator.AT_MOST, values=(high,)),
            ]
        if self.takes_word("in"):
            return [Condition(name=name, operator=Operator.IS, values=self._values(name))]
        if self.takes_word("not"):
            if not self.takes_word("in"):
                raise InputError(f"{name} not must go on with `in (…)`, not {self.shown!r}.", hint=_HINT)
            return [Condition(name=name, operator=Operator.IS_NOT, values=self._values(name))]
        for operator in Operator:
            if self._takes("sign", operator):
                return [Condition(name=name, operator=operator, values=(self._value(f"a value for {name}"),))]
        raise InputError(
            f"After {name!r} comes one of {', '.join(Operator)}, in, not in or between, not {self.shown!r}.", hint=_HINT
        )

    def _values(self, name: str) -> tuple[str, ...]:
        if not self._takes("sign", "("):
            raise InputError(f"{name} in must go on with values in brackets, not {self.shown!r}.", hint=_HINT)
        found = [self._value(f"a value for {name}")]
        while self._takes("sign", ","):
            found.append(self._value(f"a value for {name}"))
        if not self._takes("sign", ")"):
            raise InputError(f"The bracket after {name} in is not closed before {self.shown!r}.", hint=_HINT)
        if len(found) > MOST_VALUES:
            raise InputError(f"{name} is compared with {len(found)} values; at most {MOST_VALUES} are possible.")
        return tuple(found)

    def _value(self, what: str) -> str:
        if not self.is_done and self._tokens[self._next].kind != "sign":
            self._next += 1
            return self._tokens[self._next - 1].text
        raise InputError(f"The filter needs {what} where it has {self.shown!r}.", hint=_HINT)

    def _takes(self, kind: str, text: str) -> bool:
        if self.is_done or self._tokens[self._next].kind != kind or self._tokens[self._next].text.lower() != text:
            return False
        self._next += 1
        return True


def _written(value: str) -> str:
    if not _NEEDS_QUOTES.search(value):
        return value
    escaped = re.sub(r'(["\\])', r"\\\1", value)
    return f'"{escaped}"'
