"""The plain rules of labelling: names, titles, digests, and what a change of answers does to an item."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import cast

from goldsmith.errors import InputError
from goldsmith.kit.digest import canonical_json, sha256_hex
from goldsmith.labeling.lease_wire import NewAnnotation
from goldsmith.labeling.policies import Policy
from goldsmith.tasks.questions import Question
from goldsmith.tasks.schemas import Schema

TITLE_LENGTH = 160
MAX_NAME_LENGTH = 120
MAX_ID_LENGTH = 512
MAX_REASON_LENGTH = 2000
MAX_COMMENT_LENGTH = 5000
MAX_VERSION = 1_000_000
DAY_MS = 86_400_000
CONTESTED_FROM, CONTESTED_BELOW = 3, 0.5
"""Where every item gets the same number of answers, one with so many is contested below this confidence."""
SHORT = 400
"""Values whose JSON is longer are not kept on an item's row."""
KNOWN = "known"
"""The method of a consensus that was not inferred, since the answer is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotator:
    """Who answers inside a vault: a person's pseudonym, or a program with a version."""

    kind: str
    name: str
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedProject:
    """A project with its documents, parsed."""

    id: str
    slug: str
    name: str
    state: str
    created_at: int
    schema_version: int
    guideline_version: int
    policy_version: int
    schema: Schema
    guideline: str
    policy: Policy
    recipe_lock: str | None = None
    is_paused: bool = False
    number: int = 0


def slug_of(name: str) -> str:
    """A name made fit for an address: lower-case ASCII letters, digits and dashes, at most 60 characters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "project"


def check_project_name(name: str) -> str:
    """`name` without outer white space.

    Raises:
        InputError: it is empty, too long, or holds control characters.
    """
    trimmed = name.strip()
    if not trimmed or len(trimmed) > MAX_NAME_LENGTH:
        raise InputError(f"A project's name has 1 to {MAX_NAME_LENGTH} characters; this one has {len(trimmed)}.")
    if any(unicodedata.category(letter) == "Cc" for letter in trimmed):
        raise InputError("A project's name cannot hold control characters.")
    return trimmed


def title_of(payload: Mapping[str, object], schema: Schema) -> str:
    """The first words of an item: of its first shown field, on one line; of a file its name."""
    for field in schema.fields:
        value = payload.get(field.name)
        if isinstance(value, dict):
            value = cast("Mapping[str, object]", value).get("name")
        if isinstance(value, str) and value.strip():
            return " ".join(value[: 4 * TITLE_LENGTH].split())[:TITLE_LENGTH]
    return ""


def annotation_digest(new: NewAnnotation, answers: Mapping[str, object]) -> str:
    """SHA-256 of what an annotation says, so that a repeat can be told from a conflict."""
    said: dict[str, object] = {
        "id": new.id,
        "item_id": new.item_id,
        "outcome": new.outcome,
        "reason": new.reason,
        "answers": answers,
        "schema_version": new.schema_version,
        "guideline_version": new.guideline_version,
        "policy_version": new.policy_version,
        "supersedes": new.supersedes,
        "purpose": new.purpose,
    }
    if new.assistance is not None:
        said["assistance"] = new.assistance
    return sha256_hex(canonical_json(said))


def answers_key(reader_id: str, item_id: str, annotation_id: str) -> str:
    """What names an annotation for one reviewer: it says nothing of whose it is, and nobody else has the same."""
    return sha256_hex(f"{reader_id}\x1f{item_id}\x1f{annotation_id}".encode())[:16]


def certainty(schema: Schema, confidences: Mapping[str, float | None], *, known: Collection[str] = ()) -> float | None:
    """The confidence of an item: of its least certain required question with classes; None where one has none.

    Questions whose answer is known do not count, nor do those with a condition that nobody was asked.
    """
    required = [question for question in schema.questions if question.required and is_categorical(question)]
    asked = [q.name for q in required if q.name not in known and (q.name in confidences or not q.when)]
    values = [confidences.get(name) for name in asked]
    found = [value for value in values if value is not None]
    return min(found) if found and len(found) == len(values) else None


def is_known(schema: Schema, known: Mapping[str, object]) -> bool:
    """Whether the label of an item is decided: each required question with classes, if there is one, is known.

    One that is asked on a condition is known, too, where there is no answer to it in what is known of the others.
    """
    asked = [question for question in schema.questions if question.required and is_categorical(question)]
    return any(q.name in known for q in asked) and all(q.name in known for q in asked if not q.when)


def is_categorical(question: Question) -> bool:
    """Whether the answers to a question are votes for classes."""
    return question.is_categorical


def has_certainty(confidence: float | None, target: float, *, n_people: int, n_models: int) -> bool:
    """Whether an item counts as certain. One program alone makes nothing certain, however sure it is."""
    has_second_opinion = n_people > 0 or n_models > 1
    return confidence is not None and confidence >= target and has_second_opinion
