"""A small release with everything in it: people, models, skipped and superseded answers, odd texts."""

from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from goldsmith.kit.digest import canonical_json, sha256_hex
from goldsmith.releases.flows import write_release
from goldsmith.releases.model import (
    AnnotationRow,
    AnswerEntry,
    ConsensusEntry,
    Measure,
    ReleaseFacts,
    ReleaseRow,
    WrittenRelease,
)
from goldsmith.trust.keys import SigningKey
from goldsmith.trust.logs import sign_checkpoint
from goldsmith.trust.merkle import leaf_hash

KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER_KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
NOW = 1_760_000_000_000_000
TEXTS = ("MIT License", "=HYPERLINK(1)", "zwölf \U0001f600 “quoted”, two\nlines", "", "-5", "plain")


def make_row(number: int, **changes: object) -> ReleaseRow:
    text = f"{TEXTS[number % len(TEXTS)]} {number}"
    payload = {"text": text, "source": {"rank": number / 7, "tags": ["a", None]}}
    values = (
        ("licence", "MIT" if number % 2 else "Apache-2.0", 0.5 + (number % 50) / 101),
        ("holder", [{"start": 0, "end": 3, "label": "name"}] if number % 3 else None, None),
    )
    row = ReleaseRow(
        external_id=f"doc-{number:05d}",
        content_sha256=sha256_hex(canonical_json(payload)),
        payload=payload,
        consensus=tuple(
            ConsensusEntry(question=q, value=v, confidence=c, agreement=c, n_answers=2, method="majority")
            for q, v, c in values
        ),
        answers=(make_answer("p-7f3a", "person"), make_answer("keywords", "model", number % 5 == 0)),
    )
    return msgspec.structs.replace(row, **changes)


def make_answer(annotator: str, kind: str, is_skipped: bool = False) -> AnswerEntry:
    return AnswerEntry(
        annotator=annotator,
        kind=kind,
        version="1" if kind == "model" else None,
        answers={} if is_skipped else {"licence": "MIT"},
        outcome="skipped" if is_skipped else "answered",
    )


def make_annotation(number: int, **changes: object) -> AnnotationRow:
    annotation = AnnotationRow(
        id=f"0199c0de-0000-7000-8000-{number:012d}",
        external_id=f"doc-{number:05d}",
        annotator="p-7f3a" if number % 2 else "keywords",
        kind="person" if number % 2 else "model",
        version=None if number % 2 else "1",
        outcome="answered" if number % 5 else "skipped",
        reason=None if number % 5 else "cannot tell",
        answers={"licence": "MIT"} if number % 5 else {},
        created_at=NOW + number,
        schema_version=1,
        guideline_version=2,
        policy_version=1,
        supersedes=None,
        is_late=number % 7 == 0,
        leaf_seq=number,
    )
    return msgspec.structs.replace(annotation, **changes)


def make_facts(key: SigningKey = KEY, **changes: object) -> ReleaseFacts:
    facts = ReleaseFacts(
        title="Which licence is this?",
        client="Acme",
        project="licences",
        schema={
            "fields": [{"name": "text", "type": "text"}],
            "questions": [{"type": "choice", "name": "licence"}, {"type": "spans", "name": "holder"}],
        },
        schema_version=1,
        guideline="# How to answer\n\nRead it to the end.\n",
        guideline_version=2,
        policy={"overlap": 2},
        policy_version=1,
        recipe={"stages": [{"name": "html-to-text", "version": "0.1.0"}]},
        measures=(
            Measure(question="licence", name="krippendorff-alpha", value=0.8125, low=0.75, high=0.875, n=40),
            Measure(
                question="holder", name="krippendorff-alpha", value=None, low=None, high=None, n=0, note="no overlap"
            ),
        ),
        accuracy=None,
        checkpoint=sign_checkpoint("vault.example/acme", 120, leaf_hash(b"log"), key),
        known_limits=("Licences younger than 2024 are not among the options.",),
        goldsmith_version="0.1.0",
        created_at=NOW,
    )
    return msgspec.structs.replace(facts, **changes)


def make_release(
    parent: Path, n_rows: int = 12, *, version: str = "v1", key: SigningKey = KEY, **facts: object
) -> WrittenRelease:
    return write_release(
        parent,
        version,
        make_facts(key, **facts),
        rows=(make_row(number) for number in range(n_rows)),
        annotations=(make_annotation(number) for number in range(2 * n_rows)),
        key=key,
    )
