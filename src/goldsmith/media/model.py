"""What is known of a blob, how an item refers to one, and the limits on what is taken."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

import msgspec

from goldsmith.media.kinds import FILE_TYPES, Kind

MAX_BLOB_BYTES = 4 << 30
MAX_PIXELS = 250_000_000
MAX_PAGES = 2_000
MAX_AUDIO_S = 24 * 3600
MAX_NAME_LENGTH = 1_000

SHA256_HEX = r"[0-9a-f]{64}"

# Any: facts are JSON whose keys depend on the kind of file.


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How large a file may be that is taken."""

    max_bytes: int = MAX_BLOB_BYTES
    max_pixels: int = MAX_PIXELS
    max_pages: int = MAX_PAGES
    max_audio_s: int = MAX_AUDIO_S


class BlobRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a blob.

    Attributes:
        sha256: of its plain bytes.
        media_type: told by its bytes.
        facts: of an image `width` and `height` in pixels, upright; of audio `duration_ms`, `sample_rate` and
            `channels`; of a PDF `pages`, each with `width` and `height` in points and `n_points` of text.
    """

    sha256: str
    size_bytes: int
    media_type: str
    facts: dict[str, Any]

    @property
    def kind(self) -> Kind:
        """What is done with it."""
        return FILE_TYPES[self.media_type].kind

    def reference(self, name: str) -> dict[str, Any]:
        """How an item refers to it: the value of an image, audio or pdf field."""
        return {
            "blob": self.sha256,
            "media_type": self.media_type,
            "name": name,
            "size": self.size_bytes,
            **self.facts,
        }


def blob_label(sha256: str) -> str:
    """The label under which the bytes of a blob are sealed."""
    return f"blob {sha256}"


def derived_label(sha256: str, name: str) -> str:
    """The label of what follows from a blob, such as a small version of it."""
    return f"derived {sha256} {name}"


def blobs_in(payload: Mapping[str, object]) -> Iterator[tuple[str, dict[str, object]]]:
    """The parts of an item's payload that refer to blobs, by field."""
    for name, value in payload.items():
        if isinstance(value, dict) and isinstance(value.get("blob"), str):  # pyright: ignore[reportUnknownMemberType]
            yield name, cast("dict[str, object]", value)


def without_names(payload: Mapping[str, object]) -> dict[str, object]:
    """A payload with each blob reduced to its digest: two files with the same bytes are the same, however called."""
    return dict(payload) | {name: {"blob": value["blob"]} for name, value in blobs_in(payload)}
