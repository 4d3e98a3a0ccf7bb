import csv
import io

import pytest
from release_factories import KEY, NOW, make_release

from goldsmith.errors import NotFound, VerificationError
from goldsmith.releases.documents import verify_commands
from goldsmith.releases.folders import path_of, read_release, spreadsheet


@pytest.fixture
def written(tmp_path):
    return make_release(tmp_path / "releases", 5)


@pytest.fixture
def folder(tmp_path, written):
    return tmp_path / "releases" / "v1"


def test_a_stored_release_is_read_as_it_was_written(written, folder):
    stored = read_release(folder)
    assert stored.certificate == written.certificate
    assert stored.files == written.files
    assert (stored.version, stored.created_at) == ("v1", NOW)
    assert (stored.envelope_key_id, stored.key_fingerprint) == (KEY.key_id, KEY.verifying.fingerprint)
    assert stored.verify_commands == verify_commands(KEY.verifying)


def test_the_spreadsheet_has_the_columns_of_the_schema(folder):
    text = b"".join(spreadsheet(folder)).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text, newline="")))
    assert lines[0] == [
        "external_id", "content_sha256", "text", "label.licence", "confidence.licence", "label.holder",
        "confidence.holder",
    ]  # fmt: skip
    assert [line[0] for line in lines[1:]] == [f"doc-{number:05d}" for number in range(5)]
    assert lines[2][2].startswith("'=HYPERLINK")


@pytest.mark.parametrize("name", ["items.jsonl", "rows/items.sha256", "manifest.json", "release.dsse.json"])
def test_a_file_is_found_by_its_name(folder, name):
    assert path_of(folder, name) == folder / name


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../v1/items.jsonl", "/etc/passwd", "rows", "rows/../items.jsonl", "no.txt", "a\x00", "x" * 999],
)
def test_no_name_leads_out_of_the_release(folder, name):
    (folder.parent / "outside.txt").write_text("secret")
    (folder / "link.txt").symlink_to(folder.parent / "outside.txt")
    for asked in (name, "link.txt", "../outside.txt"):
        with pytest.raises(NotFound, match="has no file"):
            path_of(folder, asked)


def test_a_release_that_is_not_there_is_not_found(tmp_path):
    with pytest.raises(NotFound, match="no release in 'v9'"):
        read_release(tmp_path / "v9")
    with pytest.raises(NotFound, match="no release in 'v9'"):
        spreadsheet(tmp_path / "v9")


@pytest.mark.parametrize("name", ["manifest.json", "certificate.json"])
def test_a_damaged_release_is_said_to_be_damaged(folder, name):
    (folder / name).write_bytes(b"{")
    with pytest.raises(VerificationError, match=f"{name} cannot be read"):
        read_release(folder)
