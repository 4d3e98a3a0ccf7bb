"""Keeps what finds items in step with what they hold, inside the transactions that change it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection

from goldsmith.kit.words import texts_in
from goldsmith.labeling.model import LoadedProject
from goldsmith.labeling.store import annotations, items, known_answers
from goldsmith.store.facets import (
    Facet,
    add_facets,
    answer_facets,
    consensus_facets,
    consensus_kind,
    field_facets,
    known_facets,
    place_of,
    replace_facets,
    tag_facets,
)
from goldsmith.store.words import add_words

_WRITTEN = frozenset({"text", "html", "markdown"})


def index_new(
    connection: Connection, project: LoadedProject, rows: Sequence[tuple[int, str, str]], *, now: int
) -> None:
    """Make new items found by their words and by their short values.

    Args:
        connection: of the transaction that inserts them.
        project: theirs.
        rows: the position, the external id and the payload (JSON) of each.
        now: the instant of the transaction.
    """
    shown = {one.name for one in project.schema.fields if one.type in _WRITTEN}
    words: dict[int, str] = {}
    found: dict[int, list[Facet]] = {}
    for position, external_id, body in rows:
        payload = msgspec.json.decode(body, type=dict[str, Any])
        place = place_of(project.number, position)
        words[place] = texts_in(payload)
        found[place] = field_facets(payload, shown=shown, external_id=external_id)
    add_words(connection, words)
    add_facets(connection, project.id, found, now=now)


def index_answers(connection: Connection, project: LoadedProject, item_ids: Sequence[str], *, now: int) -> None:
    """Let items be found by who has answered them, and what, as their current annotations are now."""
    if not item_ids:
        return
    positions = items.positions(connection, item_ids)
    said: dict[str, list[Mapping[Any, Any]]] = {item_id: [] for item_id in positions}
    for row in annotations.said_of(connection, list(positions)):
        said[row["item_id"]].append(row)
    found = {place_of(project.number, positions[item_id]): answer_facets(rows) for item_id, rows in said.items()}
    replace_facets(connection, project.id, found, kinds=["answer"], now=now)


def index_consensus(
    connection: Connection, project: LoadedProject, rows: Iterable[tuple[int, Iterable[Mapping[str, Any]]]], *, now: int
) -> None:
    """Let items be found by their consensus.

    Args:
        connection: of the transaction that writes it.
        project: the items'.
        rows: the position of each item, and its consensus as in `consensus_facets`.
        now: the instant of the transaction.
    """
    found = {place_of(project.number, position): consensus_facets(of_item) for position, of_item in rows}
    kinds = [consensus_kind(question.name) for question in project.schema.questions]
    replace_facets(connection, project.id, found, kinds=kinds, now=now)


def index_judged(
    connection: Connection, project: LoadedProject, position: int, judged: Iterable[Mapping[str, Any]], *, now: int
) -> None:
    """Let an item be found by what its newest answer has made of it, for the questions that were judged."""
    rows = list(judged)
    found = {place_of(project.number, position): consensus_facets(rows)}
    kinds = [consensus_kind(row["question"]) for row in rows]
    replace_facets(connection, project.id, found, kinds=kinds, now=now)


def index_known(connection: Connection, project: LoadedProject, item_ids: Sequence[str], *, now: int) -> None:
    """Let items be found by what is known of them."""
    positions = items.positions(connection, item_ids)
    known: dict[str, dict[str, str]] = {item_id: {} for item_id in positions}
    for row in known_answers.of_items(connection, list(positions)):
        known[row["item_id"]][row["question"]] = row["value"]
    found = {place_of(project.number, positions[item_id]): known_facets(of_item) for item_id, of_item in known.items()}
    replace_facets(connection, project.id, found, kinds=["known"], now=now)


def index_tags(connection: Connection, project: LoadedProject, rows: Iterable[Mapping[str, Any]], *, now: int) -> None:
    """Let items be found by their tags and the skill that they want; rows with position, tags (JSON) and skill."""
    found = {
        place_of(project.number, row["position"]): tag_facets(
            msgspec.json.decode(row["tags"] or "[]", type=list[str]), row["skill"]
        )
        for row in rows
    }
    replace_facets(connection, project.id, found, kinds=["tag"], now=now)
