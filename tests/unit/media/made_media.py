"""Small images, sounds and documents, made here."""

import io
import zlib

import numpy as np
import soundfile
from PIL import Image

from tests.unit.refine.made_files import made_pdf

__all__ = ["as_bytes", "made_image", "made_pdf", "made_sound", "noise", "png_that_claims"]


def noise(size: tuple[int, int], mode: str = "RGB", seed: int = 0) -> Image.Image:
    """An image in which every pixel differs from its neighbours."""
    rng = np.random.default_rng(seed)
    width, height = size
    bands = [
        Image.fromarray(rng.integers(0, 256, (height, width), dtype=np.uint8))
        for _ in Image.new(mode, (1, 1)).getbands()
    ]
    return Image.merge(mode, bands) if len(bands) > 1 else bands[0]


def as_bytes(image: Image.Image, form: str, **parameters) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **parameters)
    return out.getvalue()


def made_image(form: str = "PNG", size: tuple[int, int] = (60, 40), *, orientation: int = 1, seed: int = 0) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return as_bytes(noise(size, seed=seed), form, **({"exif": exif} if orientation != 1 else {}))


def made_sound(form: str = "WAV", *, seconds: float = 1.0, rate: int = 8000, channels: int = 1, seed: int = 0) -> bytes:
    samples = np.random.default_rng(seed).uniform(-0.8, 0.8, (round(seconds * rate), channels))
    out = io.BytesIO()
    soundfile.write(out, samples, rate, format=form)
    return out.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header claims many pixels."""

    def part(name: bytes, content: bytes) -> bytes:
        body = name + content
        return len(content).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    rows = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", rows) + part(b"IEND", b"")
