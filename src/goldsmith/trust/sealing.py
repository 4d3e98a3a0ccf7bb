"""Sealed files: encrypted in chunks under a key of their own, so that any part is read without reading the rest.

    header, 128 bytes              chunk 0                    chunk 1             ...
    magic, chunk size, plain size  64 KiB and a tag of 16     64 KiB and a tag
    the wrapped key, its digest

Each file has a fresh AES-256-GCM key, so chunk `i` can take the number `i` as its nonce: a chunk that was moved, edited
or taken from another file does not open. The key is wrapped by a key of the vault, bound to the plain size (a file that
was cut does not open) and to a label such as the content's SHA-256 (a file under another name does not open). GCM does
not commit to its key, so the header holds the key's SHA-256 as well.

Source: NIST SP 800-38D (GCM); Hoang, Reyhanitabar, Rogaway & Vizár 2015, "Online Authenticated-Encryption and its
Nonce-Reuse Misuse-Resistance", for reading in chunks. The flag of the last chunk is replaced by the bound size.
"""

import hashlib
import hmac
import io
import os
import secrets
from typing import IO, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from goldsmith.errors import BlobDamaged

HEADER_BYTES = 128
CHUNK_BYTES = 1 << 16

_MAGIC = b"GSSEAL01"
_KEY_BYTES = 32
_TAG_BYTES = 16
_NONCE_BYTES = 12
_SIZE_AT, _NONCE_AT, _WRAPPED_AT, _DIGEST_AT, _USED = 16, 24, 36, 84, 116


class Opened(NamedTuple):
    """What is needed to read a sealed file: its own key, which opens no other, and the size of its content."""

    key: bytes
    size_bytes: int


class Sealer:
    """Seals what is written into an empty file. Nothing can be opened before `finish`, and no plain byte is stored."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._key = secrets.token_bytes(_KEY_BYTES)
        self._cipher = AESGCM(self._key)
        self._waiting = bytearray()
        self._n_chunks = 0
        self._hash = hashlib.sha256()
        self.size_bytes = 0
        _ = file.write(bytes(HEADER_BYTES))

    @property
    def sha256(self) -> str:
        """SHA-256 of what was written so far, as hexadecimal digits."""
        return self._hash.hexdigest()

    @property
    def opened(self) -> Opened:
        """The way to read it; complete once `flush` was called."""
        return Opened(self._key, self.size_bytes)

    def write(self, part: bytes) -> None:
        """Add a part of the content."""
        self._hash.update(part)
        self.size_bytes += len(part)
        self._waiting += part
        if len(self._waiting) >= CHUNK_BYTES:
            self._store(len(self._waiting) // CHUNK_BYTES * CHUNK_BYTES)

    def flush(self) -> None:
        """End the content; nothing can be written afterwards."""
        self._store(len(self._waiting))
        self._file.flush()

    def finish(self, wrapping_key: bytes, label: str) -> None:
        """Write the header and make all of it durable. Call `flush` before."""
        head = _MAGIC + CHUNK_BYTES.to_bytes(8, "big") + self.size_bytes.to_bytes(8, "big")
        nonce = secrets.token_bytes(_NONCE_BYTES)
        wrapped = AESGCM(wrapping_key).encrypt(nonce, self._key, head + label.encode())
        header = head + nonce + wrapped + hashlib.sha256(self._key).digest()
        _ = self._file.seek(0)
        _ = self._file.write(header.ljust(HEADER_BYTES, b"\0"))
        self._file.flush()
        os.fsync(self._file.fileno())

    def _store(self, n_bytes: int) -> None:
        with memoryview(self._waiting) as waiting:
            for start in range(0, n_bytes, CHUNK_BYTES):
                chunk = waiting[start : min(start + CHUNK_BYTES, n_bytes)]
                _ = self._file.write(self._cipher.encrypt(_nonce(self._n_chunks), chunk, None))
                self._n_chunks += 1
                chunk.release()
        del self._waiting[:n_bytes]


def unwrap(file: IO[bytes], wrapping_key: bytes, label: str) -> Opened:
    """The key and the size of a sealed file.

    Raises:
        BlobDamaged: it is no sealed file, was edited or cut, or belongs to another label or key.
    """
    header = file.read(HEADER_BYTES)
    if len(header) < HEADER_BYTES or not header.startswith(_MAGIC) or any(header[_USED:]):
        raise _damaged(label, "its first bytes are not those of a sealed file")
    if int.from_bytes(header[8:_SIZE_AT], "big") != CHUNK_BYTES:
        raise _damaged(label, "its chunks have an unknown size")
    size = int.from_bytes(header[_SIZE_AT:_NONCE_AT], "big")
    nonce, wrapped = header[_NONCE_AT:_WRAPPED_AT], header[_WRAPPED_AT:_DIGEST_AT]
    try:
        key = AESGCM(wrapping_key).decrypt(nonce, wrapped, header[:_NONCE_AT] + label.encode())
    except InvalidTag:
        raise _damaged(label, "its header was changed, or it was sealed under another key or name") from None
    if not hmac.compare_digest(hashlib.sha256(key).digest(), header[_DIGEST_AT:_USED]):
        raise _damaged(label, "its header was changed")
    there = file.seek(0, io.SEEK_END)
    if there != sealed_size(size):
        raise _damaged(label, f"it has {there:,} bytes instead of {sealed_size(size):,}")
    return Opened(key, size)


def sealed_size(size_bytes: int) -> int:
    """How many bytes a file has that holds `size_bytes` of content."""
    n_chunks = -(-size_bytes // CHUNK_BYTES)
    return HEADER_BYTES + size_bytes + n_chunks * _TAG_BYTES


class SealedReader(io.RawIOBase):
    """The content of a sealed file as a file that can be read from any place; it holds one chunk in memory.

    Every read raises `BlobDamaged` when what is stored there is not what was sealed.
    """

    def __init__(self, file: IO[bytes], opened: Opened, label: str = "the file") -> None:
        super().__init__()
        self._file = file
        self._cipher = AESGCM(opened.key)
        self._label = label
        self.size_bytes = opened.size_bytes
        self._at = 0
        self._chunk = b""
        self._number: int = -1

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """Where the next read begins."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move to a place; a place behind the end is allowed, and empty."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size_bytes}[whence]
        if start + offset < 0:
            raise ValueError("a place before the beginning")
        self._at = start + offset
        return self._at

    def readinto(self, buffer: "memoryview | bytearray", /) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Fill a part of `buffer`; 0 at the end."""
        if self._at >= self.size_bytes:
            return 0
        number, offset = divmod(self._at, CHUNK_BYTES)
        if number != self._number:
            self._chunk, self._number = self._read_chunk(number), number
        part = self._chunk[offset : offset + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        """Close the sealed file, too."""
        if not self.closed:
            self._file.close()
        super().close()

    def _read_chunk(self, number: int) -> bytes:
        wanted = min(CHUNK_BYTES, self.size_bytes - number * CHUNK_BYTES) + _TAG_BYTES
        _ = self._file.seek(HEADER_BYTES + number * (CHUNK_BYTES + _TAG_BYTES))
        stored = self._file.read(wanted)
        try:
            return self._cipher.decrypt(_nonce(number), stored, None)
        except (InvalidTag, ValueError):
            place = f"bytes {number * CHUNK_BYTES:,} to {number * CHUNK_BYTES + wanted - _TAG_BYTES:,}"
            raise _damaged(self._label, f"{place} are not what was sealed") from None


def _nonce(number: int) -> bytes:
    return number.to_bytes(_NONCE_BYTES, "big")


def _damaged(label: str, reason: str) -> BlobDamaged:
    return BlobDamaged(f"The stored file of {label} is damaged: {reason}.", hint="Restore it from a backup.")
