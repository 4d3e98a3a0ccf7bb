"""Reads images with Pillow: size, small versions, tiles. Everything it gives is upright and eight bits deep."""

import io
import warnings
from collections.abc import Callable
from types import MappingProxyType
from typing import IO, Any, cast

from PIL import Image, ImageFile

from goldsmith.errors import BlobDamaged, MediaError
from goldsmith.media.decoding.pyramids import Look, Turn, give_tiles
from goldsmith.media.decoding.wire import GivePart
from goldsmith.media.kinds import FILE_TYPES

# Any: parameters are JSON values.

_ORIENTATION = 0x0112
_TURNED = frozenset({5, 6, 7, 8})
_DEEP = frozenset({"I", "I;16", "I;16B", "I;16L", "I;16N", "F"})
_WITH_ALPHA = frozenset({"LA", "RGBA", "PA", "La", "RGBa"})
_QUALITY = 88
_MAX_SIDE = 100_000
_BROKEN = (OSError, SyntaxError, ValueError, IndexError, KeyError, TypeError, EOFError, ZeroDivisionError)
"""What Pillow's readers raise on files that are not what they seem."""

Image.MAX_IMAGE_PIXELS = None  # the limit is ours, and an error rather than a warning
ImageFile.LOAD_TRUNCATED_IMAGES = False


def probe(file: IO[bytes], media_type: str, given: dict[str, Any], give: GivePart) -> dict[str, Any]:
    """The upright size of an image that can be read to its end; its small versions are given as parts, in order.

    Args:
        file: the image.
        media_type: its type.
        given: `max_pixels`, and `sizes` of the small versions.
        give: takes them.
    """
    image = _opened(file, media_type, given["max_pixels"])
    width, height = upright_size(image)
    for content in _small_versions(image, given["sizes"]):
        give(content)
    return {"width": width, "height": height}


def thumbnail(file: IO[bytes], media_type: str, given: dict[str, Any], give: GivePart) -> dict[str, Any]:
    """Give the image with its longer side made `size` at most."""
    image = _opened(file, media_type, given["max_pixels"])
    for content in _small_versions(image, [given["size"]]):
        give(content)
    return {}


def _opened(file: IO[bytes], media_type: str, max_pixels: int) -> Image.Image:
    """The image, its pixels not read yet."""
    name = FILE_TYPES[media_type].reader
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(file, formats=[name])
    except BlobDamaged:
        raise
    except _BROKEN as error:
        raise _broken(name, error) from error
    width, height = image.size
    if width * height > max_pixels or max(width, height) > _MAX_SIDE:
        raise MediaError(
            f"It has {width:,} by {height:,} pixels, which are {width * height:,}; at most {max_pixels:,} are read, "
            f"and {_MAX_SIDE:,} on a side.",
            hint="Make it smaller, or cut it into parts.",
        )
    if width == 0 or height == 0:
        raise MediaError("It has no pixels.", hint="Send an image that has some.")
    return image


def upright_size(image: Image.Image) -> tuple[int, int]:
    """Width and height once the image is turned as its camera says."""
    width, height = image.size
    return (height, width) if _orientation(image) in _TURNED else (width, height)


def _orientation(image: Image.Image) -> int:
    if image.format == "TIFF":  # Pillow turns these itself while it reads them
        return 1
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except _BROKEN:  # broken EXIF turns nothing, here and in browsers
        return 1


def _small_versions(image: Image.Image, sizes: list[int]) -> list[bytes]:
    """The image in several sizes, encoded; the largest is made first, the others from it."""
    largest = max(sizes)
    icc = image.info.get("icc_profile")
    if image.format == "JPEG":
        image.draft(None, (largest, largest))  # decodes at 1/2, 1/4 or 1/8: less memory, less time
    current = _plain(loaded(image))
    made: dict[int, bytes] = {}
    is_turned = False
    for size in sorted(set(sizes), reverse=True):
        if max(current.size) > size:
            current = _reduced(current, size)
        if not is_turned:
            current, is_turned = turned(current, image), True
        made[size] = encoded(current, icc)
    return [made[size] for size in sizes]


def _reduced(image: Image.Image, size: int) -> Image.Image:
    scale = size / max(image.size)
    target = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(target, Image.Resampling.LANCZOS, reducing_gap=2.0)


def loaded(image: Image.Image) -> Image.Image:
    """The image with its pixels.

    Raises:
        MediaError: it is cut or broken.
    """
    name = image.format or "image"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image.load()
    except (BlobDamaged, MemoryError):
        raise
    except _BROKEN as error:
        raise _broken(name, error) from error
    return image


def _plain(image: Image.Image) -> Image.Image:
    """The image in one of the modes L, RGB and RGBA."""
    if image.mode in {"L", "RGB", "RGBA"} and "transparency" not in image.info:
        return image
    if image.mode in _DEEP:
        return _stretched(image, *_extremes(image))
    if image.mode in _WITH_ALPHA or "transparency" in image.info:
        return image.convert("RGBA")
    return image.convert("L" if image.mode in {"1", "L"} else "RGB")


def _extremes(image: Image.Image) -> tuple[float, float]:
    """The darkest and the brightest value of a grey image of more than eight bits."""
    low, high = image.getextrema()
    return float(cast("float", low)), float(cast("float", high))


def _stretched(image: Image.Image, low: float, high: float) -> Image.Image:
    """More than eight bits, shown from the darkest to the brightest value."""
    wide = image if image.mode in {"I", "F"} else image.convert("I")
    scale = 255.0 / (high - low) if high > low else 0.0
    return wide.point(lambda value: value * scale - low * scale).convert("L")


def tiles(file: IO[bytes], media_type: str, given: dict[str, Any], give: GivePart) -> dict[str, Any]:
    """Give the tiles of all levels, in the order of a pack.

    Args:
        file: the image.
        media_type: its type.
        given: `max_pixels`.
        give: takes them.
    """
    image = _opened(file, media_type, given["max_pixels"])
    step = _step(image)
    turn = Turn(step, swaps=_orientation(image) in _TURNED)
    give_tiles(image, turn, _look(loaded(image)), give)
    return {}


def _look(image: Image.Image) -> Look:
    """How parts of a loaded image become eight bits."""
    is_exact = image.format not in {"JPEG", "WEBP"}
    if image.mode in _DEEP:
        low, high = _extremes(image)

        def stretch(part: Image.Image) -> Image.Image:
            return _stretched(part, low, high)

        return Look("L", stretch, is_exact)
    info = image.info

    def convert(part: Image.Image) -> Image.Image:
        part.info = info
        return _plain(part)

    return Look(convert(image.crop((0, 0, 1, 1))).mode, convert, is_exact)


def turned(image: Image.Image, source: Image.Image) -> Image.Image:
    """`image` made upright as the EXIF of `source` says."""
    step = _step(source)
    return image if step is None else image.transpose(step)


def _step(source: Image.Image) -> Image.Transpose | None:
    """The step that makes an image upright as its EXIF says."""
    return {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }.get(_orientation(source))


def encoded(image: Image.Image, icc: bytes | None) -> bytes:
    """The image as JPEG, or as PNG when parts of it are transparent."""
    out = io.BytesIO()
    profile = {"icc_profile": icc} if icc and image.mode != "L" else {}
    if image.mode == "RGBA":
        image.save(out, "PNG", compress_level=3, **profile)
    else:
        image.save(out, "JPEG", quality=_QUALITY, **profile)
    return out.getvalue()


def _broken(name: str, error: Exception) -> MediaError:
    said = " ".join(str(error).split())[:120] or type(error).__name__
    return MediaError(f"It is a broken {name} file: {said}.", hint="Save it anew from its source.")


TASKS: MappingProxyType[str, Callable[..., dict[str, Any]]] = MappingProxyType(
    {"probe": probe, "thumbnail": thumbnail, "tiles": tiles}
)
