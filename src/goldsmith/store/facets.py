"""Facets: the short values by which items are found, and which item has which, kept in step by whoever writes them."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple, cast

import msgspec
from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from goldsmith.store.prepared import Prepared
from goldsmith.store.tables.finding import POSITION_BITS, facets, item_facets

LONGEST = 100
"""Characters of a value that items can be found by."""
_LONGEST_FIELD = 64
_MOST_OF_A_VALUE = 50
_ID_BITS = 63


class Facet(NamedTuple):
    """A value that items can have: of which kind, under which name."""

    kind: str
    name: str
    value: str
    number: float | None = None


def place_of(number: int, position: int) -> int:
    """An item as one number."""
    return (number << POSITION_BITS) + position


@lru_cache(maxsize=65_536)
def facet_id(project_id: str, name: str, value: str) -> int:
    """The number of a facet: a part of a hash, so that nobody has to look it up; 63 bits, so that none meet."""
    digest = hashlib.sha256(f"{project_id}\x00{name}\x00{value}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - _ID_BITS)


def facets_of(kind: str, name: str, value: object) -> list[Facet]:
    """The facets of a value, such as an answer of whatever type.

    Texts and numbers are themselves, a list has each of its parts, a path of texts each of its beginnings, marks have
    their labels, and other objects a facet for each member that is a text or a number, under `name.member`.
    """
    return list(islice(dict.fromkeys(_facets(kind, name, value)), _MOST_OF_A_VALUE))


def _facets(kind: str, name: str, value: object) -> Iterator[Facet]:
    match value:
        case bool():
            yield Facet(kind, name, "yes" if value else "no", float(value))
        case int() | float():
            number = float(value)
            yield Facet(kind, name, str(int(number)) if number.is_integer() else str(number), number)
        case str():
            if 0 < len(value) <= LONGEST:
                yield Facet(kind, name, value)
        case list():
            for part in cast("list[object]", value):
                yield from _part(kind, name, part)
        case dict():
            for member, part in cast("dict[str, object]", value).items():
                if isinstance(part, str | int | float | bool):
                    yield from _facets(kind, f"{name}.{member}", part)
        case _:
            return


def consensus_kind(question: str) -> str:
    """The kind of the facets of the consensus on a question."""
    return f"consensus.{question}"


def consensus_facets(rows: Iterable[Mapping[Any, Any]]) -> list[Facet]:
    """What an item is found by of its consensus: rows with question, value (JSON), confidence and agreement."""
    found: list[Facet] = []
    for row in rows:
        kind = consensus_kind(row["question"])
        found += facets_of(kind, kind, msgspec.json.decode(row["value"]))
        for measure in ("confidence", "agreement"):
            if row[measure] is not None:
                share = int(100 * row[measure]) / 100  # in steps of a hundredth, so that a range is few facets
                found.append(Facet(kind, f"{measure}.{row['question']}", str(share), share))
    return found


def answer_facets(rows: Iterable[Mapping[Any, Any]]) -> list[Facet]:
    """What an item is found by of its current answers: rows with name, outcome, reason and answers (JSON)."""
    found: list[Facet] = []
    for row in rows:
        who = row["name"]
        found.append(Facet("answer", "by", who))
        if row["outcome"] == "skipped":
            found.append(Facet("answer", "skipped", "yes"))
            found += facets_of("answer", "reason", (row["reason"] or "").strip())
        for name, value in msgspec.json.decode(row["answers"], type=dict[str, Any]).items():
            for one in facets_of("answer", f"answer.{name}", value):
                found += (one, one._replace(name=f"{one.name}@{who}"))
    return found


def known_facets(answers: Mapping[str, str]) -> list[Facet]:
    """What an item is found by whose answers are known, as JSON by question."""
    found = [Facet("known", "known", "yes")] if answers else []
    for name, value in answers.items():
        found += facets_of("known", f"known.{name}", msgspec.json.decode(value))
    return found


def field_facets(payload: Mapping[str, object], *, shown: Collection[str], external_id: str) -> list[Facet]:
    """What an item is found by of its columns: the short values that are neither its shown text nor its id."""
    found: list[Facet] = []
    for name, value in payload.items():
        is_short = not isinstance(value, str) or (len(value) <= _LONGEST_FIELD and value != external_id)
        if name not in shown and len(name) <= LONGEST and is_short and not isinstance(value, dict):
            found += facets_of("field", f"field.{name}", value)
        if len(found) >= _MOST_OF_A_VALUE:
            break
    return found


def tag_facets(tags: Collection[str], skill: str | None) -> list[Facet]:
    """What an item is found by that people have tagged, or for which a skill is wanted."""
    found = [Facet("tag", "tag", tag) for tag in tags]
    return found if skill is None else [*found, Facet("tag", "skill", skill)]


def _part(kind: str, name: str, part: object) -> Iterator[Facet]:
    match part:
        case list():
            steps = [str(step) for step in cast("list[object]", part)]
            for i in range(1, len(steps) + 1):
                yield from _facets(kind, name, "/".join(steps[:i]))
        case dict():
            label = cast("dict[str, object]", part).get("label")
            if isinstance(label, str):
                yield from _facets(kind, name, label)
        case _:
            yield from _facets(kind, name, part)


def _insert_facet(insert: Any) -> Any:
    return insert(facets).on_conflict_do_nothing(index_elements=["id"])


def _insert_link(insert: Any) -> Any:
    return insert(item_facets).on_conflict_do_nothing(index_elements=["facet_id", "place"])


_ADD_FACET = Prepared(_insert_facet(sqlite.insert), postgresql=_insert_facet(postgresql.insert))
_ADD_LINK = Prepared(_insert_link(sqlite.insert), postgresql=_insert_link(postgresql.insert))
_CURRENT = select(item_facets.c.place, item_facets.c.facet_id, facets.c.kind).join_from(
    item_facets, facets, facets.c.id == item_facets.c.facet_id
)
_CURRENT_OF_ONE = Prepared(_CURRENT.where(item_facets.c.place == bindparam("place")))
_REMOVE_LINK = Prepared(
    delete(item_facets).where(
        item_facets.c.facet_id == bindparam("facet"), item_facets.c.place == bindparam("of_place")
    )
)


def add_facets(connection: Connection, project_id: str, of_places: Mapping[int, Iterable[Facet]], *, now: int) -> None:
    """Give new items their facets, by place."""
    wanted = {place: _ids(project_id, found) for place, found in of_places.items()}
    _add(connection, project_id, wanted, now)


def replace_facets(
    connection: Connection,
    project_id: str,
    of_places: Mapping[int, Iterable[Facet]],
    *,
    kinds: Collection[str],
    now: int,
) -> None:
    """Give items exactly these facets of some kinds, by place, whatever they had."""
    if not of_places:
        return
    had: dict[int, set[int]] = {place: set() for place in of_places}
    for row in _current(connection, list(of_places)):
        if row["kind"] in kinds:
            had[row["place"]].add(row["facet_id"])
    wanted = {place: _ids(project_id, found) for place, found in of_places.items()}
    new = {
        place: {key: facet for key, facet in found.items() if key not in had[place]} for place, found in wanted.items()
    }
    _add(connection, project_id, new, now)
    gone = [
        {"facet": key, "of_place": place} for place, keys in had.items() for key in sorted(keys - wanted[place].keys())
    ]
    if gone:
        _REMOVE_LINK.run_many(connection, gone)


def _current(connection: Connection, places: list[int]) -> Iterable[Mapping[Any, Any]]:
    if len(places) == 1:
        return _CURRENT_OF_ONE.rows(connection, {"place": places[0]})
    return connection.execute(_CURRENT.where(item_facets.c.place.in_(places))).mappings()


def _ids(project_id: str, found: Iterable[Facet]) -> dict[int, Facet]:
    return {facet_id(project_id, one.name, one.value): one for one in found}


def _add(connection: Connection, project_id: str, wanted: Mapping[int, Mapping[int, Facet]], now: int) -> None:
    known: dict[int, Facet] = {}
    for found in wanted.values():
        known.update(found)
    if not known:
        return
    _ADD_FACET.run_many(
        connection,
        [
            {"id": key, "created_at": now, "project_id": project_id, **one._asdict()}
            for key, one in sorted(known.items())
        ],
    )
    links = _links(wanted)
    _ADD_LINK.run_many(connection, links)


def _links(wanted: Mapping[int, Collection[int]]) -> list[dict[str, int]]:
    """Sorted, so that transactions that meet take the same order, and pages are written next to each other."""
    return [
        {"facet_id": key, "place": place}
        for key, place in sorted((key, place) for place, keys in wanted.items() for key in keys)
    ]
