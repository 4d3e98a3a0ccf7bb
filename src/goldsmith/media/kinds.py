"""What a file is, told by its first bytes alone: neither its name nor what a sender says of it counts."""

import re
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from goldsmith.errors import MediaError

HEAD_BYTES = 1024
"""How much of a file `kind_of` looks at."""


class Kind(StrEnum):
    """What is done with a file: shown as an image, played, or read page by page."""

    IMAGE = "image"
    AUDIO = "audio"
    PDF = "pdf"


class FileType(NamedTuple):
    """A type of files that is taken.

    Attributes:
        media_type: as it is served.
        reader: what the library that reads it calls the format.
    """

    kind: Kind
    media_type: str
    reader: str


_IMAGE_TYPES = (
    FileType(Kind.IMAGE, "image/jpeg", "JPEG"),
    FileType(Kind.IMAGE, "image/png", "PNG"),
    FileType(Kind.IMAGE, "image/webp", "WEBP"),
    FileType(Kind.IMAGE, "image/gif", "GIF"),
    FileType(Kind.IMAGE, "image/tiff", "TIFF"),
    FileType(Kind.IMAGE, "image/bmp", "BMP"),
)
_AUDIO_TYPES = (
    FileType(Kind.AUDIO, "audio/wav", "WAV"),
    FileType(Kind.AUDIO, "audio/flac", "FLAC"),
    FileType(Kind.AUDIO, "audio/ogg", "OGG"),
    FileType(Kind.AUDIO, "audio/mpeg", "MP3"),
)
FILE_TYPES = MappingProxyType(
    {one.media_type: one for one in (*_IMAGE_TYPES, *_AUDIO_TYPES, FileType(Kind.PDF, "application/pdf", "PDF"))}
)
"""Every type that is taken, by its media type."""

SUFFIXES = MappingProxyType(
    {
        "image/jpeg": ".jpg",
        "image/png": ".png",
        "image/webp": ".webp",
        "image/gif": ".gif",
        "image/tiff": ".tif",
        "image/bmp": ".bmp",
        "audio/wav": ".wav",
        "audio/flac": ".flac",
        "audio/ogg": ".ogg",
        "audio/mpeg": ".mp3",
        "application/pdf": ".pdf",
    }
)

_MAGIC = (
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"II\*\0|MM\0\*"), "image/tiff"),
    (re.compile(rb"BM....\0\0\0\0", re.DOTALL), "image/bmp"),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "audio/wav"),
    (re.compile(rb"fLaC"), "audio/flac"),
    (re.compile(rb"OggS"), "audio/ogg"),
    (re.compile(rb"ID3|\xff[\xfa\xfb\xf2\xf3\xe2\xe3]"), "audio/mpeg"),
    (re.compile(rb"(?:\xef\xbb\xbf)?[\s\0]{0,16}%PDF-"), "application/pdf"),
)
_TAKEN = "Images (JPEG, PNG, WebP, GIF, TIFF, BMP), audio (WAV, FLAC, OGG, MP3) and PDF are taken."
_TEXT_BEGINS = rb"(?:\xef\xbb\xbf)?\s*"
_SVG_BEGINS = rb"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype\s+svg|<svg)"
_PAGE_BEGINS = rb"<(?:!doctype html|html|head|body|script)"
_OTHERS = tuple(
    (re.compile(magic, re.DOTALL | re.IGNORECASE), what, way_out)
    for magic, what, way_out in (
        (_TEXT_BEGINS + _SVG_BEGINS, "an SVG drawing, which could run programs", "Export it as PNG."),
        (_TEXT_BEGINS + _PAGE_BEGINS, "an HTML page", _TAKEN),
        (rb"....ftyp(?:hei|mif|msf|avi)", "an HEIC or AVIF image", "Convert it to JPEG or PNG."),
        (rb"....ftypM4A|\xff[\xf1\xf9]", "AAC audio", "Convert it to FLAC, WAV, MP3 or OGG."),
        (rb"....ftyp|\x1aE\xdf\xa3", "a video", "Its sound is taken, as FLAC, WAV, MP3 or OGG."),
        (rb"RF64|BW64|FORM....AIF", "RF64 or AIFF audio", "Convert it to FLAC or WAV."),
        (rb"II\+\0|MM\0\+", "a BigTIFF image", "Save it as a plain TIFF or as PNG."),
        (rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51", "a JPEG 2000 image", "Convert it to JPEG or PNG."),
        (rb"8BPS", "a Photoshop file", "Export it as PNG or TIFF."),
        (rb"PK\x03\x04", "a ZIP archive", "Import it as one: its name has to end in .zip."),
        (rb"\x1f\x8b|7z\xbc\xaf|Rar!", "a packed archive", "Unpack it, or pack it as ZIP."),
    )
)


def file_type_of(head: bytes) -> FileType:
    """What a file is that begins with `head`, its first 1024 bytes or all of it.

    Raises:
        MediaError: it is empty, or of a type that is not taken; says which, where that can be told, and what would do.
    """
    if not head:
        raise MediaError("It is empty: it has 0 bytes.", hint="Send the whole file.")
    for magic, media_type in _MAGIC:
        if magic.match(head):
            return FILE_TYPES[media_type]
    for magic, what, way_out in _OTHERS:
        if magic.match(head):
            raise MediaError(f"It is {what}; that is not taken.", hint=way_out)
    raise MediaError("Its first bytes are those of no known image, audio or PDF file.", hint=_TAKEN)
