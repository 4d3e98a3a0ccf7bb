"""Reads the columns of stages that say what stands where in a text."""

from collections.abc import Iterator
from typing import Any, cast

import msgspec

from goldsmith.refine.evidence.spans import Span

Record = dict[str, Any]
# Any: a record is one object of a JSON list of a stage; but for its places it is handed on as it is


def records_of(spans: object) -> list[Record]:
    """The objects of a column that holds spans; none where it holds nothing."""
    return msgspec.json.decode(spans, type=list[Record]) if isinstance(spans, str) else []


def places_of(record: Record) -> list[Span]:
    """Where one of them stands in the text; nowhere when the text lost it."""
    if "at" in record:
        given = record["at"]
        places = [given] if isinstance(given, int) else cast("list[int]", given or [])
        return [(at, at + len(record.get("after", ""))) for at in places]
    return [(record["start"], record["end"])] if "start" in record else []


def places_in(spans: object) -> Iterator[Span]:
    """Where something stands by a column that holds spans, in order; what takes no room is left out."""
    found = sorted({place for record in records_of(spans) for place in places_of(record)})
    return (place for place in found if place[1] > place[0])
