import base64
import hashlib
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldsmith.errors import InputError, VerificationError
from goldsmith.kit.digest import canonical_json, sha256_hex
from goldsmith.trust.keys import SigningKey
from goldsmith.trust.logs import Act, Checkpoint, commitment, leaf_bytes, read_checkpoint, sign_checkpoint
from goldsmith.trust.merkle import leaf_hash

KEY = SigningKey.generate()
ROOT = leaf_hash(b"root")
NOTE = sign_checkpoint("vault.example/acme", 12, ROOT, KEY)
_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.tuples(_TEXT, _TEXT, _TEXT), st.integers(0, 2**53), st.integers(0, 2**53))
def test_a_leaf_is_canonical_json_of_seven_fields(texts, seq, at):
    digest = sha256_hex(b"content")
    actor, action, object_id = texts
    names = {"actor": actor, "action": action, "object": object_id}
    expected = canonical_json({"v": 1, "seq": seq, "at": at, "commitment": digest, **names})
    assert leaf_bytes(Act(actor, action, object_id, digest), seq=seq, at=at) == expected


@pytest.mark.parametrize("digest", ["", "ab", "A" * 64, "g" * 64, "a" * 65])
def test_an_act_without_a_commitment_is_refused(digest):
    with pytest.raises(InputError, match="64 lower-case"):
        Act("p", "annotate", "i", digest)


def test_a_commitment_hides_what_it_commits_to():
    content = b'{"licence":"MIT"}'
    assert commitment(bytes(32), content) != commitment(bytes(31) + b"\x01", content)
    assert commitment(bytes(32), content) == sha256_hex(bytes(32) + content)
    with pytest.raises(ValueError, match="32 bytes, not 31"):
        commitment(bytes(31), b"\x00" + content)


def test_a_checkpoint_comes_back_as_it_was_signed():
    assert read_checkpoint(NOTE, KEY.verifying) == Checkpoint("vault.example/acme", 12, ROOT)
    lines = NOTE.split("\n")
    assert lines[:4] == ["vault.example/acme", "12", base64.b64encode(ROOT).decode(), ""]
    assert lines[4].startswith("\u2014 vault.example/acme ")


def test_signatures_of_witnesses_are_passed_over():
    witness = SigningKey.generate()
    other = sign_checkpoint("witness.example", 12, ROOT, witness).rpartition("\n\n")[2]
    same_name = sign_checkpoint("vault.example/acme", 12, ROOT, witness).rpartition("\n\n")[2]
    body, _, mine = NOTE.rpartition("\n\n")
    crowded = f"{body}\n\n{other}\u2014 vault.example/acme !!!\n{same_name}{mine}"
    assert read_checkpoint(crowded, KEY.verifying).size == 12


def test_a_checkpoint_of_somebody_else_is_refused():
    with pytest.raises(VerificationError, match="is not signed by"):
        read_checkpoint(NOTE, SigningKey.generate().verifying)


@given(st.integers(0, len(NOTE.encode()) - 1), st.integers(1, 255))
def test_no_byte_of_a_checkpoint_can_be_changed(place, change):
    content = bytearray(NOTE.encode())
    content[place] ^= change
    try:
        changed = content.decode()
    except UnicodeDecodeError:
        return
    try:
        read = read_checkpoint(changed, KEY.verifying)
    except VerificationError:
        return
    # only the last line's end, which carries nothing, may differ
    assert read == Checkpoint("vault.example/acme", 12, ROOT)
    assert place == len(content) - 1


@pytest.mark.parametrize("text", ["", "a\n1\n", "\n\n", "a\n1\nb\n"])
def test_what_is_no_note_is_refused(text):
    with pytest.raises(VerificationError):
        read_checkpoint(text, KEY.verifying)


@pytest.mark.parametrize("body", ["log\nmany\nAAAA\n", "log\n1\nAAAA\n", "log\n1\n!\n"])
def test_a_signed_note_that_is_no_checkpoint_is_refused(body):
    name_hash = hashlib.sha256(b"log\n\x01" + KEY.verifying.raw).digest()[:4]
    signature = base64.b64encode(name_hash + KEY.sign(body.encode())).decode()
    with pytest.raises(VerificationError, match="'log'"):
        read_checkpoint(f"{body}\n\u2014 log {signature}\n", KEY.verifying)


@pytest.mark.parametrize("origin", ["", "two words", "a+b", "a\nb", "x" * 201])
def test_an_origin_that_would_break_the_note_is_refused(origin):
    with pytest.raises(InputError, match="cannot name a log"):
        sign_checkpoint(origin, 0, ROOT, KEY)


def test_the_primitives_import_nothing_heavy():
    """The server's main process imports all of them."""
    modules = "keys merkle logs receipts dsse authorize passwords tokens"
    code = "import sys\n" + "\n".join(f"import goldsmith.trust.{name}" for name in modules.split())
    code += "\nprint(sorted({'pyarrow', 'polars', 'numpy', 'numba', 'sqlalchemy'} & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout == "[]\n"
