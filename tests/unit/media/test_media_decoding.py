"""What limited processes make of files: exact tiles, peaks that bound, and bounded memory."""

import io
import resource
import subprocess
import sys
import textwrap
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageOps

from goldsmith.errors import MediaError, NotFound
from goldsmith.media.decoding import audio, images
from goldsmith.media.decoding.audio import PeakCollector
from goldsmith.media.kinds import file_type_of
from goldsmith.media.peaks import merged
from goldsmith.media.tiles import TILE, PackWriter, levels, read_tile, tile_number
from tests.unit.media.made_media import as_bytes, made_image, made_sound, noise, png_that_claims

LIMIT = 250_000_000


def tiles_of(content: bytes) -> list[bytes]:
    parts: list[bytes] = []
    media_type = file_type_of(content[:1024]).media_type
    images.tiles(io.BytesIO(content), media_type, {"max_pixels": LIMIT}, parts.append)
    return parts


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 600),
    st.integers(1, 600),
    st.sampled_from(["L", "RGB", "RGBA", "P", "1", "LA"]),
    st.integers(1, 8),
)
def test_the_tiles_of_every_level_make_an_image_and_those_of_the_first_are_the_image(width, height, mode, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    source = noise((width, height), "RGB").convert(mode)
    content = as_bytes(source, "PNG", exif=exif)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
    left = iter(tiles_of(content))
    for level in levels(*upright.size):
        made = Image.new("RGBA", (level.width, level.height))
        for y in range(level.n_down):
            for x in range(level.n_across):
                made.paste(Image.open(io.BytesIO(next(left))).convert("RGBA"), (x * TILE, y * TILE))
        if level.number == 0:
            assert ImageChops.difference(made, upright.convert("RGBA")).getbbox(alpha_only=False) is None
    assert next(left, None) is None
    assert max(level.width, level.height) <= TILE


def test_deep_grey_is_stretched_alike_in_all_tiles():
    values = np.linspace(1000, 3000, 400 * 300, dtype=np.uint16).reshape(300, 400)
    first, second, *_ = (Image.open(io.BytesIO(tile)) for tile in tiles_of(as_bytes(Image.fromarray(values), "TIFF")))
    assert first.getpixel((0, 0)) == 0
    assert abs(first.getpixel((255, 100)) - second.getpixel((0, 100))) <= 1


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 4000), st.integers(1, 4000))
def test_every_tile_has_a_number_of_its_own(width, height):
    numbers = [
        tile_number((width, height), level=level.number, x=x, y=y)
        for level in levels(width, height)
        for y in range(level.n_down)
        for x in range(level.n_across)
    ]
    assert numbers == list(range(len(numbers)))
    last = list(levels(width, height))[-1].number
    for level, x, y in ((last + 1, 0, 0), (0, -(-width // TILE), 0), (0, 0, -(-height // TILE)), (0, -1, 0)):
        with pytest.raises(NotFound):
            tile_number((width, height), level=level, x=x, y=y)


class _Pack(io.BytesIO):
    @property
    def size_bytes(self) -> int:
        return len(self.getvalue())


@given(st.lists(st.binary(max_size=50), min_size=1, max_size=40))
def test_a_pack_gives_each_tile_back(tiles):
    pack = _Pack()
    writer = PackWriter(pack)
    for tile in tiles:
        writer.add(tile)
    writer.end()
    assert [read_tile(pack, number) for number in range(len(tiles))] == tiles


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=300),
    st.integers(1, 50),
    st.lists(st.integers(1, 80), min_size=1, max_size=20),
    st.integers(1, 40),
)
def test_peaks_bound_all_samples_tightly_however_they_come(samples, n_frames, cuts, n_most):
    sound = np.array(samples, dtype=np.float32).reshape(-1, 1)
    collector = PeakCollector(frames_per_bucket=n_frames)
    start = 0
    for cut in (*cuts, len(sound)):
        if start < len(sound):
            collector.add(sound[start : start + cut])
            start += cut
    pairs = np.frombuffer(collector.content(), dtype=np.int8).reshape(-1, 2)
    assert len(pairs) == -(-len(sound) // n_frames)
    for number, (low, high) in enumerate(pairs.astype(int)):
        part = sound[number * n_frames : (number + 1) * n_frames]
        assert low <= part.min() * 127 < low + 1 + 1e-4
        assert high >= part.max() * 127 > high - 1 - 1e-4
    values, n_each = merged(pairs.tobytes(), n_most)
    assert len(values) // 2 <= n_most
    for number in range(len(values) // 2):
        old = pairs[number * n_each : (number + 1) * n_each]
        assert values[2 * number : 2 * number + 2] == [old[:, 0].min(), old[:, 1].max()]


@pytest.mark.parametrize("n_announced", [0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF])
def test_a_wav_file_written_as_a_stream_is_taken_whole(n_announced):
    content = made_sound("WAV")
    sized = content.index(b"data") + 4
    streamed = content[:sized] + n_announced.to_bytes(4, "little") + content[sized + 4 :]
    probed = audio.probe(io.BytesIO(streamed), "audio/wav", {"max_audio_s": 60, "buckets_per_s": 100}, lambda _: None)
    assert probed["duration_ms"] == 1000


@pytest.mark.parametrize("content", [png_that_claims(60_000, 60_000), png_that_claims(250_001, 1000)])
def test_an_image_that_claims_too_many_pixels_is_refused_before_they_are_made(content):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(MediaError, match=r"pixels.*at most"):
        images.probe(io.BytesIO(content), "image/png", {"max_pixels": LIMIT, "sizes": [256]}, lambda _part: None)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP"])
def test_damage_anywhere_gives_an_image_or_a_reason(form):
    whole = made_image(form, (90, 70))
    rng = np.random.default_rng(5)
    for _ in range(40):
        content = bytearray(whole)
        for place in rng.integers(12, len(whole), 3):
            content[place] ^= int(rng.integers(1, 256))
        cut = bytes(content[: int(rng.integers(12, len(whole)))]) if rng.random() < 0.3 else bytes(content)
        with suppress(MediaError):  # anything else would be a fault of ours
            given = {"max_pixels": LIMIT, "sizes": [64]}
            images.probe(io.BytesIO(cut), f"image/{form.lower()}", given, lambda _part: None)


BIG = """
    import re, sys
    from pathlib import Path
    from goldsmith.media.decoding import images
    given = {{"max_pixels": 250_000_000, "sizes": [512, 256]}}
    images.{task}(open(sys.argv[1], "rb"), "image/jpeg", given, lambda part: None)
    print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) >> 10)
"""


def photo_of(size: tuple[int, int]) -> bytes:
    image = Image.new("RGB", size)
    tile = noise((1000, 1000), seed=9)
    for left in range(0, size[0], 1000):
        for top in range(0, size[1], 1000):
            image.paste(tile, (left, top))
    return as_bytes(image, "JPEG", quality=60)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells the peak of a process")
@pytest.mark.parametrize(
    ("task", "size", "most_mib"),
    [("probe", (20_000, 10_000), 120), ("tiles", (8_000, 5_000), 300)],
    ids=["200 megapixels made small", "40 megapixels cut into tiles"],
)
def test_a_large_photo_is_read_in_bounded_memory(tmp_path, *, task, size, most_mib):
    path = tmp_path / "big.jpg"
    path.write_bytes(photo_of(size))
    code = textwrap.dedent(BIG.format(task=task))
    made = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
    assert int(made.stdout) < most_mib, made.stdout
