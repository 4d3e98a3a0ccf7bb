"""How fast files are sealed, given by ranges, made small and cut into tiles, and what that takes.

    python -m benchmarks.media [--megapixels 100]

Everything runs as in the server, with its limited processes. Times on the clock are of this machine and of what else
it does at the time.
"""

import argparse
import io
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
from PIL import Image

from goldsmith.media import derivatives
from goldsmith.media.model import BlobRecord, Limits
from goldsmith.media.rooms import MediaRoom
from goldsmith.store.homes import Home

_RANGE_BYTES = 1 << 16
_CUT = """
import re, sys
from pathlib import Path
from goldsmith.media.decoding import images
images.tiles(open(sys.argv[1], "rb"), "image/jpeg", {"max_pixels": 10**9}, lambda part: None)
print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


def photo(megapixels: float) -> bytes:
    """A JPEG with the detail of a photo: noise of several sizes, three to two."""
    height = round((megapixels * 1e6 / 1.5) ** 0.5)
    width = round(height * 1.5)
    rng = np.random.default_rng(1)
    image = Image.new("RGB", (width, height))
    for side in (16, 128, 1024):
        part = Image.fromarray(rng.integers(0, 256, (side, side, 3), dtype=np.uint8)).resize((2048, 2048))
        for left in range(0, width, 2048):
            for top in range(0, height, 2048):
                box = (left, top, min(left + 2048, width), min(top + 2048, height))
                old = image.crop(box)
                image.paste(Image.blend(old, part.crop((0, 0, *old.size)), 0.5), box)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def sound(seconds: int) -> bytes:
    samples = np.random.default_rng(2).uniform(-0.5, 0.5, (seconds * 44_100, 2)).astype(np.float32)
    out = io.BytesIO()
    soundfile.write(out, samples, 44_100, format="WAV", subtype="PCM_16")
    return out.getvalue()


def sent(room: MediaRoom, content: bytes) -> BlobRecord:
    with room.blobs.receiving() as incoming:
        for start in range(0, len(content), 1 << 18):
            incoming.write(content[start : start + (1 << 18)])
        return room.take_in(incoming, actor="benchmark")


class Cost(NamedTuple):
    """What something took: seconds on the clock, and of computing in this process and in those that read files."""

    clock_s: float
    cpu_s: float


def cost_of(room: MediaRoom, work: Callable[[], object]) -> Cost:
    """What `work` takes, the start of a process that reads files included."""
    room.decoders.close_idle()
    before, started = _cpu(), time.perf_counter()
    work()
    clock = time.perf_counter() - started
    room.decoders.close_idle()  # what a process took is known once it has ended
    return Cost(clock, _cpu() - before)


def _cpu() -> float:
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(one.ru_utime + one.ru_stime for one in map(resource.getrusage, kinds))


def seal(room: MediaRoom, content: bytes) -> None:
    with room.blobs.receiving() as incoming:
        for start in range(0, len(content), 1 << 18):
            incoming.write(content[start : start + (1 << 18)])
        incoming.end()
        room.blobs.keep(incoming, "benchmark")


def read_ranges(room: MediaRoom, size: int, n: int) -> None:
    rng = random.Random(3)  # noqa: S311 - places, not secrets
    for _ in range(n):
        with room.blobs.open("benchmark") as reader:
            reader.seek(rng.randrange(size - _RANGE_BYTES))
            left = _RANGE_BYTES
            while left:
                left -= len(reader.read(left))


def measure(room: MediaRoom, megapixels: float) -> None:
    content = np.random.default_rng(4).bytes(256 << 20)
    tell("seal 256 MiB, with its fsync", cost_of(room, lambda: seal(room, content)), 256, "MiB")
    tell("read 256 MiB whole, and hash it", cost_of(room, lambda: room.blobs.digest("benchmark")), 256, "MiB")
    cost = cost_of(room, lambda: read_ranges(room, len(content), 2000))
    tell("2,000 ranges of 64 KiB, opened each time", cost, 2000, "ranges")

    photos = [photo(12) + bytes([number]) for number in range(8)]
    records: list[BlobRecord] = []
    cost = cost_of(room, lambda: records.extend(sent(room, one) for one in photos))
    tell("take in 8 photos of 12 megapixels", cost, 8, "photos")
    cost = cost_of(room, lambda: [derivatives.thumbnail(room, one, 1024) for one in records])
    tell("8 more small versions, of 1024 pixels", cost, 8, "versions")
    audio = sound(600)
    tell("take in 10 minutes of WAV, with peaks", cost_of(room, lambda: sent(room, audio)), 10, "minutes")

    record = sent(room, photo(megapixels))
    width, height = record.facts["width"], record.facts["height"]
    tell(
        f"cut {width:,} by {height:,} into tiles",
        cost_of(room, lambda: derivatives.cut_tiles(room, record)),
        megapixels,
        "MP",
    )
    print(f"largest it gets on the way: {peak_mib(room, record):,} MiB")
    cost = cost_of(room, lambda: [derivatives.kept_tile(room, record, level=0, x=x, y=x) for x in range(30)])
    tell("give 30 tiles", cost, 30, "tiles")


def peak_mib(room: MediaRoom, record: BlobRecord) -> int:
    """The most memory that cutting a photo into tiles takes, in a process of its own, which is what `/proc` tells."""
    with tempfile.NamedTemporaryFile(suffix=".jpg") as file, room.open(record) as reader:
        shutil.copyfileobj(reader, file)
        file.flush()
        made = subprocess.run([sys.executable, "-c", _CUT, file.name], capture_output=True, text=True, check=True)
    return int(made.stdout) >> 10


def tell(what: str, cost: Cost, n: float, unit: str) -> None:
    print(f"{what:44} {cost.clock_s:8.2f} s  {cost.cpu_s:8.2f} s CPU  {n / cost.cpu_s:10,.1f} {unit}/s CPU", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megapixels", type=float, default=100)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Home(Path(folder)) as home:
        room = MediaRoom(home.create_vault("benchmark"), Limits())
        try:
            measure(room, asked.megapixels)
        finally:
            room.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
