"""Cuts an image into the tiles of all levels, with the pixels of one level in memory at a time.

The image is turned upright tile by tile, and converted tile by tile: a turned or converted copy of a whole image would
double what it takes.
"""

import io
from collections.abc import Callable
from typing import NamedTuple

from PIL import Image

from goldsmith.media.decoding.wire import GivePart
from goldsmith.media.tiles import TILE, Level, levels

_STRIP = 512  # rows that are halved at a time; even, so that halves of strips meet
_QUALITY = 92
_Box = tuple[int, int, int, int]


class Turn(NamedTuple):
    """How an image is made upright: the step that Pillow takes, and whether width and height change places."""

    step: Image.Transpose | None
    swaps: bool


class Look(NamedTuple):
    """How parts of an image are made ready to be shown.

    Attributes:
        mode: of what `convert` gives.
        convert: makes eight bits of a part.
        is_exact: whether tiles are kept as they are, not compressed with loss.
    """

    mode: str
    convert: Callable[[Image.Image], Image.Image]
    is_exact: bool


def give_tiles(image: Image.Image, turn: Turn, look: Look, give: GivePart) -> None:
    """Give all tiles of a loaded image, level by level and row by row; the image is closed afterwards."""
    width, height = (image.height, image.width) if turn.swaps else image.size
    current, convert = image, look.convert
    for level in levels(width, height):
        if level.number:
            halved = _halved(current, convert, look.mode)
            current.close()
            current, convert = halved, _as_it_is
        _give_level(current, level, turn, lambda part, convert=convert: give(_encoded(convert(part), look)))
    current.close()


def _give_level(image: Image.Image, level: Level, turn: Turn, give: Callable[[Image.Image], None]) -> None:
    for y in range(level.n_down):
        for x in range(level.n_across):
            box = (
                x * TILE,
                y * TILE,
                min((x + 1) * TILE, level.width),
                min((y + 1) * TILE, level.height),
            )
            part = image.crop(_lying(box, image.size, turn))
            give(part if turn.step is None else part.transpose(turn.step))


def _lying(box: _Box, size: tuple[int, int], turn: Turn) -> _Box:
    """Where the part at `box` of the upright image lies in the stored one of `size`."""
    left, top, right, bottom = box
    width, height = size
    match turn.step:
        case None:
            return box
        case Image.Transpose.FLIP_LEFT_RIGHT:
            return width - right, top, width - left, bottom
        case Image.Transpose.ROTATE_180:
            return width - right, height - bottom, width - left, height - top
        case Image.Transpose.FLIP_TOP_BOTTOM:
            return left, height - bottom, right, height - top
        case Image.Transpose.TRANSPOSE:
            return top, left, bottom, right
        case Image.Transpose.ROTATE_270:
            return top, height - right, bottom, height - left
        case Image.Transpose.TRANSVERSE:
            return width - bottom, height - right, width - top, height - left
        case Image.Transpose.ROTATE_90:
            return width - bottom, left, width - top, right


def _halved(image: Image.Image, convert: Callable[[Image.Image], Image.Image], mode: str) -> Image.Image:
    made = Image.new(mode, (-(-image.width // 2), -(-image.height // 2)))
    for top in range(0, image.height, _STRIP):
        strip = convert(image.crop((0, top, image.width, min(top + _STRIP, image.height))))
        made.paste(strip.reduce(2), (0, top // 2))
    return made


def _as_it_is(image: Image.Image) -> Image.Image:
    return image


def _encoded(image: Image.Image, look: Look) -> bytes:
    out = io.BytesIO()
    if look.is_exact or image.mode == "RGBA":
        image.save(out, "PNG", compress_level=1)
    else:
        image.save(out, "JPEG", quality=_QUALITY, subsampling=0)
    return out.getvalue()
