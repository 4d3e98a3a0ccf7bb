"""Sealed files: what went in comes out, from any place; what was touched does not open."""

import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldsmith.errors import BlobDamaged
from goldsmith.trust.sealing import CHUNK_BYTES, HEADER_BYTES, SealedReader, Sealer, sealed_size, unwrap

KEY = bytes(range(32))
SIZES = st.sampled_from([0, 1, 15, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 3 * CHUNK_BYTES - 7])


def content_of(size: int) -> bytes:
    return bytes((place * 131 + place // 251) % 256 for place in range(size))


def sealed(content: bytes, *, label: str = "blob a", part: int = 10_000) -> bytes:
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "f").open("w+b") as file:
        sealer = Sealer(file)
        for start in range(0, len(content), part):
            sealer.write(content[start : start + part])
        sealer.flush()
        sealer.finish(KEY, label)
        file.seek(0)
        return file.read()


def opened(stored: bytes, *, label: str = "blob a", key: bytes = KEY) -> io.BufferedReader:
    file = io.BytesIO(stored)
    return io.BufferedReader(SealedReader(file, unwrap(file, key, label), label))


@settings(max_examples=40, deadline=None)
@given(SIZES, st.integers(1, 200_000), st.data())
def test_any_part_is_what_was_written_however_it_was_written(size, part, data):
    content = content_of(size)
    stored = sealed(content, part=part)
    assert len(stored) == sealed_size(size)
    start = data.draw(st.integers(0, size + 10))
    n_bytes = data.draw(st.integers(0, size + 10))
    with opened(stored) as reader:
        reader.seek(start)
        assert reader.read(n_bytes) == content[start : start + n_bytes]
        reader.seek(0)
        assert reader.read() == content


@settings(max_examples=60, deadline=None)
@given(st.integers(0, sealed_size(CHUNK_BYTES + 500) - 1), st.integers(1, 255))
def test_no_byte_of_a_sealed_file_can_be_changed(place, flip):
    content = content_of(CHUNK_BYTES + 500)
    stored = bytearray(sealed(content))
    stored[place] ^= flip
    with pytest.raises(BlobDamaged) as caught, opened(bytes(stored)) as reader:
        reader.read()
    assert "backup" in caught.value.hint


@settings(max_examples=30, deadline=None)
@given(st.integers(0, sealed_size(2 * CHUNK_BYTES) - 1))
def test_a_sealed_file_cannot_be_cut(n_bytes):
    stored = sealed(content_of(2 * CHUNK_BYTES))
    with pytest.raises(BlobDamaged):
        opened(stored[:n_bytes])


def test_chunks_cannot_change_places_nor_files_their_names_keys_or_ends():
    content = content_of(2 * CHUNK_BYTES)
    stored, other = sealed(content), sealed(content)
    size = CHUNK_BYTES + 16
    first, second = stored[HEADER_BYTES : HEADER_BYTES + size], stored[HEADER_BYTES + size :]
    for made in (
        stored[:HEADER_BYTES] + second + first,
        stored[:HEADER_BYTES] + other[HEADER_BYTES:],
        stored[:HEADER_BYTES] + first + first,
        stored + b"x",
        other[:HEADER_BYTES] + first + second,
    ):
        with pytest.raises(BlobDamaged), opened(made) as reader:
            reader.read()
    with pytest.raises(BlobDamaged):
        opened(stored, label="blob b")
    with pytest.raises(BlobDamaged):
        opened(stored, key=bytes(32))


def test_the_same_content_is_never_sealed_alike():
    assert not set(sealed(b"x" * 100)[16:].split(b"\0" * 4)) & set(sealed(b"x" * 100)[16:].split(b"\0" * 4)) - {b""}


def test_damage_names_the_bytes_and_leaves_the_rest_readable():
    stored = bytearray(sealed(content_of(3 * CHUNK_BYTES)))
    stored[HEADER_BYTES + CHUNK_BYTES + 16 + 5] ^= 1
    with opened(bytes(stored)) as reader:
        assert reader.read(CHUNK_BYTES) == content_of(CHUNK_BYTES)
        with pytest.raises(BlobDamaged, match="bytes 65,536 to 131,072"):
            reader.read(1)
        reader.seek(2 * CHUNK_BYTES)
        assert reader.read() == content_of(3 * CHUNK_BYTES)[2 * CHUNK_BYTES :]
