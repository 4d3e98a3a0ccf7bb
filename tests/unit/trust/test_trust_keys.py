import stat
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from goldsmith.errors import Conflict, InputError, KeyMissing, StorageError
from goldsmith.trust.keys import SigningKey, VerifyingKey, derive_secret


def _names(folder):
    return [path.name for path in folder.iterdir()]


def test_a_signature_holds_for_its_message_and_key_only():
    key, other = SigningKey.generate(), SigningKey.generate()
    signature = key.sign(b"message")
    assert key.verifying.verify(b"message", signature)
    assert not key.verifying.verify(b"massage", signature)
    assert not other.verifying.verify(b"message", signature)
    assert not key.verifying.verify(b"message", signature[:-1])


def test_a_known_key_gives_the_published_signature():
    """RFC 8032, section 7.1, test 2."""
    seed = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    public = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    key = SigningKey(Ed25519PrivateKey.from_private_bytes(seed))
    assert key.verifying.raw == public
    assert key.sign(b"\x72") == signature
    assert key.verifying.verify(b"\x72", signature)


def test_a_saved_key_is_private_and_comes_back_whole(tmp_path):
    key = SigningKey.generate()
    path = tmp_path / "signing.key"
    key.save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert SigningKey.load(path).verifying == key.verifying
    assert _names(tmp_path) == ["signing.key"]
    shown = subprocess.run(["openssl", "pkey", "-in", path, "-pubout"], capture_output=True, text=True, check=True)
    assert shown.stdout == key.verifying.to_pem()


def test_a_key_is_never_overwritten(tmp_path):
    first, second = SigningKey.generate(), SigningKey.generate()
    path = tmp_path / "signing.key"
    first.save(path)
    with pytest.raises(Conflict, match="already at"):
        second.save(path)
    assert SigningKey.load(path).verifying == first.verifying
    assert _names(tmp_path) == ["signing.key"]


def test_a_key_that_cannot_be_written_leaves_nothing(tmp_path):
    with pytest.raises(StorageError, match="could not be written"):
        SigningKey.generate().save(tmp_path / "missing" / "signing.key")
    assert _names(tmp_path) == []


@pytest.mark.parametrize(
    "content", [None, b"", b"hello", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_a_missing_or_unreadable_key_says_where_and_what_to_do(tmp_path, content):
    path = tmp_path / "signing.key"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(KeyMissing, match=r"signing\.key") as caught:
        SigningKey.load(path)
    assert "backup" in caught.value.hint


def test_a_key_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "ec.key"
    subprocess.run(["openssl", "genpkey", "-algorithm", "X25519", "-out", path], check=True)
    with pytest.raises(KeyMissing, match="not an Ed25519 key"):
        SigningKey.load(path)


def test_a_key_never_shows_its_private_half():
    key = SigningKey.generate()
    assert repr(key) == f"SigningKey({key.verifying.key_id})"
    assert key.secret().hex() not in repr(key)
    assert not hasattr(key, "__dict__")


def test_a_public_key_travels_as_one_line(tmp_path):
    public = SigningKey.generate().verifying
    text = public.to_text()
    assert text.startswith("ed25519:")
    assert "\n" not in text
    assert VerifyingKey.from_text(f" {text}\n") == public
    (tmp_path / "public-key.txt").write_text(f"{text}\nsomething else\n")
    assert VerifyingKey.load(tmp_path / "public-key.txt") == public
    assert len(public.key_id) == len("ed25519:") + 16
    assert public.fingerprint.replace(" ", "").startswith(public.key_id.removeprefix("ed25519:"))


def test_a_public_key_is_looked_for_and_its_absence_explained(tmp_path):
    with pytest.raises(KeyMissing, match="Ask the signer"):
        VerifyingKey.load(tmp_path / "nowhere.txt")
    with pytest.raises(KeyMissing, match="not a file"):
        VerifyingKey.load(tmp_path)


@pytest.mark.parametrize("text", ["", "ed25519:", "ed25519:AAAA", "rsa:" + "A" * 44, "ed25519:" + "!" * 44, "é" * 500])
def test_what_is_not_a_public_key_is_refused(text):
    with pytest.raises(InputError, match="is not a public key"):
        VerifyingKey.from_text(text)


def test_two_spellings_of_one_key_are_not_both_accepted():
    text = VerifyingKey(bytes(31) + b"\x01").to_text()
    other = text[:-2] + chr(ord(text[-2]) + 1) + "="
    assert other != text
    with pytest.raises(InputError):
        VerifyingKey.from_text(other)


def test_a_raw_key_has_32_bytes():
    with pytest.raises(InputError, match="32 bytes, not 31"):
        VerifyingKey(bytes(31))


_SUBJECTS = st.tuples(st.text(max_size=8), st.text(max_size=8))


@given(_SUBJECTS, _SUBJECTS)
def test_derived_secrets_differ_unless_purpose_and_subject_agree(first, second):
    secret = bytes(range(32))
    assert len(derive_secret(secret, *first)) == 32
    assert (derive_secret(secret, *first) == derive_secret(secret, *second)) == (first == second)


def test_a_derived_secret_is_the_one_of_the_standard():
    """Made with two calls of HMAC-SHA256 as RFC 5869 says."""
    expected = "468f78f7bb9734de8c5ce422417b00cd680324d22f64e2889b626053c984d675"
    assert derive_secret(bytes(32), "outbox", "p").hex() == expected
    assert derive_secret(bytes(31) + b"\x01", "outbox", "p").hex() != expected


def test_too_short_a_secret_is_refused():
    with pytest.raises(ValueError, match="at least 16 bytes"):
        derive_secret(bytes(15), "outbox", "p")
