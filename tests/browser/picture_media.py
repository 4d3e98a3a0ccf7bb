"""The photo, the sound and the PDF that the pictures of the question types show, all drawn here."""

import io
from collections.abc import Sequence
from typing import Any

import httpx
import numpy as np
import soundfile
from browser_lab import VAULT, Served
from PIL import Image, ImageDraw

WIDTH, HEIGHT = 960, 480
CAR, VAN = (296, 252, 504, 404), (736, 262, 924, 414)
HOUSE = ((560, 320), (560, 200), (640, 130), (720, 200), (720, 320))
BODY = {
    "head": (150, 190),
    "neck": (150, 222),
    "left_hand": (104, 282),
    "right_hand": (204, 262),
    "hip": (150, 310),
    "left_foot": (118, 404),
    "right_foot": (184, 404),
}
_BONES = (
    ("head", "neck"),
    ("neck", "left_hand"),
    ("neck", "right_hand"),
    ("neck", "hip"),
    ("hip", "left_foot"),
    ("hip", "right_foot"),
)
EDGES = [list(bone) for bone in _BONES]
_LINES = ("Contract of sale", "Between Ada Lovelace and Charles Babbage", "The price is 400 pounds.")


def photo() -> bytes:
    """A street with a person, a car, a house and a van, as PNG."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "#cfe3f2")
    pen = ImageDraw.Draw(image)
    pen.ellipse((-200, 220, 700, 700), fill="#b9cfa5")
    pen.ellipse((300, 250, 1300, 800), fill="#a9c493")
    pen.rectangle((0, 360, WIDTH, HEIGHT), fill="#8d9196")
    pen.rectangle((0, 352, WIDTH, 362), fill="#d9d6cf")
    for x in range(20, WIDTH, 120):
        pen.rectangle((x, 440, x + 60, 446), fill="#f1efe9")
    pen.polygon(HOUSE, fill="#e8cfa8", outline="#7a5b3a", width=4)
    pen.rectangle((615, 230, 665, 275), fill="#56718a")
    pen.polygon([(330, 306), (365, 256), (445, 256), (478, 306)], fill="#8fb0c8")
    pen.rounded_rectangle((300, 302, 500, 384), 18, fill="#c2412d")
    pen.rounded_rectangle((740, 266, 920, 392), 14, fill="#2f5d9b")
    pen.rectangle((752, 282, 800, 322), fill="#8fb0c8")
    for x in (345, 455, 782, 880):
        y = 380 if x < WIDTH / 2 else 390
        pen.ellipse((x - 23, y - 23, x + 23, y + 23), fill="#2b2b2b")
    for start, end in _BONES:
        pen.line((BODY[start], BODY[end]), fill="#4a3a6b", width=16)
    pen.ellipse((124, 164, 176, 216), fill="#d9a77f")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def sound() -> bytes:
    """Eight seconds in which two voices take turns, as WAV."""
    times = np.arange(64_000) / 8_000
    turns = ((0.6, 3.1, 180.0), (3.9, 5.6, 240.0), (6.1, 7.5, 180.0))
    heard = sum(
        np.where((times > start) & (times < end), np.sin(times * pitch * 6.28) * np.abs(np.sin((times - start) * 9)), 0)
        for start, end, pitch in turns
    )
    buffer = io.BytesIO()
    soundfile.write(buffer, np.asarray(heard, dtype=np.float32) * 0.7, 8_000, format="WAV")
    return buffer.getvalue()


def contract() -> bytes:
    """A page with three lines of text, as PDF."""
    return pdf(_LINES, height=250)


def pdf(lines: Sequence[str], *, height: int) -> bytes:
    """A page as wide as A4 with a few lines of text at its top, as PDF; lengths in points."""
    text = f"BT /F1 18 Tf 60 {height - 60} Td 32 TL " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
    fonts = "/Resources << /Font << /F1 5 0 R >> >>"
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 {height}] /Contents 4 0 R {fonts} >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    written = "%PDF-1.4\n"
    places: list[int] = []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{len(written)}\n%%EOF"
    return f"{written}xref\n0 {size}\n0000000000 65535 f \n{table}{end}".encode()


def uploaded(served: Served) -> dict[str, dict[str, Any]]:
    """The files in the vault, by their names, as items speak of them."""
    headers = {"Authorization": f"Bearer {served.token()}", "Content-Type": "application/octet-stream"}
    made = {"photo.png": photo(), "call.wav": sound(), "contract.pdf": contract()}
    with httpx.Client(headers=headers, timeout=60) as client:
        address = f"{served.url}/api/vaults/{VAULT}/blobs"
        return {
            name: client.post(address, params={"name": name}, content=content).raise_for_status().json()
            for name, content in made.items()
        }
