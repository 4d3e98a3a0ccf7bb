"""Write and sign a release from the rows that the job collected."""

from pathlib import Path
from typing import Any

import msgspec

from goldsmith.releases.flows import write_release
from goldsmith.releases.model import AnnotationRow, ReleaseFacts, ReleaseRow
from goldsmith.trust.keys import SigningKey
from goldsmith.worker.computing.reports import Reporter
from goldsmith.worker.frames import read_frames


class Parameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the task gets: where to write, the facts, the rows, and the vault's key."""

    parent: str
    version: str
    facts: ReleaseFacts
    rows: str
    annotations: str
    key: str


def run(parameters: dict[str, Any], reporter: Reporter) -> dict[str, Any]:
    """Write the release; its folder, content root and certificate."""
    given = msgspec.convert(parameters, Parameters)
    reporter.report(0, None, "writing and signing the release")
    written = write_release(
        Path(given.parent),
        given.version,
        given.facts,
        rows=read_frames(Path(given.rows), ReleaseRow),
        annotations=read_frames(Path(given.annotations), AnnotationRow),
        key=SigningKey.load(Path(given.key)),
    )
    return {
        "path": written.path,
        "content_root": written.content_root,
        "n_items": written.certificate.n_items,
        "certificate": msgspec.to_builtins(written.certificate),
    }
