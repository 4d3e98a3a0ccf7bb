"""What is shown of a blob beside its bytes: small versions, tiles, peaks, pages. Made once, then kept."""

from typing import Any

import msgspec

from goldsmith.errors import BlobDamaged, InputError, NotFound
from goldsmith.media.decoders import Task
from goldsmith.media.kinds import Kind
from goldsmith.media.model import BlobRecord, blob_label, derived_label
from goldsmith.media.peaks import Peaks, merged
from goldsmith.media.rooms import BUCKETS_PER_S, MediaRoom, peaks_name, thumbnail_name
from goldsmith.media.tiles import PackWriter, read_tile, tile_number

SIZES = (128, 256, 512, 1024, 2048, 4096)
"""The longer sides that a small version can have; the largest shows what no browser reads, such as TIFF."""

MAX_SCALE = 8.0
MAX_PAGE_PIXELS = 40_000_000
MAX_BUCKETS = 400_000
_TILES = "tiles 1"

# Any: what a task answers are JSON values.


class PageText(msgspec.Struct, frozen=True, kw_only=True):
    """The text of a page.

    Attributes:
        text: in the order of the file.
        boxes: for each code point of the text `[x, y, width, height]` in points from the top left of the page as shown.
    """

    text: str
    boxes: list[tuple[float, float, float, float]]


def thumbnail(room: MediaRoom, record: BlobRecord, size: int) -> bytes:
    """An image, or the first page of a PDF, with its longer side made `size` at most: JPEG, or PNG where transparent.

    Raises:
        InputError: it is audio, or there is no such size.
    """
    if size not in SIZES:
        raise InputError(f"There is no size {size}; there are {', '.join(map(str, SIZES))}.")
    match record.kind:
        case Kind.IMAGE:
            task, given = "thumbnail", {"size": size, "max_pixels": room.limits.max_pixels}
        case Kind.PDF:
            first = record.facts["pages"][0]
            scale = size / max(first["width"], first["height"])
            task, given = "picture", {"page": 1, "scale": scale, "max_pixels": MAX_PAGE_PIXELS}
        case Kind.AUDIO:
            raise InputError("Audio has no small version; it has peaks.")
    return room.part(record, thumbnail_name(size), lambda: _only(room.ask(record, task, given)[1]))


def kept_tile(room: MediaRoom, record: BlobRecord, *, level: int, x: int, y: int) -> bytes | None:
    """A tile of an image: PNG, or JPEG where the image is compressed with loss itself; None before they are cut.

    Raises:
        InputError: it is no image.
        NotFound: there is no such tile.
    """
    if record.kind is not Kind.IMAGE:
        raise InputError(f"Only images have tiles; this is {record.media_type}.")
    number = tile_number((record.facts["width"], record.facts["height"]), level=level, x=x, y=y)
    label = derived_label(record.sha256, _TILES)
    if not room.derived.has(label):
        return None
    try:
        with room.derived.open(label) as reader:
            return read_tile(reader, number)
    except BlobDamaged:
        room.derived.forget(label)
        return None


def cut_tiles(room: MediaRoom, record: BlobRecord) -> None:
    """Cut an image into all its tiles, unless that was done.

    Raises:
        MediaError: it takes too much memory or time.
    """
    label = derived_label(record.sha256, _TILES)
    if room.derived.has(label):
        return
    task = Task("tiles", record.media_type, {"max_pixels": room.limits.max_pixels})
    with room.derived.receiving() as incoming:
        pack = PackWriter(incoming)
        room.decoders.ask(room.blobs.find(blob_label(record.sha256)), task, pack.add)
        pack.end()
        incoming.end()
        room.derived.keep(incoming, label)


def peaks(room: MediaRoom, record: BlobRecord, n_most: int) -> Peaks:
    """The outline of audio in `n_most` buckets at most.

    Raises:
        InputError: it is no audio, or `n_most` is out of bounds.
    """
    if record.kind is not Kind.AUDIO:
        raise InputError(f"Only audio has peaks; this is {record.media_type}.")
    if not 1 <= n_most <= MAX_BUCKETS:
        raise InputError(f"buckets must be 1 to {MAX_BUCKETS:,}, not {n_most}.")
    rate = record.facts["sample_rate"]
    n_frames = max(1, round(rate / BUCKETS_PER_S))
    given: dict[str, Any] = msgspec.to_builtins(room.limits) | {"buckets_per_s": BUCKETS_PER_S}
    pairs = room.part(record, peaks_name(n_frames), lambda: _only(room.ask(record, "probe", given)[1]))
    values, n_each = merged(pairs, n_most)
    return Peaks(
        duration_ms=record.facts["duration_ms"], bucket_ms=round(n_frames * n_each * 1000 / rate, 6), peaks=values
    )


def page_picture(room: MediaRoom, record: BlobRecord, page: int, scale: float) -> bytes:
    """A page of a PDF as PNG with `scale` pixels for each point.

    Raises:
        InputError: it is no PDF, or `scale` is out of bounds.
        NotFound: there is no such page.
        MediaError: the picture would be too large.
    """
    _check_page(record, page)
    if not 0.1 <= scale <= MAX_SCALE:
        raise InputError(f"scale must be 0.1 to {MAX_SCALE:g}, not {scale:g}.")
    shown = round(scale, 2)
    given = {"page": page, "scale": shown, "max_pixels": MAX_PAGE_PIXELS}
    return room.part(record, f"page {page} {shown} 1", lambda: _only(room.ask(record, "picture", given)[1]))


def page_text(room: MediaRoom, record: BlobRecord, page: int) -> PageText:
    """The text of a page of a PDF, with a box for each code point.

    Raises:
        InputError: it is no PDF.
        NotFound: there is no such page.
    """
    _check_page(record, page)
    content = room.part(
        record, f"text {page} 1", lambda: msgspec.json.encode(room.ask(record, "text", {"page": page})[0])
    )
    return msgspec.json.decode(content, type=PageText)


def _check_page(record: BlobRecord, page: int) -> None:
    if record.kind is not Kind.PDF:
        raise InputError(f"Only a PDF has pages; this is {record.media_type}.")
    n_pages = len(record.facts["pages"])
    if not 1 <= page <= n_pages:
        raise NotFound(f"There is no page {page}; the file has pages 1 to {n_pages}.")


def _only(parts: list[bytes]) -> bytes:
    (content,) = parts
    return content
