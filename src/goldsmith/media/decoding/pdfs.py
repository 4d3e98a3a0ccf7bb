"""Reads PDF files with pdfium: the sizes of pages, a page as a picture, its text with a box for each code point."""

import ctypes
import io
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from types import MappingProxyType
from typing import IO, Any, NamedTuple, cast

import pypdfium2
import pypdfium2.raw

from goldsmith.errors import MediaError
from goldsmith.media.decoding.wire import GivePart

# Any: the library has few types, and parameters are JSON values.

raw: Any = pypdfium2.raw

_PASSWORD = 4
_REASONS = {
    _PASSWORD: "It is encrypted and needs a password.",
    5: "It is encrypted in a way that is not supported.",
}
_FINE = 1_000  # parts of a point in which places on a page are asked for
_FAR = 1_000.0
_HYPHENS = frozenset({0x02, 0xFFFE})
"""What pdfium gives for the hyphen of a word that goes on in the next line."""

_MAX_SIDE = 14_400.0
"""The longest side of a page in points; the limit of Acrobat, 200 inches."""


class _Point(NamedTuple):
    """A code point of a page: which, and the number of pdfium's first character for it."""

    text: str
    number: int


def probe(file: IO[bytes], _media_type: str, given: dict[str, Any], _give: GivePart) -> dict[str, Any]:
    """The pages: their size in points as they are shown, and how many code points of text each has.

    Args:
        file: the PDF.
        _media_type: not needed.
        given: `max_pages`.
        _give: not needed.
    """
    with _opened(file) as document:
        n_pages = len(document)
        if not 0 < n_pages <= given["max_pages"]:
            raise MediaError(
                f"It has {n_pages:,} pages; 1 to {given['max_pages']:,} are taken.", hint="Split it into several files."
            )
        return {"pages": [_page_facts(document, number) for number in range(n_pages)]}


def text(file: IO[bytes], _media_type: str, given: dict[str, Any], _give: GivePart) -> dict[str, Any]:
    """The text of a page, and for each of its code points the box `[x, y, width, height]` in points from the top left.

    Args:
        file: the PDF.
        _media_type: not needed.
        given: `page`, counted from 1.
        _give: not needed.
    """
    with _opened(file) as document, _page(document, given["page"] - 1) as page, closing(page.get_textpage()) as layer:
        points = list(_points(layer))
        place = _placing(page)
        return {
            "text": "".join(point.text for point in points),
            "boxes": [place(_bounds(layer, point.number)) for point in points],
        }


def picture(file: IO[bytes], _media_type: str, given: dict[str, Any], give: GivePart) -> dict[str, Any]:
    """Give a page as PNG.

    Args:
        file: the PDF.
        _media_type: not needed.
        given: `page`, counted from 1; `scale` in pixels for each point; `max_pixels`.
        give: takes it.
    """
    with _opened(file) as document, _page(document, given["page"] - 1) as page:
        width, height = page.get_size()
        n_pixels = width * height * given["scale"] ** 2
        if n_pixels > given["max_pixels"]:
            raise MediaError(
                f"Page {given['page']} would have {n_pixels:,.0f} pixels at this scale; at most "
                f"{given['max_pixels']:,} are drawn.",
                hint="Ask for a smaller scale.",
            )
        image = page.render(scale=given["scale"]).to_pil()
        out = io.BytesIO()
        image.save(out, "PNG", compress_level=3)
        give(out.getvalue())
        return {}


@contextmanager
def _opened(file: IO[bytes]) -> Generator[Any]:
    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as error:
        reason = _REASONS.get(cast("Any", error).err_code, "It is a broken PDF file.")
        raise MediaError(reason, hint="Save it anew, without a password.") from error
    with closing(document):
        yield document


@contextmanager
def _page(document: Any, number: int) -> Generator[Any]:
    try:
        page = document[number]
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise MediaError(f"Page {number + 1} cannot be read.", hint="Save the file anew from its source.") from error
    with closing(page):
        yield page


def _page_facts(document: Any, number: int) -> dict[str, Any]:
    with _page(document, number) as page:
        width, height = page.get_size()
        if not (0 < width <= _MAX_SIDE and 0 < height <= _MAX_SIDE):
            raise MediaError(
                f"Page {number + 1} is {width:,.0f} by {height:,.0f} points; a side has 1 to {_MAX_SIDE:,.0f}.",
                hint="Save the file anew from its source.",
            )
        with closing(page.get_textpage()) as layer:
            n_points = sum(1 for _ in _points(layer))
    return {"width": round(width, 2), "height": round(height, 2), "n_points": n_points}


def _points(layer: Any) -> Iterator[_Point]:
    """The code points of a page's text: halves of surrogate pairs joined, lines ended by one line feed."""
    high, high_number = 0, 0
    for number in range(raw.FPDFText_CountChars(layer)):
        code = raw.FPDFText_GetUnicode(layer, number)
        if high:
            if 0xDC00 <= code <= 0xDFFF:
                yield _Point(chr(0x10000 + ((high - 0xD800) << 10) + code - 0xDC00), high_number)
                high = 0
                continue
            yield _Point("\ufffd", high_number)
            high = 0
        if 0xD800 <= code <= 0xDBFF:
            high, high_number = code, number
        elif code in _HYPHENS:
            yield _Point("-", number)
        elif code >= 0x20 or code in (0x09, 0x0A):
            yield _Point("\ufffd" if 0xDC00 <= code <= 0xDFFF else chr(code), number)
    if high:
        yield _Point("\ufffd", high_number)


def _bounds(layer: Any, number: int) -> tuple[float, float, float, float]:
    """Left, right, bottom and top of a character in the page's own coordinates."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(layer, number, left, right, bottom, top)
    return left.value, right.value, bottom.value, top.value


def _placing(page: Any) -> Callable[[tuple[float, float, float, float]], list[float]]:
    """From the page's own coordinates to those in which it is shown: turned, cut, and from the top left."""
    width, height = page.get_size()

    def shown(x: float, y: float) -> tuple[float, float]:
        to_x, to_y = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page, 0, 0, round(width * _FINE), round(height * _FINE), 0, x, y, to_x, to_y)
        return to_x.value / _FINE, to_y.value / _FINE

    (x0, y0), (x1, y1), (x2, y2) = shown(0, 0), shown(_FAR, 0), shown(0, _FAR)
    xx, xy, yx, yy = (x1 - x0) / _FAR, (y1 - y0) / _FAR, (x2 - x0) / _FAR, (y2 - y0) / _FAR

    def place(bounds: tuple[float, float, float, float]) -> list[float]:
        left, right, bottom, top = bounds
        xs = [x0 + xx * left + yx * bottom, x0 + xx * right + yx * top]
        ys = [y0 + xy * left + yy * bottom, y0 + xy * right + yy * top]
        return [
            round(min(xs), 2),
            round(min(ys), 2),
            round(max(xs) - min(xs), 2),
            round(max(ys) - min(ys), 2),
        ]

    return place


TASKS: MappingProxyType[str, Callable[..., dict[str, Any]]] = MappingProxyType(
    {"probe": probe, "text": text, "picture": picture}
)
