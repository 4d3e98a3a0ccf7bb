"""The commands in a release's read-me, run for real: stock OpenSSL and sha256sum are enough."""

import os
import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest
from release_factories import make_release

from goldsmith.kit.digest import canonical_json

ABSENT = [name for name in ("openssl", "sha256sum") if shutil.which(name) is None]
pytestmark = pytest.mark.skipif(bool(ABSENT), reason=f"not installed: {', '.join(ABSENT)}")


@pytest.fixture
def release(tmp_path) -> Path:
    make_release(tmp_path, 6)
    return tmp_path / "v1"


def _shell(command, release):
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C"}
    return subprocess.run(
        ["sh", "-c", command], cwd=release, capture_output=True, text=True, check=False, env=environment
    )


def _names(release):
    return [path.relative_to(release).as_posix() for path in release.rglob("*") if path.is_file()]


def _command(release, part):
    """A command as a person finds it in the read-me."""
    return next(line.strip() for line in (release / "README.md").read_text().splitlines() if part in line)


def test_stock_openssl_verifies_the_signature_and_refuses_a_changed_one(release):
    command = _command(release, "openssl pkeyutl")
    good = _shell(command, release)
    assert (good.returncode, good.stdout.strip()) == (0, "Signature Verified Successfully"), good.stderr
    envelope = msgspec.json.decode((release / "release.dsse.json").read_bytes())
    envelope["payload"] = envelope["payload"].replace("A", "B", 1)
    (release / "release.dsse.json").write_bytes(canonical_json(envelope) + b"\n")
    assert _shell(command, release).returncode != 0


@pytest.mark.parametrize("name", [None, "manifest.json", "items.parquet", "rows/items.sha256"])
def test_stock_sha256sum_checks_every_file(release, name):
    command = _command(release, "sha256sum -c")
    if name is not None:
        with (release / name).open("ab") as file:
            file.write(b" ")
    done = _shell(command, release)
    if name is None:
        assert done.returncode == 0, done.stderr
        assert sorted(done.stdout.splitlines()) == sorted(
            f"{file}: OK" for file in _names(release) if file not in {"manifest.json", "release.dsse.json"}
        )
    else:
        assert done.returncode != 0
        assert "FAILED" in done.stdout


def test_the_read_me_names_the_key_and_goldsmiths_own_command(release):
    assert _command(release, "goldsmith verify").startswith("goldsmith verify . --key ed25519:")
    assert (release / "public-key.txt").read_text().splitlines()[2].startswith("Fingerprint: ")


def test_one_row_can_be_checked_by_hand(release):
    found = _shell("sed -n 4p items.jsonl | sha256sum; sed -n 4p rows/items.sha256", release).stdout.splitlines()
    assert found[0].split()[0] == found[1].split()[0]
