"""Ed25519 keys that sign releases, receipts and checkpoints, and secrets derived from a vault's key.

A signing key is kept as unencrypted PKCS #8 PEM with mode 0600, which stock OpenSSL reads too.
"""

import base64
import binascii
import contextlib
import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from goldsmith.errors import Conflict, InputError, KeyMissing, StorageError

_PREFIX = "ed25519:"
_RAW_BYTES = 32
_SECRET_BYTES = 32
_MAX_KEY_FILE_BYTES = 4096
_WAY_OUT = "Put the key back from its backup; a new key cannot continue what the old one signed."


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """The public half of a key: checks signatures and can be given to anybody."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != _RAW_BYTES:
            raise InputError(f"an Ed25519 public key has {_RAW_BYTES} bytes, not {len(self.raw)}.")

    @property
    def key_id(self) -> str:
        """`ed25519:` and the first 16 hexadecimal digits of the SHA-256 of the raw key."""
        return _PREFIX + hashlib.sha256(self.raw).hexdigest()[:16]

    @property
    def fingerprint(self) -> str:
        """The whole SHA-256 of the raw key in 16 groups of four digits, to be read out or compared by eye."""
        digits = hashlib.sha256(self.raw).hexdigest()
        return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether `signature` was made over `message` by the private half."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def to_text(self) -> str:
        """The key on one line: `ed25519:` and the raw key in base64."""
        return _PREFIX + base64.b64encode(self.raw).decode()

    def to_pem(self) -> str:
        """The key as SubjectPublicKeyInfo in PEM, for OpenSSL."""
        public = Ed25519PublicKey.from_public_bytes(self.raw)
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return public.public_bytes(serialization.Encoding.PEM, form).decode()

    @classmethod
    def from_text(cls, text: str) -> "VerifyingKey":
        """The key that `to_text` wrote.

        Raises:
            InputError: the text is not `ed25519:` and 32 bytes in base64.
        """
        line = text.strip()
        try:
            raw = base64.b64decode(line.removeprefix(_PREFIX), validate=True)
        except (binascii.Error, ValueError) as error:
            raise _not_a_key(line) from error
        if len(raw) != _RAW_BYTES or cls(raw).to_text() != line:
            raise _not_a_key(line)
        return cls(raw)

    @classmethod
    def load(cls, path: Path) -> "VerifyingKey":
        """The key in the first line of a text file, such as a release's `public-key.txt`.

        Raises:
            KeyMissing: no such file.
            InputError: the first line is not a key.
        """
        hint = "Ask the signer for the line that begins with 'ed25519:'."
        if path.exists() and not path.is_file():
            raise KeyMissing(f"there is no public key at {path}, which is not a file.", hint=hint)
        try:
            with path.open("rb") as file:
                lines = file.read(_MAX_KEY_FILE_BYTES).decode(errors="replace").splitlines()
        except OSError as error:
            raise KeyMissing(f"no public key can be read at {path}: {error.strerror}.", hint=hint) from error
        return cls.from_text(lines[0] if lines else "")


class SigningKey:
    """The private half of a key. Never printed, logged or copied into a release."""

    __slots__ = ("_private", "key_id", "verifying")

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        public = private.public_key()
        self.verifying = VerifyingKey(public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw))
        self.key_id = self.verifying.key_id

    def __repr__(self) -> str:
        return f"SigningKey({self.key_id})"

    @classmethod
    def generate(cls) -> "SigningKey":
        """A new key from the system's randomness."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def load(cls, path: Path) -> "SigningKey":
        """The key that `save` wrote.

        Raises:
            KeyMissing: there is no file, it cannot be read, or it holds no Ed25519 key; says which.
        """
        try:
            content = path.read_bytes()
        except OSError as error:
            raise KeyMissing(f"no signing key can be read at {path}: {error.strerror}.", hint=_WAY_OUT) from error
        try:
            private = serialization.load_pem_private_key(content, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise KeyMissing(f"the file {path} holds no readable key.", hint=_WAY_OUT) from error
        if not isinstance(private, Ed25519PrivateKey):
            raise KeyMissing(f"the key in {path} is not an Ed25519 key.", hint=_WAY_OUT)
        return cls(private)

    def save(self, path: Path) -> None:
        """Write the key with mode 0600, whole or not at all, and durably.

        Raises:
            Conflict: something is there already; a key is never overwritten.
            StorageError: the disk refused; nothing is left behind.
        """
        pem = self._private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        try:
            _write_once(path, pem)
        except FileExistsError as error:
            hint = "Use it, or move it away first: what it signed can only be checked with it."
            raise Conflict(f"a key is already at {path}.", hint=hint) from error
        except OSError as error:
            raise StorageError(f"the key could not be written to {path}: {error.strerror}.") from error

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the Ed25519 signature over `message`."""
        return self._private.sign(message)

    def secret(self) -> bytes:
        """The 32 private bytes, as the source of `derive_secret` and of nothing else."""
        return self._private.private_bytes_raw()


def derive_secret(secret: bytes, purpose: str, subject: str) -> bytes:
    """32 bytes that depend on all three arguments and tell nothing about `secret` or each other.

    Args:
        secret: at least 16 bytes of randomness.
        purpose: what the result is for, such as `outbox`; two purposes never give related results.
        subject: whom or what it is for.

    Source: RFC 5869 (HKDF-SHA256); purpose and subject go into `info` with their lengths, so no two pairs collide.
    """
    if len(secret) < 16:
        raise ValueError(f"a secret to derive from has at least 16 bytes, not {len(secret)}")
    parts = [purpose.encode(), subject.encode()]
    labelled = b"goldsmith/v1" + b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return HKDF(algorithm=hashes.SHA256(), length=_SECRET_BYTES, salt=None, info=labelled).derive(secret)


def _not_a_key(line: str) -> InputError:
    shown = line if len(line) <= 60 else line[:57] + "..."
    return InputError(
        f"{shown!r} is not a public key: it begins with '{_PREFIX}' and goes on with 44 base64 characters."
    )


def _write_once(path: Path, content: bytes) -> None:
    """Write durably through a link, which unlike a rename fails when the target exists."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(name, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
