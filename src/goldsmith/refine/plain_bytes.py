"""Says which files are plain UTF-8, without making texts of them."""

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8
from goldsmith.kit.jit import in_place, inlined
from goldsmith.kit.utf8 import byte_at
from goldsmith.refine.charsets import MAX_ODD_SHARE

U8 = NDArray[np.uint8]
I64 = NDArray[np.int64]

_ESCAPE, _DELETE, _SPACE = 0x1B, 0x7F, 0x20
_BACKSPACE, _RETURN = 0x08, 0x0D


def are_plain(files: Utf8) -> list[bool]:
    """Which of these files `charsets.decode` takes for UTF-8 at first sight.

    They have no byte-order mark and no escapes, by which other charsets are told, and hardly a byte that could belong
    to a control character or one that no text has.

    Args:
        files: valid UTF-8.
    """
    found = np.empty(len(files.offsets) - 1, np.bool_)
    _survey(*files, found)
    return found.tolist()


@in_place
def _survey(content: U8, offsets: I64, found: NDArray[np.bool_]) -> None:
    for file in range(len(found)):
        start, stop = offsets[file], offsets[file + 1]
        n_odd = n_points = n_escapes = 0
        for place in range(start, stop):
            byte = byte_at(content, place)
            n_escapes += byte == _ESCAPE
            n_points += byte & 0xC0 != 0x80
            n_odd += _can_be_odd(byte)
        found[file] = n_escapes == 0 and n_odd <= MAX_ODD_SHARE * n_points and not _is_marked(content, start, stop)


@inlined
def _can_be_odd(byte: np.uint8) -> bool:
    """Whether a byte is a control character, or begins characters of which some are: what `charsets` looks into."""
    is_control = (byte < _SPACE) & ((byte < _BACKSPACE) | (byte > _RETURN)) & (byte != _ESCAPE) | (byte == _DELETE)
    return is_control | (byte == 0xC2) | (byte == 0xEE) | (byte == 0xEF)


@inlined
def _is_marked(content: U8, start: int, stop: int) -> bool:
    """Whether a file begins with the byte-order mark of UTF-8."""
    return stop - start >= 3 and content[start] == 0xEF and content[start + 1] == 0xBB and content[start + 2] == 0xBF
