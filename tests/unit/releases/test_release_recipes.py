"""The commands in a release's read-me, run for real: stock OpenSSL and sha256sum are enough."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from release_factories import KEY, make_release

from goldsmith.errors import KeyMissing
from goldsmith.kit.digest import canonical_json
from goldsmith.trust.reports import VerifyStatus

PAGE = (Path(__file__).parents[3] / "docs" / "verify.md").read_text()
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


def _blocks(language):
    blocks = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return [block for block in blocks if "goldsmith verify" not in block]


def _python(program, release):
    command = [sys.executable, "-W", "ignore", "-c", program]
    return subprocess.run(command, cwd=release, capture_output=True, text=True, check=True).stdout


def test_the_page_on_verifying_says_what_happens(release):
    signature, fingerprint, manifest, files, row = (_shell(block, release) for block in _blocks("sh"))
    assert signature.stdout.strip() == "Signature Verified Successfully"
    assert fingerprint.stdout[:16] == KEY.key_id.removeprefix("ed25519:")
    ours, signed = manifest.stdout.splitlines()
    assert ours[:64] in signed
    assert all(line.endswith(": OK") for line in files.stdout.splitlines())
    assert len(files.stdout.splitlines()) == len(_names(release)) - 2
    first, second = row.stdout.splitlines()
    assert first[:64] == second[:64]


def test_the_program_on_the_page_recomputes_the_roots(release):
    (program,) = _blocks("python")
    assert _python(program, release) == "items ok\nannotations ok\n"
    lines = (release / "items.jsonl").read_bytes()
    (release / "items.jsonl").write_bytes(lines.replace(b"MIT", b"TIM", 1))
    assert _python(program, release) == "items DIFFERENT\nannotations ok\n"


def test_the_page_lists_every_verdict_with_its_exit_code():
    for status in VerifyStatus:
        assert f"| {status.value.replace('-', ' ')} | {status.exit_code} |" in PAGE
    assert f"| missing key | {KeyMissing.exit_code} |" in PAGE
