"""Items of made test sets with a rephrasing of each, and real documents that hold none of them."""

import json
from importlib.metadata import distributions
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parents[2] / "golden" / "contamination"
FILE = FOLDER / "rephrasings.jsonl"
HELD_OUT = FOLDER / "rephrasings-held-out.jsonl"
N_DOCUMENTS = 80
MOST_CHARACTERS = 30_000


class Pair(NamedTuple):
    """An item, and the same question in other words."""

    id: str
    language: str
    question: str
    answer: str
    rephrased: str


def pairs() -> list[Pair]:
    """Questions of mathematics, trivia, reading and programming in English, German and Chinese."""
    return _read(FILE)


def held_out_pairs() -> list[Pair]:
    """Questions of mathematics, law, medicine, programming, history, science and reading, in the same languages.

    They were written before the search for rephrasings was adjusted on the others, and nothing was adjusted on them.
    """
    return _read(HELD_OUT)


def _read(file: Path) -> list[Pair]:
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return [Pair(*(row[name] for name in Pair._fields)) for row in rows]


def clean_documents() -> list[str]:
    """What installed packages say about themselves: real texts that are older than the items."""
    found = sorted((each.metadata["Name"], each.read_text("METADATA") or "") for each in distributions())
    return [text[:MOST_CHARACTERS] for _, text in found if len(text) > 1500][:N_DOCUMENTS]


def hidden(text: str, document: str, number: int) -> str:
    """A document with a text put between two of its lines."""
    lines = document.splitlines()
    place = 7 * number % len(lines)
    return "\n".join([*lines[:place], text, *lines[place:]])
