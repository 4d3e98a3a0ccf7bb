"""Media in imported rows: the value of an image, audio or pdf field becomes what the vault knows of its blob."""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple, cast

from goldsmith.errors import RowError
from goldsmith.kit.digest import canonical_json, sha256_hex
from goldsmith.media.kinds import SUFFIXES, Kind
from goldsmith.media.model import MAX_NAME_LENGTH, SHA256_HEX, BlobRecord, without_names
from goldsmith.tasks.schemas import Field, Schema

FindBlob = Callable[[str], BlobRecord | None]
"""What the vault knows of the blob with a digest."""

_MEDIA_TYPES = frozenset(str(kind) for kind in Kind)
_SHA256 = re.compile(SHA256_HEX)


class Resolved(NamedTuple):
    """A payload as it is stored, and the digests of the blobs that it refers to."""

    payload: dict[str, object]
    blobs: tuple[str, ...]

    @property
    def identity(self) -> str:
        """A digest of the content that does not depend on what files are called."""
        return sha256_hex(canonical_json(without_names(self.payload) if self.blobs else self.payload))


def media_fields(schema: Schema) -> tuple[Field, ...]:
    """The fields of a schema that hold files."""
    return tuple(field for field in schema.fields if field.type in _MEDIA_TYPES)


def resolved(payload: Mapping[str, object], fields: tuple[Field, ...], find: FindBlob) -> Resolved:
    """A row's payload with each media value as the vault knows it.

    Args:
        payload: the row; a media field holds an object whose `blob` is the digest of a file that was uploaded.
        fields: the media fields of the project.
        find: knows the vault's blobs.

    Raises:
        RowError: a value names no file of the vault, or one of another kind.
    """
    values = dict(payload)
    found: list[str] = []
    for field in fields:
        value = payload.get(field.name)
        if value is None:
            continue
        if value == "":  # an empty cell of a table
            del values[field.name]
            continue
        record, name = _blob_of(field, value, find)
        values[field.name] = record.reference(name)
        found.append(record.sha256)
    return Resolved(values, tuple(dict.fromkeys(found)))


def _blob_of(field: Field, value: object, find: FindBlob) -> tuple[BlobRecord, str]:
    parts: Mapping[str, object] = cast("Mapping[str, object]", value) if isinstance(value, dict) else {}
    sha256, name = parts.get("blob"), parts.get("name")
    if not isinstance(sha256, str) or _SHA256.fullmatch(sha256) is None:
        raise RowError(
            f"{field.name!r} holds no file: import the table together with the files that it names, "
            "or give what the upload of a file answers."
        )
    record = find(sha256)
    if record is None:
        raise RowError(f"{field.name!r} names the file {sha256[:12]}…, which was not uploaded; upload it first.")
    if record.kind != field.type:
        raise RowError(f"{field.name!r} wants a file of the kind {field.type}, and this one is {record.media_type}.")
    if name is not None and not (isinstance(name, str) and len(name) <= MAX_NAME_LENGTH and name.isprintable()):
        raise RowError(f"{field.name!r} has a file name of more than {MAX_NAME_LENGTH:,} characters, or no text.")
    return record, name or record.sha256[:12] + SUFFIXES[record.media_type]
