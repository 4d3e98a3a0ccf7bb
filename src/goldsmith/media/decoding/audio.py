"""Reads audio with libsndfile: rate, channels, duration, and peaks to draw it by."""

import functools
import io
import struct
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from types import MappingProxyType
from typing import IO, Any, BinaryIO, cast

import numpy as np
import soundfile

from goldsmith.errors import MediaError
from goldsmith.media.decoding.wire import GivePart
from goldsmith.media.kinds import FILE_TYPES

# Any: the library has few types, and parameters are JSON values.

_FORMATS = MappingProxyType({"WAV": {"WAV", "WAVEX"}, "FLAC": {"FLAC"}, "OGG": {"OGG"}, "MP3": {"MP3", "MPEG"}})
_BLOCK_FRAMES = 1 << 16
_MAX_CHANNELS = 64
_UNKNOWN_SIZE = 0x7FFF_0000
"""Who writes a WAV file without going back announces this much or more."""


def probe(file: IO[bytes], media_type: str, given: dict[str, Any], give: GivePart) -> dict[str, Any]:
    """Duration, rate and channels of audio that can be read to its end; its peaks are given.

    Args:
        file: the audio.
        media_type: its type.
        given: `max_audio_s`, and `buckets_per_s` of the finest peaks.
        give: takes the peaks: for each bucket the lowest and the highest sample of any channel, as signed bytes.
    """
    with _opened(file, media_type) as sound:
        rate, channels = int(sound.samplerate), int(sound.channels)
        limit = given["max_audio_s"]
        if not 0 < channels <= _MAX_CHANNELS:
            raise MediaError(f"It has {channels} channels; 1 to {_MAX_CHANNELS} are taken.")
        n_frames = 0
        collected = PeakCollector(frames_per_bucket=max(1, round(rate / given["buckets_per_s"])))
        for block in _blocks(sound):
            n_frames += len(block)
            if n_frames > limit * rate:
                raise MediaError(f"It lasts more than {limit / 3600:,.0f} hours.", hint="Cut it into parts.")
            collected.add(block)
    if n_frames == 0:
        raise MediaError("It holds no sound: 0 samples.", hint="Send the whole file.")
    give(collected.content())
    return {"duration_ms": round(n_frames * 1000 / rate), "sample_rate": rate, "channels": channels} | {
        "frames_per_bucket": collected.frames_per_bucket
    }


class PeakCollector:
    """The lowest and the highest sample of each bucket of a fixed number of frames, over all channels."""

    def __init__(self, *, frames_per_bucket: int) -> None:
        self.frames_per_bucket = frames_per_bucket
        self._rest = np.empty((0, 2), dtype=np.float32)
        self._n_rest = 0
        self._low: list[np.ndarray] = []
        self._high: list[np.ndarray] = []
        self._waiting = np.empty(0, dtype=np.float32), np.empty(0, dtype=np.float32)

    def add(self, block: np.ndarray) -> None:
        """Count a block of float32 samples, shape (frames, channels), in [-1, 1]."""
        # Channel by channel: numpy takes five times as long to reduce along an axis of two.
        low = np.concatenate([self._waiting[0], functools.reduce(np.minimum, block.T)])
        high = np.concatenate([self._waiting[1], functools.reduce(np.maximum, block.T)])
        n_whole = len(low) // self.frames_per_bucket * self.frames_per_bucket
        if n_whole:
            shape = (-1, self.frames_per_bucket)
            self._low.append(low[:n_whole].reshape(shape).min(axis=1))
            self._high.append(high[:n_whole].reshape(shape).max(axis=1))
        self._waiting = low[n_whole:], high[n_whole:]

    def content(self) -> bytes:
        """All buckets as pairs of signed bytes, rounded outwards, so that no sample lies outside its bucket."""
        low, high = list(self._low), list(self._high)
        if len(self._waiting[0]):
            low.append(self._waiting[0].min(keepdims=True))
            high.append(self._waiting[1].max(keepdims=True))
        pairs = np.empty((sum(map(len, low)), 2), dtype=np.int8)
        if len(pairs):
            pairs[:, 0] = np.clip(np.floor(np.concatenate(low) * 127), -127, 127)
            pairs[:, 1] = np.clip(np.ceil(np.concatenate(high) * 127), -127, 127)
        return pairs.tobytes()


@contextmanager
def _opened(file: IO[bytes], media_type: str) -> Generator[Any]:
    name = FILE_TYPES[media_type].reader
    if name == "WAV":
        _check_is_whole(file)
    try:
        sound = soundfile.SoundFile(cast("BinaryIO", file))
    except soundfile.LibsndfileError as error:
        raise _broken(name, error) from error
    with sound:
        if sound.format not in _FORMATS[name]:
            raise MediaError(
                f"It begins like {name} but is {sound.format}, which is not taken.",
                hint="Convert it to FLAC, WAV, MP3 or OGG.",
            )
        yield sound


def _blocks(sound: Any) -> Iterator[np.ndarray]:
    name = str(sound.format)
    n_read, n_announced = 0, int(sound.frames)
    while True:
        try:
            block = sound.read(_BLOCK_FRAMES, dtype="float32", always_2d=True)
        except soundfile.LibsndfileError as error:
            raise _broken(name, error) from error
        if not len(block):
            break
        n_read += len(block)
        yield np.nan_to_num(block, copy=False, nan=0.0, posinf=1.0, neginf=-1.0)
    if name == "FLAC" and n_read < n_announced:
        raise MediaError(f"It is cut: {n_read:,} of {n_announced:,} samples are there.", hint="Send the whole file.")


def _check_is_whole(file: IO[bytes]) -> None:
    """Refuse a WAV file that holds less than its header announces, which the library reads as a shorter sound."""
    size = file.seek(0, io.SEEK_END)
    start = 12
    while start + 8 <= size:
        _ = file.seek(start)
        name, n_announced = struct.unpack("<4sI", file.read(8))
        start += 8
        if name == b"data":
            n_there = size - start
            if n_there < n_announced < _UNKNOWN_SIZE:
                share = n_there / n_announced
                raise MediaError(
                    f"It is cut: {n_there:,} of {n_announced:,} bytes of sound are there ({share:.1%}).",
                    hint="Send the whole file, or save what is there as a file of its own.",
                )
            break
        start += n_announced + n_announced % 2
    _ = file.seek(0)


def _broken(name: str, error: Exception) -> MediaError:
    said = " ".join(str(error).split())[:160]
    return MediaError(f"It is a broken {name} file: {said}", hint="Save it anew from its source.")


TASKS: MappingProxyType[str, Callable[..., dict[str, Any]]] = MappingProxyType({"probe": probe})
