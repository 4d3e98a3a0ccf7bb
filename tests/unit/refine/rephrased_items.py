"""Items of a made test set with a rephrasing of each, and real documents that hold none of them."""

import json
from importlib.metadata import distributions
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).parents[2] / "golden" / "contamination" / "rephrasings.jsonl"
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
    """All items: questions of mathematics, trivia, reading and programming in English, German and Chinese."""
    rows = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
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
