"""What the release routes give: see docs/api.md for each field."""

import msgspec

from goldsmith.releases.diffs import Changes
from goldsmith.releases.model import Certificate
from goldsmith.trust.layouts import FileEntry


class ReleaseCard(msgspec.Struct, frozen=True, kw_only=True):
    """A release in a list."""

    version: str
    created_at: int
    n_items: int
    content_root: str
    accuracy_text: str


class ReleaseRows(msgspec.Struct, frozen=True, kw_only=True):
    """The releases of a project, the newest first."""

    rows: list[ReleaseCard]


class ReleaseView(msgspec.Struct, frozen=True, kw_only=True):
    """A release with its certificate, its files, how to verify it, and what changed since the one before."""

    version: str
    created_at: int
    certificate: Certificate
    envelope_key_id: str
    key_fingerprint: str
    files: list[FileEntry]
    verify_commands: list[str]
    changes: Changes | None
    since: str | None
