"""Date: give a day, a month, a year or a minute."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import ClassVar, Literal, cast

from goldsmith.tasks.questions import Example, Question, shown

MAX_TOLERANCE_DAYS = 1_000_000
LENGTHS = {"year": 4, "month": 7, "day": 10, "minute": 16}
"""How many characters of `2024-02-29T18:30` each precision keeps."""

_ISO = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})"
    r"(?:[T ](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?)?)?)?"
)
_DAY_S = 86_400


class Date(Question, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="date"):
    """A question whose answer is a date, as ISO 8601 writes it, without a time zone: `2024-02-29`.

    Attributes:
        precision: how much of `2024-02-29T18:30` is asked.
        earliest: the first date that is allowed.
        latest: the last date that is allowed.
        tolerance_days: the difference that counts as entirely different.
    """

    widget: ClassVar[str] = "Date"
    title: ClassVar[str] = "Give a date"

    precision: Literal["year", "month", "day", "minute"] = "day"
    earliest: str | None = None
    latest: str | None = None
    tolerance_days: int = 365

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 1 <= self.tolerance_days <= MAX_TOLERANCE_DAYS:
            raise ValueError(f"`tolerance_days` has to be 1 to {MAX_TOLERANCE_DAYS}, not {self.tolerance_days}")
        for parameter, text in (("earliest", self.earliest), ("latest", self.latest)):
            if text is not None and self._cut(text) is None:
                raise ValueError(f"`{parameter}` {shown(text)} has to be a date as {self._sample()}")
        first, last = self._bounds()
        if first is not None and last is not None and first > last:
            raise ValueError(f"`earliest` {first} comes after `latest` {last}")

    @classmethod
    def example(cls) -> Example:
        """The day an invoice was written."""
        question = cls(name="written", label="When was it written?", earliest="1990-01-01")
        item = {"text": "Invoice of 29 February 2024, due 14 March"}
        return Example(question=question, item=item, answers=("2024-02-29", "2024-03-14", "2024-02-28", "2025-02-28"))

    def check(self, answer: object, item: Mapping[str, object]) -> str:
        """The date, cut to the precision."""
        del item
        found = self._cut(answer) if isinstance(answer, str) else None
        if found is None:
            raise self.refuse(f"{shown(answer)} is not a date as {self._sample()}.")
        first, last = self._bounds()
        if first is not None and found < first:
            raise self.refuse(f"{found} is before the earliest date, {first}.")
        if last is not None and found > last:
            raise self.refuse(f"{found} is after the latest date, {last}.")
        return found

    def is_answered(self, answer: object) -> bool:
        """Whether a date is given."""
        return answer is not None and answer != ""

    def distance(self, a: object, b: object) -> float:
        """The difference in days as a share of `tolerance_days`, at most 1."""
        seconds = abs((_moment(cast("str", a)) - _moment(cast("str", b))).total_seconds())
        return min(1.0, seconds / _DAY_S / self.tolerance_days)

    def _cut(self, text: str) -> str | None:
        """The date cut to the precision; None for what is no date, or not precise enough."""
        length = LENGTHS[self.precision]
        if len(text) < length or _ISO.fullmatch(text) is None:
            return None
        try:
            _ = _moment(text[:16].replace(" ", "T"))
        except ValueError:
            return None
        return text[:length].replace(" ", "T")

    def _bounds(self) -> tuple[str | None, str | None]:
        return (self.earliest and self._cut(self.earliest), self.latest and self._cut(self.latest))

    def _sample(self) -> str:
        return f"{'2024-02-29T18:30'[: LENGTHS[self.precision]]!r}, that is, a {self.precision} without a time zone"


def _moment(iso: str) -> datetime:
    found = _ISO.fullmatch(iso)
    parts = found.groupdict() if found else {}
    year, month, day, hour, minute = (parts.get(name) for name in ("year", "month", "day", "hour", "minute"))
    return datetime(int(year or 0), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), tzinfo=UTC)


plugin = Date
