import subprocess
import sys
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest
from release_factories import KEY, NOW, OTHER_KEY, make_annotation, make_facts, make_release, make_row

from goldsmith.errors import Conflict, InputError, RowError
from goldsmith.kit.digest import sha256_hex
from goldsmith.releases.flows import write_release
from goldsmith.releases.model import AccuracyEstimate
from goldsmith.trust.keys import VerifyingKey
from goldsmith.trust.merkle import EMPTY_ROOT
from goldsmith.trust.verifier import verify_release

NAMES = {
    "README.md", "annotations.jsonl", "annotations.parquet", "certificate.json", "certificate.md", "guideline.md",
    "items.jsonl", "items.parquet", "manifest.json", "policy.json", "public-key.txt", "recipe.lock.json",
    "release.dsse.json", "rows/annotations.sha256", "rows/items.sha256", "schema.json",
}  # fmt: skip


def _write(parent, rows, annotations=(), version="v1", **facts):
    return write_release(parent, version, make_facts(**facts), rows=rows, annotations=annotations, key=KEY)


def _names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def _listing(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_a_release_holds_every_promised_file_and_verifies(tmp_path):
    written = make_release(tmp_path)
    folder = tmp_path / "v1"
    assert written.path == str(folder)
    assert _names(folder) == NAMES == {entry.name for entry in written.files}
    assert _listing(tmp_path) == ["v1"]
    report = verify_release(folder, KEY.verifying)
    assert report.is_ok
    assert (report.n_items, report.n_annotations, report.n_files) == (12, 24, len(NAMES))
    assert report.content_root == written.content_root == written.certificate.content_root


def test_without_a_recipe_no_lock_is_written(tmp_path):
    make_release(tmp_path, recipe=None)
    assert _names(tmp_path / "v1") == NAMES - {"recipe.lock.json"}
    assert "The recipe that made the documents: not recorded." in (tmp_path / "v1" / "certificate.md").read_text()
    assert verify_release(tmp_path / "v1", KEY.verifying).is_ok


def test_an_empty_project_can_be_released(tmp_path):
    written = _write(tmp_path, [])
    assert written.content_root == EMPTY_ROOT.hex()
    assert "Nobody has answered" in written.certificate.summary
    assert verify_release(tmp_path / "v1", None).is_ok


def test_the_same_inputs_give_the_same_bytes(tmp_path):
    first, second = make_release(tmp_path / "a"), make_release(tmp_path / "b")
    assert first.files == second.files
    assert first.content_root == second.content_root


def test_another_home_gives_the_same_content_root(tmp_path):
    """Another key, other pseudonyms, other times and versions, another order of answers: the same content."""
    first = make_release(tmp_path / "a")
    rows = []
    for number in range(12):
        row = make_row(number)
        person, model = row.answers
        rows.append(
            msgspec.structs.replace(
                row,
                consensus=row.consensus[::-1],
                answers=(model, msgspec.structs.replace(person, annotator="p-0000")),
            )
        )
    facts = make_facts(OTHER_KEY, created_at=NOW + 1, goldsmith_version="9.9")
    second = write_release(tmp_path / "b", "v7", facts, rows=rows, annotations=[make_annotation(3)], key=OTHER_KEY)
    assert second.content_root == first.content_root
    assert {entry.sha256 for entry in first.files if entry.name == "items.jsonl"}.isdisjoint(
        {entry.sha256 for entry in second.files}
    )


@pytest.mark.parametrize(
    "change",
    [
        {"external_id": "doc-99999"}, {"content_sha256": "0" * 64}, {"payload": {"text": "other"}}, {"consensus": ()},
        {"answers": ()}, {"answers": make_row(5).answers[1:]},
    ],
)  # fmt: skip
def test_any_other_content_gives_another_root(tmp_path, change):
    rows = [make_row(1), make_row(6)]
    first = _write(tmp_path, rows)
    second = _write(tmp_path, [rows[0], msgspec.structs.replace(rows[1], **change)], version="v2")
    assert first.content_root != second.content_root


def test_noise_below_six_decimals_does_not_change_the_content(tmp_path):
    row = make_row(1)
    noisy = [
        msgspec.structs.replace(one, confidence=one.confidence and one.confidence + 1e-12) for one in row.consensus
    ]
    first = _write(tmp_path, [row])
    assert _write(tmp_path, [msgspec.structs.replace(row, consensus=tuple(noisy))], version="v2").content_root == (
        first.content_root
    )


def test_the_certificate_counts_what_was_written(tmp_path):
    certificate = make_release(tmp_path).certificate
    assert (certificate.n_items, certificate.n_answered, certificate.n_annotations) == (12, 12, 24)
    assert [(one.kind, one.name, one.version, one.n_answers) for one in certificate.who] == [
        ("person", "p-7f3a", None, 12),
        ("model", "keywords", "1", 9),
    ]
    assert certificate.signed_by == KEY.key_id
    assert certificate.log.origin == "vault.example/acme"
    assert certificate.log.size == 120
    on_disk = msgspec.json.decode((tmp_path / "v1" / "certificate.json").read_bytes())
    assert on_disk == msgspec.json.decode(msgspec.json.encode(certificate))


def test_a_skipped_item_is_not_answered(tmp_path):
    rows = [make_row(0, answers=make_row(0).answers[1:]), make_row(1)]
    certificate = _write(tmp_path, rows).certificate
    assert (certificate.n_items, certificate.n_answered) == (2, 1)


def test_a_release_of_models_says_that_no_person_answered(tmp_path):
    summary = _write(tmp_path, [make_row(1, answers=make_row(1).answers[1:])]).certificate.summary
    assert "1 program gave 1 answer" in summary
    assert "No person answered." in summary


def test_without_an_audit_sample_the_accuracy_is_exactly_not_estimated(tmp_path):
    certificate = make_release(tmp_path).certificate
    assert certificate.accuracy.text == "not estimated: no audit sample"
    assert (certificate.accuracy.estimate, certificate.accuracy.low, certificate.accuracy.n) == (None, None, 0)
    assert "Accuracy: not estimated: no audit sample." in (tmp_path / "v1" / "certificate.md").read_text()


def test_an_estimated_accuracy_comes_with_its_interval_and_sample(tmp_path):
    accuracy = AccuracyEstimate(estimate=0.971, low=0.9512, high=0.983, n=1400)
    certificate = make_release(tmp_path, accuracy=accuracy).certificate
    expected = "97.1% (95% interval 95.1% to 98.3%), estimated from an audit sample of 1,400 items"
    assert certificate.accuracy.text == expected
    assert expected in certificate.summary
    assert (certificate.accuracy.estimate, certificate.accuracy.n) == (0.971, 1400)


@pytest.mark.parametrize(
    "numbers",
    [(0.5, 0.4, 0.6, 0), (0.5, 0.6, 0.7, 9), (0.9, 0.8, 1.1, 9), (float("nan"), 0.1, 0.9, 9), (0.5, -0.1, 0.9, 9)],
)
def test_an_impossible_accuracy_is_refused(numbers):
    estimate, low, high, n = numbers
    with pytest.raises(InputError, match="impossible"):
        AccuracyEstimate(estimate=estimate, low=low, high=high, n=n)


def test_a_measure_that_cannot_be_computed_says_why(tmp_path):
    texts = [one.text for one in make_release(tmp_path).certificate.agreement]
    assert texts == ["0.81 (interval 0.75 to 0.88) from 40 items", "not computed: no overlap"]


def test_both_formats_of_a_sheet_hold_the_same(tmp_path):
    make_release(tmp_path)
    table = pq.read_table(tmp_path / "v1" / "items.parquet").to_pylist()
    lines = [msgspec.json.decode(line) for line in (tmp_path / "v1" / "items.jsonl").read_bytes().splitlines()]
    assert [row["external_id"] for row in table] == [row["external_id"] for row in lines]
    assert [row["text"] for row in table] == [row["payload"]["text"] for row in lines]
    assert [row["label.licence"] for row in table] == [row["consensus"][1]["value"] for row in lines]
    assert [row["confidence.licence"] for row in table] == [row["consensus"][1]["confidence"] for row in lines]


def test_every_row_has_its_hash_in_the_list(tmp_path):
    make_release(tmp_path)
    lines = (tmp_path / "v1" / "items.jsonl").read_bytes().splitlines(keepends=True)
    listed = (tmp_path / "v1" / "rows" / "items.sha256").read_text().splitlines()
    assert [row.split("  ")[0] for row in listed] == [sha256_hex(line) for line in lines]
    assert listed[3].endswith('  "doc-00003"')


def test_the_key_inside_is_the_signers(tmp_path):
    make_release(tmp_path)
    assert VerifyingKey.load(tmp_path / "v1" / "public-key.txt") == KEY.verifying


@pytest.mark.parametrize(
    ("numbers", "reason"),
    [((0, 2, 1), "'doc-00001' comes after 'doc-00002'"), ((0, 1, 1), "'doc-00001' stands .* twice")],
)
def test_unsorted_or_doubled_rows_are_refused_by_name(tmp_path, numbers, reason):
    with pytest.raises(RowError, match=reason):
        _write(tmp_path, [make_row(number) for number in numbers])
    assert _listing(tmp_path) == []


def test_order_is_by_code_point_not_by_language(tmp_path):
    ids = ["B", "a", "z", "ä", "\U0001f600"]
    _write(tmp_path, [make_row(1, external_id=name) for name in ids])
    assert verify_release(tmp_path / "v1", KEY.verifying).is_ok


def _with_confidence(value):
    return make_row(1, consensus=(msgspec.structs.replace(make_row(1).consensus[0], confidence=value),))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (_with_confidence(1.5), "confidence of 1.5"),
        (_with_confidence(float("nan")), "confidence of nan"),
        (make_row(1, consensus=make_row(1).consensus * 2), "two consensus entries"),
        (make_row(1, payload={"text": "half \ud83d"}), "cannot be written"),
        (make_row(1, payload={"n": [{"x": float("inf")}]}), "holds inf"),
        (make_row(1, payload={"n": 1 << 70}), "holds 1180591620717411303424"),
        (make_row(1, payload={"n": object()}), "holds <object"),
        (make_row(1, consensus=(msgspec.structs.replace(make_row(1).consensus[0], n_answers="two"),)), "does not fit"),
    ],
)
def test_a_row_that_cannot_be_stated_is_refused_by_name(tmp_path, row, reason):
    with pytest.raises(RowError, match=reason) as caught:
        _write(tmp_path, [row])
    assert "doc-00001" in str(caught.value)
    assert _listing(tmp_path) == []


@pytest.mark.parametrize("version", ["", ".", "..", "../v1", "a/b", ".v1", "-v", "x" * 65, "v 1", "v1\n"])
def test_a_version_that_leaves_the_folder_is_refused(tmp_path, version):
    with pytest.raises(InputError, match="cannot name a release"):
        _write(tmp_path, [], version=version)
    assert _listing(tmp_path) == []


def test_a_release_is_never_written_over(tmp_path):
    make_release(tmp_path)
    before = (tmp_path / "v1" / "manifest.json").read_bytes()
    with pytest.raises(Conflict, match="exists already"):
        make_release(tmp_path, 3)
    assert (tmp_path / "v1" / "manifest.json").read_bytes() == before
    assert _listing(tmp_path) == ["v1"]


def test_a_checkpoint_of_another_key_is_refused(tmp_path):
    with pytest.raises(InputError, match="checkpoint signed by its own key"):
        write_release(tmp_path, "v1", make_facts(OTHER_KEY), rows=[], annotations=[], key=KEY)
    assert _listing(tmp_path) == []


def test_an_interruption_leaves_nothing(tmp_path):
    def rows():
        yield make_row(1)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _write(tmp_path, rows())
    assert _listing(tmp_path) == []


def test_nothing_is_visible_before_the_release_is_whole(tmp_path):
    def rows():
        for number in range(5):
            assert not (tmp_path / "v1").exists()
            assert [name for name in _listing(tmp_path) if not name.startswith(".")] == []
            yield make_row(number)

    _write(tmp_path, rows())
    assert _listing(tmp_path) == ["v1"]


KILLED = """
import os, signal, sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from release_factories import KEY, make_facts, make_row
from goldsmith.releases.flows import write_release
def rows():
    for number in range(3000):
        yield make_row(number)
    os.kill(os.getpid(), signal.SIGKILL)
write_release(Path(sys.argv[1]), "v1", make_facts(), rows=rows(), annotations=[], key=KEY)
"""


def test_a_killed_writer_leaves_no_release_and_its_remains_are_cleared(tmp_path):
    killed = subprocess.run([sys.executable, "-c", KILLED, tmp_path, Path(__file__).parent], check=False)
    assert killed.returncode == -9
    remains = _listing(tmp_path)
    assert len(remains) == 1
    assert remains[0].endswith(".partial")
    make_release(tmp_path)
    assert _listing(tmp_path) == ["v1"]
    assert verify_release(tmp_path / "v1", KEY.verifying).is_ok


def test_a_writer_at_work_is_not_taken_for_remains(tmp_path):
    def rows():
        yield make_row(1)
        make_release(tmp_path)

    with pytest.raises(Conflict, match="in the meantime"):
        _write(tmp_path, rows())
    assert _listing(tmp_path) == ["v1"]
    assert verify_release(tmp_path / "v1", KEY.verifying).n_items == 12


FULL = """
import resource, sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from release_factories import make_release
from goldsmith.errors import StorageError
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]),) * 2)
try:
    make_release(Path(sys.argv[1]), 2000)
except StorageError as error:
    print(error)
"""


@pytest.mark.parametrize("limit", [0, 300, 5_000, 200_000, 1_000_000])
def test_a_disk_that_refuses_leaves_nothing_and_says_so(tmp_path, limit):
    command = [sys.executable, "-c", FULL, tmp_path, Path(__file__).parent, str(limit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "could not be written" in done.stdout, done.stderr
    assert "Make room" in done.stdout
    assert _listing(tmp_path) == []


GROWING = """
import resource, sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from release_factories import make_release
make_release(Path(sys.argv[1]), 5_000, version="small")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
make_release(Path(sys.argv[1]), 20_000, version="large")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / before)
"""


def test_memory_does_not_grow_with_the_rows(tmp_path):
    """Four times the rows in a process of its own, after a smaller release has loaded everything."""
    command = [sys.executable, "-c", GROWING, tmp_path, Path(__file__).parent]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert float(done.stdout) < 1.15


def test_big_rows_are_cut_into_several_row_groups(tmp_path):
    big = "x" * (6 << 20)
    _write(tmp_path, (make_row(number, payload={"text": big}) for number in range(7)))
    metadata = pq.read_metadata(tmp_path / "v1" / "items.parquet")
    assert [metadata.row_group(place).num_rows for place in range(metadata.num_row_groups)] == [3, 3, 1]


def test_the_model_imports_nothing_heavy():
    """The server's main process imports it, the diffs, the documents and the verifier."""
    code = (
        "import sys, goldsmith.releases.model, goldsmith.releases.diffs, goldsmith.releases.documents\n"
        "import goldsmith.releases.certificates, goldsmith.trust.verifier, goldsmith.releases.exporters.csv\n"
        "print(sorted({'pyarrow', 'polars', 'numpy', 'numba', 'sqlalchemy'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout == "[]\n"
