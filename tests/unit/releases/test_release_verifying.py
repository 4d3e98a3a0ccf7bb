import functools
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from release_factories import KEY, OTHER_KEY, make_release

from goldsmith.errors import KeyMissing
from goldsmith.trust.reports import VerifyStatus
from goldsmith.trust.verifier import verify_release

N_ROWS = 6
TEXT_FILES = (
    "README.md", "annotations.jsonl", "certificate.json", "certificate.md", "guideline.md", "items.jsonl",
    "manifest.json", "policy.json", "public-key.txt", "recipe.lock.json", "release.dsse.json",
    "rows/annotations.sha256", "rows/items.sha256", "schema.json",
)  # fmt: skip
ALL_FILES = (*TEXT_FILES, "annotations.parquet", "items.parquet")
ROW_FILES = ("items.jsonl", "annotations.jsonl", "rows/items.sha256", "rows/annotations.sha256")
KEYS = pytest.mark.parametrize("key", [KEY.verifying, None], ids=["key given", "key inside"])


@pytest.fixture
def release(tmp_path) -> Path:
    make_release(tmp_path, N_ROWS)
    return tmp_path / "v1"


@functools.cache
def _pristine() -> Path:
    parent = Path(tempfile.mkdtemp(prefix="goldsmith-verify-"))
    make_release(parent, N_ROWS)
    return parent / "v1"


@pytest.fixture(scope="module", autouse=True)
def _cleared():
    yield
    shutil.rmtree(_pristine().parent)
    _pristine.cache_clear()


def _verify_changed(name, content, key):
    """The report on the one shared release with one file changed for the moment."""
    path = _pristine() / name
    before = path.read_bytes()
    path.write_bytes(content)
    try:
        return verify_release(_pristine(), key)
    finally:
        path.write_bytes(before)


def _flipped(name, data, changes):
    content = bytearray((_pristine() / name).read_bytes())
    place = data.draw(st.integers(0, len(content) - 1), label="place")
    content[place] ^= data.draw(changes, label="change")
    return bytes(content), place


def _files(report):
    return {fault.file for fault in report.faults}


@KEYS
@settings(deadline=None, max_examples=300)
@given(name=st.sampled_from(TEXT_FILES), data=st.data())
def test_any_changed_byte_is_found_in_its_file(key, name, data):
    content, place = _flipped(name, data, st.integers(1, 255))
    report = _verify_changed(name, content, key)
    assert report.status is VerifyStatus.TAMPERED
    assert report.exit_code == 8
    assert _files(report) == {name}
    if name in ROW_FILES:
        number = (_pristine() / name).read_bytes()[:place].count(b"\n") + 1
        assert number in {fault.row for fault in report.faults}


@settings(deadline=None, max_examples=200)
@given(name=st.sampled_from(["items.jsonl", "annotations.jsonl"]), data=st.data())
def test_any_flipped_bit_of_a_row_names_the_row_and_the_item(name, data):
    content, place = _flipped(name, data, st.sampled_from([1 << bit for bit in range(8)]))
    lines = (_pristine() / name).read_bytes().split(b"\n")
    number = (_pristine() / name).read_bytes()[:place].count(b"\n") + 1
    faults = {fault.row: fault for fault in _verify_changed(name, content, KEY.verifying).faults}
    assert faults[number].external_id == msgspec.json.decode(lines[number - 1])["external_id"]


@settings(deadline=None, max_examples=10)
@given(name=st.sampled_from(["items.parquet", "annotations.parquet"]), data=st.data())
def test_any_flipped_bit_of_a_parquet_file_is_found_in_its_file(name, data):
    content, _ = _flipped(name, data, st.sampled_from([1 << bit for bit in range(8)]))
    report = _verify_changed(name, content, KEY.verifying)
    assert report.status is VerifyStatus.TAMPERED
    assert _files(report) == {name}
    for fault in report.faults:
        assert fault.row is not None or "decoded" in fault.text or "outside of its rows" in fault.text


@settings(deadline=None, max_examples=100)
@given(name=st.sampled_from(TEXT_FILES), data=st.data())
def test_a_file_cut_off_or_made_longer_is_found(name, data):
    before = (_pristine() / name).read_bytes()
    cut = before[: data.draw(st.integers(0, len(before) - 1))]
    for content in (cut, before + data.draw(st.binary(min_size=1, max_size=9))):
        report = _verify_changed(name, content, KEY.verifying)
        assert report.status is VerifyStatus.TAMPERED
        assert _files(report) == {name}


@KEYS
@pytest.mark.parametrize("name", ALL_FILES)
def test_a_missing_file_is_named(release, name, key):
    (release / name).unlink()
    if key is None and name == "public-key.txt":
        with pytest.raises(KeyMissing, match="begins with 'ed25519:'"):
            verify_release(release, key)
        return
    report = verify_release(release, key)
    assert report.status is VerifyStatus.INCOMPLETE
    assert report.exit_code == 9
    assert [str(fault) for fault in report.faults] == [f"{name}: is missing"]


def test_a_file_that_does_not_belong_is_named(release):
    (release / "rows" / "more.txt").write_text("x")
    (release / ".hidden").mkdir()
    report = verify_release(release, KEY.verifying)
    assert report.status is VerifyStatus.TAMPERED
    assert [str(fault) for fault in report.faults] == [
        ".hidden: does not belong to the release",
        "rows/more.txt: does not belong to the release",
    ]


def test_a_link_is_not_a_file_of_a_release(release, tmp_path):
    (release / "items.jsonl").rename(tmp_path / "elsewhere")
    (release / "items.jsonl").symlink_to(tmp_path / "elsewhere")
    report = verify_release(release, KEY.verifying)
    assert _files(report) == {"items.jsonl"}
    assert not report.is_ok


def _edit_rows(release, name, edit):
    lines = (release / name).read_bytes().splitlines(keepends=True)
    edit(lines)
    (release / name).write_bytes(b"".join(lines))
    return [(fault.row, fault.external_id, fault.text) for fault in verify_release(release, KEY.verifying).faults]


def test_a_removed_row_is_named_alone(release):
    assert _edit_rows(release, "items.jsonl", lambda rows: rows.pop(2)) == [(3, "doc-00002", "is missing")]


def test_an_added_row_is_named_alone(release):
    added = b'{"external_id":"doc-00001b"}\n'
    assert _edit_rows(release, "items.jsonl", lambda rows: rows.insert(2, added)) == [(3, "doc-00001b", "was added")]


def test_swapped_rows_are_named(release):
    found = _edit_rows(release, "items.jsonl", lambda rows: rows.insert(0, rows.pop(1)))
    assert found == [(1, "doc-00000", "is missing"), (2, "doc-00000", "was added")]


def test_the_last_row_removed_and_a_row_appended_are_named(release):
    assert _edit_rows(release, "items.jsonl", lambda rows: rows.pop()) == [(6, "doc-00005", "is missing")]
    (release / "items.jsonl").write_bytes((_pristine() / "items.jsonl").read_bytes())
    assert _edit_rows(release, "items.jsonl", lambda rows: rows.append(b"{}\n")) == [(7, None, "was added")]


def test_many_changed_rows_are_cut_off_and_said_so(tmp_path):
    make_release(tmp_path, 150)
    found = _edit_rows(tmp_path / "v1", "items.jsonl", lambda rows: rows.__setitem__(slice(None), [b"x\n"] * 150))
    assert len(found) == 101
    assert found[-1] == (None, None, "more rows differ; the first 100 are named")


def test_a_line_longer_than_any_signed_one_is_not_held_in_memory(release):
    def lengthen(rows):
        rows[3] = b"x" * 5_000_000 + b"\n"

    assert _edit_rows(release, "items.jsonl", lengthen) == [(4, "doc-00003", "was changed")]


def test_rows_are_named_by_the_other_file_when_the_list_is_gone(release):
    (release / "rows" / "items.sha256").unlink()
    (release / "items.parquet").write_bytes(_rewritten(release, "text", 2, "other"))
    faults = verify_release(release, KEY.verifying).faults
    assert [str(fault) for fault in faults] == [
        "rows/items.sha256: is missing",
        "items.parquet, row 3 (doc-00002): was changed",
    ]


def test_without_anything_to_compare_with_the_file_is_still_named(release):
    (release / "rows" / "items.sha256").unlink()
    (release / "items.jsonl").write_bytes(b"{}\n")
    faults = verify_release(release, KEY.verifying).faults
    assert [str(fault) for fault in faults] == ["rows/items.sha256: is missing", "items.jsonl: was changed"]


def _rewritten(release, column, row, value):
    """The items as Parquet with one cell changed, written anew."""
    table = pq.read_table(release / "items.parquet")
    values = table[column].to_pylist()
    values[row] = value
    place = table.schema.get_field_index(column)
    sink = pa.BufferOutputStream()
    field = table.schema.field(place)
    pq.write_table(table.set_column(place, field, pa.array(values, field.type)), sink)
    return sink.getvalue().to_pybytes()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("text", "other"), ("external_id", "doc-9"), ("payload", "{}"), ("payload", "not json"), ("answers", []),
        ("label.licence", "GPL-3.0"), ("confidence.licence", 0.999),
    ],
)  # fmt: skip
def test_a_changed_cell_of_a_rewritten_parquet_file_names_its_row(release, column, value):
    (release / "items.parquet").write_bytes(_rewritten(release, column, 2, value))
    report = verify_release(release, KEY.verifying)
    assert [str(fault) for fault in report.faults] == ["items.parquet, row 3 (doc-00002): was changed"]


def test_a_parquet_file_written_anew_with_the_same_rows_is_still_another_file(release):
    (release / "items.parquet").write_bytes(_rewritten(release, "text", 0, "MIT License 0"))
    report = verify_release(release, KEY.verifying)
    assert report.status is VerifyStatus.TAMPERED
    assert [fault.text for fault in report.faults] == ["was changed outside of its rows, which are all as signed"]


def test_an_undecodable_row_group_is_named_with_its_rows(release):
    content = bytearray((release / "items.parquet").read_bytes())
    content[4:60] = bytes(56)
    (release / "items.parquet").write_bytes(content)
    (fault,) = verify_release(release, KEY.verifying).faults
    assert fault.file == "items.parquet"
    assert "row group 1 (rows 1 to 6) cannot be decoded" in fault.text


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + bytes(100) + b"PAR1"])
def test_a_parquet_file_without_a_footer_cannot_be_decoded(release, content):
    (release / "items.parquet").write_bytes(content)
    (fault,) = verify_release(release, KEY.verifying).faults
    assert "cannot be decoded, its footer is damaged" in fault.text


def test_a_module_lying_in_the_release_is_never_run(release):
    """`goldsmith verify .` runs with the release as its working folder."""
    (release / "pyarrow.py").write_text("open('ran', 'w')")
    (release / "items.parquet").write_bytes(b"PAR1")
    code = (
        "from pathlib import Path; from goldsmith.trust.verifier import verify_release; verify_release(Path('.'), None)"
    )
    subprocess.run([sys.executable, "-P", "-c", code], cwd=release, check=True)
    assert not (release / "ran").exists()


def test_a_release_of_somebody_else_is_an_unknown_key_not_a_forgery(tmp_path):
    make_release(tmp_path, 3, key=OTHER_KEY)
    report = verify_release(tmp_path / "v1", KEY.verifying)
    assert report.status is VerifyStatus.UNKNOWN_KEY
    assert report.exit_code == 10
    text = f"is signed by {OTHER_KEY.key_id}, not by {KEY.key_id}"
    assert [str(fault) for fault in report.faults] == [f"release.dsse.json: {text}"]


def test_a_release_signed_anew_after_a_change_is_an_unknown_key(tmp_path):
    """Whoever changes a release can sign it with another key, and put that key inside: only the true key helps."""
    make_release(tmp_path, 3, key=OTHER_KEY)
    report = verify_release(tmp_path / "v1", None)
    assert report.is_ok
    assert report.is_key_from_release
    assert OTHER_KEY.verifying.fingerprint in report.lines()[-1]
    assert "not who signed it" in report.lines()[-1]


def test_a_given_key_is_not_talked_about_as_if_it_came_from_the_release(release):
    report = verify_release(release, KEY.verifying)
    assert not report.is_key_from_release
    assert report.lines() == [
        f"Verified: release v1 is what {KEY.key_id} signed, 6 items in 16 files, content root {report.content_root}."
    ]


def test_a_changed_key_id_does_not_pass_for_somebody_elses_signature(release):
    envelope = (release / "release.dsse.json").read_bytes()
    (release / "release.dsse.json").write_bytes(envelope.replace(KEY.key_id.encode(), OTHER_KEY.key_id.encode()))
    report = verify_release(release, KEY.verifying)
    assert report.status is VerifyStatus.TAMPERED


@pytest.mark.parametrize("make", ["nothing", "empty", "file", "other"])
def test_what_is_not_a_release_is_said_to_be_none(tmp_path, make):
    folder = tmp_path / "v1"
    if make in {"empty", "other"}:
        folder.mkdir()
    if make == "other":
        (folder / "items.jsonl").write_text("{}\n")
    if make == "file":
        folder.write_text("x")
    report = verify_release(folder, KEY.verifying)
    assert report.status is VerifyStatus.NOT_A_RELEASE
    assert report.exit_code == 11
    assert report.lines() == [f"Not verified: {folder} is not a release."]


UNREADABLE = """
import resource, sys
from pathlib import Path
from goldsmith.errors import StorageError
from goldsmith.trust.keys import VerifyingKey
from goldsmith.trust.verifier import verify_release
key = VerifyingKey.from_text(sys.argv[2])
resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
try:
    verify_release(Path(sys.argv[1]), key)
except StorageError as error:
    print(error)
"""


def test_a_file_that_cannot_be_read_is_no_verdict(release):
    command = [sys.executable, "-c", UNREADABLE, release, KEY.verifying.to_text()]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "cannot be verified" in done.stdout, done.stderr
    assert "Too many open files" in done.stdout


def test_a_report_can_be_sent_as_json(release):
    (release / "items.jsonl").write_bytes(b"{}\n")
    report = verify_release(release, KEY.verifying)
    plain = msgspec.json.decode(msgspec.json.encode(report))
    assert plain["status"] == "tampered"
    assert plain["faults"][0]["file"] == "items.jsonl"
