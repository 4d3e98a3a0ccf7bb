"""The inputs of the golden release. `python tests/golden/release_golden.py` writes the golden files anew."""

import shutil
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from goldsmith.kit.digest import canonical_json, sha256_hex
from goldsmith.releases.exports import exporters
from goldsmith.releases.flows import write_release
from goldsmith.releases.model import (
    AccuracyEstimate,
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

FOLDER = Path(__file__).parent / "releases"
FIELDS, QUESTIONS = ("text",), ("licence", "holder")
KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(32)))
"""Known to everybody, so worth nothing outside of this test."""

_ITEMS = (
    ("a-1", "Permission is hereby granted, free of charge", "MIT", 0.98, [{"start": 0, "end": 10, "label": "name"}]),
    ("a-2", "=SUM(A1) \u201cquoted\u201d, \U0001f600 and\na second line", "other", 0.501, []),
    ("b-1", "", None, None, None),
)


def rows() -> list[ReleaseRow]:
    return [_row(*item) for item in _ITEMS]


def _row(*item: object) -> ReleaseRow:
    external_id, text, licence, confidence, holder = item
    payload = {"text": text, "size": 12.5, "path": ["pkg", "LICENSE"]}
    values = {"licence": licence, "holder": holder}
    answers = {name: value for name, value in values.items() if value is not None}
    outcome = "answered" if answers else "skipped"
    return ReleaseRow(
        external_id=external_id,
        content_sha256=sha256_hex(canonical_json(payload)),
        payload=payload,
        consensus=tuple(
            ConsensusEntry(question=q, value=v, confidence=confidence, agreement=1.0, n_answers=2, method="majority")
            for q, v in sorted(values.items())
        ),
        answers=(
            AnswerEntry(annotator="keywords", kind="model", version="3", answers=answers, outcome=outcome),
            AnswerEntry(annotator="p-19c7", kind="person", version=None, answers=answers, outcome=outcome),
        ),
    )


def annotations() -> list[AnnotationRow]:
    return [
        AnnotationRow(
            id=f"0199c0de-0000-7000-8000-{number:012d}",
            external_id=row.external_id,
            annotator=one.annotator,
            kind=one.kind,
            version=one.version,
            outcome=one.outcome,
            reason=None if one.answers else "empty document",
            answers=one.answers,
            created_at=1_763_000_000_000_000 + number,
            schema_version=1,
            guideline_version=1,
            policy_version=2,
            supersedes=None,
            is_late=False,
            leaf_seq=10 + number,
        )
        for number, (row, one) in enumerate((row, one) for row in rows() for one in row.answers)
    ]


def facts() -> ReleaseFacts:
    fields, questions = [{"name": "text", "type": "text"}], [{"name": name} for name in QUESTIONS]
    return ReleaseFacts(
        title="Golden",
        client="Everybody",
        project="golden",
        schema={"fields": fields, "questions": questions},
        schema_version=1,
        guideline="Look twice.\n",
        guideline_version=1,
        policy={"overlap": 2},
        policy_version=2,
        recipe={"name": "golden", "stages": []},
        measures=(Measure(question="licence", name="krippendorff-alpha", value=1.0, low=None, high=None, n=2),),
        accuracy=AccuracyEstimate(estimate=0.95, low=0.9, high=0.98, n=100),
        checkpoint=sign_checkpoint("golden.example/vault", 16, leaf_hash(b""), KEY),
        known_limits=("Three items are few.",),
        goldsmith_version="0.1.0",
        created_at=1_763_000_001_000_000,
    )


def write(parent: Path) -> WrittenRelease:
    return write_release(parent, "v1", facts(), rows=rows(), annotations=annotations(), key=KEY)


if __name__ == "__main__":
    shutil.rmtree(FOLDER / "v1", ignore_errors=True)
    write(FOLDER)
    for name, kind in exporters().items():
        with (FOLDER / f"rows{kind.suffix}").open("wb") as sink:
            kind(fields=FIELDS, questions=QUESTIONS).write(rows(), sink)
        print(f"wrote rows{kind.suffix} ({name})")
