"""The words of items' texts: FTS5 on SQLite, a tsvector with a GIN index on PostgreSQL, the same words in both."""

from collections.abc import Mapping

from sqlalchemy import Connection, text

from goldsmith.kit.words import phrases_of, words_of

_ADD = {
    "sqlite": text("insert into item_words (rowid, words) values (:place, :words)"),
    "postgresql": text(
        "insert into item_words (place, words) values (:place, cast(:words as tsvector)) on conflict (place) do nothing"
    ),
}
_MOST_REPEATS = 256  # PostgreSQL keeps no more places of one word


def add_words(connection: Connection, texts: Mapping[int, str]) -> None:
    """Make items found by the words of their texts, by place."""
    engine = connection.dialect.name
    rows = [{"place": place, "words": _stored(words_of(content), engine)} for place, content in texts.items()]
    if rows:
        connection.execute(_ADD[engine], rows)


def words_query(query: str, engine: str) -> str | None:
    """What an engine's index is asked for a search; None when the search has no word."""
    phrases = phrases_of(query)
    if not phrases:
        return None
    if engine == "sqlite":
        return " AND ".join(f'"{" ".join(words)}"{"*" if is_open else ""}' for words, is_open in phrases)
    return " & ".join(f"({' <-> '.join(words)}{':*' if is_open else ''})" for words, is_open in phrases)


def _stored(words: list[str], engine: str) -> str:
    if engine == "sqlite":
        return " ".join(words)
    places: dict[str, list[str]] = {}
    for i, word in enumerate(words, start=1):
        where = places.setdefault(word, [])
        if len(where) < _MOST_REPEATS:
            where.append(str(i))
    return " ".join(f"{word}:{','.join(where)}" for word, where in places.items())
